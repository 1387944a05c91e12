//! IP SLA: operations that ask again and again whether an address answers, and how fast.
//!
//! Only `icmp-echo` is carried out; other operations are kept and never run. An operation costs
//! nothing until it is scheduled, and then one echo request each `frequency`. Read by tracked
//! objects.

pub(crate) mod config;
pub(crate) mod job;
mod probe;
pub(crate) mod schedule;
pub(crate) mod show;

pub(crate) use probe::{answered, due, timed_out};

use std::collections::BTreeMap;
use std::net::Ipv4Addr;

use cli::InterfaceName;
use simtime::{Time, TimerId};

use crate::device::State;
use crate::io::PingId;
use schedule::Schedule;

/// How many operations one router has.
const OPERATIONS_MAX: usize = 500;

/// What an operation does unless it is told.
const FREQUENCY_SECS_DEFAULT: u64 = 60;
const MILLIS_DEFAULT: u64 = 5_000;

/// The operations of one router, by number.
#[derive(Clone, Debug, Default)]
pub(crate) struct Slas {
    all: BTreeMap<u32, Operation>,
}

/// One operation.
#[derive(Clone, Debug, Default)]
struct Operation {
    job: Option<Job>,
    settings: Settings,
    /// Lines of its sub-mode that change nothing here.
    kept: Vec<String>,
    schedule: Option<Schedule>,
    /// The lines of `ip sla reaction-configuration`, without their beginning.
    reactions: Vec<String>,
    results: Results,
    /// The next request.
    next: Option<TimerId>,
    /// The request that is not answered yet.
    under_way: Option<Probe>,
}

/// What an operation does.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Job {
    /// `icmp-echo`
    Echo { to: Ipv4Addr, source: Source },
    /// Something that is not carried out here, as it was typed.
    Other(String),
}

/// Where an operation's packets come from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Source {
    /// The port that they leave by.
    Any,
    /// `source-ip`
    Address(Ipv4Addr),
    /// `source-interface`
    Interface(InterfaceName),
}

/// What every kind of operation has.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Settings {
    frequency_secs: u64,
    timeout_ms: u64,
    threshold_ms: u64,
    tag: Option<String>,
    owner: Option<String>,
}

impl Default for Settings {
    fn default() -> Self {
        Settings {
            frequency_secs: FREQUENCY_SECS_DEFAULT,
            timeout_ms: MILLIS_DEFAULT,
            threshold_ms: MILLIS_DEFAULT,
            tag: None,
            owner: None,
        }
    }
}

/// What came of the requests.
#[derive(Clone, Copy, Debug, Default)]
struct Results {
    successes: u64,
    failures: u64,
    latest: Option<Latest>,
}

/// What came of the latest request.
#[derive(Clone, Copy, Debug)]
struct Latest {
    started: Time,
    code: Code,
    rtt_ms: u64,
}

/// How a request ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Code {
    Ok,
    OverThreshold,
    Timeout,
    /// It could not be sent.
    NoConnection,
}

/// A request under way.
#[derive(Clone, Copy, Debug)]
struct Probe {
    ping: PingId,
    sent: Time,
    timer: TimerId,
}

impl Code {
    /// As the tables have it.
    pub(crate) fn word(self) -> &'static str {
        match self {
            Code::Ok => "OK",
            Code::OverThreshold => "Over threshold",
            Code::Timeout => "Timeout",
            Code::NoConnection => "No connection",
        }
    }

    /// Whether an answer came at all.
    pub(crate) fn is_reached(self) -> bool {
        match self {
            Code::Ok | Code::OverThreshold => true,
            Code::Timeout | Code::NoConnection => false,
        }
    }
}

/// What came of the latest request of an operation, and how many milliseconds it took.
pub(crate) fn latest(state: &State, number: u32) -> Option<(Code, u64)> {
    let latest = state.slas.all.get(&number)?.results.latest?;
    Some((latest.code, latest.rtt_ms))
}
