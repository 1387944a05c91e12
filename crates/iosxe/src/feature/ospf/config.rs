//! `router ospf N` and the lines below it.

use std::net::Ipv4Addr;

use cli::{Args, Kind, No, Token, any_of, kw, one_of, opt, param};

use crate::command::{Command, Mode, Reply};
use crate::feature::routing::block::BLOCKS_MAX;
use crate::feature::routing::commands::{
    self, edit, form, line, path, ruled, set, set_words, words,
};
use crate::feature::routing::tokens::{AREA, DISTRIBUTE_LIST, MATCH, PROCESS, ROUTE_MAP, SOURCE};
use crate::feature::routing::{self, Block, Form, Step, has_vrf, may_name};
use crate::session::Session;
use crate::turn::Turn;

pub(super) const OSPF: &[Mode] = &[Mode::Router(routing::Kind::Ospf)];

pub(super) const METRIC: &[Token] = &[
    kw("metric", "OSPF default metric"),
    param("metric", Kind::Integer { min: 0, max: 16_777_214 }, "OSPF default metric"),
];
pub(super) const METRIC_TYPE: &[Token] = &[
    kw("metric-type", "OSPF metric type for default routes"),
    one_of(&[
        &[kw("1", "Set OSPF External Type 1 metrics")],
        &[kw("2", "Set OSPF External Type 2 metrics")],
    ]),
];
const TAG: &[Token] = &[
    kw("tag", "Set tag for routes redistributed into OSPF"),
    param("tag", Kind::Integer { min: 0, max: 4_294_967_295 }, "32-bit tag value"),
];
const DISTANCE: Kind = Kind::Integer { min: 1, max: 255 };
const MILLIS: Kind = Kind::Integer { min: 0, max: 600_000 };
pub(super) const MASK: Token = param("mask", Kind::Mask, "IP mask for address");

/// `router ospf N`
pub(crate) const ROUTER: &[Command] = &[Command {
    modes: &[Mode::Config],
    privilege: 15,
    syntax: &[
        kw("router", "Enable a routing process"),
        kw("ospf", "Open Shortest Path First (OSPF)"),
        param("process", PROCESS, "Process ID"),
        opt(&[
            kw("vrf", "VPN Routing/Forwarding Instance"),
            param("vrf", Kind::Word, "VPN Routing/Forwarding Instance (VRF) name"),
        ]),
    ],
    no: No::Allowed,
    run: router,
}];

