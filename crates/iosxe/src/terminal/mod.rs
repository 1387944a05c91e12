//! Terminals: bytes of clients as lines of sessions, and what sessions print as bytes.
//!
//! Called by the device for every input about a session, and at the end of every turn. It decides
//! no command: that is [`crate::exec`]'s.

mod access;
mod console;
mod copy;
mod deliver;
mod hold;
mod screen;
mod shell;

pub(crate) use access::{client, cut, cut_all, gone, guess, idle, login, open, overstayed};
pub(crate) use console::visit;
pub(crate) use deliver::{flush, monitor};
pub(crate) use shell::typed;

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::net::IpAddr;

use cli::{Editor, HISTORY_LINES_MAX, Keys, LINE_BYTES_MAX, Pager};
use eem::RunId;

use crate::command::Place;
use crate::feature::ssh::scp;
use crate::feature::tcl::COMMAND_BYTES_MAX;
use crate::io::SessionId;
use crate::session::{Caller, Seat, Session};
use console::Visit;

/// How many bytes a client may type ahead of a command that goes on; more are dropped. A pasted
/// configuration of a thousand lines fits.
const TYPED_AHEAD_BYTES_MAX: usize = 64 * 1024;

/// The terminals of a router, and what waits for the end of the turn.
#[derive(Debug, Default)]
pub(crate) struct Terminals {
    /// Logged in, no shell yet.
    admitted: BTreeMap<SessionId, Admitted>,
    /// With a shell or a command.
    open: BTreeMap<SessionId, Terminal>,
    /// Steps of a scenario at the console that wait.
    visits: BTreeMap<Seat, Visit>,
    /// The number of the last visit.
    last_visit: u64,
    /// After `terminal monitor`.
    monitors: BTreeMap<SessionId, Monitor>,
    /// What was printed for terminals and callers during this turn, in order.
    queue: VecDeque<Delivery>,
}

/// A terminal that monitors.
#[derive(Clone, Copy, Debug)]
struct Monitor {
    vty: u32,
    /// How many messages it has had.
    messages: u64,
}

/// A client that has logged in.
#[derive(Clone, Debug)]
struct Admitted {
    user: String,
    privilege: u8,
    peer: IpAddr,
    vty: u32,
}

/// One client's terminal.
#[derive(Debug)]
struct Terminal {
    session: Session,
    keys: Keys,
    editor: Editor,
    stage: Stage,
    /// What applets hold, while it is held.
    held: Option<Press>,
    /// What was typed while a command goes on; empty otherwise.
    ahead: VecDeque<u8>,
    /// Log lines that wait for the end of an output (`logging synchronous`).
    notices: VecDeque<String>,
    /// Log lines that found no room to wait.
    notices_lost: u32,
    /// Whether the cursor stands where a line begins.
    at_line_start: bool,
    /// For a client that asked for one command: whether the command was refused.
    once: Option<bool>,
}

/// What a terminal is doing.
#[derive(Debug)]
enum Stage {
    /// A command is being typed.
    Command,
    /// An answer is being typed, or one key of it is enough.
    Answer {
        /// The question, to print it again.
        question: String,
        /// Whether it ends in `[confirm]`.
        one_key: bool,
    },
    /// Output waits below a page.
    Paging {
        /// What is not shown yet.
        pager: Pager,
        /// Whether it is help about the line that is being typed.
        about_line: bool,
    },
    /// A command goes on, or applets hold one.
    Pending,
    /// The same, and a run of an applet reads a line.
    Reading(Reading),
    /// A file is being copied: the bytes are no keys.
    Copying(scp::Copy),
    /// The session is over.
    Closed,
}

/// A key that applets hold, with what it is to do when they let it go.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Press {
    /// This line was entered.
    Line(String),
    /// ^Z, after this line.
    End(String),
    /// `?`
    Help,
    /// TAB
    Complete,
}

/// Runs that read a line each.
#[derive(Debug)]
struct Reading {
    /// The first one has the next line.
    runs: VecDeque<RunId>,
    /// Apart from that of the command line, in which something may stand.
    editor: Editor,
}

/// What a turn has for a session, once nothing else of the turn runs in it.
#[derive(Debug)]
enum Delivery {
    /// A log line for those who monitor, and its severity.
    Notice(String, u8),
    /// A part of the output of a command that goes on.
    Print(Caller, String),
    /// Its end.
    Finish(Caller, String),
    /// What becomes of a line that applets held: whether it is carried out.
    LetGo(Caller, bool),
    /// A run wants a line of whoever waits for it.
    Ask(Caller, RunId),
    /// The line; none if nobody types one.
    Answer(RunId, Option<String>),
}

/// How many bytes of what a client types one session holds at most: two lines in the editor, what
/// is typed ahead, two books of past lines, a command of Tcl, and a text such as a banner.
pub const SESSION_BYTES_MAX: usize = 2 * LINE_BYTES_MAX
    + TYPED_AHEAD_BYTES_MAX
    + 2 * HISTORY_LINES_MAX * LINE_BYTES_MAX
    + COMMAND_BYTES_MAX
    + DRAFT_BYTES_MAX;

/// The longest text that a dialogue gathers.
const DRAFT_BYTES_MAX: usize = 64 * 1024;

impl Terminals {
    /// How many bytes of what its client typed a session holds.
    pub(crate) fn held_bytes(&self, session: SessionId) -> usize {
        let Some(Terminal { session, editor, ahead, .. }) = self.open.get(&session) else {
            return 0;
        };
        let shell = if let Place::Tcl(tcl) = session.place() { Some(tcl) } else { None };
        let tcl = shell.map_or(0, |tcl| tcl.held_bytes());
        let draft = session.draft.len() + tcl;
        editor.held_bytes() + ahead.len() + session.histories.held_bytes() + draft
    }

    /// Everybody who has logged in, in the order of their ids.
    pub(crate) fn sessions(&self) -> Vec<SessionId> {
        let all: BTreeSet<SessionId> =
            self.admitted.keys().chain(self.open.keys()).copied().collect();
        all.into_iter().collect()
    }

    /// `terminal monitor` at this VTY.
    pub(crate) fn monitor_at(&mut self, session: SessionId, vty: u32) {
        self.monitors.entry(session).or_insert(Monitor { vty, messages: 0 });
    }

    /// `terminal no monitor`, and the end of a session.
    pub(crate) fn monitor_no_more(&mut self, session: SessionId) {
        self.monitors.remove(&session);
    }

    /// The VTYs that monitor, and how many messages each has had.
    pub(crate) fn monitoring(&self) -> impl Iterator<Item = (u32, u64)> {
        self.monitors.values().map(|monitor| (monitor.vty, monitor.messages))
    }
}
