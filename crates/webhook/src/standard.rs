//! Standard Webhooks 1.0.0 with HMAC-SHA256 (`v1`): signing and verifying.
//!
//! The lab's sender signs each try, the receiver verifies. Signed are `id.timestamp.body`, byte for
//! byte as they travel: a body that was parsed and written again does not verify.

use std::fmt;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use hmac::{Hmac, KeyInit as _, Mac as _};
use sha2::Sha256;
use simtime::Time;
use subtle::ConstantTimeEq as _;

/// How far the time of a signature may be from the receiver's clock, both ways, in seconds.
pub const TOLERANCE_S: u64 = 300;
/// The longest time for which one signature can be fresh, in seconds: from the earliest clock that
/// takes it to the last one, whose seconds are counted whole.
pub const FRESH_S_MAX: u64 = 2 * TOLERANCE_S + 1;
/// The longest `webhook-id` that is read, in bytes.
pub const ID_BYTES_MAX: usize = 256;
/// How many signatures of one header are tried; a rotation needs two.
pub const SIGNATURES_MAX: usize = 8;
/// How many bytes a key has (the specification's section on secrets).
const KEY_BYTES: std::ops::RangeInclusive<usize> = 24..=64;

/// A shared secret: `whsec_` and base64 of 24 to 64 bytes.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(Vec<u8>);

/// Why a text is no secret. Never shows the text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SecretError {
    /// What follows `whsec_` is no base64.
    #[error("a Standard Webhooks secret is `whsec_` and base64")]
    NotBase64,
    /// The key is too short to be safe, or longer than the standard allows.
    #[error("a Standard Webhooks secret has 24 to 64 bytes, this one has {0}")]
    Length(usize),
}

/// Why a delivery does not verify.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum VerifyError {
    /// `webhook-id` is empty, too long or has a `.`, which would move the signed boundaries.
    #[error("`webhook-id` must be 1 to {ID_BYTES_MAX} characters without `.`")]
    Id,
    /// `webhook-timestamp` is no whole number of seconds.
    #[error("`webhook-timestamp` is not a Unix time in seconds")]
    Timestamp,
    /// Older than [`TOLERANCE_S`].
    #[error("the signature is older than {TOLERANCE_S} s")]
    TooOld,
    /// More than [`TOLERANCE_S`] ahead of the receiver's clock.
    #[error("the signature is more than {TOLERANCE_S} s in the future")]
    TooNew,
    /// No signature of version `v1` holds.
    #[error("no `v1` signature holds")]
    Signature,
}

/// The three headers, as they came.
#[derive(Clone, Copy, Debug)]
pub struct Signed<'a> {
    /// `webhook-id`
    pub id: &'a str,
    /// `webhook-timestamp`
    pub timestamp: &'a str,
    /// `webhook-signature`
    pub signature: &'a str,
}

impl Secret {
    /// Reads `whsec_...`; the prefix may be missing, as libraries allow.
    pub fn parse(text: &str) -> Result<Self, SecretError> {
        let encoded = text.strip_prefix("whsec_").unwrap_or(text);
        let key = BASE64.decode(encoded).map_err(|_| SecretError::NotBase64)?;
        if KEY_BYTES.contains(&key.len()) {
            Ok(Secret(key))
        } else {
            Err(SecretError::Length(key.len()))
        }
    }

    fn tag(&self, id: &str, timestamp: &str, body: &[u8]) -> [u8; 32] {
        let mut mac = Hmac::<Sha256>::new_from_slice(&self.0).expect("HMAC takes any key length");
        for part in [id.as_bytes(), b".", timestamp.as_bytes(), b".", body] {
            mac.update(part);
        }
        mac.finalize().into_bytes().into()
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret([redacted])")
    }
}

/// The value of `webhook-signature` for one try: `v1,BASE64`. `timestamp` is in Unix seconds.
pub fn sign(secret: &Secret, id: &str, timestamp: u64, body: &[u8]) -> String {
    format!("v1,{}", BASE64.encode(secret.tag(id, &timestamp.to_string(), body)))
}

/// Whether one of the signatures is this secret's and fresh.
///
/// Comparing takes the same time wherever the first wrong byte is. Versions other than `v1` are
/// passed over, so that a sender can offer more than one.
pub fn verify(
    secret: &Secret,
    signed: Signed<'_>,
    body: &[u8],
    now: Time,
) -> Result<(), VerifyError> {
    fresh(signed, now)?;
    let tag = secret.tag(signed.id, signed.timestamp, body);
    let offered = signed.signature.split(' ').take(SIGNATURES_MAX);
    let encoded = offered.filter_map(|one| one.strip_prefix("v1,"));
    let mut tags = encoded.filter_map(|encoded| BASE64.decode(encoded).ok());
    // Slices of different lengths are unequal at once: the length is no secret.
    if tags.any(|offered| tag.ct_eq(&offered).into()) {
        Ok(())
    } else {
        Err(VerifyError::Signature)
    }
}

/// The checks that need no secret: a usable id, a time within tolerance.
pub fn fresh(signed: Signed<'_>, now: Time) -> Result<(), VerifyError> {
    let id = signed.id;
    if id.is_empty() || id.len() > ID_BYTES_MAX || id.contains('.') {
        return Err(VerifyError::Id);
    }
    let digits = signed.timestamp.bytes().all(|byte| byte.is_ascii_digit());
    let stamp = signed.timestamp.parse::<u64>().ok().filter(|_| digits);
    let stamp = stamp.ok_or(VerifyError::Timestamp)?;
    if now.as_secs().saturating_sub(stamp) > TOLERANCE_S {
        return Err(VerifyError::TooOld);
    }
    if stamp.saturating_sub(now.as_secs()) > TOLERANCE_S {
        return Err(VerifyError::TooNew);
    }
    Ok(())
}

#[cfg(test)]
#[path = "standard_tests.rs"]
mod tests;
