//! `router eigrp N|NAME`, and the lines that a process has in either mode.

use std::net::Ipv4Addr;

use cli::{Args, Kind, No, Token, any_of, kw, one_of, opt, param};

use crate::command::{Command, Mode, Reply};
use crate::feature::ospf::config::passive;
use crate::feature::routing::commands::{form, line, open, ruled, set, set_words};
use crate::feature::routing::tokens::{
    AUTONOMOUS_SYSTEM, DISTRIBUTE_LIST, MATCH, ROUTE_MAP, SOURCE,
};
use crate::feature::routing::{self, Form, Step, restart};
use crate::session::Session;
use crate::turn::Turn;

/// Where networks, stubs and ids are configured.
const PROCESS: &[Mode] =
    &[Mode::Router(routing::Kind::Eigrp), Mode::Router(routing::Kind::EigrpFamily)];

/// Where the routes of a process are configured.
const ROUTES: &[Mode] = &[
    Mode::Router(routing::Kind::Eigrp),
    Mode::Router(routing::Kind::EigrpFamily),
    Mode::Router(routing::Kind::EigrpTopology),
];

const EIGRP: Token = kw("eigrp", "EIGRP specific commands");
const U32: Kind = Kind::Integer { min: 1, max: 4_294_967_295 };
const BYTE: Kind = Kind::Integer { min: 0, max: 255 };
const DISTANCE: Kind = Kind::Integer { min: 1, max: 255 };
const WEIGHT: Token = param("weight", BYTE, "Weight");

/// Bandwidth, delay, reliability, load, MTU.
const METRIC: &[Token] = &[
    kw("metric", "Metric for redistributed routes"),
    param("bandwidth", U32, "Bandwidth metric in Kbits per second"),
    param("delay", Kind::Integer { min: 0, max: 4_294_967_295 }, "EIGRP delay metric"),
    param("reliability", BYTE, "EIGRP reliability metric"),
    param("load", DISTANCE, "EIGRP Effective bandwidth metric (Loading)"),
    param("mtu", Kind::Integer { min: 1, max: 65_535 }, "EIGRP MTU of the path"),
];

/// `router eigrp`
pub(crate) const ROUTER: &[Command] = &[Command {
    modes: &[Mode::Config],
    privilege: 15,
    syntax: &[
        kw("router", "Enable a routing process"),
        kw("eigrp", "Enhanced Interior Gateway Routing Protocol (EIGRP)"),
        one_of(&[
            &[param("as", AUTONOMOUS_SYSTEM, "Autonomous System")],
            &[param("name", Kind::Word, "EIGRP Virtual-Instance Name")],
        ]),
    ],
    no: No::Allowed,
    run: router,
}];

/// What stands under it.
pub(crate) const COMMANDS: &[Command] = &[
    ruled(
        PROCESS,
        &[
            kw("network", "Enable routing on an IP network"),
            param("network", Kind::Ipv4, "Network number"),
            opt(&[param("wildcard", Kind::Ipv4, "EIGRP wild card bits")]),
        ],
        network,
    ),
    ruled(
        PROCESS,
        &[
            kw("passive-interface", "Suppress routing updates on an interface"),
            one_of(&[
                &[kw("default", "Suppress routing updates on all interfaces")],
                &[param("interface", Kind::Interface, "Interface")],
            ]),
        ],
        passive,
    ),
    ruled(PROCESS, &[EIGRP, kw("router-id", "router-id for this EIGRP process"), ID], router_id),
    line(PROCESS, &[EIGRP, kw("log-neighbor-changes", "Enable/Disable EIGRP neighbor logging")]),
    line(
        PROCESS,
        &[
            EIGRP,
            kw("log-neighbor-warnings", "Enable/Disable EIGRP neighbor warnings"),
            opt(&[param("secs", Kind::Integer { min: 1, max: 65_535 }, "Seconds between repeats")]),
        ],
    ),
    line(
        PROCESS,
        &[
            EIGRP,
            kw("default-route-tag", "Default Route Tag for the Internal Routes"),
            param("tag", U32, "Route tag"),
        ],
    ),
    line(
        PROCESS,
        &[
            EIGRP,
            kw("event-log-size", "Set EIGRP maximum event log entries"),
            param("entries", Kind::Integer { min: 0, max: 500_000 }, "Number of entries"),
        ],
    ),
    ruled(
        PROCESS,
        &[
            EIGRP,
            kw("stub", "Set EIGRP as stubbed router"),
            any_of(&[
                &[kw("connected", "Do advertise connected routes")],
                &[
                    kw("leak-map", "Allow dynamic prefixes based on the leak-map"),
                    param("leak-map", Kind::Word, "Route-map reference"),
                ],
                &[kw("receive-only", "Set receive only neighbor")],
                &[kw("redistributed", "Do advertise redistributed routes")],
                &[kw("static", "Do advertise static routes")],
                &[kw("summary", "Do advertise summary routes")],
            ]),
        ],
        stub,
    ),
    line(
        PROCESS,
        &[
            kw("neighbor", "Specify a neighbor router"),
            param("neighbor", Kind::Ipv4, "Neighbor address"),
            param("interface", Kind::Interface, "Interface"),
        ],
    ),
    line(
        PROCESS,
        &[
            kw("metric", "Modify metrics and parameters for advertisement"),
            one_of(&[
                &[kw("rib-scale", "RIB scaling value"), param("scale", DISTANCE, "Scaling value")],
                &[
                    kw("weights", "Modify metric coefficients"),
                    param("tos", Kind::Integer { min: 0, max: 8 }, "Type Of Service"),
                    WEIGHT,
                    WEIGHT,
                    WEIGHT,
                    WEIGHT,
                    WEIGHT,
                    opt(&[WEIGHT]),
                ],
            ]),
        ],
    ),
    line(PROCESS, &[kw("nsf", "Non-stop forwarding")]),
    line(PROCESS, &[kw("shutdown", "Shutdown this instance of EIGRP")]),
    line(
        PROCESS,
        &[
            kw("bfd", "BFD configuration commands"),
            kw("all-interfaces", "Enable BFD on all interfaces"),
        ],
    ),
    line(
        &[Mode::Router(routing::Kind::EigrpFamily)],
        &[
            kw("autonomous-system", "Specify Address-Family Autonomous System Number"),
            param("as", AUTONOMOUS_SYSTEM, "Autonomous System"),
        ],
    ),
];

