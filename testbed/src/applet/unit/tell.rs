//! How tests are told: a line each, what was missed with the steps around it, a summary, the
//! failures again. Or one JSON document; JUnit besides.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::{Duration, Instant};

use diagnostic::Diagnostic;
use fact::Kind;
use host::check::count;
use host::message::{DIM, ERROR, SUCCESS};
use host::text::printable;
use host::{ExpectedError, message};
use serde_json::{Value, json};

use super::coverage::Coverage;
use super::file::{Suite, UnitTest};
use super::judge::Missed;
use super::trial::Outcome;
use crate::applet::report::Teller;
use crate::args::EemTestArgs;
use crate::test::github;
use crate::test::junit::Junit;

/// Something that was wanted and is not so.
const MISSED: &str = "EET020";
/// The width of the verb, so that all lines align.
const VERB_COLUMNS: usize = 12;
/// Steps that are shown before and behind the one at which a run parts ways.
const AROUND: usize = 4;
/// Failures that are repeated at the end.
const REPEATED_MAX: usize = 50;

/// What has been told so far.
pub(super) struct Report<'a> {
    args: &'a EemTestArgs,
    all: usize,
    told: usize,
    failed: usize,
    broken: usize,
    documents: Vec<Value>,
    junit: Option<(PathBuf, Junit)>,
    failures: Vec<String>,
    mistakes: Vec<Diagnostic>,
    other: Option<ExpectedError>,
    start: Instant,
}

impl<'a> Report<'a> {
    pub(super) fn new(args: &'a EemTestArgs, all: usize) -> Self {
        let junit = args.junit.clone().map(|path| (path, Junit::named("ednm eem test")));
        Report {
            args,
            all,
            told: 0,
            failed: 0,
            broken: 0,
            documents: Vec::new(),
            junit,
            failures: Vec::new(),
            mistakes: Vec::new(),
            other: None,
            start: Instant::now(),
        }
    }

    /// Tells of one test.
    pub(super) fn case(
        &mut self,
        suite: &Arc<Suite>,
        test: &UnitTest,
        outcome: Result<Outcome, ExpectedError>,
        took: Duration,
    ) -> Result<(), ExpectedError> {
        self.told += 1;
        match outcome {
            Ok(outcome) => self.tried(suite, test, &outcome, took),
            Err(error) => self.not_tried(suite, test, error, took),
        }
    }

    fn tried(
        &mut self,
        suite: &Arc<Suite>,
        test: &UnitTest,
        outcome: &Outcome,
        took: Duration,
    ) -> Result<(), ExpectedError> {
        let passed = outcome.passed();
        let line =
            self.line(if passed { "PASS" } else { "FAIL" }, suite, test, Some(outcome), took);
        let diagnostics: Vec<Diagnostic> =
            outcome.missed.iter().map(|missed| diagnostic(suite, missed)).collect();
        if let Some((_, junit)) = &mut self.junit {
            let wrong = (!passed).then(|| {
                let first = diagnostics.first().map(|one| one.message.clone());
                let text = diagnostic::render(&diagnostics, false);
                ("failure", first.unwrap_or_default(), text)
            });
            junit.check(&suite.name, &test.name, took, wrong);
        }
        self.documents.push(document(suite, test, outcome));
        if !passed {
            self.failed += 1;
        }
        if self.args.format.is_json() {
            return Ok(());
        }
        message::data(&line)?;
        if passed {
            return Ok(());
        }
        message::diagnostics(&diagnostics);
        if std::env::var("GITHUB_ACTIONS").is_ok_and(|value| value == "true") {
            diagnostics.iter().for_each(|one| message::styled(&github::command(one)));
        }
        around(outcome).iter().for_each(|line| message::styled(line));
        let missed = outcome.missed.iter().map(|missed| {
            let (what, instead) = (printable(&missed.what), printable(&missed.instead));
            format!("\n{:>14}{what}\n{:>14}there: {instead}", "", "")
        });
        self.failures.push(line + &missed.collect::<String>());
        Ok(())
    }

    fn not_tried(
        &mut self,
        suite: &Arc<Suite>,
        test: &UnitTest,
        error: ExpectedError,
        took: Duration,
    ) -> Result<(), ExpectedError> {
        self.broken += 1;
        let line = self.line("ERROR", suite, test, None, took);
        if let Some((_, junit)) = &mut self.junit {
            let wrong = ("error", "the test cannot be run".to_owned(), format!("{error}"));
            junit.check(&suite.name, &test.name, took, Some(wrong));
        }
        match error {
            ExpectedError::InvalidFile(mistakes) | ExpectedError::Unavailable(mistakes) => {
                let new = mistakes.into_iter().filter(|one| !self.mistakes.contains(one));
                let new: Vec<Diagnostic> = new.collect();
                self.mistakes.extend(new);
            }
            other => drop(self.other.get_or_insert(other)),
        }
        if self.args.format.is_json() { Ok(()) } else { message::data(&line) }
    }

