//! Keys by which a client knows its server: configured as text, printed as type 7, proved by a
//! digest.

use secrecy::ExposeSecret as _;

use super::Ntp;
use crate::feature::user::Credential;

/// Words for the algorithms of `ntp authentication-key`.
pub(super) const ALGORITHMS: [&str; 5] =
    ["md5", "cmac-aes-128", "hmac-sha1", "hmac-sha2-256", "sha1"];

/// One key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Key {
    pub(super) algorithm: &'static str,
    pub(super) secret: Credential,
}

impl Key {
    /// What shows that its owner knows it, for this request (RFC 5905, section 7.3: a digest of key
    /// and packet; what stands for the packet here is its number).
    pub(super) fn proof(&self, request: u64) -> Option<[u8; 16]> {
        let secret = self.secret.revealed()?;
        let mut text = self.algorithm.as_bytes().to_vec();
        text.extend_from_slice(secret.expose_secret().as_bytes());
        text.extend_from_slice(&request.to_be_bytes());
        Some(md5::compute(&text).0)
    }
}

impl Ntp {
    /// Whether a key counts: it is there, and `ntp trusted-key` names it.
    pub(super) fn trusted_key(&self, number: u32) -> Option<&Key> {
        let named = self.trusted.iter().any(|(first, last)| (*first..=*last).contains(&number));
        self.keys.get(&number).filter(|_| named)
    }
}
