//! `delivery = { fault, for, percent, by, count }`: something happens to the webhooks of a router
//! on their way.

use std::sync::Arc;

use diagnostic::Diagnostic;
use diagnostic::table::Table;
use simtime::Duration;

use super::{Act, Reading, Stage, Target, Verb, keys, number, time};
use crate::faults::{DELIVERY_FAULTS, DeliveryFault, Waiting};

pub(super) const VERB: Verb = Verb {
    word: "delivery",
    argument: "{ fault, for, percent, by, count }",
    help: "for a time (`for`, 30s) something happens to `percent` (100) of the webhooks that the \
           node sends, `count` times at most: `drop`, `duplicate`, `reorder` (held until the next \
           has passed, or for `by`, 5s), `delay` and `slow-sender` (`by`, 2s), `corrupt`, \
           `wrong-signature`, `clock-skew` (signed `by`, 10m, late)",
    target: Target::Node,
    example: r#"delivery = { fault = "drop", for = "10s", percent = 50 }"#,
    read: |table, _: &Reading<'_>, sink| Some(Arc::new(read(table, sink)?)),
};

/// How long a fault lies in wait if the step does not say it.
pub(super) const FOR: Duration = Duration::from_secs(30);
/// How often one step's fault can hit.
pub(super) const HITS_MAX: u64 = 1_000_000;

/// The keys that faults share, as the step gave them.
#[derive(Debug)]
pub(super) struct Given<F> {
    pub(super) word: &'static str,
    pub(super) fault: F,
    pub(super) lasts: Duration,
    pub(super) percent: u64,
    pub(super) by: Option<Duration>,
    pub(super) count: Option<u64>,
}

impl<F: Copy> Given<F> {
    /// Takes `fault` and `for`; the rest is taken by who has it.
    pub(super) fn read(
        table: &mut Table,
        words: &[(&'static str, F)],
        sink: &mut Vec<Diagnostic>,
    ) -> Option<Given<F>> {
        let fault = keys::one_of(table, "fault", words, sink);
        let lasts = time(table, "for", sink).map_or(FOR, |lasts| lasts.value);
        let by = time(table, "by", sink).map(|by| by.value);
        let (word, fault) = fault?;
        Some(Given { word, fault, lasts, percent: 100, by, count: None })
    }

    /// The argument as `inject` takes it.
    pub(super) fn words(&self) -> String {
        let mut words = format!("fault={} for={}", self.word, self.lasts);
        if self.percent != 100 {
            words += &format!(" percent={}", self.percent);
        }
        if let Some(by) = self.by {
            words += &format!(" by={by}");
        }
        if let Some(count) = self.count {
            words += &format!(" count={count}");
        }
        words
    }
}

fn read(table: &mut Table, sink: &mut Vec<Diagnostic>) -> Option<Given<DeliveryFault>> {
    let mut table = table.table(VERB.word, sink)?;
    let given = Given::read(&mut table, &DELIVERY_FAULTS, sink);
    let percent = number(&mut table, "percent", 1..=100, sink);
    let count = number(&mut table, "count", 1..=HITS_MAX, sink);
    table.finish(sink);
    Some(Given { percent: percent.unwrap_or(100), count, ..given? })
}

impl Act for Given<DeliveryFault> {
    fn words(&self) -> String {
        Given::words(self)
    }

    fn carry_out(&self, stage: &mut Stage<'_>) {
        let waiting = Waiting {
            fault: self.fault,
            until: stage.now + self.lasts,
            left: self.count,
            percent: self.percent,
            by: self.by.unwrap_or(self.fault.usual()),
            trace: stage.trace,
        };
        stage.lab.await_delivery(stage.now, stage.node, waiting);
    }

    fn lasts(&self) -> Duration {
        self.lasts
    }
}
