//! `logging history` and `show logging history`: the last messages, as SNMP shows them
//! (CISCO-SYSLOG-MIB; layout: Cisco's command reference of `show logging history`).

use std::collections::VecDeque;
use std::fmt::Write as _;

use cli::{Args, Kind, No, Token, kw, one_of, param};
use simtime::Duration;

use super::level::{self, LEVELS};
use super::{Logging, Message};
use crate::command::{Command, Handler, Mode, Reply};
use crate::config::{self, ConfigText, order};
use crate::session::Session;
use crate::turn::Turn;

/// `logging history`: warnings, and one of them.
const LEVEL_DEFAULT: u8 = 4;
const SIZE_DEFAULT: usize = 1;

/// The largest table.
const SIZE_MAX: u64 = 500;

/// The table.
#[derive(Clone, Debug)]
pub(super) struct History {
    level: u8,
    size: usize,
    entries: VecDeque<Entry>,
    ignored: u64,
    /// The number of the last entry; those that are gone were flushed.
    last: u64,
}

/// One message.
#[derive(Clone, Debug)]
struct Entry {
    number: u64,
    /// `SYS-5-CONFIG_I`
    name: String,
    text: String,
    uptime: Duration,
}

const LOGGING: Token = kw("logging", "Modify message logging facilities");
const HISTORY: Token = kw("history", "Configure syslog history table");

/// The commands of this file.
pub(crate) const COMMANDS: &[Command] = &[
    command(&[LOGGING, HISTORY, one_of(&[SIZE, &[LEVELS]])], history),
    Command {
        modes: &[Mode::Exec],
        privilege: 1,
        syntax: &[
            kw("show", "Show running system information"),
            kw("logging", "Show the contents of logging buffers"),
            kw("history", "Show the contents of syslog history table"),
        ],
        no: No::Without,
        run: show,
    },
];

const SIZE: &[Token] = &[
    kw("size", "Set history table size"),
    param("size", Kind::Integer { min: 0, max: SIZE_MAX }, "Size"),
];

const fn command(syntax: &'static [Token], run: Handler) -> Command {
    Command { modes: &[Mode::Config], privilege: 15, syntax, no: No::Allowed, run }
}

impl Default for History {
    fn default() -> Self {
        let (level, size, entries) = (LEVEL_DEFAULT, SIZE_DEFAULT, VecDeque::new());
        History { level, size, entries, ignored: 0, last: 0 }
    }
}

impl History {
    /// Takes a message that is severe enough, at the cost of the oldest one.
    pub(super) fn note(&mut self, message: &Message, uptime: Duration) {
        if message.severity > self.level {
            self.ignored += 1;
            return;
        }
        self.last += 1;
        let Message { facility, severity, mnemonic, text, .. } = message;
        let name = format!("{facility}-{severity}-{mnemonic}");
        self.entries.push_back(Entry { number: self.last, name, text: text.clone(), uptime });
        self.trim();
    }

    fn trim(&mut self) {
        let surplus = self.entries.len().saturating_sub(self.size);
        self.entries.drain(..surplus);
    }

    fn table(&self, notifies: bool) -> String {
        let History { level, size, entries, ignored, last } = self;
        let flushed = last - entries.len() as u64;
        let not = if notifies { "" } else { "not " };
        let mut text = format!(
            "Syslog History Table:{size} maximum table entries,\nsaving level {} or higher\n \
             {ignored} messages ignored, 0 dropped, 0 recursion drops\n \
             {flushed} table entries flushed\n SNMP notifications {not}enabled\n",
            level::name(*level),
        );
        for Entry { number, name, text: said, uptime } in entries {
            let ticks = uptime.as_millis() / 10;
            let _ = writeln!(text, "   entry number {number} : {name}");
            let _ = writeln!(text, "    {said}\n    timestamp: {ticks}");
        }
        text
    }
}

/// Its part of the running-config.
pub(super) fn print(logging: &Logging, text: &mut ConfigText) {
    let History { level, size, .. } = logging.history;
    if size != SIZE_DEFAULT {
        text.line(format_args!("logging history size {size}"));
    }
    if level != LEVEL_DEFAULT {
        text.line(format_args!("logging history {}", level::name(level)));
    }
}

fn history(turn: &mut Turn<'_>, _: &mut Session, args: &Args) -> Reply {
    let history = &mut turn.state.logging.history;
    let reset = args.is_no() || args.is_default();
    // `no logging history` is about the level, and `no logging history size` about the size.
    if args.has("size") {
        let size = args.number("size").and_then(|size| usize::try_from(size).ok());
        history.size = size.filter(|_| !reset).unwrap_or(SIZE_DEFAULT);
        history.trim();
    } else {
        history.level = level::of(args).filter(|_| !reset).unwrap_or(LEVEL_DEFAULT);
    }
    Reply::Done
}

fn show(turn: &mut Turn<'_>, _: &mut Session, _: &Args) -> Reply {
    let snmp = config::lines_at(turn.state, order::SNMP);
    let notifies = snmp.lines().any(|line| line.starts_with("snmp-server enable traps syslog"));
    Reply::Text(turn.state.logging.history.table(notifies))
}