const ID: Token = param("id", Kind::Ipv4, "EIGRP Router-ID in IP address format");

/// What stands under it about routes.
pub(crate) const ROUTE_LINES: &[Command] = &[
    line(
        ROUTES,
        &[
            kw("redistribute", "Redistribute IPv4 routes from another routing protocol"),
            SOURCE,
            any_of(&[MATCH, METRIC, ROUTE_MAP]),
        ],
    ),
    line(ROUTES, DISTRIBUTE_LIST),
    line(
        ROUTES,
        &[
            kw("default-metric", "Set metric of redistributed routes"),
            param("bandwidth", U32, "Bandwidth in Kbits per second"),
            opt(&[
                param("delay", Kind::Integer { min: 0, max: 4_294_967_295 }, "Delay metric"),
                param("reliability", BYTE, "Reliability metric"),
                param("load", DISTANCE, "Effective bandwidth metric"),
                param("mtu", Kind::Integer { min: 1, max: 65_535 }, "MTU of the path"),
            ]),
        ],
    ),
    line(
        ROUTES,
        &[
            kw("distance", "Define an administrative distance"),
            one_of(&[
                &[
                    kw("eigrp", "Set distance for internal and external routes"),
                    param("internal", DISTANCE, "Distance for internal routes"),
                    param("external", DISTANCE, "Distance for external routes"),
                ],
                &[
                    param("distance", DISTANCE, "Administrative distance"),
                    param("source", Kind::Ipv4, "IP Source address"),
                    param("wildcard", Kind::Ipv4, "Wildcard bits"),
                    opt(&[param("list", Kind::Word, "IP Standard access list")]),
                ],
            ]),
        ],
    ),
    line(
        ROUTES,
        &[
            kw("maximum-paths", "Forward packets over multiple paths"),
            param("paths", Kind::Integer { min: 1, max: 32 }, "Number of paths"),
        ],
    ),
    line(
        ROUTES,
        &[
            kw("metric", "Modify metrics and parameters for advertisement"),
            kw("maximum-hops", "Advertise EIGRP routes greater than <hops> as unreachable"),
            param("hops", DISTANCE, "Hop count"),
        ],
    ),
    line(
        ROUTES,
        &[
            kw("variance", "Control load balancing variance"),
            param("variance", Kind::Integer { min: 1, max: 128 }, "Metric variance multiplier"),
        ],
    ),
    line(
        ROUTES,
        &[
            kw("traffic-share", "How to compute traffic share over alternate paths"),
            one_of(&[
                &[kw("balanced", "Share inversely proportional to metric")],
                &[
                    kw("min", "All traffic shared among min metric paths"),
                    kw("across-interfaces", "Use different interfaces for equal-cost paths"),
                ],
            ]),
        ],
    ),
    line(
        ROUTES,
        &[
            kw("timers", "Adjust routing timers"),
            kw("active-time", "EIGRP time limit for active state"),
            one_of(&[
                &[kw("disabled", "Disable EIGRP time limit for active state")],
                &[param("minutes", Kind::Integer { min: 1, max: 65_535 }, "Minutes")],
            ]),
        ],
    ),
    line(
        ROUTES,
        &[
            kw("default-information", "Control distribution of default information"),
            one_of(&[
                &[kw("in", "Accept default routing information")],
                &[kw("out", "Output default routing information")],
            ]),
            opt(&[param("list", Kind::Word, "IP access list")]),
        ],
    ),
    line(ROUTES, &[kw("auto-summary", "Enable automatic network number summarization")]),
    line(
        ROUTES,
        &[
            kw("offset-list", "Add or subtract offset from EIGRP metrics"),
            param("list", Kind::Word, "Access list"),
            one_of(&[&[kw("in", "Incoming updates")], &[kw("out", "Outgoing updates")]]),
            param("offset", Kind::Integer { min: 0, max: 2_147_483_647 }, "Offset"),
            opt(&[param("interface", Kind::Interface, "Interface")]),
        ],
    ),
    line(
        ROUTES,
        &[
            kw("summary-metric", "Specify summary to apply metric/filtering"),
            param("address", Kind::Ipv4, "IP summary prefix"),
            param("mask", Kind::Mask, "IP summary prefix mask"),
            param("metric", Kind::Line, "Bandwidth, delay, reliability, load, MTU"),
        ],
    ),
];

