//! `ip route` and `ipv6 route`, of the global table or of a VRF, and how running-config prints
//! them.

use std::net::{Ipv4Addr, Ipv6Addr};

use cli::{Args, Kind, No, Token, any_of, kw, one_of, opt, param};

use super::{Hop, Routed, Static, needs_port};
use crate::command::{Command, Mode, Reply};
use crate::config::{ConfigText, Section, order};
use crate::device::State;
use crate::feature::interface::Prefix;
use crate::feature::track;
use crate::io::VrfId;
use crate::session::Session;
use crate::turn::Turn;

/// Without the word, a static route is nearly as good as a connected one.
const DISTANCE_DEFAULT: u8 = 1;

const VRF: Token = opt(&[
    kw("vrf", "Configure static route for a VPN Routing/Forwarding instance"),
    param("vrf", Kind::Word, "VPN Routing/Forwarding instance name"),
]);

const DISTANCE: &[Token] =
    &[param("distance", Kind::Integer { min: 1, max: 255 }, "Distance metric for this route")];

const NAME: &[Token] = &[
    kw("name", "Specify name of the next hop"),
    param("name", Kind::Word, "Name of the next hop"),
];

const TAG: &[Token] = &[
    kw("tag", "Set tag for this route"),
    param("tag", Kind::Integer { min: 1, max: 4_294_967_295 }, "Tag value"),
];

/// The commands of this file.
pub(crate) const COMMANDS: &[Command] = &[
    Command {
        modes: &[Mode::Config],
        privilege: 15,
        syntax: &[
            kw("ip", "Global IP configuration subcommands"),
            kw("route", "Establish static routes"),
            VRF,
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
                DISTANCE,
                NAME,
                TAG,
                &[kw("permanent", "permanent route")],
                &[
                    kw("track", "Install route depending on tracked item"),
                    param("track", Kind::Integer { min: 1, max: 1000 }, "tracked object number"),
                ],
            ]),
        ],
        no: No::Allowed,
        run: ip_route,
    },
    Command {
        modes: &[Mode::Config],
        privilege: 15,
        syntax: &[
            kw("ipv6", "Global IPv6 configuration subcommands"),
            kw("route", "Configure static routes"),
            VRF,
            param("prefix", Kind::Ipv6Prefix, "IPv6 prefix"),
            one_of(&[
                &[param("hop", Kind::Ipv6, "IPv6 address of next-hop")],
                &[
                    param("interface", Kind::Interface, "Interface"),
                    opt(&[param("hop", Kind::Ipv6, "IPv6 address of next-hop")]),
                ],
            ]),
            any_of(&[DISTANCE, NAME, TAG]),
        ],
        no: No::Allowed,
        run: ipv6_route,
    },
    Command {
        modes: &[Mode::Config],
        privilege: 15,
        syntax: &[
            kw("ipv6", "Global IPv6 configuration subcommands"),
            kw("unicast-routing", "Enable unicast routing"),
        ],
        no: No::Allowed,
        run: unicast_routing,
    },
];

/// Its parts of the running-config.
pub(crate) const SECTIONS: &[Section] = &[
    Section { order: order::NAMES, print: print_unicast_routing },
    Section { order: order::IP_ROUTE, print: print_v4 },
    Section { order: order::IPV6_ROUTE, print: print_v6 },
];

fn print_unicast_routing(state: &State, text: &mut ConfigText) {
    if state.statics.routes_v6 {
        text.line("ipv6 unicast-routing");
    }
}

fn print_v4(state: &State, text: &mut ConfigText) {
    print(state, text, "ip route", |prefix: Prefix<Ipv4Addr>| {
        format!("{} {}", prefix.address(), prefix.mask())
    });
}

fn print_v6(state: &State, text: &mut ConfigText) {
    print(state, text, "ipv6 route", |prefix: Prefix<Ipv6Addr>| prefix.to_string());
}

