//! `webhook = { node, event, ..., count }`: the router sends a webhook with these body fields.
//!
//! Each delivery counts once, however often it is tried. `node` and `count` are ours; a body's own
//! fields of these names go into `body = { ... }`, as any other field may.

use std::sync::Arc;

use diagnostic::Diagnostic;
use diagnostic::table::Table;
use fact::{Fact, Kind as Happened};

use super::fields::Fields;
use super::{Expectation, Kind, Weight, is_on, node, node_of};
use crate::Lab;

pub(super) const KIND: Kind = Kind {
    word: "webhook",
    argument: "{ node, event, ... }",
    short: None,
    help: "the node sends a body with these fields; any field of the body may be named, one of \
           ours (`node`, `count`) within `body = { ... }`",
    example: r#"webhook = { node = "R1", event = "InterfaceDown", count = 1 }"#,
    read,
};

/// Added to the distance of another router's webhook: worse than any number of wrong fields.
const OTHER_NODE: u32 = 100;
/// The distance of a body that is no JSON at all.
const NO_JSON: u32 = 50;
/// The distances of what should have led to a webhook.
const APPLET: u32 = 1_000;
const SYSLOG: u32 = 2_000;

#[derive(Debug)]
struct Webhook {
    node: String,
    fields: Fields,
}

fn read(table: &mut Table, lab: &Lab, sink: &mut Vec<Diagnostic>) -> Option<Arc<dyn Expectation>> {
    let node = node(table, "node", lab, sink);
    let body = table.table("body", sink);
    let mut fields = table.take_entries();
    fields.extend(body.map(Table::into_entries).unwrap_or_default());
    Some(Arc::new(Webhook { node: node?, fields: Fields(fields) }))
}

impl Expectation for Webhook {
    fn describe(&self) -> String {
        match self.fields.0.is_empty() {
            true => format!("{} sends a webhook", self.node),
            false => format!("{} sends a webhook with {}", self.node, self.fields.describe()),
        }
    }

    fn weigh(&self, fact: &Fact) -> Weight {
        let near = |distance, text| Weight::Near { distance, text };
        let who = node_of(fact);
        let same_node = is_on(fact, &self.node);
        match &fact.kind {
            Happened::WebhookSent { attempt: 1, body, .. } => self.weigh_body(fact, body),
            Happened::AppletFinished { applet, result } if same_node => {
                near(APPLET, format!("applet `{applet}` ran on {who}: {result}"))
            }
            Happened::Syslog { message, .. } if same_node => {
                near(SYSLOG, format!("{who} logged `{message}` and sent nothing"))
            }
            // What else happened does not lead to a webhook.
            _ => Weight::Other,
        }
    }
}

impl Webhook {
    fn weigh_body(&self, fact: &Fact, body: &str) -> Weight {
        let who = node_of(fact);
        let elsewhere = if is_on(fact, &self.node) { 0 } else { OTHER_NODE };
        let (distance, differs) = match serde_json::from_str(body) {
            Ok(json) => {
                let differs = self.fields.differences(&json);
                (u32::try_from(differs.len()).unwrap_or(NO_JSON), differs.join(", "))
            }
            Err(_) if self.fields.0.is_empty() => (0, String::new()),
            Err(error) => (NO_JSON, format!("the body is no JSON: {error}")),
        };
        if distance + elsewhere == 0 {
            return Weight::Match;
        }
        let differs = if differs.is_empty() { differs } else { format!(": {differs}") };
        let text = format!("{who} sent `{}`{differs}", shorten(body));
        Weight::Near { distance: distance + elsewhere, text }
    }
}

/// The longest part of a body that a message repeats, in characters.
const BODY_CHARS_MAX: usize = 200;

fn shorten(body: &str) -> String {
    match body.char_indices().nth(BODY_CHARS_MAX) {
        Some((end, _)) => format!("{}...", &body[..end]),
        None => body.to_owned(),
    }
}
