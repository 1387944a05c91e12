//! `ip ospf ...` under an interface.

use cli::{Args, InterfaceName, Kind, Token, kw, one_of, opt, param};

use super::{Area, enabled};
use crate::command::{Command, Handler, Mode, Place, Reply};
use crate::device::State;
use crate::feature::interface::Routed;
use crate::feature::routing::commands::{form, full, words};
use crate::feature::routing::tokens::{AREA, PROCESS};
use crate::feature::routing::{Form, Order, review};
use crate::session::Session;
use crate::turn::Turn;

/// The lines of an interface about routing protocols, in the order of a running-config.
pub(crate) const ORDER: Order = Order {
    patterns: &[
        "ip hello-interval eigrp *",
        "ip hold-time eigrp *",
        "ip bandwidth-percent eigrp *",
        "ip authentication mode eigrp *",
        "ip authentication key-chain eigrp *",
        "ip split-horizon eigrp *",
        "ip next-hop-self eigrp *",
        "ip summary-address eigrp * * *",
        "ip ospf authentication",
        "ip ospf authentication-key",
        "ip ospf message-digest-key * md5",
        "ip ospf network",
        "ip ospf prefix-suppression",
        "ip ospf hello-interval",
        "ip ospf dead-interval",
        "ip ospf retransmit-interval",
        "ip ospf transmit-delay",
        "ip ospf priority",
        "ip ospf mtu-ignore",
        "ip ospf database-filter all out",
        "ip ospf demand-circuit",
        "ip ospf flood-reduction",
        "ip ospf bfd",
        "ip ospf ttl-security",
        "ip ospf shutdown",
        "ip ospf resync-timeout",
        "ip ospf lls",
        "ip ospf _ area _",
        "ip ospf cost",
    ],
    defaults: &["ip ospf priority 1", "ip ospf retransmit-interval 5", "ip ospf transmit-delay 1"],
    on: &["ip split-horizon eigrp *", "ip next-hop-self eigrp *"],
    shown: &[],
};

const IP: Token = kw("ip", "Interface Internet Protocol config commands");
const OSPF: Token = kw("ospf", "OSPF interface commands");
const SECONDS: Token = param("value", Kind::Integer { min: 1, max: 65_535 }, "Seconds");
const KEY: Token = param("secret", Kind::Word, "The OSPF password (key)");
const HIDDEN: Token = opt(&[param(
    "type",
    Kind::Integer { min: 0, max: 7 },
    "Encryption type (0 for not yet encrypted, 7 for proprietary)",
)]);

/// The commands of this file.
pub(crate) const COMMANDS: &[Command] = &[
    ruled(
        &[
            IP,
            OSPF,
            param("process", PROCESS, "Process ID"),
            kw("area", "Set the OSPF area ID"),
            AREA,
            opt(&[
                kw("secondaries", "Include or exclude secondary IP addresses"),
                kw("none", "Do not include secondary IP addresses"),
            ]),
        ],
        area,
    ),
    line(&[
        IP,
        OSPF,
        kw("authentication", "Enable authentication"),
        opt(&[one_of(&[
            &[
                kw("key-chain", "Use a key-chain for cryptographic authentication keys"),
                param("chain", Kind::Word, "Name of key-chain"),
            ],
            &[kw("message-digest", "Use message-digest authentication")],
            &[kw("null", "Use no authentication")],
        ])]),
    ]),
    ruled(&[IP, OSPF, kw("authentication-key", "Authentication password (key)"), HIDDEN, KEY], key),
    ruled(
        &[
            IP,
            OSPF,
            kw("message-digest-key", "Message digest authentication password (key)"),
            param("id", Kind::Integer { min: 1, max: 255 }, "Key ID"),
            kw("md5", "Use MD5 algorithm"),
            HIDDEN,
            KEY,
        ],
        key,
    ),
    line(&[
        IP,
        OSPF,
        kw("network", "Network type"),
        one_of(&[
            &[kw("broadcast", "Specify OSPF broadcast multi-access network")],
            &[kw("non-broadcast", "Specify OSPF NBMA network")],
            &[
                kw("point-to-multipoint", "Specify OSPF point-to-multipoint network"),
                opt(&[kw("non-broadcast", "Specify non-broadcast point-to-mpoint network")]),
            ],
            &[kw("point-to-point", "Specify OSPF point-to-point network")],
        ]),
    ]),
    line(&[IP, OSPF, kw("hello-interval", "Time between HELLO packets"), SECONDS]),
    line(&[
        IP,
        OSPF,
        kw("dead-interval", "Interval after which a neighbor is declared dead"),
        one_of(&[
            &[
                kw("minimal", "Set to 1 second"),
                kw("hello-multiplier", "Set multiplier for Hellos"),
                param("value", Kind::Integer { min: 3, max: 20 }, "Hellos sent in 1 second"),
            ],
            &[SECONDS],
        ]),
    ]),
    line(&[
        IP,
        OSPF,
        kw("retransmit-interval", "Time between retransmitting lost link state advertisements"),
        SECONDS,
    ]),
    line(&[IP, OSPF, kw("transmit-delay", "Link state transmit delay"), SECONDS]),
    line(&[
        IP,
        OSPF,
        kw("priority", "Router priority"),
        param("value", Kind::Integer { min: 0, max: 255 }, "Priority"),
    ]),
    line(&[
        IP,
        OSPF,
        kw("cost", "Route cost of this interface"),
        param("value", Kind::Integer { min: 1, max: 65_535 }, "Cost"),
    ]),
    line(&[IP, OSPF, kw("mtu-ignore", "Ignores the MTU in DBD packets")]),
    line(&[
        IP,
        OSPF,
        kw("database-filter", "Filter OSPF LSA during synchronization and flooding"),
        kw("all", "Filter all LSA"),
        kw("out", "Outgoing LSA"),
    ]),
    line(&[IP, OSPF, kw("demand-circuit", "OSPF Demand Circuit")]),
    line(&[IP, OSPF, kw("flood-reduction", "OSPF Flood Reduction")]),
    line(&[IP, OSPF, kw("prefix-suppression", "Enable/Disable OSPF prefix suppression")]),
    line(&[
        IP,
        OSPF,
        kw(
            "resync-timeout",
            "Interval after which adjacency is reset if oob-resync is not started",
        ),
        SECONDS,
    ]),
    line(&[IP, OSPF, kw("shutdown", "Set OSPF protocol's state to disable on this interface")]),
    line(&[IP, OSPF, kw("bfd", "Enable BFD"), opt(&[kw("disable", "Disable BFD")])]),
    line(&[
        IP,
        OSPF,
        kw("ttl-security", "TTL security check"),
        opt(&[one_of(&[
            &[kw("disable", "Disable ttl-security on this interface")],
            &[
                kw("hops", "Maximum number of hops allowed"),
                param("value", Kind::Integer { min: 1, max: 254 }, "Hops"),
            ],
        ])]),
    ]),
];

