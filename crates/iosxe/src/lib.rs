//! One virtual IOS XE router: a value that takes inputs and pushes outputs.
//!
//! Called by `lab`, once per input and once per deadline. It must never wait, open a socket, read a
//! clock or draw from a generator of its own: `now` and the seed come in, everything else goes out
//! through the [`Outbox`].

mod check;
mod command;
mod config;
mod device;
mod exec;
mod feature;
mod io;
mod models;
mod platform;
pub mod reference;
mod session;
mod signal;
mod terminal;
mod turn;

pub use check::{CheckedLine, LineFate, check_config};
pub use config::StartupProblem;
pub use device::Device;
pub use feature::environment::temperature_sensors;
pub use feature::template::{SHOWS_MAX, ShowMistake, ShowTemplate, Shows};
pub use io::*;
pub use platform::Platform;
pub use terminal::SESSION_BYTES_MAX;
