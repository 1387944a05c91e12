//! The topology and inventory files: what both programs must know of the nodes.
//!
//! Read by `lab` (which routers, links and startup-configs) and by `automation` (which devices,
//! credentials and addresses). It opens no file and reads no environment: [`Files`] does, for it.

mod address;
mod certificates;
pub mod generate;
mod host_key;
mod https_trust;
mod load;
mod model;
mod secret;
mod url;

pub use address::{Address, AddressError};
pub use certificates::{NoCertificates, certificates};
pub use host_key::{HostKey, HostKeyError};
pub use https_trust::{CertificatePrint, CertificatePrintError, HttpsTrust};
pub use load::{Files, NoFiles};
pub use model::{
    Carrier, Dialect, Endpoint, Link, Node, NodeKind, SECRETS_MAX, Service, Show, SyslogTls,
    Topology,
};
pub use secret::{Secret, SecretRef};
pub use url::{Scheme, Url, UrlError};
