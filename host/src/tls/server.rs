//! A server's side of TLS: a certificate and its key, as rustls wants them.

use std::io;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use tokio_rustls::rustls::crypto::ring;
use tokio_rustls::rustls::pki_types::pem::PemObject as _;
use tokio_rustls::rustls::pki_types::{CertificateDer, PrivateKeyDer};
use tokio_rustls::rustls::{self, ServerConfig};

use super::{Pair, Shown};
use crate::keep;

/// The protocol that the servers speak (RFC 7301).
const PROTOCOL: &[u8] = b"http/1.1";
/// Whoever is neither the owner nor of the group.
const OTHERS: u32 = 0o007;

/// What a server shows to its clients.
#[derive(Clone, Debug)]
pub struct Served {
    /// For the handshake.
    pub config: Arc<ServerConfig>,
    /// For people.
    pub shown: Shown,
    /// Whether everybody on this machine may read or write the file of the key.
    pub key_is_open: bool,
}

/// Why a certificate and a key are not taken.
#[derive(Debug, thiserror::Error)]
pub enum PairError {
    /// A file cannot be read.
    #[error("cannot read `{}`", path.display())]
    Read {
        /// Which.
        path: PathBuf,
        /// Why.
        #[source]
        source: io::Error,
    },
    /// A file holds something else.
    #[error("`{}` holds no {what} in PEM", path.display())]
    Format {
        /// Which.
        path: PathBuf,
        /// What it should hold.
        what: &'static str,
    },
    /// The key is another certificate's, or of a kind that is not known.
    #[error("`{}` and `{}` are no pair", certificate.display(), key.display())]
    Use {
        /// The file of the certificate.
        certificate: PathBuf,
        /// The file of the key.
        key: PathBuf,
        /// Why.
        #[source]
        source: rustls::Error,
    },
}

/// Reads a certificate, those between it and its root, and its key. Not for the runtime's threads.
pub fn read_pair(pair: &Pair) -> Result<Served, PairError> {
    let chain = text(&pair.certificate)?;
    let chain: Result<Vec<_>, _> = CertificateDer::pem_slice_iter(chain.as_bytes()).collect();
    let format = |path: &Path, what| PairError::Format { path: path.to_owned(), what };
    let chain = chain.map_err(|_| format(&pair.certificate, "certificate"))?;
    let shown = chain.first().and_then(Shown::of);
    let shown = shown.ok_or_else(|| format(&pair.certificate, "certificate"))?;
    let key = PrivateKeyDer::from_pem_slice(text(&pair.key)?.as_bytes());
    let key = key.map_err(|_| format(&pair.key, "private key"))?;
    let mode = std::fs::metadata(&pair.key).map(|found| found.permissions().mode());
    let config = config(chain, key).map_err(|source| {
        let Pair { certificate, key } = pair.clone();
        PairError::Use { certificate, key, source }
    })?;
    let key_is_open = mode.is_ok_and(|mode| mode & OTHERS != 0);
    Ok(Served { config: Arc::new(config), shown, key_is_open })
}

fn text(path: &Path) -> Result<String, PairError> {
    keep::read(path).map_err(|source| PairError::Read { path: path.to_owned(), source })
}

/// TLS 1.2 and 1.3; clients show no certificate.
pub(super) fn config(
    chain: Vec<CertificateDer<'static>>,
    key: PrivateKeyDer<'static>,
) -> Result<ServerConfig, rustls::Error> {
    let mut config = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()?
        .with_no_client_auth()
        .with_single_cert(chain, key)?;
    config.alpn_protocols = vec![PROTOCOL.to_vec()];
    Ok(config)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::StateDir;
    use crate::tls::{Authority, Name};
    use simtime::Time;

    /// Goal: only a whole pair is taken, and what is wrong is named. Method: two pairs of one
    /// authority, then their files mixed and spoilt.
    #[test]
    fn only_a_whole_pair_is_taken() {
        let state = StateDir::temporary().unwrap();
        let authority = Authority::in_directory(state.path(), Time::VIRTUAL_START).unwrap();
        let file = |name: &str| state.path().join(name);
        let pair = |name: &str| Pair {
            certificate: file(&format!("{name}.pem")),
            key: file(&format!("{name}.key")),
        };
        let names = [Name::parse("a.example").unwrap(), Name::parse("192.0.2.1").unwrap()];
        for name in ["a", "b"] {
            authority.issue(&pair(name), name, &names, Time::VIRTUAL_START).unwrap();
        }
        let read = read_pair(&pair("a")).unwrap();
        assert_eq!(read.shown.names, names);
        assert!(!read.key_is_open && !read.shown.serial.is_empty());
        let refusal = |certificate: &str, key: &str| {
            let pair = Pair { certificate: file(certificate), key: file(key) };
            read_pair(&pair).unwrap_err().to_string()
        };
        assert!(refusal("a.pem", "b.key").contains("are no pair"));
        assert!(refusal("a.key", "a.key").contains("holds no certificate in PEM"));
        assert!(refusal("a.pem", "a.pem").contains("holds no private key in PEM"));
        assert!(refusal("a.pem", "none.key").contains("cannot read"));
        let open = std::fs::Permissions::from_mode(0o644);
        std::fs::set_permissions(file("a.key"), open).unwrap();
        assert!(read_pair(&pair("a")).unwrap().key_is_open);
    }
}
