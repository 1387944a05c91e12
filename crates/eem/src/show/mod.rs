//! The tables of `show event manager ...`, in the layouts of eem.md, section 6.1.
//!
//! `stamp` prints an instant on the router's own clock: `Wed Mar10 13:22:46 2021`, `Thu Jan 1 ...`,
//! the day in two columns and no blank before it.

mod detector;
mod history;
mod policy;
mod scheduler;

pub use detector::{detectors, version};
pub use history::{Trap, history_events, history_traps};
pub use policy::{Filter, Order, policy_registered, statistics_policy, statistics_server};
pub use scheduler::{policy_active, policy_pending, scheduler_threads};

use std::fmt::Write as _;

use crate::Director;

/// `show event manager environment [all]`
pub fn environment(director: &Director) -> String {
    let mut text = String::new();
    for (number, (name, value)) in (1..).zip(director.environment()) {
        if number == 1 {
            text += "No.  Name                          Value\n";
        }
        // Writing to a string cannot fail.
        let _ = writeln!(text, "{number:<5}{name:<30}{value}");
    }
    text
}
