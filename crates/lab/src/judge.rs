//! Watches the facts of a run for what a scenario expects, and says what came of it.
//!
//! Used by `ednm demo`, `ednm test` and `simulator run`, live and virtual alike. It sees facts
//! alone, and it never stops a run: it says when nothing more can change.

use std::fmt;
use std::ops::Range;
use std::sync::Arc;

use diagnostic::{Diagnostic, Source};
use fact::{Fact, Kind};
use simtime::Time;

use crate::Scenario;
use crate::expectation::{Count, Expected, Weight};

/// What a scenario expects, and what has been seen of it.
#[derive(Debug)]
pub struct Judge {
    start: Time,
    end: Time,
    sees_listener: bool,
    /// The steps that have not been carried out: node and words.
    steps: Vec<(Arc<str>, String)>,
    watches: Vec<Watch>,
}

#[derive(Debug)]
struct Watch {
    expected: Expected,
    from: Time,
    until: Time,
    seen: u64,
    /// When the last of those that were wanted came.
    met: Option<Time>,
    nearest: Option<Nearest>,
}

#[derive(Debug)]
struct Nearest {
    distance: u32,
    text: String,
}

/// What came of a run.
#[derive(Clone, Debug)]
pub struct Verdict {
    /// Whether every expectation was met.
    pub passed: bool,
    /// Each expectation, in the order of the file.
    pub expectations: Vec<Outcome>,
}

/// What came of one expectation.
#[derive(Clone, Debug)]
pub struct Outcome {
    /// What was expected, in one line.
    pub text: String,
    /// Whether it came.
    pub state: State,
    /// If it did not come: what came nearest.
    pub nearest: Option<String>,
    /// The scenario.
    pub source: Arc<Source>,
    /// Where it stands there.
    pub span: Range<usize>,
}

/// Whether an expectation was met.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    /// It was, then.
    Met {
        /// When the last of what was wanted came.
        at: Time,
    },
    /// It was not.
    NotMet,
    /// Nobody looked: it is about a listener that this run could not see.
    NotObserved,
}

impl fmt::Display for State {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            State::Met { .. } => "met",
            State::NotMet => "not met",
            State::NotObserved => "not observed",
        })
    }
}

impl Outcome {
    /// Whether it was met.
    pub fn is_met(&self) -> bool {
        matches!(self.state, State::Met { .. })
    }
}

impl Judge {
    /// Watches for what `scenario` expects of a run that started at `start`.
    pub fn new(scenario: &Scenario, start: Time) -> Self {
        let steps = scenario.steps.iter();
        let steps = steps.map(|step| (Arc::clone(step.step.node()), step.step.to_string()));
        Judge {
            start,
            end: start + scenario.length(),
            sees_listener: true,
            steps: steps.collect(),
            watches: scenario.expected.iter().map(|expected| Watch::new(expected, start)).collect(),
        }
    }

    /// The same, for a run that sees no listener.
    #[must_use]
    pub fn without_listener(self) -> Self {
        Judge { sees_listener: false, ..self }
    }

    /// Takes one fact into account.
    pub fn observe(&mut self, fact: &Fact) {
        if let Kind::Fault { step, .. } = &fact.kind {
            let is_it = |(node, words): &(Arc<str>, String)| {
                fact.node.as_ref() == Some(node) && words == step
            };
            if let Some(index) = self.steps.iter().position(is_it) {
                self.steps.remove(index);
            }
        }
        for watch in &mut self.watches {
            watch.observe(fact, self.start);
        }
    }

    /// Whether, at `now`, no further fact can change the verdict, and every step has been carried
    /// out. Every fact up to `now` must have been observed.
    pub fn is_decided(&self, now: Time) -> bool {
        let closed = |watch: &Watch| now > watch.until || self.is_closed(watch);
        self.steps.is_empty() && self.watches.iter().all(closed)
    }

    /// The last instant at which a fact can still change the verdict; `None` once nothing can.
    pub fn next_deadline(&self) -> Option<Time> {
        let open = self.watches.iter().filter(|watch| !self.is_closed(watch));
        let left = open.map(|watch| watch.until).max();
        if self.steps.is_empty() { left } else { Some(self.end) }
    }

    /// When the last of its times ends.
    pub fn end(&self) -> Time {
        self.end
    }

    /// What came of it, at `now`.
    pub fn finish(&self, now: Time) -> Verdict {
        let expectations: Vec<Outcome> =
            self.watches.iter().map(|watch| self.outcome(watch, now)).collect();
        let passed = expectations.iter().all(Outcome::is_met);
        Verdict { passed, expectations }
    }

