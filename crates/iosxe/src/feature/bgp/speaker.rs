//! The process as its tables see it: families, neighbors, and how far each neighbor has come.

use std::net::{IpAddr, Ipv4Addr};

use cli::InterfaceName;

use super::neighbor::{is_active, names};
use crate::device::State;
use crate::feature::route::next_hop;
use crate::feature::routing::lines::after;
use crate::feature::routing::tokens::Asn;
use crate::feature::routing::{Block, Kind, Step, ports};
use crate::io::VrfId;

/// The process.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Speaker<'a> {
    pub(crate) asn: u32,
    pub(crate) block: &'a Block,
}

/// One address family of it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Family<'a> {
    speaker: Speaker<'a>,
    pub(crate) step: &'a Step,
    pub(crate) block: &'a Block,
}

/// One neighbor in one family.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Neighbor<'a> {
    family: Family<'a>,
    pub(crate) name: &'a str,
}

/// How far a neighbor has come (RFC 4271, section 8.2.2).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum PeerState {
    /// Shut down.
    Admin,
    /// There is no way to it.
    Idle,
    /// It does not answer.
    Active,
}

/// The process, if there is one.
pub(crate) fn speaker(state: &State) -> Option<Speaker<'_>> {
    let (step, block) = state.routers.of(Kind::Bgp).next()?;
    let asn = step.header.trim_start_matches("router bgp ").parse().ok()?;
    Some(Speaker { asn, block })
}

impl<'a> Speaker<'a> {
    /// The id that it runs with.
    pub(crate) fn id(&self) -> Option<Ipv4Addr> {
        self.block.running.id
    }

    /// Its families, in the order of a running-config.
    pub(crate) fn families(self) -> impl Iterator<Item = Family<'a>> {
        let below = self.block.below.iter();
        below.map(move |(step, block)| Family { speaker: self, step, block })
    }

    /// A number of an autonomous system as it is printed (RFC 5396).
    pub(crate) fn number(&self, asn: u32) -> String {
        match self.block.lines.has("bgp asnotation dot") && asn > u32::from(u16::MAX) {
            true => format!("{}.{}", asn >> 16, asn & 0xffff),
            false => asn.to_string(),
        }
    }

    /// `timers bgp`: keepalive interval and hold time.
    fn timers(&self) -> (u32, u32) {
        self.block.lines.get("timers bgp").and_then(two).unwrap_or((60, 180))
    }
}

fn two(text: &str) -> Option<(u32, u32)> {
    let mut numbers = text.split(' ').filter_map(|word| word.parse().ok());
    Some((numbers.next()?, numbers.next()?))
}

impl<'a> Family<'a> {
    /// `ipv4`, `ipv4 multicast`, `vpnv4`, without the VRF.
    pub(crate) fn name(&self) -> &'a str {
        let name = self.step.header.trim_start_matches("address-family ");
        name.split(" vrf ").next().unwrap_or(name)
    }

    /// `IPv4 Unicast`
    pub(crate) fn label(&self) -> &'static str {
        match self.name() {
            "ipv4" => "IPv4 Unicast",
            "ipv4 multicast" => "IPv4 Multicast",
            "ipv6" => "IPv6 Unicast",
            "ipv6 multicast" => "IPv6 Multicast",
            "vpnv4" => "VPNv4 Unicast",
            "vpnv6" => "VPNv6 Unicast",
            "l2vpn evpn" => "L2VPN E-VPN",
            _ => "L2VPN Vpls",
        }
    }

    pub(crate) fn vrf(&self) -> Option<&'a str> {
        self.block.vrf.as_deref()
    }

    /// The block that holds the sessions of its neighbors.
    fn home(&self) -> &'a Block {
        if self.vrf().is_some() { self.block } else { self.speaker.block }
    }

    /// Every neighbor and group that could be in it.
    pub(crate) fn names(&self) -> impl Iterator<Item = &'a str> {
        names(&self.home().lines)
    }

    /// The neighbors that are active in it, in order of their addresses.
    pub(crate) fn neighbors(self) -> impl Iterator<Item = Neighbor<'a>> {
        let header = self.step.header.as_str();
        let of_address = names(&self.home().lines).filter(|name| name.parse::<IpAddr>().is_ok());
        let active = of_address
            .filter(move |name| is_active(self.speaker.block, (header, self.block), name));
        active.map(move |name| Neighbor { family: self, name })
    }
}

