//! The command line of a device, driven over bytes: prompt, privilege, commands, answers.
//!
//! Used by `job`, which opens the session and carries the bytes. It knows IOS XE as a client sees
//! it and nothing else; it has no clock, and every wait of it has a bound.

mod answer;
mod driver;
mod prompt;
mod screen;

pub(crate) use driver::{Answered, Driver, Failure, Plan, Told};
