//! Whom a router believes over TLS: certificates that it knows, and those that they sign.
//!
//! Used for collectors of syslog and for webhooks. What a certificate says of itself proves
//! nothing; that its server has the key is proved in the handshake.

use std::sync::Arc;

use tokio_rustls::rustls::client::WebPkiServerVerifier;
use tokio_rustls::rustls::client::danger::{
    HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier,
};
use tokio_rustls::rustls::crypto::{self, WebPkiSupportedAlgorithms, ring};
use tokio_rustls::rustls::pki_types::pem::PemObject as _;
use tokio_rustls::rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use tokio_rustls::rustls::server::{ParsedCertificate, VerifierBuilderError};
use tokio_rustls::rustls::{
    CertificateError, DigitallySignedStruct, Error, RootCertStore, SignatureScheme,
};

/// Every certificate of a PEM text; what is none is left out.
pub(super) fn certificates(pem: Option<&str>) -> Vec<CertificateDer<'static>> {
    let all = pem.map(|pem| CertificateDer::pem_slice_iter(pem.as_bytes()));
    all.into_iter().flatten().flatten().collect()
}

/// What signs the certificates that are believed.
pub(super) fn signed_by(
    known: &[CertificateDer<'static>],
) -> Result<Arc<WebPkiServerVerifier>, VerifierBuilderError> {
    let mut roots = RootCertStore::empty();
    roots.add_parsable_certificates(known.iter().cloned());
    let provider = Arc::new(ring::default_provider());
    WebPkiServerVerifier::builder_with_provider(Arc::new(roots), provider).build()
}

/// The rule for one kind of server.
#[derive(Debug)]
pub(super) struct Rule {
    pub(super) kind: Kind,
    /// What signs, if anything does.
    pub(super) signed: Option<Arc<WebPkiServerVerifier>>,
    pub(super) known: Vec<CertificateDer<'static>>,
}

/// How a certificate that is known to the byte is looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// It is the server's, whatever it says (RFC 5425, section 5.2).
    Pinned,
    /// It must be for the name, and good, as any other (RFC 9110, section 4.3.4).
    Named,
    /// Any certificate will do: somebody said `-k`.
    Anybody,
}

impl ServerCertVerifier for Rule {
    fn verify_server_cert(
        &self,
        own: &CertificateDer<'_>,
        above: &[CertificateDer<'_>],
        name: &ServerName<'_>,
        stapled: &[u8],
        now: UnixTime,
    ) -> Result<ServerCertVerified, Error> {
        let is_known = self.known.contains(own);
        match self.kind {
            Kind::Anybody => return Ok(ServerCertVerified::assertion()),
            Kind::Pinned if is_known => return Ok(ServerCertVerified::assertion()),
            Kind::Named if is_known => return named(own, name, now),
            Kind::Pinned | Kind::Named => {}
        }
        match &self.signed {
            Some(signed) => signed.verify_server_cert(own, above, name, stapled, now),
            None => Err(Error::InvalidCertificate(CertificateError::UnknownIssuer)),
        }
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        crypto::verify_tls12_signature(message, certificate, signed, &algorithms())
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        crypto::verify_tls13_signature(message, certificate, signed, &algorithms())
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        algorithms().supported_schemes()
    }
}

fn algorithms() -> WebPkiSupportedAlgorithms {
    ring::default_provider().signature_verification_algorithms
}

/// A certificate that signs itself, and is known.
fn named(
    own: &CertificateDer<'_>,
    name: &ServerName<'_>,
    now: UnixTime,
) -> Result<ServerCertVerified, Error> {
    let end = host::tls::Shown::of(own).map_or(0, |shown| shown.end.as_secs());
    if end < now.as_secs() {
        return Err(Error::InvalidCertificate(CertificateError::Expired));
    }
    let parsed = ParsedCertificate::try_from(own)?;
    tokio_rustls::rustls::client::verify_server_name(&parsed, name)?;
    Ok(ServerCertVerified::assertion())
}
