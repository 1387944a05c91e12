//! How a lab stands when a scenario is read for it: what checkers and states begin with.
//!
//! Taken once by the loader of scenarios and shared by all who judge runs of it. It knows the
//! interfaces with a link alone, since nobody asks about others.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use crate::Lab;
use topology::Carrier;

/// One interface of one node: names of both.
pub(crate) type Place = (Arc<str>, Arc<str>);

/// What an interface shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Shown {
    /// Whether nobody has shut it down.
    pub(crate) admin_up: bool,
    /// Whether its line protocol is up.
    pub(crate) protocol_up: bool,
}

impl Shown {
    /// By the words of `show interfaces`.
    pub(crate) fn of(status: &str, protocol: &str) -> Shown {
        Shown { admin_up: status != "administratively down", protocol_up: protocol == "up" }
    }
}

/// One link.
#[derive(Clone, Debug)]
pub(crate) struct Cable {
    /// Its ends.
    pub(crate) ends: [Place; 2],
    /// What one end's shutdown does to the other.
    pub(crate) carrier: Carrier,
}

/// How a lab stands.
#[derive(Clone, Debug, Default)]
pub(crate) struct Floor {
    /// The links.
    pub(crate) cables: Vec<Cable>,
    /// The interfaces that see no light.
    pub(crate) dark: BTreeSet<Place>,
    /// What the interfaces with a link show.
    pub(crate) shown: BTreeMap<Place, Shown>,
}

impl Floor {
    /// As the lab is now.
    pub(crate) fn of(lab: &Lab) -> Floor {
        let mut floor = Floor::default();
        for link in lab.links.all() {
            let ends = link.ends.each_ref().map(|end| {
                let place: Place = (Arc::clone(lab.name(end.node)), end.interface.as_str().into());
                if !lab.links.is_lit(end) {
                    floor.dark.insert(place.clone());
                }
                let views = lab.details(end.node).interfaces;
                if let Some(view) = views.iter().find(|view| view.name == end.interface) {
                    floor.shown.insert(place.clone(), Shown::of(view.status, view.protocol));
                }
                place
            });
            floor.cables.push(Cable { ends, carrier: link.carrier });
        }
        floor
    }
}
