//! One expectation that is being watched: its window, what has been seen of it, what came nearest.
//!
//! Used by [`super::Judge`] alone.

use std::collections::VecDeque;
use std::sync::Arc;

use fact::Fact;
use simtime::Time;

use super::verdict::{Outcome, State, after};
use crate::expectation::{Expected, Sense, Tally, Weight};

/// One expectation that is being watched.
#[derive(Debug)]
pub(super) struct Watch {
    pub(super) expected: Expected,
    /// When its time begins and ends, once that is known.
    pub(super) from: Option<Time>,
    pub(super) until: Option<Time>,
    /// Whether nobody can look.
    pub(super) unseen: bool,
    end: Time,
    seen: u64,
    tally: Option<Box<dyn Tally>>,
    /// When the last of those that were needed came.
    met: Option<Time>,
    /// Whether that has been told to whoever waits for it.
    told: bool,
    /// When it was broken: too many came, or what must hold did not.
    broken: Option<(Time, String)>,
    nearest: Option<Nearest>,
    /// What happened last before its time ended, or before it was broken.
    context: Vec<Fact>,
}

#[derive(Debug)]
struct Nearest {
    distance: u32,
    text: String,
}

impl Watch {
    pub(super) fn new(expected: &Expected, _start: Time, end: Time) -> Self {
        Watch {
            tally: expected.what.tally(),
            expected: expected.clone(),
            from: None,
            until: None,
            unseen: false,
            end,
            seen: 0,
            met: None,
            told: false,
            broken: None,
            nearest: None,
            context: Vec::new(),
        }
    }

    /// Its time begins, unless it has.
    pub(super) fn begin(&mut self, at: Time) {
        if self.from.is_none() {
            self.from = Some(at);
            self.look(at);
        }
    }

    /// `within` counts from here.
    pub(super) fn end_after(&mut self, from: Time) {
        let is_whole = self.expected.sense != Sense::Expect;
        let until = self.expected.within.filter(|_| !is_whole).map(|within| from + within);
        self.until = Some(until.unwrap_or(self.end));
    }

    /// Whether no fact can change what comes of it any more.
    pub(super) fn is_closed(&self) -> bool {
        self.unseen
            || self.broken.is_some()
            || (self.met.is_some() && self.expected.count.max.is_none() && !self.is_summary())
    }

    /// Whether not even what is said of it can change: it was met for good, or nobody looks.
    fn is_settled(&self) -> bool {
        self.is_closed() && self.broken.is_none()
    }

    /// The same, at `now`, when its time may be over.
    pub(super) fn is_decided(&self, now: Time) -> bool {
        self.is_closed() || self.until.is_some_and(|until| now > until)
    }

    /// When it was met, the first time that this is asked after that.
    pub(super) fn newly_met(&mut self) -> Option<Time> {
        let at = self.met.filter(|_| !self.told)?;
        self.told = true;
        Some(at)
    }

    /// Takes one fact into account; `recent` are those before it.
    pub(super) fn observe(&mut self, fact: &Fact, start: Time, recent: &VecDeque<Fact>) {
        // Most of a long run comes after this: what came near is not worth measuring any more.
        if self.is_settled() {
            return;
        }
        let is_late = self.until.is_some_and(|until| fact.at > until);
        if is_late && self.context.is_empty() && !self.is_closed() {
            self.context = recent.iter().cloned().collect();
        }
        let was_broken = self.broken.is_some();
        if self.tally.is_some() {
            self.keep_tally(fact, is_late);
        } else {
            self.weigh(fact, start, is_late);
        }
        if self.broken.is_some() && !was_broken {
            self.context = recent.iter().chain([fact]).cloned().collect();
        }
    }

    fn is_summary(&self) -> bool {
        self.tally.as_ref().is_some_and(|tally| !tally.is_state())
    }

    fn keep_tally(&mut self, fact: &Fact, is_late: bool) {
        let is_summary = self.is_summary();
        let Some(tally) = &mut self.tally else { return };
        if is_summary && (is_late || self.from.is_none()) {
            return;
        }
        if tally.observe(fact) && !is_late {
            self.look(fact.at);
        }
    }

