//! The blocks of named mode: `address-family`, `af-interface`, `topology base`.

use cli::{Args, Kind, Token, kw, one_of, opt, param};

use crate::command::{Command, Mode, Reply};
use crate::feature::routing::commands::{edit, form, line, open, path, ruled, set};
use crate::feature::routing::tokens::AUTONOMOUS_SYSTEM;
use crate::feature::routing::{self, Block, Form, Step, has_vrf};
use crate::session::Session;
use crate::turn::Turn;

const NAMED: &[Mode] = &[Mode::Router(routing::Kind::EigrpNamed)];
const FAMILY: &[Mode] = &[Mode::Router(routing::Kind::EigrpFamily)];
const INTERFACE: &[Mode] = &[Mode::Router(routing::Kind::EigrpInterface)];
const SECONDS: Kind = Kind::Integer { min: 1, max: 65_535 };

const VRF: Token = opt(&[
    kw("vrf", "Specify a VPN Routing/Forwarding instance"),
    param("vrf", Kind::Word, "VPN Routing/Forwarding instance name"),
]);
const NUMBER: &[Token] = &[
    kw("autonomous-system", "Specify Address-Family Autonomous System Number"),
    param("as", AUTONOMOUS_SYSTEM, "Autonomous System"),
];

/// The commands of this file.
pub(crate) const COMMANDS: &[Command] = &[
    ruled(
        NAMED,
        &[
            kw("address-family", "Enter Address Family command mode"),
            one_of(&[&[kw("ipv4", "Address Family IPv4")], &[kw("ipv6", "Address Family IPv6")]]),
            opt(&[kw("unicast", "Address Family Unicast")]),
            VRF,
            opt(NUMBER),
        ],
        family,
    ),
    ruled(
        &[Mode::Router(routing::Kind::Eigrp)],
        &[
            kw("address-family", "Enter Address Family command mode"),
            kw("ipv4", "Address Family IPv4"),
            opt(&[kw("unicast", "Address Family Unicast")]),
            VRF,
            opt(NUMBER),
        ],
        classic_family,
    ),
    line(NAMED, &[kw("shutdown", "Shutdown this instance of EIGRP")]),
    ruled(
        FAMILY,
        &[
            kw("af-interface", "Enter Address Family interface configuration"),
            one_of(&[
                &[kw("default", "Specify defaults for all interfaces")],
                &[param("interface", Kind::Interface, "Interface")],
            ]),
        ],
        interface,
    ),
    ruled(
        FAMILY,
        &[
            kw("topology", "Topology configuration mode"),
            kw("base", "Routing Protocol information for the Base Topology"),
        ],
        topology,
    ),
    ruled(
        INTERFACE,
        &[kw("passive-interface", "Suppress address updates on an interface")],
        passive,
    ),
    line(
        INTERFACE,
        &[
            kw("hello-interval", "Configures hello interval"),
            param("secs", SECONDS, "Seconds between hello transmissions"),
        ],
    ),
    line(
        INTERFACE,
        &[
            kw("hold-time", "Configures hold time"),
            param("secs", SECONDS, "Seconds before neighbor is considered down"),
        ],
    ),
    line(
        INTERFACE,
        &[
            kw("authentication", "authentication subcommands"),
            one_of(&[
                &[kw("key-chain", "key-chain"), param("chain", Kind::Word, "Name of key-chain")],
                &[
                    kw("mode", "mode"),
                    one_of(&[
                        &[
                            kw("hmac-sha-256", "HMAC-SHA-256 Authentication"),
                            opt(&[param("type", Kind::Integer { min: 0, max: 7 }, "Encryption")]),
                            param("secret", Kind::Word, "password"),
                        ],
                        &[kw("md5", "Keyed message digest")],
                    ]),
                ],
            ]),
        ],
    ),
    line(
        INTERFACE,
        &[
            kw("bandwidth-percent", "Set percentage of bandwidth percentage limit"),
            param("percent", Kind::Integer { min: 1, max: 999_999 }, "Maximum bandwidth percent"),
        ],
    ),
    line(
        INTERFACE,
        &[
            kw("summary-address", "Perform address summarization"),
            param("address", Kind::Ipv4, "IP summary network number"),
            param("mask", Kind::Mask, "IP summary network mask"),
            opt(&[
                kw("leak-map", "Allow dynamic prefixes based on the leak-map"),
                param("leak-map", Kind::Word, "Route-map reference"),
            ]),
        ],
    ),
    line(INTERFACE, &[kw("split-horizon", "Perform split horizon")]),
    line(
        INTERFACE,
        &[
            kw("next-hop-self", "Configures EIGRP next-hop-self"),
            opt(&[kw("no-ecmp-mode", "Next hop evaluation of all paths")]),
        ],
    ),
    line(INTERFACE, &[kw("shutdown", "Disable Address-Family on interface")]),
    line(INTERFACE, &[kw("bfd", "Enable Bidirectional Forwarding Detection")]),
    line(
        INTERFACE,
        &[
            kw("dampening-change", "Percent interface metric must change to cause update"),
            opt(&[param("percent", Kind::Integer { min: 1, max: 100 }, "Percent")]),
        ],
    ),
    line(
        INTERFACE,
        &[
            kw("dampening-interval", "Time in seconds to check interface metrics"),
            opt(&[param("secs", SECONDS, "Seconds")]),
        ],
    ),
    line(
        INTERFACE,
        &[
            kw("add-paths", "Advertise add paths"),
            param("paths", Kind::Integer { min: 1, max: 4 }, "Number of paths"),
        ],
    ),
];

