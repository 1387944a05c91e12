//! Certificates that a file names: read where they are named, held to be certificates, no more.
//!
//! Called by the loaders of topology.toml and listener.toml. What is in them is checked when they
//! are used: there is no TLS here.

use crate::Files;

/// What every certificate in PEM begins with (RFC 7468, section 5.1).
const BEGIN: &str = "-----BEGIN CERTIFICATE-----";

/// Why a file gives no certificate.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NoCertificates {
    /// What is wrong.
    pub message: String,
    /// Why, or what was expected.
    pub reason: String,
}

/// Certificates in PEM; `file:` may stand before the path, as before a secret's.
pub fn certificates(named: &str, files: &mut dyn Files) -> Result<String, NoCertificates> {
    match files.read(named.strip_prefix("file:").unwrap_or(named)) {
        Ok(text) if text.contains(BEGIN) => Ok(text),
        Ok(_) => Err(NoCertificates {
            message: format!("`{named}` holds no certificate in PEM"),
            reason: format!("expected `{BEGIN}`"),
        }),
        Err(reason) => {
            let message = format!("cannot read the certificates of `{named}`");
            Err(NoCertificates { message, reason })
        }
    }
}
