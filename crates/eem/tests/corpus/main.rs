//! Real applets, as data from outside the repository: each is read, printed, damaged and played.
//!
//! `EDNM_CORPUS` names the folder that holds `eem/`. Unset: the tests say that they are skipped.
//! Set, but not there: they fail.

mod behaviour;
mod host;

use std::collections::BTreeMap;
use std::io::Write as _;

use eem::{Dialect, Source, read};
use proptest::prelude::*;

/// What `SOURCES.tsv` says of a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Expected {
    Ok,
    Error,
    Unknown,
}

/// The corpus: each file's name, its text, and whether it is right. `None` if it is not here.
#[expect(clippy::disallowed_methods, reason = "a test reads its data; the crate never does")]
fn corpus(test: &str) -> Option<BTreeMap<String, (String, Expected)>> {
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

fn print(source: &Source) -> String {
    source.applets.iter().map(ToString::to_string).collect()
}

/// Each problem lies inside its line, on character boundaries.
fn check_spans(name: &str, text: &str) {
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

/// Damages a text in one of the ways in which people damage applets.
fn mutate(text: &str, kind: usize, seed: usize) -> String {
    let lines: Vec<&str> = text.lines().collect();
    let pick = |accepts: &dyn Fn(&str) -> bool| {
        let fitting: Vec<usize> = (0..lines.len()).filter(|at| accepts(lines[*at])).collect();
        fitting.get(seed % fitting.len().max(1)).copied()
    };
    let change = |at: Option<usize>, new: &dyn Fn(&str) -> String| {
        let changed = lines.iter().enumerate().map(|(n, line)| match at {
            Some(at) if at == n => new(line),
            Some(_) | None => (*line).to_owned(),
        });
        changed.collect::<Vec<_>>().join("\n")
    };
    match kind {
        // An `end` dropped.
        0 => change(pick(&|line| line.trim_end().ends_with(" end")), &|_| String::new()),
        // A keyword misspelt.
        1 => change(pick(&|line| line.contains("action")), &|line| {
            let words: Vec<&str> = line.split_whitespace().collect();
            let at = 2.min(words.len() - 1);
            line.replacen(words[at], &format!("{}x", words[at]), 1)
        }),
        // Labels renumbered: the order is turned round.
        2 => {
            let mut number = lines.len();
            let turned = lines.iter().map(|line| {
                number -= 1;
                let words: Vec<&str> = line.split_whitespace().collect();
                match words[..] {
                    ["action", label, ..] => line.replacen(label, &number.to_string(), 1),
                    _ => (*line).to_owned(),
                }
            });
            turned.collect::<Vec<_>>().join("\n")
        }
        // A quotation mark lost.
        3 => change(pick(&|line| line.contains('"')), &|line| line.replacen('"', "", 1)),
        // Cut off in the middle of a line.
        4 => {
            let end = (0..=text.len()).rev().filter(|at| text.is_char_boundary(*at));
            let ends: Vec<usize> = end.collect();
            text[..ends[seed % ends.len()]].to_owned()
        }
        // Two lines exchanged.
        5 => {
            let mut lines = lines.clone();
            let (a, b) = (seed % lines.len(), (seed / 7) % lines.len());
            lines.swap(a, b);
            lines.join("\n")
        }
        // A line twice.
        _ => change(pick(&|_| true), &|line| format!("{line}\n{line}")),
    }
}

/// The kinds of damage.
const MUTATIONS: usize = 7;

/// Goal: every damage is read to faults inside the text; no panic, no hang; what was taken prints
/// and reads the same. Method: each file, each kind of damage, some places; what is left is played.
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
