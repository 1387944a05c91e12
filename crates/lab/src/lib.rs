//! Many routers and what happens to them: links, scenarios, expectations, delivery, trace.
//!
//! Driven by the simulator's live loop and by the testbed's virtual queue. A lab is a value: it
//! never opens a socket and never reads a clock.

mod io;

pub use io::*;
