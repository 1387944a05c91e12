//! `address-family` of BGP, and what stands below it: networks, aggregates, redistribution.

use std::net::{Ipv4Addr, Ipv6Addr};

use cli::{Args, Kind, Token, any_of, kw, one_of, opt, param};

use crate::command::{Command, Mode, Place, Reply};
use crate::feature::routing::commands::{form, full, open, path, ruled, words};
use crate::feature::routing::tokens::{DISTRIBUTE_LIST, MATCH, ROUTE_MAP, SOURCE};
use crate::feature::routing::{self, Form, Path, Step, has_vrf, review};
use crate::session::Session;
use crate::turn::Turn;

/// The family that a process has without being told.
pub(crate) const FAMILY_IPV4: &str = "ipv4";

const BGP: &[Mode] = &[Mode::Router(routing::Kind::Bgp)];
const ANY: &[Mode] = &[
    Mode::Router(routing::Kind::Bgp),
    Mode::Router(routing::Kind::BgpFamily),
    Mode::Router(routing::Kind::BgpVrf),
];

const VRF: Token = opt(&[
    kw("vrf", "Specify parameters for a VPN Routing/Forwarding instance"),
    param("vrf", Kind::Word, "VPN Routing/Forwarding instance name"),
]);
const CAST: Token = opt(&[one_of(&[
    &[kw("multicast", "Address Family modifier")],
    &[kw("unicast", "Address Family modifier")],
])]);
const UNICAST: Token = opt(&[kw("unicast", "Address Family modifier")]);

/// The commands of this file.
pub(crate) const COMMANDS: &[Command] = &[
    ruled(
        BGP,
        &[
            kw("address-family", "Enter Address Family command mode"),
            one_of(&[
                &[kw("ipv4", "Address family"), CAST, VRF],
                &[kw("ipv6", "Address family"), CAST, VRF],
                &[
                    kw("l2vpn", "Address family"),
                    one_of(&[
                        &[kw("evpn", "Address Family modifier")],
                        &[kw("vpls", "Address Family modifier")],
                    ]),
                ],
                &[kw("vpnv4", "Address family"), UNICAST],
                &[kw("vpnv6", "Address family"), UNICAST],
            ]),
        ],
        address_family,
    ),
    ruled(
        ANY,
        &[
            kw("network", "Specify a network to announce via BGP"),
            param("network", Kind::Word, "Network number"),
            opt(&[kw("mask", "Network mask"), param("mask", Kind::Mask, "Network mask")]),
            any_of(&[&[kw("backdoor", "Specify a BGP backdoor route")], ROUTE_MAP]),
        ],
        network,
    ),
    ruled(
        ANY,
        &[
            kw("aggregate-address", "Configure BGP aggregate entries"),
            param("address", Kind::Ipv4, "Aggregate address"),
            param("mask", Kind::Mask, "Aggregate mask"),
            any_of(&[
                &[kw("advertise-map", "Set condition to advertise attribute"), MAP],
                &[kw("as-set", "Generate AS set path information")],
                &[kw("attribute-map", "Set attributes of aggregate"), MAP],
                ROUTE_MAP,
                &[kw("summary-only", "Filter more specific routes from updates")],
                &[kw("suppress-map", "Conditionally filter more specific routes"), MAP],
            ]),
        ],
        aggregate,
    ),
    ruled(
        ANY,
        &[
            kw("redistribute", "Redistribute information from another routing protocol"),
            SOURCE,
            any_of(&[
                MATCH,
                &[
                    kw("metric", "Metric for redistributed routes"),
                    param("metric", Kind::Integer { min: 0, max: 4_294_967_295 }, "Metric"),
                ],
                ROUTE_MAP,
            ]),
        ],
        set_in_family,
    ),
    in_family(&[
        kw("maximum-paths", "Forward packets over multiple paths"),
        opt(&[one_of(&[
            &[kw("eibgp", "Both eBGP and iBGP paths as multipath")],
            &[kw("ibgp", "iBGP-multipath")],
        ])]),
        param("paths", Kind::Integer { min: 1, max: 32 }, "Number of paths"),
    ]),
    in_family(&[
        kw("distance", "Define an administrative distance"),
        one_of(&[
            &[kw("bgp", "BGP distance"), DISTANCE, DISTANCE, DISTANCE],
            &[
                DISTANCE,
                param("source", Kind::Ipv4, "IP Source address"),
                param("wildcard", Kind::Ipv4, "Wildcard bits"),
                opt(&[param("list", Kind::Word, "IP access list")]),
            ],
        ]),
    ]),
    in_family(&[
        kw("default-information", "Control distribution of default information"),
        kw("originate", "Distribute a default route"),
    ]),
    in_family(&[
        kw("default-metric", "Set metric of redistributed routes"),
        param("metric", Kind::Integer { min: 1, max: 4_294_967_295 }, "Default metric"),
    ]),
    in_family(&[kw("auto-summary", "Enable automatic network number summarization")]),
    in_family(&[kw("synchronization", "Perform IGP synchronization")]),
    in_family(&[
        kw("table-map", "Map external entry attributes into routing table"),
        MAP,
        opt(&[kw("filter", "Selective route download")]),
    ]),
    ruled(ANY, DISTRIBUTE_LIST, set_in_family),
];

const MAP: Token = param("map", Kind::Word, "route-map name");
const DISTANCE: Token =
    param("distance", Kind::Integer { min: 1, max: 255 }, "Administrative distance");

const fn in_family(syntax: &'static [Token]) -> Command {
    ruled(ANY, syntax, set_in_family)
}

