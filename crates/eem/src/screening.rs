//! A line that somebody types at a terminal, and what the cli applets make of it.
//!
//! Its host offers each to [`crate::Director::command`] before it carries the line out. Lines of
//! applets' own sessions and of a startup-config are not offered: they raise no event.

use simtime::Duration;

use crate::{Published, RunId};

/// A line at the press of a key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Typed<'a> {
    /// Which key.
    pub key: Key,
    /// The line as it stands, command or not.
    pub line: &'a str,
    /// The command with its keywords whole, once it was entered and parses.
    pub command: Result<&'a str, ParseError>,
    /// The mode that it is for: `exec`, `configure`, `interface`.
    pub mode: &'a str,
    /// Who types it; empty without a login.
    pub user: &'a str,
    /// From where: an address, or `console`.
    pub host: &'a str,
    /// The privilege level, 0 to 15.
    pub privilege: u8,
    /// The number of the line: 0 for the console, 2 for the first VTY.
    pub tty: u32,
}

/// The keys at which a line is looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Key {
    /// The line is entered.
    Enter,
    /// Completion is asked for.
    Tab,
    /// Help is asked for.
    QuestionMark,
}

/// Why a line is no command.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ParseError {
    /// Two keywords begin with one of its words.
    Ambiguous,
    /// A word is missing.
    Incomplete,
    /// No command begins so.
    Unknown,
    /// It is not entered yet.
    Unfinished,
}

/// What a matching applet wants to become of the line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Hold {
    /// `sync yes`: it waits for the run, but for no longer than this.
    Wait(Duration),
    /// `sync no skip yes`: it is not carried out.
    Skip,
    /// `sync no skip no`: it is carried out at once.
    Pass,
}

/// What the applets make of a line.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Screening {
    /// The runs that it starts, and what is to be logged.
    pub published: Published,
    /// The runs that the line waits for, and for how long at most. It is carried out if each ends
    /// with `_exit_status` other than 0, or does not end in time.
    pub waits: Vec<(RunId, Duration)>,
    /// Whether the line is not carried out, whatever those runs say.
    pub is_skipped: bool,
}

impl Screening {
    /// The runs that a line starts, with what each wants of it. One `skip no` outweighs any number
    /// of `skip yes` (eem.md, section 2.3); neither outweighs a run that is waited for.
    pub(crate) fn of(published: Published, holds: &[Hold]) -> Self {
        let mut waits = Vec::new();
        for (run, hold) in published.runs.iter().zip(holds) {
            match hold {
                Hold::Wait(limit) => waits.push((*run, *limit)),
                Hold::Skip | Hold::Pass => {}
            }
        }
        let is_skipped = holds.contains(&Hold::Skip) && !holds.contains(&Hold::Pass);
        Screening { published, waits, is_skipped }
    }
}

impl Key {
    /// As `$_cli_key` names it, and as the option of the event does.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Key::Enter => "enter",
            Key::Tab => "tab",
            Key::QuestionMark => "questionmark",
        }
    }
}

impl ParseError {
    /// `$_cli_error_code`; 0 is a command.
    pub(crate) fn code(self) -> u32 {
        match self {
            ParseError::Ambiguous => 1,
            ParseError::Incomplete => 2,
            ParseError::Unfinished => 3,
            ParseError::Unknown => 4,
        }
    }
}
