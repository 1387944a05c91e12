//! Which echo requests are answered: a packet goes from router to router by each one's routes and
//! over each one's cables, and its reply has to find its own way back.
//!
//! Used by [`crate::Lab`] when a router pings. Nothing of a packet on its way is kept.

use std::net::Ipv4Addr;

use simtime::Duration;

use crate::link::End;
use crate::{Lab, NodeId};

/// From an echo request to its reply across one cable, as virtual routers on one host show it.
const ROUND_TRIP: Duration = Duration::from_millis(1);

/// How many routers a packet passes before it is dropped (its TTL).
const HOPS_MAX: u32 = 64;

/// A way through the lab.
#[derive(Clone, Copy, Debug)]
struct Way {
    /// The router that has the address.
    to: NodeId,
    /// The address by which the last cable was entered at its far end.
    hop: Ipv4Addr,
    hops: u32,
    /// What the cables add.
    delay: Duration,
}

impl Lab {
    /// How long an echo request of `node` takes until it is answered; `None` if it never is.
    pub(crate) fn round_trip(
        &self,
        node: NodeId,
        source: Option<Ipv4Addr>,
        destination: Ipv4Addr,
    ) -> Option<Duration> {
        let there = self.way(node, destination)?;
        if there.to == node {
            return Some(ROUND_TRIP);
        }
        let source = source.or_else(|| self.source_towards(node, destination))?;
        let back = self.way(there.to, source).filter(|back| back.to == node)?;
        let cables = u64::from(there.hops.max(back.hops));
        Some(ROUND_TRIP.saturating_mul(cables) + there.delay + back.delay)
    }

    /// Who answers a probe that may pass so many routers, and after how long; nobody if it is lost,
    /// or the answer finds no way back.
    pub(crate) fn probe(
        &self,
        node: NodeId,
        source: Option<Ipv4Addr>,
        destination: Ipv4Addr,
        ttl: u32,
    ) -> Option<(Ipv4Addr, Duration)> {
        let there = self.way_within(node, destination, ttl)?;
        if there.to == node {
            return Some((destination, ROUND_TRIP));
        }
        let source = source.or_else(|| self.source_towards(node, destination))?;
        let back = self.way(there.to, source).filter(|back| back.to == node)?;
        let cables = u64::from(there.hops.max(back.hops));
        let took = ROUND_TRIP.saturating_mul(cables) + there.delay + back.delay;
        let arrived = self.has_address(there.to, destination, None);
        Some((if arrived { destination } else { there.hop }, took))
    }

    /// The address of the port by which a packet leaves.
    fn source_towards(&self, node: NodeId, destination: Ipv4Addr) -> Option<Ipv4Addr> {
        let device = &self.router(node).device;
        let (port, _) = device.next_hop(destination)?;
        let mut own = device.addresses().into_iter();
        own.find(|own| own.interface == port).map(|own| own.address)
    }

    /// The way from a router to an address.
    fn way(&self, from: NodeId, destination: Ipv4Addr) -> Option<Way> {
        let way = self.way_within(from, destination, HOPS_MAX)?;
        self.has_address(way.to, destination, None).then_some(way)
    }

    /// The way from a router towards an address, over so many cables at most.
    fn way_within(&self, from: NodeId, destination: Ipv4Addr, hops_max: u32) -> Option<Way> {
        let mut way = Way { to: from, hop: destination, hops: 0, delay: Duration::ZERO };
        while way.hops < hops_max.min(HOPS_MAX) && !self.has_address(way.to, destination, None) {
            let (port, hop) = self.router(way.to).device.next_hop(destination)?;
            // Subinterfaces of one number are taken for those of one VLAN.
            let (wire, vlan) = match port.split_once('.') {
                Some((wire, vlan)) => (wire.to_owned(), format!(".{vlan}")),
                None => (port, String::new()),
            };
            let near = End { node: way.to, interface: wire };
            let far = self.links.peer(&near)?;
            // Nobody on the wire answers for an address that nobody there has.
            if !self.has_address(far.node, hop, Some(&format!("{}{vlan}", far.interface))) {
                return None;
            }
            way.delay = way.delay + self.links.get(self.links.at(&near)?).delay;
            way.hops += 1;
            way.to = far.node;
            way.hop = hop;
        }
        Some(way)
    }

    /// Whether a router has an address, at this port or at any that is up.
    fn has_address(&self, node: NodeId, address: Ipv4Addr, port: Option<&str>) -> bool {
        let own = self.router(node).device.addresses();
        own.into_iter().any(|own| {
            own.up && own.address == address && port.is_none_or(|port| port == own.interface)
        })
    }
}
