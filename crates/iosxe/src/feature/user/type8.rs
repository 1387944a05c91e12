//! Secrets of type 8: PBKDF2 (RFC 8018, section 5.2) with HMAC-SHA-256, 20,000 rounds.

use hmac::{Hmac, KeyInit as _, Mac as _};
use sha2::Sha256;
use simtime::Rng;
use subtle::ConstantTimeEq as _;

const ROUNDS: u32 = 20_000;

/// Characters of the salt.
pub(super) const SALT_CHARS: usize = 14;

/// Characters of the digest: 32 bytes, six bits each.
pub(super) const DIGEST_CHARS: usize = 43;

/// The digits of Cisco's base 64.
const DIGITS: &[u8; 64] = b"./0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

/// A new salt.
pub(super) fn salt(rng: &mut Rng) -> String {
    (0..SALT_CHARS).map(|_| digit(rng.below(64) as u8)).collect()
}

/// `$8$SALT$DIGEST`
pub(super) fn hash(secret: &str, salt: &str) -> String {
    let digest = pbkdf2(secret.as_bytes(), salt.as_bytes());
    format!("$8${salt}${}", encode(&digest))
}

/// Whether `hash` was made from `secret`.
pub(super) fn verify(hash_given: &str, secret: &str) -> bool {
    let Some(salt) = hash_given.split('$').nth(2) else { return false };
    hash(secret, salt).as_bytes().ct_eq(hash_given.as_bytes()).into()
}

/// The first, and only, block of the derived key.
fn pbkdf2(secret: &[u8], salt: &[u8]) -> [u8; 32] {
    let keyed = Hmac::<Sha256>::new_from_slice(secret).expect("HMAC takes a key of any length");
    let round = |data: &[u8]| -> [u8; 32] {
        let mut mac = keyed.clone();
        mac.update(data);
        mac.finalize().into_bytes().into()
    };
    let first = [salt, &1_u32.to_be_bytes()].concat();
    let mut block = round(&first);
    let mut derived = block;
    for _ in 1..ROUNDS {
        block = round(&block);
        derived.iter_mut().zip(block).for_each(|(byte, other)| *byte ^= other);
    }
    derived
}

fn encode(bytes: &[u8]) -> String {
    let group = |three: &[u8]| {
        let bits = three.iter().fold(0_u32, |bits, byte| bits << 8 | u32::from(*byte));
        let bits = bits << (8 * (3 - three.len()));
        (0..=three.len()).map(move |index| digit((bits >> (18 - 6 * index)) as u8 & 63))
    };
    bytes.chunks(3).flat_map(group).collect()
}

fn digit(value: u8) -> char {
    char::from(DIGITS[usize::from(value & 63)])
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Goal: the hash is the one that real devices make. Method: the published example of hashcat's
    /// mode 9200, whose secret is `hashcat`.
    #[test]
    fn type_8_is_what_devices_print() {
        let want = "$8$TnGX/fE4KGHOVU$pEhnEvxrvaynpi8j4f.EMHr6M.FzU8xnZnBr/tJdFWk";
        assert_eq!(hash("hashcat", "TnGX/fE4KGHOVU"), want);
        assert!(verify(want, "hashcat"));
        assert!(!verify(want, "hashcaT"));
    }
}
