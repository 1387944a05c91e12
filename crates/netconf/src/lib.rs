//! NETCONF without sockets (RFC 6241, 6242): framing, messages, and the hello of a session, for the
//! router's side and for the listener's.
//!
//! Bytes go in, requests or replies come out; nothing here knows what a router is or where the
//! bytes come from. Whatever comes in is bounded in size and depth.

mod client;
mod framing;
mod hello;
mod json;
mod reply;
mod request;
mod session;
pub mod xml;

pub use client::{Client, Heard, Heeded};
pub use framing::{Decoder, FramingError, MESSAGE_BYTES_MAX, Version, frame};
pub use hello::{BASE, BASE_1_0, BASE_1_1, Hello};
pub use json::json_of_xml;
pub use reply::{Answer, Reply, ReplyError, error_xml};
pub use request::{
    Commit, Confirm, DefaultOperation, Edit, ErrorOption, Operation, Request, Selection, Target,
    TestOption, WithDefaults,
};
pub use session::{Received, Session};
pub use yang::escaped;