/// One family of one autonomous system; a known one may be named without its number.
fn family(turn: &mut Turn<'_>, session: &mut Session, args: &Args) -> Reply {
    let above = path(session);
    let afi = if args.has("ipv6") { "ipv6" } else { "ipv4" };
    let vrf = args.text("vrf");
    let of_vrf = vrf.map(|vrf| format!(" vrf {vrf}")).unwrap_or_default();
    let front = format!("address-family {afi} unicast{of_vrf} autonomous-system");
    let known = turn.state.routers.get(&above).and_then(|block| {
        block.below.keys().find(|step| step.header.starts_with(&format!("{front} "))).cloned()
    });
    let step = match (args.number("as"), known) {
        (Some(number), _) => Step::new(routing::Kind::EigrpFamily, format!("{front} {number}")),
        (None, Some(known)) => known,
        (None, None) => return Reply::Incomplete,
    };
    let reply = open_family(turn, above.clone(), step.clone(), vrf, args);
    let family = [above, vec![step]].concat();
    if let Some(block) = turn.state.routers.get_mut(&family) {
        let base = base();
        let kind = base.kind;
        block.below.entry(base).or_insert_with(|| Block::new(kind, None));
    }
    reply
}

fn base() -> Step {
    Step::new(routing::Kind::EigrpTopology, "topology base".to_owned())
}

/// A VRF of a classic process: its number may be a line of its own.
fn classic_family(turn: &mut Turn<'_>, session: &mut Session, args: &Args) -> Reply {
    let Some(vrf) = args.text("vrf") else { return Reply::Incomplete };
    let header = format!("address-family ipv4 vrf {vrf}");
    let header = args
        .number("as")
        .map_or(header.clone(), |number| format!("{header} autonomous-system {number}"));
    let above = path(session);
    let front = format!("address-family ipv4 vrf {vrf}");
    let known = turn.state.routers.get(&above).and_then(|block| {
        let is_same =
            |step: &&Step| step.header == front || step.header.starts_with(&format!("{front} "));
        block.below.keys().find(is_same).cloned()
    });
    let new = Step::new(routing::Kind::EigrpFamily, header);
    let step = if args.number("as").is_some() { new } else { known.unwrap_or(new) };
    open_family(turn, above, step, Some(vrf), args)
}

fn open_family(
    turn: &mut Turn<'_>,
    above: routing::Path,
    step: Step,
    vrf: Option<&str>,
    args: &Args,
) -> Reply {
    if let Some(vrf) = vrf.filter(|vrf| form(args) == Form::Set && !has_vrf(turn.state, vrf)) {
        return Reply::Refused(format!("% VRF {vrf} does not exist\n"));
    }
    open(turn, above, step, vrf.map(str::to_owned), args)
}

fn interface(turn: &mut Turn<'_>, session: &mut Session, args: &Args) -> Reply {
    let name = match args.interface("interface") {
        Some(name) => name.long(),
        None if args.has("default") => "default".to_owned(),
        None => return Reply::Incomplete,
    };
    let mut step = Step::new(routing::Kind::EigrpInterface, format!("af-interface {name}"));
    if name == "default" {
        // It stands before the others.
        step.order = String::new();
    }
    open(turn, path(session), step, None, args)
}

/// It is always there.
fn topology(turn: &mut Turn<'_>, session: &mut Session, args: &Args) -> Reply {
    let above = path(session);
    if above.len() == 2 && above[0].kind == routing::Kind::Eigrp {
        return Reply::Invalid { column: 0 };
    }
    open(turn, above, base(), None, args)
}

/// Where all interfaces are passive, it is the others that have a line.
fn passive(turn: &mut Turn<'_>, session: &mut Session, args: &Args) -> Reply {
    let here = path(session);
    let is_default = here.last().is_some_and(|step| step.header == "af-interface default");
    let family = here.get(..2).and_then(|family| turn.state.routers.get(family));
    let all_passive = !is_default
        && family.is_some_and(|family| {
            let mut below = family.below.iter();
            let default = below.find(|(step, _)| step.header == "af-interface default");
            default.is_some_and(|(_, block)| block.lines.has("passive-interface"))
        });
    if !all_passive || form(args) != Form::No {
        return set(turn, session, args);
    }
    edit(turn, session, |block, kind| {
        let _ = block.lines.set(kind.order(), "passive-interface", Form::Set);
        block.lines.negate(kind.order(), "passive-interface");
        Reply::Done
    })
}
