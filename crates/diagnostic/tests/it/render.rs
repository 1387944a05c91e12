//! What is printed for a file with every kind of mistake.

use diagnostic::{Diagnostic, Source, render, render_json, table};
use expect_test::{ExpectFile, expect_file};
use std::sync::Arc;

/// Reads a file as a loader would: one table, a choice, a duration-like text, a list.
fn mistakes_of(text: &str) -> Vec<Diagnostic> {
    let source: Arc<Source> = Source::new("lab.toml", text);
    let mut sink = Vec::new();
    if let Some(mut root) = table::parse(&source, &mut sink) {
        if let Some(mut node) = root.table("node", &mut sink) {
            node.require("ssh", &mut sink);
            node.text("ssh", &mut sink);
            node.number("port", &mut sink);
            node.choice("kind", &[("virtual", 1), ("real", 2)], &mut sink);
            node.parsed::<std::net::Ipv4Addr>("address", &mut sink);
            node.flag("enabled", &mut sink);
            node.texts("aliases", &mut sink);
            node.finish(&mut sink);
        }
        root.tables("links", &mut sink);
        root.finish(&mut sink);
    }
    sink
}

fn check(text: &str, want: &ExpectFile) {
    want.assert_eq(&render(&mistakes_of(text), false));
}

/// Goal: all mistakes of a file come at once, in reading order, each with carets and a hint.
/// Method: a file with one of each.
#[test]
fn every_mistake_is_shown_at_once() {
    let text = "[node]\n\
        prot = 22\n\
        port = -1\n\
        kind = \"virtaul\"\n\
        address = \"10.0.0\"\n\
        enabled = \"yes\"\n\
        aliases = [\"a\", 1]\n\
        \n\
        [[link]]\n";
    check(text, &expect_file!["snapshots/every-mistake.txt"]);
}

/// Goal: broken syntax is shown where it is, and nothing else is guessed from it. Method: two
/// mistakes of syntax and one of meaning.
#[test]
fn syntax_comes_first() {
    check("a = \nb = [1\n[node]\nx = 1\n", &expect_file!["snapshots/syntax.txt"]);
}

/// Goal: programs get the same in a fixed form. Method: one mistake in the second line.
#[test]
fn programs_get_lines_and_columns() {
    let want = expect_file!["snapshots/json.txt"];
    want.assert_eq(&render_json(&mistakes_of("\n[node]\nssh = \"\u{fc}\"\nprot = 1\n")));
}

/// Goal: colours are in the coloured form alone. Method: look for the escape sign.
#[test]
fn colour_is_a_choice() {
    let mistakes = mistakes_of("[node]\n");
    assert!(render(&mistakes, true).contains('\u{1b}'));
    assert!(!render(&mistakes, false).contains('\u{1b}'));
}

/// Goal: what a device or a file says cannot draw on the terminal through a diagnostic, and what
/// is plain is untouched. Method: escape sequences in each of its texts, escaped once and for all.
#[test]
fn no_text_moves_the_cursor() {
    let odd = "\u{1b}[2J\u{9b}31m\r\u{7}\u{202e}\u{2028}";
    let file = Source::new(format!("s{odd}.toml"), format!("name = \"{odd}\"\n"));
    let mistake = Diagnostic::error("SIM020", format!("not met: {odd}"), &file, 0..4)
        .label(format!("nearest: {odd}"))
        .help(format!("two\nlines {odd}"));
    let text = render(&[mistake], false);
    let unfit = |c: char| (c.is_control() && c != '\n') || matches!(c, '\u{202e}' | '\u{2028}');
    assert!(!text.contains(unfit), "{text:?}");
    assert!(text.contains(r"not met: \u{1b}[2J\u{9b}31m\r\u{7}\u{202e}\u{2028}"), "{text}");
    assert!(!text.contains(r"\\u"), "escaped twice: {text}");
}
