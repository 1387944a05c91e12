//! The routing table: the best route to each prefix, and the one that fits an address best.
//!
//! Connected and local routes follow the line protocol of their interface, a static route follows
//! its hop: it stands while the hop's address is behind some other route, or its port is up.

use std::collections::BTreeMap;
use std::net::{IpAddr, Ipv4Addr};

use cli::InterfaceName;

use super::{Hop, Routed, Static};
use crate::device::State;
use crate::feature::interface::Prefix;
use crate::feature::track;
use crate::io::VrfId;

/// How many static routes may stand between a hop and the port that leads to it.
const RECURSION_MAX: usize = 8;

/// Where a route comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Origin {
    /// The subnet of a port.
    Connected,
    /// The own address of a port.
    Local,
    /// `ip route`
    Static,
}

/// The best route to one prefix.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Route<A = Ipv4Addr> {
    pub(super) prefix: Prefix<A>,
    pub(super) origin: Origin,
    pub(super) distance: u8,
    /// The ways that are equally good, in the order of their configuration.
    pub(super) hops: Vec<Hop<A>>,
}

/// Every route of one family in one VRF, by its network and its length.
#[derive(Clone, Debug)]
pub(crate) struct Table<A = Ipv4Addr> {
    pub(super) routes: BTreeMap<(A, u8), Route<A>>,
}

/// The port that a packet leaves by, and the address that it is handed to there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct NextHop<A = Ipv4Addr> {
    pub(crate) interface: InterfaceName,
    pub(crate) address: A,
}

/// Where a packet to this address goes next by this table, if there is a way.
pub(crate) fn next_hop(state: &State, vrf: VrfId, to: IpAddr) -> Option<NextHop<IpAddr>> {
    fn found<A: Routed + Into<IpAddr>>(
        state: &State,
        vrf: VrfId,
        to: A,
    ) -> Option<NextHop<IpAddr>> {
        let NextHop { interface, address } = Table::of(state, vrf).resolve(to, RECURSION_MAX)?;
        Some(NextHop { interface, address: address.into() })
    }
    match to {
        IpAddr::V4(to) => found(state, vrf, to),
        IpAddr::V6(to) => found(state, vrf, to),
    }
}

/// The port of the first hop to exactly this prefix.
pub(crate) fn first_port(state: &State, prefix: Prefix) -> Option<InterfaceName> {
    let table = Table::new(state);
    table.get(prefix).and_then(|route| table.port_of(route))
}

/// `connected`, `static`
pub(crate) fn origin_word(route: &Route) -> &'static str {
    route.origin.word()
}

/// Whether this is the port that swallows everything.
pub(super) fn is_null(name: &InterfaceName) -> bool {
    name.kind().long() == "Null"
}

impl Origin {
    /// As `show ip protocols` names it.
    pub(super) fn word(self) -> &'static str {
        match self {
            Origin::Connected => "connected",
            Origin::Local => "local",
            Origin::Static => "static",
        }
    }
}

impl Table {
    /// The global table of IPv4 as it is now.
    pub(crate) fn new(state: &State) -> Table {
        Table::of(state, VrfId::GLOBAL)
    }

    /// The route of last resort.
    pub(super) fn default(&self) -> Option<&Route> {
        self.routes.get(&(Ipv4Addr::UNSPECIFIED, 0))
    }
}

impl<A: Routed> Table<A> {
    /// The table of a VRF as it is now.
    pub(crate) fn of(state: &State, vrf: VrfId) -> Self {
        let mut table = Table { routes: BTreeMap::new() };
        for (interface, prefix) in A::connected(&state.interfaces, vrf) {
            let hop = Hop { interface: Some(interface), address: None };
            table.add(prefix.subnet(), Origin::Connected, 0, hop);
            table.add(prefix.host(), Origin::Local, 0, hop);
        }
        // A route over a route needs that one first, whatever the order of the configuration.
        for _ in 0..RECURSION_MAX {
            let all = A::statics(&state.statics).iter().filter(|route| route.vrf == vrf);
            let waiting = all.filter(|route| !table.has(route));
            let ready: Vec<&Static<A>> =
                waiting.filter(|route| table.is_ready(state, route)).collect();
            if ready.is_empty() {
                break;
            }
            for route in ready {
                table.add(route.prefix, Origin::Static, route.distance, route.hop);
            }
        }
        table
    }

