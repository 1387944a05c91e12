//! A scenario: what happens when, and what must follow.
//!
//! Read by `ednm demo`, `ednm test` and `simulator run`; played by the lab, judged by a
//! [`crate::Judge`].

mod expect;
mod include;
mod load;
mod nodes;
mod parameters;
mod steps;
mod when;

use std::ops::Range;
use std::sync::Arc;

use diagnostic::{Diagnostic, Source};
use simtime::Duration;

use crate::Step;
use crate::expectation::Expected;
use crate::floor::Floor;

pub use load::Reads;
pub(crate) use nodes::{glob, unknown_node};
pub(crate) use when::{Repeat, When};

/// A whole scenario, checked against a lab.
#[derive(Clone, Debug)]
pub struct Scenario {
    /// The file.
    pub source: Arc<Source>,
    /// What it says before its steps.
    pub header: Header,
    /// Its steps, in the order of the file, those of included files first.
    pub steps: Vec<ScheduledStep>,
    /// What must follow.
    pub(crate) expected: Vec<Expected>,
    /// How the lab stands before it is played.
    pub(crate) floor: Arc<Floor>,
    /// From the start to the last instant that is of interest.
    length: Duration,
    /// From the start to the end of the last step, at most.
    last_step: Duration,
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

/// A step, its time and its nodes.
#[derive(Clone, Debug)]
pub struct ScheduledStep {
    /// How an expectation or another step can refer to it.
    pub name: Option<Arc<str>>,
    /// Which `[[steps]]` it is of, from 0.
    pub place: u32,
    /// When it is due.
    pub(crate) when: When,
    /// How often, and how far apart.
    pub(crate) repeat: Repeat,
    /// What is done, for each of its nodes.
    pub steps: Arc<[Step]>,
    /// Its place in its file.
    pub(crate) span: (Arc<Source>, Range<usize>),
}

impl Scenario {
    /// How many expectations there are.
    pub fn expectation_count(&self) -> usize {
        self.expected.len()
    }

    /// Whether something happens to the listener.
    pub fn troubles_listener(&self) -> bool {
        self.steps.iter().any(ScheduledStep::troubles_listener)
    }

    /// What is wrong with it where nobody has the listener in hand: its steps would be carried out
    /// by their word alone.
    pub fn out_of_hand(&self) -> Vec<Diagnostic> {
        let steps = self.steps.iter().filter(|step| step.troubles_listener());
        let told = steps.map(|step| {
            let (source, span) = &step.span;
            let message = "nothing can happen to a listener that is none of this program's";
            Diagnostic::error("SIM023", message, source, span.clone())
                .label("a step for the listener")
                .help("`ednm test --clock real` and `ednm demo --scenario` have one of their own")
        });
        told.collect()
    }

    /// How long it takes at most to the end of its last step.
    pub fn last_step(&self) -> Duration {
        self.last_step
    }

    /// How long it takes at most: to its last step, or to the end of its last expectation.
    pub fn length(&self) -> Duration {
        self.length
    }
}

impl ScheduledStep {
    fn troubles_listener(&self) -> bool {
        self.steps.iter().any(Step::troubles_listener)
    }

    /// How often something is done, over all nodes.
    pub(crate) fn occurrences(&self) -> u64 {
        u64::from(self.repeat.times) * self.steps.len() as u64
    }

    /// How long an occurrence goes on.
    pub(crate) fn lasts(&self) -> Duration {
        self.steps.iter().map(Step::lasts).max().unwrap_or_default()
    }
}
