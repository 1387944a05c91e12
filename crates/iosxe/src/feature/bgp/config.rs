//! `router bgp AS`, and the lines below it that are of the whole process.

use cli::{Args, Kind, No, Token, any_of, kw, one_of, opt, param};

use super::family::{FAMILY_IPV4, family_step};
use super::neighbor::flip_default;
use crate::command::{Command, Mode, Reply};
use crate::feature::routing::commands::{edit, form, line, open, ruled, set, set_words, words};
use crate::feature::routing::tokens::Asn;
use crate::feature::routing::{self, Block, Form, Step, restart};
use crate::session::Session;
use crate::turn::Turn;

const BGP_MODE: &[Mode] = &[Mode::Router(routing::Kind::Bgp)];
const BGP: Token = kw("bgp", "BGP specific commands");
const SECONDS: Kind = Kind::Integer { min: 0, max: 65_535 };

/// `router bgp AS`
pub(crate) const ROUTER: &[Command] = &[Command {
    modes: &[Mode::Config],
    privilege: 15,
    syntax: &[
        kw("router", "Enable a routing process"),
        kw("bgp", "Border Gateway Protocol (BGP)"),
        param("as", Kind::Word, "Autonomous system number"),
    ],
    no: No::Allowed,
    run: router,
}];

/// What stands under it.
pub(crate) const COMMANDS: &[Command] = &[
    ruled(
        BGP_MODE,
        &[
            BGP,
            kw("router-id", "Override configured router identifier"),
            param("id", Kind::Ipv4, "Manually configured router identifier"),
        ],
        router_id,
    ),
    line(BGP_MODE, &[BGP, kw("log-neighbor-changes", "Log neighbor up/down and reset reason")]),
    line(
        BGP_MODE,
        &[
            BGP,
            kw("asnotation", "Change the default asplain notation"),
            kw("dot", "asdot notation"),
        ],
    ),
    line(
        BGP_MODE,
        &[
            BGP,
            kw("cluster-id", "Configure Route-Reflector Cluster-id"),
            one_of(&[
                &[param("id", Kind::Ipv4, "Route-Reflector Cluster-id in IP address format")],
                &[param(
                    "number",
                    Kind::Integer { min: 1, max: 4_294_967_295 },
                    "Route-Reflector Cluster-id as 32 bit quantity",
                )],
            ]),
        ],
    ),
    line(
        BGP_MODE,
        &[BGP, kw("always-compare-med", "Allow comparing MED from different neighbors")],
    ),
    line(BGP_MODE, &[BGP, kw("deterministic-med", "Pick the best-MED path among paths")]),
    line(
        BGP_MODE,
        &[
            BGP,
            kw("bestpath", "Change default route selection criteria"),
            one_of(&[
                &[
                    kw("as-path", "Compare as-path"),
                    one_of(&[
                        &[kw("ignore", "Ignore as-path length in selecting a route")],
                        &[kw("multipath-relax", "Relax the same as-path requirement")],
                    ]),
                ],
                &[kw("compare-routerid", "Compare router-id for identical EBGP paths")],
                &[kw("cost-community", "cost community"), kw("ignore", "Ignore cost communities")],
                &[kw("igp-metric", "igp metric"), kw("ignore", "Ignore igp metric")],
                &[
                    kw("med", "MED attribute"),
                    one_of(&[
                        &[
                            kw("confed", "Compare MED among confederation paths"),
                            opt(&[kw("missing-as-worst", "Treat missing MED as the worst")]),
                        ],
                        &[kw("missing-as-worst", "Treat missing MED as the least preferred one")],
                    ]),
                ],
            ]),
        ],
    ),
    line(
        BGP_MODE,
        &[
            BGP,
            kw("client-to-client", "Configure client to client route reflection"),
            kw("reflection", "reflection of routes allowed"),
        ],
    ),
    ruled(
        BGP_MODE,
        &[
            BGP,
            kw("confederation", "AS confederation parameters"),
            one_of(&[
                &[
                    kw("identifier", "Set routing domain confederation AS"),
                    param("as", Kind::Word, "AS number"),
                ],
                &[kw("peers", "Peer ASs in BGP confederation"), param("peers", Kind::Line, "AS")],
            ]),
        ],
        confederation,
    ),
    ruled(
        BGP_MODE,
        &[
            BGP,
            kw("default", "Configure BGP defaults"),
            kw("ipv4-unicast", "Activate ipv4-unicast for a peer by default"),
        ],
        default_family,
    ),
    line(
        BGP_MODE,
        &[
            BGP,
            kw("default", "Configure BGP defaults"),
            kw("local-preference", "local preference (higher=more preferred)"),
            param("value", Kind::Integer { min: 0, max: 4_294_967_295 }, "Local preference"),
        ],
    ),
    line(BGP_MODE, &[BGP, kw("enforce-first-as", "Enforce the first AS for EBGP routes(default)")]),
    line(
        BGP_MODE,
        &[BGP, kw("fast-external-fallover", "Immediately reset session if a link goes down")],
    ),
    line(
        BGP_MODE,
        &[
            BGP,
            kw("graceful-restart", "Graceful restart capability parameters"),
            opt(&[one_of(&[
                &[kw("all", "Enable graceful-restart for all neighbors")],
                &[kw("extended", "Enable Graceful-Restart Extension")],
                &[
                    kw("restart-time", "Set the max time needed to restart and come back up"),
                    param("secs", Kind::Integer { min: 1, max: 3600 }, "Seconds"),
                ],
                &[
                    kw("stalepath-time", "Set the max time to hold onto stale paths"),
                    param("secs", Kind::Integer { min: 1, max: 3600 }, "Seconds"),
                ],
            ])]),
        ],
    ),
    line(
        BGP_MODE,
        &[
            BGP,
            kw("listen", "Neighbor subnet range listener"),
            one_of(&[
                &[
                    kw("limit", "Set the max limit for the dynamic subnet range neighbors"),
                    param("count", Kind::Integer { min: 1, max: 5000 }, "Number of neighbors"),
                ],
                &[
                    kw("range", "Subnet network range"),
                    param("range", Kind::Word, "Network in the format nn.nn.nn.nn/nn"),
                    kw("peer-group", "Member of the peer-group"),
                    param("group", Kind::Word, "Peer-group name"),
                ],
            ]),
        ],
    ),
    line(
        BGP_MODE,
        &[
            BGP,
            kw("maxas-limit", "Allow AS-PATH attribute from any neighbor imposing a limit"),
            param("count", Kind::Integer { min: 1, max: 254 }, "Number of ASes in the AS-PATH"),
        ],
    ),
    line(
        BGP_MODE,
        &[
            BGP,
            kw("update-delay", "Set the max initial delay for sending update"),
            param("secs", Kind::Integer { min: 1, max: 3600 }, "Delay value (seconds)"),
        ],
    ),
    ruled(
        BGP_MODE,
        &[
            kw("timers", "Adjust routing timers"),
            kw("bgp", "BGP timers"),
            param("keepalive", SECONDS, "Keepalive interval"),
            param("hold", SECONDS, "Holdtime"),
            opt(&[param("least", SECONDS, "Minimum hold time from neighbor")]),
        ],
        timers,
    ),
];

