//! The routing table as plain values, for templates.

use super::table::Table;
use crate::device::State;

/// One way of one route.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Plain {
    /// `10.0.0.0/8`
    pub(crate) prefix: String,
    /// `connected`, `local`, `static`
    pub(crate) origin: &'static str,
    pub(crate) distance: u8,
    /// The address of the next router, if there is one.
    pub(crate) hop: String,
    /// The port, where the route names one.
    pub(crate) interface: String,
}

/// Every way of every route, in the order of `show ip route`.
pub(crate) fn plain(state: &State) -> Vec<Plain> {
    let table = Table::new(state);
    let mut all = Vec::new();
    for route in table.routes.values() {
        all.extend(route.hops.iter().map(|hop| Plain {
            prefix: route.prefix.to_string(),
            origin: route.origin.word(),
            distance: route.distance,
            hop: hop.address.map(|address| address.to_string()).unwrap_or_default(),
            interface: hop.interface.map(|name| name.long()).unwrap_or_default(),
        }));
    }
    all
}
