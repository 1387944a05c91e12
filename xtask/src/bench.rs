//! `cargo xtask bench NAME`: measures in release, beside what is aimed at.
//!
//! Called by hand, and before a release. It measures nothing itself: a benchmark is a `[[bench]]`
//! of `testbed`, or of the program that it is about.

use crate::ci::cargo;

/// The benchmarks, and the packages that they are of.
const BENCHES: &[(&str, &str)] = &[
    ("apis", "simulator"),
    ("eem", "testbed"),
    ("ingress", "testbed"),
    ("lab", "testbed"),
    ("ssh", "testbed"),
];

/// Runs one benchmark; what it measures goes to the terminal.
pub(crate) fn bench(name: &str, rest: &[&str]) -> Result<(), String> {
    let Some((_, package)) = BENCHES.iter().find(|(bench, _)| *bench == name) else {
        let names: Vec<&str> = BENCHES.iter().map(|(bench, _)| *bench).collect();
        return Err(format!("no benchmark is called `{name}`; there is {}", names.join(", ")));
    };
    let bench = ["bench", "-p", package, "--bench", name, "--locked", "--"];
    cargo(&[&bench[..], rest].concat(), &[])
}
