//! `action = { device, command, matches }`: the listener ran a command, and the output fits.

use std::sync::Arc;

use diagnostic::Diagnostic;
use diagnostic::table::Table;
use fact::{Fact, Kind as Happened};
use regex::{Regex, RegexBuilder};

use super::{Expectation, Kind, Weight, alike, is_on, node, pattern};
use crate::Lab;

pub(super) const KIND: Kind = Kind {
    word: "action",
    argument: "{ device, command, matches }",
    short: None,
    help: "the device answers the listener's command so; `^` and `$` mean lines",
    example: r#"action = { device = "R1", command = "show clock", matches = "UTC" }"#,
    read,
};

/// Distances of what should have led to the action, the latest stage nearest. Up to 1,000 is the
/// command itself with another output, up to 2,000 another command.
const OTHER_COMMAND: u32 = 1_001;
const JOB: u32 = 3_000;
const RULE: u32 = 4_000;
const INGRESS: u32 = 5_000;
const WEBHOOK: u32 = 6_000;

#[derive(Debug)]
struct Action {
    device: String,
    command: String,
    matches: Option<Regex>,
}

fn read(table: &mut Table, lab: &Lab, sink: &mut Vec<Diagnostic>) -> Option<Arc<dyn Expectation>> {
    let device = node(table, "device", lab, sink);
    table.require("command", sink);
    let command = table.text("command", sink);
    // Outputs have many lines: `^` and `$` mean those of one.
    let matches = pattern(table, "matches", sink)
        .and_then(|regex| RegexBuilder::new(regex.as_str()).multi_line(true).build().ok());
    Some(Arc::new(Action { device: device?, command: command?.value, matches }))
}

impl Expectation for Action {
    fn describe(&self) -> String {
        let Action { device, command, matches } = self;
        match matches {
            Some(matches) => format!("`{command}` on {device} shows `{matches}`"),
            None => format!("`{command}` is run on {device}"),
        }
    }

    fn weigh(&self, fact: &Fact) -> Weight {
        let near = |distance, text| Weight::Near { distance, text };
        // A delivery that is refused has no device yet.
        if let Happened::Rejected { status, reason, .. } = &fact.kind {
            return near(INGRESS, format!("the listener refused a delivery: {status} {reason}"));
        }
        if !is_on(fact, &self.device) {
            return Weight::Other;
        }
        let device = &self.device;
        match &fact.kind {
            Happened::CommandDone { command, output, ok, .. } => {
                self.weigh_command(command, output, *ok)
            }
            Happened::JobDone { outcome, .. } => near(JOB, format!("the job ended: {outcome}")),
            Happened::JobWaiting { .. } => {
                near(JOB, "the job waits for an approval (`approve = \"auto\"` ends that)".into())
            }
            Happened::ConnectFailed { error, .. } => {
                near(JOB, format!("no session to {device}: {error}"))
            }
            Happened::RuleDecided { rule, fired: false, reason, .. } => {
                near(RULE, format!("rule `{rule}` did not fire: {reason}"))
            }
            Happened::WebhookAnswered { status, error, .. } => {
                let answer = status.map(|status| status.to_string());
                let answer = answer.or_else(|| error.clone()).unwrap_or_default();
                near(WEBHOOK, format!("a webhook of {device} was answered: {answer}"))
            }
            // What else happened does not lead to an action.
            _ => Weight::Other,
        }
    }

    fn is_of_the_listener(&self) -> bool {
        true
    }
}

impl Action {
    fn weigh_command(&self, command: &str, output: &str, ok: bool) -> Weight {
        let device = &self.device;
        let pattern = self.matches.as_ref();
        let fits = pattern.is_none_or(|pattern| pattern.is_match(output));
        if command != self.command {
            let distance = OTHER_COMMAND + alike::distance(&self.command, command);
            return Weight::Near { distance, text: format!("`{command}` was run on {device}") };
        }
        if ok && fits {
            return Weight::Match;
        }
        let pattern = pattern.map_or("", Regex::as_str);
        let line = alike::nearest_line(pattern, output).unwrap_or("nothing");
        let text = format!("it was run on {device} and showed `{line}`");
        Weight::Near { distance: alike::distance(pattern, line), text }
    }
}