/// The step from the process to a family: families stand in this order, those of VRFs last.
pub(crate) fn family_step(name: &str, vrf: Option<&str>) -> Step {
    let names = ["ipv4", "ipv4 multicast", "vpnv4", "ipv6", "ipv6 multicast", "vpnv6"];
    let rank = names.iter().position(|known| *known == name).unwrap_or(names.len());
    match vrf {
        None => {
            let (order, header) = (format!("{rank}{name}"), format!("address-family {name}"));
            Step { kind: routing::Kind::BgpFamily, order, header }
        }
        Some(vrf) => {
            let header = format!("address-family {name} vrf {vrf}");
            Step { kind: routing::Kind::BgpVrf, order: format!("{rank}{vrf}"), header }
        }
    }
}

/// From the first `address-family` on, the running-config lists every family as a block.
fn address_family(turn: &mut Turn<'_>, session: &mut Session, args: &Args) -> Reply {
    let afi = ["ipv4", "ipv6", "l2vpn", "vpnv4", "vpnv6"].into_iter().find(|afi| args.has(afi));
    let Some(afi) = afi else { return Reply::Incomplete };
    let safi = ["multicast", "evpn", "vpls"].into_iter().find(|safi| args.has(safi));
    let name = safi.map_or(afi.to_owned(), |safi| format!("{afi} {safi}"));
    let vrf = args.text("vrf");
    if let Some(vrf) = vrf.filter(|vrf| form(args) == Form::Set && !has_vrf(turn.state, vrf)) {
        return Reply::Refused(format!("% VRF {vrf} does not exist\n"));
    }
    let above = path(session);
    let ipv4 = family_step(FAMILY_IPV4, None);
    let step = family_step(&name, vrf);
    if form(args) != Form::Set && step == ipv4 {
        if let Some(block) = turn.state.routers.get_mut(&[above, vec![ipv4]].concat()) {
            block.lines = routing::Lines::default();
        }
        return Reply::Done;
    }
    let reply = open(turn, above.clone(), step, vrf.map(str::to_owned), args);
    if let Some(block) = turn.state.routers.get_mut(&[above, vec![ipv4]].concat()) {
        block.is_listed = true;
    }
    reply
}

/// The way to the family that a line is about: the process stands for its IPv4 one.
pub(crate) fn family_path(session: &Session) -> Path {
    let mut path = path(session);
    if path.last().is_some_and(|step| step.kind == routing::Kind::Bgp) {
        path.push(family_step(FAMILY_IPV4, None));
    }
    path
}

/// Takes a line of a family as it was typed.
pub(crate) fn set_in_family(turn: &mut Turn<'_>, session: &mut Session, args: &Args) -> Reply {
    set_family_words(turn, session, args, &words(args))
}

pub(super) fn set_family_words(
    turn: &mut Turn<'_>,
    session: &Session,
    args: &Args,
    words: &str,
) -> Reply {
    debug_assert!(matches!(session.place(), Place::Router(_)), "a mode of BGP");
    let Some(block) = turn.state.routers.get_mut(&family_path(session)) else {
        return Reply::Done;
    };
    if !block.lines.set(&super::ORDER, words, form(args)) {
        return full();
    }
    review(turn);
    Reply::Done
}

/// The mask of a classful network.
pub(super) fn class_mask(address: Ipv4Addr) -> Ipv4Addr {
    match address.octets()[0] {
        0..=127 => Ipv4Addr::new(255, 0, 0, 0),
        128..=191 => Ipv4Addr::new(255, 255, 0, 0),
        192..=255 => Ipv4Addr::new(255, 255, 255, 0),
    }
}

/// A mask that follows from the class is not printed; bits behind the mask do not count.
fn network(turn: &mut Turn<'_>, session: &mut Session, args: &Args) -> Reply {
    let Some(typed) = args.text("network") else { return Reply::Incomplete };
    let invalid = Reply::Invalid { column: args.column("network") };
    let family = family_path(session).last().map(|step| step.header.clone()).unwrap_or_default();
    let is_ipv6 = family.starts_with("address-family ipv6");
    let what = match (typed.parse::<Ipv4Addr>(), is_ipv6) {
        (Ok(address), false) => ipv4_network(address, args.ipv4("mask")),
        (Err(_), true) => match ipv6_network(typed) {
            Some(network) => network,
            None => return invalid,
        },
        (Ok(_), true) | (Err(_), false) => return invalid,
    };
    let mut words = format!("network {what}");
    if let Some(map) = args.text("route-map") {
        words += &format!(" route-map {map}");
    }
    if args.has("backdoor") {
        words += " backdoor";
    }
    set_family_words(turn, session, args, &words)
}

fn ipv4_network(address: Ipv4Addr, mask: Option<Ipv4Addr>) -> String {
    let class = class_mask(address);
    let mask = mask.unwrap_or(class);
    let network = Ipv4Addr::from_bits(address.to_bits() & mask.to_bits());
    match mask == class {
        true => network.to_string(),
        false => format!("{network} mask {mask}"),
    }
}

fn ipv6_network(typed: &str) -> Option<String> {
    let (address, length) = typed.split_once('/')?;
    let address: Ipv6Addr = address.parse().ok()?;
    let length: u32 = length.parse().ok().filter(|length| *length <= 128)?;
    let mask = u128::MAX.checked_shl(128 - length).unwrap_or(0);
    let network = Ipv6Addr::from_bits(address.to_bits() & mask);
    Some(format!("{}/{length}", network.to_string().to_uppercase()))
}

fn aggregate(turn: &mut Turn<'_>, session: &mut Session, args: &Args) -> Reply {
    let (Some(address), Some(mask)) = (args.ipv4("address"), args.ipv4("mask")) else {
        return Reply::Incomplete;
    };
    if address.to_bits() & !mask.to_bits() != 0 {
        return Reply::Refused("% Inconsistent address and mask\n".into());
    }
    set_in_family(turn, session, args)
}
