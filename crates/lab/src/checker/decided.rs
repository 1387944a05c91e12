//! No accepted event stays undecided, and none is decided twice.
//!
//! An event is accepted when it is on disk; it is decided when its decision is. A listener that is
//! killed between the two asks its rules again, which is no second decision.

use std::collections::{BTreeMap, BTreeSet};

use fact::{Fact, Kind};
use simtime::{Duration, Time};

use super::Checker;

/// How long before the end of the run an event must have come to be asked about.
const GRACE: Duration = Duration::from_secs(5);

/// Decided events that are remembered; with more, any of them makes room.
const DECIDED_MAX: usize = 1_000_000;

/// See the module.
#[derive(Debug, Default)]
pub(super) struct Decided {
    open: BTreeMap<String, Time>,
    decided: BTreeSet<String>,
}

impl Checker for Decided {
    fn code(&self) -> &'static str {
        "SIM032"
    }

    fn name(&self) -> &'static str {
        "every-event-is-decided-once"
    }

    fn observe(&mut self, fact: &Fact, say: &mut dyn FnMut(Time, String)) {
        match &fact.kind {
            Kind::Journalled { event } if !self.decided.contains(event) => {
                self.open.insert(event.clone(), fact.at);
            }
            // Asked, but not known to be on disk: a kill may come before anybody hears that it is.
            Kind::RuleDecided { event, .. } => drop(self.open.remove(event)),
            Kind::Decided { event, .. } => {
                self.open.remove(event);
                if self.decided.len() == DECIDED_MAX {
                    self.decided.pop_first();
                }
                if !self.decided.insert(event.clone()) {
                    say(fact.at, format!("event `{event}` was decided twice"));
                }
            }
            _ => {}
        }
    }

    fn finish(&mut self, now: Time, say: &mut dyn FnMut(Time, String)) {
        for (event, &at) in self.open.iter().filter(|(_, at)| **at + GRACE <= now) {
            say(at, format!("event `{event}` was accepted and never decided"));
        }
    }
}
