//! The crate from outside, over tables of two small modules.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod defaults;
mod edits;
mod filters;
mod forms;
mod hostile;
mod lines;
mod support;
