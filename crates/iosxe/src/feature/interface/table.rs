//! The interfaces of one router, by name, in the order in which IOS lists them.

use std::collections::BTreeMap;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use cli::InterfaceName;
use simtime::Rng;

use super::fsm::{Link, Status};
use super::state::up_or_down;
use super::{Config, Interface, Line, MacAddress, Medium, Port, Prefix};
use crate::feature::acl::Guards;
use crate::feature::discovery::PortDiscovery;
use crate::feature::inert::Kept;
use crate::io::{InterfaceAddress, InterfaceCounts, InterfaceView, VrfId};
use crate::platform::Platform;

/// How many interfaces one router can have, loopbacks included.
pub(super) const INTERFACES_MAX: usize = 1024;

/// The interfaces of one router.
#[derive(Clone, Debug)]
pub(crate) struct Interfaces {
    all: BTreeMap<InterfaceName, Interface>,
    /// The MAC address of what has no port: that of the first one.
    base: MacAddress,
}

impl Interfaces {
    /// The ports of the platform. A port that no configuration speaks of is up as soon as its wire
    /// is alive; a real c8000v starts with its ports shut down, which a lab would have to undo.
    pub(crate) fn new(platform: Platform, rng: &Rng) -> Self {
        let base = MacAddress::draw(&mut rng.child("mac address"));
        let ports = platform.profile().ports().zip(0..);
        let all = ports.map(|((name, kind), index)| {
            (name, Interface::new(Medium::Port { mac: base.of_port(index), kind }))
        });
        Interfaces { all: all.collect(), base }
    }

    /// The first address of the chassis.
    pub(crate) fn base_mac(&self) -> Option<MacAddress> {
        let mac = |interface: &Interface| match interface.medium {
            Medium::Port { mac, .. } => Some(mac),
            Medium::Loopback | Medium::Software => None,
        };
        self.all.values().filter_map(mac).min()
    }

    /// One interface.
    pub(crate) fn get(&self, name: &InterfaceName) -> Option<&Interface> {
        self.all.get(name)
    }

    /// One interface, to be changed.
    pub(super) fn get_mut(&mut self, name: &InterfaceName) -> Option<&mut Interface> {
        self.all.get_mut(name)
    }

    /// All names, in order.
    pub(crate) fn names(&self) -> impl Iterator<Item = &InterfaceName> {
        self.all.keys()
    }

    /// All interfaces, in order.
    pub(super) fn iter(&self) -> impl Iterator<Item = (&InterfaceName, &Interface)> {
        self.all.iter()
    }

    /// All interfaces, in order, to be changed.
    pub(super) fn iter_mut(&mut self) -> impl Iterator<Item = (&InterfaceName, &mut Interface)> {
        self.all.iter_mut()
    }

    /// The lines of one interface that change nothing else.
    pub(crate) fn inert_mut(&mut self, name: &InterfaceName) -> Option<&mut Kept> {
        self.get_mut(name).map(|interface| &mut interface.config.inert)
    }

    /// Takes over which wires are alive, from the same hardware before a reload.
    pub(crate) fn keep_carrier_of(&mut self, before: &Interfaces) {
        for (name, interface) in &mut self.all {
            if let Some(old) = before.get(name) {
                interface.unplugged = old.unplugged;
                interface.link = Link::AdminDown { carrier: old.link.has_carrier() };
            }
        }
    }

    /// Whether there is room for another one.
    pub(super) fn is_full(&self) -> bool {
        self.all.len() >= INTERFACES_MAX
    }

    /// Creates a logical interface. It is shut down until the caller follows its configuration.
    pub(super) fn add(&mut self, name: InterfaceName, medium: Medium) {
        self.all.insert(name, Interface::new(medium));
    }

    /// Removes an interface.
    pub(super) fn remove(&mut self, name: &InterfaceName) {
        self.all.remove(name);
    }

    /// The first other interface in the table of `name` whose subnet shares an address with
    /// `prefix`.
    pub(super) fn overlapping(
        &self,
        name: &InterfaceName,
        prefix: Prefix,
    ) -> Option<InterfaceName> {
        let mut others = self.others_of_table(name);
        let found = others.find(|(_, i)| i.prefixes().any(|p| p.overlaps(prefix)));
        found.map(|(other, _)| *other)
    }

