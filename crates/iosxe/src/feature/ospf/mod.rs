//! OSPF (RFC 2328) as configuration: its processes, the interfaces that they run on, and the tables
//! of a router that hears no neighbor.
//!
//! Nothing is sent and no neighbor is ever met: an interface waits for its dead interval and is
//! then the designated router of a network with nobody else on it.

pub(crate) mod area;
pub(crate) mod config;
mod database;
pub(crate) mod exec;
pub(crate) mod interface;
pub(crate) mod show;
mod show_interface;
mod show_process;

pub(crate) use interface::{explicit, follow_vrfs};
pub(crate) use show_process::{area_counts, is_border, redistributed, role};

use std::net::Ipv4Addr;

use cli::InterfaceName;
use simtime::{Duration, Time};

use crate::config::{ConfigText, Section, order};
use crate::device::State;
use crate::feature::interface::{Prefix, Routed};
use crate::feature::routing::{self, Block, Kind, Order, Step};

/// Its part of the running-config.
pub(crate) const SECTIONS: &[Section] = &[Section { order: order::OSPF, print }];

/// The lines of `router ospf`, in the order of IOS XE 17 (from experience, not from a document).
pub(crate) const ORDER: Order = Order {
    patterns: &[
        "router-id",
        "max-metric router-lsa",
        "ispf",
        "log-adjacency-changes",
        "auto-cost reference-bandwidth",
        "nsr",
        "nsf",
        "capability *",
        "compatible *",
        "prefix-suppression",
        "timers throttle spf",
        "timers throttle lsa",
        "timers lsa arrival",
        "timers pacing *",
        "area * authentication",
        "area * stub",
        "area * nssa",
        "area * default-cost",
        "area * range * *",
        "area * filter-list prefix _ in",
        "area * filter-list prefix _ out",
        "area * virtual-link * ...",
        "summary-address * *",
        "redistribute application *",
        "redistribute bgp *",
        "redistribute connected",
        "redistribute eigrp *",
        "redistribute isis",
        "redistribute lisp",
        "redistribute mobile",
        "redistribute odr",
        "redistribute ospf *",
        "redistribute rip",
        "redistribute static",
        "passive-interface default",
        "passive-interface *",
        "network * *",
        "neighbor *",
        "default-information originate",
        "default-metric",
        "distribute-list _ in ...",
        "distribute-list _ out ...",
        "distribute-list prefix _ in ...",
        "distribute-list prefix _ out ...",
        "distribute-list prefix _ gateway _ in ...",
        "distribute-list gateway _ in ...",
        "distribute-list route-map _ in ...",
        "distribute-list route-map _ out ...",
        "distance",
        "distance ospf",
        "distance _ * *",
        "maximum-paths",
        "shutdown",
        "bfd all-interfaces",
    ],
    defaults: &[
        "auto-cost reference-bandwidth 100",
        "timers throttle spf 50 200 5000",
        "timers throttle lsa 50 200 5000",
        "timers lsa arrival 100",
        "timers pacing flood 33",
        "timers pacing retransmission 66",
        "timers pacing lsa-group 240",
        "area * default-cost 1",
        "distance 110",
        "distance ospf intra-area 110 inter-area 110 external 110",
        "maximum-paths 4",
    ],
    on: &[
        "log-adjacency-changes",
        "capability opaque",
        "capability transit",
        "compatible rfc1583",
        "compatible rfc1587",
    ],
    shown: &[],
};

/// What OSPF does unless it is told.
const REFERENCE_MBIT: u32 = 100;
const HELLO_SECS: u32 = 10;
const HELLO_SLOW_SECS: u32 = 30;
const DEAD_HELLOS: u32 = 4;

/// One process.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Process<'a> {
    pub(crate) number: u32,
    pub(crate) block: &'a Block,
}

/// An area: it is the same whether it is written `0` or `0.0.0.0`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Area(u32);

/// A `network` line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Network {
    pub(crate) address: Ipv4Addr,
    pub(crate) wildcard: Ipv4Addr,
    pub(crate) area: Area,
}

/// One interface on which a process runs.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Port<'a> {
    pub(crate) link: Routed<'a>,
    pub(crate) prefix: Prefix,
    pub(crate) area: Area,
    pub(crate) by: Attached,
    pub(crate) is_passive: bool,
    pub(crate) cost: u32,
}

/// Why a process runs on an interface.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Attached {
    /// A `network` line of the process.
    Network,
    /// `ip ospf N area X` of the interface.
    Interface,
}

/// The type of the network behind an interface.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Network2328 {
    Broadcast,
    NonBroadcast,
    PointToPoint,
    PointToMultipoint,
    Loopback,
}

