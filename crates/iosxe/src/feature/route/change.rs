//! Tells the event manager which routes have come, changed or gone.
//!
//! The last table is kept only while an applet waits for routes. Called by `track`, after anything
//! that a route may follow, and when an applet is registered.

use std::collections::BTreeSet;

use ::eem::{Change, RouteChange, Stimulus};

use super::table::{Route, Table};
use crate::feature::eem;
use crate::turn::Turn;

/// Compares the table with the one that was told last.
pub(crate) fn tell_changes(turn: &mut Turn<'_>) {
    if !turn.state.eem.watches_routes() {
        turn.state.statics.told = None;
        return;
    }
    let now = Table::new(turn.state);
    let told = turn.state.statics.told.replace(now.clone());
    let Some(before) = told.filter(|_| turn.state.booted || turn.state.reload.is_heard()) else {
        return;
    };
    let keys: BTreeSet<_> = before.routes.keys().chain(now.routes.keys()).collect();
    for key in keys {
        match (before.routes.get(key), now.routes.get(key)) {
            (Some(old), Some(new)) if old != new => tell(turn, &now, Change::Updated, new),
            (Some(old), None) => tell(turn, &before, Change::Removed, old),
            (None, Some(new)) => tell(turn, &now, Change::Added, new),
            (Some(_), Some(_)) | (None, None) => {}
        }
    }
}

fn tell(turn: &mut Turn<'_>, table: &Table, change: Change, route: &Route) {
    let interface = table.port_of(route).map(|name| name.long()).unwrap_or_default();
    let change = RouteChange {
        change,
        network: route.prefix.address(),
        prefix_len: route.prefix.length(),
        protocol: route.origin.word(),
        vrf: "default",
        gateway: route.hops.first().and_then(|hop| hop.address),
        interface: &interface,
        distance: route.distance,
        metric: 0,
    };
    eem::offer(turn, &Stimulus::Route(&change));
}
