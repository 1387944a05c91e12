//! What the listener takes in, and how soon it answers with what a router says, beside others.
//!
//! Run by `cargo xtask bench ingress`, in release. One load program and one machine for all, in
//! turns, so that the machine's other work meets each alike; of each the median turn counts. A peer
//! that cannot be had is one line. `--quick` is a short form, `--only intake|look` one half.

#![expect(clippy::disallowed_macros, reason = "its measures are all that it prints")]
#![expect(clippy::unwrap_used, reason = "a benchmark that cannot go on says where and ends")]

mod ceiling;
mod intake;
mod load;
mod look;
mod peers;

use std::process::Command;
use std::time::Duration;

/// How long and how often each server is measured.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Effort {
    pub(crate) rounds: usize,
    pub(crate) round: Duration,
    /// Requests of the second half, of each kind.
    pub(crate) looks: usize,
}

const WHOLE: Effort = Effort { rounds: 5, round: Duration::from_secs(4), looks: 40 };
const QUICK: Effort = Effort { rounds: 1, round: Duration::from_secs(2), looks: 8 };

fn main() {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let has = |word: &str| args.iter().any(|arg| arg == word);
    if has(ceiling::ARGUMENT) {
        return ceiling::serve();
    }
    let only = args.iter().position(|arg| arg == "--only").and_then(|at| args.get(at + 1));
    let wants = |half: &str| only.is_none_or(|only| only == half);
    let effort = if has("--quick") { QUICK } else { WHOLE };
    machine();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    if wants("intake") {
        runtime.block_on(intake::measure(effort));
    }
    if wants("look") {
        runtime.block_on(look::measure(effort));
    }
}

/// What all of this ran on.
fn machine() {
    let said = |program: &str, args: &[&str]| {
        let output = Command::new(program).args(args).output();
        output.map(|output| String::from_utf8_lossy(&output.stdout).trim().to_owned())
    };
    let cores = std::thread::available_parallelism().map_or(1, |cores| cores.get());
    let kernel = said("uname", &["-sr"]).unwrap_or_default();
    let busy = std::fs::read_to_string("/proc/loadavg").unwrap_or_default();
    let busy = busy.split(' ').next().unwrap_or_default();
    println!("{cores} cores, {kernel}, load {busy} at the start");
}

/// The one in the middle.
pub(crate) fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values.get(values.len() / 2).copied().unwrap_or(f64::NAN)
}
