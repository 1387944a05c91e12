//! `clear ip route`, `clear arp-cache`, `clear ip arp`.

use cli::{Args, Kind, No, Token, kw, one_of, opt, param};

use super::table::Table;
use crate::command::{Command, Handler, Mode, Reply};
use crate::session::Session;
use crate::turn::Turn;

const CLEAR: Token = kw("clear", "Reset functions");
const IP: Token = kw("ip", "IP");

/// The commands of this file.
pub(crate) const COMMANDS: &[Command] = &[
    exec(
        &[
            CLEAR,
            IP,
            kw("route", "Delete route table entries"),
            one_of(&[
                &[kw("*", "Delete all routes")],
                &[
                    param("address", Kind::Ipv4, "Destination network route to delete"),
                    opt(&[param("mask", Kind::Ipv4, "Network mask")]),
                ],
                &[
                    kw("vrf", "Clear routes of one table"),
                    param("vrf", Kind::Word, "Its name"),
                    param("rest", Kind::Line, "Destination network route to delete"),
                ],
            ]),
        ],
        clear_route,
    ),
    exec(
        &[
            CLEAR,
            kw("arp-cache", "Clear the entire ARP cache"),
            opt(&[param("rest", Kind::Line, "An address or an interface")]),
        ],
        clear_arp,
    ),
    exec(
        &[
            CLEAR,
            kw("arp", "Clear ARP entries"),
            opt(&[param("rest", Kind::Line, "An address or an interface")]),
        ],
        clear_arp,
    ),
    exec(
        &[
            CLEAR,
            IP,
            kw("arp", "Clear ARP cache entries"),
            opt(&[param("rest", Kind::Line, "An address or an interface")]),
        ],
        clear_arp,
    ),
];

const fn exec(syntax: &'static [Token], run: Handler) -> Command {
    Command { modes: &[Mode::Exec], privilege: 15, syntax, no: No::Without, run }
}

/// The table is made anew from interfaces and configuration whenever it is looked at: what is
/// deleted is there again at once, as it is on a router that learns nothing.
fn clear_route(turn: &mut Turn<'_>, _: &mut Session, args: &Args) -> Reply {
    if args.text("vrf").is_some_and(|vrf| turn.state.vrfs.id(vrf).is_none()) {
        return Reply::Refused("% IP routing table does not exist\n".into());
    }
    let Some(address) = args.ipv4("address") else { return Reply::Done };
    match Table::new(turn.state).find(address) {
        Some(_) => Reply::Done,
        None => Reply::Refused("% No matching route to delete\n".into()),
    }
}

/// Nothing of others is learned, so that nothing is forgotten.
fn clear_arp(_: &mut Turn<'_>, _: &mut Session, _: &Args) -> Reply {
    Reply::Done
}
