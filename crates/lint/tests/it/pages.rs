//! docs/eem-checks.md: made from the rules, and true.

use diagnostic::{Diagnostic, Source};
use eem::Dialect;
use expect_test::expect_file;

fn check(text: &str) -> Vec<Diagnostic> {
    lint::check(&Source::new("applet.cfg", text), Dialect::Ios)
}

/// Goal: the page is what the rules say. Method: the file.
#[test]
fn the_page_is_what_the_rules_say() {
    expect_file!["../../../../docs/eem-checks.md"].assert_eq(&lint::pages());
}

/// Goal: each rule finds what its page shows, and is silent about the mended form; no mended form
/// has another mistake. Method: every rule's own texts.
#[test]
fn each_page_is_true() {
    for rule in lint::RULES {
        let of = |text: &str| -> Vec<&str> { check(text).iter().map(|one| one.code).collect() };
        let (example, fixed) = (of(rule.example), of(rule.fixed));
        assert!(example.contains(&rule.code), "{}: the example gives {example:?}", rule.code);
        assert!(!fixed.contains(&rule.code), "{}: the mended form gives {fixed:?}", rule.code);
        let errors: Vec<String> = check(rule.fixed)
            .iter()
            .filter(|one| diagnostic::has_errors(std::slice::from_ref(one)))
            .map(|one| format!("{} {}", one.code, one.message))
            .collect();
        assert!(errors.is_empty(), "{}: the mended form has {errors:?}", rule.code);
    }
}

/// Goal: codes are in order, each once.
#[test]
fn codes_are_in_order() {
    let mut codes: Vec<&str> = lint::RULES.iter().map(|rule| rule.code).collect();
    codes.sort_unstable();
    codes.dedup();
    assert_eq!(codes.len(), lint::RULES.len());
}

/// Goal: a remark lets a finding be, on the next line or in the whole applet, and one that lets
/// nothing be is told. Method: a table.
#[test]
fn remarks_allow() {
    let body = " event none\n action 1.0 set unused \"1\"\n";
    let table = [
        (format!("event manager applet A\n{body}"), vec!["EEM112"]),
        (format!("! ednm: allow EEM112\nevent manager applet A\n{body}"), vec![]),
        (format!("! # ednm: allow EEM112\nevent manager applet A\n{body}"), vec![]),
        (
            "event manager applet A\n event none\n ! ednm: allow EEM112\n action 1.0 set unused 1\n"
                .to_owned(),
            vec![],
        ),
        (
            format!("! ednm: allow EEM112 EEM101\nevent manager applet A\n{body}"),
            vec!["EEM100"],
        ),
        (
            format!("! ednm: allow EEM11\nevent manager applet A\n{body}"),
            vec!["EEM100", "EEM112"],
        ),
    ];
    for (text, want) in table {
        let found: Vec<&str> = check(&text).iter().map(|one| one.code).collect();
        assert_eq!(found, want, "{text}");
    }
}

proptest::proptest! {
    /// Goal: no text is too odd to be checked and mended. Method: lines of applets, cut and put
    /// together at random, with any characters between them.
    #[test]
    fn any_text_is_checked(pieces in proptest::collection::vec((0usize..400, ".{0,12}"), 0..12)) {
        let lines: Vec<&str> = lint::RULES.iter().flat_map(|rule| rule.example.lines()).collect();
        let mut text = String::from("event manager applet A\n event none\n");
        for (place, odd) in pieces {
            let line = lines[place % lines.len()];
            let cut = line.floor_char_boundary(place % (line.len() + 1));
            text.push_str(&format!("{line}\n{}{odd}\n", &line[..cut]));
        }
        for dialect in [Dialect::Ios, Dialect::Course] {
            let source = Source::new("any.cfg", text.as_str());
            let found = lint::check(&source, dialect);
            assert!(found.iter().all(|one| one.span.end <= text.len()));
            if let Some(fixed) = lint::fix(&source, dialect) {
                lint::check(&Source::new("any.cfg", fixed), dialect);
            }
            lint::graph::Graph::of(&text, dialect).loops();
        }
    }
}
