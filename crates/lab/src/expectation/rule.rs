//! `rule = { name, verdict, device, reason }`: a rule was asked about an event, and said this.

use std::sync::Arc;

use diagnostic::Diagnostic;
use diagnostic::table::Table;
use fact::{Fact, Kind as Happened};
use regex::Regex;

use super::{Expectation, Kind, Weight, is_on, maybe_node, node_of, pattern};
use crate::Lab;

pub(super) const KIND: Kind = Kind {
    word: "rule",
    argument: "{ name, verdict, device, reason }",
    short: None,
    help: "the rule is asked about an event of the device, and its verdict is `fired` (the \
           default), `held-back` (it matched; a throttle said no) or `skipped`; `reason` is a \
           pattern",
    example: r#"rule = { name = "interface down", verdict = "fired", device = "R1" }"#,
    read,
};

/// What a rule says of an event.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Verdict {
    Fired,
    HeldBack,
    Skipped,
}

const VERDICTS: [(&str, Verdict); 3] =
    [("fired", Verdict::Fired), ("held-back", Verdict::HeldBack), ("skipped", Verdict::Skipped)];

#[derive(Debug)]
struct Rule {
    name: String,
    verdict: Verdict,
    device: Option<String>,
    reason: Option<Regex>,
}

fn read(table: &mut Table, lab: &Lab, sink: &mut Vec<Diagnostic>) -> Option<Arc<dyn Expectation>> {
    table.require("name", sink);
    let name = table.text("name", sink);
    let verdict = table.choice("verdict", &VERDICTS, sink).map(|verdict| verdict.value);
    let device = maybe_node(table, "device", lab, sink);
    let reason = pattern(table, "reason", sink);
    let verdict = verdict.unwrap_or(Verdict::Fired);
    Some(Arc::new(Rule { name: name?.value, verdict, device, reason }))
}

impl Verdict {
    fn of(matched: bool, fired: bool) -> Verdict {
        match (matched, fired) {
            (_, true) => Verdict::Fired,
            (true, false) => Verdict::HeldBack,
            (false, false) => Verdict::Skipped,
        }
    }

    fn words(self) -> &'static str {
        match self {
            Verdict::Fired => "fires",
            Verdict::HeldBack => "is held back",
            Verdict::Skipped => "does not match",
        }
    }
}

impl Expectation for Rule {
    fn describe(&self) -> String {
        let mut text = format!("rule `{}` {}", self.name, self.verdict.words());
        if let Some(device) = &self.device {
            text.push_str(&format!(" for {device}"));
        }
        if let Some(reason) = &self.reason {
            text.push_str(&format!(" because `{reason}`"));
        }
        text
    }

    fn weigh(&self, fact: &Fact) -> Weight {
        let near = |distance, text| Weight::Near { distance, text };
        let Happened::RuleDecided { rule, matched, fired, reason, .. } = &fact.kind else {
            return match &fact.kind {
                Happened::Rejected { status, reason, .. } => {
                    near(30, format!("the listener refused a delivery: {status} {reason}"))
                }
                // What else happened is before or behind the rules.
                _ => Weight::Other,
            };
        };
        let verdict = Verdict::of(*matched, *fired);
        let is_there = self.device.as_ref().is_none_or(|device| is_on(fact, device));
        let is_why = self.reason.as_ref().is_none_or(|pattern| pattern.is_match(reason));
        let wrong = [*rule != self.name, !is_there, verdict != self.verdict, !is_why];
        if wrong == [false; 4] {
            return Weight::Match;
        }
        let weight = [20, 10, 2, 1].into_iter().zip(wrong).filter(|(_, wrong)| *wrong);
        let distance = weight.map(|(weight, _)| weight).sum();
        let who = node_of(fact);
        near(distance, format!("rule `{rule}` {} for {who}: {reason}", verdict.words()))
    }

    fn is_of_the_listener(&self) -> bool {
        true
    }
}
