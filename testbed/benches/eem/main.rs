//! What applets cost: log messages through many patterns, runs, and memory of a large lab.
//!
//! Run by `cargo xtask bench eem`, in release, on one core. It prints what it measured, beside the
//! aim; a measure that misses its aim by more than a factor of two fails the run.

#![expect(clippy::disallowed_macros, reason = "its measures are all that it prints")]

mod bare;
mod messages;
mod runs;
mod shared;

fn main() {
    let held = [messages::run(), runs::run(), shared::run()];
    if held.contains(&false) {
        eprintln!("error: a measure misses its aim by more than a factor of two");
        std::process::exit(1);
    }
}

/// Prints a rate beside what is aimed at; whether it holds within a factor of two.
fn at_least(what: &str, measured: f64, aim: f64) -> bool {
    let mark = if measured >= aim { "" } else { "  MISSED" };
    println!("{what}: {measured:.0}/s (aim {aim:.0}/s){mark}");
    measured * 2.0 >= aim
}

/// Prints a size beside what is aimed at; whether it holds within a factor of two.
fn at_most(what: &str, measured: f64, aim: f64) -> bool {
    let mark = if measured <= aim { "" } else { "  MISSED" };
    println!("{what}: {measured:.2} KiB (aim {aim:.2} KiB){mark}");
    measured <= 2.0 * aim
}
