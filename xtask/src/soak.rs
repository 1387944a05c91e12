//! `cargo xtask soak NAME`: the long form of a test, which is too long for every run.
//!
//! Called by hand, and before a release. It judges nothing itself: a soak is an ignored test of
//! `testbed`, and its short form runs with all others.

use crate::ci::cargo;

/// The soaks, and the tests that they are.
const SOAKS: &[(&str, &str)] = &[("hostile", "soak::hostile::"), ("kill", "soak::kill::")];

/// Runs one soak; what it counts goes to the terminal.
pub(crate) fn soak(name: &str) -> Result<(), String> {
    let Some((_, tests)) = SOAKS.iter().find(|(soak, _)| *soak == name) else {
        let names: Vec<&str> = SOAKS.iter().map(|(soak, _)| *soak).collect();
        return Err(format!("no soak is called `{name}`; there is {}", names.join(", ")));
    };
    // Not in release: the binaries are those that the short form tests, checks of overflow and all.
    let test = ["test", "-p", "testbed", "--test", "it", "--locked"];
    cargo(&[&test[..], &["--", "--ignored", "--nocapture", tests]].concat(), &[])
}
