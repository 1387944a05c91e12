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
use tokio_rustls::rustls::ClientConfig;
use tokio_rustls::rustls::crypto::ring;
use tokio_rustls::rustls::pki_types::pem::PemObject as _;
use tokio_rustls::rustls::pki_types::{PrivateKeyDer, ServerName};
use topology::{Secret, SyslogTls};

use crate::transport::trust::{Kind, Rule, certificates, signed_by};

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
    let signed = signed_by(&known);
    let signed = signed.map_err(|error| format!("`[syslog] ca` of the topology: {error}"))?;
    let rule = Rule { kind: Kind::Pinned, signed: Some(signed), known };
    let config = ClientConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()
        .expect("the provider has suites for both versions")
        .dangerous()
        .with_custom_certificate_verifier(Arc::new(rule));
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
