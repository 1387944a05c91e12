//! `sessions = { node, at-most }`: how many people and programs sit at a router's lines.

use std::collections::BTreeSet;
use std::sync::Arc;

use diagnostic::Diagnostic;
use diagnostic::table::Table;
use fact::{Fact, Kind as Happened};

use super::{Expectation, Kind, Tally, Weight, is_on, node};
use crate::Lab;
use crate::step::number;

pub(super) const KIND: Kind = Kind {
    word: "sessions",
    argument: "{ node, at-most }",
    short: None,
    help: "no more than so many sessions are logged in to the node; for `[[always]]`",
    example: r#"sessions = { node = "R1", at-most = 1 }"#,
    read,
};

/// The most that can be asked for.
const SESSIONS_MAX: u64 = 1_000;

#[derive(Clone, Debug)]
struct Sessions {
    node: String,
    at_most: u64,
    lines: BTreeSet<String>,
}

fn read(table: &mut Table, lab: &Lab, sink: &mut Vec<Diagnostic>) -> Option<Arc<dyn Expectation>> {
    let node = node(table, "node", lab, sink);
    table.require("at-most", sink);
    let at_most = number(table, "at-most", 0..=SESSIONS_MAX, sink);
    Some(Arc::new(Sessions { node: node?, at_most: at_most?, lines: BTreeSet::new() }))
}

impl Expectation for Sessions {
    fn describe(&self) -> String {
        format!("{} has at most {} sessions", self.node, self.at_most)
    }

    fn weigh(&self, _fact: &Fact) -> Weight {
        Weight::Other
    }

    fn tally(&self) -> Option<Box<dyn Tally>> {
        Some(Box::new(self.clone()))
    }
}

impl Tally for Sessions {
    fn observe(&mut self, fact: &Fact) -> bool {
        if !is_on(fact, &self.node) {
            return false;
        }
        match &fact.kind {
            Happened::Login { line: Some(line), .. } => self.lines.insert(line.clone()),
            Happened::SessionEnded { line, .. } => self.lines.remove(line),
            Happened::Reloading { .. } => !std::mem::take(&mut self.lines).is_empty(),
            // What else happened takes and frees no line.
            _ => false,
        }
    }

    fn holds(&self) -> bool {
        self.lines.len() as u64 <= self.at_most
    }

    fn text(&self) -> String {
        let lines: Vec<&str> = self.lines.iter().map(String::as_str).collect();
        format!("{} has {} sessions: {}", self.node, lines.len(), lines.join(", "))
    }

    fn is_state(&self) -> bool {
        true
    }
}
