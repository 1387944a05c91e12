//! Which SSH algorithms the client offers, best first.
//!
//! Called by the SSH client before each handshake. The exchange hash covers both lists (RFC 4253
//! section 8), so an attacker cannot push a session down to an older entry.

use std::borrow::Cow;

use russh::keys::{Algorithm, PublicKey};
use russh::{Preferred, cipher, kex, mac};

/// Key exchanges that OpenSSH 9 and IOS XE 17 offer. The largest MODP groups are left out: they
/// cost seconds of arithmetic for no gain over the curves.
const KEX: &[kex::Name] = &[
    kex::MLKEM768X25519_SHA256,
    kex::CURVE25519,
    kex::CURVE25519_PRE_RFC_8731,
    kex::ECDH_SHA2_NISTP256,
    kex::ECDH_SHA2_NISTP384,
    kex::ECDH_SHA2_NISTP521,
    kex::DH_G16_SHA512,
    kex::DH_G14_SHA256,
];

/// Without these names there is neither extension negotiation (RFC 8308) nor strict key exchange.
const KEX_EXTENSIONS: &[kex::Name] =
    &[kex::EXTENSION_SUPPORT_AS_CLIENT, kex::EXTENSION_OPENSSH_STRICT_KEX_AS_CLIENT];

/// What boxes of the IOS 12 and 15 years need. group1 (1024 bit) stays out even there.
const KEX_OLDER: &[kex::Name] = &[kex::DH_G14_SHA1];
const CIPHERS_OLDER: &[cipher::Name] =
    &[cipher::AES_256_CBC, cipher::AES_192_CBC, cipher::AES_128_CBC];
const MACS_OLDER: &[mac::Name] = &[mac::HMAC_SHA1];

/// The lists for one handshake.
///
/// `older` (for nodes of `kind = "real"`) appends algorithms of old boxes at the end, where they
/// are chosen only when nothing better is common. The algorithms of `known` keys come first, so
/// that a device with keys of two kinds shows the one that is on record, as OpenSSH asks for it;
/// those of `refused` keys are not asked for.
pub(super) fn preferred(older: bool, known: &[PublicKey], refused: &[PublicKey]) -> Preferred {
    let mut offer = Preferred::DEFAULT;
    let mut kex = KEX.to_vec();
    if older {
        kex.extend(KEX_OLDER);
        append(&mut offer.cipher, CIPHERS_OLDER);
        append(&mut offer.mac, MACS_OLDER);
    }
    kex.extend(KEX_EXTENSIONS);
    offer.kex = Cow::Owned(kex);
    let mut keys = offer.key.to_vec();
    keys.retain(|algorithm| !refused.iter().any(|key| same_kind(algorithm, key)));
    keys.sort_by_key(|algorithm| !known.iter().any(|key| same_kind(algorithm, key)));
    offer.key = Cow::Owned(keys);
    offer
}

fn append<T: Clone>(list: &mut Cow<'static, [T]>, more: &[T]) {
    list.to_mut().extend_from_slice(more);
}

/// One RSA key serves three signature algorithms.
fn same_kind(algorithm: &Algorithm, key: &PublicKey) -> bool {
    match (algorithm, key.algorithm()) {
        (Algorithm::Rsa { .. }, Algorithm::Rsa { .. }) => true,
        (algorithm, recorded) => *algorithm == recorded,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Goal: older algorithms are offered to real nodes alone, and after everything else.
    #[test]
    fn older_algorithms_come_last_and_only_when_asked_for() {
        let modern = preferred(false, &[], &[]);
        assert!(!modern.kex.contains(&kex::DH_G14_SHA1));
        assert!(!modern.mac.contains(&mac::HMAC_SHA1));
        let both = preferred(true, &[], &[]);
        assert_eq!(both.mac.last(), Some(&mac::HMAC_SHA1));
        assert_eq!(both.cipher.last(), Some(&cipher::AES_128_CBC));
        let older = both.kex.iter().position(|name| *name == kex::DH_G14_SHA1);
        let newer = both.kex.iter().position(|name| *name == kex::DH_G14_SHA256);
        assert!(older > newer);
        assert!(!both.kex.contains(&kex::DH_G1_SHA1));
    }

    /// Goal: a device whose ECDSA key is on record is asked for that one before Ed25519.
    #[test]
    fn a_known_key_decides_which_is_asked_for() {
        let line = "ecdsa-sha2-nistp256 \
            AAAAE2VjZHNhLXNoYTItbmlzdHAyNTYAAAAIbmlzdHAyNTYAAABBBPxUBjZ+cHbN6E9WUd\
            9Xs5u7q3FvaJeQU5jX3Ve5S4qCerEnXuIFhT5SeS7q/lin6iw9vwEZsYuqARLJh3bFPqo=";
        let key = PublicKey::from_openssh(line).unwrap();
        assert_eq!(preferred(false, &[], &[]).key[0], Algorithm::Ed25519);
        assert_eq!(preferred(false, std::slice::from_ref(&key), &[]).key[0], key.algorithm());
    }
}
