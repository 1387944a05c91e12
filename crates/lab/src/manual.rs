//! What people can read about the language of scenarios, from the registries themselves.
//!
//! Asked by the tests that hold `docs/scenarios.md` against the code and load every example.

use crate::step::{Target, VERBS};

/// One word of the language.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// The key in a scenario.
    pub word: &'static str,
    /// What stands behind it: `INTERFACE`, `{ to, over }`.
    pub argument: &'static str,
    /// What it does, or when it is met.
    pub help: &'static str,
    /// A line of a scenario for R1 of the shipped lab.
    pub example: &'static str,
    /// Whether its step names a node.
    pub of_a_node: bool,
}

/// The verbs of steps, in the order of help.
pub fn steps() -> Vec<Entry> {
    let entry = |verb: &&crate::step::Verb| Entry {
        word: verb.word,
        argument: verb.argument,
        help: verb.help,
        example: verb.example,
        of_a_node: verb.target == Target::Node,
    };
    VERBS.iter().map(entry).collect()
}

/// Entries as a table in Markdown, below these headings.
pub fn table(headings: [&str; 3], entries: &[Entry]) -> String {
    let mut text = format!("| {} |\n|---|---|---|\n", headings.join(" | "));
    for Entry { word, argument, help, example, .. } in entries {
        let cell = |text: &str| text.replace('|', "\\|");
        let key = cell(&format!("{word} = {argument}"));
        text += &format!("| `{key}` | {} | `{}` |\n", cell(help), cell(example));
    }
    text
}
