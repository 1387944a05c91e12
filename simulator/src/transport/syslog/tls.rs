//! TLS to collectors: whom a router believes.
//!
//! The certificates that the topology names sign the collectors' own, which must be for the address
//! that the router is configured with; or one of them is the collector's own, to the byte (RFC
//! 5425, section 5.2, takes both). Nobody can believe everybody.

use std::io;
use std::net::IpAddr;
use std::sync::Arc;

use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream;
use tokio_rustls::rustls::client::WebPkiServerVerifier;
use tokio_rustls::rustls::client::danger::{
    HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier,
};
use tokio_rustls::rustls::crypto::ring;
use tokio_rustls::rustls::pki_types::pem::PemObject as _;
use tokio_rustls::rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use tokio_rustls::rustls::{
    ClientConfig, DigitallySignedStruct, Error, RootCertStore, SignatureScheme,
};

/// The certificates that a lab's routers believe; none believes nobody.
#[derive(Clone, Debug)]
pub(crate) struct Trust(Option<Arc<ClientConfig>>);

impl Trust {
    /// From the text of a PEM file. What is no certificate in it is left out.
    pub(crate) fn new(pem: Option<&str>) -> Self {
        let certificates = pem.map(|pem| CertificateDer::pem_slice_iter(pem.as_bytes()));
        let known: Vec<_> = certificates.into_iter().flatten().flatten().collect();
        let mut roots = RootCertStore::empty();
        roots.add_parsable_certificates(known.iter().cloned());
        let provider = Arc::new(ring::default_provider());
        let signed =
            WebPkiServerVerifier::builder_with_provider(Arc::new(roots), Arc::clone(&provider));
        // Without a root there is nobody to believe.
        let Ok(signed) = signed.build() else { return Trust(None) };
        let config = ClientConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .expect("the provider has suites for both versions")
            .dangerous()
            .with_custom_certificate_verifier(Arc::new(Known { signed, known }))
            .with_no_client_auth();
        Trust(Some(Arc::new(config)))
    }

    /// The handshake: who answers must be believed.
    pub(super) async fn greet(
        &self,
        address: IpAddr,
        stream: TcpStream,
    ) -> io::Result<TlsStream<TcpStream>> {
        let Some(config) = &self.0 else {
            return Err(io::Error::other("the topology names no `[syslog] ca`"));
        };
        let connector = TlsConnector::from(Arc::clone(config));
        connector.connect(ServerName::IpAddress(address.into()), stream).await
    }
}

/// Believes a certificate that it knows, and those that are signed by one.
#[derive(Debug)]
struct Known {
    signed: Arc<WebPkiServerVerifier>,
    known: Vec<CertificateDer<'static>>,
}

impl ServerCertVerifier for Known {
    fn verify_server_cert(
        &self,
        own: &CertificateDer<'_>,
        above: &[CertificateDer<'_>],
        name: &ServerName<'_>,
        stapled: &[u8],
        now: UnixTime,
    ) -> Result<ServerCertVerified, Error> {
        if self.known.contains(own) {
            return Ok(ServerCertVerified::assertion());
        }
        self.signed.verify_server_cert(own, above, name, stapled, now)
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        self.signed.verify_tls12_signature(message, certificate, signed)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        self.signed.verify_tls13_signature(message, certificate, signed)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.signed.supported_verify_schemes()
    }
}
