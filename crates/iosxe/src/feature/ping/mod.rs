//! `ping`: echo requests that the lab carries, one after the other, until all are answered or lost.
//!
//! Driven by a command, by the lab's answers and by a timer. It knows no topology: whether an
//! address answers, and how fast, is the lab's knowledge.

mod dialogue;
mod port;
mod run;

pub(crate) use run::{answered, broken_off, shown, timed_out};

use std::collections::BTreeMap;
use std::net::IpAddr;

use cli::{Args, InterfaceName, Kind, No, any_of, kw, one_of, opt, param};
use simtime::Duration;

use crate::command::{Command, Mode, Reply};
use crate::device::State;
use crate::feature::interface::is_link_local;
use crate::feature::names::{self, Resolved};
use crate::io::{PingId, VrfId};
use crate::session::Session;
use crate::turn::Turn;
use run::Run;

/// What a `ping` says without options.
const COUNT_DEFAULT: u64 = 5;
const BYTES_DEFAULT: u64 = 100;
const TIMEOUT_SECS_DEFAULT: u64 = 2;

/// How many echo requests one command may ask for.
const COUNT_MAX: u64 = 10_000;

/// How many pings one router has under way.
const RUNS_MAX: usize = 64;

/// What a word is told that is no address, nor in the host table.
const UNRECOGNIZED: &str = "% Unrecognized host or address, or protocol not running.\n";

const NO_ADDRESS: &str = "% Invalid source interface - No IP address\n";

const NOT_OURS: &str = "% Invalid source address- IP address not on any of our up interfaces\n";

/// The commands of this feature.
pub(crate) const COMMANDS: &[Command] = &[Command {
    modes: &[Mode::Exec],
    privilege: 1,
    syntax: &[
        kw("ping", "Send echo messages"),
        opt(&[one_of(&[
            &[kw("ip", "IP echo")],
            &[kw("ipv6", "IPv6 echo")],
            &[
                kw("vrf", "Select VPN routing instance"),
                param("vrf", Kind::Word, "VPN Routing/Forwarding instance name"),
                opt(&[one_of(&[&[kw("ip", "IP echo")], &[kw("ipv6", "IPv6 echo")]])]),
            ],
        ])]),
        opt(&[
            param("address", Kind::Word, "Ping destination address or hostname"),
            any_of(&[
                &[
                    kw("repeat", "specify repeat count"),
                    param("repeat", Kind::Integer { min: 1, max: COUNT_MAX }, "repeat count"),
                ],
                &[
                    kw("size", "specify datagram size"),
                    param("size", Kind::Integer { min: 36, max: 18_024 }, "Datagram size"),
                ],
                &[
                    kw("source", "specify source address or name"),
                    one_of(&[
                        &[param("source", Kind::Interface, "Source interface")],
                        &[param("source-address", Kind::Ipv4, "Source address")],
                        &[param("source-address", Kind::Ipv6, "Source address")],
                    ]),
                ],
                &[kw("df-bit", "enable do not fragment bit in IP header")],
                &[kw("validate", "validate reply data")],
                &[kw("verbose", "verbose output")],
                &[
                    kw("data", "specify data pattern"),
                    param("data", Kind::Word, "Data pattern in hexadecimal"),
                ],
                &[
                    kw("timeout", "specify timeout interval"),
                    param("timeout", Kind::Integer { min: 0, max: 3600 }, "timeout in seconds"),
                ],
            ]),
        ]),
    ],
    no: No::Without,
    run: ping,
}];

/// The pings of one router that are under way: at most one for each session that waits.
#[derive(Debug, Default)]
pub(crate) struct Pings {
    runs: BTreeMap<PingId, Run>,
    /// The number of the last echo request.
    last: u64,
}

/// The number of the next echo request of this router, whoever sends it.
pub(crate) fn next_id(state: &mut State) -> PingId {
    state.pings.next_id()
}

impl Pings {
    fn next_id(&mut self) -> PingId {
        self.last += 1;
        PingId(self.last)
    }
}

/// What one `ping` asks for.
#[derive(Clone, Copy, Debug)]
struct Request {
    vrf: VrfId,
    /// Where an address of a link is looked for.
    port: Option<InterfaceName>,
    address: IpAddr,
    source: Option<IpAddr>,
    count: u64,
    bytes: u32,
    timeout: Duration,
}

fn ping(turn: &mut Turn<'_>, session: &mut Session, args: &Args) -> Reply {
    let Some(word) = args.text("address") else { return dialogue::begin(session) };
    let vrf = match args.text("vrf").map(|name| (name, turn.state.vrfs.id(name))) {
        None => VrfId::GLOBAL,
        Some((_, Some(vrf))) => vrf,
        Some((name, None)) => return Reply::Refused(format!("% VRF {name} does not exist\n")),
    };
    let address = match names::resolve(turn.state, word, |address| is_meant(address, args)) {
        Resolved::Address(address) => address,
        Resolved::Unknown(said) => return Reply::Refused(said + UNRECOGNIZED),
    };
    let source = match source(turn.state, vrf, address, args) {
        Ok(source) => source,
        Err(refusal) => return Reply::Refused(refusal.into()),
    };
    let bytes = args.number("size").unwrap_or(BYTES_DEFAULT);
    let timeout = args.number("timeout").unwrap_or(TIMEOUT_SECS_DEFAULT);
    let request = Request {
        vrf,
        port: None,
        address,
        source,
        count: args.number("repeat").unwrap_or(COUNT_DEFAULT),
        bytes: u32::try_from(bytes).unwrap_or(u32::MAX),
        timeout: Duration::from_secs(timeout),
    };
    match address {
        IpAddr::V6(on_link) if is_link_local(on_link) => port::ask(session, request),
        IpAddr::V4(_) | IpAddr::V6(_) => launch(turn, session, request),
    }
}

/// Whether the command is about addresses of this family.
fn is_meant(address: IpAddr, args: &Args) -> bool {
    match address {
        IpAddr::V4(_) => !args.has("ipv6"),
        IpAddr::V6(_) => !args.has("ip"),
    }
}

/// The address that `source` names; what is wrong with it otherwise.
pub(crate) fn source(
    state: &State,
    vrf: VrfId,
    to: IpAddr,
    args: &Args,
) -> Result<Option<IpAddr>, &'static str> {
    if let Some(name) = args.interface("source") {
        return state.interfaces.address_like(name, to).map(Some).ok_or(NO_ADDRESS);
    }
    let v4 = args.ipv4("source-address").map(IpAddr::V4);
    let Some(source) = v4.or_else(|| args.ipv6("source-address").map(IpAddr::V6)) else {
        return Ok(None);
    };
    let is_own = source.is_ipv4() == to.is_ipv4() && state.interfaces.has_address_in(vrf, source);
    if is_own { Ok(Some(source)) } else { Err(NOT_OURS) }
}

/// Sends the first echo request; the session waits for the last answer.
fn launch(turn: &mut Turn<'_>, session: &Session, request: Request) -> Reply {
    if turn.state.pings.runs.len() >= RUNS_MAX {
        return Reply::Refused("% Too many pings are under way\n".into());
    }
    run::start(turn, session.caller(), request);
    Reply::Pending
}
