//! The report of a run of scenarios: a line for each, a summary, the failures again; or one JSON
//! document. JUnit and annotations besides, if asked for.
//!
//! Told of one case after the other, in order. Verdicts go to standard output, all else to
//! standard error.

use std::collections::BTreeSet;
use std::future::Future;
use std::path::{Path, PathBuf};
use std::time::Instant;

use diagnostic::Diagnostic;
use host::message::ERROR;
use host::text::printable;
use host::{ExpectedError, message};
use serde_json::{Value, json};

use super::crew::Done;
use super::junit::Junit;
use super::plan::Case;
use super::summary::{self, Counts};
use super::tell::{self, Counter};
use super::trial::{Tally, Trial};
use super::{github, progress};
use crate::args::TestArgs;

/// Failures that are repeated at the end.
const REPEATED_MAX: usize = 50;

/// What has been told so far.
pub(super) struct Report {
    json: Option<Vec<Value>>,
    junit: Option<(PathBuf, Junit)>,
    github: bool,
    all: usize,
    counts: Counts,
    tally: Tally,
    paths: BTreeSet<PathBuf>,
    failures: Vec<Failure>,
    /// What could not be run: the mistakes of its files, once each.
    mistakes: Vec<Diagnostic>,
    other: Option<ExpectedError>,
    /// Warnings are told once, not with each seed.
    warned: BTreeSet<String>,
    start: Instant,
}

struct Failure {
    line: String,
    diagnostics: Vec<Diagnostic>,
    reproduce: String,
}

impl Report {
    pub(super) fn new(args: &TestArgs, all: usize) -> Self {
        let on_github = std::env::var("GITHUB_ACTIONS").is_ok_and(|value| value == "true");
        Report {
            json: args.format.is_json().then(Vec::new),
            junit: args.junit.clone().map(|path| (path, Junit::default())),
            github: args.github || on_github,
            all,
            counts: Counts::default(),
            tally: Tally::default(),
            paths: BTreeSet::new(),
            failures: Vec::new(),
            mistakes: Vec::new(),
            other: None,
            warned: BTreeSet::new(),
            start: Instant::now(),
        }
    }

    /// The first line of many.
    pub(super) fn starting(&self, jobs: usize) {
        if self.all > 1 && self.json.is_none() {
            let (runs, jobs) =
                (host::check::count(self.all, "run"), host::check::count(jobs, "job"));
            message::styled(&format!(
                "{}  {runs}, {jobs}",
                tell::verb(message::SUCCESS, "Starting")
            ));
        }
    }

    /// Waits for a case; says so when that takes long.
    pub(super) async fn while_waiting<T>(&self, case: &Case, work: impl Future<Output = T>) -> T {
        let what = format!("({}/{})  {}", self.counts.told() + 1, self.all, case.name);
        progress::while_waiting(self.start, &what, work).await
    }

    /// Tells of one case.
    pub(super) fn case(&mut self, case: &Case, done: Done) -> Result<(), ExpectedError> {
        self.paths.insert(case.path.clone());
        let counter = Counter { nth: self.counts.told() + 1, of: self.all };
        match done.trial {
            Ok(trial) => {
                if let Some((_, junit)) = &mut self.junit {
                    junit.trial(&case.path, &trial, done.took);
                }
                self.trial(&case.path, &trial, tell::trial(&trial, done.took, counter))
            }
            Err(error) => {
                if let Some((_, junit)) = &mut self.junit {
                    junit.broken(&case.path, &case.name, &error, done.took);
                }
                self.broken(error, tell::broken(case, done.took, counter))
            }
        }
    }

