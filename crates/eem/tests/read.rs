//! Reads texts of applets: real ones, and any others.

use std::io::Write as _;

use eem::{Dialect, Source, read};
use proptest::prelude::*;

/// The faults of a text as `line:columns fault`.
fn faults(text: &str) -> Vec<String> {
    let problems = read(text, Dialect::Ios).problems;
    problems.iter().map(|p| format!("{}:{:?} {}", p.line, p.span, p.fault)).collect()
}

/// Goal: reading never stops at the first fault, and points at bytes. Method: one text, many
/// faults.
#[test]
fn every_fault_is_found() {
    let text = "event manager applet X class ZZ
 event syslog patern \"x\"
 action 1.0 frobnicate
 action 2.0 syslog msg
 action 3.0 syslog msg \"never closed
 action 4.0 regexp \"(\" \"x\"
 action 5.0 wait 0
 action 6.0 else
 action 7.0 if a eq b
hostname R1
event manager environment only-a-name
! a comment";
    let want = [
        "0:29..31 this word does not fit here",
        "1:17..20 this word does not fit here",
        "2:13..22 this word does not fit here",
        "3:22..22 the line ends too early",
        "4:23..36 this quotation mark is never closed",
        "5:19..22 unmatched ()",
        "6:17..18 this word does not fit here",
        "9:0..8 this word does not fit here",
        "10:37..37 the line ends too early",
        "0:0..31 the applet has no event and is never registered",
        "7:0..16 \"else\" action found outside of conditional block",
        "8:0..21 \"if\" action 7.0 has no matching \"end\"",
    ];
    assert_eq!(faults(text), want);
}

fn print(source: &Source) -> String {
    source.applets.iter().map(ToString::to_string).collect()
}

/// Each problem lies inside its line, on character boundaries.
fn check_spans(name: &str, text: &str) {
    let lines: Vec<&str> = text.lines().collect();
    for problem in read(text, Dialect::Course).problems {
        let line = lines.get(problem.line).copied().unwrap_or_default();
        assert!(line.get(problem.span.clone()).is_some(), "{name}: {problem:?} in {line:?}");
    }
}

/// Goal: real applets parse without a panic, faults lie inside their lines, and what was taken
/// prints and parses to itself. Method: the corpus, which is not part of the repository.
#[test]
#[expect(clippy::disallowed_methods, reason = "a test reads its data; the crate never does")]
fn the_corpus_reads_and_prints() {
    let Ok(folder) = std::env::var("EDNM_CORPUS") else {
        // Written past the capture of the test harness, so that the skip is seen.
        let _ = writeln!(std::io::stderr(), "the_corpus_reads_and_prints: skipped, no EDNM_CORPUS");
        return;
    };
    let files = std::fs::read_dir(format!("{folder}/eem")).expect("EDNM_CORPUS holds eem/");
    let mut count = 0;
    for file in files {
        let path = file.expect("a file of the corpus").path();
        if path.extension().is_none_or(|extension| extension != "cfg") {
            continue;
        }
        let text = std::fs::read_to_string(&path).expect("a corpus file is text");
        let name = path.display().to_string();
        check_spans(&name, &text);
        let printed = print(&read(&text, Dialect::Course));
        assert_eq!(print(&read(&printed, Dialect::Course)), printed, "{name}");
        count += 1;
    }
    assert!(count > 0, "no applets in {folder}/eem");
}

proptest! {
    /// Goal: no line panics, and its fault lies inside it. Method: any text.
    #[test]
    fn any_line_is_read(line in "\\PC{0,80}") {
        check_spans("text", &format!("event manager applet X\n{line}"));
    }

    /// Goal: the same near the grammar; what was taken prints and parses to itself. Method: words
    /// of the language in any order.
    #[test]
    fn words_of_the_language_in_any_order(
        words in proptest::collection::vec(
            proptest::sample::select(vec![
                "action", "1.0", "event", "syslog", "none", "pattern", "\"a.b\"", "occurs", "2",
                "period", "maxrun", "60", "ratelimit", "cli", "command", "\"x \\\" y\"", "if", "$a",
                "eq", "\"\"", "else", "end", "set", "regexp", "\"(\"", "wait", "puts", "nonewline",
                "comment", "\"", "a\\", "a\"b", "msg", "priority", "errors", "facility", "http",
                "post", "url", "body", "no", "exit", "sync", "yes", "description", "é", "$",
            ]),
            0..10,
        ),
    ) {
        let text = format!("event manager applet X\n {}\n", words.join(" "));
        check_spans("words", &text);
        let printed = print(&read(&text, Dialect::Course));
        prop_assert_eq!(print(&read(&printed, Dialect::Course)), printed);
    }
}
