//! `alias`: short words for long commands, those that every router has and those of the
//! configuration, which keeps their lines (`data/inert.txt`).
//!
//! Asked by `exec` for every line that is typed, before the parser reads it.

use crate::command::Mode;
use crate::device::State;

/// The short forms of EXEC that every router has.
pub(crate) const BUILT_IN: [(&str, &str); 8] = [
    ("h", "help"),
    ("lo", "logout"),
    ("p", "ping"),
    ("r", "resume"),
    ("s", "show"),
    ("u", "undebug"),
    ("un", "undebug"),
    ("w", "where"),
];

/// The modes that have aliases, and the words in front of those of the configuration.
const MODES: [(Mode, &str); 4] = [
    (Mode::Exec, "alias exec"),
    (Mode::Config, "alias configure"),
    (Mode::Interface, "alias interface"),
    (Mode::Line, "alias line"),
];

/// A line with its first word written out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Expanded {
    /// The line.
    pub(crate) line: String,
    /// How many bytes of the typed line the command stands for.
    typed: usize,
    /// How many bytes the command is.
    written: usize,
}

impl Expanded {
    /// The byte of the typed line that a byte of this line stands for.
    pub(crate) fn column(&self, column: usize) -> usize {
        if column < self.written { 0 } else { column - self.written + self.typed }
    }
}

/// The line with an alias written out; none if its first word is no alias in this mode.
pub(crate) fn expand(state: &State, mode: Mode, line: &str) -> Option<Expanded> {
    let (_, word) = MODES.iter().find(|(of, _)| *of == mode)?;
    let typed = line.trim_start();
    let length = typed.find(' ').unwrap_or(typed.len());
    let (short, rest) = typed.split_at(length);
    let configured = state.inert.lines(word).find_map(|alias| {
        let (name, command) = alias.split_once(' ')?;
        (name == short).then_some(command)
    });
    let built_in = || {
        let known = BUILT_IN.iter().filter(|_| mode == Mode::Exec);
        known.into_iter().find(|(name, _)| *name == short).map(|(_, command)| *command)
    };
    // Alone, `s` could be any command that begins with it: `show` says nothing by itself.
    let built_in = || built_in().filter(|&command| command != "show" || !rest.trim().is_empty());
    let command = configured.or_else(built_in)?;
    let typed = line.len() - rest.len();
    Some(Expanded { line: format!("{command}{rest}"), typed, written: command.len() })
}
