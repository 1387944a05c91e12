//! How one run is told: its lines for people, its document for programs.
//!
//! Called by the report. Every word comes from the run; texts of files and devices are made
//! printable.

use std::path::Path;
use std::time::Duration;

use anstyle::Style;
use diagnostic::Diagnostic;
use host::check::count;
use host::message::{DIM, ERROR, SUCCESS, WARNING};
use host::text::printable;
use lab::Verdict;
use serde_json::{Value, json};
use simtime::Time;
use simulator::report::human::Timeline;

use super::plan::Case;
use super::trial::{Tally, Trial};

/// The width of the verb, so that all lines align.
const VERB_COLUMNS: usize = 12;

/// The place of a run among all.
#[derive(Clone, Copy, Debug)]
pub(super) struct Counter {
    pub(super) nth: usize,
    pub(super) of: usize,
}

/// A verb in its column.
pub(super) fn verb(style: Style, verb: &str) -> String {
    format!("{style}{verb:>VERB_COLUMNS$}{style:#}")
}

/// `PASS  [   5.002s in 0.014s] ( 1/12)  link flap · seed 0x1`
pub(super) fn trial(trial: &Trial, took: Duration, counter: Counter) -> String {
    let (style, word) = if trial.verdict.passed { (SUCCESS, "PASS") } else { (ERROR, "FAIL") };
    let simulated = trial.lasted.as_millis();
    let (seconds, millis) = (simulated / 1_000, simulated % 1_000);
    format!(
        "{}  {DIM}[{seconds:>4}.{millis:03}s in {:.3}s]{DIM:#} {}{}{}",
        verb(style, word),
        took.as_secs_f64(),
        counter.text(),
        printable(&trial.name),
        seed(trial, counter),
    )
}

/// A run that could not be.
pub(super) fn broken(case: &Case, took: Duration, counter: Counter) -> String {
    format!(
        "{}  {DIM}[    -.---s in {:.3}s]{DIM:#} {}{}",
        verb(ERROR, "ERROR"),
        took.as_secs_f64(),
        counter.text(),
        printable(&case.path.display().to_string()),
    )
}

/// The line of its trace.
pub(super) fn trace(trial: &Trial) -> String {
    let hash = trial.hash.to_string();
    let file = trial.trace.as_ref().map(|path| format!("  {}", path.display()));
    format!(
        "{}  {}, {}…{}, seed {:#x}{}",
        verb(SUCCESS, "Trace"),
        count(trial.tally.lines as usize, "line"),
        &hash[..12],
        &hash[hash.len() - 4..],
        trial.seed,
        printable(&file.unwrap_or_default()),
    )
}

/// What happened in it: `1 fault, 4 messages, 1 applet, 1 webhook, 2 commands`.
pub(super) fn tally(tally: &Tally) -> String {
    let kinds = [
        (tally.faults, "fault"),
        (tally.messages, "message"),
        (tally.applets, "applet"),
        (tally.webhooks, "webhook"),
        (tally.commands, "command"),
    ];
    let told = kinds.into_iter().filter(|(number, _)| *number > 0);
    let told: Vec<String> = told.map(|(number, what)| count(number as usize, what)).collect();
    if told.is_empty() { "nothing happened".to_owned() } else { told.join(", ") }
}

/// The command line that runs it again.
pub(super) fn reproduce(path: &Path, trial: &Trial) -> String {
    let path = quoted(&path.display().to_string());
    let set = trial.parameters.iter();
    let set: String =
        set.map(|(name, value)| format!("--set {} ", quoted(&format!("{name}={value}")))).collect();
    format!("ednm test --seed {:#x} {set}{path}", trial.seed)
}

/// `SIM020 not met: ... (scenarios/a.toml:7:1)`
pub(super) fn one_line(diagnostic: &Diagnostic) -> String {
    let Diagnostic { code, message, source, span, .. } = diagnostic;
    let (line, column) = source.line_column(span.start);
    format!("{code} {message} ({}:{line}:{column})", source.name)
}

/// Of how many expectations of a run what happened around them is told.
const AROUND_MAX: usize = 3;

/// What happened last before each failure, as a timeline; what several share is told once.
pub(super) fn around(verdict: &Verdict) -> Vec<String> {
    let mut lines = Vec::new();
    let mut told: Vec<Option<Time>> = Vec::new();
    for outcome in verdict.expectations.iter().filter(|outcome| !outcome.context.is_empty()) {
        let last = outcome.context.last().map(|fact| fact.at);
        if told.contains(&last) || told.len() == AROUND_MAX {
            continue;
        }
        told.push(last);
        let mut timeline = Timeline::new(verdict.start);
        let (line, _) = outcome.source.line_column(outcome.span.start);
        let place = format!("{}:{line}", outcome.source.name);
        lines.push(format!("{}  the end of {}", verb(DIM, "Around"), printable(&place)));
        lines.extend(outcome.context.iter().filter_map(|fact| timeline.line(fact)));
    }
    lines
}

/// The run as data.
pub(super) fn document(path: &Path, trial: &Trial) -> Value {
    let expectations = trial.verdict.expectations.iter().map(|outcome| {
        json!({
            "text": outcome.text,
            "state": outcome.state.to_string(),
            "nearest": outcome.nearest,
            "around": outcome.context,
        })
    });
    let diagnostics = trial.verdict.diagnostics();
    json!({
        "path": path.display().to_string(),
        "scenario": trial.name,
        "seed": trial.seed,
        "verdict": if trial.verdict.passed { "passed" } else { "failed" },
        "lasted_ms": trial.lasted.as_millis(),
        "trace": {
            "hash": trial.hash.to_string(),
            "lines": trial.tally.lines,
            "file": trial.trace.as_ref().map(|path| path.display().to_string()),
        },
        "expectations": expectations.collect::<Vec<_>>(),
        "failures": diagnostics.iter().map(one_line).collect::<Vec<_>>(),
        "reproduce": (!trial.verdict.passed).then(|| reproduce(path, trial)),
        "refused": trial.refused,
    })
}

impl Counter {
    /// `( 7/100)  `; nothing for one alone.
    fn text(self) -> String {
        match self.of {
            0 | 1 => String::new(),
            of => format!("({:>width$}/{of})  ", self.nth, width = of.to_string().len()),
        }
    }
}

fn seed(trial: &Trial, counter: Counter) -> String {
    if counter.of > 1 { format!(" · seed {:#x}", trial.seed) } else { String::new() }
}

/// The path as a shell takes it.
fn quoted(path: &str) -> String {
    let plain = |c: char| c.is_alphanumeric() || "/._-+,@%=:".contains(c);
    match path.chars().all(plain) {
        true => path.to_owned(),
        false => format!("'{}'", path.replace('\'', "'\\''")),
    }
}

/// The verb of an interruption.
pub(super) fn interrupted(told: usize, of: usize) -> String {
    format!("{}  {told} of {} told of", verb(WARNING, "Interrupted"), count(of, "run"))
}
