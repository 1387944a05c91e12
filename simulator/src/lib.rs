//! The device side: a lab of virtual IOS XE routers behind real sockets.
//!
//! The program `simulator` and `ednm simulator ...` call [`run`]; `ednm demo` and `ednm up` call
//! [`live::spawn`]. It ferries bytes and shows what happens; what happens is the lab's.

pub mod args;
pub mod live;
pub mod report;
pub mod transport;

mod verb;

pub use args::Args;
pub use verb::{Bench, bench_of, find_topology, run, topology_of};
