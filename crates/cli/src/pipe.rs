//! Output modifiers: `| include`, `exclude`, `begin`, `section`, `count`; and `| redirect`,
//! `append`, `tee`, which come last.
//!
//! Used by whoever runs commands, on the text of one command. A pattern runs to the end of the
//! line, further bars included.

use regex::Regex;

use crate::pattern;
use crate::words::{self, common_prefix};

/// A filter over the text of a command.
#[derive(Clone, Debug)]
pub struct Pipe {
    action: Action,
    pattern: Regex,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Action {
    Begin,
    Count,
    Exclude,
    Include,
    Section,
    SectionExclude,
}

/// Where the text of a command goes instead of the terminal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Target {
    /// The file, as it was typed.
    pub url: String,
    /// Whether it is added to what is in the file.
    pub appends: bool,
    /// Whether it is printed, too.
    pub prints: bool,
}

/// Why what follows a bar is no filter.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PipeError {
    /// No action, or no pattern.
    Incomplete,
    /// No action begins like this.
    Invalid {
        /// The first byte of the line that fits none.
        column: usize,
    },
    /// The pattern is not a regular expression.
    Pattern,
}

/// The words after a bar, and what `?` says about them. No two begin with the same letter.
const ACTIONS: [(&str, &str, Action); 5] = [
    ("begin", "Begin with the line that matches", Action::Begin),
    ("count", "Count number of lines which match regexp", Action::Count),
    ("exclude", "Exclude lines that match", Action::Exclude),
    ("include", "Include lines that match", Action::Include),
    ("section", "Filter a section of output", Action::Section),
];

/// The words that send text to a file, and what `?` says about them.
const TARGETS: [(&str, &str); 3] = [
    ("append", "Append redirected output to URL (URLs supporting append operation only)"),
    ("redirect", "Redirect output to URL"),
    ("tee", "Copy output to URL"),
];

/// The words that may follow a bar, each with its help.
pub(crate) fn words() -> impl Iterator<Item = (&'static str, &'static str)> {
    ACTIONS.iter().map(|(word, help, _)| (*word, *help)).chain(TARGETS)
}

/// Splits `| redirect URL` and its like off the end of a line: where its bar stands, and the file.
pub fn target(line: &str) -> Option<(usize, Target)> {
    let bar = last_bar(line)?;
    let words: Vec<&str> = line[bar + 1..].split_whitespace().collect();
    let (word, rest) = words.split_first()?;
    let word = target_word(word)?;
    let (appends, url) = match rest {
        [url] => (word == "append", url),
        [option, url] if word == "tee" && "/append".starts_with(option) => (true, url),
        _ => return None,
    };
    Some((bar, Target { url: (*url).to_owned(), appends, prints: word == "tee" }))
}

fn target_word(typed: &str) -> Option<&'static str> {
    let typed = typed.to_ascii_lowercase();
    let mut words = TARGETS.iter().map(|(word, _)| *word);
    words.find(|word| !typed.is_empty() && word.starts_with(&typed))
}

/// Where the last bar that a blank precedes stands in `line`, in bytes.
fn last_bar(line: &str) -> Option<usize> {
    let bytes = line.as_bytes();
    (1..bytes.len()).rfind(|&at| bytes[at] == b'|' && words::is_blank(bytes[at - 1]))
}

/// Where the first bar that a blank precedes stands in `line`, in bytes.
pub fn bar(line: &str) -> Option<usize> {
    let bytes = line.as_bytes();
    (1..bytes.len()).find(|&at| bytes[at] == b'|' && words::is_blank(bytes[at - 1]))
}

/// Reads the filter that follows the bar at byte `bar` of `line`.
pub fn parse(line: &str, bar: usize) -> Result<Pipe, PipeError> {
    let (word, start, rest) = first_word(line, bar + 1);
    let (mut action, mut rest) = (action(word, start)?, rest);
    if action == Action::Section
        && let (next, _, after) = first_word(line, rest)
        && let Some(inverted) = section_word(next, &line[after..])
    {
        (action, rest) = (inverted, after);
    }
    let text = line[rest..].trim();
    if text.is_empty() {
        return Err(PipeError::Incomplete);
    }
    let pattern = pattern::compile(text).map_err(|_| PipeError::Pattern)?;
    Ok(Pipe { action, pattern })
}

/// `section include X` and `section exclude X`; a pattern that merely looks like one of the words
/// stands alone.
fn section_word(word: &str, after: &str) -> Option<Action> {
    let means =
        |whole: &str| word.len() >= 2 && whole.starts_with(word) && !after.trim().is_empty();
    match word {
        _ if means("exclude") => Some(Action::SectionExclude),
        _ if means("include") => Some(Action::Section),
        _ => None,
    }
}

