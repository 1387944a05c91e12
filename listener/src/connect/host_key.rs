//! The host-key rule: which key a device may show, and what to say when it shows another.
//!
//! Called by the SSH handshake. Strict from the first day: an unknown key is refused unless the
//! node says otherwise by word.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use host::known_hosts;
use russh::keys::{HashAlg, PublicKey};
use topology::HostKey;

use super::Target;

/// The state directory's `known_hosts`. One per process: looking up and learning are one step, so
/// that two first logins cannot record two different keys.
#[derive(Debug)]
pub struct KnownHosts {
    file: known_hosts::KnownHosts,
    step: tokio::sync::Mutex<()>,
}

/// A key that is not to be trusted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Distrust {
    pub(super) offered: String,
    pub(super) reason: String,
}

impl KnownHosts {
    /// The file need not exist.
    pub fn at(path: PathBuf) -> Arc<Self> {
        let file = known_hosts::KnownHosts::at(path);
        Arc::new(KnownHosts { file, step: tokio::sync::Mutex::new(()) })
    }

    /// The keys on record for a target. A line that is no key is one that never matches.
    pub(super) async fn keys_of(&self, target: &Target) -> Result<Vec<PublicKey>, String> {
        let (file, address) = (self.file.clone(), target.address.clone());
        let keys = blocking(move || file.lookup(&address.host, address.port)).await?;
        let read = |key: &known_hosts::PublicKey| {
            PublicKey::from_openssh(&format!("{} {}", key.algorithm, key.base64)).ok()
        };
        Ok(keys.iter().filter_map(read).collect())
    }

    /// Applies the target's rule to the key that its device offers.
    pub(super) async fn judge(&self, target: &Target, key: &PublicKey) -> Result<(), Distrust> {
        let offered = fingerprint(key);
        let distrust = |reason: String| Err(Distrust { offered: offered.clone(), reason });
        let _step = self.step.lock().await;
        let accept_new = match &target.host_key {
            HostKey::Insecure => return Ok(()),
            HostKey::Pinned(pin) if *pin == offered => return Ok(()),
            HostKey::Pinned(pin) => return distrust(not_the_pinned(target, pin, &offered)),
            HostKey::AcceptNew => true,
            HostKey::Strict => false,
        };
        let known = match self.keys_of(target).await {
            Ok(known) => known,
            Err(reason) => return distrust(reason),
        };
        let path = self.file.path();
        if known.iter().any(|recorded| recorded.key_data() == key.key_data()) {
            return Ok(());
        }
        match known.first() {
            Some(recorded) => {
                // The key of the same kind is the one that the device used to show.
                let same_kind = |known: &&PublicKey| known.algorithm() == key.algorithm();
                let expected = known.iter().find(same_kind).unwrap_or(recorded);
                distrust(changed(target, &fingerprint(expected), &offered, path))
            }
            None if accept_new => self.learn(target, key).await.or_else(distrust),
            None => distrust(unknown(target, &offered, path)),
        }
    }

    async fn learn(&self, target: &Target, key: &PublicKey) -> Result<(), String> {
        let line = key.to_openssh().map_err(|e| e.to_string())?;
        let key = known_hosts::PublicKey::parse(&line).ok_or("its host key has no text form")?;
        let (file, address) = (self.file.clone(), target.address.clone());
        blocking(move || file.add(&address.host, address.port, &key)).await
    }
}

/// Files are read and written off the runtime's threads.
async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, known_hosts::KnownHostsError> + Send + 'static,
) -> Result<T, String> {
    let done = tokio::task::spawn_blocking(work).await.map_err(|e| e.to_string())?;
    done.map_err(|e| host::exit::chain(&e))
}

/// `SHA256:...`, as `ssh-keygen -l` prints it.
pub(super) fn fingerprint(key: &PublicKey) -> String {
    key.fingerprint(HashAlg::Sha256).to_string()
}

fn not_the_pinned(target: &Target, pin: &str, offered: &str) -> String {
    format!(
        "the host key of {target} is not the pinned one: expected {pin}, was offered {offered}; \
         if the device was given a new key, write host-key = \"{offered}\" for it in the topology, \
         otherwise somebody may be in between"
    )
}

fn changed(target: &Target, expected: &str, offered: &str, path: &Path) -> String {
    format!(
        "the host key of {target} has changed: expected {expected}, was offered {offered}; if the \
         device was given a new key, remove its lines from {}, otherwise somebody may be in \
         between",
        path.display()
    )
}

fn unknown(target: &Target, offered: &str, path: &Path) -> String {
    format!(
        "the host key of {target} is not known: was offered {offered}; compare it on the device, \
         then write host-key = \"{offered}\" (or \"accept-new\") for it in the topology; keys are \
         looked up in {}",
        path.display()
    )
}