/// What stands under it.
pub(crate) const COMMANDS: &[Command] = &[
    ruled(
        OSPF,
        &[
            kw("router-id", "router-id for this OSPF process"),
            param("id", Kind::Ipv4, "OSPF router-id in IP address format"),
        ],
        router_id,
    ),
    ruled(
        OSPF,
        &[
            kw("network", "Enable routing on an IP network"),
            param("address", Kind::Ipv4, "Network number"),
            param("wildcard", Kind::Ipv4, "OSPF wild card bits"),
            kw("area", "Set the OSPF area ID"),
            AREA,
        ],
        network,
    ),
    ruled(
        OSPF,
        &[
            kw("passive-interface", "Suppress routing updates on an interface"),
            one_of(&[
                &[kw("default", "Suppress routing updates on all interfaces")],
                &[param("interface", Kind::Interface, "Interface")],
            ]),
        ],
        passive,
    ),
    line(
        OSPF,
        &[
            kw("default-information", "Control distribution of default information"),
            kw("originate", "Distribute a default route"),
            any_of(&[
                &[kw("always", "Always advertise default route")],
                METRIC,
                METRIC_TYPE,
                ROUTE_MAP,
            ]),
        ],
    ),
    line(
        OSPF,
        &[
            kw("default-metric", "Set metric of redistributed routes"),
            param("metric", Kind::Integer { min: 1, max: 16_777_214 }, "Default metric"),
        ],
    ),
    ruled(
        OSPF,
        &[
            kw("redistribute", "Redistribute information from another routing protocol"),
            SOURCE,
            any_of(&[
                METRIC,
                METRIC_TYPE,
                MATCH,
                &[kw("subnets", "Consider subnets for redistribution into OSPF")],
                TAG,
                ROUTE_MAP,
            ]),
        ],
        set,
    ),
    line(OSPF, DISTRIBUTE_LIST),
    line(
        OSPF,
        &[
            kw("distance", "Define an administrative distance"),
            one_of(&[
                &[
                    kw("ospf", "OSPF distance"),
                    any_of(&[
                        &[
                            kw("external", "External type 5 and type 7 routes"),
                            param("external", DISTANCE, "Distance for external routes"),
                        ],
                        &[
                            kw("inter-area", "Inter-area routes"),
                            param("inter-area", DISTANCE, "Distance for inter-area routes"),
                        ],
                        &[
                            kw("intra-area", "Intra-area routes"),
                            param("intra-area", DISTANCE, "Distance for intra-area routes"),
                        ],
                    ]),
                ],
                &[
                    param("distance", DISTANCE, "Administrative distance"),
                    opt(&[
                        param("source", Kind::Ipv4, "IP Source address"),
                        param("wildcard", Kind::Ipv4, "Wildcard bits"),
                        opt(&[param("list", Kind::Word, "IP access list")]),
                    ]),
                ],
            ]),
        ],
    ),
    line(
        OSPF,
        &[
            kw("maximum-paths", "Forward packets over multiple paths"),
            param("paths", Kind::Integer { min: 1, max: 32 }, "Number of paths"),
        ],
    ),
    ruled(
        OSPF,
        &[
            kw("auto-cost", "Calculate OSPF interface cost according to bandwidth"),
            kw("reference-bandwidth", "Use reference bandwidth method to assign OSPF cost"),
            param(
                "mbit",
                Kind::Integer { min: 1, max: 4_294_967 },
                "The reference bandwidth in terms of Mbits per second",
            ),
        ],
        reference,
    ),
    line(
        OSPF,
        &[
            kw("log-adjacency-changes", "Log changes in adjacency state"),
            opt(&[kw("detail", "Log all state changes")]),
        ],
    ),
    line(
        OSPF,
        &[
            kw("summary-address", "Configure IP address summaries"),
            param("address", Kind::Ipv4, "IP summary address"),
            MASK,
            opt(&[one_of(&[
                &[kw("not-advertise", "Do not advertise when translating OSPF type-7 LSA")],
                TAG,
            ])]),
        ],
    ),
    line(
        OSPF,
        &[
            kw("neighbor", "Specify a neighbor router"),
            param("neighbor", Kind::Ipv4, "Neighbor address"),
            any_of(&[
                &[
                    kw("cost", "OSPF cost for point-to-multipoint neighbor"),
                    param("cost", Kind::Integer { min: 1, max: 65_535 }, "metric"),
                ],
                &[
                    kw("poll-interval", "OSPF dead-router polling interval"),
                    param("poll", Kind::Integer { min: 0, max: 4_294_967_295 }, "Seconds"),
                ],
                &[
                    kw("priority", "OSPF priority of non-broadcast neighbor"),
                    param("priority", Kind::Integer { min: 0, max: 255 }, "Priority"),
                ],
            ]),
        ],
    ),
    line(OSPF, &[kw("ispf", "Enable incremental SPF computation")]),
    line(OSPF, &[kw("nsr", "Enable Non-Stop-Routing")]),
    line(OSPF, &[kw("prefix-suppression", "Enable prefix suppression")]),
    line(OSPF, &[kw("shutdown", "Shutdown the OSPF protocol under the current instance")]),
    line(
        OSPF,
        &[
            kw("bfd", "BFD configuration commands"),
            kw("all-interfaces", "Enable BFD on all interfaces"),
        ],
    ),
    line(
        OSPF,
        &[
            kw("capability", "Enable specific OSPF feature"),
            one_of(&[
                &[kw("lls", "Link-local Signaling (LLS) support")],
                &[kw("opaque", "Opaque LSA")],
                &[kw("transit", "Transit Area")],
                &[kw("vrf-lite", "Do not perform PE specific checks")],
            ]),
        ],
    ),
    line(
        OSPF,
        &[
            kw("compatible", "OSPF router compatibility list"),
            one_of(&[
                &[kw("rfc1583", "compatible with RFC 1583")],
                &[kw("rfc1587", "compatible with RFC 1587")],
            ]),
        ],
    ),
];

