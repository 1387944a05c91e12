//! The automation side as one value: verify, decide, act on devices.
//!
//! Driven by the listener's live loop and by the testbed's virtual queue. It has no socket, no
//! database and no clock, and never sees a crate of the device side: it must work on real routers.

mod io;

pub use io::*;