/// The state of an interface (RFC 2328, section 9.1).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum PortState {
    Down,
    Loopback,
    Waiting,
    PointToPoint,
    Other,
    Designated,
}

/// What an area is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum AreaKind {
    Normal,
    Stub,
    Nssa,
}

fn print(state: &State, text: &mut ConfigText) {
    routing::print(state, &[Kind::Ospf], text);
}

/// The processes of a router, in order.
pub(crate) fn processes(state: &State) -> impl Iterator<Item = Process<'_>> {
    state.routers.of(Kind::Ospf).filter_map(|(step, block)| process(step, block))
}

/// The process that a block is.
pub(crate) fn process<'a>(step: &Step, block: &'a Block) -> Option<Process<'a>> {
    let number = step.header.rsplit(' ').next()?.parse().ok()?;
    Some(Process { number, block })
}

/// The interfaces on which a process runs and that are up.
pub(crate) fn up(state: &State, process: &Process<'_>) -> Vec<InterfaceName> {
    let up = process.ports(state).into_iter().filter(|port| port.link.is_up);
    up.map(|port| port.link.name).collect()
}

impl Area {
    /// The area that is written so.
    pub(crate) fn parse(text: &str) -> Option<Area> {
        let number = text.parse().ok();
        number.or_else(|| text.parse().ok().map(Ipv4Addr::to_bits)).map(Area)
    }

    /// Whether it is the one in the middle.
    pub(crate) fn is_backbone(self) -> bool {
        self.0 == 0
    }
}

/// As most tables have it: a number.
impl std::fmt::Display for Area {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.fmt(f)
    }
}

impl Network {
    fn parse(text: &str) -> Option<Network> {
        let mut words = text.split(' ');
        let (address, wildcard) = (words.next()?.parse().ok()?, words.next()?.parse().ok()?);
        let area = Area::parse(words.nth(1)?)?;
        Some(Network { address, wildcard, area })
    }

    fn holds(&self, address: Ipv4Addr) -> bool {
        (address.to_bits() ^ self.address.to_bits()) & !self.wildcard.to_bits() == 0
    }
}

