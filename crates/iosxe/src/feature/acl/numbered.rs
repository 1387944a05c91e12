//! `access-list N`: entries of a list that is called by its number, from global configuration.

use cli::{Args, Kind, No, Token, kw, param};

use super::list::ListName;
use super::rule::Family;
use super::{config, grammar};
use crate::command::{Command, Mode, Reply};
use crate::session::Session;
use crate::turn::Turn;

pub(super) const STANDARD: Kind = Kind::Integer { min: 1, max: 99 };
pub(super) const STANDARD_EXPANDED: Kind = Kind::Integer { min: 1300, max: 1999 };
pub(super) const EXTENDED: Kind = Kind::Integer { min: 100, max: 199 };
pub(super) const EXTENDED_EXPANDED: Kind = Kind::Integer { min: 2000, max: 2699 };

/// One command for each range of numbers and each kind of entry.
pub(super) fn commands(extended: Token) -> Vec<Command> {
    let ranges = [
        (STANDARD, "IP standard access list", grammar::STANDARD.to_vec()),
        (STANDARD_EXPANDED, "IP standard access list (expanded range)", grammar::STANDARD.to_vec()),
        (EXTENDED, "IP extended access list", vec![extended]),
        (EXTENDED_EXPANDED, "IP extended access list (expanded range)", vec![extended]),
    ];
    let mut all = Vec::new();
    for (range, help, body) in ranges {
        let first = [kw("access-list", "Add an access list entry"), param("number", range, help)];
        let syntaxes = config::entries(&first, &body, false);
        all.extend(syntaxes.into_iter().map(|syntax| Command {
            modes: &[Mode::Config],
            privilege: 15,
            syntax,
            no: No::Allowed,
            run: access_list,
        }));
    }
    all
}

/// With `no`, the whole list goes, whatever else the line says: so it is on IOS.
fn access_list(turn: &mut Turn<'_>, _: &mut Session, args: &Args) -> Reply {
    let Some(number) = args.number("number").and_then(|number| u32::try_from(number).ok()) else {
        return Reply::Incomplete;
    };
    let name = ListName::Number(number);
    let family = match number {
        100..=199 | 2000..=2699 => Family::Extended,
        _ => Family::Standard,
    };
    if args.is_no() || args.is_default() {
        turn.state.access_lists.remove(family, &name);
        return Reply::Done;
    }
    let words = config::words(args);
    let entry = words.splitn(3, ' ').nth(2).unwrap_or_default();
    config::change(turn, (family, &name), args, entry)
}
