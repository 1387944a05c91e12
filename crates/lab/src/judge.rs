//! Watches the facts of a run for what a scenario expects, and says what came of it.
//!
//! Used by `ednm demo`, `ednm test` and `simulator run`, live and virtual alike. It sees facts
//! alone, and it never stops a run: it says when nothing more can change.

mod verdict;
mod watch;

use std::collections::{BTreeMap, VecDeque};
use std::sync::Arc;

use diagnostic::Source;
use fact::{Fact, Kind};
use simtime::{Duration, Time};

use crate::Scenario;
use crate::checker::Checkers;
use crate::expectation::Anchor;

pub use verdict::{Outcome, State, Verdict};

use watch::Watch;

/// How many facts before the end of an expectation's time are shown with it.
const CONTEXT_FACTS_MAX: usize = 12;

/// What a scenario expects, and what has been seen of it.
#[derive(Debug)]
pub struct Judge {
    start: Time,
    end: Time,
    source: Arc<Source>,
    sees_listener: bool,
    /// What is left of the steps, by their place.
    steps: BTreeMap<u32, Pending>,
    watches: Vec<Watch>,
    checkers: Checkers,
    /// Names of expectations that were met and not asked for yet.
    met: Vec<Arc<str>>,
    recent: VecDeque<Fact>,
}

/// A step that has not been carried out to its end.
#[derive(Debug)]
struct Pending {
    left: u64,
    /// How long an occurrence goes on.
    lasts: Duration,
}

impl Judge {
    /// Watches for what `scenario` expects of a run that started at `start`.
    pub fn new(scenario: &Scenario, start: Time) -> Self {
        let end = start + scenario.length();
        let pending = |step: &crate::ScheduledStep| {
            (step.place, Pending { left: step.occurrences(), lasts: step.lasts() })
        };
        let mut judge = Judge {
            start,
            end,
            source: Arc::clone(&scenario.source),
            sees_listener: true,
            steps: scenario.steps.iter().map(pending).filter(|(_, step)| step.left > 0).collect(),
            watches: scenario.expected.iter().map(|one| Watch::new(one, start, end)).collect(),
            checkers: Checkers::new(&scenario.floor),
            met: Vec::new(),
            recent: VecDeque::new(),
        };
        judge.begin(start, |anchor| matches!(anchor, Anchor::Start));
        judge.end_windows(start, |anchor| matches!(anchor, Anchor::Start));
        judge.note_met();
        judge
    }

    /// The same, for a run that sees no listener.
    #[must_use]
    pub fn without_listener(mut self) -> Self {
        self.sees_listener = false;
        for watch in &mut self.watches {
            watch.unseen = watch.expected.what.is_of_the_listener();
        }
        self
    }

    /// Takes one fact into account. Facts come in order of time.
    pub fn observe(&mut self, fact: &Fact) {
        if self.recent.len() == CONTEXT_FACTS_MAX {
            self.recent.pop_front();
        }
        if let Kind::Fault { place: Some(place), .. } = &fact.kind {
            self.carried_out(*place, fact.at);
        }
        self.checkers.observe(fact);
        let recent = &self.recent;
        for watch in &mut self.watches {
            watch.observe(fact, self.start, recent);
        }
        self.recent.push_back(fact.clone());
        self.note_met();
    }

    /// The names of the expectations that were met since this was asked last: steps may wait for
    /// them.
    pub fn newly_met(&mut self) -> Vec<Arc<str>> {
        std::mem::take(&mut self.met)
    }

    /// Whether, at `now`, no further fact can change the verdict, and every step has been carried
    /// out. Every fact up to `now` must have been observed.
    pub fn is_decided(&self, now: Time) -> bool {
        self.steps.is_empty() && self.watches.iter().all(|watch| watch.is_decided(now))
    }

    /// The last instant at which a fact can still change the verdict; `None` once nothing can.
    pub fn next_deadline(&self) -> Option<Time> {
        let open = self.watches.iter().filter(|watch| !watch.is_closed());
        let left = open.map(|watch| watch.until.unwrap_or(self.end)).max();
        if self.steps.is_empty() { left } else { Some(self.end) }
    }

    /// Whether a step has not been carried out as often as it should.
    pub fn has_steps_left(&self) -> bool {
        !self.steps.is_empty()
    }

    /// When the last of its times ends.
    pub fn end(&self) -> Time {
        self.end
    }

    /// What came of it, at `now`.
    pub fn finish(&mut self, now: Time) -> Verdict {
        self.checkers.finish(now);
        let start = self.start;
        let recent = &self.recent;
        let outcome = |watch: &mut Watch| watch.outcome(now, start, recent);
        let expectations: Vec<Outcome> = self.watches.iter_mut().map(outcome).collect();
        let findings = std::mem::take(&mut self.checkers.findings);
        let passed = findings.is_empty() && expectations.iter().all(Outcome::is_met);
        let more_findings = self.checkers.more;
        let source = Arc::clone(&self.source);
        Verdict { passed, expectations, findings, more_findings, start, source }
    }

    /// A step was carried out once, for one node.
    fn carried_out(&mut self, place: u32, at: Time) {
        let is_it = |anchor: &Anchor| matches!(anchor, Anchor::Step(of) if *of == place);
        self.begin(at, is_it);
        let Some(step) = self.steps.get_mut(&place) else { return };
        step.left -= 1;
        if step.left == 0 {
            let ends = at + step.lasts;
            self.steps.remove(&place);
            self.end_windows(ends, is_it);
        }
    }

    /// The time of these expectations begins, unless it has.
    fn begin(&mut self, at: Time, is_it: impl Fn(&Anchor) -> bool) {
        for watch in self.watches.iter_mut().filter(|watch| is_it(&watch.expected.anchor)) {
            watch.begin(at);
        }
    }

    /// It is known when the time of these expectations ends.
    fn end_windows(&mut self, from: Time, is_it: impl Fn(&Anchor) -> bool) {
        for watch in self.watches.iter_mut().filter(|watch| is_it(&watch.expected.anchor)) {
            watch.end_after(from);
        }
    }

    /// Begins the time of what waits for expectations that have been met, and notes their names.
    fn note_met(&mut self) {
        while let Some((index, at)) =
            self.watches.iter_mut().enumerate().find_map(|(index, watch)| {
                let at = watch.newly_met()?;
                Some((index, at))
            })
        {
            self.met.extend(self.watches[index].expected.name.clone());
            let is_it = |anchor: &Anchor| matches!(anchor, Anchor::Expectation(of) if *of == index);
            self.begin(at, is_it);
            self.end_windows(at, is_it);
        }
    }
}
