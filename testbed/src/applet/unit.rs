//! `ednm eem test PATH...`: unit tests of applets, in TOML beside them.
//!
//! A test is a router of its own in virtual time, what happens to it, and what is wanted of the
//! applets then. What happens is said in the words of `ednm eem run --event`; nothing leaves the
//! program.

mod coverage;
mod file;
mod judge;
mod tell;
mod trial;
mod want;
mod watch;

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, mpsc};
use std::time::Instant;

use diagnostic::{Diagnostic, has_errors};
use host::files::Found;
use host::{ExpectedError, message};

use crate::args::EemTestArgs;
use crate::walk;
use coverage::Coverage;
use file::{Suite, UnitTest};
use tell::Report;
use trial::Outcome;

/// What a file of tests can hold.
pub(crate) use file::shape;

/// What files of tests end in, in a directory.
pub(crate) const SUFFIX: &str = ".test.toml";

/// Reads a file of tests, for whoever checks files of all kinds: how many there are.
pub(crate) fn check(found: &Found, sink: &mut Vec<Diagnostic>) -> usize {
    file::suite(found, PathBuf::new().as_path(), sink).map_or(0, |suite| suite.tests.len())
}

/// Runs the verb.
pub(super) fn run(args: &EemTestArgs) -> Result<(), ExpectedError> {
    if args.watch {
        return watch::watch(args);
    }
    once(args)
}

/// Runs all tests once.
fn once(args: &EemTestArgs) -> Result<(), ExpectedError> {
    let suites = suites(args)?;
    let wanted = |test: &&(Arc<Suite>, UnitTest)| match &args.filter {
        Some(filter) => filter.is_match(&format!("{} {}", test.0.name, test.1.name)),
        None => true,
    };
    let tests: Vec<(Arc<Suite>, UnitTest)> = suites
        .iter()
        .flat_map(|suite| suite.tests.iter().map(|test| (Arc::clone(suite), test.clone())))
        .collect();
    let tests: Vec<&(Arc<Suite>, UnitTest)> = tests.iter().filter(wanted).collect();
    if tests.is_empty() {
        return Err(ExpectedError::usage("no test is left to run"));
    }
    let mut report = Report::new(args, tests.len());
    let mut coverage = Coverage::default();
    all(&tests, jobs(args, tests.len()), |(suite, test), (outcome, took)| {
        if let Ok(outcome) = &outcome {
            coverage.add(suite, outcome);
        }
        report.case(suite, test, outcome, took)
    })?;
    report.finish(&coverage)
}

fn jobs(args: &EemTestArgs, tests: usize) -> usize {
    let cores = || std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
    args.jobs.map_or_else(cores, usize::from).min(tests)
}

/// A test and the file that it is of.
type Test = (Arc<Suite>, UnitTest);
/// What came of it, and how long that took.
type Done = (Result<Outcome, ExpectedError>, std::time::Duration);

/// Runs every test, on so many threads, each with a router of its own; each is told of as soon as
/// all before it are.
fn all(
    tests: &[&Test],
    jobs: usize,
    mut tell: impl FnMut(&Test, Done) -> Result<(), ExpectedError>,
) -> Result<(), ExpectedError> {
    let next = AtomicUsize::new(0);
    let (done, results) = mpsc::channel();
    std::thread::scope(|scope| {
        for _ in 0..jobs {
            let (next, done) = (&next, done.clone());
            scope.spawn(move || {
                loop {
                    let place = next.fetch_add(1, Ordering::Relaxed);
                    let Some((suite, test)) = tests.get(place) else { break };
                    let start = Instant::now();
                    let outcome = trial::run(suite, test);
                    // Nobody takes it any more once the report could not be printed.
                    if done.send((place, (outcome, start.elapsed()))).is_err() {
                        break;
                    }
                }
            });
        }
        drop(done);
        let mut early: BTreeMap<usize, Done> = BTreeMap::new();
        let mut told = 0;
        for (place, result) in results {
            early.insert(place, result);
            while let Some(result) = early.remove(&told) {
                tell(tests[told], result)?;
                told += 1;
            }
        }
        Ok(())
    })
}

/// The files of tests, read; a mistake in any of them is one of all.
fn suites(args: &EemTestArgs) -> Result<Vec<Arc<Suite>>, ExpectedError> {
    let mut sink = Vec::new();
    let mut suites = Vec::new();
    for path in paths(&args.paths)? {
        suites.extend(file::read(&path, &mut sink)?.map(Arc::new));
    }
    if has_errors(&sink) {
        return Err(ExpectedError::InvalidFile(sink));
    }
    message::diagnostics(&sink);
    Ok(suites)
}

fn paths(given: &[PathBuf]) -> Result<Vec<PathBuf>, ExpectedError> {
    let mut found = Vec::new();
    for path in given {
        let is_directory = path.is_dir();
        let is_test = |file: &PathBuf| file.to_string_lossy().ends_with(SUFFIX);
        let files = walk::toml_files(path)?;
        found.extend(files.into_iter().filter(|file| !is_directory || is_test(file)));
    }
    match found.is_empty() {
        true => Err(ExpectedError::usage(format!("there is no test (*{SUFFIX})"))),
        false => Ok(found),
    }
}
