//! What came of a run: each expectation's outcome, and what the checkers found.
//!
//! Made by [`super::Judge::finish`], read by the reports of the programs.

use std::fmt;
use std::ops::Range;
use std::sync::Arc;

use diagnostic::{Diagnostic, Source};
use fact::Fact;
use simtime::Time;

use crate::checker::Finding;
use crate::expectation::{Count, Expected, Sense};

/// What came of a run.
#[derive(Clone, Debug)]
pub struct Verdict {
    /// Whether every expectation was met, and no checker found anything.
    pub passed: bool,
    /// Each expectation, in the order of the file.
    pub expectations: Vec<Outcome>,
    /// What the checkers that always run have found.
    pub findings: Vec<Finding>,
    /// How many findings there are beside those.
    pub more_findings: u64,
    /// When the run started: times are told from here.
    pub start: Time,
    /// The scenario: findings are told at its first line.
    pub source: Arc<Source>,
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
    /// If it did not come: what happened last before its time was over.
    pub context: Vec<Fact>,
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

impl Verdict {
    /// The expectations that were not met or not observed, then what the checkers found, as
    /// diagnostics of the scenario.
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
        failed.chain(self.breaches()).collect()
    }

    fn breaches(&self) -> impl Iterator<Item = Diagnostic> {
        let last = self.findings.len().checked_sub(1).filter(|_| self.more_findings > 0);
        self.findings.iter().enumerate().map(move |(index, finding)| {
            let Finding { code, checker, at, text } = finding;
            let at = after(self.start, *at);
            let message = format!("`{checker}` does not hold at {at}: {text}");
            let span = self.source.line_span(1);
            let diagnostic = Diagnostic::error(code, message, &self.source, span)
                .label("this must hold in every run");
            match last == Some(index) {
                true => diagnostic.help(format!("{} more are not told", self.more_findings)),
                false => diagnostic,
            }
        })
    }
}

impl Expected {
    /// What is expected, in one line.
    pub(super) fn describe(&self) -> String {
        let what = self.what.describe();
        match self.sense {
            Sense::Never => return format!("never: {what}"),
            Sense::Always => return format!("always: {what}"),
            Sense::Expect => {}
        }
        let count = match self.count {
            Count { min: 1, max: None } => String::new(),
            Count { max: Some(0), .. } if self.what.is_absence() => String::new(),
            Count { max: Some(0), .. } => ", never".to_owned(),
            Count { min: 1, max: Some(1) } => ", exactly once".to_owned(),
            Count { min, max: None } => format!(", at least {min} times"),
            Count { min, max: Some(max) } if min == max => format!(", exactly {min} times"),
            Count { min: 0, max: Some(max) } => format!(", at most {max} times"),
            Count { min, max: Some(max) } => format!(", {min} to {max} times"),
        };
        match self.within {
            Some(within) => format!("{what}{count}, within {within}"),
            None => format!("{what}{count}"),
        }
    }
}

/// A moment of the run, as people read it: `2.003s`.
pub(super) fn after(start: Time, at: Time) -> String {
    let millis = at.since(start).as_millis();
    format!("{}.{:03}s", millis / 1_000, millis % 1_000)
}
