//! What must follow: one file per kind, and one line here.
//!
//! A kind reads its table from a scenario and weighs facts: what is it, and if it is not, how near
//! does it come. Used by the scenario loader and by [`crate::Judge`]; it sees facts alone, so it
//! judges a live run as it judges a virtual one.

mod action;
mod alike;
mod applet;
mod fields;
mod syslog;
mod webhook;

use std::fmt::Debug;
use std::ops::Range;
use std::sync::Arc;

use diagnostic::table::Table;
use diagnostic::{Diagnostic, Source, Spanned};
use fact::Fact;
use regex::Regex;
use simtime::Duration;

use crate::Lab;

/// Every kind, in the order in which help lists them.
pub(crate) const KINDS: &[&Kind] = &[&syslog::KIND, &applet::KIND, &webhook::KIND, &action::KIND];

/// One kind of expectation.
#[derive(Debug)]
pub(crate) struct Kind {
    /// The key in a scenario.
    pub(crate) word: &'static str,
    /// Reads what stands under it.
    read: Reader,
}

/// Reads what a kind needs of its table; the caller has taken `count` and finishes it.
type Reader = fn(&mut Table, &Lab, &mut Vec<Diagnostic>) -> Option<Arc<dyn Expectation>>;

/// One expectation of a scenario.
#[derive(Clone, Debug)]
pub(crate) struct Expected {
    /// What is waited for.
    pub(crate) what: Arc<dyn Expectation>,
    /// How often.
    pub(crate) count: Count,
    /// From when on, after the start of the run.
    pub(crate) from: Duration,
    /// For how long.
    pub(crate) within: Duration,
    /// Where it stands.
    pub(crate) span: Range<usize>,
    /// In which file.
    pub(crate) source: Arc<Source>,
}

/// How often something must happen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Count {
    /// At least once: met as soon as it happens.
    Some,
    /// Exactly so often: known only at the end of its time, unless it is too often.
    Exactly(u64),
}

/// Something that can be waited for.
pub(crate) trait Expectation: Debug + Send + Sync {
    /// What it is, in one line: ``R1 logs `LINK-5-CHANGED` ``.
    fn describe(&self) -> String;

    /// Whether a fact is what is waited for, or how near it comes.
    fn weigh(&self, fact: &Fact) -> Weight;

    /// Whether what is waited for is that something does not happen.
    fn is_absence(&self) -> bool {
        false
    }

    /// Whether only a listener's facts can meet it.
    fn is_of_the_listener(&self) -> bool {
        false
    }
}

/// What a fact is to an expectation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Weight {
    /// It is what was waited for.
    Match,
    /// It is not, but it is of interest: the smaller the distance, the nearer.
    Near {
        /// Compared within one expectation only.
        distance: u32,
        /// What it is, and in what it differs.
        text: String,
    },
    /// It has nothing to do with it.
    Other,
}

impl Kind {
    pub(crate) fn read(
        &self,
        mut table: Table,
        lab: &Lab,
        sink: &mut Vec<Diagnostic>,
    ) -> Option<(Arc<dyn Expectation>, Count)> {
        let count = table.number("count", sink);
        let what = (self.read)(&mut table, lab, sink);
        table.finish(sink);
        let what = what?;
        let count = match (what.is_absence(), count) {
            (true, _) => Count::Exactly(0),
            (false, Some(count)) => Count::Exactly(count.value),
            (false, None) => Count::Some,
        };
        Some((what, count))
    }
}

/// Reads a key that names a node of the topology, virtual or real.
fn node(
    table: &mut Table,
    key: &'static str,
    lab: &Lab,
    sink: &mut Vec<Diagnostic>,
) -> Option<String> {
    table.require(key, sink);
    let name = table.text(key, sink)?;
    if !lab.all_names().any(|known| known == name.value) && !lab.unsure.about_nodes() {
        let message = format!("unknown node `{}`", name.value);
        let known: Vec<&str> = lab.all_names().collect();
        sink.push(
            Diagnostic::error("SIM010", message, table.source(), name.span.clone())
                .label(format!("the topology has {}", known.join(", ")))
                .did_you_mean(&name.value, known),
        );
    }
    Some(name.value)
}

/// Reads a key that holds a regular expression.
fn pattern(table: &mut Table, key: &'static str, sink: &mut Vec<Diagnostic>) -> Option<Regex> {
    let text: Spanned<String> = table.text(key, sink)?;
    match Regex::new(&text.value) {
        Ok(regex) => Some(regex),
        Err(error) => {
            let message = format!("`{}` is no regular expression", text.value);
            // The last line says what is wrong; those before it draw the pattern once more.
            let reason = error.to_string();
            let reason = reason.lines().last().unwrap_or_default().trim();
            let reason = reason.strip_prefix("error: ").unwrap_or(reason).to_owned();
            sink.push(
                Diagnostic::error("SIM014", message, table.source(), text.span).label(reason),
            );
            None
        }
    }
}

/// Whether a fact is about this node.
fn is_on(fact: &Fact, node: &str) -> bool {
    fact.node.as_deref() == Some(node)
}

/// The node of a fact, for a sentence.
fn node_of(fact: &Fact) -> &str {
    fact.node.as_deref().unwrap_or("somebody")
}
