//! Both ends of a link agree: at rest, their line protocols are both up or both down.
//!
//! Where an end's shutdown leaves the other's carrier alone (`carrier = "virtual"`), ends of which
//! one is shut down may differ. A link of a router that went down is not asked any more.

use std::collections::{BTreeMap, BTreeSet};

use fact::{Fact, Kind};
use simtime::{Duration, Time};
use topology::Carrier;

use super::Checker;
use super::line_protocol::forget;
use crate::floor::{Cable, Floor, Place, Shown};

/// How long after a change of either end a link is at rest.
const REST: Duration = Duration::from_secs(3);

/// See the module.
#[derive(Debug)]
pub(super) struct EndsAgree {
    cables: Vec<Cable>,
    of_place: BTreeMap<Place, usize>,
    shown: BTreeMap<Place, Shown>,
    changed: BTreeMap<usize, Time>,
    due: BTreeSet<(Time, usize)>,
}

impl EndsAgree {
    pub(super) fn new(floor: &Floor) -> Self {
        let cables = floor.cables.iter().enumerate();
        let of_place = cables
            .flat_map(|(index, cable)| cable.ends.iter().map(move |end| (end.clone(), index)));
        EndsAgree {
            of_place: of_place.collect(),
            cables: floor.cables.clone(),
            shown: floor.shown.clone(),
            changed: BTreeMap::new(),
            due: BTreeSet::new(),
        }
    }

    fn look(&mut self, now: Time, say: &mut dyn FnMut(Time, String)) {
        while self.due.first().is_some_and(|(at, _)| *at < now) {
            let Some((at, index)) = self.due.pop_first() else { return };
            let is_at_rest = self.changed.get(&index).is_some_and(|since| *since + REST <= at);
            let Cable { ends: [a, b], carrier } = &self.cables[index];
            let (Some(left), Some(right)) = (self.shown.get(a), self.shown.get(b)) else {
                continue;
            };
            let may_differ = *carrier == Carrier::Virtual && !(left.admin_up && right.admin_up);
            if is_at_rest && left.protocol_up != right.protocol_up && !may_differ {
                let word = |shown: &Shown| if shown.protocol_up { "up" } else { "down" };
                let (one, other) = (word(left), word(right));
                say(at, format!("{}:{} is {one}, {}:{} is {other}", a.0, a.1, b.0, b.1));
            }
        }
    }
}

impl Checker for EndsAgree {
    fn code(&self) -> &'static str {
        "SIM031"
    }

    fn name(&self) -> &'static str {
        "both-ends-agree"
    }

    fn observe(&mut self, fact: &Fact, say: &mut dyn FnMut(Time, String)) {
        self.look(fact.at, say);
        let Some(node) = &fact.node else { return };
        match &fact.kind {
            Kind::Interface { name, status, protocol } => {
                let place: Place = (node.clone(), name.as_str().into());
                let Some(&index) = self.of_place.get(&place) else { return };
                self.shown.insert(place, Shown::of(status, protocol));
                self.changed.insert(index, fact.at);
                self.due.insert((fact.at + REST, index));
            }
            Kind::Reloading { .. } => forget(&mut self.shown, node),
            _ => {}
        }
    }

    fn finish(&mut self, now: Time, say: &mut dyn FnMut(Time, String)) {
        self.look(now, say);
    }
}
