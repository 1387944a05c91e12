//! `cargo xtask fuzz [TARGET] [--seconds N]`: new cases for what anybody can send to a router.
//!
//! Called by hand, and before a release. It judges nothing itself: the targets are an ignored test
//! of `simulator`, and their short form runs with all others.

use crate::ci::cargo;

/// How long all targets together take, unless somebody says another time.
const SECONDS: &str = "60";

/// Runs the targets, or one of them; what each counts goes to the terminal.
pub(crate) fn fuzz(args: &[&str]) -> Result<(), String> {
    let (target, seconds) = match args {
        [] => ("", SECONDS),
        ["--seconds", seconds] => ("", *seconds),
        [target] => (*target, SECONDS),
        [target, "--seconds", seconds] | ["--seconds", seconds, target] => (*target, *seconds),
        _ => return Err("usage: cargo xtask fuzz [TARGET] [--seconds N]".to_owned()),
    };
    if seconds.parse::<u64>().is_err() {
        return Err(format!("`{seconds}` is no number of seconds"));
    }
    // Not in release: checks of overflow and all.
    let test = ["test", "-p", "simulator", "--test", "fuzz", "--locked", "--"];
    let args = [&test[..], &["--ignored", "--nocapture", "new_cases"]].concat();
    cargo(&args, &[("EDNM_FUZZ_SECS", seconds), ("EDNM_FUZZ_TARGET", target)])
}
