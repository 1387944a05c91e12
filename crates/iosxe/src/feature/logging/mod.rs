//! System messages: how they are stamped, kept, shown and sent (reference: syslog.md, section 1).
//!
//! Every message of a router goes through [`Turn::log`](crate::turn::Turn::log), which is `emit`
//! here. It must never be filtered by who reads it: each destination has its own level.

mod buffer;
pub(crate) mod config;
mod emit;
mod level;
pub(crate) mod service;
pub(crate) mod show;
pub(crate) mod stamp;
mod wire;

pub(crate) use emit::{emit, host_started, raw};
pub(crate) use stamp::Stamp;

use std::borrow::Cow;

use cli::InterfaceName;

use buffer::Buffer;
use level::{DEBUGGING, INFORMATIONAL};

/// The facility of datagrams unless `logging facility` says another: local7.
const FACILITY_DEFAULT: u8 = 23;

/// Where a collector listens unless `transport udp port` says otherwise (RFC 3164, section 2).
const PORT_DEFAULT: u16 = 514;

/// How many collectors one router sends to.
const HOSTS_MAX: usize = 16;

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
    console: Option<u8>,
    monitor: Option<u8>,
    buffered: Option<u8>,
    trap: Option<u8>,
    facility: u8,
    origin: Origin,
    source_interface: Option<InterfaceName>,
    message_counter_off: bool,
    hosts: Vec<Host>,
    buffer: Buffer,
    /// The last number of `service sequence-numbers`; it counts whether it is printed or not.
    sequence: u64,
    counts: Counts,
}

/// One collector.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Host {
    address: String,
    port: u16,
    /// Its message counter: datagrams so far.
    sent: u64,
}

/// `logging origin-id`
#[derive(Clone, Debug, Default, PartialEq, Eq)]
enum Origin {
    #[default]
    None,
    Hostname,
    Ip,
    Text(String),
}

/// Messages by destination, for `show logging`.
#[derive(Clone, Copy, Debug, Default)]
struct Counts {
    console: u64,
    monitor: u64,
    buffer: u64,
    trap: u64,
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
            console: Some(DEBUGGING),
            monitor: Some(DEBUGGING),
            buffered: Some(DEBUGGING),
            trap: Some(INFORMATIONAL),
            facility: FACILITY_DEFAULT,
            origin: Origin::default(),
            source_interface: None,
            message_counter_off: false,
            hosts: Vec::new(),
            buffer: Buffer::default(),
            sequence: 0,
            counts: Counts::default(),
        }
    }
}
