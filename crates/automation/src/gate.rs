//! What holds a rule back that matches: windows, throttles, dampening, cool-down, our own changes.
//!
//! Asked by `decide` for each rule whose condition holds, and by the automation when a window
//! closes. It knows the instants of events alone, never those of their decision: a process that was
//! killed and decides again says the same. It runs nothing and has no clock.

mod change;
mod decay;
mod gates;
mod memory;
mod pass;
mod policy;
mod window;

pub(crate) use change::OwnChange;
pub(crate) use gates::{Asked, Closed, Gates};
pub use memory::{Change, Keeper, Kept, Memory, Opened, Penalty};
pub(crate) use pass::Answer;
pub(crate) use policy::{Dampen, OwnChanges, Policy, Throttle, Window};