fn action(word: &str, start: usize) -> Result<Action, PipeError> {
    let typed = word.to_ascii_lowercase();
    if typed.is_empty() || target_word(&typed).is_some() {
        return Err(PipeError::Incomplete);
    }
    let found = ACTIONS.iter().find(|(name, ..)| name.starts_with(&typed));
    let matched = || ACTIONS.iter().map(|(name, ..)| common_prefix(name, &typed)).max();
    found
        .map(|(_, _, action)| *action)
        .ok_or_else(|| PipeError::Invalid { column: start + matched().unwrap_or(0) })
}

/// The first word at or after byte `from`: its text, its start, its end.
fn first_word(line: &str, from: usize) -> (&str, usize, usize) {
    let start = line[from..].find(|c| c != ' ' && c != '\t').map_or(line.len(), |at| from + at);
    let end = line[start..].find([' ', '\t']).map_or(line.len(), |length| start + length);
    (&line[start..end], start, end)
}

impl Pipe {
    /// What the filter leaves of `text`, each line with its newline.
    pub fn apply(&self, text: &str) -> String {
        match self.action {
            Action::Begin => {
                let lines = text.lines().skip_while(|line| !self.pattern.is_match(line));
                joined(lines)
            }
            Action::Count => {
                let count = text.lines().filter(|line| self.pattern.is_match(line)).count();
                format!("Number of lines which match regexp = {count}\n")
            }
            Action::Exclude => joined(text.lines().filter(|line| !self.pattern.is_match(line))),
            Action::Include => joined(text.lines().filter(|line| self.pattern.is_match(line))),
            Action::Section => self.sections(text, true),
            Action::SectionExclude => self.sections(text, false),
        }
    }

    /// The lines of matching sections, or the others. A section is a line that matches and the
    /// lines below it that are indented deeper.
    fn sections(&self, text: &str, wanted: bool) -> String {
        let mut section: Option<usize> = None;
        joined(text.lines().filter(|line| {
            let indent = line.len() - line.trim_start_matches(' ').len();
            if section.is_none_or(|top| indent <= top) {
                section = self.pattern.is_match(line).then_some(indent);
            }
            section.is_some() == wanted
        }))
    }
}

fn joined<'a>(lines: impl Iterator<Item = &'a str>) -> String {
    lines.flat_map(|line| [line, "\n"]).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const CONFIG: &str = "hostname R1\n!\ninterface Loopback0\n ip address 10.0.0.1\n!\n\
        interface Gi1\n shutdown\n!\nline vty 0 4\n login local\n";

    fn check(line: &str, want: Result<&str, PipeError>) {
        let bar = bar(line).expect("every line of the table has a bar");
        let got = parse(line, bar).map(|pipe| pipe.apply(CONFIG));
        assert_eq!(got.as_deref().map_err(|problem| *problem), want, "{line}");
    }

    /// Goal: the file that text goes to is found behind a filter, and only at the end. Method: a
    /// table.
    #[test]
    fn targets() {
        let check = |line: &str, want: Option<(&str, &str, bool, bool)>| {
            let got = target(line);
            let got = got.as_ref().map(|(bar, target)| {
                (line[..*bar].trim_end(), target.url.as_str(), target.appends, target.prints)
            });
            assert_eq!(got, want, "{line}");
        };
        check("show clock | append flash:x", Some(("show clock", "flash:x", true, false)));
        check("show clock |red flash:/x", Some(("show clock", "flash:/x", false, false)));
        check("show log | i a b | tee x", Some(("show log | i a b", "x", false, true)));
        check("show log | tee /append x", Some(("show log", "x", true, true)));
        check("show log | include append x", None);
        check("show log | append", None);
        check("show log | append a b", None);
    }

    /// Goal: each filter leaves what IOS prints. Method: a table over one configuration.
    #[test]
    fn pipes_filter() {
        check("show run | include ^hostname", Ok("hostname R1\n"));
        check("show run |i ^host|login local", Ok("hostname R1\n login local\n"));
        check("show run | exclude ^[ !i]", Ok("hostname R1\nline vty 0 4\n"));
        check("show run | begin ^line", Ok("line vty 0 4\n login local\n"));
        check("show run | count interface", Ok("Number of lines which match regexp = 2\n"));
        check("sh run | sec Gi1", Ok("interface Gi1\n shutdown\n"));
        check("sh run | section ^line|^host", Ok("hostname R1\nline vty 0 4\n login local\n"));
        check("sh run | section address", Ok(" ip address 10.0.0.1\n"));
        check(
            "sh run | section exclude ^interface",
            Ok("hostname R1\n!\n!\n!\nline vty 0 4\n login local\n"),
        );
        check("sh run | include nothing", Ok(""));
        check("sh run |", Err(PipeError::Incomplete));
        check("sh run | include  ", Err(PipeError::Incomplete));
        check("sh run | incluxe x", Err(PipeError::Invalid { column: 14 }));
        check("sh run | include (", Err(PipeError::Pattern));
    }
}
