//! The command line of a device, driven over bytes: prompt, privilege, commands, answers.
//!
//! Used by the automation for its jobs and by `listener device check`, which carry the bytes. It
//! knows IOS XE as a client sees it and nothing else; it has no clock, and every wait has a bound.

mod answer;
mod driver;
mod look;
mod prompt;
mod running;
mod screen;

pub(crate) use answer::{complaint, configuration_complaint};
pub use driver::{Answered, Driver, Failure, Plan, Told, Work};
