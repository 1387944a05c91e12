//! `ip route`, and how running-config prints it.

use cli::{Args, Kind, No, any_of, kw, one_of, opt, param};

use super::{Hop, Static};
use crate::command::{Command, Mode, Reply};
use crate::config::{ConfigText, Section, order};
use crate::device::State;
use crate::feature::interface::Prefix;
use crate::feature::track;
use crate::session::Session;
use crate::turn::Turn;

/// Without the word, a static route is nearly as good as a connected one.
const DISTANCE_DEFAULT: u8 = 1;

/// The commands of this file.
pub(crate) const COMMANDS: &[Command] = &[Command {
    modes: &[Mode::Config],
    privilege: 15,
    syntax: &[
        kw("ip", "Global IP configuration subcommands"),
        kw("route", "Establish static routes"),
        param("prefix", Kind::Ipv4, "Destination prefix"),
        param("mask", Kind::Mask, "Destination prefix mask"),
        one_of(&[
            &[param("hop", Kind::Ipv4, "Forwarding router's address")],
            &[
                param("interface", Kind::Interface, "Interface"),
                opt(&[one_of(&[
                    &[param("hop", Kind::Ipv4, "Forwarding router's address")],
                    &[kw("dhcp", "Default gateway obtained from DHCP")],
                ])]),
            ],
            &[kw("dhcp", "Default gateway obtained from DHCP")],
        ]),
        any_of(&[
            &[param(
                "distance",
                Kind::Integer { min: 1, max: 255 },
                "Distance metric for this route",
            )],
            &[
                kw("name", "Specify name of the next hop"),
                param("name", Kind::Word, "Name of the next hop"),
            ],
            &[
                kw("tag", "Set tag for this route"),
                param("tag", Kind::Integer { min: 1, max: 4_294_967_295 }, "Tag value"),
            ],
            &[kw("permanent", "permanent route")],
            &[
                kw("track", "Install route depending on tracked item"),
                param("track", Kind::Integer { min: 1, max: 1000 }, "tracked object number"),
            ],
        ]),
    ],
    no: No::Allowed,
    run: ip_route,
}];

/// Its part of the running-config.
pub(crate) const SECTIONS: &[Section] = &[Section { order: order::IP_ROUTE, print }];

fn print(state: &State, text: &mut ConfigText) {
    for route in &state.statics.all {
        let Static { prefix, hop, distance, name, tag, permanent, track, is_dhcp } = route;
        let mut line = format!("ip route {} {}", prefix.address(), prefix.mask());
        let words = [
            hop.interface.map(|name| name.long()),
            hop.address.map(|address| address.to_string()),
            is_dhcp.then(|| "dhcp".to_owned()),
            (*distance != DISTANCE_DEFAULT).then(|| distance.to_string()),
            tag.map(|tag| format!("tag {tag}")),
            permanent.then(|| "permanent".to_owned()),
            name.as_ref().map(|name| format!("name {name}")),
            track.map(|track| format!("track {track}")),
        ];
        for word in words.into_iter().flatten() {
            line.push(' ');
            line.push_str(&word);
        }
        text.line(line);
    }
}

fn ip_route(turn: &mut Turn<'_>, _: &mut Session, args: &Args) -> Reply {
    let typed = args.ipv4("prefix").zip(args.ipv4("mask"));
    let Some(prefix) = typed.and_then(|(address, mask)| Prefix::new(address, mask)) else {
        return Reply::Incomplete;
    };
    if prefix.network() != prefix.address() {
        return Reply::Refused("%Inconsistent address and mask\n".into());
    }
    let hop = Hop { interface: args.interface("interface").copied(), address: args.ipv4("hop") };
    if args.is_no() || args.is_default() {
        let named = hop.interface.is_some() || hop.address.is_some();
        return match turn.state.statics.remove(prefix, named.then_some(hop)) {
            true => {
                track::review(turn);
                Reply::Done
            }
            false => Reply::Refused("%No matching route to delete\n".into()),
        };
    }
    if let Some(refusal) = refusal(turn.state, hop, args) {
        return refusal;
    }
    let distance = args.number("distance").and_then(|n| u8::try_from(n).ok());
    let set = turn.state.statics.set(Static {
        prefix,
        hop,
        distance: distance.unwrap_or(DISTANCE_DEFAULT),
        name: args.text("name").map(str::to_owned),
        tag: args.number("tag").and_then(|n| u32::try_from(n).ok()),
        permanent: args.has("permanent"),
        track: args.number("track").and_then(|n| u32::try_from(n).ok()),
        is_dhcp: args.has("dhcp"),
    });
    if !set {
        return Reply::Refused("% Maximum number of routes reached\n".into());
    }
    track::review(turn);
    Reply::Done
}

/// What IOS says of a hop that is none. Null0 is always there.
fn refusal(state: &State, hop: Hop, args: &Args) -> Option<Reply> {
    let Hop { interface, address } = hop;
    if let Some(name) = interface
        && state.interfaces.get(&name).is_none()
        && !super::table::is_null(&name)
    {
        return Some(Reply::Invalid { column: args.column("interface") });
    }
    let address = address?;
    let own = state.interfaces.connected().any(|(_, prefix)| prefix.address() == address);
    if own {
        let text = "%Invalid next hop address (it's this router)\n";
        return Some(Reply::Refused(text.into()));
    }
    let octet = address.octets()[0];
    let bad = octet == 127 || octet >= 224 || address.is_unspecified();
    bad.then(|| Reply::Refused("%Invalid next hop address\n".into()))
}
