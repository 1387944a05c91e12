//! Where facts go: the log, the metrics, and whoever listens to the feed.
//!
//! Held by the live loop's hand, and by the receiver for what never gets to the automation.

use std::sync::{Arc, Mutex, PoisonError};

use fact::{Fact, Kind};
use host::{Line, LiveClock};
use tokio::sync::broadcast;

use crate::log::{Lines, Log};
use crate::metrics::Metrics;

/// Tells facts. Cheap to clone.
#[derive(Clone, Debug)]
pub(crate) struct Teller {
    facts: broadcast::Sender<Fact>,
    lines: Arc<Mutex<Lines>>,
    log: Log,
    pub(crate) metrics: Metrics,
    clock: LiveClock,
}

impl Teller {
    pub(crate) fn new(
        facts: broadcast::Sender<Fact>,
        log: Log,
        metrics: Metrics,
        clock: LiveClock,
    ) -> Self {
        Teller { facts, lines: Arc::default(), log, metrics, clock }
    }

    /// Something happened.
    pub(crate) fn tell(&self, fact: Fact) {
        let mut lines = self.lines.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(line) = lines.line_of(&fact) {
            self.log.line(line);
        }
        self.metrics.observe(&fact);
        // Nobody need be listening.
        let _ = self.facts.send(fact);
    }

    /// Something happened just now, to no device.
    pub(crate) fn say(&self, kind: Kind) {
        self.tell(Fact { at: self.clock.now(), node: None, trace: None, kind });
    }

    /// A line of the log that is no fact, of this moment.
    pub(crate) fn remark(&self, line: Line) {
        self.log.line(line.at(self.clock.now()));
    }

    /// A line of the log that is no fact.
    pub(crate) fn line(&self, line: String) {
        self.log.line(line);
    }
}
