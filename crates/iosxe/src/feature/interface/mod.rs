//! Interfaces: what is configured on each, what state it is in, what it has counted.
//!
//! Changed by commands and by carrier, through `state` alone: no other part may set a state or say
//! on its own that one has changed.

mod address;
pub(crate) mod bundle;
pub(crate) mod config;
mod counters;
pub(crate) mod exec;
mod fsm;
mod ipv6;
mod mac;
mod reading;
mod routed;
pub(crate) mod show;
mod state;
mod switching;
mod table;

pub(crate) use address::{Family, Prefix};
pub(crate) use counters::{count, rate};
pub(crate) use ipv6::is_link_local;
pub(crate) use mac::MacAddress;
pub(crate) use reading::Reading;
pub(crate) use routed::Routed;
pub(crate) use state::{boot, carrier, go_dark, plug, settle};
pub(crate) use switching::{SwitchPort, Switching};
pub(crate) use table::Interfaces;

use simtime::TimerId;

use std::net::Ipv4Addr;

use crate::feature::acl::Guards;
use crate::feature::discovery::PortDiscovery;
use crate::feature::inert::Kept;
use crate::feature::routing::Lines;
use crate::io::VrfId;
use crate::platform::PortKind;
use bundle::Channel;
use counters::Counters;
use fsm::{Announced, Link};
use ipv6::Ipv6;

/// One interface.
#[derive(Clone, Debug)]
pub(crate) struct Interface {
    config: Config,
    link: Link,
    announced: Announced,
    /// The pending second after which the line protocol is looked at.
    settling: Option<TimerId>,
    medium: Medium,
    /// While the module of the port is out of its slot: whether its wire is alive.
    unplugged: Option<bool>,
    /// None while nothing was counted: most interfaces of a lab stay so.
    counters: Option<Box<Counters>>,
    /// The group of the bundle that a port is in, as was said last.
    joined: Option<u32>,
}

/// What an interface is made of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Medium {
    /// A port with a wire: its line protocol follows a second behind.
    Port {
        /// Burnt in.
        mac: MacAddress,
        /// What the platform says of it.
        kind: &'static PortKind,
    },
    /// No wire: it is up as soon as nobody has shut it down.
    Loopback,
    /// A tunnel, a dialer: what would carry it is not here, so that it is down though nobody has
    /// shut it down. A subinterface, too, which its port carries; a bundle and a VLAN, which their
    /// ports carry (`bundle`).
    Software,
}

/// What is configured on one interface. `None` stands for what IOS does without the line.
#[derive(Clone, Debug, Default)]
struct Config {
    description: Option<String>,
    address: Option<Address>,
    secondary: Vec<Prefix>,
    vrf: VrfId,
    /// None where nothing is said of it: most interfaces of a lab stay so.
    ipv6: Option<Box<Ipv6>>,
    shutdown: bool,
    mtu: Option<u32>,
    bandwidth_kbit: Option<u32>,
    delay_tens_of_us: Option<u32>,
    duplex: Option<Duplex>,
    speed_mbit: Option<u32>,
    negotiation_off: bool,
    discovery: PortDiscovery,
    /// `channel-group`
    channel: Option<Channel>,
    /// `logging event link-status`
    link_events: Option<bool>,
    guards: Guards,
    /// What routing protocols do here.
    routing: Lines,
    inert: Kept,
}

/// An IP address, and how the interface came by it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Address {
    prefix: Prefix,
    /// `NVRAM`: it was in the startup-config. Otherwise it was typed (`manual`).
    from_nvram: bool,
}

/// `duplex`
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Duplex {
    Full,
    Half,
}

/// The state of an interface, as those see it who follow it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Line {
    /// Somebody has shut it down.
    pub(crate) is_shut: bool,
    pub(crate) link_up: bool,
    pub(crate) protocol_up: bool,
}

/// What a neighbour at the other end of a wire is told of a port.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Port<'a> {
    pub(crate) up: bool,
    pub(crate) mac: MacAddress,
    pub(crate) description: Option<&'a str>,
    pub(crate) address: Option<Ipv4Addr>,
    pub(crate) discovery: PortDiscovery,
}

impl Interface {
    /// Whether the port sends light.
    fn sends(&self) -> bool {
        self.medium.is_wired() && self.unplugged.is_none() && self.link.sends()
    }

    /// All its addresses, its own first. Without that the others are configured, and no more.
    fn prefixes(&self) -> impl Iterator<Item = Prefix> {
        let own = self.prefix();
        let others = self.config.secondary.iter().copied().filter(move |_| own.is_some());
        own.into_iter().chain(others)
    }

    /// Its address, while the interface has one.
    fn prefix(&self) -> Option<Prefix> {
        self.config.address.map(|address| address.prefix)
    }
}

impl Medium {
    /// Whether a wire ends in it.
    fn is_wired(self) -> bool {
        match self {
            Medium::Port { .. } => true,
            Medium::Loopback | Medium::Software => false,
        }
    }
}