    /// The route that fits an address best.
    pub(super) fn find(&self, to: A) -> Option<&Route<A>> {
        let network = |length| Prefix::of(to, length).network();
        (0..=A::BITS).rev().find_map(|length| self.routes.get(&(network(length), length)))
    }

    /// The route to exactly this prefix.
    pub(crate) fn get(&self, prefix: Prefix<A>) -> Option<&Route<A>> {
        self.routes.get(&(prefix.address(), prefix.length()))
    }

    /// The port by which a route leads.
    pub(super) fn port_of(&self, route: &Route<A>) -> Option<InterfaceName> {
        let hop = route.hops.first()?;
        let behind = || self.resolve(hop.address?, RECURSION_MAX).map(|next| next.interface);
        hop.interface.or_else(behind)
    }

    fn resolve(&self, to: A, depth: usize) -> Option<NextHop<A>> {
        let hop = self.find(to)?.hops.first()?;
        match (hop.interface, hop.address) {
            (Some(interface), address) => {
                Some(NextHop { interface, address: address.unwrap_or(to) })
            }
            (None, Some(address)) if depth > 0 => self.resolve(address, depth - 1),
            (None, _) => None,
        }
    }

    fn has(&self, wanted: &Static<A>) -> bool {
        let known = self.routes.get(&(wanted.prefix.address(), wanted.prefix.length()));
        // What is known and better, or known already.
        known.is_some_and(|route| {
            route.distance < wanted.distance
                || (route.distance == wanted.distance && route.hops.contains(&wanted.hop))
        })
    }

    /// Whether the hop of a route can be reached. A route does not lead to its own hop.
    fn is_ready(&self, state: &State, route: &Static<A>) -> bool {
        let Hop { interface, address } = route.hop;
        let is_up = |number| track::state(state, number) == Some(true);
        if route.is_dhcp || !route.track.is_none_or(is_up) {
            return false;
        }
        if let Some(name) = interface {
            return is_null(&name) || A::is_carried(&state.interfaces, &name);
        }
        let covered = address.and_then(|address| self.find(address));
        let own_prefix = |found: &Route<A>| found.prefix == route.prefix;
        route.permanent || covered.is_some_and(|found| !own_prefix(found))
    }

    /// Adds a way; a better distance beats those that are there, an equal one stands beside them.
    fn add(&mut self, prefix: Prefix<A>, origin: Origin, distance: u8, hop: Hop<A>) {
        let key = (prefix.address(), prefix.length());
        match self.routes.get_mut(&key) {
            Some(known) if known.distance < distance => {}
            Some(known) if known.distance == distance && known.origin == origin => {
                if !known.hops.contains(&hop) {
                    known.hops.push(hop);
                }
            }
            Some(known) if known.distance == distance => {}
            Some(_) | None => {
                self.routes.insert(key, Route { prefix, origin, distance, hops: vec![hop] });
            }
        }
    }
}

/// One route, for protocols that take from the table.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Listed {
    pub(crate) prefix: Prefix,
    /// `connected`, `local`, `static`
    pub(crate) origin: &'static str,
    pub(crate) hop: Option<Ipv4Addr>,
}

/// Every route of the table.
pub(crate) fn listed(state: &State) -> Vec<Listed> {
    let one = |route: &Route| Listed {
        prefix: route.prefix,
        origin: route.origin.word(),
        hop: route.hops.first().and_then(|hop| hop.address),
    };
    Table::new(state).routes.values().map(one).collect()
}
