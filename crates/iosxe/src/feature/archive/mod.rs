//! `archive`: who configured what, line by line, in memory and as messages.
//!
//! `exec` tells it every line of configuration that a session got through; a reload forgets the
//! log. It must never hold more than [`Log::size`] lines, nor the lines of a startup-config.
//!
//! Rows, messages and trailing blanks are as routers print them: a keyword or an interface at the
//! end of a line is followed by one, a value is not.

pub(crate) mod config;
pub(crate) mod confirm;
mod hide;
mod record;
pub(crate) mod replace;
pub(crate) mod show;

pub(crate) use record::{configured, enabled, is_change};

use std::collections::VecDeque;

/// How many lines `logging size` keeps at most.
const LINES_MAX: u16 = 1000;

/// How many lines are kept without `logging size`.
const LINES_DEFAULT: u16 = 100;

/// The archive of one router.
#[derive(Clone, Debug, Default)]
pub(crate) struct Archive {
    kept: Kept,
    log: Log,
    /// A change that waits for `configure confirm`.
    pending: Option<confirm::Pending>,
}

/// Where copies of the configuration go, and those that are there.
#[derive(Clone, Debug, Default)]
struct Kept {
    path: Option<String>,
    maximum: Option<u64>,
    write_memory: bool,
    time_period: Option<u64>,
    copies: VecDeque<String>,
    /// How many there have been.
    copied: u32,
}

/// `log config`: its settings and its lines.
#[derive(Clone, Debug)]
struct Log {
    is_enabled: bool,
    size: u16,
    hides_keys: bool,
    notify: Option<Content>,
    lines: VecDeque<Line>,
    /// The number of the newest line.
    newest: u32,
    /// The number of the newest visit of configuration mode that has a line.
    visits: u32,
}

/// How `notify syslog` words its messages.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Content {
    Plaintext,
    /// Kept as typed; what a router words in XML is not known here, so it says the same.
    Xml,
}

/// One line of the log.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Line {
    index: u32,
    /// The visit of configuration mode; 0 for a line of EXEC.
    visit: u32,
    user: String,
    /// `console`, `vty0`
    line: String,
    /// How deep below global configuration it was typed.
    nested: usize,
    command: String,
}

impl Default for Log {
    fn default() -> Self {
        Log {
            is_enabled: false,
            size: LINES_DEFAULT,
            hides_keys: false,
            notify: None,
            lines: VecDeque::new(),
            newest: 0,
            visits: 0,
        }
    }
}

impl Log {
    /// Whether nothing of it is configured.
    fn is_default(&self) -> bool {
        let Log { is_enabled, size, hides_keys, notify, .. } = self;
        !is_enabled && *size == LINES_DEFAULT && !hides_keys && notify.is_none()
    }

    fn push(&mut self, line: Line) {
        self.lines.push_back(line);
        self.trim();
    }

    /// Forgets the oldest lines that are too many.
    fn trim(&mut self) {
        let surplus = self.lines.len().saturating_sub(self.size.into());
        self.lines.drain(..surplus);
    }

    /// What `no log config` leaves. The numbers of lines go on.
    fn reset(&mut self) {
        let (newest, visits) = (self.newest, self.visits);
        *self = Log { newest, visits, ..Log::default() };
    }

    /// A log that is switched off forgets its lines.
    fn switch(&mut self, on: bool) {
        self.is_enabled = on;
        if !on {
            self.lines.clear();
        }
    }
}