/// What stands under a family of a VRF alone.
pub(crate) const OF_VRF: &[Command] = &[line(
    &[Mode::Router(routing::Kind::BgpVrf)],
    &[
        BGP,
        kw("router-id", "Override configured router identifier"),
        one_of(&[
            &[kw("auto-assign", "Automatically assign per VRF ID")],
            &[param("id", Kind::Ipv4, "Manually configured router identifier")],
        ]),
    ],
)];

/// What stands under it and under a family.
pub(crate) const SHARED: &[Command] = &[
    ruled(
        BOTH,
        &[
            BGP,
            kw("dampening", "Enable route-flap dampening"),
            opt(&[one_of(&[
                &[
                    kw("route-map", "Route-map to specify criteria"),
                    param("map", Kind::Word, "Name"),
                ],
                &[
                    param("half", Kind::Integer { min: 1, max: 45 }, "Half-life time"),
                    opt(&[param("rest", Kind::Line, "Reuse, suppress, longest time")]),
                ],
            ])]),
        ],
        super::family::set_in_family,
    ),
    line(
        BOTH,
        &[
            BGP,
            kw("nexthop", "Nexthop tracking commands"),
            any_of(&[
                &[
                    kw("trigger", "nexthop trackings"),
                    one_of(&[
                        &[
                            kw("delay", "Set the delay to tigger nexthop tracking"),
                            param("secs", Kind::Integer { min: 0, max: 100 }, "Seconds"),
                        ],
                        &[kw("enable", "Enable nexthop tracking")],
                    ]),
                ],
                &[
                    kw("route-map", "Route map for valid nexthops"),
                    param("map", Kind::Word, "Name"),
                ],
            ]),
        ],
    ),
    line(BOTH, &[BGP, kw("redistribute-internal", "Allow redistribution of iBGP into IGPs")]),
    line(
        BOTH,
        &[
            BGP,
            kw("scan-time", "Configure background scanner interval"),
            param("secs", Kind::Integer { min: 5, max: 60 }, "Scanner interval (seconds)"),
        ],
    ),
    line(
        BOTH,
        &[BGP, kw("suppress-inactive", "Suppress routes that are not in the routing table")],
    ),
];

