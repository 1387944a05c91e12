//! `cargo xtask bench NAME`: measures in release, beside what is aimed at.
//!
//! Called by hand, and before a release. It measures nothing itself: a benchmark is a `[[bench]]`
//! of `testbed`.

use crate::ci::cargo;

/// The benchmarks.
const BENCHES: &[&str] = &["eem", "lab", "ssh"];

/// Runs one benchmark; what it measures goes to the terminal.
pub(crate) fn bench(name: &str, rest: &[&str]) -> Result<(), String> {
    if !BENCHES.contains(&name) {
        let names = BENCHES.join(", ");
        return Err(format!("no benchmark is called `{name}`; there is {names}"));
    }
    let bench = ["bench", "-p", "testbed", "--bench", name, "--locked", "--"];
    cargo(&[&bench[..], rest].concat(), &[])
}
