//! RESTCONF without sockets (RFC 8040), with the codes and texts of IOS XE where it has its own.
//!
//! A [`Request`] goes in, a [`Response`] comes out; between them stands a [`Datastore`], which the
//! router is. Nothing here knows what a router is, or who may ask: that was seen to before.

mod body;
mod message;
mod path;
mod query;
mod serve;

pub use message::{Media, Method, Request, Response, Unread, basic, refusal, unauthorized, unread};
pub use path::{DataPath, PathError, ROOT, encoded};
pub use query::{Content, Query};
pub use serve::{Datastore, HOST_META, serve};
