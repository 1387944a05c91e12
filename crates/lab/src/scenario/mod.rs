//! A scenario: what happens when, and what must follow.
//!
//! Read by `ednm demo`, `ednm test` and `simulator run`; played by the lab, judged by a
//! [`crate::Judge`].

mod expect;
mod load;

use std::sync::Arc;

use diagnostic::Source;
use simtime::Duration;

use crate::Step;
use crate::expectation::Expected;

/// A whole scenario, checked against a lab.
#[derive(Clone, Debug)]
pub struct Scenario {
    /// The file.
    pub source: Arc<Source>,
    /// What it says before its steps.
    pub header: Header,
    /// Its steps, in the order of the file.
    pub steps: Vec<ScheduledStep>,
    /// What must follow.
    pub(crate) expected: Vec<Expected>,
}

/// What a scenario says of the run as a whole; a program reads it before it makes the lab.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Header {
    /// Its name; that of the file when it says none.
    pub name: String,
    /// The seed, unless a flag says another.
    pub seed: Option<u64>,
    /// The topology that it is about, relative to the file, unless a flag says another.
    pub topology: Option<String>,
    /// The listener's rules that it is about, relative to the file, unless a flag says others.
    pub listener: Option<String>,
    /// The clock that it needs, if it needs one.
    pub clock: Option<Clock>,
}

/// Which clock a run goes by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Clock {
    /// Virtual time: from event to event.
    Virtual,
    /// The host's.
    Real,
}

/// A step and its time.
#[derive(Clone, Debug)]
pub struct ScheduledStep {
    /// How an expectation can refer to it.
    pub name: Option<String>,
    /// After the start of the run.
    pub at: Duration,
    /// What is done.
    pub step: Step,
}

impl Scenario {
    /// How many expectations there are.
    pub fn expectation_count(&self) -> usize {
        self.expected.len()
    }

    /// How long it takes at most: to its last step, or to the end of its last expectation.
    pub fn length(&self) -> Duration {
        let steps = self.steps.iter().map(|step| step.at);
        let ends = self.expected.iter().map(|expected| expected.from + expected.within);
        steps.chain(ends).max().unwrap_or(Duration::ZERO)
    }
}
