//! `link-flap = { link, count, period, duty, jitter }`: a cable with a loose plug.
//!
//! It is cut at the begin of each period and mended after `duty` percent of it.

use std::sync::Arc;

use diagnostic::Diagnostic;
use diagnostic::table::Table;
use simtime::Duration;

use super::link_cut::{self, Cable, link};
use super::{Act, Reading, Stage, Step, Target, Verb, link_restore, number, time};
use crate::NodeId;
use crate::lab::Event;
use crate::link::LinkId;

pub(super) const VERB: Verb = Verb {
    word: "link-flap",
    argument: "{ link, count, period, duty, jitter }",
    help: "cuts and mends the cable `count` times (5), once in each `period` (10s): down for \
           `duty` percent of it (50), each cut up to `jitter` late",
    target: Target::Link,
    example: r#"link-flap = { link = "R1:GigabitEthernet1", count = 5, period = "10s" }"#,
    read: |table, reading, sink| Some(Arc::new(Flap::read(table, reading, sink)?)),
};

/// How often one step can flap a link.
const COUNT_MAX: u64 = 10_000;

#[derive(Debug)]
struct Flap {
    link: LinkId,
    node: NodeId,
    name: String,
    count: u64,
    period: Duration,
    duty: u64,
    jitter: Duration,
}

impl Flap {
    fn read(table: &mut Table, reading: &Reading<'_>, sink: &mut Vec<Diagnostic>) -> Option<Flap> {
        let source = Arc::clone(table.source());
        let mut table = table.table(VERB.word, sink)?;
        let span = table.span();
        table.require("link", sink);
        let text = table.text("link", sink);
        let count = number(&mut table, "count", 1..=COUNT_MAX, sink).unwrap_or(5);
        let period = time(&mut table, "period", sink).map(|period| period.value);
        let period = period.unwrap_or(Duration::from_secs(10));
        let duty = number(&mut table, "duty", 1..=99, sink).unwrap_or(50);
        let jitter = time(&mut table, "jitter", sink).map(|jitter| jitter.value);
        let jitter = jitter.unwrap_or_default();
        table.finish(sink);
        let up = Duration::from_micros(period.as_micros() / 100 * (100 - duty));
        if period < Duration::from_millis(1) || jitter >= up {
            let message = "the jitter must fit into the time in which the link is up";
            sink.push(Diagnostic::error("SIM005", message, &source, span));
            return None;
        }
        let link = link(&text?, reading.lab, &source, sink)?;
        let node = reading.lab.links.get(link).ends[0].node;
        let name = reading.lab.link_name(link);
        Some(Flap { link, node, name, count, period, duty, jitter })
    }
}

impl Act for Flap {
    fn words(&self) -> String {
        let Flap { name, count, period, duty, .. } = self;
        format!("{name} count={count} period={period} duty={duty}")
    }

    fn carry_out(&self, stage: &mut Stage<'_>) {
        let down = Duration::from_micros(self.period.as_micros() / 100 * self.duty);
        let lab = &mut *stage.lab;
        let step = |verb, cut| {
            let cable = Arc::new(Cable::new(self.link, cut, lab));
            Step::new(verb, cable, None, lab)
        };
        let (cut, mend) = (step(&link_cut::VERB, true), step(&link_restore::VERB, false));
        for round in 0..self.count {
            let jitter = match self.jitter {
                Duration::ZERO => Duration::ZERO,
                jitter => lab.chance(self.node).up_to(jitter),
            };
            let at = stage.now + self.period.saturating_mul(round) + jitter;
            lab.schedule.set(at, self.node, Event::Step(cut.clone()));
            lab.schedule.set(at + down, self.node, Event::Step(mend.clone()));
        }
    }

    fn lasts(&self) -> Duration {
        self.period.saturating_mul(self.count)
    }

    fn node(&self) -> Option<NodeId> {
        Some(self.node)
    }
}
