//! `latency = { from, to, p50, p95, p99, max }`: how long it takes from one kind of fact to the
//! next of the same fault.
//!
//! A fault that never gets to `to` is not counted: whether it must is another expectation's
//! business.

use std::collections::BTreeMap;
use std::sync::Arc;

use diagnostic::Diagnostic;
use diagnostic::table::Table;
use fact::{Fact, Kind as Happened, TraceId};
use simtime::{Duration, Time};

use super::{Expectation, Kind, Tally, Weight, is_on, maybe_node};
use crate::Lab;
use crate::step::time;

pub(super) const KIND: Kind = Kind {
    word: "latency",
    argument: "{ from, to, node, p50, p95, p99, max }",
    short: None,
    help: "from the first fact of one kind (`fault`) to the first of another (`command-done`) of \
           the same fault, over the whole run unless `after` or `within` says otherwise; the kinds \
           are those of the trace",
    example: r#"latency = { from = "fault", to = "command-done", p99 = "2s" }"#,
    read,
};

/// Faults that are waited for at a time; the oldest is given up for a new one.
const OPEN_MAX: usize = 100_000;
/// Times that are kept; with more than that, the percentiles are those of the first.
const TIMES_MAX: usize = 1_000_000;

#[derive(Clone, Debug)]
struct Latency {
    from: String,
    to: String,
    node: Option<String>,
    /// Percent, and its bound.
    bounds: Vec<(u64, Duration)>,
    open: BTreeMap<TraceId, Time>,
    times: Vec<Duration>,
    begun: u64,
}

fn read(table: &mut Table, lab: &Lab, sink: &mut Vec<Diagnostic>) -> Option<Arc<dyn Expectation>> {
    let source = Arc::clone(table.source());
    let span = table.span();
    let from = kind(table, "from", sink);
    let to = kind(table, "to", sink);
    let node = maybe_node(table, "node", lab, sink);
    let bounds = [("p50", 50), ("p95", 95), ("p99", 99), ("max", 100)];
    let bounds = bounds.map(|(key, percent)| Some((percent, time(table, key, sink)?.value)));
    let bounds: Vec<(u64, Duration)> = bounds.into_iter().flatten().collect();
    if bounds.is_empty() {
        let message = "a latency needs one of `p50`, `p95`, `p99` and `max`";
        sink.push(Diagnostic::error("SIM003", message, &source, span));
        return None;
    }
    let (open, times) = (BTreeMap::new(), Vec::new());
    Some(Arc::new(Latency { from: from?, to: to?, node, bounds, open, times, begun: 0 }))
}

fn kind(table: &mut Table, key: &'static str, sink: &mut Vec<Diagnostic>) -> Option<String> {
    table.require(key, sink);
    let name = table.text(key, sink)?;
    if !Happened::NAMES.contains(&name.value.as_str()) {
        let message = format!("unknown kind of fact `{}`", name.value);
        sink.push(
            Diagnostic::error("SIM019", message, table.source(), name.span.clone())
                .label("a `fact` of the trace: `fault`, `webhook-sent`, `command-done`, ...")
                .did_you_mean(&name.value, Happened::NAMES),
        );
        return None;
    }
    Some(name.value)
}

impl Latency {
    /// The smallest time that so many percent do not exceed (nearest rank).
    fn percentile(sorted: &[Duration], percent: u64) -> Option<Duration> {
        let rank = (sorted.len() as u64 * percent).div_ceil(100).max(1);
        sorted.get(rank as usize - 1).copied()
    }

    fn sorted(&self) -> Vec<Duration> {
        let mut times = self.times.clone();
        times.sort_unstable();
        times
    }
}

fn word(percent: u64) -> String {
    if percent == 100 { "max".to_owned() } else { format!("p{percent}") }
}

impl Expectation for Latency {
    fn describe(&self) -> String {
        let bounds = self.bounds.iter().map(|(percent, at)| format!("{} {at}", word(*percent)));
        let bounds = bounds.collect::<Vec<_>>().join(", ");
        let on = self.node.as_ref().map(|node| format!(" on {node}")).unwrap_or_default();
        format!("from `{}` to `{}`{on}: {bounds}", self.from, self.to)
    }

    fn weigh(&self, _fact: &Fact) -> Weight {
        Weight::Other
    }

    fn tally(&self) -> Option<Box<dyn Tally>> {
        Some(Box::new(self.clone()))
    }
}

impl Tally for Latency {
    fn observe(&mut self, fact: &Fact) -> bool {
        let Some(trace) = fact.trace else { return false };
        let name = fact.kind.name();
        let is_here = self.node.as_ref().is_none_or(|node| is_on(fact, node));
        if name == self.to
            && let Some(since) = self.open.get(&trace).copied()
        {
            self.open.remove(&trace);
            if self.times.len() < TIMES_MAX {
                self.times.push(fact.at.since(since));
            }
            return true;
        }
        if name == self.from && is_here && !self.open.contains_key(&trace) {
            if self.open.len() == OPEN_MAX {
                self.open.pop_first();
            }
            self.open.insert(trace, fact.at);
            self.begun += 1;
        }
        false
    }

    fn holds(&self) -> bool {
        let sorted = self.sorted();
        let holds = |(percent, bound): &(u64, Duration)| {
            Latency::percentile(&sorted, *percent).is_some_and(|time| time <= *bound)
        };
        self.bounds.iter().all(holds)
    }

    fn text(&self) -> String {
        let sorted = self.sorted();
        let shown =
            self.bounds.iter().map(|(percent, _)| match Latency::percentile(&sorted, *percent) {
                Some(time) => format!("{} {time}", word(*percent)),
                None => format!("{} unknown", word(*percent)),
            });
        let shown = shown.collect::<Vec<_>>().join(", ");
        format!("{shown}, of {} in {} that got there", sorted.len(), self.begun)
    }

    fn is_state(&self) -> bool {
        false
    }
}
