//! Certificates: the authority of a state directory, what it signs, and what servers show.
//!
//! Called by the simulator for RESTCONF and by the listener for its own port. No key leaves it but
//! to its file and to the library that uses it.

mod authority;
mod certificate;
mod server;

pub(crate) use authority::FILE_NAME as AUTHORITY_FILE_NAME;
pub use authority::{Authority, CertificateError, Identity, Known, Pair, authority};
pub use certificate::{Name, NoName, Shown, distinct, local_names, router_names};
pub use server::{PairError, Served, read_pair};