    /// The same for IPv6, with the prefix that is there.
    pub(super) fn overlapping_v6(
        &self,
        name: &InterfaceName,
        prefix: Prefix<Ipv6Addr>,
    ) -> Option<(InterfaceName, Prefix<Ipv6Addr>)> {
        let mut others = self.others_of_table(name);
        others.find_map(|(other, _)| {
            let mut own = self.prefixes_v6(other).into_iter();
            own.find(|own| own.overlaps(prefix)).map(|own| (*other, own))
        })
    }

    fn others_of_table(
        &self,
        name: &InterfaceName,
    ) -> impl Iterator<Item = (&InterfaceName, &Interface)> {
        let vrf = self.vrf_of(name);
        self.all.iter().filter(move |(other, i)| *other != name && i.config.vrf == vrf)
    }

    /// The MAC address that an interface sends from.
    pub(super) fn mac_of(&self, name: &InterfaceName) -> MacAddress {
        let port = name.port().unwrap_or(*name);
        match self.get(&port).map(|port| port.medium) {
            Some(Medium::Port { mac, .. }) => mac,
            Some(Medium::Loopback | Medium::Software) | None => self.base,
        }
    }

    /// The addresses of IPv6 that an interface has, but the link-local one.
    pub(super) fn prefixes_v6(&self, name: &InterfaceName) -> Vec<Prefix<Ipv6Addr>> {
        let ipv6 = self.get(name).and_then(|interface| interface.config.ipv6.as_ref());
        ipv6.map_or(Vec::new(), |ipv6| ipv6.addresses(self.mac_of(name)).collect())
    }

    /// The link-local address of an interface that speaks IPv6.
    pub(super) fn link_local(&self, name: &InterfaceName) -> Option<Ipv6Addr> {
        self.get(name)?.config.ipv6.as_ref()?.link_local(self.mac_of(name))
    }

    /// The table that an interface is in.
    pub(crate) fn vrf_of(&self, name: &InterfaceName) -> VrfId {
        self.get(name).map_or(VrfId::GLOBAL, |interface| interface.config.vrf)
    }

    /// The interfaces of a table, in order.
    pub(crate) fn names_in(&self, vrf: VrfId) -> impl Iterator<Item = &InterfaceName> {
        self.iter().filter(move |(_, interface)| interface.config.vrf == vrf).map(|(name, _)| name)
    }

    /// How many there are, and how many of them are up.
    pub(crate) fn counts(&self) -> InterfaceCounts {
        let up = self.all.values().filter(|interface| interface.link.protocol_up()).count();
        InterfaceCounts { up, total: self.all.len() }
    }

    /// All of them as people see them, in order.
    pub(crate) fn views(&self) -> Vec<InterfaceView> {
        let view = |(name, interface): (&InterfaceName, &Interface)| InterfaceView {
            name: name.long(),
            address: interface.prefix().map(Prefix::address),
            status: interface.link.status().as_str(),
            protocol: up_or_down(interface.link.protocol_up()),
        };
        self.iter().map(view).collect()
    }

    /// Every address, in order.
    pub(crate) fn addresses(&self) -> Vec<InterfaceAddress> {
        let mut all = Vec::new();
        for (name, interface) in self.iter() {
            let v4 = interface.prefixes().map(|prefix| IpAddr::V4(prefix.address()));
            let v6 = self.prefixes_v6(name).into_iter().map(Prefix::address);
            let v6 = v6.chain(self.link_local(name)).map(IpAddr::V6);
            all.extend(v4.chain(v6).map(|address| InterfaceAddress {
                interface: name.long(),
                address,
                vrf: interface.config.vrf,
                up: interface.link.protocol_up(),
            }));
        }
        all
    }

    /// The addresses of the interfaces of a table whose line protocol is up, in order.
    pub(crate) fn connected_in(&self, vrf: VrfId) -> impl Iterator<Item = (InterfaceName, Prefix)> {
        let up = self.up_in(vrf);
        up.flat_map(|(name, interface)| interface.prefixes().map(|prefix| (*name, prefix)))
    }

    /// The same for IPv6, without those of a link.
    pub(crate) fn connected_v6(
        &self,
        vrf: VrfId,
    ) -> impl Iterator<Item = (InterfaceName, Prefix<Ipv6Addr>)> {
        let up = self.up_in(vrf);
        up.flat_map(|(name, _)| self.prefixes_v6(name).into_iter().map(|prefix| (*name, prefix)))
    }

    /// Whether an interface that is up speaks IPv6.
    pub(crate) fn speaks_v6(&self, name: &InterfaceName) -> bool {
        let up = self.get(name).is_some_and(|interface| interface.link.protocol_up());
        up && self.link_local(name).is_some()
    }

