//! The line protocol follows the carrier: an interface whose wire is dead is not up two seconds
//! later, and one that nobody has shut down, with a live wire, is.
//!
//! IOS waits one second before it speaks of either (syslog.md, section 2.1). A port of a router
//! that went down is not asked again before both its wire and its protocol were told anew.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use fact::{Fact, Kind};
use simtime::{Duration, Time};

use super::Checker;
use crate::floor::{Floor, Place, Shown};

/// How long the line protocol may take.
const GRACE: Duration = Duration::from_secs(2);

#[derive(Debug)]
struct Port {
    /// Unknown after a reload, until it is told.
    carrier: Option<bool>,
    shown: Option<Shown>,
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
    /// Routers of which the start says nothing any more.
    reloaded: BTreeSet<Arc<str>>,
    due: BTreeSet<(Time, Place)>,
}

impl LineProtocol {
    pub(super) fn new(floor: &Floor) -> Self {
        let (start, dark) = (floor.shown.clone(), floor.dark.clone());
        let reloaded = BTreeSet::new();
        LineProtocol { ports: BTreeMap::new(), start, dark, reloaded, due: BTreeSet::new() }
    }

    fn changed(&mut self, place: Place, at: Time, change: impl FnOnce(&mut Port)) {
        let Some(shown) = self.start.get(&place).copied() else { return };
        let is_known = !self.reloaded.contains(&place.0);
        let carrier = is_known.then(|| !self.dark.contains(&place));
        let fresh = Port { carrier, shown: is_known.then_some(shown), since: at };
        let port = self.ports.entry(place.clone()).or_insert(fresh);
        change(port);
        port.since = at;
        self.due.insert((at + GRACE, place));
    }

    fn look(&mut self, now: Time, say: &mut dyn FnMut(Time, String)) {
        while self.due.first().is_some_and(|(at, _)| *at < now) {
            let Some((at, place)) = self.due.pop_first() else { return };
            let Some(port) = self.ports.get(&place) else { continue };
            let (Some(carrier), Some(shown)) = (port.carrier, port.shown) else { continue };
            if port.since + GRACE <= at && shown.protocol_up != (carrier && shown.admin_up) {
                let (node, interface) = &place;
                let (carrier, protocol) = (word(carrier), word(shown.protocol_up));
                say(at, format!("{node} {interface}: carrier {carrier}, line protocol {protocol}"));
            }
        }
    }
}

/// Forgets what stands of one node, without a walk over the others.
pub(super) fn forget<T>(of_place: &mut BTreeMap<Place, T>, node: &Arc<str>) {
    let first: Place = (Arc::clone(node), "".into());
    let all = of_place.range(first..).take_while(|((of, _), _)| of == node);
    let all: Vec<Place> = all.map(|(place, _)| place.clone()).collect();
    for place in all {
        of_place.remove(&place);
    }
}

fn word(up: bool) -> &'static str {
    if up { "up" } else { "down" }
}

impl Checker for LineProtocol {
    fn code(&self) -> &'static str {
        "SIM030"
    }

    fn name(&self) -> &'static str {
        "line-protocol-follows-carrier"
    }

    fn observe(&mut self, fact: &Fact, say: &mut dyn FnMut(Time, String)) {
        self.look(fact.at, say);
        let Some(node) = &fact.node else { return };
        match &fact.kind {
            Kind::Carrier { interface, up } => {
                let place = (node.clone(), interface.as_str().into());
                self.changed(place, fact.at, |port| port.carrier = Some(*up));
            }
            Kind::Interface { name, status, protocol } => {
                let place = (node.clone(), name.as_str().into());
                let shown = Shown::of(status, protocol);
                self.changed(place, fact.at, |port| port.shown = Some(shown));
            }
            Kind::Reloading { .. } => {
                forget(&mut self.ports, node);
                self.reloaded.insert(Arc::clone(node));
            }
            _ => {}
        }
    }

    fn finish(&mut self, now: Time, say: &mut dyn FnMut(Time, String)) {
        self.look(now, say);
    }
}
