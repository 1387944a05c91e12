//! What the programs share beside their subject: clock, state directory, files, common arguments,
//! messages, log lines, exit codes.
//!
//! Called by `simulator`, `listener` and `testbed`; it must never know a lab or an automation, so
//! that either program can be built without the other's half.

mod clock;
mod line;
mod logging;
mod state;

pub mod args;
pub mod check;
pub mod control;
pub mod exit;
pub mod files;
pub mod http;
pub mod keep;
pub mod known_hosts;
pub mod message;
pub mod program;
pub mod signal;
pub mod tls;

pub use clock::LiveClock;
pub use diagnostic::text;
pub use exit::{ExitCode, ExpectedError};
pub use line::Line;
pub use program::run_program;
pub use state::{StateDir, StateError};
