//! Reads texts of applets, whatever is in them.

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

/// Goal: a file that takes something back is read as a router reads it. Method: one text.
#[test]
fn what_is_taken_back_is_gone() {
    let text = "event manager environment a 1
event manager environment b 2
event manager applet OLD
 event none
event manager applet KEPT
 event none
no event manager applet OLD
no event manager environment a
no event manager applet NEVER-THERE
event manager applet NEW
 event none
";
    let source = read(text, Dialect::Ios);
    assert_eq!(source.problems, []);
    let names: Vec<&str> = source.applets.iter().map(eem::Applet::name).collect();
    assert_eq!(names, ["KEPT", "NEW"]);
    assert_eq!(source.environment, [("b".to_owned(), "2".to_owned())]);
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
                "while", "foreach", "break", "continue", "goto", "string", "match", "range",
                "nocase", "length", "add", "divide", "increment", "append", "counter", "name",
                "op", "inc", "value", "context", "save", "key", "variable", "track", "read",
                "state", "down", "file", "open", "w", "gets", "handle-error", "type", "ignore",
                "mail", "server", "to", "from", "subject", "snmp-trap", "strdata", "info", "snmp",
                "oid", "get-type", "publish-event", "sub-system", "arg1", "policy", "timer", "cron",
                "cron-entry", "\"* * * * *\"", "trigger", "correlate", "attribute", "tag", "and",
                "interface", "parameter", "entry-op", "gt", "entry-val", "-5", "99999999999",
            ]),
            0..12,
        ),
    ) {
        let text = format!("event manager applet X\n {}\n", words.join(" "));
        check_spans("words", &text);
        let printed = print(&read(&text, Dialect::Course));
        prop_assert_eq!(print(&read(&printed, Dialect::Course)), printed);
    }
}