/// The routes of one family: those of the global table, then those of each VRF.
fn print<A: Routed>(
    state: &State,
    text: &mut ConfigText,
    command: &str,
    destination: impl Fn(Prefix<A>) -> String,
) {
    let all = A::statics(&state.statics);
    let tables = [("", VrfId::GLOBAL)].into_iter().chain(state.vrfs.tables());
    for (name, id) in tables {
        let vrf = if name.is_empty() { String::new() } else { format!("vrf {name} ") };
        for route in all.iter().filter(|route| route.vrf == id) {
            let mut line = format!("{command} {vrf}{}", destination(route.prefix));
            words(route).into_iter().flatten().for_each(|word| {
                line.push(' ');
                line.push_str(&word);
            });
            text.line(line);
        }
    }
}

/// What follows the destination of a route.
fn words<A: Routed>(route: &Static<A>) -> [Option<String>; 8] {
    let Static { hop, distance, name, tag, permanent, track, is_dhcp, .. } = route;
    [
        hop.interface.map(|name| name.long()),
        hop.address.map(A::shown),
        is_dhcp.then(|| "dhcp".to_owned()),
        (*distance != DISTANCE_DEFAULT).then(|| distance.to_string()),
        tag.map(|tag| format!("tag {tag}")),
        permanent.then(|| "permanent".to_owned()),
        name.as_ref().map(|name| format!("name {name}")),
        track.map(|track| format!("track {track}")),
    ]
}

fn unicast_routing(turn: &mut Turn<'_>, _: &mut Session, args: &Args) -> Reply {
    turn.state.statics.routes_v6 = !args.is_no() && !args.is_default();
    Reply::Done
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
    configure(turn, args, prefix, hop)
}

fn ipv6_route(turn: &mut Turn<'_>, _: &mut Session, args: &Args) -> Reply {
    let Some((address, length)) = args.ipv6_prefix("prefix") else { return Reply::Incomplete };
    let hop = Hop { interface: args.interface("interface").copied(), address: args.ipv6("hop") };
    if needs_port(hop) {
        let text = "% Interface has to be specified for a link-local nexthop\n";
        return Reply::Refused(text.into());
    }
    configure(turn, args, Prefix::of(address, length).subnet(), hop)
}

/// Adds or removes one route.
fn configure<A: Routed>(turn: &mut Turn<'_>, args: &Args, prefix: Prefix<A>, hop: Hop<A>) -> Reply {
    let vrf = match args.text("vrf").map(|name| (name, turn.state.vrfs.id(name))) {
        None => VrfId::GLOBAL,
        Some((_, Some(vrf))) => vrf,
        Some((name, None)) => return Reply::Refused(format!("% VRF {name} does not exist\n")),
    };
    if args.is_no() || args.is_default() {
        let named = hop.interface.is_some() || hop.address.is_some();
        return match turn.state.statics.remove(vrf, prefix, named.then_some(hop)) {
            true => {
                track::review(turn);
                Reply::Done
            }
            false => Reply::Refused("%No matching route to delete\n".into()),
        };
    }
    if let Some(refusal) = refusal(turn.state, vrf, hop, args) {
        return refusal;
    }
    let distance = args.number("distance").and_then(|n| u8::try_from(n).ok());
    let set = turn.state.statics.set(Static {
        vrf,
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
fn refusal<A: Routed>(state: &State, vrf: VrfId, hop: Hop<A>, args: &Args) -> Option<Reply> {
    let Hop { interface, address } = hop;
    if let Some(name) = interface
        && state.interfaces.get(&name).is_none()
        && !super::table::is_null(&name)
    {
        return Some(Reply::Invalid { column: args.column("interface") });
    }
    let address = address?;
    let mut connected = A::connected(&state.interfaces, vrf).into_iter();
    if connected.any(|(_, prefix)| prefix.address() == address) {
        let text = "%Invalid next hop address (it's this router)\n";
        return Some(Reply::Refused(text.into()));
    }
    address.is_no_host().then(|| Reply::Refused("%Invalid next hop address\n".into()))
}