    fn up_in(&self, vrf: VrfId) -> impl Iterator<Item = (&InterfaceName, &Interface)> {
        self.iter().filter(move |(_, i)| i.link.protocol_up() && i.config.vrf == vrf)
    }

    /// One port with a wire, as its neighbour sees it.
    pub(crate) fn port(&self, name: &InterfaceName) -> Option<Port<'_>> {
        let interface = self.get(name)?;
        let Medium::Port { mac, .. } = interface.medium else { return None };
        Some(Port {
            up: interface.link.protocol_up(),
            mac,
            description: interface.config.description.as_deref(),
            address: interface.prefix().map(Prefix::address),
            discovery: interface.config.discovery,
        })
    }

    /// What a tracked object follows of an interface.
    pub(crate) fn line(&self, name: &InterfaceName) -> Option<Line> {
        Some(self.get(name)?.line())
    }

    /// What is configured of CDP and LLDP at one interface; only a port with a wire does any.
    pub(crate) fn discovery_mut(&mut self, name: &InterfaceName) -> Option<&mut PortDiscovery> {
        self.get_mut(name).map(|interface| &mut interface.config.discovery)
    }

    /// The access lists in front of one interface.
    pub(crate) fn guards(&self, name: &InterfaceName) -> Option<&Guards> {
        self.get(name).map(|interface| &interface.config.guards)
    }

    /// The same, to be changed.
    pub(crate) fn guards_mut(&mut self, name: &InterfaceName) -> Option<&mut Guards> {
        self.get_mut(name).map(|interface| &mut interface.config.guards)
    }

    /// Before the boot: these wires are dead.
    pub(crate) fn darken(&mut self, dark: &[String]) {
        for name in dark.iter().filter_map(|name| InterfaceName::parse(name)) {
            if let Some(interface) = self.all.get_mut(&name) {
                interface.link = Link::AdminDown { carrier: false };
            }
        }
    }

    /// Whether a port sends light.
    pub(crate) fn sends(&self, name: &InterfaceName) -> bool {
        self.get(name).is_some_and(Interface::sends)
    }

    /// Whether an interface of the global table that is up has this address.
    pub(crate) fn has_address(&self, address: Ipv4Addr) -> bool {
        self.has_address_in(VrfId::GLOBAL, address.into())
    }

    /// Whether an interface of a table that is up has this address.
    pub(crate) fn has_address_in(&self, vrf: VrfId, address: IpAddr) -> bool {
        let mut all = self.addresses().into_iter();
        all.any(|own| own.up && own.vrf == vrf && own.address == address)
    }

    /// The first address of an interface in the family of `like`, that of its link last.
    pub(crate) fn address_like(&self, name: &InterfaceName, like: IpAddr) -> Option<IpAddr> {
        match like {
            IpAddr::V4(_) => self.address_of(name).map(IpAddr::V4),
            IpAddr::V6(_) => {
                let first = self.prefixes_v6(name).first().copied().map(Prefix::address);
                first.or_else(|| self.link_local(name)).map(IpAddr::V6)
            }
        }
    }

    /// The address of one interface.
    pub(crate) fn address_of(&self, name: &InterfaceName) -> Option<Ipv4Addr> {
        self.get(name).and_then(Interface::prefix).map(Prefix::address)
    }

    /// The address that the router's own datagrams leave from: the one of `wanted`, else that of
    /// the first interface that is up, those of the global table first.
    pub(crate) fn source_address(&self, wanted: Option<&InterfaceName>) -> Option<Ipv4Addr> {
        let wanted = wanted.and_then(|name| self.address_of(name));
        let up = || self.all.values().filter(|interface| interface.link.protocol_up());
        let global = || up().filter(|i| i.config.vrf == VrfId::GLOBAL).find_map(Interface::prefix);
        let first = || global().or_else(|| up().find_map(Interface::prefix));
        wanted.or_else(|| first().map(Prefix::address))
    }
}

impl Interface {
    /// Its state, for those who follow it.
    pub(super) fn line(&self) -> Line {
        let status = self.link.status();
        let (is_shut, link_up) = (status == Status::AdminDown, status == Status::Up);
        Line { is_shut, link_up, protocol_up: self.link.protocol_up() }
    }

    fn new(medium: Medium) -> Self {
        let link = Link::AdminDown { carrier: medium != Medium::Software };
        Interface {
            config: Config::default(),
            link,
            announced: link.seen(),
            settling: None,
            medium,
            unplugged: None,
            counters: None,
            joined: None,
        }
    }
}