/// What stands under it about time.
pub(crate) const TIMERS: &[Command] = &[
    line(
        OSPF,
        &[
            kw("timers", "Adjust routing timers"),
            kw("throttle", "OSPF throttle timers"),
            one_of(&[
                &[kw("spf", "OSPF SPF throttle timers")],
                &[kw("lsa", "OSPF LSA throttle timers")],
            ]),
            param("start", MILLIS, "Delay in milliseconds"),
            param("hold", MILLIS, "Minimum hold time in milliseconds"),
            param("max", MILLIS, "Maximum hold time in milliseconds"),
        ],
    ),
    line(
        OSPF,
        &[
            kw("timers", "Adjust routing timers"),
            kw("lsa", "OSPF LSA timers"),
            kw("arrival", "The minimum interval in accepting the same LSA"),
            param("millis", MILLIS, "Milliseconds"),
        ],
    ),
    line(
        OSPF,
        &[
            kw("timers", "Adjust routing timers"),
            kw("pacing", "OSPF pacing timers"),
            one_of(&[
                &[
                    kw("flood", "OSPF flood pacing timer"),
                    param("millis", Kind::Integer { min: 5, max: 100 }, "Milliseconds"),
                ],
                &[
                    kw("lsa-group", "OSPF LSA group pacing timer"),
                    param("secs", Kind::Integer { min: 10, max: 1800 }, "Seconds"),
                ],
                &[
                    kw("retransmission", "OSPF retransmission pacing timer"),
                    param("millis", Kind::Integer { min: 5, max: 200 }, "Milliseconds"),
                ],
            ]),
        ],
    ),
    line(
        OSPF,
        &[
            kw("max-metric", "Set maximum metric"),
            kw("router-lsa", "Maximum metric in self-originated router-LSAs"),
            any_of(&[
                &[
                    kw("external-lsa", "Override external-lsa metric with max-metric value"),
                    opt(&[param("external", Kind::Integer { min: 1, max: 16_777_215 }, "Metric")]),
                ],
                &[kw("include-stub", "Set maximum metric for stub links in router-LSAs")],
                &[
                    kw("on-startup", "Set maximum metric temporarily after reboot"),
                    one_of(&[
                        &[param("startup", Kind::Integer { min: 5, max: 86_400 }, "Seconds")],
                        &[kw("wait-for-bgp", "Let BGP decide when to originate router-LSA")],
                    ]),
                ],
                &[
                    kw("summary-lsa", "Override summary-lsa metric with max-metric value"),
                    opt(&[param("summary", Kind::Integer { min: 1, max: 16_777_215 }, "Metric")]),
                ],
            ]),
        ],
    ),
    line(
        OSPF,
        &[
            kw("nsf", "Non-stop forwarding"),
            opt(&[one_of(&[
                &[kw("cisco", "Cisco NSF"), opt(&[param("rest", Kind::Line, "More")])],
                &[kw("ietf", "IETF graceful restart"), opt(&[param("rest", Kind::Line, "More")])],
            ])]),
        ],
    ),
];

/// The step to a process.
fn step(number: u64) -> Step {
    Step::new(routing::Kind::Ospf, format!("router ospf {number}"))
}

/// Makes a process that nobody has configured, as a line of an interface does. `false` if there is
/// no room.
pub(super) fn make(turn: &mut Turn<'_>, number: u64, vrf: Option<String>) -> bool {
    let all = &mut turn.state.routers.all;
    if all.len() >= BLOCKS_MAX {
        return false;
    }
    all.insert(step(number), Block::new(routing::Kind::Ospf, vrf));
    true
}

