//! Soaks: the real binaries under a load that lasts, judged by ledgers outside of them.
//!
//! Each has a short form that runs with every `cargo test`, and a long one, the same function with
//! larger numbers, that is `#[ignore]`d and run by `cargo xtask soak NAME`.

mod hostile;
mod kill;

use std::io::Write as _;

/// Tells how a soak goes. Not by `eprintln!`: the test runner hides what a passing test prints.
fn say(line: &str) {
    let _ = writeln!(std::io::stderr(), "{line}");
}

/// A number that the environment gives, else `default`.
fn number(variable: &str, default: u64) -> u64 {
    let Ok(text) = std::env::var(variable) else { return default };
    text.parse().unwrap_or_else(|_| panic!("{variable}={text} is no number"))
}
