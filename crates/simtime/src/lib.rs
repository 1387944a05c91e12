//! Simulated time and seeded randomness, for every pure crate.
//!
//! Called by everything under `crates/`; it must never read the operating system's clock or its
//! random generator: a program passes `now` in, and a seed.

mod rng;
mod time;
mod timers;

pub use rng::Rng;
pub use time::{Duration, ParseDurationError, ParseTimeError, Time};
pub use timers::{TimerId, Timers};