fn router(turn: &mut Turn<'_>, _: &mut Session, args: &Args) -> Reply {
    let number = args.number("process").unwrap_or_default();
    if number == 0 {
        return Reply::Incomplete;
    }
    let vrf = args.text("vrf").map(str::to_owned);
    if form(args) == Form::Set {
        if let Some(vrf) = vrf.as_ref().filter(|vrf| !has_vrf(turn.state, vrf)) {
            return Reply::Refused(format!("% VRF {vrf} does not exist\n"));
        }
        let known = turn.state.routers.all.get(&step(number)).map(|block| &block.vrf);
        if known.is_some_and(|known| vrf.is_some() && *known != vrf) {
            return Reply::Refused(format!("% OSPF process {number} is in another VRF\n"));
        }
    }
    let reply = commands::open(turn, Vec::new(), step(number), vrf, args);
    if form(args) != Form::Set {
        super::interface::forget(turn.state, |_, _, process| u64::from(process) == number);
    }
    reply
}

/// A process that hears no neighbor takes its new id at once; an id is of one process only.
fn router_id(turn: &mut Turn<'_>, session: &mut Session, args: &Args) -> Reply {
    if let Some(id) = args.ipv4("id").filter(|_| form(args) == Form::Set) {
        if id.is_unspecified() {
            return Reply::Refused("% OSPF: Router-id 0.0.0.0 is not allowed\n".into());
        }
        let own = path(session);
        let mut others = turn
            .state
            .routers
            .of(routing::Kind::Ospf)
            .filter(|(step, _)| Some(*step) != own.first());
        if others.any(|(_, block)| block.running.id == Some(id)) {
            return Reply::Refused(format!("% OSPF: router-id {id} is in use by ospf process\n"));
        }
    }
    set(turn, session, args)
}

/// The address is printed without the bits that do not count. `wildcard` may be typed as a mask.
fn network(turn: &mut Turn<'_>, session: &mut Session, args: &Args) -> Reply {
    let (Some(address), Some(typed)) = (args.ipv4("address"), args.ipv4("wildcard")) else {
        return Reply::Incomplete;
    };
    let bits = typed.to_bits();
    let is_mask = bits.leading_ones() + bits.trailing_zeros() == u32::BITS && bits != 0;
    let wildcard = if is_mask { Ipv4Addr::from_bits(!bits) } else { typed };
    let network = Ipv4Addr::from_bits(address.to_bits() & !wildcard.to_bits());
    let words = words(args);
    let area = words.split_once(" area ").map(|(_, area)| format!(" area {area}"));
    let words = format!("network {network} {wildcard}{}", area.unwrap_or_default());
    set_words(turn, session, args, &words)
}

/// The same everywhere, or the shortest way is none.
fn reference(turn: &mut Turn<'_>, session: &mut Session, args: &Args) -> Reply {
    match set(turn, session, args) {
        Reply::Done => Reply::Text(
            "% OSPF: Reference bandwidth is changed.\n        \
             Please ensure reference bandwidth is consistent across all routers.\n"
                .into(),
        ),
        reply => reply,
    }
}

/// With `passive-interface default` it is the others that are listed.
pub(crate) fn passive(turn: &mut Turn<'_>, session: &mut Session, args: &Args) -> Reply {
    let words = words(args);
    if args.interface("interface").is_none() && !args.has("default") {
        return Reply::Incomplete;
    }
    if args.interface("interface").is_some_and(|name| !may_name(turn.state, name)) {
        return Reply::Invalid { column: args.column("interface") };
    }
    edit(turn, session, |block, kind| {
        let is_default = block.lines.has("passive-interface default");
        let order = kind.order();
        if args.has("default") {
            if is_default != (form(args) == Form::Set) {
                block.lines.retain(|line| !line.contains("passive-interface "));
            }
            let _ = block.lines.set(order, &words, form(args));
            return Reply::Done;
        }
        // What is as it would be without the line has none.
        let is_listed = is_default != (form(args) == Form::Set) && form(args) != Form::Default;
        let form = if is_listed { Form::Set } else { Form::Default };
        if !block.lines.set(order, &words, form) {
            return commands::full();
        }
        if is_listed && is_default {
            block.lines.negate(order, &words);
        }
        Reply::Done
    })
}
