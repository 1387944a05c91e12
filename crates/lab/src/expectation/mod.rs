//! What must follow: one file per kind, and one line here.
//!
//! A kind reads its table from a scenario and weighs facts: what is it, and if it is not, how near
//! does it come. Used by the scenario loader and by [`crate::Judge`]; it sees facts alone, so it
//! judges a live run as it judges a virtual one.

mod action;
mod alike;
mod applet;
mod commands;
mod fields;
mod ingress;
mod job;
mod latency;
mod mail;
mod neighbor;
mod rule;
mod sessions;
mod state;
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
pub(crate) const KINDS: &[&Kind] = &[
    &syslog::KIND,
    &applet::KIND,
    &webhook::KIND,
    &mail::KIND,
    &ingress::KIND,
    &rule::KIND,
    &job::KIND,
    &action::KIND,
    &commands::KIND,
    &sessions::KIND,
    &state::KIND,
    &neighbor::KIND,
    &latency::KIND,
];

/// One kind of expectation.
#[derive(Debug)]
pub(crate) struct Kind {
    /// The key in a scenario.
    pub(crate) word: &'static str,
    /// What stands behind it, for people: `{ node, pattern }`.
    pub(crate) argument: &'static str,
    /// The key of its table for which a string may stand alone.
    pub(crate) short: Option<&'static str>,
    /// When it is met, in one line.
    pub(crate) help: &'static str,
    /// A line of a scenario of three routers; a test loads it.
    pub(crate) example: &'static str,
    /// Reads what stands under it.
    read: Reader,
}

/// Reads what a kind needs of its table; the caller has taken `count` and finishes it.
type Reader = fn(&mut Table, &Lab, &mut Vec<Diagnostic>) -> Option<Arc<dyn Expectation>>;

/// In which of a scenario's lists an expectation stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Sense {
    /// `[[expect]]`: it comes in its time.
    Expect,
    /// `[[never]]`: it does not come, from the start of the run to its end.
    Never,
    /// `[[always]]`: it holds, from the start of the run to its end.
    Always,
}

impl Sense {
    /// The keys of the lists.
    pub(crate) const KEYS: [(&'static str, Sense); 3] =
        [("expect", Sense::Expect), ("never", Sense::Never), ("always", Sense::Always)];
}

/// From when on an expectation is waited for.
#[derive(Clone, Debug)]
pub(crate) enum Anchor {
    /// The start of the run.
    Start,
    /// The last occurrence of the step of this place.
    Step(u32),
    /// The moment at which the expectation of this index is met.
    Expectation(usize),
    /// That of a step or expectation of this name: only until the scenario is read.
    Name(Spanned<String>),
}

/// One expectation of a scenario.
#[derive(Clone, Debug)]
pub(crate) struct Expected {
    /// How a step or another expectation can refer to it.
    pub(crate) name: Option<Arc<str>>,
    /// Whether it must come, or must not, or must hold.
    pub(crate) sense: Sense,
    /// What is waited for.
    pub(crate) what: Arc<dyn Expectation>,
    /// How often.
    pub(crate) count: Count,
    /// From when on.
    pub(crate) anchor: Anchor,
    /// For how long; `None` is to the end of the run.
    pub(crate) within: Option<Duration>,
    /// Where it stands.
    pub(crate) span: Range<usize>,
    /// In which file.
    pub(crate) source: Arc<Source>,
}

/// How often something must happen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Count {
    /// At least so often.
    pub(crate) min: u64,
    /// At most so often; `None` for any number, so that the last one needed ends the wait.
    pub(crate) max: Option<u64>,
}

impl Count {
    const ONCE_OR_MORE: Count = Count { min: 1, max: None };
    const NEVER: Count = Count { min: 0, max: Some(0) };

    fn exactly(count: u64) -> Count {
        Count { min: count, max: Some(count) }
    }
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

    /// What keeps count, for what no single fact can decide.
    fn tally(&self) -> Option<Box<dyn Tally>> {
        None
    }
}

/// What is known so far of something that no single fact decides: a state, a percentile.
pub(crate) trait Tally: Debug + Send {
    /// Takes one fact into account; says whether that may have changed anything.
    fn observe(&mut self, fact: &Fact) -> bool;

    /// Whether it is as expected, by what is known.
    fn holds(&self) -> bool;

    /// What it is: ``R1 GigabitEthernet1 has oper-status `down` ``.
    fn text(&self) -> String;

    /// Whether it is a state, which holds or not at each moment; else it is judged at the end.
    fn is_state(&self) -> bool;
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
        sense: Sense,
        lab: &Lab,
        sink: &mut Vec<Diagnostic>,
    ) -> Option<(Arc<dyn Expectation>, Count)> {
        let span = table.span();
        let source = Arc::clone(table.source());
        let counts = ["count", "count-min", "count-max"];
        let counted = counts.into_iter().find_map(|key| table.key_span(key));
        let [exact, min, max] = counts.map(|key| table.number(key, sink).map(|n| n.value));
        let what = (self.read)(&mut table, lab, sink);
        table.finish(sink);
        let what = what?;
        let is_counted = what.tally().is_none() && sense == Sense::Expect;
        if let Some(span) = counted.filter(|_| !is_counted) {
            let message = format!("nothing is counted of `{}` here", self.word);
            sink.push(Diagnostic::error("SIM007", message, &source, span));
        }
        if sense == Sense::Always && !what.tally().is_some_and(|tally| tally.is_state()) {
            let message = format!("`{}` happens, and does not hold", self.word);
            let label = "`[[always]]` is for what holds: `state`, `sessions`";
            sink.push(Diagnostic::error("SIM007", message, &source, span).label(label));
            return None;
        }
        let count = match (what.is_absence() || sense == Sense::Never, exact, min, max) {
            (true, ..) => Count::NEVER,
            (false, Some(count), ..) => Count::exactly(count),
            (false, None, None, None) => Count::ONCE_OR_MORE,
            (false, None, min, max) => Count { min: min.unwrap_or(u64::from(max.is_none())), max },
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
    let source = Arc::clone(table.source());
    Some(known_node(name, &source, lab, sink))
}

/// Says so if a name is none of the topology's.
fn known_node(
    name: Spanned<String>,
    source: &Arc<Source>,
    lab: &Lab,
    sink: &mut Vec<Diagnostic>,
) -> String {
    if !lab.all_names().any(|known| known == name.value) && !lab.unsure.about_nodes() {
        let message = format!("unknown node `{}`", name.value);
        let known: Vec<&str> = lab.all_names().collect();
        sink.push(
            Diagnostic::error("SIM010", message, source, name.span.clone())
                .label(format!("the topology has {}", known.join(", ")))
                .did_you_mean(&name.value, known),
        );
    }
    name.value
}

/// The same, of a key that may be absent.
fn maybe_node(
    table: &mut Table,
    key: &'static str,
    lab: &Lab,
    sink: &mut Vec<Diagnostic>,
) -> Option<String> {
    let name = table.text(key, sink)?;
    let source = Arc::clone(table.source());
    Some(known_node(name, &source, lab, sink))
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
