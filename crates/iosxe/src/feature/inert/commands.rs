//! The commands that the table makes, and the sections that print what they keep.

use std::sync::LazyLock;

use cli::{Args, Kind, No, Token, kw, opt, param};

use super::table::{self, Entry, Leads, Piece, Place, entries};
use super::{Block, Kept};
use crate::command::{self, Command, Mode, Reply};
use crate::config::{ConfigText, Section, order};
use crate::device::State;
use crate::feature::interface::bundle;
use crate::feature::{absent, session};
use crate::session::Session;
use crate::turn::Turn;

/// Its parts of the running-config.
pub(crate) const SECTIONS: &[Section] = &[
    section::<{ order::SERVICE }>(),
    section::<{ order::BOOT }>(),
    section::<{ order::LOGGING_LOCAL }>(),
    section::<{ order::LOGGING_REMOTE }>(),
    section::<{ order::AAA }>(),
    section::<{ order::NAMES }>(),
    section::<{ order::PLATFORM }>(),
    section::<{ order::KEYS }>(),
    section::<{ order::VLAN }>(),
    section::<{ order::DISCOVERY }>(),
    section::<{ order::QUALITY }>(),
    section::<{ order::CRYPTO }>(),
    section::<{ order::CONTROLLER }>(),
    section::<{ order::ROUTER }>(),
    section::<{ order::IP }>(),
    section::<{ order::IP_SERVICES }>(),
    section::<{ order::ACCESS_LISTS }>(),
    section::<{ order::ROUTE_MAPS }>(),
    section::<{ order::SNMP }>(),
    section::<{ order::SERVERS }>(),
    section::<{ order::CONTROL_PLANE }>(),
    section::<{ order::VOICE }>(),
    section::<{ order::SCHEDULER }>(),
    section::<{ order::NTP }>(),
    section::<{ order::PROGRAMMATIC }>(),
];

/// What `?` says of the value of an inert line.
const HELP: &str = "Value";

/// One command for each form of words, with and without `no`; and what every mode has.
static COMMANDS: LazyLock<Vec<Command>> = LazyLock::new(|| {
    let modes: Vec<Mode> = (0..table::mode_count()).map(Mode::Kept).collect();
    let mut commands: Vec<Command> = entries()
        .iter()
        .enumerate()
        .filter(|(index, entry)| is_first(*index, entry))
        .map(|(_, entry)| command(entry))
        .collect();
    commands.extend(session::place::everywhere(Vec::leak(modes)));
    commands
});

/// Whether no entry above has the same words in the same mode. A negative form without the value
/// that the positive one has is a form of that one.
fn is_first(index: usize, entry: &Entry) -> bool {
    let together = |other: &Entry| {
        is_global(other) == is_global(entry) && (is_global(entry) || other.place == entry.place)
    };
    let longer = |other: &Entry| {
        entry.negative
            && !other.negative
            && other.pieces.len() > entry.pieces.len()
            && other.pieces.starts_with(&entry.pieces)
    };
    let same = |other: &Entry| together(other) && other.pieces == entry.pieces;
    !entries()[..index].iter().any(same)
        && !entries().iter().any(|other| together(other) && longer(other))
}

fn is_global(entry: &Entry) -> bool {
    matches!(entry.place, Place::Global(_))
}

/// Where such a line is seen; none if it is no line of the table.
pub(crate) fn seen(command: &Command, args: &Args) -> Option<&'static str> {
    let is_kept = commands().any(|kept| std::ptr::eq(kept, command));
    let entry = || {
        let words = positive(args);
        let fitting = table::candidates(words).into_iter().map(|(entry, _)| entry);
        fitting.filter(|entry| entry.fits(words)).max_by_key(|entry| entry.fixed())
    };
    is_kept.then(|| entry().map_or("", |entry| entry.seen))
}

/// The commands of the table, built once for all routers.
pub(crate) fn commands() -> impl Iterator<Item = &'static Command> {
    COMMANDS.iter()
}

fn command(entry: &Entry) -> Command {
    let value = |kind| param("value", kind, HELP);
    let number = Kind::Integer { min: 0, max: u32::MAX.into() };
    let first = entry.pieces.first();
    let token = |piece: &Piece| match *piece {
        Piece::Fixed(word) => kw(lower(word), help(word, entry.place, Some(piece) == first)),
        Piece::Value => value(Kind::Word),
        Piece::Number => value(number),
        Piece::Text | Piece::Line => value(Kind::Line),
        Piece::Optional => opt(Vec::leak(vec![value(Kind::Line)])),
    };
    let mode = match entry.place {
        Place::Global(_) => Mode::Config,
        Place::Interface => Mode::Interface,
        Place::Line => Mode::Line,
        Place::Router(kind) => Mode::Router(kind),
        Place::Vrf => Mode::Vrf,
        Place::VrfFamily => Mode::VrfFamily,
        Place::Mode(mode) => Mode::Kept(mode),
    };
    // The declarations of the parser are static, and these live as long as the program.
    let syntax = Vec::leak(entry.pieces.iter().map(token).collect::<Vec<Token>>());
    let no = if entry.leads == Leads::Out { No::Without } else { No::Allowed };
    Command { modes: Vec::leak(vec![mode]), privilege: 15, syntax, no, run }
}