impl<'a> Neighbor<'a> {
    /// What follows `neighbor X WORDS`, of its own or of its group; of its session.
    pub(crate) fn session(&self, words: &str) -> Option<&'a str> {
        self.look_up(self.family.home(), words)
    }

    /// The same, of its family.
    pub(crate) fn policy(&self, words: &str) -> Option<&'a str> {
        self.look_up(self.family.block, words)
    }

    fn look_up(&self, block: &'a Block, words: &str) -> Option<&'a str> {
        let of = |name: &str| block.lines.get(&format!("neighbor {name} {words}"));
        of(self.name).or_else(|| of(self.group()?))
    }

    /// The filter of this kind in this direction.
    pub(crate) fn filter(&self, kind: &str, direction: &str) -> Option<&'a str> {
        let filters = |name: &str| {
            let lines = &self.family.block.lines;
            let words = format!("neighbor {name} {kind}");
            lines
                .iter()
                .find_map(|line| after(line, &words)?.strip_suffix(direction)?.strip_suffix(' '))
        };
        filters(self.name).or_else(|| filters(self.group()?))
    }

    /// The group that it is a member of.
    pub(crate) fn group(&self) -> Option<&'a str> {
        let lines = &self.family.home().lines;
        lines.get(&format!("neighbor {} peer-group", self.name)).filter(|name| !name.is_empty())
    }

    /// The autonomous system that it is in.
    pub(crate) fn asn(&self) -> u32 {
        let typed = self.session("remote-as").and_then(Asn::parse);
        typed.map_or(0, |Asn(asn)| asn)
    }

    /// Whether it is in the router's own autonomous system.
    pub(crate) fn is_internal(&self) -> bool {
        self.asn() == self.family.speaker.asn
    }

    /// The family that it is looked at in.
    pub(crate) fn family(&self) -> &Family<'a> {
        &self.family
    }

    /// The VRF that it is in.
    pub(crate) fn vrf(&self) -> Option<&'a str> {
        self.family.vrf()
    }

    /// Keepalive interval and hold time.
    pub(crate) fn timers(&self) -> (u32, u32) {
        let own = self.session("timers").and_then(two);
        own.unwrap_or_else(|| self.family.speaker.timers())
    }

    /// Whether a route leads to it.
    pub(crate) fn has_route(&self, state: &State) -> bool {
        match self.name.parse() {
            Ok(address) => {
                let vrf = self.vrf().map_or(Some(VrfId::GLOBAL), |name| state.vrfs.id(name));
                vrf.is_some_and(|vrf| next_hop(state, vrf, address).is_some())
            }
            Err(_) => false,
        }
    }

    /// Whether it is on a network of the router's own.
    pub(crate) fn is_connected(&self, state: &State) -> bool {
        let Ok(IpAddr::V4(address)) = self.name.parse() else { return false };
        let up = ports(state, self.vrf()).filter(|port| port.is_up);
        let mut prefixes = up.flat_map(|port| port.prefixes().collect::<Vec<_>>());
        prefixes.any(|prefix| {
            let mask = prefix.mask().to_bits();
            prefix.network().to_bits() == address.to_bits() & mask
        })
    }

    /// Whether it must be on a network of the router's own: what is outside is one hop away.
    pub(crate) fn must_be_connected(&self) -> bool {
        let far = ["ebgp-multihop", "disable-connected-check", "ttl-security"];
        !self.is_internal() && !far.iter().any(|option| self.session(option).is_some())
    }

    /// How far it has come.
    pub(crate) fn state(&self, state: &State) -> PeerState {
        if self.session("shutdown").is_some() {
            return PeerState::Admin;
        }
        let source = self.session("update-source").and_then(InterfaceName::parse);
        let is_sourced = source.is_none_or(|name| {
            let mut up = ports(state, self.vrf()).filter(|port| port.is_up);
            up.any(|port| port.name == name && port.prefix.is_some())
        });
        let is_near = !self.must_be_connected() || self.is_connected(state);
        match is_sourced && is_near && self.has_route(state) {
            true => PeerState::Active,
            false => PeerState::Idle,
        }
    }
}

impl PeerState {
    /// As `show bgp summary` has it.
    pub(crate) fn short(self) -> &'static str {
        match self {
            PeerState::Admin => "Idle (Admin)",
            PeerState::Idle => "Idle",
            PeerState::Active => "Active",
        }
    }

    /// As `show bgp neighbors` has it.
    pub(crate) fn word(self) -> &'static str {
        match self {
            PeerState::Admin | PeerState::Idle => "Idle",
            PeerState::Active => "Active",
        }
    }
}
