//! The actions of an applet: one file each, and one line in [`ACTIONS`].

mod cli;
mod comment;
mod condition;
mod exit;
mod http;
mod info;
mod puts;
mod regexp;
mod set;
mod syslog;
mod wait;

pub(crate) use set::parse as parse_set;

use std::fmt;
use std::sync::Arc;

use simtime::Duration;

use crate::interpreter::{Failure, Frame};
use crate::problem::Problem;
use crate::reader::Reader;
use crate::{Answer, Dialect, Request};

/// One kind of action: what the parser, `?` and the interpreter need to know.
#[derive(Debug)]
pub struct Entry {
    /// The keyword after the label.
    pub name: &'static str,
    /// What `?` says about it.
    pub help: &'static str,
    /// Which routers have it.
    pub dialect: Dialect,
    pub(crate) role: Role,
    pub(crate) parse: Parse,
}

/// Reads what follows an action's keyword, to the end of the line.
type Parse = fn(&mut Reader<'_>) -> Result<Arc<dyn Action>, Problem>;

/// What an action does to the order of statements.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Role {
    /// Nothing.
    Plain,
    /// Opens a block that runs when its condition holds.
    If,
    /// Runs when no arm before it did, and its condition holds.
    ElseIf,
    /// Runs when no arm before it did.
    Else,
    /// Closes a block.
    End,
}

/// One action of one applet. `Display` is its form in the running-config, name included.
pub(crate) trait Action: fmt::Debug + fmt::Display + Send + Sync {
    /// Carries it out.
    fn step(&self, frame: &mut Frame<'_>) -> Result<Next, Failure>;

    /// Takes an answer to what [`Next::Ask`] asked.
    fn answered(&self, frame: &mut Frame<'_>, answer: Answer) -> Result<Next, Failure> {
        let (_, _) = (frame, answer);
        Ok(Next::Advance)
    }
}

/// What a run does after an action.
#[derive(Debug)]
pub(crate) enum Next {
    /// The next statement.
    Advance,
    /// The next statement if true, else the next arm of the block.
    Branch(bool),
    /// This request, which takes no answer; then the next statement.
    Say(Request),
    /// This request; then `answered`.
    Ask(Request),
    /// Nothing until the next answer.
    Listen,
    /// The next statement, after this long.
    Sleep(Duration),
    /// The run is over.
    Exit,
}

/// Every action there is, in the order in which `?` lists them.
pub const ACTIONS: &[Entry] = &[
    entry("cli", "Execute a CLI command", Role::Plain, cli::parse),
    entry("comment", "add comment", Role::Plain, comment::parse),
    entry("else", "else conditional", Role::Else, condition::parse_else),
    entry("elseif", "elseif conditional", Role::ElseIf, condition::parse_elseif),
    entry("end", "end conditional block", Role::End, condition::parse_end),
    entry("exit", "exit from applet run", Role::Plain, exit::parse),
    Entry {
        name: "http",
        help: "Send an HTTP request (course dialect)",
        dialect: Dialect::Course,
        role: Role::Plain,
        parse: http::parse,
    },
    entry("if", "if conditional", Role::If, condition::parse_if),
    entry("info", "Obtain system specific information", Role::Plain, info::parse),
    entry("puts", "print data to active tty", Role::Plain, puts::parse),
    entry("regexp", "regular expression match", Role::Plain, regexp::parse),
    entry("set", "Set a variable", Role::Plain, set::parse),
    entry("syslog", "Log a syslog message", Role::Plain, syslog::parse),
    entry("wait", "Wait for a specified amount of time", Role::Plain, wait::parse),
];

const fn entry(name: &'static str, help: &'static str, role: Role, parse: Parse) -> Entry {
    Entry { name, help, dialect: Dialect::Ios, role, parse }
}

/// The entries that a router of `dialect` has.
pub(crate) fn known(dialect: Dialect) -> impl Iterator<Item = &'static Entry> {
    let has = move |entry: &&Entry| entry.dialect == Dialect::Ios || dialect == Dialect::Course;
    ACTIONS.iter().filter(has)
}
