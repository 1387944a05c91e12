//! The wires: bytes in, bytes out, no decision.
//!
//! Used by the live loop alone.

pub mod control;
pub(crate) mod events;
pub(crate) mod mail;
pub(crate) mod restconf;
pub(crate) mod shared;
pub(crate) mod ssh;
pub(crate) mod syslog;
mod trust;
pub(crate) mod webhook;
