//! System messages: how they are stamped, kept, shown and sent (reference: syslog.md, section 1).
//!
//! Every message of a router goes through [`Turn::log`](crate::turn::Turn::log), which is `emit`
//! here. It must never be filtered by who reads it: each destination has its own level.

mod buffer;
pub(crate) mod collector;
pub(crate) mod config;
pub(crate) mod discriminator;
mod emit;
pub(crate) mod history;
mod level;
mod limit;
pub(crate) mod print;
pub(crate) mod service;
pub(crate) mod show;
pub(crate) mod stamp;
mod tally;
pub(crate) mod tls;
mod wire;

pub(crate) use collector::{collector_told, host_started, stop_all};
pub(crate) use emit::{emit, raw};
pub(crate) use stamp::Stamp;

use std::borrow::Cow;
use std::collections::BTreeMap;

use cli::InterfaceName;

use buffer::Buffer;
use collector::Host;
use discriminator::Discriminators;
use history::History;
use level::{DEBUGGING, INFORMATIONAL};
use limit::RateLimit;
use tally::Tally;
use tls::TlsProfiles;

/// The facility of datagrams unless `logging facility` says another: local7.
const FACILITY_DEFAULT: u8 = 23;

/// `logging exception`, in bytes, unless set.
const EXCEPTION_BYTES_DEFAULT: u32 = 4096;

/// `logging queue-limit`, in messages, unless set.
const QUEUE_MESSAGES_DEFAULT: u32 = 100;

/// One message: `%FACILITY-SEVERITY-MNEMONIC: text`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Message {
    /// `LINK`, `SYS`, `HA_EM`
    pub(crate) facility: Cow<'static, str>,
    /// 0 (emergencies) to 7 (debugging).
    pub(crate) severity: u8,
    /// `UPDOWN`
    pub(crate) mnemonic: Cow<'static, str>,
    /// What follows the colon.
    pub(crate) text: String,
    /// Which of the two `service timestamps` lines governs it.
    pub(crate) style: Style,
}

/// Which `service timestamps` line governs a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Style {
    /// `service timestamps log`
    Log,
    /// `service timestamps debug`: debug output, and all that EEM prints.
    Debug,
}

/// The logging of one router.
#[derive(Clone, Debug)]
pub(crate) struct Logging {
    off: bool,
    timestamps_log: Stamp,
    timestamps_debug: Stamp,
    sequence_numbers: bool,
    message_counters: MessageCounters,
    console: Local,
    monitor: Local,
    buffered: Local,
    trap: Option<u8>,
    /// `logging trap ... syslog-format rfc5424`
    rfc5424: bool,
    facility: u8,
    origin: Origin,
    /// `logging source-interface`, by VRF; the empty name is the global table.
    sources: BTreeMap<String, InterfaceName>,
    hosts: Vec<Host>,
    discriminators: Discriminators,
    profiles: TlsProfiles,
    rate_limit: RateLimit,
    /// `logging count`
    tally: Option<Tally>,
    history: History,
    userinfo: bool,
    exception_bytes: u32,
    queue_messages: u32,
    trap_queue_messages: u32,
    buffer: Buffer,
    /// The last number of `service sequence-numbers`; it counts whether it is printed or not.
    sequence: u64,
    counts: Counts,
}

/// A destination on the router itself.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Local {
    /// `None` is off.
    level: Option<u8>,
    discriminator: Option<String>,
    /// Messages so far.
    logged: u64,
}

/// `logging message-counter`
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct MessageCounters {
    syslog: bool,
    log: bool,
    debug: bool,
}

/// `logging origin-id`
#[derive(Clone, Debug, Default, PartialEq, Eq)]
enum Origin {
    #[default]
    None,
    Hostname,
    Ip,
    Ipv6,
    Text(String),
}

/// Messages by what became of them, for `show logging`.
#[derive(Clone, Copy, Debug, Default)]
struct Counts {
    trap: u64,
    dropped: u64,
    rate_limited: u64,
    /// The last numbers of `logging message-counter log` and `debug`.
    log: u64,
    debug: u64,
}

impl Local {
    fn new(level: u8) -> Self {
        Local { level: Some(level), discriminator: None, logged: 0 }
    }
}

impl Message {
    /// A message that `service timestamps log` governs.
    pub(crate) fn new(
        facility: impl Into<Cow<'static, str>>,
        severity: u8,
        mnemonic: impl Into<Cow<'static, str>>,
        text: impl Into<String>,
    ) -> Self {
        debug_assert!(severity <= DEBUGGING, "syslog knows severities 0 to 7");
        let (facility, mnemonic) = (facility.into(), mnemonic.into());
        Message { facility, severity, mnemonic, text: text.into(), style: Style::Log }
    }

    /// The same, governed by `service timestamps debug`.
    pub(crate) fn debug_stamped(self) -> Self {
        Message { style: Style::Debug, ..self }
    }

    /// `%FACILITY-SEVERITY-MNEMONIC: text`
    pub(crate) fn body(&self) -> String {
        let Message { facility, severity, mnemonic, text, .. } = self;
        format!("%{facility}-{severity}-{mnemonic}: {text}")
    }
}

impl Default for Logging {
    fn default() -> Self {
        Logging {
            off: false,
            timestamps_log: Stamp::default(),
            timestamps_debug: Stamp::default(),
            sequence_numbers: false,
            message_counters: MessageCounters { syslog: true, log: false, debug: false },
            console: Local::new(DEBUGGING),
            monitor: Local::new(DEBUGGING),
            buffered: Local::new(DEBUGGING),
            trap: Some(INFORMATIONAL),
            rfc5424: false,
            facility: FACILITY_DEFAULT,
            origin: Origin::default(),
            sources: BTreeMap::new(),
            hosts: Vec::new(),
            discriminators: Discriminators::default(),
            profiles: TlsProfiles::default(),
            rate_limit: RateLimit::default(),
            tally: None,
            history: History::default(),
            userinfo: false,
            exception_bytes: EXCEPTION_BYTES_DEFAULT,
            queue_messages: QUEUE_MESSAGES_DEFAULT,
            trap_queue_messages: QUEUE_MESSAGES_DEFAULT,
            buffer: Buffer::default(),
            sequence: 0,
            counts: Counts::default(),
        }
    }
}

impl Logging {
    /// `logging userinfo`
    pub(crate) fn tells_of_users(&self) -> bool {
        self.userinfo
    }

    /// No configuration names an interface that the router does not have: it would be refused when
    /// it is loaded again.
    pub(crate) fn interface_removed(&mut self, name: &InterfaceName) {
        self.sources.retain(|_, source| source != name);
    }
}
