//! Every verb and every kind of expectation, as `docs/scenarios.md` lists them.
//!
//! Read by the test that holds the document to the code, which `cargo xtask bless` lets write it.

use crate::expectation::KINDS;
use crate::step::{Target, VERBS};

/// One line of the reference.
#[derive(Clone, Copy, Debug)]
pub struct Entry {
    /// The key in a scenario.
    pub word: &'static str,
    /// What stands behind it.
    pub argument: &'static str,
    /// What it does, or when it is met.
    pub help: &'static str,
    /// A line of a scenario that has it.
    pub example: &'static str,
    /// Whether its step is for a node.
    pub of_node: bool,
}

/// Every verb of a step.
pub fn steps() -> impl Iterator<Item = Entry> {
    VERBS.iter().map(|verb| Entry {
        word: verb.word,
        argument: verb.argument,
        help: verb.help,
        example: verb.example,
        of_node: verb.target == Target::Node,
    })
}

/// Every kind of expectation.
pub fn expectations() -> impl Iterator<Item = Entry> {
    KINDS.iter().map(|kind| Entry {
        word: kind.word,
        argument: kind.argument,
        help: kind.help,
        example: kind.example,
        of_node: false,
    })
}