const BOTH: &[Mode] = &[
    Mode::Router(routing::Kind::Bgp),
    Mode::Router(routing::Kind::BgpFamily),
    Mode::Router(routing::Kind::BgpVrf),
];

/// One process; its number is printed as a plain one unless `bgp asnotation dot` is there.
fn router(turn: &mut Turn<'_>, _: &mut Session, args: &Args) -> Reply {
    let asn = match Asn::of(args, "as") {
        Ok(Asn(asn)) => asn,
        Err(_) if args.text("as").is_none() => return Reply::Incomplete,
        Err(column) => return Reply::Invalid { column },
    };
    let step = Step::new(routing::Kind::Bgp, format!("router bgp {asn}"));
    let known = turn.state.routers.of(routing::Kind::Bgp).next().map(|(step, _)| step.clone());
    if let Some(known) = known.as_ref().filter(|known| **known != step) {
        let own = known.header.trim_start_matches("router bgp ");
        return Reply::Refused(format!("BGP is already running; AS is {own}\n"));
    }
    let reply = open(turn, Vec::new(), step.clone(), None, args);
    if let Some(block) = turn.state.routers.all.get_mut(&step) {
        let ipv4 = family_step(FAMILY_IPV4, None);
        let hidden = || Block { is_listed: false, ..Block::new(routing::Kind::BgpFamily, None) };
        block.below.entry(ipv4).or_insert_with(hidden);
    }
    reply
}

/// Taken at once: there is no connection to keep.
fn router_id(turn: &mut Turn<'_>, session: &mut Session, args: &Args) -> Reply {
    if form(args) == Form::Set && args.ipv4("id").is_some_and(|id| id.is_unspecified()) {
        return Reply::Invalid { column: args.column("id") };
    }
    let reply = set(turn, session, args);
    if form(args) != Form::Set {
        restart(turn, |step| step.kind == routing::Kind::Bgp);
    }
    reply
}

fn confederation(turn: &mut Turn<'_>, session: &mut Session, args: &Args) -> Reply {
    let plain = |text: &str| Asn::parse(text).map(|Asn(asn)| asn.to_string());
    let typed = args.text("as").or(args.text("peers")).unwrap_or_default();
    let numbers: Option<Vec<String>> = typed.split_whitespace().map(plain).collect();
    let Some(numbers) = numbers else {
        let column = if args.has("peers") { args.column("peers") } else { args.column("as") };
        return Reply::Invalid { column };
    };
    let word = if args.has("peers") { "peers" } else { "identifier" };
    let words = format!("bgp confederation {word} {}", numbers.join(" "));
    set_words(turn, session, args, words.trim_end())
}

/// It is about neighbors that come later: those that are there stay as they are.
fn default_family(turn: &mut Turn<'_>, session: &mut Session, args: &Args) -> Reply {
    let words = words(args);
    edit(turn, session, |block, kind| {
        let before = !block.lines.has("no bgp default ipv4-unicast");
        let after = form(args) != Form::No;
        let _ = block.lines.set(kind.order(), &words, form(args));
        if before != after {
            flip_default(block, after);
        }
        Reply::Done
    })
}

/// A hold time is nothing or at least three seconds (RFC 4271, section 4.2).
fn timers(turn: &mut Turn<'_>, session: &mut Session, args: &Args) -> Reply {
    if form(args) == Form::Set && matches!(args.number("hold"), Some(1 | 2)) {
        return Reply::Refused("% Invalid hold time, it must be 0 or at least 3 seconds\n".into());
    }
    set(turn, session, args)
}