/// The step to a process of a number, or to an instance of a name.
pub(super) fn step(args: &Args) -> Option<Step> {
    match (args.number("as"), args.text("name")) {
        (Some(number), _) => {
            Some(Step::new(routing::Kind::Eigrp, format!("router eigrp {number}")))
        }
        (None, Some(name)) => {
            Some(Step::new(routing::Kind::EigrpNamed, format!("router eigrp {name}")))
        }
        (None, None) => None,
    }
}

/// A name that is a number is out of range.
fn router(turn: &mut Turn<'_>, _: &mut Session, args: &Args) -> Reply {
    let is_number =
        |name: &str| name.starts_with(|c: char| c.is_ascii_digit()) || name.contains('"');
    if args.text("name").is_some_and(is_number) {
        return Reply::Invalid { column: args.column("name") };
    }
    match step(args) {
        Some(step) => open(turn, Vec::new(), step, None, args),
        None => Reply::Incomplete,
    }
}

/// Without wildcard bits it is a classful network.
fn network(turn: &mut Turn<'_>, session: &mut Session, args: &Args) -> Reply {
    let Some(address) = args.ipv4("network") else { return Reply::Incomplete };
    let words = match args.ipv4("wildcard") {
        Some(typed) => {
            let bits = typed.to_bits();
            let is_mask = bits.leading_ones() + bits.trailing_zeros() == u32::BITS && bits != 0;
            let wildcard = if is_mask { Ipv4Addr::from_bits(!bits) } else { typed };
            let network = Ipv4Addr::from_bits(address.to_bits() & !wildcard.to_bits());
            format!("network {network} {wildcard}")
        }
        None => format!("network {}", super::process::classful(address).0),
    };
    set_words(turn, session, args, &words)
}

fn router_id(turn: &mut Turn<'_>, session: &mut Session, args: &Args) -> Reply {
    let bad = |id: Ipv4Addr| id.is_unspecified() || id.is_broadcast();
    if form(args) == Form::Set && args.ipv4("id").is_some_and(bad) {
        return Reply::Refused("% Invalid EIGRP router-id\n".into());
    }
    let reply = set(turn, session, args);
    if form(args) != Form::Set {
        let eigrp = [routing::Kind::Eigrp, routing::Kind::EigrpNamed];
        restart(turn, |step| eigrp.contains(&step.kind));
    }
    reply
}

/// Without a word it is `connected summary`; nothing goes together with `receive-only`.
fn stub(turn: &mut Turn<'_>, session: &mut Session, args: &Args) -> Reply {
    if form(args) != Form::Set {
        return set_words(turn, session, args, "eigrp stub");
    }
    let all = ["connected", "static", "summary", "redistributed"];
    let mut words: Vec<String> =
        all.iter().filter(|word| args.has(word)).map(|word| (*word).to_owned()).collect();
    words.extend(args.text("leak-map").map(|map| format!("leak-map {map}")));
    if args.has("receive-only") {
        if !words.is_empty() {
            return Reply::Refused("% Receive-only cannot be combined with other options\n".into());
        }
        words.push("receive-only".to_owned());
    }
    if words.is_empty() {
        words = vec!["connected".to_owned(), "summary".to_owned()];
    }
    let words = format!("eigrp stub {}", words.join(" "));
    set_words(turn, session, args, &words)
}
