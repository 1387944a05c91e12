//! Real applets, as data from outside the repository: each is read, printed and damaged.
//!
//! `EDNM_CORPUS` names the folder that holds `eem/`. Unset: the tests say that they are skipped.
//! Set, but not there: they fail.

use std::collections::BTreeMap;
use std::io::Write as _;

use eem::{Dialect, Source, read};
use proptest::prelude::*;

use crate::damage::{MUTATIONS, mutate};

/// What `SOURCES.tsv` says of a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Expected {
    Ok,
    Error,
    Unknown,
}

/// The corpus: each file's name, its text, and whether it is right. `None` if it is not here.
#[expect(clippy::disallowed_methods, reason = "a test reads its data; the crate never does")]
pub(crate) fn corpus(test: &str) -> Option<BTreeMap<String, (String, Expected)>> {
    let Ok(folder) = std::env::var("EDNM_CORPUS") else {
        // Written past the capture of the test harness, so that the skip is seen.
        let _ = writeln!(std::io::stderr(), "{test}: skipped, no EDNM_CORPUS");
        return None;
    };
    let read = |name: &str| {
        let path = format!("{folder}/eem/{name}");
        std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{path}: {error}"))
    };
    let mut files = BTreeMap::new();
    for line in read("SOURCES.tsv").lines().skip(1) {
        let columns: Vec<&str> = line.split('\t').collect();
        let (Some(name), Some(expected)) = (columns.first(), columns.last()) else { continue };
        let expected = match *expected {
            "ok" => Expected::Ok,
            "error" => Expected::Error,
            _ => Expected::Unknown,
        };
        files.insert((*name).to_owned(), (read(name), expected));
    }
    assert!(!files.is_empty(), "no applets in {folder}/eem");
    Some(files)
}

pub(crate) fn print(source: &Source) -> String {
    source.applets.iter().map(ToString::to_string).collect()
}

/// Each problem lies inside its line, on character boundaries.
pub(crate) fn check_spans(name: &str, text: &str) {
    let lines: Vec<&str> = text.lines().collect();
    for problem in read(text, Dialect::Ios).problems {
        let line = lines.get(problem.line).copied().unwrap_or_default();
        assert!(line.get(problem.span.clone()).is_some(), "{name}: {problem:?} in {line:?}");
    }
}

/// Goal: what is right parses without a fault, what is wrong is said. Method: the column `expect`.
#[test]
fn right_files_have_no_faults_and_wrong_ones_have() {
    let Some(files) = corpus("right_files_have_no_faults_and_wrong_ones_have") else { return };
    let mut wrong = Vec::new();
    for (name, (text, expected)) in &files {
        let problems = read(text, Dialect::Ios).problems;
        let tell = |p: &eem::Problem| {
            let line = text.lines().nth(p.line).unwrap_or_default();
            format!("{name}:{}: {} in `{}`", p.line + 1, p.fault, line.trim())
        };
        match expected {
            Expected::Ok => wrong.extend(problems.iter().map(tell)),
            Expected::Error if problems.is_empty() => wrong.push(format!("{name}: no fault")),
            Expected::Error | Expected::Unknown => {}
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// Goal: parse, print, parse is the identity.
#[test]
fn what_was_read_prints_and_reads_the_same() {
    let Some(files) = corpus("what_was_read_prints_and_reads_the_same") else { return };
    for (name, (text, _)) in &files {
        check_spans(name, text);
        let printed = print(&read(text, Dialect::Ios));
        let again = read(&printed, Dialect::Ios);
        assert_eq!(print(&again), printed, "{name}");
    }
}

/// Goal: every damage is read to faults inside the text; no panic, no hang; what was taken prints
/// and reads the same. Method: each file, each kind of damage, some places.
#[test]
fn damaged_files_are_read() {
    let Some(files) = corpus("damaged_files_are_read") else { return };
    for (name, (text, _)) in &files {
        for kind in 0..MUTATIONS {
            for seed in [0, 1, 5, 23, 101] {
                let damaged = mutate(text, kind, seed);
                check_spans(name, &damaged);
                let printed = print(&read(&damaged, Dialect::Ios));
                let again = print(&read(&printed, Dialect::Ios));
                assert_eq!(again, printed, "{name}, damage {kind} at {seed}");
            }
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    /// Goal: no text panics, and its faults lie inside it. Method: any lines.
    #[test]
    fn any_text_is_read(text in "(\\PC{0,40}\n){0,6}") {
        check_spans("text", &text);
    }
}
