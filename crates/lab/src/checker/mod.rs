//! What must hold in every run, whatever a scenario expects: one file each, and one line here.
//!
//! Run by [`crate::Judge`] over all facts. Each keeps what it needs and no more: its work for one
//! fact does not grow with the lab.

mod decided;
mod ends_agree;
mod in_doubt;
mod line_protocol;

use std::fmt::Debug;

use fact::Fact;
use simtime::Time;

use crate::floor::Floor;

/// Findings of one run that are told; the rest is counted.
const FINDINGS_MAX: usize = 20;

/// Something that must hold.
pub(crate) trait Checker: Debug + Send {
    /// The code of what it finds.
    fn code(&self) -> &'static str;

    /// Its name in a report: `line-protocol-follows-carrier`.
    fn name(&self) -> &'static str;

    /// Takes one fact into account; facts come in order of time.
    fn observe(&mut self, fact: &Fact, say: &mut dyn FnMut(Time, String));

    /// The run is over: says what should have come by now.
    fn finish(&mut self, now: Time, say: &mut dyn FnMut(Time, String));
}

/// One breach of what must hold.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// The code of such a finding.
    pub code: &'static str,
    /// Which checker.
    pub checker: &'static str,
    /// When it was seen.
    pub at: Time,
    /// What is wrong.
    pub text: String,
}

/// All of them.
#[derive(Debug)]
pub(crate) struct Checkers {
    all: Vec<Box<dyn Checker>>,
    pub(crate) findings: Vec<Finding>,
    /// Those that are not told.
    pub(crate) more: u64,
}

impl Checkers {
    pub(crate) fn new(floor: &Floor) -> Self {
        let all: Vec<Box<dyn Checker>> = vec![
            Box::new(line_protocol::LineProtocol::new(floor)),
            Box::new(ends_agree::EndsAgree::new(floor)),
            Box::new(decided::Decided::default()),
            Box::new(in_doubt::InDoubt::default()),
        ];
        Checkers { all, findings: Vec::new(), more: 0 }
    }

    pub(crate) fn observe(&mut self, fact: &Fact) {
        self.each(|checker, say| checker.observe(fact, say));
    }

    pub(crate) fn finish(&mut self, now: Time) {
        self.each(|checker, say| checker.finish(now, say));
    }

    fn each(&mut self, mut work: impl FnMut(&mut dyn Checker, &mut dyn FnMut(Time, String))) {
        let Checkers { all, findings, more } = self;
        for checker in all {
            let (code, name) = (checker.code(), checker.name());
            work(&mut **checker, &mut |at, text| match findings.len() {
                FINDINGS_MAX => *more += 1,
                _ => findings.push(Finding { code, checker: name, at, text }),
            });
        }
    }
}
