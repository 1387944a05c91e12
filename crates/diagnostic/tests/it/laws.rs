//! What holds for every text.

use diagnostic::table::{Table, Value};
use diagnostic::{Diagnostic, Source, render, render_json, table};
use proptest::prelude::*;

/// Takes every value with every getter's eyes.
fn exhaust(mut table: Table, sink: &mut Vec<Diagnostic>) {
    table.require("a", sink);
    table.number("a", sink);
    table.text("b", sink);
    table.texts("c", sink);
    table.clone().finish(sink);
    for (_, value) in table.into_entries() {
        if let Value::Table(inner) = value.value {
            exhaust(inner, sink);
        }
    }
}

fn toml_like() -> impl Strategy<Value = String> {
    let pieces = prop::sample::select(vec![
        "a",
        "b",
        "c",
        " = ",
        "\"",
        "'",
        "[",
        "]",
        "[[",
        "]]",
        "{",
        "}",
        ",",
        "1",
        "\n",
        ".",
        "é",
        "\u{1f600}",
        "\t",
        "\\",
        "#",
        "true",
        "99999999999999999999",
        "1.5",
        "2026-01-01",
        "\r\n",
    ]);
    prop::collection::vec(pieces, 0..40).prop_map(|pieces| pieces.concat())
}

proptest! {
    /// Goal: no text makes the reader or a renderer panic, and every span lies inside its text, on
    /// the boundaries of characters. Method: texts made of TOML's own signs.
    #[test]
    fn spans_lie_inside_the_text(text in toml_like()) {
        let source = Source::new("any.toml", text);
        let mut sink = Vec::new();
        if let Some(root) = table::parse(&source, &mut sink) {
            exhaust(root, &mut sink);
        }
        for diagnostic in &sink {
            prop_assert!(source.text.get(diagnostic.span.clone()).is_some(), "{diagnostic:?}");
        }
        render(&sink, true);
        render_json(&sink);
    }
}

/// Goal: neither depth nor length brings the reader down. Method: nests of each kind, far deeper
/// than anybody writes; long lines and many keys.
#[test]
fn depth_and_length_are_survived() {
    let deep = 5_000;
    let files = [
        format!("a = {}", "[".repeat(deep)),
        format!("a = {}{}", "[".repeat(deep), "]".repeat(deep)),
        format!("a = {}", "{a=".repeat(deep)),
        format!("a{} = 1", ".a".repeat(deep)),
        format!("[a{}]\nb = 1", ".a".repeat(deep)),
        format!("[[a{}]]\nb = 1", ".a".repeat(deep)),
        format!("a = {{ b{} = 1 }}", ".a".repeat(deep)),
        format!("a = \"{}\"", "x".repeat(deep)),
        (0..deep).map(|n| format!("k{n} = 1\n")).collect(),
    ];
    for text in files {
        let source = Source::new("deep.toml", text);
        let mut sink = Vec::new();
        if let Some(root) = table::parse(&source, &mut sink) {
            exhaust(root, &mut sink);
        }
        let text = render(&sink, false);
        assert_eq!(text.contains("\n... and "), sink.len() > 200, "{}", sink.len());
        render_json(&sink);
    }
}
