//! What HTTP servers share: how a connection goes, who has a place, who gives way, and clients that
//! do not read.
//!
//! Called by the listener's receiver and by the simulator's servers. It knows no message.

mod converse;
mod descriptors;
mod place;
mod stream;

pub use converse::{Wire, converse, linger};
pub use place::{Bounds, Held, Occupancy, Place, Room};
pub use stream::Unstalled;
