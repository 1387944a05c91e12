//! The commands that the table makes, and the sections that print what they keep.

use std::sync::LazyLock;

use cli::{Args, Kind, No, Token, kw, param};

use super::Kept;
use super::table::{ENTRIES, Entry, Place, Rest};
use crate::command::{self, Command, Mode, Reply};
use crate::config::{ConfigText, Section, order};
use crate::device::State;
use crate::session::Session;
use crate::turn::Turn;

/// Its parts of the running-config.
pub(crate) const SECTIONS: &[Section] = &[
    section::<{ order::SERVICE }>(),
    section::<{ order::BOOT }>(),
    section::<{ order::AAA }>(),
    section::<{ order::NAMES }>(),
    section::<{ order::PLATFORM }>(),
    section::<{ order::DISCOVERY }>(),
    section::<{ order::IP }>(),
    section::<{ order::IP_SERVICES }>(),
    section::<{ order::SNMP }>(),
    section::<{ order::CONTROL_PLANE }>(),
    section::<{ order::NTP }>(),
    section::<{ order::PROGRAMMATIC }>(),
];

/// What `?` says of every word of an inert line.
const HELP: &str = "Kept in the configuration, without effect";

/// One command for each opening, with and without `no`.
static COMMANDS: LazyLock<Vec<Command>> = LazyLock::new(|| {
    let first = |index: usize, entry: &Entry| {
        let earlier = &ENTRIES[..index];
        !earlier.iter().any(|e| e.place == entry.place && e.opening == entry.opening)
    };
    let firsts = ENTRIES.iter().enumerate().filter(|(index, entry)| first(*index, entry));
    firsts.map(|(_, entry)| command(entry)).collect()
});

/// The commands of the table, built once for all routers.
pub(crate) fn commands() -> impl Iterator<Item = &'static Command> {
    COMMANDS.iter()
}

fn command(entry: &Entry) -> Command {
    let value = |kind| param("value", kind, HELP);
    let mut syntax: Vec<Token> = entry.opening.split(' ').map(|word| kw(word, HELP)).collect();
    // An opening may be listed with its value in one form and bare in the other.
    let same = ENTRIES.iter().filter(|e| e.place == entry.place && e.opening == entry.opening);
    match same.map(|e| e.rest).find(|rest| *rest != Rest::Nothing) {
        None | Some(Rest::Nothing) => {}
        Some(Rest::Value) => syntax.push(value(Kind::Word)),
        Some(Rest::Line) => syntax.push(value(Kind::Line)),
    }
    let modes: &[Mode] = match entry.place {
        Place::Global(_) => &[Mode::Config],
        Place::Interface => &[Mode::Interface],
    };
    // The declarations of the parser are static, and these live as long as the program.
    let syntax = Vec::leak(syntax);
    Command { modes, privilege: 15, syntax, no: No::Allowed, run }
}

const fn section<const ORDER: u16>() -> Section {
    Section { order: ORDER, print: print::<ORDER> }
}

fn print<const ORDER: u16>(state: &State, text: &mut ConfigText) {
    for line in state.inert.at(Place::Global(ORDER)) {
        text.line(line);
    }
}

fn run(turn: &mut Turn<'_>, session: &mut Session, args: &Args) -> Reply {
    let kept = match session.place() {
        command::Place::Interface(name) => turn.state.interfaces.inert_mut(name),
        command::Place::Exec
        | command::Place::Config
        | command::Place::Line { .. }
        | command::Place::Applet(_)
        | command::Place::Archive
        | command::Place::Trigger(_)
        | command::Place::ArchiveLog => Some(&mut turn.state.inert),
    };
    let Some(kept) = kept else { return Reply::Invalid { column: 0 } };
    if kept.is_full() && !args.is_no() && !args.is_default() {
        return Reply::Refused("% Configuration buffer full\n".into());
    }
    keep(kept, in_interface(session), args);
    Reply::Done
}

fn in_interface(session: &Session) -> bool {
    matches!(session.place(), command::Place::Interface(_))
}

/// Keeps the line in the form in which the table lists it; the other form of it goes.
fn keep(kept: &mut Kept, in_interface: bool, args: &Args) {
    let words = positive(args);
    let entries = ENTRIES.iter().zip(0u16..).filter(|(entry, _)| {
        (entry.place == Place::Interface) == in_interface && entry.opens(words)
    });
    for (entry, index) in entries {
        kept.remove(index, &entry.replaced(words));
        if entry.negative == args.is_no() && !args.is_default() {
            kept.add(index, entry.line(words));
        }
    }
}

/// The line in whole words, without `no` or `default`.
fn positive(args: &Args) -> &str {
    let line = args.expanded();
    let bare = line.strip_prefix("no ").filter(|_| args.is_no());
    bare.or_else(|| line.strip_prefix("default ").filter(|_| args.is_default())).unwrap_or(line)
}

impl Entry {
    /// Whether a line of these words is about this entry.
    fn opens(&self, words: &str) -> bool {
        let rest = words.strip_prefix(self.opening);
        rest.is_some_and(|rest| rest.is_empty() || rest.starts_with(' '))
    }

    /// The line that is kept of these words.
    fn line(&self, words: &str) -> String {
        let no = if self.negative { "no " } else { "" };
        match self.rest {
            Rest::Nothing => format!("{no}{}", self.opening),
            Rest::Value | Rest::Line => format!("{no}{words}"),
        }
    }

    /// The beginning of the lines that a line of these words takes away.
    fn replaced(&self, words: &str) -> String {
        let no = if self.negative { "no " } else { "" };
        match self.rest {
            Rest::Nothing | Rest::Value => format!("{no}{}", self.opening),
            Rest::Line => format!("{no}{words}"),
        }
    }
}
