//! The actions of an applet: one file each, and one line in [`ACTIONS`].

mod append;
mod arithmetic;
mod cli;
mod comment;
mod condition;
mod context;
mod counter;
mod error;
mod exit;
mod file;
mod gets;
mod glob;
mod http;
mod info;
mod loops;
mod mail;
mod publish;
mod puts;
mod regexp;
mod set;
mod simple;
mod string;
mod syslog;
mod track;
mod trap;
mod wait;

pub(crate) use set::parse as parse_set;

use std::fmt;
use std::sync::Arc;

use simtime::Duration;

use crate::interpreter::{Failure, Frame, Inside};
use crate::problem::Problem;
use crate::reader::Reader;
use crate::{Answer, Dialect, Label, Request};

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
    /// Opens a block that runs again and again.
    Loop,
    /// Leaves the loop around it; without one, the block around it.
    Break,
    /// Goes on with the next turn of the loop around it.
    Continue,
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

    /// The variables that it sets, or may set; one with `*` stands for all of such names.
    fn sets(&self) -> Vec<&str> {
        Vec::new()
    }

    /// The variables that it reads and that stand there without a `$`.
    fn reads(&self) -> Vec<&str> {
        Vec::new()
    }

    /// How long it waits, if that is known beforehand.
    fn seconds(&self) -> Option<u64> {
        None
    }

    /// Where it jumps to, if it is a conditional jump.
    fn goto(&self) -> Option<&Label> {
        None
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
    /// This, which the director does itself; then the next statement, or `answered`.
    Inside(Inside),
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
    plain("add", "Add", arithmetic::parse_add),
    plain("append", "Append to a variable", append::parse),
    entry("break", "Break out of a conditional loop", Role::Break, loops::parse_break),
    plain("cli", "Execute a CLI command", cli::parse),
    plain("cns-event", "Send a CNS event", simple::parse_cns),
    plain("comment", "add comment", comment::parse),
    plain("context", "Save or retrieve context information", context::parse),
    entry("continue", "Continue to next loop iteration", Role::Continue, loops::parse_continue),
    plain("counter", "Modify a counter value", counter::parse),
    plain("decrement", "Decrement a variable", arithmetic::parse_decrement),
    plain("divide", "Divide", arithmetic::parse_divide),
    entry("else", "else conditional", Role::Else, condition::parse_else),
    entry("elseif", "elseif conditional", Role::ElseIf, condition::parse_elseif),
    entry("end", "end conditional block", Role::End, condition::parse_end),
    plain("exit", "exit from applet run", exit::parse),
    plain("export-to-telemetry", "Export to telemetry", simple::parse_telemetry),
    plain("file", "file operations", file::parse),
    plain("force-switchover", "Force a software switchover", simple::parse_switchover),
    entry("foreach", "foreach loop", Role::Loop, loops::parse_foreach),
    plain("gets", "get line of input from active tty", gets::parse),
    plain("handle-error", "On error action", error::parse),
    plain("help", "Read/Set parser help buffer", simple::parse_help),
    Entry {
        name: "http",
        help: "Send an HTTP request (course dialect)",
        dialect: Dialect::Course,
        role: Role::Plain,
        parse: http::parse,
    },
    entry("if", "if conditional", Role::If, condition::parse_if),
    plain("increment", "Increment a variable", arithmetic::parse_increment),
    plain("info", "Obtain system specific information", info::parse),
    plain("mail", "Send an e-mail", mail::parse),
    plain("multiply", "Multiply", arithmetic::parse_multiply),
    plain("policy", "Run a pre-registered policy", publish::parse_policy),
    plain("publish-event", "Publish an application specific event", publish::parse_publish),
    plain("puts", "print data to active tty", puts::parse),
    plain("regexp", "regular expression match", regexp::parse),
    plain("reload", "Reload system", simple::parse_reload),
    plain("set", "Set a variable", set::parse),
    plain("snmp-object-value", "Specify value for the SNMP get request", simple::parse_object),
    plain("snmp-trap", "Send an SNMP trap", trap::parse),
    plain("string", "string commands", string::parse),
    plain("subtract", "Subtract", arithmetic::parse_subtract),
    plain("syslog", "Log a syslog message", syslog::parse),
    plain("track", "Read/Set a tracking object", track::parse),
    plain("wait", "Wait for a specified amount of time", wait::parse),
    entry("while", "while loop", Role::Loop, loops::parse_while),
];

const fn plain(name: &'static str, help: &'static str, parse: Parse) -> Entry {
    entry(name, help, Role::Plain, parse)
}

const fn entry(name: &'static str, help: &'static str, role: Role, parse: Parse) -> Entry {
    Entry { name, help, dialect: Dialect::Ios, role, parse }
}

/// The entries that a router of `dialect` has.
pub(crate) fn known(dialect: Dialect) -> impl Iterator<Item = &'static Entry> {
    let has = move |entry: &&Entry| entry.dialect == Dialect::Ios || dialect == Dialect::Course;
    ACTIONS.iter().filter(has)
}