    fn trial(&mut self, path: &Path, trial: &Trial, line: String) -> Result<(), ExpectedError> {
        let passed = trial.verdict.passed;
        *(if passed { &mut self.counts.passed } else { &mut self.counts.failed }) += 1;
        self.tally.add(&trial.tally);
        self.warn(&trial.warnings);
        let mut text = line.clone();
        if self.all == 1 || !passed || trial.trace.is_some() {
            text.push_str(&format!("\n{}", tell::trace(trial)));
        }
        let diagnostics = trial.verdict.diagnostics();
        let reproduce = tell::reproduce(path, trial);
        if !passed {
            text.push_str(&format!("\n   reproduce: {reproduce}"));
            if self.github {
                github::annotate(&diagnostics);
            }
        }
        match &mut self.json {
            Some(documents) => documents.push(tell::document(path, trial)),
            None => message::data(&text)?,
        }
        message::diagnostics(&diagnostics);
        tell::around(&trial.verdict).iter().for_each(|line| message::styled(line));
        for url in &trial.refused {
            let url = printable(url);
            message::warning(&format!("`{url}` was refused: nothing in virtual time answers it"));
        }
        if !passed && self.failures.len() < REPEATED_MAX {
            self.failures.push(Failure { line, diagnostics, reproduce });
        }
        Ok(())
    }

    fn broken(&mut self, error: ExpectedError, line: String) -> Result<(), ExpectedError> {
        self.counts.broken += 1;
        if self.all == 1 {
            return Err(error); // there is nothing else to tell
        }
        match error {
            ExpectedError::InvalidFile(mistakes) | ExpectedError::Unavailable(mistakes) => {
                if self.github {
                    github::annotate(&mistakes);
                }
                let new = mistakes.into_iter().filter(|m| self.warned.insert(tell::one_line(m)));
                self.mistakes.extend(new);
            }
            other @ (ExpectedError::AnsweredNo
            | ExpectedError::Usage(_)
            | ExpectedError::Environment(_)) => {
                other.print();
                self.other.get_or_insert(other);
            }
        }
        if self.json.is_none() { message::data(&line) } else { Ok(()) }
    }

    fn warn(&mut self, warnings: &[Diagnostic]) {
        let new = |warning: &&Diagnostic| self.warned.insert(tell::one_line(warning));
        let warnings: Vec<Diagnostic> = warnings.iter().filter(new).cloned().collect();
        message::diagnostics(&warnings);
    }

    /// Somebody wants an end: what is known is told.
    pub(super) fn interrupted(&mut self) {
        self.counts.left = self.all - self.counts.told();
        message::styled(&tell::interrupted(self.counts.told(), self.all));
    }

    /// The summary, and what the program ends in.
    pub(super) fn finish(mut self) -> Result<(), ExpectedError> {
        self.counts.scenarios = self.paths.len();
        if let Some((path, junit)) = &self.junit {
            junit.write(path, self.start.elapsed())?;
        }
        match self.json.take() {
            Some(trials) => {
                let Counts { passed, failed, broken, left, .. } = self.counts;
                let mut all = json!({ "passed": passed, "failed": failed, "scenarios": trials });
                for (key, number) in [("broken", broken), ("left", left)] {
                    if number > 0 {
                        all[key] = number.into();
                    }
                }
                message::data(&all.to_string())?;
            }
            None => {
                message::data(&summary::line(&self.counts, &self.tally, self.start.elapsed()))?;
                self.repeat()?;
            }
        }
        match (self.mistakes, self.other) {
            (mistakes, _) if !mistakes.is_empty() => Err(ExpectedError::InvalidFile(mistakes)),
            (_, Some(error)) => Err(error),
            _ if self.counts.is_good() => Ok(()),
            _ => Err(ExpectedError::AnsweredNo),
        }
    }

    /// The failures of many runs, where they are not scrolled away.
    fn repeat(&self) -> Result<(), ExpectedError> {
        if self.all == 1 {
            return Ok(());
        }
        for failure in &self.failures {
            let mut text = failure.line.clone();
            for diagnostic in &failure.diagnostics {
                let said = printable(&tell::one_line(diagnostic)).into_owned();
                text.push_str(&format!("\n{:>14}{said}", ""));
                text.push_str(&format!("\n{:>14}{}", "", printable(&diagnostic.label)));
            }
            message::data(&format!("{text}\n   reproduce: {}", failure.reproduce))?;
        }
        let more = self.counts.failed - self.failures.len();
        if more > 0 {
            let text = format!("{more} more failed, see above");
            message::data(&format!("{}  {text}", tell::verb(ERROR, "FAIL")))?;
        }
        Ok(())
    }
}
