//! `job = { device, outcome }`: a job of the listener on a device ended so.

use std::sync::Arc;

use diagnostic::Diagnostic;
use diagnostic::table::Table;
use fact::{Fact, Kind as Happened};
use regex::Regex;

use super::{Expectation, Kind, Weight, is_on, node, pattern};
use crate::Lab;

pub(super) const KIND: Kind = Kind {
    word: "job",
    argument: "{ device, outcome }",
    short: None,
    help: "a job on the device ends, and its outcome fits the pattern: `done`, the default, or \
           `failed: ...`",
    example: r#"job = { device = "R1", outcome = "^done$" }"#,
    read,
};

#[derive(Debug)]
struct Job {
    device: String,
    outcome: Option<Regex>,
}

fn read(table: &mut Table, lab: &Lab, sink: &mut Vec<Diagnostic>) -> Option<Arc<dyn Expectation>> {
    let device = node(table, "device", lab, sink);
    let outcome = pattern(table, "outcome", sink);
    Some(Arc::new(Job { device: device?, outcome }))
}

impl Expectation for Job {
    fn describe(&self) -> String {
        let outcome = self.outcome.as_ref().map_or("done", Regex::as_str);
        format!("a job on {} ends: `{outcome}`", self.device)
    }

    fn weigh(&self, fact: &Fact) -> Weight {
        if !is_on(fact, &self.device) {
            return Weight::Other;
        }
        let near = |distance, text| Weight::Near { distance, text };
        match &fact.kind {
            Happened::JobDone { outcome, .. } => {
                let fits = match &self.outcome {
                    Some(pattern) => pattern.is_match(outcome),
                    None => outcome == "done",
                };
                if fits { Weight::Match } else { near(0, format!("a job ended: {outcome}")) }
            }
            Happened::ConnectFailed { error, .. } => near(1, format!("no session: {error}")),
            Happened::JobWaiting { .. } => near(2, "a job waits for an approval".to_owned()),
            Happened::RuleDecided { rule, fired: false, reason, .. } => {
                near(3, format!("rule `{rule}` did not fire: {reason}"))
            }
            // What else happened leads to no job.
            _ => Weight::Other,
        }
    }

    fn is_of_the_listener(&self) -> bool {
        true
    }
}
