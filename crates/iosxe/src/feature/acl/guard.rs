//! Which lists guard an interface or a line, and the commands that put them in front of an
//! interface: `ip access-group`, `ipv6 traffic-filter`.
//!
//! An interface and a line each hold a [`Guards`]. Who lets a packet in asks `permits`.

use std::collections::BTreeMap;

use cli::{Args, InterfaceName, Kind, No, Token, kw, one_of, param};

use super::permits;
use crate::command::{Command, Handler, Mode, Place, Reply};
use crate::config::{ConfigText, is_word};
use crate::io::{Packet, Way};
use crate::session::Session;
use crate::turn::Turn;

/// Of which protocol.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Version {
    /// IPv4
    V4,
    /// IPv6
    V6,
}

/// One list in front of something.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Guard {
    /// Its name or number.
    pub(crate) list: String,
    /// `vrf-also`: at a line, whoever comes by a VRF is let in, too.
    pub(crate) vrf_also: bool,
}

/// The lists in front of an interface or a line: at most one for each protocol and way.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Guards(BTreeMap<(Version, Way), Guard>);

impl Version {
    /// That of an address.
    pub(crate) fn of(address: std::net::IpAddr) -> Self {
        if address.is_ipv6() { Version::V6 } else { Version::V4 }
    }
}

impl Way {
    /// `in`, `out`
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Way::In => "in",
            Way::Out => "out",
        }
    }

    /// The one that a line names.
    pub(crate) fn given(args: &Args) -> Option<Self> {
        if args.has("in") {
            return Some(Way::In);
        }
        args.has("out").then_some(Way::Out)
    }
}

impl Guards {
    /// The list for this protocol and way.
    pub(crate) fn get(&self, version: Version, way: Way) -> Option<&Guard> {
        self.0.get(&(version, way))
    }

    /// Puts a list there, or none.
    pub(crate) fn set(&mut self, version: Version, way: Way, guard: Option<Guard>) {
        match guard {
            Some(guard) => self.0.insert((version, way), guard),
            None => self.0.remove(&(version, way)),
        };
    }

    /// The lines of one protocol, with these words in front.
    pub(crate) fn print(&self, version: Version, words: &str, text: &mut ConfigText) {
        for way in [Way::In, Way::Out] {
            if let Some(Guard { list, vrf_also }) = self.get(version, way) {
                let also = if *vrf_also { " vrf-also" } else { "" };
                text.line(format_args!(" {words} {list} {}{also}", way.as_str()));
            }
        }
    }
}

/// A list by its name or its number.
pub(crate) const LIST: Token = one_of(&[
    &[param("number", Kind::Integer { min: 1, max: 199 }, "IP access list")],
    &[param("number", Kind::Integer { min: 1300, max: 2699 }, "IP expanded access list")],
    &[param("name", Kind::Word, "Access-list name")],
]);

pub(crate) const IN: Token = kw("in", "inbound packets");
pub(crate) const OUT: Token = kw("out", "outbound packets");

/// The commands of this file.
pub(crate) const COMMANDS: &[Command] = &[
    command(
        &[
            kw("ip", "Interface Internet Protocol config commands"),
            kw("access-group", "Specify access control for packets"),
            LIST,
            one_of(&[&[IN], &[OUT]]),
        ],
        access_group,
    ),
    command(
        &[
            kw("ipv6", "IPv6 interface subcommands"),
            kw("traffic-filter", "Access control list for packets"),
            param("name", Kind::Word, "Access-list name"),
            one_of(&[&[IN], &[OUT]]),
        ],
        traffic_filter,
    ),
];

const fn command(syntax: &'static [Token], run: Handler) -> Command {
    Command { modes: &[Mode::Interface], privilege: 15, syntax, no: No::Allowed, run }
}

/// The list that a line names; the caret if nothing can be called so.
pub(crate) fn named(args: &Args) -> Result<String, Reply> {
    match (args.number("number"), args.text("name")) {
        (Some(number), _) => Ok(number.to_string()),
        (None, Some(name)) if is_word(name) && name.parse::<u64>().is_err() => Ok(name.to_owned()),
        (None, Some(_)) => Err(Reply::Invalid { column: args.column("name") }),
        (None, None) => Err(Reply::Incomplete),
    }
}

/// Whether the list in front of an interface, if there is one, lets a packet through.
pub(crate) fn lets_pass(
    turn: &mut Turn<'_>,
    interface: &InterfaceName,
    way: Way,
    packet: &Packet,
) -> bool {
    let guards = turn.state.interfaces.guards(interface);
    let guard = guards.and_then(|guards| guards.get(Version::of(packet.source), way));
    let Some(list) = guard.map(|guard| guard.list.clone()) else { return true };
    permits(turn, &list, packet)
}

fn access_group(turn: &mut Turn<'_>, session: &mut Session, args: &Args) -> Reply {
    guard(turn, session, args, Version::V4)
}

fn traffic_filter(turn: &mut Turn<'_>, session: &mut Session, args: &Args) -> Reply {
    guard(turn, session, args, Version::V6)
}

fn guard(turn: &mut Turn<'_>, session: &Session, args: &Args, version: Version) -> Reply {
    let Place::Interface(name) = session.place() else {
        unreachable!("a command of interface mode runs in interface mode");
    };
    let list = match named(args) {
        Ok(list) => list,
        Err(reply) => return reply,
    };
    let Some(way) = Way::given(args) else { return Reply::Incomplete };
    let guard = Guard { list, vrf_also: false };
    match turn.state.interfaces.guards_mut(name) {
        Some(guards) if args.is_no() || args.is_default() => guards.set(version, way, None),
        Some(guards) => guards.set(version, way, Some(guard)),
        // Another session has removed it meanwhile.
        None => return Reply::Refused("% Interface no longer exists\n".into()),
    }
    Reply::Done
}
