//! Which echo requests are answered: a packet goes from router to router by each one's routes and
//! over each one's cables, past the access lists in front of their ports, and its reply has to find
//! its own way back.
//!
//! Used by [`crate::Lab`] when a router pings. Nothing of a packet on its way is kept.

use std::net::IpAddr;

use iosxe::{InterfaceAddress, Packet, Payload, PingId, TimeServed, VrfId};
use simtime::{Duration, Time};

use crate::link::End;
use crate::{Lab, NodeId, Outbox};

/// From an echo request to its reply across one cable, as virtual routers on one host show it.
const ROUND_TRIP: Duration = Duration::from_millis(1);

/// How many routers a packet passes before it is dropped (its TTL).
const HOPS_MAX: u32 = 64;

/// What travels through the lab.
#[derive(Clone, Copy, Debug)]
enum Kind {
    Echo,
    EchoReply,
    /// What NTP asks and answers with (RFC 5905, section 7.2).
    Time,
    /// What `traceroute` sends, and what it is answered with: by a router on the way, and at its
    /// end.
    Probe,
    TimeExceeded,
    PortUnreachable,
}

/// A way through the lab.
#[derive(Clone, Debug)]
struct Way {
    /// The router that has the address.
    to: NodeId,
    /// The table there that the packet has come to.
    vrf: VrfId,
    /// The address by which the last cable was entered at its far end.
    hop: IpAddr,
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
    /// The table that it is routed by there.
    pub(crate) vrf: VrfId,
    /// None where the command named none: that of the port by which it leaves.
    pub(crate) source: Option<IpAddr>,
    pub(crate) destination: IpAddr,
}

impl Lab {
    /// How long an echo request takes until it is answered; `None` if it never is. It is routed, or
    /// goes no further than the cable of a port.
    pub(crate) fn round_trip(
        &mut self,
        sent: Sent,
        port: Option<&str>,
        out: &mut Outbox,
    ) -> Option<Duration> {
        let ways = match port {
            None => self.there_and_back(sent)?,
            Some(port) => self.over_one_cable(sent, port)?,
        };
        self.answers(sent, ways, (Kind::Echo, Kind::EchoReply), out).map(|(_, took)| took)
    }

    /// What the router at an address says of the time, and how long that takes.
    pub(crate) fn time_of(
        &mut self,
        sent: Sent,
        (ask, key): (PingId, Option<u32>),
        out: &mut Outbox,
    ) -> Option<(TimeServed, Duration)> {
        let ways = self.there_and_back(sent)?;
        let (server, took) = self.answers(sent, ways, (Kind::Time, Kind::Time), out)?;
        Some((self.router(server).device.time(ask, key)?, took))
    }

    /// Which router answers a request on these ways, and how long that takes.
    fn answers(
        &mut self,
        sent: Sent,
        (there, back, source): (Way, Option<Way>, IpAddr),
        (request, reply): (Kind, Kind),
        out: &mut Outbox,
    ) -> Option<(NodeId, Duration)> {
        if there.hops == 0 {
            return Some((there.to, ROUND_TRIP));
        }
        self.travel(sent.now, &there, packet(source, sent.destination, request), out)?;
        let back = back?;
        self.travel(sent.now, &back, packet(sent.destination, source, reply), out)?;
        Some((there.to, took(&there, &back)))
    }

    /// Who answers a probe that may pass so many routers, and after how long; nobody if it is lost,
    /// or the answer finds no way back.
    pub(crate) fn probe(
        &mut self,
        sent: Sent,
        ttl: u32,
        out: &mut Outbox,
    ) -> Option<(IpAddr, Duration)> {
        let destination = sent.destination;
        let there = self.way_within(sent, ttl)?;
        if there.hops == 0 {
            return Some((destination, ROUND_TRIP));
        }
        let source = sent.source.or_else(|| self.source_towards(sent))?;
        self.travel(sent.now, &there, packet(source, destination, Kind::Probe), out)?;
        let back = self.back(sent, &there, source)?;
        let (by, answer) = match self.has_address((there.to, there.vrf), destination) {
            true => (destination, Kind::PortUnreachable),
            false => (there.hop, Kind::TimeExceeded),
        };
        self.travel(sent.now, &back, packet(by, source, answer), out)?;
        Some((by, took(&there, &back)))
    }

    /// The way to a destination, the way of the answer if there is one, and the address that the
    /// packet leaves from.
    fn there_and_back(&self, sent: Sent) -> Option<(Way, Option<Way>, IpAddr)> {
        let there = self.way(sent)?;
        if there.hops == 0 {
            return Some((there, None, sent.destination));
        }
        let source = sent.source.or_else(|| self.source_towards(sent))?;
        let back = self.back(sent, &there, source);
        Some((there, back, source))
    }

