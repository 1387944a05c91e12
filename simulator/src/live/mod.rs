//! A live lab: the value, its clock, its ports, and the one task that owns it.
//!
//! Started by the verbs and by `ednm`. All that happens to the lab goes through one bounded box
//! into one task, so that nothing here can make two things happen to it at once.

mod handle;
pub(crate) mod mailbox;
mod owner;
pub mod record;
mod start;
mod trace;

pub use crate::transport::ssh::keys::{KeyError, KeyKinds};
pub use handle::{LiveLab, Remote};
pub use mailbox::Stopped;
pub use start::{LiveError, LiveOptions, spawn};
pub use trace::{TraceError, TraceFile};