    fn is_unseen(&self, watch: &Watch) -> bool {
        !self.sees_listener && watch.expected.what.is_of_the_listener()
    }

    fn is_closed(&self, watch: &Watch) -> bool {
        self.is_unseen(watch)
            || match watch.expected.count {
                Count::Some => watch.met.is_some(),
                Count::Exactly(count) => watch.seen > count,
            }
    }

    fn outcome(&self, watch: &Watch, now: Time) -> Outcome {
        let state = if self.is_unseen(watch) { State::NotObserved } else { watch.state(now) };
        let nearest = match state {
            State::NotMet => watch.nearest(now),
            State::Met { .. } | State::NotObserved => None,
        };
        Outcome {
            text: watch.describe(),
            state,
            nearest,
            source: Arc::clone(&watch.expected.source),
            span: watch.expected.span.clone(),
        }
    }
}

impl Watch {
    fn new(expected: &Expected, start: Time) -> Self {
        let from = start + expected.from;
        let until = from + expected.within;
        Watch { expected: expected.clone(), from, until, seen: 0, met: None, nearest: None }
    }

    fn observe(&mut self, fact: &Fact, start: Time) {
        let near = match self.expected.what.weigh(fact) {
            Weight::Other => return,
            Weight::Near { .. } if fact.at < self.from => return,
            Weight::Near { distance, text } => {
                // Behind every miss in time.
                let text = format!("at {} {text}", after(start, fact.at));
                Nearest { distance: distance.saturating_add(1), text }
            }
            Weight::Match if fact.at < self.from => {
                let early = format!("it came at {}, too early", after(start, fact.at));
                Nearest { distance: 0, text: early }
            }
            Weight::Match if fact.at > self.until => {
                let late = fact.at.since(self.until);
                let text = format!("it came at {}, {late} too late", after(start, fact.at));
                Nearest { distance: 0, text }
            }
            Weight::Match => {
                self.seen += 1;
                let wanted = match self.expected.count {
                    Count::Some => 1,
                    Count::Exactly(count) => count,
                };
                if self.seen == wanted {
                    self.met = Some(fact.at);
                }
                return;
            }
        };
        if self.nearest.as_ref().is_none_or(|known| near.distance < known.distance) {
            self.nearest = Some(near);
        }
    }

    fn state(&self, now: Time) -> State {
        match (self.expected.count, self.met) {
            (Count::Some, Some(at)) => State::Met { at },
            (Count::Some, None) => State::NotMet,
            (Count::Exactly(0), _) if self.seen == 0 => State::Met { at: self.until.min(now) },
            (Count::Exactly(count), Some(at)) if self.seen == count => State::Met { at },
            (Count::Exactly(_), _) => State::NotMet,
        }
    }

    fn describe(&self) -> String {
        let what = self.expected.what.describe();
        let count = match self.expected.count {
            Count::Some => String::new(),
            Count::Exactly(0) if self.expected.what.is_absence() => String::new(),
            Count::Exactly(0) => ", never".to_owned(),
            Count::Exactly(1) => ", exactly once".to_owned(),
            Count::Exactly(count) => format!(", exactly {count} times"),
        };
        format!("{what}{count}, within {}", self.expected.within)
    }

    fn nearest(&self, now: Time) -> Option<String> {
        match (self.seen, &self.nearest) {
            (0, near) => near.as_ref().map(|near| near.text.clone()),
            (1, _) if now >= self.from => Some("it happened once".to_owned()),
            (seen, _) => Some(format!("it happened {seen} times")),
        }
    }
}

impl Verdict {
    /// The expectations that were not met or not observed, as diagnostics of the scenario.
    pub fn diagnostics(&self) -> Vec<Diagnostic> {
        let failed = self.expectations.iter().filter_map(|outcome| {
            let (code, what) = match outcome.state {
                State::Met { .. } => return None,
                State::NotMet => ("SIM020", "not met"),
                State::NotObserved => ("SIM021", "not observed"),
            };
            let message = format!("{what}: {}", outcome.text);
            let span = outcome.span.clone();
            let diagnostic = Diagnostic::error(code, message, &outcome.source, span);
            Some(match (&outcome.nearest, outcome.state) {
                (Some(nearest), _) => diagnostic.label(format!("nearest: {nearest}")),
                (None, State::NotObserved) => diagnostic.label("this run sees no listener"),
                (None, State::Met { .. } | State::NotMet) => diagnostic.label("nothing came near"),
            })
        });
        failed.collect()
    }
}

/// A moment of the run, as people read it: `2.003s`.
fn after(start: Time, at: Time) -> String {
    let millis = at.since(start).as_millis();
    format!("{}.{:03}s", millis / 1_000, millis % 1_000)
}
