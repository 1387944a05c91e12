//! What came of a scenario: a summary for people, a document for programs.
//!
//! Printed at the end of `simulator run`.

use std::fmt::Write as _;

use host::message::{ERROR, SUCCESS};
use lab::{State, Verdict};
use serde::Serialize;
use simtime::Time;

/// A run that is over.
#[derive(Clone, Copy, Debug)]
pub struct Report<'a> {
    /// The scenario's name.
    pub scenario: &'a str,
    /// The seed of the lab.
    pub seed: u64,
    /// When it started.
    pub start: Time,
    /// When it was judged.
    pub end: Time,
    /// Whether it passed.
    pub passed: bool,
    /// What became of each expectation.
    pub verdict: &'a Verdict,
}

#[derive(Serialize)]
struct Document<'a> {
    scenario: &'a str,
    seed: u64,
    verdict: &'static str,
    expectations: Vec<Expectation<'a>>,
}

#[derive(Serialize)]
struct Expectation<'a> {
    text: &'a str,
    state: &'static str,
    /// Milliseconds from the start.
    at_ms: Option<u64>,
    nearest: Option<&'a str>,
}

impl Report<'_> {
    /// One JSON document.
    pub fn to_json(&self) -> String {
        let expectations = self.verdict.expectations.iter().map(|outcome| Expectation {
            text: &outcome.text,
            state: word(outcome.state),
            at_ms: match outcome.state {
                State::Met { at } => Some(at.since(self.start).as_millis()),
                State::NotMet | State::NotObserved => None,
            },
            nearest: outcome.nearest.as_deref(),
        });
        let document = Document {
            scenario: self.scenario,
            seed: self.seed,
            verdict: if self.passed { "passed" } else { "failed" },
            expectations: expectations.collect(),
        };
        serde_json::to_string(&document).expect("its keys are all strings")
    }

    /// A rule and one line, rare counts only when they are not zero.
    pub fn to_text(&self) -> String {
        let (style, verb) = if self.passed { (SUCCESS, "Passed") } else { (ERROR, "Failed") };
        let millis = self.end.since(self.start).as_millis();
        let (seconds, millis) = (millis / 1_000, millis % 1_000);
        let total = self.verdict.expectations.len();
        let mut text = format!("{}\n", "─".repeat(12));
        write!(text, "{style}{verb:>12}{style:#}  [{seconds:>4}.{millis:03}s]  ")
            .expect("a String takes text");
        let name = host::text::printable(self.scenario);
        let plural = if total == 1 { "" } else { "s" };
        write!(text, "{name}: {total} expectation{plural}").expect("a String takes text");
        let counts = ["met", "not met", "not observed"].map(|what| (what, self.count(what)));
        let counts = counts.iter().filter(|(_, count)| *count > 0);
        let counts: Vec<String> = counts.map(|(what, count)| format!("{count} {what}")).collect();
        if !counts.is_empty() {
            write!(text, ": {}", counts.join(", ")).expect("a String takes text");
        }
        text
    }

    fn count(&self, what: &str) -> usize {
        let words = self.verdict.expectations.iter().map(|outcome| word(outcome.state));
        words.filter(|word| *word == what).count()
    }
}

fn word(state: State) -> &'static str {
    match state {
        State::Met { .. } => "met",
        State::NotMet => "not met",
        State::NotObserved => "not observed",
    }
}
