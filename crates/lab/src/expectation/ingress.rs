//! `ingress = { verdict, status, device, reason }`: what the listener answered to a delivery.

use std::sync::Arc;

use diagnostic::Diagnostic;
use diagnostic::table::Table;
use fact::{Fact, Kind as Happened};
use regex::Regex;

use super::{Expectation, Kind, Weight, is_on, maybe_node, pattern};
use crate::Lab;
use crate::step::number;

pub(super) const KIND: Kind = Kind {
    word: "ingress",
    argument: "{ verdict, status, device, reason }",
    short: None,
    help: "the listener takes a delivery in (`verdict = \"accepted\"`, the default), knows it \
           (`duplicate`) or refuses it (`rejected`, with `status` and a pattern for `reason`)",
    example: r#"ingress = { verdict = "accepted", device = "R1" }"#,
    read,
};

/// What becomes of a delivery.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Verdict {
    Accepted,
    Duplicate,
    Rejected,
}

const VERDICTS: [(&str, Verdict); 3] = [
    ("accepted", Verdict::Accepted),
    ("duplicate", Verdict::Duplicate),
    ("rejected", Verdict::Rejected),
];

#[derive(Debug)]
struct Ingress {
    verdict: Verdict,
    status: Option<u64>,
    device: Option<String>,
    reason: Option<Regex>,
}

fn read(table: &mut Table, lab: &Lab, sink: &mut Vec<Diagnostic>) -> Option<Arc<dyn Expectation>> {
    let verdict = table.choice("verdict", &VERDICTS, sink).map(|verdict| verdict.value);
    let status = number(table, "status", 400..=599, sink);
    let device = maybe_node(table, "device", lab, sink);
    let reason = pattern(table, "reason", sink);
    let rejected = status.is_some() || reason.is_some();
    let default = if rejected { Verdict::Rejected } else { Verdict::Accepted };
    Some(Arc::new(Ingress { verdict: verdict.unwrap_or(default), status, device, reason }))
}

impl Expectation for Ingress {
    fn describe(&self) -> String {
        let mut text = match self.verdict {
            Verdict::Accepted => "the listener accepts a delivery".to_owned(),
            Verdict::Duplicate => "the listener knows a delivery already".to_owned(),
            Verdict::Rejected => "the listener refuses a delivery".to_owned(),
        };
        if let Some(device) = &self.device {
            text.push_str(&format!(" of {device}"));
        }
        if let Some(status) = self.status {
            text.push_str(&format!(" with {status}"));
        }
        if let Some(reason) = &self.reason {
            text.push_str(&format!(" because `{reason}`"));
        }
        text
    }

    fn weigh(&self, fact: &Fact) -> Weight {
        let (verdict, text) = match &fact.kind {
            Happened::Journalled { event } => {
                (Verdict::Accepted, format!("the listener accepted `{event}`"))
            }
            Happened::Duplicate { event } => {
                (Verdict::Duplicate, format!("the listener knew `{event}` already"))
            }
            Happened::Rejected { status, reason, .. } => {
                (Verdict::Rejected, format!("the listener refused a delivery: {status} {reason}"))
            }
            // What else happened is no answer to a delivery.
            _ => return Weight::Other,
        };
        // Whose a repeat is, or what is refused, the listener does not say.
        let knows_device = verdict == Verdict::Accepted;
        let device = self.device.as_ref().filter(|_| knows_device);
        let fits = match &fact.kind {
            Happened::Rejected { status, reason, .. } => {
                self.status.is_none_or(|wanted| wanted == u64::from(*status))
                    && self.reason.as_ref().is_none_or(|pattern| pattern.is_match(reason))
            }
            _ => true,
        };
        if verdict == self.verdict && fits && device.is_none_or(|device| is_on(fact, device)) {
            return Weight::Match;
        }
        let distance = if verdict == self.verdict { 1 } else { 2 };
        Weight::Near { distance, text }
    }

    fn is_of_the_listener(&self) -> bool {
        true
    }
}
