//! Sessions to devices: SSH logins and the bytes of a terminal or of NETCONF, both ways; and
//! requests over HTTPS.
//!
//! Called by the live loop for each `OpenSession` and by `device check` step by step. It must never
//! log or return a secret, follow a redirect, or trust a key that the host-key rule does not.

mod algorithms;
pub mod api;
mod certificate;
mod host_key;
mod https;
mod session;
mod ssh;
mod target;

pub use host_key::KnownHosts;
pub use https::{Clients, RestTarget, ask, request};
pub use session::{SessionEvent, open};
pub use ssh::{HandshakeError, Login, Shell, connect_tcp, handshake_failure};
pub use target::{Target, TargetError};
