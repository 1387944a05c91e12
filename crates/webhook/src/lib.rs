//! Webhook events: header names, credentials, signatures and the shape of a body.
//!
//! Used by the lab's sender, which signs, and by the automation, which verifies. It has no clock
//! (a caller passes `now`) and never shows a secret: keys and tokens have no readable `Debug`.

pub mod basic;
pub mod bearer;
pub mod body;
mod event;
pub mod form;
pub mod fresh;
pub mod github;
pub mod header;
pub mod stamp;
pub mod standard;

pub use event::{DeviceFrom, Event, Normalized};