const fn line(syntax: &'static [Token]) -> Command {
    ruled(syntax, set)
}

const fn ruled(syntax: &'static [Token], run: Handler) -> Command {
    Command { modes: &[Mode::Interface], privilege: 15, syntax, no: cli::No::Allowed, run }
}

/// Takes a line of the interface where the session stands, as it was typed.
pub(crate) fn set(turn: &mut Turn<'_>, session: &mut Session, args: &Args) -> Reply {
    set_words(turn, session, args, &words(args))
}

fn set_words(turn: &mut Turn<'_>, session: &Session, args: &Args, words: &str) -> Reply {
    let Place::Interface(name) = session.place() else {
        unreachable!("a command of interface mode runs in interface mode");
    };
    let Some(lines) = turn.state.interfaces.routing_mut(name) else { return Reply::Done };
    if !lines.set(&ORDER, words, form(args)) {
        return full();
    }
    review(turn);
    Reply::Done
}

/// An interface is in one area of one process. IOS makes the process if it is not there.
fn area(turn: &mut Turn<'_>, session: &mut Session, args: &Args) -> Reply {
    if form(args) == Form::Set {
        let number = args.number("process").unwrap_or_default();
        let Place::Interface(name) = *session.place() else { return Reply::Done };
        let port = turn.state.interfaces.routed(&turn.state.vrfs).find(|port| port.name == name);
        let vrf = port.and_then(|port| port.vrf).map(str::to_owned);
        let known = super::processes(turn.state).find(|p| u64::from(p.number) == number);
        if known.is_some_and(|process| process.block.vrf != vrf) {
            let text =
                format!("% OSPF: Process {number} and interface {name} are in different VRFs\n");
            return Reply::Refused(text);
        }
        if known.is_none() && !super::config::make(turn, number, vrf) {
            return full();
        }
    }
    set(turn, session, args)
}

/// Interfaces that are in a process of which this is true are in none.
pub(super) fn forget(state: &mut State, is_gone: impl Fn(&State, &Routed<'_>, u32) -> bool) {
    let gone: Vec<(InterfaceName, u32)> = state
        .interfaces
        .routed(&state.vrfs)
        .filter_map(|port| enabled(&port).map(|(number, _)| (port, number)))
        .filter(|(port, number)| is_gone(state, port, *number))
        .map(|(port, number)| (port.name, number))
        .collect();
    for (name, number) in gone {
        if let Some(lines) = state.interfaces.routing_mut(&name) {
            lines.forget(&format!("ip ospf {number} area"));
        }
    }
}

/// An interface that has changed its VRF is in no process of the old one.
pub(crate) fn follow_vrfs(state: &mut State) {
    forget(state, |state, port, number| {
        let process = super::processes(state).find(|process| process.number == number);
        process.is_some_and(|process| process.block.vrf.as_deref() != port.vrf)
    });
}

/// A key that is not encrypted is printed without the number of its type.
fn key(turn: &mut Turn<'_>, session: &mut Session, args: &Args) -> Reply {
    if form(args) == Form::Set && !matches!(args.number("type"), None | Some(0 | 7)) {
        return Reply::Invalid { column: args.column("type") };
    }
    let words = words(args);
    let words = match (args.number("type"), args.text("secret")) {
        // A secret that is a number would be read as the type of one.
        (Some(0), Some(secret)) if secret.parse::<u64>().is_err() => {
            words.replace(&format!(" 0 {secret}"), &format!(" {secret}"))
        }
        _ => words,
    };
    set_words(turn, session, args, &words)
}

/// The areas that interfaces name for a process, each with its interfaces.
pub(crate) fn explicit(state: &State, number: u32) -> Vec<(Area, Vec<String>)> {
    let mut areas: Vec<(Area, Vec<String>)> = Vec::new();
    for port in state.interfaces.routed(&state.vrfs) {
        let Some((_, area)) = enabled(&port).filter(|(own, _)| *own == number) else { continue };
        let name = port.name.long();
        match areas.iter_mut().find(|(known, _)| *known == area) {
            Some((_, names)) => names.push(name),
            None => areas.push((area, vec![name])),
        }
    }
    areas.sort_by_key(|(area, _)| *area);
    areas
}
