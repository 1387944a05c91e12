//! Which echo requests are answered: a packet goes from router to router by each one's routes and
//! over each one's cables, past the access lists in front of their ports, and its reply has to find
//! its own way back.
//!
//! Used by [`crate::Lab`] when a router pings. Nothing of a packet on its way is kept.

use std::net::Ipv4Addr;

use iosxe::{Packet, Payload};
use simtime::{Duration, Time};

use crate::link::End;
use crate::{Lab, NodeId, Outbox};

/// From an echo request to its reply across one cable, as virtual routers on one host show it.
const ROUND_TRIP: Duration = Duration::from_millis(1);

/// How many routers a packet passes before it is dropped (its TTL).
const HOPS_MAX: u32 = 64;

/// An echo request, and its reply (RFC 792).
const ECHO: Payload = Payload::Icmp { kind: 8, code: 0 };
const ECHO_REPLY: Payload = Payload::Icmp { kind: 0, code: 0 };

/// What `traceroute` sends, and what it is answered with: by a router on the way, and at its end.
const PROBE: Payload = Payload::Udp { source: 49_152, destination: 33_434 };
const TIME_EXCEEDED: Payload = Payload::Icmp { kind: 11, code: 0 };
const PORT_UNREACHABLE: Payload = Payload::Icmp { kind: 3, code: 3 };

/// A way through the lab.
#[derive(Clone, Debug)]
struct Way {
    /// The router that has the address.
    to: NodeId,
    /// The address by which the last cable was entered at its far end.
    hop: Ipv4Addr,
    hops: u32,
    /// What the cables add.
    delay: Duration,
    /// The ports that are passed, each with the way through it; not the one by which the packet
    /// leaves its own router, whose lists do not look at what it sends itself.
    ports: Vec<(End, iosxe::Way)>,
}

/// When and about whom a packet is sent.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Sent {
    pub(crate) now: Time,
    pub(crate) node: NodeId,
    /// None where the command named none: that of the port by which it leaves.
    pub(crate) source: Option<Ipv4Addr>,
    pub(crate) destination: Ipv4Addr,
}

impl Lab {
    /// How long an echo request takes until it is answered; `None` if it never is.
    pub(crate) fn round_trip(&mut self, sent: Sent, out: &mut Outbox) -> Option<Duration> {
        let Sent { node, destination, .. } = sent;
        let there = self.way(node, destination)?;
        if there.to == node {
            return Some(ROUND_TRIP);
        }
        let source = sent.source.or_else(|| self.source_towards(node, destination))?;
        self.travel(sent.now, &there, packet(source, destination, ECHO), out)?;
        let back = self.way(there.to, source).filter(|back| back.to == node)?;
        self.travel(sent.now, &back, packet(destination, source, ECHO_REPLY), out)?;
        Some(took(&there, &back))
    }

    /// Who answers a probe that may pass so many routers, and after how long; nobody if it is lost,
    /// or the answer finds no way back.
    pub(crate) fn probe(
        &mut self,
        sent: Sent,
        ttl: u32,
        out: &mut Outbox,
    ) -> Option<(Ipv4Addr, Duration)> {
        let Sent { node, destination, .. } = sent;
        let there = self.way_within(node, destination, ttl)?;
        if there.to == node {
            return Some((destination, ROUND_TRIP));
        }
        let source = sent.source.or_else(|| self.source_towards(node, destination))?;
        self.travel(sent.now, &there, packet(source, destination, PROBE), out)?;
        let back = self.way(there.to, source).filter(|back| back.to == node)?;
        let (by, answer) = match self.has_address(there.to, destination, None) {
            true => (destination, PORT_UNREACHABLE),
            false => (there.hop, TIME_EXCEEDED),
        };
        self.travel(sent.now, &back, packet(by, source, answer), out)?;
        Some((by, took(&there, &back)))
    }

    /// Takes a packet past every list on its way; nothing if one of them stops it.
    fn travel(&mut self, now: Time, way: &Way, packet: Packet, out: &mut Outbox) -> Option<()> {
        for (End { node, interface }, through) in &way.ports {
            let mut said = iosxe::Outbox::default();
            let device = &mut self.router_mut(*node).device;
            let passes = device.lets_pass(now, interface, *through, &packet, &mut said);
            self.heard(now, *node, said, out);
            if !passes {
                return None;
            }
        }
        Some(())
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
        let (hop, delay, ports) = (destination, Duration::ZERO, Vec::new());
        let mut way = Way { to: from, hop, hops: 0, delay, ports };
        while way.hops < hops_max.min(HOPS_MAX) && !self.has_address(way.to, destination, None) {
            let (port, hop) = self.router(way.to).device.next_hop(destination)?;
            // Subinterfaces of one number are taken for those of one VLAN.
            if way.hops > 0 {
                way.ports.push((End { node: way.to, interface: port.clone() }, iosxe::Way::Out));
            }
            let (wire, vlan) = match port.split_once('.') {
                Some((wire, vlan)) => (wire.to_owned(), format!(".{vlan}")),
                None => (port, String::new()),
            };
            let near = End { node: way.to, interface: wire };
            let far = self.links.peer(&near)?;
            // Nobody on the wire answers for an address that nobody there has.
            let port = format!("{}{vlan}", far.interface);
            if !self.has_address(far.node, hop, Some(&port)) {
                return None;
            }
            way.ports.push((End { node: far.node, interface: port }, iosxe::Way::In));
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

fn packet(source: Ipv4Addr, destination: Ipv4Addr, payload: Payload) -> Packet {
    Packet { source: source.into(), destination: destination.into(), payload }
}

/// There and back.
fn took(there: &Way, back: &Way) -> Duration {
    let cables = u64::from(there.hops.max(back.hops));
    ROUND_TRIP.saturating_mul(cables) + there.delay + back.delay
}
