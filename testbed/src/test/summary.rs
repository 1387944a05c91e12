//! The end of a report: one line that sums all runs up, and the failures again below it.
//!
//! Called once by the report. Rare counts are told only when there are any.

use std::time::Duration;

use host::check::count;
use host::message::{ERROR, SUCCESS};

use super::tell::{tally, verb};
use super::trial::Tally;

/// Runs, by what came of them.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Counts {
    pub(super) passed: usize,
    pub(super) failed: usize,
    /// Could not be run.
    pub(super) broken: usize,
    /// Were not run.
    pub(super) left: usize,
    /// How many scenarios they are of.
    pub(super) scenarios: usize,
}

impl Counts {
    pub(super) fn told(&self) -> usize {
        self.passed + self.failed + self.broken
    }

    pub(super) fn is_good(&self) -> bool {
        self.failed == 0 && self.broken == 0 && self.left == 0
    }
}

/// `Summary  [0.31s]  12 scenarios: 11 passed, 1 failed`
pub(super) fn line(counts: &Counts, all: &Tally, took: Duration) -> String {
    let style = if counts.is_good() { SUCCESS } else { ERROR };
    let told = counts.told();
    let of = match counts.scenarios {
        scenarios if scenarios == told => count(told, "scenario"),
        scenarios => format!("{} of {}", count(told, "run"), count(scenarios, "scenario")),
    };
    let mut kinds = vec![format!("{} passed", counts.passed)];
    let rare = [(counts.failed, "failed"), (counts.broken, "broken"), (counts.left, "not run")];
    kinds.extend(rare.iter().filter(|(n, _)| *n > 0).map(|(n, what)| format!("{n} {what}")));
    format!(
        "────────────\n{}  [{:.2}s]  {of}: {} · {}",
        verb(style, "Summary"),
        took.as_secs_f64(),
        kinds.join(", "),
        tally(all),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Goal: every state of the summary reads well. Method: one line for each, as printed.
    #[test]
    fn every_state_reads_well() {
        let tally = Tally { lines: 9, faults: 1, messages: 4, ..Tally::default() };
        let states = [
            Counts { passed: 1, scenarios: 1, ..Counts::default() },
            Counts { passed: 11, failed: 1, scenarios: 12, ..Counts::default() },
            Counts { passed: 99, failed: 1, scenarios: 1, ..Counts::default() },
            Counts { passed: 3, broken: 1, left: 2, scenarios: 4, ..Counts::default() },
        ];
        let lines = states.map(|counts| line(&counts, &tally, Duration::from_millis(310)));
        let text = anstream::adapter::strip_str(&lines.join("\n")).to_string();
        expect_test::expect![[r#"
            ────────────
                 Summary  [0.31s]  1 scenario: 1 passed · 1 fault, 4 messages
            ────────────
                 Summary  [0.31s]  12 scenarios: 11 passed, 1 failed · 1 fault, 4 messages
            ────────────
                 Summary  [0.31s]  100 runs of 1 scenario: 99 passed, 1 failed · 1 fault, 4 messages
            ────────────
                 Summary  [0.31s]  4 scenarios: 3 passed, 1 broken, 2 not run · 1 fault, 4 messages
        "#]]
        .assert_eq(&format!("{text}\n"));
    }
}
