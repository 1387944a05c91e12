//! What may be sent to a device: one line that only reads, or one line of a configuration.
//!
//! Asked when a rule is loaded, as far as its text is fixed, and again about every line before it
//! becomes part of a job: the second answer is the one that counts.

mod arguments;

/// The longest line that IOS takes, in bytes.
pub(crate) const LINE_BYTES_MAX: usize = 254;

/// What follows a command that only reads.
type Arguments = fn(&[&str]) -> Result<(), Refusal>;

/// The commands that read and change nothing, in full: an abbreviation could grow a second meaning.
const READING: [(&str, Arguments); 5] = [
    ("show", arguments::show),
    ("dir", arguments::dir),
    ("ping", arguments::ping),
    ("traceroute", arguments::traceroute),
    ("more", arguments::more),
];
/// The pipes that only choose lines. IOS tells all its pipes apart by their first letters.
const CHOOSING: [&str; 5] = ["include", "exclude", "begin", "section", "count"];
/// The pipes that write to a file or a server.
const WRITING: [&str; 4] = ["redirect", "tee", "append", "format"];

/// What is never sent as a configuration line, each with its shortest abbreviation: `do` runs
/// commands of EXEC; a device that is renamed can no longer be told from another. A shorter one is
/// ambiguous, which the device says itself.
const LEAVING: [(&str, usize); 4] = [("do", 2), ("do-exec", 3), ("hostname", 2), ("prompt", 4)];

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
    #[error("the command has a `{0}`, which a shell could take for its own")]
    Shell(char),
    #[error("`{0}` is on no file system of the device's own, such as `flash:`")]
    Remote(String),
    #[error("`more` shows one named file, such as `flash:config.txt`")]
    NoFile,
    #[error("`{0}` needs an address or a name to go to, and asks for it otherwise")]
    NoTarget(&'static str),
    #[error("`{0}` is no option of `{1}` that may be used, or its value is out of bounds")]
    Option(String, &'static str),
    #[error("of the pipes only one of include, exclude, begin, section and count is allowed")]
    Pipe,
    #[error("a configuration line has no `|`")]
    ConfigurationPipe,
    #[error("`{0}` would leave the configuration mode, or hide which device is configured")]
    Leaves(String),
}

/// Whether `line` is one command that only reads.
pub(crate) fn reads_only(line: &str) -> Result<(), Refusal> {
    one_line(line)?;
    let (command, pipe) = line.split_once('|').map_or((line, None), |(a, b)| (a, Some(b)));
    if let Some(found) = command.chars().find(|c| ";<>&`".contains(*c)) {
        return Err(Refusal::Shell(found));
    }
    let words: Vec<&str> = command.split(' ').filter(|word| !word.is_empty()).collect();
    let (verb, rest) = words.split_first().ok_or(Refusal::Empty)?;
    let known = READING.iter().find(|(known, _)| verb.eq_ignore_ascii_case(known));
    let (_, check) = known.ok_or_else(|| Refusal::Writes((*verb).to_owned()))?;
    arguments::stays_here(rest)?;
    check(rest)?;
    if pipe.is_none_or(chooses) { Ok(()) } else { Err(Refusal::Pipe) }
}

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

/// Whether what follows the first `|` only chooses lines. A later `|` is a choice within the
/// pattern, as in `(UP|DOWN)`; newer releases chain pipes, so one that looks like another pipe is
/// refused.
fn chooses(pipe: &str) -> bool {
    let mut segments = pipe.split('|').peekable();
    let chooses = segments.peek().is_some_and(|first| abbreviates(first, &CHOOSING));
    let spaced = pipe.contains("| ") || pipe.contains(" |");
    chooses && !spaced && !segments.any(|segment| abbreviates(segment, &WRITING))
}

fn abbreviates(segment: &str, words: &[&str]) -> bool {
    let word = segment.trim_start().split(' ').next().unwrap_or_default().to_ascii_lowercase();
    !word.is_empty() && words.iter().any(|known| known.starts_with(&word))
}
