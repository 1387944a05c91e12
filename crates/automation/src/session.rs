//! A device, driven over bytes: its command line (prompt, privilege, commands, answers) or NETCONF.
//!
//! Used by the automation for its jobs and by `listener device check`, which carry the bytes. It
//! knows IOS XE as a client sees it and nothing else; it has no clock, and every wait has a bound.

mod answer;
mod conversation;
mod driver;
mod look;
mod netconf;
mod prompt;
pub(crate) mod restconf;
mod running;
mod screen;

pub(crate) use answer::{complaint, configuration_complaint};
pub(crate) use conversation::Conversation;
pub use driver::{Answered, Driver, Failure, Plan, Told, Work};
pub use screen::OUTPUT_BYTES_MAX;
