//! The interfaces of one router, by name, in the order in which IOS lists them.

use std::collections::BTreeMap;
use std::net::Ipv4Addr;

use cli::InterfaceName;
use simtime::Rng;

use super::fsm::{Link, Status};
use super::state::up_or_down;
use super::{Config, Interface, Line, MacAddress, Medium, Port, Prefix};
use crate::feature::acl::Guards;
use crate::feature::discovery::PortDiscovery;
use crate::feature::inert::Kept;
use crate::io::{InterfaceAddress, InterfaceCounts, InterfaceView};
use crate::platform::Platform;

/// How many interfaces one router can have, loopbacks included.
pub(super) const INTERFACES_MAX: usize = 1024;

/// The interfaces of one router.
#[derive(Clone, Debug)]
pub(crate) struct Interfaces {
    all: BTreeMap<InterfaceName, Interface>,
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
        Interfaces { all: all.collect() }
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

    /// The first interface other than `name` whose subnet shares an address with `prefix`.
    pub(super) fn overlapping(
        &self,
        name: &InterfaceName,
        prefix: Prefix,
    ) -> Option<InterfaceName> {
        let others = self.all.iter().filter(|(other, _)| *other != name);
        let mut found = others.filter(|(_, i)| i.prefixes().any(|p| p.overlaps(prefix)));
        found.next().map(|(other, _)| *other)
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
            all.extend(interface.prefixes().map(|prefix| InterfaceAddress {
                interface: name.long(),
                address: prefix.address(),
                mask: prefix.mask(),
                up: interface.link.protocol_up(),
            }));
        }
        all
    }

    /// The addresses of the interfaces whose line protocol is up, in order.
    pub(crate) fn connected(&self) -> impl Iterator<Item = (InterfaceName, Prefix)> {
        let up = self.iter().filter(|(_, interface)| interface.link.protocol_up());
        up.flat_map(|(name, interface)| interface.prefixes().map(|prefix| (*name, prefix)))
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

    /// Whether an interface that is up has this address.
    pub(crate) fn has_address(&self, address: Ipv4Addr) -> bool {
        let mut all = self.addresses().into_iter();
        all.any(|interface| interface.up && interface.address == address)
    }

    /// The address of one interface.
    pub(crate) fn address_of(&self, name: &InterfaceName) -> Option<Ipv4Addr> {
        self.get(name).and_then(Interface::prefix).map(Prefix::address)
    }

    /// The address that the router's own datagrams leave from: the one of `wanted`, else that of
    /// the first interface that is up (there is no routing table here yet).
    pub(crate) fn source_address(&self, wanted: Option<&InterfaceName>) -> Option<Ipv4Addr> {
        let wanted = wanted.and_then(|name| self.address_of(name));
        let up = || self.all.values().filter(|i| i.link.protocol_up()).find_map(Interface::prefix);
        wanted.or_else(|| up().map(Prefix::address))
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
        }
    }
}
