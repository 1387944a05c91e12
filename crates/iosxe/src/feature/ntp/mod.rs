//! The Network Time Protocol (RFC 5905): whose clock a router follows, and whether it does.
//!
//! Each association asks its server again and again over the lab; what it hears decides which one
//! the clock follows. The answers come from other routers ([`served`]): one that follows a clock
//! itself, or is told to trust its own (`ntp master`). Whoever is outside of the lab never answers.

pub(crate) mod config;
mod detail;
mod key;
mod poll;
mod print;
mod select;
mod serve;
pub(crate) mod show;

pub(crate) use poll::{answered, due};
pub(crate) use print::SECTIONS;
pub(crate) use serve::served;

use std::collections::{BTreeMap, BTreeSet};
use std::net::{IpAddr, Ipv4Addr};

use cli::InterfaceName;
use simtime::{Duration, Time, TimerId};

use crate::device::State;
use crate::feature::names;
use crate::io::{PingId, TimeServed};
use key::Key;

/// How many associations a router keeps (the default of `ntp max-associations`).
const ASSOCIATIONS_MAX: usize = 100;

/// How many keys.
const KEYS_MAX: usize = 256;

/// What a clock is at that follows nothing (RFC 5905, section 7.3).
const STRATUM_NONE: u8 = 16;

/// What `ntp master` gives unless it is told.
const MASTER_STRATUM_DEFAULT: u8 = 8;

/// The address by which a router calls its own clock.
const LOCAL_CLOCK: Ipv4Addr = Ipv4Addr::new(127, 127, 1, 1);

/// Exponents of the poll interval: 64 s, and 1024 s when all goes well.
const MIN_POLL_DEFAULT: u8 = 6;
const MAX_POLL_DEFAULT: u8 = 10;

/// The own clock is looked at every 16 s.
const LOCAL_POLL: u8 = 4;

/// What of NTP a router is told, and what it knows.
#[derive(Debug, Default)]
pub(crate) struct Ntp {
    /// In the order in which they were configured.
    associations: Vec<Association>,
    /// The number of the last association.
    last: u32,
    /// `ntp source`
    source: Option<InterfaceName>,
    authenticate: bool,
    logging: bool,
    update_calendar: bool,
    keys: BTreeMap<u32, Key>,
    /// `ntp trusted-key`, as ranges.
    trusted: BTreeSet<(u32, u32)>,
    /// Since when it runs.
    started: Option<Time>,
    /// The association that the clock follows, and since when it was told last.
    system_peer: Option<Followed>,
    /// When the clock was told its time last, by whomever.
    updated: Option<Time>,
}

/// The association that the clock follows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Followed {
    id: u32,
    stratum: u8,
    reference: Ipv4Addr,
}

/// One server, one peer, or the own clock.
#[derive(Debug)]
struct Association {
    id: u32,
    role: Role,
    vrf: Option<String>,
    host: Host,
    options: Options,
    polling: Polling,
}

/// What it is to the router.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Role {
    /// `ntp server`
    Server,
    /// `ntp peer`
    Peer,
    /// `ntp master`: the own clock, at one stratum less than it gives the router.
    Local(u8),
}

/// Who is asked.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Host {
    Address(IpAddr),
    Name(String),
}

/// The words behind an address.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Options {
    version: Option<u8>,
    key: Option<u32>,
    source: Option<InterfaceName>,
    prefer: bool,
    minpoll: Option<u8>,
    maxpoll: Option<u8>,
    burst: bool,
    iburst: bool,
}

/// How far the asking is.
#[derive(Debug, Default)]
struct Polling {
    /// One bit for each of the last eight requests, the latest lowest: answered or not.
    reach: u8,
    /// The exponent of the interval.
    poll: u8,
    /// Good answers since the last request without one, or since the interval grew.
    in_a_row: u32,
    /// Answers in a row of a clock that could be followed.
    good: u32,
    /// Requests of the burst at the beginning that are still to come.
    burst: u8,
    next: Option<TimerId>,
    /// The request that is not answered yet, and when it was sent.
    waiting: Option<(PingId, Time)>,
    latest: Option<Sample>,
    sent: u64,
    heard: u64,
}

/// The latest answer.
#[derive(Clone, Copy, Debug)]
struct Sample {
    at: Time,
    served: TimeServed,
    delay: Duration,
    /// By how much the other clock is ahead, in microseconds.
    offset_us: i64,
    /// Whether its key is one that is trusted.
    authentic: bool,
}

impl Ntp {
    fn get(&self, id: u32) -> Option<&Association> {
        self.associations.iter().find(|association| association.id == id)
    }

    fn get_mut(&mut self, id: u32) -> Option<&mut Association> {
        self.associations.iter_mut().find(|association| association.id == id)
    }

    /// The stratum of the router itself.
    fn stratum(&self) -> u8 {
        self.system_peer.map_or(STRATUM_NONE, |followed| followed.stratum + 1)
    }
}

impl Association {
    /// The address that is asked, as far as it is known.
    fn address(&self, state: &State) -> Option<Ipv4Addr> {
        match &self.host {
            Host::Address(IpAddr::V4(address)) => Some(*address),
            Host::Address(IpAddr::V6(_)) => None,
            Host::Name(name) => names::address_of(state, name),
        }
    }

    fn min_poll(&self) -> u8 {
        match self.role {
            Role::Local(_) => LOCAL_POLL,
            Role::Server | Role::Peer => self.options.minpoll.unwrap_or(MIN_POLL_DEFAULT),
        }
    }

    fn max_poll(&self) -> u8 {
        match self.role {
            Role::Local(_) => LOCAL_POLL,
            Role::Server | Role::Peer => {
                self.options.maxpoll.unwrap_or(MAX_POLL_DEFAULT).max(self.min_poll())
            }
        }
    }
}
