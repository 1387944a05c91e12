//! `mail = { node, to, subject, body }`: an applet of the router sends a mail.

use std::sync::Arc;

use diagnostic::Diagnostic;
use diagnostic::table::Table;
use fact::Fact;
use regex::Regex;

use super::{Expectation, Kind, Weight, is_on, node, pattern};
use crate::Lab;

pub(super) const KIND: Kind = Kind {
    word: "mail",
    argument: "{ node, to, subject, body }",
    short: None,
    help: "an applet of the node sends a mail whose recipients, subject and text these regular \
           expressions find; each may be left out",
    example: r#"mail = { node = "R1", to = "noc@example.net", subject = "down" }"#,
    read,
};

/// The distances of what is no such mail: another router's, and a log message.
const OTHER_NODE: u32 = 100;
const SYSLOG: u32 = 2_000;

#[derive(Debug)]
struct Mail {
    node: String,
    /// The words of the scenario, and what they say of recipients, subject and text.
    parts: [(&'static str, Option<Regex>); 3],
}

fn read(table: &mut Table, lab: &Lab, sink: &mut Vec<Diagnostic>) -> Option<Arc<dyn Expectation>> {
    let node = node(table, "node", lab, sink);
    let parts = ["to", "subject", "body"].map(|key| (key, pattern(table, key, sink)));
    Some(Arc::new(Mail { node: node?, parts }))
}

impl Expectation for Mail {
    fn describe(&self) -> String {
        let mut text = format!("{} sends a mail", self.node);
        for (key, pattern) in &self.parts {
            pattern.iter().for_each(|pattern| text += &format!(", {key} `{pattern}`"));
        }
        text
    }

    fn weigh(&self, fact: &Fact) -> Weight {
        let same_node = is_on(fact, &self.node);
        let who = super::node_of(fact);
        match &fact.kind {
            fact::Kind::MailSent { to, subject, body, .. } => {
                let elsewhere = if same_node { 0 } else { OTHER_NODE };
                let differs = |((_, pattern), text): (&(_, Option<Regex>), &&String)| {
                    pattern.as_ref().is_some_and(|pattern| !pattern.is_match(text))
                };
                let to = &to.join(", ");
                let texts = [to, subject, body];
                let differing = self.parts.iter().zip(&texts).filter(|pair| differs(*pair)).count();
                match elsewhere + u32::try_from(differing).unwrap_or(OTHER_NODE) {
                    0 => Weight::Match,
                    distance => {
                        let text = format!("{who} sent a mail to {to}: `{subject}`");
                        Weight::Near { distance, text }
                    }
                }
            }
            fact::Kind::Syslog { message, .. } if same_node => {
                let text = format!("{who} logged `{message}` and sent no mail");
                Weight::Near { distance: SYSLOG, text }
            }
            // What else happened does not lead to a mail.
            _ => Weight::Other,
        }
    }
}
