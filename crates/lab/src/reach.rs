//! Which echo requests are answered: a router's own addresses, and those at the other end of a
//! cable in a common subnet. There are no routes here, so nothing further away answers.
//!
//! Used by [`crate::Lab`] when a router pings.

use std::net::Ipv4Addr;

use iosxe::InterfaceAddress;
use simtime::Duration;

use crate::link::End;
use crate::{Lab, NodeId};

/// From an echo request to its reply across one cable, as virtual routers on one host show it.
pub(crate) const ROUND_TRIP: Duration = Duration::from_millis(1);

impl Lab {
    /// Whether an echo request of `node` is answered.
    pub(crate) fn answers(
        &self,
        node: NodeId,
        source: Option<Ipv4Addr>,
        destination: Ipv4Addr,
    ) -> bool {
        let own = self.routers[node.0 as usize].device.addresses();
        let mut up = own.into_iter().filter(|own| own.up);
        up.any(|own| {
            own.address == destination || self.is_neighbour(node, &own, source, destination)
        })
    }

    /// Whether `destination` is at the other end of the cable of `own`, and knows the way back: it
    /// has no routes either, so the request must come from the subnet of the cable.
    fn is_neighbour(
        &self,
        node: NodeId,
        own: &InterfaceAddress,
        source: Option<Ipv4Addr>,
        destination: Ipv4Addr,
    ) -> bool {
        let near = End { node, interface: own.interface.clone() };
        let Some(far) = self.links.peer(&near) else { return false };
        let from = source.unwrap_or(own.address);
        let theirs = self.routers[far.node.0 as usize].device.addresses();
        let is_it = |there: &InterfaceAddress| {
            there.up && there.interface == far.interface && there.address == destination
        };
        theirs.iter().any(|there| is_it(there) && is_in(there, from)) && is_in(own, destination)
    }
}

/// Whether an address is in the subnet of an interface.
fn is_in(interface: &InterfaceAddress, address: Ipv4Addr) -> bool {
    let differ = interface.address.to_bits() ^ address.to_bits();
    differ & interface.mask.to_bits() == 0
}
