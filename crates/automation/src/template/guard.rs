//! What may be sent to a device as a `show` command: one line that only reads.
//!
//! Asked when a rule is loaded, as far as its text is fixed, and again about every line before it
//! becomes part of a job: the second answer is the one that counts.

/// The longest line that IOS takes, in bytes.
pub(crate) const LINE_BYTES_MAX: usize = 254;

/// The commands that read and change nothing, in full: an abbreviation could grow a second meaning.
const READING: [&str; 5] = ["show", "dir", "ping", "traceroute", "more"];
/// The pipes that only choose lines.
const CHOOSING: [&str; 5] = ["include", "exclude", "begin", "section", "count"];
/// The pipes that write to a file or a server.
const WRITING: [&str; 4] = ["redirect", "tee", "append", "format"];

/// Why a line is not sent.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum Refusal {
    #[error("the command is empty")]
    Empty,
    #[error("the command is longer than {LINE_BYTES_MAX} bytes")]
    TooLong,
    #[error("the command has a control character, a `?` or a letter beyond ASCII")]
    Character,
    #[error("`{0}` is no command that only reads: show, dir, ping, traceroute or more")]
    Writes(String),
    #[error("a configuration line has no `|`")]
    ConfigurationPipe,
    #[error("`{0}` would leave the configuration mode, or hide which device is configured")]
    Leaves(String),
    #[error("of the pipes only include, exclude, begin, section and count are allowed")]
    Pipe,
}

/// What is never sent as a configuration line, each with its shortest abbreviation: `do` runs
/// commands of EXEC; a device that is renamed can no longer be told from another. A shorter one is
/// ambiguous, which the device says itself.
const LEAVING: [(&str, usize); 4] = [("do", 2), ("do-exec", 3), ("hostname", 2), ("prompt", 4)];

/// Whether `line` is one configuration line that stays where it is. The rule may say `exit`
/// anywhere, and `end` last: the listener sends one itself.
pub(crate) fn configures(line: &str, is_last: bool) -> Result<(), Refusal> {
    one_line(line)?;
    if line.contains('|') {
        return Err(Refusal::ConfigurationPipe);
    }
    let negates = |word: &&str| ["no", "default"].iter().any(|n| word.eq_ignore_ascii_case(n));
    let mut words = line.split(' ').filter(|word| !word.is_empty()).skip_while(negates);
    let word = words.next().ok_or(Refusal::Empty)?.to_ascii_lowercase();
    let leaves = |(denied, shortest): &(&str, usize)| {
        word.len() >= *shortest && denied.starts_with(word.as_str())
    };
    let ends = ["en", "end"].contains(&word.as_str()) && !(is_last && word == "end");
    if ends || LEAVING.iter().any(leaves) { Err(Refusal::Leaves(word)) } else { Ok(()) }
}

/// Whether `line` is one command that only reads.
pub(crate) fn reads_only(line: &str) -> Result<(), Refusal> {
    one_line(line)?;
    let mut segments = line.split('|');
    let command = segments.next().unwrap_or_default();
    let verb = command.split(' ').find(|word| !word.is_empty()).ok_or(Refusal::Empty)?;
    if !READING.iter().any(|known| verb.eq_ignore_ascii_case(known)) {
        return Err(Refusal::Writes(verb.to_owned()));
    }
    let first = segments.next();
    // Behind the first pipe a `|` is a choice within its pattern, but newer releases chain pipes.
    let harmless = first.is_none_or(|pipe| abbreviates(pipe, &CHOOSING));
    if harmless && !first.into_iter().chain(segments).any(|pipe| abbreviates(pipe, &WRITING)) {
        Ok(())
    } else {
        Err(Refusal::Pipe)
    }
}

/// Whether a device takes `line` as one line, as it is.
fn one_line(line: &str) -> Result<(), Refusal> {
    if line.len() > LINE_BYTES_MAX {
        return Err(Refusal::TooLong);
    }
    // `?` asks for help in the middle of a line, and a newline would begin a second command.
    if line.bytes().any(|b| !(b' '..=b'~').contains(&b) || b == b'?') {
        return Err(Refusal::Character);
    }
    Ok(())
}

fn abbreviates(segment: &str, words: &[&str]) -> bool {
    let word = segment.trim_start().split(' ').next().unwrap_or_default().to_ascii_lowercase();
    !word.is_empty() && words.iter().any(|known| known.starts_with(&word))
}
