//! Secrets of type 8: PBKDF2 (RFC 8018, section 5.2) with HMAC-SHA-256, 20,000 rounds.
//!
//! The rounds call the compression function itself: two blocks each, where the key's own two are
//! done once. Every test that prints a running-config waits for them in a debug build, in which the
//! generic code of `hmac` is the larger part of the time.

use sha2::block_api::compress256;
use sha2::{Digest as _, Sha256};
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
    format!("$8${salt}${}", encode(bytes(digest).as_flattened()))
}

/// Whether `hash` was made from `secret`.
pub(super) fn verify(hash_given: &str, secret: &str) -> bool {
    let Some(salt) = hash_given.split('$').nth(2) else { return false };
    hash(secret, salt).as_bytes().ct_eq(hash_given.as_bytes()).into()
}

/// SHA-256 before its first block (FIPS 180-4, section 5.3.3).
const INITIAL: Digest256 = [
    0x6a09_e667,
    0xbb67_ae85,
    0x3c6e_f372,
    0xa54f_f53a,
    0x510e_527f,
    0x9b05_688c,
    0x1f83_d9ab,
    0x5be0_cd19,
];

/// Bytes of a block.
const BLOCK: usize = 64;

/// A digest, or the state that becomes one.
type Digest256 = [u32; 8];

/// HMAC (RFC 2104) with the key's two blocks done.
struct Keyed {
    inner: Digest256,
    outer: Digest256,
}

impl Keyed {
    fn new(secret: &[u8]) -> Self {
        let hashed = Sha256::digest(secret);
        let key = if secret.len() > BLOCK { hashed.as_slice() } else { secret };
        let after = |pad: u8| {
            let mut block = [pad; BLOCK];
            block.iter_mut().zip(key).for_each(|(byte, key)| *byte ^= key);
            let mut state = INITIAL;
            compress256(&mut state, &[block]);
            state
        };
        Keyed { inner: after(0x36), outer: after(0x5c) }
    }

    /// The code of a short message: with its padding it fits one block.
    fn code(&self, message: &[u8]) -> Digest256 {
        finish(self.outer, bytes(finish(self.inner, message)).as_flattened())
    }
}

fn bytes(digest: Digest256) -> [[u8; 4]; 8] {
    digest.map(u32::to_be_bytes)
}

/// The digest of one block and `message`, of which the state has seen the block.
fn finish(mut state: Digest256, message: &[u8]) -> Digest256 {
    assert!(message.len() <= BLOCK - 9, "padding and length need nine bytes");
    let mut block = [0; BLOCK];
    block[..message.len()].copy_from_slice(message);
    block[message.len()] = 0x80;
    let bits = 8 * (BLOCK + message.len()) as u64;
    block[BLOCK - 8..].copy_from_slice(&bits.to_be_bytes());
    compress256(&mut state, &[block]);
    state
}

/// The first, and only, block of the derived key. `salt` has [`SALT_CHARS`] bytes.
fn pbkdf2(secret: &[u8], salt: &[u8]) -> Digest256 {
    let keyed = Keyed::new(secret);
    let mut block = keyed.code(&[salt, &1_u32.to_be_bytes()].concat());
    let mut derived = block;
    for _ in 1..ROUNDS {
        block = keyed.code(bytes(block).as_flattened());
        derived.iter_mut().zip(block).for_each(|(word, other)| *word ^= other);
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

    /// Goal: the code is HMAC. Method: RFC 4231, cases 2 (a short key) and 6 (one longer than a
    /// block).
    #[test]
    fn codes_are_hmac() {
        let hex = |digest: Digest256| digest.map(|word| format!("{word:08x}")).concat();
        assert_eq!(
            hex(Keyed::new(b"Jefe").code(b"what do ya want for nothing?")),
            "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"
        );
        let message = b"Test Using Larger Than Block-Size Key - Hash Key First";
        assert_eq!(
            hex(Keyed::new(&[0xaa; 131]).code(message)),
            "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54"
        );
    }
}
