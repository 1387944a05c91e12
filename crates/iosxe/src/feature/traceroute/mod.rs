//! `traceroute`: probes with a growing time to live, until the address answers or none is left.
//!
//! Driven by a command, by the lab's answers and by a timer. It knows no topology: who answers a
//! probe, and how fast, is the lab's knowledge.

mod run;

pub(crate) use run::{answered, broken_off, timed_out};

use std::collections::BTreeMap;
use std::net::IpAddr;

use cli::{Args, Kind, No, Token, any_of, kw, one_of, opt, param};
use simtime::Duration;

use crate::command::{Command, Mode, Reply};
use crate::feature::names::{self, Resolved};
use crate::feature::ping;
use crate::io::{PingId, VrfId};
use crate::session::Session;
use crate::turn::Turn;
use run::Run;

/// What a `traceroute` says without options.
const TTL_MAX_DEFAULT: u8 = 30;
const PROBES_DEFAULT: u64 = 3;
const TIMEOUT_SECS_DEFAULT: u64 = 3;

/// How many traces one router has under way.
const RUNS_MAX: usize = 64;

const OPTIONS: Token = any_of(&[
    &[kw("numeric", "display numeric address")],
    &[
        kw("source", "specify source address or name"),
        one_of(&[
            &[param("source", Kind::Interface, "Source interface")],
            &[param("source-address", Kind::Ipv4, "Source address")],
            &[param("source-address", Kind::Ipv6, "Source address")],
        ]),
    ],
    &[
        kw("timeout", "specify time out"),
        param("timeout", Kind::Integer { min: 0, max: 3600 }, "timeout in seconds"),
    ],
    &[
        kw("probe", "specify number of probes per hop"),
        param("probe", Kind::Integer { min: 1, max: 10 }, "number of probes"),
    ],
    &[
        kw("ttl", "specify minimum and maximum ttl"),
        param("ttl-min", Kind::Integer { min: 0, max: 255 }, "minimum ttl"),
        param("ttl-max", Kind::Integer { min: 1, max: 255 }, "maximum ttl"),
    ],
    &[
        kw("port", "specify port number"),
        param("port", Kind::Integer { min: 0, max: 65_535 }, "port number"),
    ],
]);

/// The commands of this feature.
pub(crate) const COMMANDS: &[Command] = &[Command {
    modes: &[Mode::Exec],
    privilege: 1,
    syntax: &[
        kw("traceroute", "Trace route to destination"),
        opt(&[one_of(&[
            &[kw("ip", "IP Trace")],
            &[kw("ipv6", "IPv6 Trace")],
            &[
                kw("vrf", "Select VPN routing instance"),
                param("vrf", Kind::Word, "VPN Routing/Forwarding instance name"),
                opt(&[one_of(&[&[kw("ip", "IP Trace")], &[kw("ipv6", "IPv6 Trace")]])]),
            ],
        ])]),
        param("address", Kind::Word, "Trace route to destination address or hostname"),
        OPTIONS,
    ],
    no: No::Without,
    run: traceroute,
}];

/// The traces of one router that are under way: at most one for each session that waits.
#[derive(Debug, Default)]
pub(crate) struct Traces {
    runs: BTreeMap<PingId, Run>,
    /// The number of the last probe.
    last: u64,
}

impl Traces {
    fn next_id(&mut self) -> PingId {
        self.last += 1;
        PingId(self.last)
    }
}

/// What one `traceroute` asks for.
#[derive(Clone, Copy, Debug)]
struct Request {
    vrf: VrfId,
    address: IpAddr,
    source: Option<IpAddr>,
    ttl_max: u8,
    probes: u64,
    timeout: Duration,
}

fn traceroute(turn: &mut Turn<'_>, session: &mut Session, args: &Args) -> Reply {
    if turn.state.traces.runs.len() >= RUNS_MAX {
        return Reply::Refused("% Too many traces are under way\n".into());
    }
    let vrf = match args.text("vrf").map(|name| (name, turn.state.vrfs.id(name))) {
        None => VrfId::GLOBAL,
        Some((_, Some(vrf))) => vrf,
        Some((name, None)) => return Reply::Refused(format!("% VRF {name} does not exist\n")),
    };
    let word = args.text("address").unwrap_or_default();
    let address = match names::resolve(turn.state, word, |_| true) {
        Resolved::Address(address) => address,
        Resolved::Unknown(said) => {
            return Reply::Refused(said + "% Unrecognized host or address.\n");
        }
    };
    let source = match ping::source(turn.state, vrf, address, args) {
        Ok(source) => source,
        Err(refusal) => return Reply::Refused(refusal.into()),
    };
    let small = |name: &str, default: u8| {
        args.number(name).and_then(|number| u8::try_from(number).ok()).unwrap_or(default)
    };
    let request = Request {
        vrf,
        address,
        source,
        ttl_max: small("ttl-max", TTL_MAX_DEFAULT),
        probes: args.number("probe").unwrap_or(PROBES_DEFAULT),
        timeout: Duration::from_secs(args.number("timeout").unwrap_or(TIMEOUT_SECS_DEFAULT)),
    };
    // A probe of ttl 0 never leaves the router.
    run::start(turn, session.caller(), request, small("ttl-min", 1).max(1));
    Reply::Pending
}
