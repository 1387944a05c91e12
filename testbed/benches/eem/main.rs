//! What applets cost: log messages through many patterns, runs, memory of a large lab; and off the
//! box the checker and unit tests.
//!
//! Run by `cargo xtask bench eem`, in release, on one core. It prints what it measured, beside the
//! aim; a measure that misses its aim by more than a factor of two fails the run.

#![expect(clippy::disallowed_macros, reason = "its measures are all that it prints")]

mod bare;
mod messages;
mod off_box;
mod runs;
mod shared;

fn main() {
    let held = [messages::run(), runs::run(), shared::run(), off_box::run()];
    if held.contains(&false) {
        eprintln!("error: a measure misses its aim by more than a factor of two");
        std::process::exit(1);
    }
}

/// Seconds that this thread has had of a core (proc(5), `/proc/thread-self/schedstat`): what else
/// runs on the machine is not counted. Where that is not known, real time.
fn core_seconds() -> f64 {
    static START: std::sync::OnceLock<std::time::Instant> = std::sync::OnceLock::new();
    let told = std::fs::read_to_string("/proc/thread-self/schedstat").unwrap_or_default();
    let nanos = told.split(' ').next().and_then(|nanos| nanos.parse::<f64>().ok());
    let real = || START.get_or_init(std::time::Instant::now).elapsed().as_secs_f64();
    nanos.map_or_else(real, |nanos| nanos / 1e9)
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
