//! TLS to collectors: whom a router believes.
//!
//! The certificates that the topology names sign the collectors' own, which must be for the address
//! that the router is configured with; or one of them is the collector's own, to the byte (RFC
//! 5425, section 5.2, takes both). Nobody can believe everybody. And who the router is, for a
//! collector that asks (section 4.2.2).

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
use tokio_rustls::rustls::pki_types::{CertificateDer, PrivateKeyDer, ServerName, UnixTime};
use tokio_rustls::rustls::{
    ClientConfig, DigitallySignedStruct, Error, RootCertStore, SignatureScheme,
};
use topology::{Secret, SyslogTls};

/// How a lab's routers greet collectors, or why they cannot.
#[derive(Clone, Debug)]
pub(crate) struct Trust(Result<Arc<ClientConfig>, Arc<str>>);

impl Trust {
    /// From what the topology names. What is no certificate in a file is left out.
    pub(crate) fn new(tls: &SyslogTls) -> Self {
        Trust(configure(tls).map(Arc::new).map_err(Into::into))
    }

    /// The handshake: who answers must be believed.
    pub(super) async fn greet(
        &self,
        address: IpAddr,
        stream: TcpStream,
    ) -> io::Result<TlsStream<TcpStream>> {
        let config = self.0.as_ref().map_err(|why| io::Error::other(why.to_string()))?;
        let connector = TlsConnector::from(Arc::clone(config));
        connector.connect(ServerName::IpAddress(address.into()), stream).await
    }
}

fn configure(tls: &SyslogTls) -> Result<ClientConfig, String> {
    let known = certificates(tls.ca.as_deref());
    let mut roots = RootCertStore::empty();
    roots.add_parsable_certificates(known.iter().cloned());
    let provider = Arc::new(ring::default_provider());
    let roots = Arc::new(roots);
    let signed = WebPkiServerVerifier::builder_with_provider(roots, Arc::clone(&provider)).build();
    let signed = signed.map_err(|error| format!("`[syslog] ca` of the topology: {error}"))?;
    let config = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .expect("the provider has suites for both versions")
        .dangerous()
        .with_custom_certificate_verifier(Arc::new(Known { signed, known }));
    let own = certificates(tls.certificate.as_deref());
    if own.is_empty() {
        return Ok(config.with_no_client_auth());
    }
    let key = tls.key.as_ref().map_or(Err("there is none".to_owned()), Secret::expose);
    let key = key.and_then(|pem| {
        PrivateKeyDer::from_pem_slice(pem.as_bytes()).map_err(|error| error.to_string())
    });
    let key = key.map_err(|error| format!("`[syslog] key` of the topology: {error}"))?;
    let config = config.with_client_auth_cert(own, key);
    config.map_err(|error| format!("`[syslog] certificate` of the topology: {error}"))
}

fn certificates(pem: Option<&str>) -> Vec<CertificateDer<'static>> {
    let all = pem.map(|pem| CertificateDer::pem_slice_iter(pem.as_bytes()));
    all.into_iter().flatten().flatten().collect()
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
