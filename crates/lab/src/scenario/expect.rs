//! From the `[[expect]]`, `[[never]]` and `[[always]]` of a scenario to what the judge watches for.
//!
//! Called by `load`, when the steps are read: from which instant `within` counts is said by a step
//! or by another expectation.

use std::sync::Arc;

use diagnostic::table::Table;
use diagnostic::{Diagnostic, Source, Spanned};
use simtime::Duration;

use super::load::{LENGTH_MAX, Order};
use super::{ScheduledStep, When};
use crate::Lab;
use crate::expectation::{Anchor, Expected, KINDS, Sense};
use crate::step::time;

/// How long after its step an expectation is waited for, when it does not say.
const WITHIN_DEFAULT: Duration = Duration::from_secs(10);

/// The names that `after` can say: of steps and of expectations, also of those that are wrong.
#[derive(Default)]
pub(super) struct Anchors(Vec<String>);

impl Anchors {
    pub(super) fn note_name(&mut self, name: Option<&str>) {
        self.0.extend(name.map(str::to_owned));
    }

    fn unknown(&self, name: &Spanned<String>, source: &Arc<Source>) -> Diagnostic {
        let message = format!("unknown step or expectation `{}`", name.value);
        Diagnostic::error("SIM013", message, source, name.span.clone())
            .label("no `[[steps]]` and no `[[expect]]` has this `name`")
            .did_you_mean(&name.value, self.0.iter().map(String::as_str))
    }
}

/// Reads all expectations, and finds how long the steps and the run take at most.
pub(super) fn read_all(
    tables: Vec<(Order, Sense, Table)>,
    steps: &[(Order, ScheduledStep)],
    anchors: &Anchors,
    lab: &Lab,
    sink: &mut Vec<Diagnostic>,
) -> (Vec<Expected>, Duration, Duration) {
    let mut expected = Vec::new();
    for (order, sense, table) in tables {
        let default = steps.iter().filter(|(place, _)| *place < order).map(|(_, step)| step);
        let default = latest(default).map_or(Anchor::Start, |step| Anchor::Step(step.place));
        expected.extend(read(table, (sense, default), anchors, lab, sink));
    }
    let mut clock = Clock { steps, expected: &expected, anchors, sink, open: Vec::new() };
    let ends: Vec<Option<Duration>> =
        (0..expected.len()).map(|index| clock.expectation(index)).collect();
    let resolved: Vec<Anchor> = expected.iter().map(|one| clock.anchor(one)).collect();
    let waits = steps.iter().map(|(_, step)| clock.step(step).map(|at| at + step.lasts()));
    let last_step = waits.collect::<Vec<_>>().into_iter().flatten().max().unwrap_or_default();
    for (one, anchor) in expected.iter_mut().zip(resolved) {
        one.anchor = anchor;
    }
    let length = ends.into_iter().flatten().max().unwrap_or_default().max(last_step);
    (expected, last_step, length)
}

/// Of the steps before an expectation the one that comes last; of those that wait for something
/// the last in the file, since nobody can say when they come.
fn latest<'a>(steps: impl Iterator<Item = &'a ScheduledStep>) -> Option<&'a ScheduledStep> {
    let key = |step: &&ScheduledStep| match &step.when {
        When::At(at) => (false, *at + step.repeat.lasts(), step.place),
        When::After { .. } => (true, Duration::ZERO, step.place),
    };
    steps.max_by_key(key)
}

