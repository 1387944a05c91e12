//! A client of RESTCONF that keeps its connection: rustls, and as much of HTTP as that takes.

use std::sync::Arc;

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream;
use tokio_rustls::rustls::crypto::ring;
use tokio_rustls::rustls::pki_types::pem::PemObject as _;
use tokio_rustls::rustls::pki_types::{CertificateDer, ServerName};
use tokio_rustls::rustls::{ClientConfig, RootCertStore};

use crate::server::Server;

/// A connection over TLS.
pub(crate) struct Connection(TlsStream<TcpStream>);

impl Connection {
    pub(crate) async fn open(server: &Server) -> Self {
        let mut roots = RootCertStore::empty();
        roots.add(CertificateDer::from_pem_slice(&server.ca).unwrap()).unwrap();
        let config = ClientConfig::builder_with_provider(Arc::new(ring::default_provider()))
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_root_certificates(roots)
            .with_no_client_auth();
        let stream = TcpStream::connect(("127.0.0.1", server.restconf)).await.unwrap();
        stream.set_nodelay(true).unwrap();
        let name = ServerName::try_from("R1").unwrap();
        Connection(TlsConnector::from(Arc::new(config)).connect(name, stream).await.unwrap())
    }

    /// One GET; how large the body of the answer is.
    pub(crate) async fn get(&mut self, path: &str) -> usize {
        let request = format!(
            "GET {path} HTTP/1.1\r\nHost: R1\r\nAuthorization: Basic YWRtaW46YWRtaW4=\r\n\r\n"
        );
        self.0.write_all(request.as_bytes()).await.unwrap();
        let mut answer = Vec::new();
        let (head, length) = loop {
            let mut part = [0; 16 * 1024];
            let count = self.0.read(&mut part).await.unwrap();
            assert_ne!(count, 0, "the router ends the connection");
            answer.extend_from_slice(&part[..count]);
            if let Some(end) = answer.windows(4).position(|window| window == b"\r\n\r\n") {
                let head = String::from_utf8_lossy(&answer[..end]).to_ascii_lowercase();
                assert!(head.starts_with("http/1.1 200"), "{head}");
                let length = head.split("content-length: ").nth(1).unwrap();
                let length: usize = length.lines().next().unwrap().parse().unwrap();
                break (end + 4, length);
            }
        };
        let mut rest = vec![0; (head + length).saturating_sub(answer.len())];
        self.0.read_exact(&mut rest).await.unwrap();
        length
    }
}
