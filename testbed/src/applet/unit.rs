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

use std::path::PathBuf;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
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
    let outcomes = all(&tests, jobs(args, tests.len()));
    let mut coverage = Coverage::default();
    for ((suite, test), (outcome, took)) in tests.iter().zip(outcomes) {
        if let Ok(outcome) = &outcome {
            coverage.add(suite, outcome);
        }
        report.case(suite, test, outcome, took)?;
    }
    report.finish(&coverage)
}

fn jobs(args: &EemTestArgs, tests: usize) -> usize {
    let cores = || std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
    args.jobs.map_or_else(cores, usize::from).min(tests)
}

type Done = (Result<Outcome, ExpectedError>, std::time::Duration);

/// Every test, on so many threads: each has a router of its own.
fn all(tests: &[&(Arc<Suite>, UnitTest)], jobs: usize) -> Vec<Done> {
    let next = AtomicUsize::new(0);
    let done: Vec<Mutex<Option<Done>>> = tests.iter().map(|_| Mutex::default()).collect();
    std::thread::scope(|scope| {
        for _ in 0..jobs {
            scope.spawn(|| {
                loop {
                    let place = next.fetch_add(1, Ordering::Relaxed);
                    let Some((suite, test)) = tests.get(place) else { break };
                    let start = Instant::now();
                    let outcome = trial::run(suite, test);
                    let mut slot = done[place].lock().unwrap_or_else(PoisonError::into_inner);
                    *slot = Some((outcome, start.elapsed()));
                }
            });
        }
    });
    let taken =
        done.into_iter().map(|slot| slot.into_inner().unwrap_or_else(PoisonError::into_inner));
    taken.map(|done| done.expect("each test was run")).collect()
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