fn read(
    mut table: Table,
    (sense, default): (Sense, Anchor),
    anchors: &Anchors,
    lab: &Lab,
    sink: &mut Vec<Diagnostic>,
) -> Option<Expected> {
    let place = table.span();
    let source = Arc::clone(table.source());
    let name = table.text("name", sink).map(|name| name.value.into());
    let (within, after) = match sense {
        Sense::Expect => (time(&mut table, "within", sink), table.text("after", sink)),
        Sense::Never | Sense::Always => (None, None),
    };
    if let Some(after) = after.as_ref().filter(|after| !anchors.0.contains(&after.value)) {
        sink.push(anchors.unknown(after, &source));
    }
    let mut kinds = Vec::new();
    for kind in KINDS {
        let key = table.key_span(kind.word);
        let what = match kind.short {
            Some(short) => table.text_or_table(kind.word, short, sink),
            None => table.table(kind.word, sink),
        };
        let what = what.map(|what| kind.read(what, sense, lab, sink));
        kinds.extend(key.map(|key| (kind, key, what.flatten())));
    }
    let untouched = sink.len();
    table.finish(sink);
    if kinds.len() != 1 && sink.len() == untouched {
        let words: Vec<String> = KINDS.iter().map(|kind| format!("`{}`", kind.word)).collect();
        let span = kinds.get(1).map_or(place, |(_, key, _)| key.clone());
        sink.push(
            Diagnostic::error("SIM003", "an expectation is about one thing", &source, span)
                .label(format!("expected one of {}", words.join(", "))),
        );
    }
    let (_, span, what) = kinds.into_iter().next()?;
    let (what, count) = what?;
    let anchor = match (sense, after) {
        (Sense::Never | Sense::Always, _) => Anchor::Start,
        (Sense::Expect, Some(after)) => Anchor::Name(after),
        (Sense::Expect, None) if what.tally().is_some_and(|tally| !tally.is_state()) => {
            Anchor::Start
        }
        (Sense::Expect, None) => default,
    };
    // A percentile is one of the whole run, unless it says otherwise.
    let is_summary = what.tally().is_some_and(|tally| !tally.is_state());
    let within = within.map(|within| within.value).or((!is_summary).then_some(WITHIN_DEFAULT));
    Some(Expected { name, sense, what, count, anchor, within, span, source })
}

/// Finds when everything comes at the latest.
struct Clock<'a> {
    steps: &'a [(Order, ScheduledStep)],
    expected: &'a [Expected],
    anchors: &'a Anchors,
    sink: &'a mut Vec<Diagnostic>,
    /// The names that are being looked into: one that comes again waits for itself.
    open: Vec<String>,
}

impl Clock<'_> {
    /// The end of an expectation's time; `None` when it has none of its own.
    fn expectation(&mut self, index: usize) -> Option<Duration> {
        let one = &self.expected[index];
        let within = one.within.filter(|_| one.sense == Sense::Expect)?;
        let from = match &one.anchor {
            Anchor::Start => Duration::ZERO,
            Anchor::Step(place) => {
                let step = self.steps.iter().find(|(_, step)| step.place == *place);
                let step = &step?.1;
                self.step(step)? + step.lasts()
            }
            Anchor::Expectation(index) => self.expectation(*index)?,
            Anchor::Name(name) => self.named(name, &Arc::clone(&one.source))?,
        };
        Some(from + within).filter(|end| *end <= LENGTH_MAX)
    }

    /// The last occurrence of a step, at the latest.
    fn step(&mut self, step: &ScheduledStep) -> Option<Duration> {
        let first = match &step.when {
            When::At(at) => *at,
            When::After { name, source, delay } => self.named(name, source)? + *delay,
        };
        Some(first + step.repeat.lasts())
    }

    fn named(&mut self, name: &Spanned<String>, source: &Arc<Source>) -> Option<Duration> {
        if self.open.contains(&name.value) {
            let message = format!("`{}` waits for itself", name.value);
            self.report(Diagnostic::error("SIM005", message, source, name.span.clone()));
            return None;
        }
        self.open.push(name.value.clone());
        let found = match self.find(&name.value) {
            Some(Anchor::Step(place)) => {
                let step = self.steps.iter().find(|(_, step)| step.place == place);
                step.and_then(|(_, step)| Some(self.step(step)? + step.lasts()))
            }
            Some(Anchor::Expectation(index)) => self.expectation(index),
            Some(Anchor::Start | Anchor::Name(_)) => None,
            None => {
                if !self.anchors.0.contains(&name.value) {
                    self.report(self.anchors.unknown(name, source));
                }
                None
            }
        };
        self.open.pop();
        found
    }

    fn find(&self, name: &str) -> Option<Anchor> {
        let step = self.steps.iter().find(|(_, step)| step.name.as_deref() == Some(name));
        let is_meant =
            |one: &Expected| one.name.as_deref() == Some(name) && one.sense == Sense::Expect;
        step.map(|(_, step)| Anchor::Step(step.place))
            .or_else(|| self.expected.iter().position(is_meant).map(Anchor::Expectation))
    }

    /// The anchor with its name looked up.
    fn anchor(&self, one: &Expected) -> Anchor {
        match &one.anchor {
            Anchor::Name(name) => self.find(&name.value).unwrap_or(Anchor::Start),
            other => other.clone(),
        }
    }

    /// Once for each place.
    fn report(&mut self, diagnostic: Diagnostic) {
        let is_known = |known: &Diagnostic| {
            (known.code, &known.span) == (diagnostic.code, &diagnostic.span)
                && known.source.name == diagnostic.source.name
        };
        if !self.sink.iter().any(is_known) {
            self.sink.push(diagnostic);
        }
    }
}
