//! The listener's log: one line per fact, `EVENT_TYPE key=value key2=value2 ts=RFC3339`, on stderr.
//!
//! Written to by the live loop and by the serve verb. It never waits: a terminal that takes no more
//! lines loses some, and is told how many. A value can neither end a line nor forge a field.

mod lines;
mod writer;

pub use lines::Lines;
pub use writer::Log;
