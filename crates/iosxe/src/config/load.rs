//! Reads a startup-config through the parser, line by line, as a boot does.
//!
//! Called by a boot, and by `copy` into the running-config. It accepts nothing that a person at the
//! console could not type.

use crate::command::Place;
use crate::exec::{self, Next};
use crate::session::Session;
use crate::turn::Turn;

/// A line of the startup-config that the router refused.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StartupProblem {
    /// Counted from 1.
    pub line: usize,
    /// How many characters of the line stand before the router's caret, if it showed one.
    pub at: Option<usize>,
    /// The line as it stands in the file.
    pub text: String,
    /// What the router said.
    pub reply: String,
}

/// A line of a file, once the router has read it.
pub(crate) struct Loaded<'a> {
    /// Counted from 1.
    pub(crate) number: usize,
    /// The line.
    pub(crate) line: &'a str,
    /// Whether it is a part of a text that a line above it has opened: a banner.
    pub(crate) continues: bool,
    /// Where the kept line that it is was seen.
    pub(crate) kept: Option<&'static str>,
    /// What the router said, if it refused the line.
    pub(crate) problem: Option<StartupProblem>,
}

/// Runs every line of `text`; gives the refused ones back.
pub(crate) fn load(turn: &mut Turn<'_>, session: &mut Session, text: &str) -> Vec<StartupProblem> {
    let mut problems = Vec::new();
    let last = load_each(turn, session, text, |loaded| problems.extend(loaded.problem));
    problems.extend(last);
    problems
}

/// Runs every line of `text`, and tells what came of each; a text without an end is a problem of
/// the line that opened it.
pub(crate) fn load_each(
    turn: &mut Turn<'_>,
    session: &mut Session,
    text: &str,
    mut tell: impl FnMut(Loaded<'_>),
) -> Option<StartupProblem> {
    let mut open = None;
    for (line, number) in text.lines().zip(1..) {
        if open.is_none() && line.trim() == "end" {
            break;
        }
        if *session.place() == Place::Exec {
            // One `exit` too many: what follows is configuration all the same.
            session.enter(Place::Config);
        }
        let prompt = exec::prompt(turn.state, session).chars().count();
        session.kept = None;
        let executed = exec::execute(turn, session, line);
        let continues = open.is_some();
        open = match executed.next {
            Next::Question { .. } => open.or(Some((number, line))),
            Next::Prompt | Next::Pending | Next::Held | Next::Closed => None,
        };
        let problem = executed.refused.then(|| {
            let at = caret(&executed.text).and_then(|column| column.checked_sub(prompt));
            StartupProblem { at, ..problem(number, line, said(&executed.text)) }
        });
        tell(Loaded { number, line, continues, kept: session.kept, problem });
    }
    open.map(|(number, line)| problem(number, line, "the text has no end".into()))
}

/// Types every line of `text` into the running-config, as `copy FILE running-config` does.
pub(crate) fn merge(turn: &mut Turn<'_>, text: &str) {
    merge_as(turn, Session::memory(), text);
}

/// The same by a reader of one's own, whom the router names when the file is read; what it says of
/// the lines that it refuses.
pub(crate) fn merge_as(turn: &mut Turn<'_>, mut session: Session, text: &str) -> String {
    let problems = load(turn, &mut session, text);
    exec::close(turn, &mut session);
    turn.state.running.unsaved = true;
    problems.iter().map(refusal).collect()
}

/// A refused line with what the router says of it: the caret under the line itself.
fn refusal(problem: &StartupProblem) -> String {
    let StartupProblem { at, text, reply, .. } = problem;
    match at {
        Some(at) => format!("{text}\n{}^\n{reply}\n\n", " ".repeat(*at)),
        None => format!("{text}\n{reply}\n\n"),
    }
}

fn problem(line: usize, text: &str, reply: String) -> StartupProblem {
    StartupProblem { line, at: None, text: text.to_owned(), reply }
}

/// How many characters stand before the caret, those of the prompt included.
fn caret(text: &str) -> Option<usize> {
    text.lines().find_map(|line| line.strip_suffix('^')).map(|blanks| blanks.chars().count())
}

/// What the router said, without the caret, which belongs under a prompt that no file has.
fn said(text: &str) -> String {
    let lines = text.lines().map(str::trim).filter(|line| !line.is_empty() && *line != "^");
    lines.collect::<Vec<_>>().join(" ")
}
