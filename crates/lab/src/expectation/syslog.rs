//! `syslog = { node, pattern, count }`: the router logs a message.

use std::sync::Arc;

use diagnostic::Diagnostic;
use diagnostic::table::Table;
use fact::Fact;
use regex::Regex;

use super::{Expectation, Kind, Weight, alike, is_on, node, pattern};
use crate::Lab;

pub(super) const KIND: Kind = Kind {
    word: "syslog",
    argument: "{ node, pattern }",
    short: None,
    help: "the node logs a message that the regular expression finds",
    example: r#"syslog = { node = "R1", pattern = "LINK-5-CHANGED" }"#,
    read,
};

/// Added to the distance of another router's line: it comes after each of the router's own.
const OTHER_NODE: u32 = 2_000;

#[derive(Debug)]
struct Syslog {
    node: String,
    pattern: Regex,
}

fn read(table: &mut Table, lab: &Lab, sink: &mut Vec<Diagnostic>) -> Option<Arc<dyn Expectation>> {
    let node = node(table, "node", lab, sink);
    table.require("pattern", sink);
    let pattern = pattern(table, "pattern", sink);
    Some(Arc::new(Syslog { node: node?, pattern: pattern? }))
}

impl Expectation for Syslog {
    fn describe(&self) -> String {
        format!("{} logs `{}`", self.node, self.pattern)
    }

    fn weigh(&self, fact: &Fact) -> Weight {
        let fact::Kind::Syslog { message, .. } = &fact.kind else { return Weight::Other };
        let same_node = is_on(fact, &self.node);
        let distance = alike::distance(self.pattern.as_str(), message);
        match (same_node, self.pattern.is_match(message)) {
            (true, true) => Weight::Match,
            (true, false) => {
                Weight::Near { distance, text: format!("{} logged `{message}`", self.node) }
            }
            (false, _) => {
                let who = super::node_of(fact);
                let text = format!("{who} logged `{message}`");
                Weight::Near { distance: OTHER_NODE + distance, text }
            }
        }
    }
}
