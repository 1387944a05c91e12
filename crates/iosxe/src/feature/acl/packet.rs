//! What becomes of a packet: the first entry that matches it decides, and counts it.
//!
//! Asked by lines, interfaces and services through [`permits`] alone, so that every match is
//! counted and logged in one place.

use std::net::IpAddr;

use super::list::{Body, ListName};
use super::rule::{Action, Address, End, Options, Ports, Protocol, Rule};
use super::{AccessLists, logged, names, time_range};
use crate::io::{Packet, Payload};
use crate::turn::Turn;

/// What a router sends; packets of others have lost some of it on their way, but none here has so
/// little left that a list could tell.
const TTL: u16 = 255;

/// Whether a list lets a packet through. A list that is not there, or has no entry, lets everything
/// through; behind the last entry everything is denied. The entry counts the packet, and says so if
/// it is to be logged.
pub(crate) fn permits(turn: &mut Turn<'_>, list: &str, packet: &Packet) -> bool {
    let v6 = packet.source.is_ipv6();
    let name = if v6 { ListName::Word(list.to_owned()) } else { ListName::read(list) };
    let is_active = |range: &str| time_range::is_active(turn.state, range, turn.now);
    let Some((sequence, rule)) = decision(&turn.state.access_lists, v6, &name, packet, &is_active)
    else {
        return true;
    };
    let Some(rule) = rule else { return false };
    let (action, log) = (rule.action, rule.options.log.clone());
    let family = turn.state.access_lists.count(v6, &name, sequence);
    if let (Some(log), Some(family)) = (log, family) {
        logged::note(turn, (&name, family), action, packet, &log);
    }
    action == Action::Permit
}

/// The entry that decides, with its number: none if everything is denied at the end. Nothing if the
/// list does not filter.
fn decision<'a>(
    lists: &'a AccessLists,
    v6: bool,
    name: &ListName,
    packet: &Packet,
    is_active: &dyn Fn(&str) -> bool,
) -> Option<(u32, Option<&'a Rule>)> {
    let list = lists.get(v6, name).filter(|list| !list.is_empty())?;
    let found = list.entries().find_map(|(sequence, entry)| match &entry.body {
        Body::Rule(rule) if rule.matches(packet, is_active) => Some((sequence, Some(&**rule))),
        Body::Rule(_) | Body::Remark(_) | Body::Evaluate(_) => None,
    });
    Some(found.unwrap_or((0, None)))
}

impl Rule {
    fn matches(&self, packet: &Packet, is_active: &dyn Fn(&str) -> bool) -> bool {
        let protocol = match &self.protocol {
            Protocol::Any => true,
            Protocol::Number(number) => *number == packet.protocol(),
            // What is in a group of services is kept, and not looked at.
            Protocol::Group(_) => false,
        };
        let (from, to) = packet.ports();
        protocol
            && self.source.fits(packet.source, from)
            && self.destination.fits(packet.destination, to)
            && self.icmp.is_none_or(|icmp| packet.is_icmp(icmp))
            && self.igmp.is_none()
            && self.options.match_first_packet(is_active)
    }
}

impl Packet {
    /// The number of its protocol.
    fn protocol(&self) -> u8 {
        match (self.payload, self.source) {
            (Payload::Tcp { .. }, _) => names::TCP,
            (Payload::Udp { .. }, _) => names::UDP,
            (Payload::Icmp { .. }, IpAddr::V4(_)) => names::ICMP,
            (Payload::Icmp { .. }, IpAddr::V6(_)) => names::ICMP_V6,
        }
    }

    fn is_icmp(&self, (wanted, wanted_code): names::Icmp) -> bool {
        match self.payload {
            Payload::Icmp { kind, code } => {
                kind == wanted && wanted_code.is_none_or(|wanted| wanted == code)
            }
            Payload::Tcp { .. } | Payload::Udp { .. } => false,
        }
    }
}

impl End {
    fn fits(&self, address: IpAddr, port: u16) -> bool {
        self.address.fits(address) && self.ports.as_ref().is_none_or(|ports| ports.fit(port))
    }
}

impl Address {
    fn fits(&self, address: IpAddr) -> bool {
        match (self, address) {
            (Address::Any, _) => true,
            (Address::Host(host), address) => *host == address,
            (Address::Masked { address: network, wildcard }, IpAddr::V4(address)) => {
                address.to_bits() & !wildcard.to_bits() == network.to_bits()
            }
            (Address::Prefix { address: network, length }, IpAddr::V6(address)) => {
                let differs = address.to_bits() ^ network.to_bits();
                differs.leading_zeros() >= u32::from(*length)
            }
            (Address::Masked { .. } | Address::Prefix { .. } | Address::Group(_), _) => false,
        }
    }
}

impl Ports {
    fn fit(&self, port: u16) -> bool {
        match self {
            Ports::Equal(ports) => ports.contains(&port),
            Ports::NotEqual(ports) => !ports.contains(&port),
            Ports::Above(above) => port > *above,
            Ports::Below(below) => port < *below,
            Ports::Range(first, last) => (first..=last).contains(&&port),
        }
    }
}

impl Options {
    /// Whether the first packet of a conversation, whole and of no priority, has all of this.
    fn match_first_packet(&self, is_active: &dyn Fn(&str) -> bool) -> bool {
        let zero = |value: Option<u8>| value.is_none_or(|value| value == 0);
        !self.fragments
            && self.flags.iter().all(|flag| *flag == "syn")
            && zero(self.precedence)
            && zero(self.dscp)
            && zero(self.service)
            && self.ttl.as_ref().is_none_or(|ttl| ttl.fit(TTL))
            && self.time_range.as_deref().is_none_or(is_active)
    }
}
