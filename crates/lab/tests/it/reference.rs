//! `docs/scenarios.md` says what the code says.

use std::fmt::Write as _;

use expect_test::expect_file;
use lab::reference::{self, Entry};

use crate::{scenario, shipped};

/// Goal: every example of the reference is one. Method: each is loaded for the shipped lab.
#[test]
fn every_example_loads() {
    let lab = shipped(1);
    for Entry { example, of_node, .. } in reference::steps() {
        let node = if of_node { "node = \"R1\"\n" } else { "" };
        let loaded = scenario(&format!("[[steps]]\nat = \"1s\"\n{node}{example}\n"), &lab);
        assert_eq!(loaded.steps.len(), 1, "{example}");
    }
    for Entry { example, .. } in reference::expectations() {
        let loaded = scenario(&format!("[[expect]]\nwithin = \"1s\"\n{example}\n"), &lab);
        assert_eq!(loaded.expectation_count(), 1, "{example}");
    }
}

/// Goal: the tables of the document are those of the code. Method: each is made anew between its
/// marks; `UPDATE_EXPECT=1`, which `cargo xtask bless` sets, writes them.
#[test]
fn the_document_is_the_code() {
    let text = include_str!("../../../../docs/scenarios.md");
    let made = replace(text, "steps", &table("step | does", reference::steps()));
    let expectations = table("expectation | is met when", reference::expectations());
    let made = replace(&made, "expectations", &expectations);
    expect_file!["../../../../docs/scenarios.md"].assert_eq(&made);
}

fn table(head: &str, entries: impl Iterator<Item = Entry>) -> String {
    let mut text = format!("| {head} | for example |\n|---|---|---|\n");
    for Entry { word, argument, help, example, .. } in entries {
        let argument = argument.replace('|', "\\|");
        let example = example.replace('|', "\\|");
        let _ = writeln!(text, "| `{word} = {argument}` | {help} | `{example}` |");
    }
    text
}

/// The text with what stands between two marks replaced.
fn replace(text: &str, mark: &str, by: &str) -> String {
    let (open, close) = (format!("<!-- {mark} -->\n"), format!("<!-- /{mark} -->"));
    let start = text.find(&open).expect("the document has the mark") + open.len();
    let end = start + text[start..].find(&close).expect("the document has the end mark");
    format!("{}{by}{}", &text[..start], &text[end..])
}