    /// A state may be another now.
    fn look(&mut self, at: Time) {
        let Some(tally) = self.tally.as_ref().filter(|tally| tally.is_state()) else { return };
        if self.from.is_none() {
            return;
        }
        let holds = tally.holds();
        match self.expected.sense {
            Sense::Expect if holds && self.met.is_none() => self.met = Some(at),
            Sense::Always if !holds && self.broken.is_none() => {
                self.broken = Some((at, tally.text()));
            }
            Sense::Never if holds && self.broken.is_none() => {
                self.broken = Some((at, tally.text()));
            }
            Sense::Expect | Sense::Always | Sense::Never => {}
        }
    }

    fn weigh(&mut self, fact: &Fact, start: Time, is_late: bool) {
        // It is said how often it happened, or that it came late: nothing is nearer than that.
        let is_near = self.nearest.as_ref().is_some_and(|near| near.distance == 0);
        if is_late && (self.seen > 0 || is_near) {
            return;
        }
        let is_early = self.from.is_none_or(|from| fact.at < from);
        let near = match self.expected.what.weigh(fact) {
            Weight::Other => return,
            Weight::Near { .. } if is_early => return,
            Weight::Near { distance, text } => {
                // Behind every miss in time.
                let text = format!("at {} {text}", after(start, fact.at));
                Nearest { distance: distance.saturating_add(1), text }
            }
            Weight::Match if is_early => {
                let early = format!("it came at {}, too early", after(start, fact.at));
                Nearest { distance: 0, text: early }
            }
            Weight::Match if is_late => {
                let late = fact.at.since(self.until.unwrap_or(self.end));
                let text = format!("it came at {}, {late} too late", after(start, fact.at));
                Nearest { distance: 0, text }
            }
            Weight::Match => return self.came(fact.at, start),
        };
        if self.nearest.as_ref().is_none_or(|known| near.distance < known.distance) {
            self.nearest = Some(near);
        }
    }

    fn came(&mut self, at: Time, start: Time) {
        self.seen += 1;
        let count = self.expected.count;
        if self.seen == count.min {
            self.met = Some(at);
        }
        if count.max.is_some_and(|max| self.seen > max) && self.broken.is_none() {
            self.broken = Some((at, format!("it came at {}", after(start, at))));
        }
    }

    fn state(&self, now: Time) -> State {
        if self.unseen {
            return State::NotObserved;
        }
        if self.broken.is_some() {
            return State::NotMet;
        }
        let end = self.until.unwrap_or(self.end).min(now);
        let holds = match (self.expected.sense, &self.tally) {
            (Sense::Never | Sense::Always, _) => return State::Met { at: end },
            (Sense::Expect, Some(tally)) if !tally.is_state() => tally.holds().then_some(end),
            (Sense::Expect, Some(_)) => self.met,
            (Sense::Expect, None) if self.expected.count.min == 0 => self.from.map(|_| end),
            (Sense::Expect, None) => self.met,
        };
        holds.map_or(State::NotMet, |at| State::Met { at })
    }

    /// What came of it.
    pub(super) fn outcome(&mut self, now: Time, start: Time, recent: &VecDeque<Fact>) -> Outcome {
        let state = self.state(now);
        let failed = state == State::NotMet;
        if failed && self.context.is_empty() {
            self.context = recent.iter().cloned().collect();
        }
        Outcome {
            text: self.expected.describe(),
            state,
            nearest: if failed { self.miss(start) } else { None },
            context: if failed { std::mem::take(&mut self.context) } else { Vec::new() },
            source: Arc::clone(&self.expected.source),
            span: self.expected.span.clone(),
        }
    }

    /// What there is to say of one that was not met.
    fn miss(&self, start: Time) -> Option<String> {
        if let Some((at, text)) = &self.broken {
            let seen = self.seen;
            return Some(match (self.expected.sense, seen) {
                (Sense::Expect, 0 | 1) => text.clone(),
                (Sense::Expect, _) => format!("it happened {seen} times"),
                (Sense::Never | Sense::Always, _) if self.tally.is_some() => {
                    format!("at {} {text}", after(start, *at))
                }
                (Sense::Never | Sense::Always, _) => text.clone(),
            });
        }
        if let Some(tally) = &self.tally {
            return Some(tally.text());
        }
        if self.from.is_none() {
            return Some("what it waits for did not come".to_owned());
        }
        match (self.seen, &self.nearest) {
            (0, near) => near.as_ref().map(|near| near.text.clone()),
            (1, _) => Some("it happened once".to_owned()),
            (seen, _) => Some(format!("it happened {seen} times")),
        }
    }
}
