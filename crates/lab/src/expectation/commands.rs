//! `commands = { device, by, matches }`: lines that sessions ran on a router.
//!
//! Seen by the router itself, so that what a listener says of its own work need not be believed.
//! Lines of the console (steps of the scenario) and of applets count only if `by` names them.

use std::sync::Arc;

use diagnostic::Diagnostic;
use diagnostic::table::Table;
use fact::{Fact, Kind as Happened};
use regex::Regex;

use super::{Expectation, Kind, Weight, alike, is_on, node, pattern};
use crate::Lab;

pub(super) const KIND: Kind = Kind {
    word: "commands",
    argument: "{ device, by, matches }",
    short: None,
    help: "a session runs a line on the router that the pattern finds; `by` is its user, \
           `console`, or `EEM:APPLET`, and without it any user",
    example: r#"commands = { device = "R1", matches = "^show ", count-max = 10 }"#,
    read,
};

#[derive(Debug)]
struct Commands {
    device: String,
    by: Option<String>,
    matches: Option<Regex>,
}

fn read(table: &mut Table, lab: &Lab, sink: &mut Vec<Diagnostic>) -> Option<Arc<dyn Expectation>> {
    let device = node(table, "device", lab, sink);
    let by = table.text("by", sink).map(|by| by.value);
    let matches = pattern(table, "matches", sink);
    Some(Arc::new(Commands { device: device?, by, matches }))
}

impl Expectation for Commands {
    fn describe(&self) -> String {
        let by = self.by.as_deref().unwrap_or("a user");
        match &self.matches {
            Some(matches) => format!("{by} runs `{matches}` on {}", self.device),
            None => format!("{by} runs a command on {}", self.device),
        }
    }

    fn weigh(&self, fact: &Fact) -> Weight {
        let Happened::DeviceCommand { by, line } = &fact.kind else { return Weight::Other };
        let is_meant = match &self.by {
            Some(wanted) => wanted == by,
            None => by != "console" && !by.starts_with("EEM:"),
        };
        if !is_on(fact, &self.device) || !is_meant {
            return Weight::Other;
        }
        match &self.matches {
            Some(matches) if !matches.is_match(line) => {
                let distance = alike::distance(matches.as_str(), line);
                Weight::Near { distance, text: format!("{by} ran `{line}`") }
            }
            Some(_) | None => Weight::Match,
        }
    }
}
