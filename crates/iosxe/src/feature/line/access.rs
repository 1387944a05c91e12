//! `access-class` and `ipv6 access-class`: which lists say who may connect to a line, and where
//! from it.

use std::net::IpAddr;

use cli::{Args, Kind, No, Token, kw, one_of, opt, param};

use super::Lines;
use crate::command::{Command, Handler, Mode, Place, Reply};
use crate::feature::acl::{self, Guard, Version, guard};
use crate::io::{Packet, Way};
use crate::session::Session;
use crate::turn::Turn;

/// Where the SSH server listens.
const SSH_PORT: u16 = 22;

/// The commands of this file.
pub(crate) const COMMANDS: &[Command] = &[
    in_line(
        &[kw("access-class", "Filter connections based on an IP access list"), guard::LIST, WAYS],
        access_class,
    ),
    in_line(
        &[
            kw("ipv6", "IPv6 options"),
            kw("access-class", "Filter connections based on an IPv6 access list"),
            param("name", Kind::Word, "Access-list name"),
            WAYS,
        ],
        access_class_v6,
    ),
];

const WAYS: Token = one_of(&[
    &[
        kw("in", "Filter incoming connections"),
        opt(&[kw("vrf-also", "Same access list is applied for all VRFs")]),
    ],
    &[kw("out", "Filter outgoing connections")],
]);

const fn in_line(syntax: &'static [Token], run: Handler) -> Command {
    Command { modes: &[Mode::Line], privilege: 15, syntax, no: No::Allowed, run }
}

fn access_class(turn: &mut Turn<'_>, session: &mut Session, args: &Args) -> Reply {
    guard(turn, session, args, Version::V4)
}

fn access_class_v6(turn: &mut Turn<'_>, session: &mut Session, args: &Args) -> Reply {
    guard(turn, session, args, Version::V6)
}

fn guard(turn: &mut Turn<'_>, session: &Session, args: &Args, version: Version) -> Reply {
    let list = match guard::named(args) {
        Ok(list) => list,
        Err(reply) => return reply,
    };
    let Some(way) = Way::given(args) else { return Reply::Incomplete };
    let guard = Guard { list, vrf_also: args.has("vrf-also") };
    if let Place::Line { kind, first, last } = *session.place() {
        for line in turn.state.lines.lines_mut(kind, first..=last) {
            let guard = (!args.is_no() && !args.is_default()).then(|| guard.clone());
            line.guards.set(version, way, guard);
        }
    }
    Reply::Done
}

impl Lines {
    /// The list that says who may take a VTY.
    fn access_class(&self, vty: u32, version: Version) -> Option<&str> {
        let guard = self.line(vty)?.guards.get(version, Way::In)?;
        Some(&guard.list)
    }
}

/// Whether the line that a client of SSH would take lets it in: its list counts the connection, and
/// logs it if it says so. Asked once for each connection, before anybody logs in.
pub(crate) fn lets_in(turn: &mut Turn<'_>, peer: IpAddr) -> bool {
    let lines = &turn.state.lines;
    let vty = lines.free_for_ssh();
    let list = vty.and_then(|vty| lines.access_class(vty, Version::of(peer)));
    let Some(list) = list.map(str::to_owned) else { return true };
    acl::permits(turn, &list, &Packet::connection(peer, SSH_PORT))
}
