//! The host keys of the routers: made once, kept in the state directory, for its owner alone.
//!
//! Called before the SSH ports open. Making an RSA key takes a tenth of a second and more, so all
//! of this runs off the runtime's threads; it must never print or log a private key.

use std::collections::BTreeMap;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use russh::keys::ssh_key::private::RsaKeypair;
use russh::keys::ssh_key::{self, LineEnding};
use russh::keys::{Algorithm, PrivateKey};

use host::keep;

/// The size of the RSA key, in bits: what `crypto key generate rsa` of the course's texts makes.
const RSA_BITS: usize = 2048;

/// The keys of every router, by its name.
pub(crate) type HostKeys = BTreeMap<Arc<str>, Vec<PrivateKey>>;

/// Which keys a lab has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KeyKinds {
    /// ED25519 alone: quick, for a lab that is thrown away.
    Ed25519,
    /// RSA too, as a real IOS XE has it.
    Ed25519AndRsa,
}

/// What could not be done with a host key.
#[derive(Debug, thiserror::Error)]
pub enum KeyError {
    /// Its file could not be read or written.
    #[error("cannot keep the host key `{}`", path.display())]
    File {
        /// The file.
        path: PathBuf,
        /// Why.
        #[source]
        source: io::Error,
    },
    /// Its file is no OpenSSH private key.
    #[error("`{}` is no OpenSSH private key", path.display())]
    Format {
        /// The file.
        path: PathBuf,
        /// Why.
        #[source]
        source: ssh_key::Error,
    },
    /// It could not be made.
    #[error("cannot make a host key")]
    Make(#[source] ssh_key::Error),
}

/// Reads the keys under `directory`, and makes those that are not there.
///
/// Each router has an ED25519 key of its own. The RSA key is one for all of them, for it is what
/// makes a start slow; a client that pins keys by address cannot tell.
pub(crate) async fn load_or_make(
    directory: PathBuf,
    nodes: Vec<Arc<str>>,
    kinds: KeyKinds,
) -> Result<HostKeys, KeyError> {
    let work = tokio::task::spawn_blocking(move || all(&directory, &nodes, kinds));
    work.await.expect("making a key neither panics nor is cancelled")
}

fn all(directory: &Path, nodes: &[Arc<str>], kinds: KeyKinds) -> Result<HostKeys, KeyError> {
    let failed = |source| KeyError::File { path: directory.to_owned(), source };
    keep::make_directory(directory).map_err(failed)?;
    let shared = match kinds {
        KeyKinds::Ed25519 => None,
        KeyKinds::Ed25519AndRsa => Some(one(&directory.join("rsa"), make_rsa)?),
    };
    let mut keys = HostKeys::new();
    for node in nodes {
        let own = one(&directory.join(format!("{}.ed25519", keep::file_name(node))), make_ed25519)?;
        keys.insert(Arc::clone(node), std::iter::once(own).chain(shared.clone()).collect());
    }
    Ok(keys)
}

fn make_ed25519() -> Result<PrivateKey, ssh_key::Error> {
    PrivateKey::random(&mut rand::rng(), Algorithm::Ed25519)
}

fn make_rsa() -> Result<PrivateKey, ssh_key::Error> {
    RsaKeypair::random(&mut rand::rng(), RSA_BITS).map(PrivateKey::from)
}

/// The key in the file at `path`; when there is none, a new one that is written there.
fn one(
    path: &Path,
    make: impl FnOnce() -> Result<PrivateKey, ssh_key::Error>,
) -> Result<PrivateKey, KeyError> {
    let failed = |source| KeyError::File { path: path.to_owned(), source };
    match keep::read(path) {
        Ok(text) => PrivateKey::from_openssh(text)
            .map_err(|source| KeyError::Format { path: path.to_owned(), source }),
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            let key = make().map_err(KeyError::Make)?;
            let text = key.to_openssh(LineEnding::LF).map_err(KeyError::Make)?;
            keep::write(path, text.as_bytes()).map_err(failed)?;
            Ok(key)
        }
        Err(error) => Err(failed(error)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::os::unix::fs::PermissionsExt as _;

    /// Goal: a restart finds the same keys, each node has its own, the files are private.
    #[tokio::test]
    async fn keys_outlive_a_restart() {
        let dir = tempfile::tempdir().unwrap();
        let nodes: Vec<Arc<str>> = vec!["R1".into(), "../R2".into()];
        let load = || load_or_make(dir.path().join("keys"), nodes.clone(), KeyKinds::Ed25519AndRsa);
        let first = load().await.unwrap();
        let second = load().await.unwrap();
        for node in &nodes {
            let public = |keys: &HostKeys| -> Vec<_> {
                keys[node].iter().map(|key| key.public_key().to_openssh().unwrap()).collect()
            };
            assert_eq!(public(&first), public(&second));
            assert_eq!(first[node].len(), 2);
        }
        assert_ne!(first[&nodes[0]][0].public_key(), first[&nodes[1]][0].public_key());
        for file in std::fs::read_dir(dir.path().join("keys")).unwrap() {
            let mode = file.unwrap().metadata().unwrap().permissions().mode();
            assert_eq!(mode & 0o777, 0o600);
        }
    }

    /// Goal: a broken key file is named, not replaced. Method: write rubbish where the key is.
    #[test]
    fn a_broken_key_is_reported() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("rsa");
        std::fs::write(&path, "rubbish").unwrap();
        assert!(matches!(one(&path, make_ed25519), Err(KeyError::Format { .. })));
        assert_eq!(std::fs::read(&path).unwrap(), b"rubbish");
    }
}
