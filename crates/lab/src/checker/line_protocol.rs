//! The line protocol follows the carrier: an interface whose wire is dead is not up two seconds
//! later, and one that nobody has shut down, with a live wire, is.
//!
//! IOS waits one second before it speaks of either (syslog.md, section 2.1). A router that went
//! down is not asked until it says something again.

use std::collections::{BTreeMap, BTreeSet};

use fact::{Fact, Kind};
use simtime::{Duration, Time};

use super::Checker;
use crate::floor::{Floor, Place, Shown};

/// How long the line protocol may take.
const GRACE: Duration = Duration::from_secs(2);

#[derive(Debug)]
struct Port {
    carrier: bool,
    shown: Shown,
    /// When it last changed.
    since: Time,
}

/// See the module.
#[derive(Debug)]
pub(super) struct LineProtocol {
    ports: BTreeMap<Place, Port>,
    /// What a port shows before anything has happened to it, and which see no light.
    start: BTreeMap<Place, Shown>,
    dark: BTreeSet<Place>,
    due: BTreeMap<(Time, Place), ()>,
}

impl LineProtocol {
    pub(super) fn new(floor: &Floor) -> Self {
        let (start, dark) = (floor.shown.clone(), floor.dark.clone());
        LineProtocol { ports: BTreeMap::new(), start, dark, due: BTreeMap::new() }
    }

    fn changed(&mut self, place: Place, at: Time, change: impl FnOnce(&mut Port)) {
        let Some(shown) = self.start.get(&place).copied() else { return };
        let carrier = !self.dark.contains(&place);
        let port = self.ports.entry(place.clone()).or_insert(Port { carrier, shown, since: at });
        change(port);
        port.since = at;
        self.due.insert((at + GRACE, place), ());
    }

    fn look(&mut self, now: Time, say: &mut dyn FnMut(Time, String)) {
        while let Some(entry) = self.due.first_entry().filter(|entry| entry.key().0 < now) {
            let ((at, place), ()) = entry.remove_entry();
            let Some(port) = self.ports.get(&place) else { continue };
            let wanted = port.carrier && port.shown.admin_up;
            if port.since + GRACE <= at && port.shown.protocol_up != wanted {
                let (node, interface) = &place;
                let (carrier, protocol) = (word(port.carrier), word(port.shown.protocol_up));
                say(at, format!("{node} {interface}: carrier {carrier}, line protocol {protocol}"));
            }
        }
    }
}

fn word(up: bool) -> &'static str {
    if up { "up" } else { "down" }
}

impl Checker for LineProtocol {
    fn name(&self) -> &'static str {
        "line-protocol-follows-carrier"
    }

    fn observe(&mut self, fact: &Fact, say: &mut dyn FnMut(Time, String)) {
        self.look(fact.at, say);
        let Some(node) = &fact.node else { return };
        match &fact.kind {
            Kind::Carrier { interface, up } => {
                let place = (node.clone(), interface.as_str().into());
                self.changed(place, fact.at, |port| port.carrier = *up);
            }
            Kind::Interface { name, status, protocol } => {
                let place = (node.clone(), name.as_str().into());
                self.changed(place, fact.at, |port| port.shown = Shown::of(status, protocol));
            }
            Kind::Reloading { .. } => {
                self.ports.retain(|(of, _), _| of != node);
                self.start.retain(|(of, _), _| of != node);
            }
            _ => {}
        }
    }

    fn finish(&mut self, now: Time, say: &mut dyn FnMut(Time, String)) {
        self.look(now, say);
    }
}
