//! TLS of webhooks: whom a router believes over https.
//!
//! What the topology names, or what an emulated `curl` was told. Nothing of the machine that this
//! runs on is believed: no router would know its authorities.

use std::error::Error;
use std::io;
use std::sync::Arc;

use lab::{Distrust, HttpFailure, HttpTrust};
use tokio_rustls::rustls::crypto::ring;
use tokio_rustls::rustls::{CertificateError, ClientConfig, Error as TlsError};

use crate::transport::trust::{Kind, Rule, certificates, signed_by};

/// How requests greet a server that they believe by this rule; `ca` is the topology's.
pub(super) fn config(trust: &HttpTrust, ca: Option<&str>) -> ClientConfig {
    let (kind, known) = match trust {
        HttpTrust::Lab => (Kind::Named, certificates(ca)),
        HttpTrust::Authorities(pem) => (Kind::Named, certificates(Some(pem))),
        HttpTrust::Anybody => (Kind::Anybody, Vec::new()),
    };
    // Where nothing is known nothing is believed.
    let rule = Rule { kind, signed: signed_by(&known).ok(), known };
    ClientConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()
        .expect("the provider has suites for both versions")
        .dangerous()
        .with_custom_certificate_verifier(Arc::new(rule))
        .with_no_client_auth()
}

/// What went wrong with TLS, if it was that. `greeting`: nothing was sent yet.
pub(super) fn failure(error: &(dyn Error + 'static), greeting: bool) -> Option<HttpFailure> {
    let (mut error, mut kind) = (error, None);
    // An error of I/O may hold another one, and its `source` is not that but what caused that.
    while let Some(io) = error.downcast_ref::<io::Error>() {
        kind = Some(io.kind());
        match io.get_ref() {
            Some(inner) => error = inner,
            None => break,
        }
    }
    match error.downcast_ref::<TlsError>() {
        Some(TlsError::InvalidCertificate(why)) => Some(HttpFailure::Untrusted(distrust(why))),
        Some(_) => Some(HttpFailure::Handshake),
        None => {
            let hung_up = [io::ErrorKind::UnexpectedEof, io::ErrorKind::ConnectionReset];
            let hung_up = kind.is_some_and(|kind| hung_up.contains(&kind));
            (greeting && hung_up).then_some(HttpFailure::Handshake)
        }
    }
}

fn distrust(why: &CertificateError) -> Distrust {
    match why {
        CertificateError::NotValidForName | CertificateError::NotValidForNameContext { .. } => {
            Distrust::Name
        }
        CertificateError::Expired
        | CertificateError::ExpiredContext { .. }
        | CertificateError::NotValidYet
        | CertificateError::NotValidYetContext { .. } => Distrust::Date,
        // Whatever else is wrong with it, nobody who is believed vouches for it.
        _ => Distrust::Authority,
    }
}
