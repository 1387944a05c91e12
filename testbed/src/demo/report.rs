//! What the demo says at its start and end: for people a summary, for programs one document.

use std::fmt::Write as _;

use host::message::{DIM, ERROR, HINT, SUCCESS};
use host::text::printable;
use indexmap::IndexMap;
use lab::{State, Verdict};
use serde::Serialize;

use super::Watch;
use crate::live::Live;
use crate::loops::{Command, Loop};

/// All that the end of a demo is told from.
pub(super) struct Ending<'a> {
    pub(super) scenario: &'a str,
    pub(super) seed: u64,
    pub(super) verdict: &'a Verdict,
    pub(super) watch: &'a Watch,
}

#[derive(Serialize)]
struct Document<'a> {
    scenario: &'a str,
    seed: u64,
    verdict: &'static str,
    lost: usize,
    duplicates: u64,
    loops: Vec<LoopDocument<'a>>,
}

#[derive(Serialize)]
struct LoopDocument<'a> {
    event_id: Option<&'a str>,
    device: &'a str,
    interface: Option<&'a str>,
    event: Option<&'a str>,
    /// Milliseconds since the fault.
    stages: IndexMap<&'static str, f64>,
    commands: &'a [Command],
}

impl Ending<'_> {
    fn passed(&self) -> bool {
        self.watch.problem(self.verdict).is_none()
    }

    /// The JSON document of `--json`.
    pub(super) fn to_json(&self) -> String {
        let document = Document {
            scenario: self.scenario,
            seed: self.seed,
            verdict: if self.passed() { "passed" } else { "failed" },
            lost: self.watch.loops.lost(),
            duplicates: self.watch.loops.duplicates,
            loops: self.watch.loops.iter().map(describe).collect(),
        };
        serde_json::to_string_pretty(&document).expect("its keys are all strings")
    }

    /// The summary for a person: the proof, each stage's milliseconds, one line of figures.
    pub(super) fn to_text(&self) -> String {
        let mut text = String::new();
        for one in self.watch.loops.iter() {
            write_loop(&mut text, one);
        }
        for outcome in self.verdict.expectations.iter().filter(|e| e.state == State::NotMet) {
            let _ = writeln!(text, "{ERROR}not met{ERROR:#}: {}", outcome.text);
            if let Some(nearest) = &outcome.nearest {
                let _ = writeln!(text, "    nearest: {}", printable(nearest));
            }
        }
        let loops = self.watch.loops.iter().filter(|one| one.is_closed()).count();
        let (style, word) = if self.passed() { (SUCCESS, "passed") } else { (ERROR, "failed") };
        let _ = write!(
            text,
            "{style}{word}{style:#}: `{}`, seed {}: {loops} {}, {} lost, {} {}",
            printable(self.scenario),
            self.seed,
            plural(loops as u64, "loop", "loops"),
            self.watch.loops.lost(),
            self.watch.loops.duplicates,
            plural(self.watch.loops.duplicates, "duplicate", "duplicates"),
        );
        text
    }
}

/// The first lines: what runs where.
pub(super) fn opening(live: &Live, scenario: &str) -> String {
    let names: Vec<&str> = live.lab.nodes().iter().map(|node| node.name.as_str()).collect();
    format!(
        "{SUCCESS}{:>12}{SUCCESS:#}  {} with SSH on loopback, the listener on http://{}\n\
         {SUCCESS}{:>12}{SUCCESS:#}  scenario `{}`",
        "Started",
        names.join(", "),
        live.address,
        "Playing",
        printable(scenario),
    )
}

/// Why a loop is not closed, by the name of its stage.
pub(super) fn stuck(one: &Loop, bound_ms: u64) -> String {
    let seconds = bound_ms / 1_000;
    match (one.missing(), one.stages().last()) {
        (Some(stage), Some((last, _))) => {
            format!("the stage `{stage}` did not come within {seconds} s after `{last}`")
        }
        (Some(stage), None) => format!("the stage `{stage}` did not come within {seconds} s"),
        (None, _) => format!("the last command was answered, but its job did not end: {one:?}"),
    }
}

fn describe(one: &Loop) -> LoopDocument<'_> {
    let millis = |(stage, span): (&'static str, simtime::Duration)| {
        (stage, span.as_micros() as f64 / 1_000.0)
    };
    LoopDocument {
        event_id: one.event_id.as_deref(),
        device: &one.device,
        interface: one.interface.as_deref(),
        event: one.event.as_deref(),
        stages: one.stages().map(millis).collect(),
        commands: &one.commands,
    }
}

fn write_loop(text: &mut String, one: &Loop) {
    if let Some((command, lines)) = proof(one) {
        let _ = writeln!(text, "\n{HINT}{}{HINT:#} on {}", printable(command), one.device);
        for line in lines {
            let _ = writeln!(text, "    {}", printable(line));
        }
    }
    let _ = writeln!(text, "\n{:>14}  {DIM}ms since the fault{DIM:#}", "stage");
    for (stage, span) in one.stages() {
        let (whole, part) = (span.as_micros() / 1_000, span.as_micros() % 1_000);
        let _ = writeln!(text, "{stage:>14}  {whole:>7}.{part:03}");
    }
    text.push('\n');
}

/// The lines of an output that speak of the loop's interface in a table: its head and its row.
fn proof(one: &Loop) -> Option<(&str, Vec<&str>)> {
    let interface = one.interface.as_deref()?;
    one.commands.iter().find_map(|command| {
        let mut lines = command.output.lines().filter(|line| !line.trim().is_empty());
        let head = lines.next()?;
        let is_row = |line: &&str| line.split_whitespace().next() == Some(interface);
        let row = lines.find(is_row)?;
        Some((command.command.as_str(), vec![head, row]))
    })
}

fn plural(count: u64, one: &'static str, many: &'static str) -> &'static str {
    if count == 1 { one } else { many }
}
