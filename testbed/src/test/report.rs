//! How verdicts are told: a line per scenario and a summary, or one JSON document.

use std::path::Path;
use std::time::Duration;

use host::message::{DIM, ERROR, SUCCESS};
use host::text::printable;
use host::{ExpectedError, message};
use serde_json::{Value, json};

use super::Trial;

/// The width of the verb, so that all lines align.
const VERB_COLUMNS: usize = 12;

/// The report of a run of scenarios.
#[derive(Debug)]
pub(super) struct Report {
    json: Option<Vec<Value>>,
    passed: u64,
    failed: u64,
}

impl Report {
    pub(super) fn new(json: bool) -> Self {
        Report { json: json.then(Vec::new), passed: 0, failed: 0 }
    }

    /// Tells of one scenario.
    pub(super) fn trial(
        &mut self,
        path: &Path,
        trial: &Trial,
        took: Duration,
    ) -> Result<(), ExpectedError> {
        let passed = trial.verdict.passed;
        *(if passed { &mut self.passed } else { &mut self.failed }) += 1;
        match &mut self.json {
            Some(documents) => documents.push(document(path, trial)),
            None => message::data(&tell(path, trial, took))?,
        }
        message::diagnostics(&trial.verdict.diagnostics());
        for url in &trial.refused {
            let url = printable(url);
            message::warning(&format!("`{url}` was refused: nothing in virtual time answers it"));
        }
        Ok(())
    }

    /// The summary, and what the program ends in.
    pub(super) fn finish(self) -> Result<(), ExpectedError> {
        let (passed, failed) = (self.passed, self.failed);
        match self.json {
            Some(trials) => {
                let all = json!({ "passed": passed, "failed": failed, "scenarios": trials });
                message::data(&all.to_string())?;
            }
            None => {
                let style = if failed == 0 { SUCCESS } else { ERROR };
                let noun = if passed + failed == 1 { "scenario" } else { "scenarios" };
                let mut counts = format!("{passed} passed");
                if failed > 0 {
                    counts.push_str(&format!(", {failed} failed"));
                }
                let ran = passed + failed;
                let verb = format!("{style}{:>VERB_COLUMNS$}{style:#}", "Summary");
                message::data(&format!("────────────\n{verb}  {ran} {noun}: {counts}"))?;
            }
        }
        if failed == 0 { Ok(()) } else { Err(ExpectedError::AnsweredNo) }
    }
}

/// The lines of one scenario.
fn tell(path: &Path, trial: &Trial, took: Duration) -> String {
    let (style, verb) = if trial.verdict.passed { (SUCCESS, "PASS") } else { (ERROR, "FAIL") };
    let simulated = trial.lasted.as_millis();
    let (seconds, millis) = (simulated / 1_000, simulated % 1_000);
    let took = took.as_secs_f64();
    let mut text = format!(
        "{style}{verb:>VERB_COLUMNS$}{style:#}  {DIM}[{seconds:>4}.{millis:03}s in {took:.3}s]\
         {DIM:#}  {}\n",
        printable(&trial.name),
    );
    let hash = trial.hash.to_string();
    let lines = trial.facts.len();
    let seed = trial.seed;
    text.push_str(&format!(
        "{SUCCESS}{:>VERB_COLUMNS$}{SUCCESS:#}  {lines} lines, {}…{}, seed {seed:#x}",
        "Trace",
        &hash[..12],
        &hash[hash.len() - 4..],
    ));
    if !trial.verdict.passed {
        let path = path.display();
        text.push_str(&format!("\n   reproduce: ednm test --seed {seed:#x} {path}"));
    }
    text
}

fn document(path: &Path, trial: &Trial) -> Value {
    let expectations = trial.verdict.expectations.iter().map(|outcome| {
        json!({
            "text": outcome.text,
            "state": outcome.state.to_string(),
            "nearest": outcome.nearest,
        })
    });
    json!({
        "path": path.display().to_string(),
        "scenario": trial.name,
        "seed": trial.seed,
        "verdict": if trial.verdict.passed { "passed" } else { "failed" },
        "lasted_ms": trial.lasted.as_millis(),
        "trace": { "hash": trial.hash.to_string(), "lines": trial.facts.len() },
        "expectations": expectations.collect::<Vec<_>>(),
        "refused": trial.refused,
    })
}