/// What `?` says of a word: IOS's own text where another command has it, else one of its kind.
fn help(word: &str, place: Place, is_first: bool) -> &'static str {
    let known = absent::help(&word.to_ascii_lowercase());
    if !known.is_empty() {
        return known;
    }
    let kind = match place {
        Place::Interface => "interface subcommands",
        Place::Line => "line subcommands",
        Place::Vrf | Place::VrfFamily => "VRF subcommands",
        Place::Global(_) | Place::Router(_) | Place::Mode(_) => "configuration commands",
    };
    let kind = if is_first { kind } else { "parameters" };
    // The declarations of the parser are static, and these live as long as the program.
    Box::leak(format!("{} {kind}", word.to_ascii_uppercase()).into_boxed_str())
}

/// A keyword of the parser is in lower case, however it is printed.
fn lower(word: &'static str) -> &'static str {
    if word.chars().any(|c| c.is_ascii_uppercase()) {
        return Box::leak(word.to_ascii_lowercase().into_boxed_str());
    }
    word
}

const fn section<const ORDER: u16>() -> Section {
    Section { order: ORDER, print: print::<ORDER> }
}

fn print<const ORDER: u16>(state: &State, text: &mut ConfigText) {
    state.inert.print(Place::Global(ORDER), text);
}

fn run(turn: &mut Turn<'_>, session: &mut Session, args: &Args) -> Reply {
    if let command::Place::Line { kind, first, last } = *session.place() {
        for kept in turn.state.lines.inert_mut(kind, first..=last) {
            if kept.is_full() && !args.is_no() && !args.is_default() {
                return Reply::Refused("% Configuration buffer full\n".into());
            }
            keep(kept, session.place(), args);
        }
        return Reply::Done;
    }
    let Some(kept) = kept_mut(turn.state, session) else { return Reply::Invalid { column: 0 } };
    if kept.is_full() && !args.is_no() && !args.is_default() {
        return Reply::Refused("% Configuration buffer full\n".into());
    }
    let (leads, block) = keep(kept, session.place(), args);
    let of_ports = matches!(session.place(), command::Place::Interface(_));
    if of_ports || positive(args).starts_with("vlan ") {
        bundle::review(turn);
    }
    match (leads, block) {
        (Leads::Nowhere, _) => Reply::Done,
        (Leads::Into(mode), block) => {
            let (entry, line) = block;
            Reply::Enter(command::Place::Kept(Block { mode, entry, line }))
        }
        (Leads::Out, _) => {
            session.leave_to(session.places().len() - 1);
            Reply::Done
        }
    }
}

/// The lines of the place where the session stands; none if that is gone meanwhile.
fn kept_mut<'a>(state: &'a mut State, session: &Session) -> Option<&'a mut Kept> {
    let mut kept = if let command::Place::Interface(name) = session.place() {
        state.interfaces.inert_mut(name)?
    } else if let Some(path) = session.places().iter().rev().find_map(command::Place::router) {
        state.routers.kept_mut(path)?
    } else if let command::Place::Vrf(name) = session.place() {
        state.vrfs.inert_mut(name, None)?
    } else if let command::Place::VrfFamily(name, afi) = session.place() {
        state.vrfs.inert_mut(name, Some(*afi))?
    } else {
        &mut state.inert
    };
    for place in session.places() {
        if let command::Place::Kept(block) = place {
            kept = kept.body_mut(block)?;
        }
    }
    Some(kept)
}

/// Keeps the line in the form in which the table lists it; the other form of it goes. Where the
/// line leads, and what was kept.
fn keep(kept: &mut Kept, place: &command::Place, args: &Args) -> (Leads, (u16, String)) {
    let words = positive(args);
    let mut leads = (Leads::Nowhere, (0, String::new()));
    if args.is_no() || args.is_default() {
        kept.forget(words);
    }
    let about = table::candidates(words);
    for negative in [false, true] {
        let here = about.iter().copied().filter(|(entry, _)| {
            entry.negative == negative && stands(entry, place) && entry.fits(words)
        });
        let Some((entry, index)) = here.max_by_key(|(entry, _)| entry.fixed()) else { continue };
        let added = entry.negative == args.is_no() && !args.is_default();
        let line = entry.line(words);
        if !added || !matches!(entry.leads, Leads::Into(_)) {
            kept.remove(index, &entry.replaced(words));
        }
        if added {
            kept.add(index, line.clone());
            leads = (entry.leads, (index, line));
        }
    }
    leads
}

/// Whether lines of the entry are typed in this place.
fn stands(entry: &Entry, place: &command::Place) -> bool {
    if let command::Place::Kept(block) = place {
        return entry.place == Place::Mode(block.mode);
    }
    match entry.place {
        Place::Interface => matches!(place, command::Place::Interface(_)),
        Place::Line => matches!(place, command::Place::Line { .. }),
        Place::Router(kind) => place.mode() == Mode::Router(kind),
        Place::Vrf => matches!(place, command::Place::Vrf(_)),
        Place::VrfFamily => matches!(place, command::Place::VrfFamily(..)),
        Place::Mode(_) => false,
        Place::Global(_) => !matches!(
            place,
            command::Place::Interface(_)
                | command::Place::Line { .. }
                | command::Place::Router(_)
                | command::Place::Vrf(_)
                | command::Place::VrfFamily(..)
        ),
    }
}

/// The line in whole words, without `no` or `default`.
fn positive(args: &Args) -> &str {
    let line = args.expanded();
    let bare = line.strip_prefix("no ").filter(|_| args.is_no());
    bare.or_else(|| line.strip_prefix("default ").filter(|_| args.is_default())).unwrap_or(line)
}
