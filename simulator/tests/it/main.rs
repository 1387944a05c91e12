//! The simulator's skin against real clients: russh, OpenSSH, a UDP collector, its own program.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod bench;
mod client;
mod curl;
mod openssh;
mod program;
mod wires;
