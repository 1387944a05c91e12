//! What can be read of an interface as numbers: for `event interface` and for SNMP.
//!
//! Read by the event manager and by `feature::snmp`. It says what `show interfaces` says, of the
//! same counters and the same link.

use std::net::Ipv4Addr;

use cli::InterfaceName;
use simtime::Time;

use super::show::nature;
use super::{Interface, Interfaces, MacAddress, Medium};
use crate::io::{Counter, Direction, VrfId};

/// The reliability of an interface here: nothing that is modelled lowers it.
const RELIABILITY: u64 = 255;

/// One interface, as it is at an instant.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Reading<'a> {
    /// Its number in tables of SNMP.
    pub(crate) index: u32,
    /// Its name.
    pub(crate) name: InterfaceName,
    interface: &'a Interface,
    started: Time,
    now: Time,
}

impl Interfaces {
    /// All of them, in the order of their numbers: the ports first, as they are numbered at the
    /// boot; then what was configured, in the order of names (decided).
    pub(crate) fn readings(&self, started: Time, now: Time) -> Vec<Reading<'_>> {
        let all = || self.iter();
        let ports = all().filter(|(_, interface)| interface.medium.is_wired());
        let others = all().filter(|(_, interface)| !interface.medium.is_wired());
        let numbered = ports.chain(others).zip(1..);
        numbered
            .map(|((name, interface), index)| Reading {
                index,
                name: *name,
                interface,
                started,
                now,
            })
            .collect()
    }
}

impl Reading<'_> {
    /// A parameter of `event interface`.
    pub(crate) fn parameter(&self, parameter: &str) -> Option<i64> {
        let (input, output) = (Direction::Input, Direction::Output);
        let value = match parameter {
            "input_errors" => self.input_errors(),
            "input_errors_crc" => self.count(Counter::Crc),
            "input_errors_frame" => self.count(Counter::Frame),
            "input_errors_overrun" => self.count(Counter::Overrun),
            "input_packets_dropped" => self.count(Counter::InputDrops),
            "output_errors" => self.count(Counter::OutputErrors),
            "output_packets_dropped" => self.count(Counter::OutputDrops),
            "receive_giants" => self.count(Counter::Giants),
            "receive_runts" => self.count(Counter::Runts),
            "receive_rate_bps" => self.rates(input).0,
            "receive_rate_pps" => self.rates(input).1,
            "transmit_rate_bps" => self.rates(output).0,
            "transmit_rate_pps" => self.rates(output).1,
            "reliability" => RELIABILITY,
            "rxload" => self.load(input),
            "txload" => self.load(output),
            // Nothing here makes these grow.
            "interface_resets" | "output_buffer_failures" | "output_buffer_swappedout" => 0,
            "output_errors_underrun" | "receive_broadcasts" | "receive_throttle" => 0,
            _ => return None,
        };
        i64::try_from(value).ok()
    }

    /// One counter.
    pub(crate) fn count(&self, counter: Counter) -> u64 {
        let counters = self.interface.counters.as_ref();
        counters.map_or(0, |counters| counters.count(counter, self.now))
    }

    /// All input errors.
    pub(crate) fn input_errors(&self) -> u64 {
        self.interface.counters.as_ref().map_or(0, |counters| counters.input_errors(self.now))
    }

    /// The bytes of a direction.
    pub(crate) fn bytes(&self, direction: Direction) -> u64 {
        self.interface.counters.as_ref().map_or(0, |counters| counters.bytes(direction, self.now))
    }

    /// The packets of a direction.
    pub(crate) fn packets(&self, direction: Direction) -> u64 {
        let counters = self.interface.counters.as_ref();
        counters.map_or(0, |counters| counters.packets(direction, self.now))
    }

    /// Bits and packets per second, over five minutes.
    pub(crate) fn rates(&self, direction: Direction) -> (u64, u64) {
        let counters = self.interface.counters.as_ref();
        counters.map_or((0, 0), |counters| counters.rates(direction, self.started, self.now))
    }

    /// A rate as a part of 255 of the bandwidth, at least one.
    fn load(&self, direction: Direction) -> u64 {
        let bits = self.rates(direction).0;
        (bits.saturating_mul(255) / (self.kbit() * 1_000).max(1)).clamp(1, 255)
    }

    /// Its bandwidth.
    pub(crate) fn kbit(&self) -> u64 {
        let own = self.interface.config.bandwidth_kbit;
        u64::from(own.unwrap_or(nature(&self.name, self.interface).kbit))
    }

    /// Its MTU.
    pub(crate) fn mtu(&self) -> u32 {
        self.interface.config.mtu.unwrap_or(nature(&self.name, self.interface).mtu)
    }

    /// `ifType`: ethernetCsmacd, softwareLoopback, tunnel, or propVirtual for what else is logical.
    pub(crate) fn kind(&self) -> i64 {
        match self.interface.medium {
            Medium::Port { .. } => 6,
            Medium::Loopback => 24,
            Medium::Software if self.name.kind().long() == "Tunnel" => 131,
            Medium::Software => 53,
        }
    }

    /// The address that is burnt in.
    pub(crate) fn mac(&self) -> Option<MacAddress> {
        match self.interface.medium {
            Medium::Port { mac, .. } => Some(mac),
            Medium::Loopback | Medium::Software => None,
        }
    }

    /// Whether nobody has shut it down.
    pub(crate) fn is_enabled(&self) -> bool {
        !self.interface.config.shutdown
    }

    /// Whether its line protocol is up.
    pub(crate) fn is_up(&self) -> bool {
        self.interface.link.protocol_up()
    }

    /// `description`
    pub(crate) fn description(&self) -> &str {
        self.interface.config.description.as_deref().unwrap_or_default()
    }

    /// The VRF that it is in.
    pub(crate) fn vrf(&self) -> VrfId {
        self.interface.config.vrf
    }

    /// Its address and mask.
    pub(crate) fn address(&self) -> Option<(Ipv4Addr, Ipv4Addr)> {
        self.interface.prefix().map(|prefix| (prefix.address(), prefix.mask()))
    }
}
