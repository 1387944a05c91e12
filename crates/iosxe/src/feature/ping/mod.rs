//! `ping`: echo requests that the lab carries, one after the other, until all are answered or lost.
//!
//! Driven by a command, by the lab's answers and by a timer. It knows no topology: whether an
//! address answers, and how fast, is the lab's knowledge.

mod dialogue;
mod run;

pub(crate) use run::{answered, broken_off, timed_out};

use std::collections::BTreeMap;
use std::net::Ipv4Addr;

use cli::{Args, Kind, No, any_of, kw, one_of, opt, param};
use simtime::Duration;

use crate::command::{Command, Mode, Reply};
use crate::device::State;
use crate::io::PingId;
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

/// What a word is told that is no address: no name server answers here.
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
    address: Ipv4Addr,
    source: Option<Ipv4Addr>,
    count: u64,
    bytes: u32,
    timeout: Duration,
}

fn ping(turn: &mut Turn<'_>, session: &mut Session, args: &Args) -> Reply {
    let Some(word) = args.text("address") else { return dialogue::begin(session) };
    if let Some(vrf) = args.text("vrf")
        && !turn.state.inert.lines("vrf definition").any(|name| name == vrf)
    {
        return Reply::Refused(format!("% VRF {vrf} does not exist\n"));
    }
    let Ok(address) = word.parse() else { return Reply::Refused(UNRECOGNIZED.into()) };
    let own = |address: &Ipv4Addr| turn.state.interfaces.has_address(*address);
    let source = match (args.interface("source"), args.ipv4("source-address")) {
        (None, None) => None,
        (Some(name), _) => match turn.state.interfaces.address_of(name) {
            Some(source) => Some(source),
            None => return Reply::Refused(NO_ADDRESS.into()),
        },
        (None, Some(source)) if own(&source) => Some(source),
        (None, Some(_)) => return Reply::Refused(NOT_OURS.into()),
    };
    let bytes = args.number("size").unwrap_or(BYTES_DEFAULT);
    let timeout = args.number("timeout").unwrap_or(TIMEOUT_SECS_DEFAULT);
    let request = Request {
        address,
        source,
        count: args.number("repeat").unwrap_or(COUNT_DEFAULT),
        bytes: u32::try_from(bytes).unwrap_or(u32::MAX),
        timeout: Duration::from_secs(timeout),
    };
    launch(turn, session, request)
}

/// Sends the first echo request; the session waits for the last answer.
fn launch(turn: &mut Turn<'_>, session: &Session, request: Request) -> Reply {
    if turn.state.pings.runs.len() >= RUNS_MAX {
        return Reply::Refused("% Too many pings are under way\n".into());
    }
    run::start(turn, session.caller(), request);
    Reply::Pending
}