impl<'a> Process<'a> {
    /// Its `network` lines.
    pub(crate) fn networks(&self) -> impl Iterator<Item = Network> + 'a {
        self.block.lines.of("network").filter_map(Network::parse)
    }

    /// The id that it runs with; without one it does not run.
    pub(crate) fn id(&self) -> Option<Ipv4Addr> {
        self.block.running.id
    }

    /// Whether it runs.
    pub(crate) fn is_running(&self) -> bool {
        self.id().is_some() && !self.block.lines.has("shutdown")
    }

    /// How many Mbit/s cost 1.
    pub(crate) fn reference_mbit(&self) -> u32 {
        self.block.lines.number("auto-cost reference-bandwidth").unwrap_or(REFERENCE_MBIT)
    }

    /// Whether no hello is sent on an interface.
    pub(crate) fn is_passive(&self, name: InterfaceName) -> bool {
        let lines = &self.block.lines;
        let name = name.long();
        match lines.has("passive-interface default") {
            true => !lines.has(&format!("no passive-interface {name}")),
            false => lines.has(&format!("passive-interface {name}")),
        }
    }

    /// The interfaces on which it runs, in order. The line of an interface goes before those of
    /// the process, of which the one that fits best counts.
    pub(crate) fn ports(&self, state: &'a State) -> Vec<Port<'a>> {
        if !self.is_running() {
            return Vec::new();
        }
        let ports = routing::ports(state, self.block.vrf.as_deref());
        ports.filter_map(|link| self.port(link)).collect()
    }

    fn port(&self, link: Routed<'a>) -> Option<Port<'a>> {
        let prefix = link.prefix?;
        let own = enabled(&link).map(|(number, area)| (number == self.number, area));
        let (area, by) = match own {
            Some((true, area)) => (area, Attached::Interface),
            Some((false, _)) => return None,
            None => {
                let fits = self.networks().filter(|network| network.holds(prefix.address()));
                let best = fits.min_by_key(|network| network.wildcard.to_bits())?;
                (best.area, Attached::Network)
            }
        };
        let is_passive = self.is_passive(link.name) && !link.is_loopback;
        Some(Port { link, prefix, area, by, is_passive, cost: self.cost(&link) })
    }

    fn cost(&self, link: &Routed<'_>) -> u32 {
        let own = link.lines.number("ip ospf cost");
        own.unwrap_or_else(|| match link.is_loopback {
            true => 1,
            false => (self.reference_mbit() * 1000 / link.kbit.max(1)).clamp(1, 65_535),
        })
    }

    /// The areas in which it has an interface, or a line.
    pub(crate) fn areas(&self, state: &'a State) -> Vec<Area> {
        let lines = self.block.lines.of("area").filter_map(|line| line.split(' ').next());
        let typed = lines.filter_map(Area::parse);
        let mut areas: Vec<Area> =
            typed.chain(self.ports(state).iter().map(|port| port.area)).collect();
        areas.sort_unstable();
        areas.dedup();
        areas
    }

    /// What follows `area X WORDS` for one area, however it is written.
    pub(crate) fn of_area(&self, area: Area, words: &'a str) -> impl Iterator<Item = &'a str> {
        self.block.lines.of("area").filter_map(move |line| {
            let (name, rest) = line.split_once(' ')?;
            let is_here = Area::parse(name) == Some(area);
            is_here.then(|| routing::lines::after(rest, words)).flatten()
        })
    }

    /// What an area is.
    pub(crate) fn kind(&self, area: Area) -> AreaKind {
        match (self.of_area(area, "stub").next(), self.of_area(area, "nssa").next()) {
            (Some(_), _) => AreaKind::Stub,
            (None, Some(_)) => AreaKind::Nssa,
            (None, None) => AreaKind::Normal,
        }
    }

    /// Whether routes of others come in by it.
    pub(crate) fn is_boundary(&self) -> bool {
        let lines = &self.block.lines;
        lines.has("redistribute") || lines.has("default-information originate")
    }
}

/// `ip ospf N area X`
fn enabled(link: &Routed<'_>) -> Option<(u32, Area)> {
    link.lines.of("ip ospf").find_map(|line| {
        let mut words = line.split(' ');
        let number = words.next()?.parse().ok()?;
        (words.next()? == "area").then_some(())?;
        Some((number, Area::parse(words.next()?)?))
    })
}

impl Port<'_> {
    /// The type of its network.
    pub(crate) fn network(&self) -> Network2328 {
        let typed = self.link.lines.get("ip ospf network");
        match typed.map(|words| words.split(' ').next().unwrap_or_default()) {
            Some("point-to-point") => Network2328::PointToPoint,
            Some("point-to-multipoint") => Network2328::PointToMultipoint,
            _ if self.link.is_loopback => Network2328::Loopback,
            Some("non-broadcast") => Network2328::NonBroadcast,
            Some("broadcast") => Network2328::Broadcast,
            _ if self.is_tunnel() => Network2328::PointToPoint,
            _ => Network2328::Broadcast,
        }
    }

    fn is_tunnel(&self) -> bool {
        ["Tunnel", "Dialer", "Multilink", "Serial"].contains(&self.link.name.kind().long())
    }

    /// Seconds between two hellos.
    pub(crate) fn hello_secs(&self) -> u32 {
        let slow = match self.network() {
            Network2328::NonBroadcast | Network2328::PointToMultipoint => true,
            Network2328::Broadcast | Network2328::PointToPoint | Network2328::Loopback => false,
        };
        let usual = if slow { HELLO_SLOW_SECS } else { HELLO_SECS };
        self.link.lines.number("ip ospf hello-interval").unwrap_or(usual)
    }

    /// Seconds without a hello after which a neighbor is gone.
    pub(crate) fn dead_secs(&self) -> u32 {
        if self.link.lines.has("ip ospf dead-interval minimal") {
            return 1;
        }
        let usual = self.hello_secs() * DEAD_HELLOS;
        self.link.lines.number("ip ospf dead-interval").unwrap_or(usual)
    }

    /// What it weighs when a designated router is elected.
    pub(crate) fn priority(&self) -> u32 {
        self.link.lines.number("ip ospf priority").unwrap_or(1)
    }

    /// Its state at an instant: nobody else is there, so that it elects itself when it has waited.
    pub(crate) fn state(&self, process: &Process<'_>, now: Time) -> PortState {
        if !self.link.is_up {
            return PortState::Down;
        }
        match self.network() {
            Network2328::Loopback => PortState::Loopback,
            Network2328::PointToPoint | Network2328::PointToMultipoint => PortState::PointToPoint,
            Network2328::Broadcast | Network2328::NonBroadcast => {
                let since = process.block.running.ports.get(&self.link.name);
                let wait = Duration::from_secs(self.dead_secs().into());
                match since {
                    Some(since) if now.since(*since) < wait => PortState::Waiting,
                    _ if self.priority() == 0 => PortState::Other,
                    Some(_) | None => PortState::Designated,
                }
            }
        }
    }
}