    /// `PASS  [   5.002s in 0.004s] ( 1/12)  down.test.toml · an interface goes down`
    fn line(
        &self,
        word: &str,
        suite: &Suite,
        test: &UnitTest,
        outcome: Option<&Outcome>,
        took: Duration,
    ) -> String {
        let style = if word == "PASS" { SUCCESS } else { ERROR };
        let simulated = outcome.map_or_else(
            || "   -.---s".to_owned(),
            |outcome| {
                let millis = outcome.lasted.as_millis();
                format!("{:>4}.{:03}s", millis / 1_000, millis % 1_000)
            },
        );
        let width = self.all.to_string().len();
        let counter = match self.all {
            1 => String::new(),
            all => format!("({:>width$}/{all})  ", self.told),
        };
        let (file, name) = (printable(&suite.name), printable(&test.name));
        let took = took.as_secs_f64();
        format!(
            "{style}{word:>VERB_COLUMNS$}{style:#}  {DIM}[{simulated} in {took:.3}s]{DIM:#} \
             {counter}{file} · {name}"
        )
    }

    /// The summary, the coverage, and what the program ends in.
    pub(super) fn finish(self, coverage: &Coverage) -> Result<(), ExpectedError> {
        if let Some((path, junit)) = &self.junit {
            junit.write(path, self.start.elapsed())?;
        }
        let passed = self.all - self.failed - self.broken;
        let is_covered = self.args.min_coverage.is_none_or(|least| coverage.percent() >= least);
        if self.args.format.is_json() {
            let mut all = json!({
                "passed": passed, "failed": self.failed, "broken": self.broken,
                "tests": self.documents,
            });
            if self.args.wants_coverage() {
                all["coverage"] = coverage.document();
            }
            message::data(&all.to_string())?;
        } else {
            self.summary(passed)?;
            if self.args.wants_coverage() {
                message::data(&coverage.text(self.args.annotate))?;
            }
        }
        if let Some(path) = &self.args.coverage_json {
            let failed = |error| {
                let text = format!("cannot write `{}`: {error}", path.display());
                ExpectedError::environment_message(text)
            };
            std::fs::write(path, format!("{}\n", coverage.document())).map_err(failed)?;
        }
        if let Some(least) = self.args.min_coverage.filter(|_| !is_covered) {
            let have = coverage.percent();
            message::warning(&format!("{have} % is covered, and {least} % is asked for"));
        }
        match (self.mistakes, self.other) {
            (mistakes, _) if !mistakes.is_empty() => Err(ExpectedError::InvalidFile(mistakes)),
            (_, Some(error)) => Err(error),
            _ if self.failed == 0 && is_covered => Ok(()),
            _ => Err(ExpectedError::AnsweredNo),
        }
    }

    fn summary(&self, passed: usize) -> Result<(), ExpectedError> {
        let style = if self.failed + self.broken == 0 { SUCCESS } else { ERROR };
        let mut kinds = vec![format!("{passed} passed")];
        let rare = [(self.failed, "failed"), (self.broken, "broken")];
        kinds.extend(rare.iter().filter(|(n, _)| *n > 0).map(|(n, what)| format!("{n} {what}")));
        let took = self.start.elapsed().as_secs_f64();
        let (verb, tests, kinds) = ("Summary", count(self.all, "test"), kinds.join(", "));
        message::data(&format!(
            "────────────\n{style}{verb:>VERB_COLUMNS$}{style:#}  [{took:.2}s]  {tests}: {kinds}"
        ))?;
        if self.all == 1 {
            return Ok(());
        }
        let repeated = self.failures.iter().take(REPEATED_MAX);
        repeated.into_iter().try_for_each(|failure| message::data(failure))
    }
}

fn diagnostic(suite: &Suite, missed: &Missed) -> Diagnostic {
    let message = format!("not so: {}", missed.what);
    let span = missed.wanted.span.clone();
    let told = Diagnostic::error(MISSED, message, &suite.source, span);
    told.label(format!("there: {}", missed.instead))
}

/// The steps around the first difference; where none is known, the last ones.
fn around(outcome: &Outcome) -> Vec<String> {
    let at = outcome.missed.iter().find_map(|missed| missed.at);
    let steps = outcome.facts.iter().filter(|fact| matches!(fact.kind, Kind::AppletStep { .. }));
    let count = steps.count();
    let place = at.unwrap_or(count);
    let (from, to) = (place.saturating_sub(AROUND), place + AROUND);
    let mut teller = Teller::new(outcome.start, outcome.seen.record.runs.len() > 1);
    let (mut step, mut lines, mut is_in) = (0, Vec::new(), from == 0);
    for fact in &outcome.facts {
        if matches!(fact.kind, Kind::AppletStep { .. }) {
            is_in = (from..to).contains(&step);
            if at == Some(step) && is_in {
                lines.push(format!("{ERROR}{:>VERB_COLUMNS$}{ERROR:#}  here it parts ways", ">"));
            }
            step += 1;
        }
        let told = teller.fact(fact);
        if is_in && !told.is_empty() {
            lines.push(told);
        }
    }
    if at.is_some_and(|at| at >= count) {
        lines.push(format!("{ERROR}{:>VERB_COLUMNS$}{ERROR:#}  here it ends", ">"));
    }
    lines
}

fn document(suite: &Suite, test: &UnitTest, outcome: &Outcome) -> Value {
    let missed = outcome.missed.iter().map(|missed| {
        let (line, column) = suite.source.line_column(missed.wanted.span.start);
        json!({ "line": line, "column": column, "wanted": missed.what, "there": missed.instead })
    });
    json!({
        "file": suite.name,
        "test": test.name,
        "verdict": if outcome.passed() { "passed" } else { "failed" },
        "lasted_ms": outcome.lasted.as_millis(),
        "missed": missed.collect::<Vec<_>>(),
        "runs": outcome.seen.record.runs.iter().map(|run| run.to_json()).collect::<Vec<_>>(),
    })
}
