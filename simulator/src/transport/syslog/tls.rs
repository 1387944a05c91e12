//! TLS to collectors: whom a router believes.
//!
//! The certificates that the topology names sign the collectors' own, which must be for the address
//! that the router is configured with (RFC 5425, section 5.2). Nobody can believe everybody.

use std::io;
use std::net::IpAddr;
use std::sync::Arc;

use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream;
use tokio_rustls::rustls::crypto::ring;
use tokio_rustls::rustls::pki_types::pem::PemObject as _;
use tokio_rustls::rustls::pki_types::{CertificateDer, ServerName};
use tokio_rustls::rustls::{ClientConfig, RootCertStore};

/// The certificates that a lab's routers believe; none believes nobody.
#[derive(Clone, Debug)]
pub(crate) struct Trust(Option<Arc<ClientConfig>>);

impl Trust {
    /// From the text of a PEM file. What is no certificate in it is left out.
    pub(crate) fn new(pem: Option<&str>) -> Self {
        let mut roots = RootCertStore::empty();
        let certificates = pem.map(|pem| CertificateDer::pem_slice_iter(pem.as_bytes()));
        roots.add_parsable_certificates(certificates.into_iter().flatten().flatten());
        if roots.is_empty() {
            return Trust(None);
        }
        let provider = Arc::new(ring::default_provider());
        let config = ClientConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .expect("the provider has suites for both versions")
            .with_root_certificates(roots)
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
