//! Routes: those of the interfaces, those that are configured, and which one a packet takes. One
//! table for each family of addresses and each VRF.
//!
//! Nothing is kept that follows from something else: a table is made anew from interfaces and
//! `ip route` lines whenever somebody asks. Used by commands, and by the lab that carries packets.

pub(crate) mod cef;
mod change;
pub(crate) mod config;
pub(crate) mod exec;
mod plain;
pub(crate) mod show;
pub(crate) mod show_v6;
mod table;

pub(crate) use change::tell_changes;
pub(crate) use plain::{Plain, plain};
pub(crate) use table::{Listed, Table, first_port, listed, next_hop, origin_word};

use std::net::{Ipv4Addr, Ipv6Addr};

use cli::{Args, InterfaceName};

use crate::device::State;
use crate::feature::interface::{Family, Interfaces, Prefix, is_link_local};
use crate::io::VrfId;

/// How many routes of one family one router keeps.
const STATICS_MAX: usize = 4096;

/// The routes that are configured, in the order of a running-config but for their tables.
#[derive(Clone, Debug, Default)]
pub(crate) struct Statics {
    v4: Vec<Static>,
    v6: Vec<Static<Ipv6Addr>>,
    /// `ipv6 unicast-routing`
    pub(crate) routes_v6: bool,
    /// The table as the event manager was told of it, while an applet waits for routes.
    told: Option<Table>,
}

/// One `ip route` or `ipv6 route`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Static<A = Ipv4Addr> {
    vrf: VrfId,
    prefix: Prefix<A>,
    hop: Hop<A>,
    distance: u8,
    name: Option<String>,
    tag: Option<u32>,
    permanent: bool,
    /// It stands only while this tracked object is up.
    track: Option<u32>,
    /// The hop comes from a DHCP server, of which there is none.
    is_dhcp: bool,
}

/// Where a route leads: a port, an address, or both.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Hop<A = Ipv4Addr> {
    interface: Option<InterfaceName>,
    address: Option<A>,
}

/// A family of addresses that has routes.
pub(crate) trait Routed: Family {
    /// Its routes that are configured.
    fn statics(all: &Statics) -> &Vec<Static<Self>>;

    /// The same, to be changed.
    fn statics_mut(all: &mut Statics) -> &mut Vec<Static<Self>>;

    /// The addresses of the interfaces of a table that are up.
    fn connected(interfaces: &Interfaces, vrf: VrfId) -> Vec<(InterfaceName, Prefix<Self>)>;

    /// Whether an interface that is up carries packets of the family.
    fn is_carried(interfaces: &Interfaces, name: &InterfaceName) -> bool;

    /// Whether no host may have this address.
    fn is_no_host(self) -> bool;
}

impl Routed for Ipv4Addr {
    fn statics(all: &Statics) -> &Vec<Static<Self>> {
        &all.v4
    }

    fn statics_mut(all: &mut Statics) -> &mut Vec<Static<Self>> {
        &mut all.v4
    }

    fn connected(interfaces: &Interfaces, vrf: VrfId) -> Vec<(InterfaceName, Prefix<Self>)> {
        interfaces.connected_in(vrf).collect()
    }

    fn is_carried(interfaces: &Interfaces, name: &InterfaceName) -> bool {
        interfaces.connected_in(interfaces.vrf_of(name)).any(|(up, _)| up == *name)
    }

    fn is_no_host(self) -> bool {
        let octet = self.octets()[0];
        octet == 127 || octet >= 224 || self.is_unspecified()
    }
}

impl Routed for Ipv6Addr {
    fn statics(all: &Statics) -> &Vec<Static<Self>> {
        &all.v6
    }

    fn statics_mut(all: &mut Statics) -> &mut Vec<Static<Self>> {
        &mut all.v6
    }

    fn connected(interfaces: &Interfaces, vrf: VrfId) -> Vec<(InterfaceName, Prefix<Self>)> {
        interfaces.connected_v6(vrf).collect()
    }

    fn is_carried(interfaces: &Interfaces, name: &InterfaceName) -> bool {
        interfaces.speaks_v6(name)
    }

    fn is_no_host(self) -> bool {
        self.is_multicast() || self.is_loopback() || self.is_unspecified()
    }
}

/// The table that a command is about, with its name; the name alone if there is none of it.
fn table_named<'a>(state: &State, args: &'a Args) -> Result<(&'a str, VrfId), &'a str> {
    match args.text("vrf").map(|name| (name, state.vrfs.id(name))) {
        None => Ok(("default", VrfId::GLOBAL)),
        Some((name, Some(vrf))) => Ok((name, vrf)),
        Some((name, None)) => Err(name),
    }
}

/// Whether a route needs the port of this hop to be named.
fn needs_port(hop: Hop<Ipv6Addr>) -> bool {
    hop.interface.is_none() && hop.address.is_some_and(is_link_local)
}

/// Whether a static route follows a tracked object.
pub(crate) fn follows(state: &State, number: u32) -> bool {
    state.statics.v4.iter().any(|route| route.track == Some(number))
}

impl Statics {
    /// Adds a route; one with the same prefix and hop is replaced. `false` when there is no room.
    fn set<A: Routed>(&mut self, new: Static<A>) -> bool {
        let all = A::statics_mut(self);
        all.retain(|old| (old.vrf, old.prefix, old.hop) != (new.vrf, new.prefix, new.hop));
        if all.len() >= STATICS_MAX {
            return false;
        }
        let key = |route: &Static<A>| (route.prefix, route.distance);
        let at = all.partition_point(|old| key(old) <= key(&new));
        all.insert(at, new);
        true
    }

    /// Removes the routes to a prefix, all of them or those over one hop. `false` if none was
    /// there.
    fn remove<A: Routed>(&mut self, vrf: VrfId, prefix: Prefix<A>, hop: Option<Hop<A>>) -> bool {
        let all = A::statics_mut(self);
        let before = all.len();
        let is_it = |old: &Static<A>| (old.vrf, old.prefix) == (vrf, prefix);
        all.retain(|old| !is_it(old) || hop.is_some_and(|hop| hop != old.hop));
        all.len() < before
    }

    /// The table is gone, and its routes with it.
    pub(crate) fn forget(&mut self, vrf: VrfId) {
        self.v4.retain(|route| route.vrf != vrf);
        self.v6.retain(|route| route.vrf != vrf);
    }
}