    /// The same to an address of the link behind a port.
    fn over_one_cable(&self, sent: Sent, port: &str) -> Option<(Way, Option<Way>, IpAddr)> {
        let Sent { node, destination, .. } = sent;
        let here = |own: &InterfaceAddress| {
            own.up && own.interface == port && own.address.is_ipv6() == destination.is_ipv6()
        };
        let own = self.router(node).device.addresses();
        // Of the addresses of a port, that of its link is the last.
        let source = own.iter().rfind(|own| here(own))?.address;
        if own.iter().any(|own| here(own) && own.address == destination) {
            return Some((self.start(sent), None, source));
        }
        let start = self.start(sent);
        let there = self.across(start, port, destination)?;
        let (far, _) = there.ports.last()?.clone();
        let start = Sent { node: there.to, vrf: there.vrf, destination: source, ..sent };
        let back = self.across(self.start(start), &far.interface, source);
        Some((there, back, source))
    }

    /// The way of an answer.
    fn back(&self, sent: Sent, there: &Way, source: IpAddr) -> Option<Way> {
        let (node, vrf) = (there.to, there.vrf);
        let back = self.way(Sent { node, vrf, source: None, destination: source, ..sent })?;
        (back.to == sent.node && back.vrf == sent.vrf).then_some(back)
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
    fn source_towards(&self, sent: Sent) -> Option<IpAddr> {
        let Sent { node, vrf, destination, .. } = sent;
        let device = &self.router(node).device;
        let (port, _) = device.next_hop(vrf, destination)?;
        let mut own = device.addresses().into_iter();
        let fits = |own: &InterfaceAddress| {
            own.interface == port && own.address.is_ipv6() == destination.is_ipv6()
        };
        own.find(fits).map(|own| own.address)
    }

    /// The way to the destination of a packet.
    fn way(&self, sent: Sent) -> Option<Way> {
        let way = self.way_within(sent, HOPS_MAX)?;
        self.has_address((way.to, way.vrf), sent.destination).then_some(way)
    }

    /// The way towards the destination of a packet, over so many cables at most.
    fn way_within(&self, sent: Sent, hops_max: u32) -> Option<Way> {
        let mut way = self.start(sent);
        while way.hops < hops_max.min(HOPS_MAX)
            && !self.has_address((way.to, way.vrf), sent.destination)
        {
            let device = &self.router(way.to).device;
            let (port, hop) = device.next_hop(way.vrf, sent.destination)?;
            if way.hops > 0 {
                way.ports.push((End { node: way.to, interface: port.clone() }, iosxe::Way::Out));
            }
            way = self.across(way, &port, hop)?;
        }
        Some(way)
    }

    /// A way of which nothing is gone yet.
    fn start(&self, sent: Sent) -> Way {
        let Sent { node: to, vrf, destination: hop, .. } = sent;
        Way { to, vrf, hop, hops: 0, delay: Duration::ZERO, ports: Vec::new() }
    }

    /// A way and one cable more, that of a port: to the neighbour that has an address there.
    fn across(&self, mut way: Way, port: &str, hop: IpAddr) -> Option<Way> {
        // Subinterfaces of one number are taken for those of one VLAN.
        let (wire, vlan) = match port.split_once('.') {
            Some((wire, vlan)) => (wire, format!(".{vlan}")),
            None => (port, String::new()),
        };
        let near = End { node: way.to, interface: wire.to_owned() };
        let far = self.links.peer(&near)?;
        let entered = format!("{}{vlan}", far.interface);
        // Nobody on the wire answers for an address that nobody there has.
        let mut there = self.router(far.node).device.addresses().into_iter();
        let at = there.find(|own| own.up && own.interface == entered && own.address == hop)?;
        way.ports.push((End { node: far.node, interface: entered }, iosxe::Way::In));
        way.delay = way.delay + self.links.get(self.links.at(&near)?).delay;
        way.hops += 1;
        (way.to, way.vrf, way.hop) = (far.node, at.vrf, hop);
        Some(way)
    }

    /// Whether a table of a router has an address at a port that is up.
    fn has_address(&self, (node, vrf): (NodeId, VrfId), address: IpAddr) -> bool {
        let own = self.router(node).device.addresses();
        own.into_iter().any(|own| own.up && own.vrf == vrf && own.address == address)
    }
}

/// A packet of IPv4 (RFC 792) or IPv6 (RFC 4443).
fn packet(source: IpAddr, destination: IpAddr, kind: Kind) -> Packet {
    let icmp = |v4: (u8, u8), v6: (u8, u8)| {
        let (kind, code) = if destination.is_ipv4() { v4 } else { v6 };
        Payload::Icmp { kind, code }
    };
    let payload = match kind {
        Kind::Echo => icmp((8, 0), (128, 0)),
        Kind::EchoReply => icmp((0, 0), (129, 0)),
        Kind::Time => Payload::Udp { source: 123, destination: 123 },
        Kind::Probe => Payload::Udp { source: 49_152, destination: 33_434 },
        Kind::TimeExceeded => icmp((11, 0), (3, 0)),
        Kind::PortUnreachable => icmp((3, 3), (1, 4)),
    };
    Packet { source, destination, payload }
}

/// There and back.
fn took(there: &Way, back: &Way) -> Duration {
    let cables = u64::from(there.hops.max(back.hops));
    ROUND_TRIP.saturating_mul(cables) + there.delay + back.delay
}
