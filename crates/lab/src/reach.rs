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

    /// The address of the port by which a packet leaves.
    fn source_towards(&self, node: NodeId, destination: Ipv4Addr) -> Option<Ipv4Addr> {
        let device = &self.router(node).device;
        let (port, _) = device.next_hop(destination)?;
        let mut own = device.addresses().into_iter();
        own.find(|own| own.interface == port).map(|own| own.address)
    }

    /// The way from a router to an address.
    fn way(&self, from: NodeId, destination: Ipv4Addr) -> Option<Way> {
        let mut way = Way { to: from, hops: 0, delay: Duration::ZERO };
        while !self.has_address(way.to, destination, None) {
            let (port, hop) = self.router(way.to).device.next_hop(destination)?;
            let near = End { node: way.to, interface: port };
            let far = self.links.peer(&near)?;
            // Nobody on the wire answers for an address that nobody there has.
            if way.hops == HOPS_MAX || !self.has_address(far.node, hop, Some(&far.interface)) {
                return None;
            }
            way.delay = way.delay + self.links.get(self.links.at(&near)?).delay;
            way.hops += 1;
            way.to = far.node;
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
