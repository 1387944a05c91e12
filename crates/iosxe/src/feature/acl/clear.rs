//! `clear access-list counters`, `clear ip access-list counters`, `clear ipv6 access-list`.

use cli::{Args, Kind, No, Token, kw, one_of, opt, param};

use super::show;
use crate::command::{Command, Handler, Mode, Reply};
use crate::session::Session;
use crate::turn::Turn;

const CLEAR: Token = kw("clear", "Reset functions");
const COUNTERS: Token = kw("counters", "Clear access list counters");
const NAME: Token = opt(&[one_of(&[
    &[param("number", Kind::Integer { min: 1, max: 2699 }, "Access list number")],
    &[param("name", Kind::Word, "Access list name")],
])]);

/// The commands of this file.
pub(crate) const COMMANDS: &[Command] = &[
    clear(
        &[CLEAR, kw("access-list", "Clear access list statistical information"), COUNTERS, NAME],
        v4,
    ),
    clear(&[CLEAR, kw("ip", "IP"), kw("access-list", "Clear access list"), COUNTERS, NAME], v4),
    clear(
        &[
            CLEAR,
            kw("ipv6", "IPv6"),
            kw("access-list", "Reset IPv6 access list match counters"),
            opt(&[param("name", Kind::Word, "Access list name")]),
        ],
        v6,
    ),
];

const fn clear(syntax: &'static [Token], run: Handler) -> Command {
    Command { modes: &[Mode::Exec], privilege: 15, syntax, no: No::Without, run }
}

fn v4(turn: &mut Turn<'_>, _: &mut Session, args: &Args) -> Reply {
    reset(turn, args, false)
}

fn v6(turn: &mut Turn<'_>, _: &mut Session, args: &Args) -> Reply {
    reset(turn, args, true)
}

fn reset(turn: &mut Turn<'_>, args: &Args, v6: bool) -> Reply {
    let wanted = show::wanted(args);
    let lists = &mut turn.state.access_lists;
    let lists = if v6 { &mut lists.v6 } else { &mut lists.v4 };
    for (name, list) in lists {
        if wanted.as_ref().is_none_or(|wanted| wanted == name) {
            list.entries_mut().for_each(|(_, entry)| entry.matches = 0);
        }
    }
    Reply::Done
}
