//! What is printed for a file with every kind of mistake.

use diagnostic::{Diagnostic, Source, render, render_json, table};
use expect_test::{Expect, expect};
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

fn check(text: &str, want: &Expect) {
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
    check(
        text,
        &expect![[r#"
            error[TOML003]: missing key `ssh`
             --> lab.toml:1:2
              |
            1 | [node]
              |  ^^^^ `ssh` is required here

            error[TOML004]: unknown key `prot`
             --> lab.toml:2:1
              |
            2 | prot = 22
              | ^^^^
              |
            help: did you mean `port`?

            error[TOML005]: `port` is out of range
             --> lab.toml:3:8
              |
            3 | port = -1
              |        ^^ expected 0 to 18446744073709551615

            error[TOML005]: unknown kind `virtaul`
             --> lab.toml:4:8
              |
            4 | kind = "virtaul"
              |        ^^^^^^^^^ expected `virtual` or `real`
              |
            help: did you mean `virtual`?

            error[TOML005]: `10.0.0` is no value for `address`
             --> lab.toml:5:11
              |
            5 | address = "10.0.0"
              |           ^^^^^^^^ invalid IPv4 address syntax

            error[TOML002]: `enabled` must be `true` or `false`, not a string
             --> lab.toml:6:11
              |
            6 | enabled = "yes"
              |           ^^^^^ expected `true` or `false`

            error[TOML002]: `aliases` must be a string, not a number
             --> lab.toml:7:17
              |
            7 | aliases = ["a", 1]
              |                 ^ expected a string

            error[TOML004]: unknown key `link`
             --> lab.toml:9:3
              |
            9 | [[link]]
              |   ^^^^
              |
            help: did you mean `links`?

        "#]],
    );
}

/// Goal: broken syntax is shown where it is, and nothing else is guessed from it. Method: two
/// mistakes of syntax and one of meaning.
#[test]
fn syntax_comes_first() {
    check(
        "a = \nb = [1\n[node]\nx = 1\n",
        &expect![[r#"
            error[TOML001]: string values must be quoted, expected literal string
             --> lab.toml:1:5
              |
            1 | a = 
              |     ^

            error[TOML001]: missing comma between array elements, expected `,`
             --> lab.toml:3:1
              |
            3 | [node]
              | ^

            error[TOML001]: missing comma between array elements, expected `,`
             --> lab.toml:4:1
              |
            4 | x = 1
              | ^

        "#]],
    );
}

/// Goal: programs get the same in a fixed form. Method: one mistake in the second line.
#[test]
fn programs_get_lines_and_columns() {
    let want = expect![[r#"
        [{"code":"TOML004","severity":"error","message":"unknown key `prot`","file":"lab.toml","line":4,"column":1,"end_line":4,"end_column":5,"label":"","help":"did you mean `port`?"}]
    "#]];
    want.assert_eq(&render_json(&mistakes_of("\n[node]\nssh = \"\u{fc}\"\nprot = 1\n")));
}

/// Goal: colours are in the coloured form alone. Method: look for the escape sign.
#[test]
fn colour_is_a_choice() {
    let mistakes = mistakes_of("[node]\n");
    assert!(render(&mistakes, true).contains('\u{1b}'));
    assert!(!render(&mistakes, false).contains('\u{1b}'));
}
