//! GitHub's form of a signature: `X-Hub-Signature-256: sha256=HEX`, HMAC-SHA256 over the raw body.
//!
//! It covers neither a time nor an id, so it says who sent a body and never when: a copy of one
//! verifies for ever. The legacy header with SHA-1 is not looked at.

use std::fmt;

use hmac::{Hmac, KeyInit as _, Mac as _};
use sha2::Sha256;
use subtle::ConstantTimeEq as _;

/// How many signatures of one header are tried; a rotation needs two.
pub const SIGNATURES_MAX: usize = 8;

/// A shared secret: any text but an empty one.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(Vec<u8>);

/// The text is empty: anybody could sign with that.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("it is empty")]
pub struct EmptySecret;

impl Secret {
    /// The secret whose bytes are those of `text`.
    pub fn new(text: &str) -> Result<Self, EmptySecret> {
        if text.is_empty() { Err(EmptySecret) } else { Ok(Secret(text.as_bytes().to_vec())) }
    }

    fn tag(&self, body: &[u8]) -> [u8; 32] {
        let mut mac = Hmac::<Sha256>::new_from_slice(&self.0).expect("HMAC takes any key length");
        mac.update(body);
        mac.finalize().into_bytes().into()
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret([redacted])")
    }
}

/// The value of `X-Hub-Signature-256` for a body.
pub fn sign(secret: &Secret, body: &[u8]) -> String {
    let digits: String = secret.tag(body).iter().map(|byte| format!("{byte:02x}")).collect();
    format!("sha256={digits}")
}

/// Whether one of the signatures, which commas separate, is this secret's.
///
/// Comparing takes the same time wherever the first wrong byte is. Other algorithms are passed
/// over.
pub fn verify(secret: &Secret, signatures: &str, body: &[u8]) -> bool {
    let tag = secret.tag(body);
    let offered = signatures.split(',').take(SIGNATURES_MAX);
    let digits = offered.filter_map(|one| one.trim().strip_prefix("sha256="));
    digits.filter_map(bytes_of).any(|offered| tag.ct_eq(&offered).into())
}

/// 32 bytes from 64 hexadecimal digits.
fn bytes_of(digits: &str) -> Option<[u8; 32]> {
    let mut bytes = [0; 32];
    let digits = digits.as_bytes();
    if digits.len() != 2 * bytes.len() {
        return None;
    }
    for (byte, pair) in bytes.iter_mut().zip(digits.chunks_exact(2)) {
        let digit = |place: usize| char::from(pair[place]).to_digit(16);
        *byte = u8::try_from(digit(0)? * 16 + digit(1)?).ok()?;
    }
    Some(bytes)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// GitHub's documentation, a test of adnanh/webhook, and the empty body.
    const VECTORS: [(&str, &str, &str); 3] = [
        (
            "It's a Secret to Everybody",
            "Hello, World!",
            "sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17",
        ),
        (
            "secret",
            r#"{"a": "z"}"#,
            "sha256=f417af3a21bd70379b5796d5f013915e7029f62c580fb0f500f59a35a6f04c89",
        ),
        ("secret", "", "sha256=f9e66e179b6747ae54108f82f8ade8b3c25d76fd30afde6c395822c530196169"),
    ];

    fn check(secret: &str, signatures: &str, body: &str, want: bool) {
        let secret = Secret::new(secret).expect("a secret");
        assert_eq!(verify(&secret, signatures, body.as_bytes()), want, "{signatures:?} {body:?}");
    }

    /// Goal: the published vectors sign and verify, and no other secret or body does.
    #[test]
    fn the_published_vectors_hold() {
        for (secret, body, signature) in VECTORS {
            let key = Secret::new(secret).expect("a secret");
            assert_eq!(sign(&key, body.as_bytes()), signature);
            check(secret, signature, body, true);
            check(&format!("{secret} "), signature, body, false);
            check(secret, signature, &format!("{body} "), false);
        }
    }

    /// Goal: wrong, cut, legacy and empty signatures fail, and one good one among others is
    /// enough. Method: a table.
    #[test]
    fn every_negative_fails() {
        let (secret, body, good) = VECTORS[1];
        let bad = "sha256=0000000000000000000000000000000000000000000000000000000000000000";
        let digits = good.trim_start_matches("sha256=");
        let table = [
            (bad.to_owned(), false),
            (String::new(), false),
            ("sha256=".to_owned(), false),
            (good[..good.len() - 2].to_owned(), false),
            (format!("{good}00"), false),
            (digits.to_owned(), false),
            (format!("sha1={digits}"), false),
            ("sha1=b17e04cbb22afa8ffbff8796fc1894ed27badd9e".to_owned(), false),
            (format!("sha256={}", digits.replace('f', "g")), false),
            (format!("sha256={}\u{e9}", &digits[..62]), false),
            (format!("sha256={}", digits.to_uppercase()), true),
            (format!("{bad},{good}"), true),
            (format!("{bad}, {good}"), true),
            (format!("sha512=00,{good},{bad}"), true),
            (format!("{}{good}", format!("{bad},").repeat(SIGNATURES_MAX)), false),
        ];
        for (signatures, holds) in table {
            check(secret, &signatures, body, holds);
        }
        assert_eq!(Secret::new(""), Err(EmptySecret));
        let shown = format!("{:?}", Secret::new(secret));
        assert_eq!(shown, "Ok(Secret([redacted]))");
    }

    proptest! {
        /// Goal: what is signed verifies, and one flipped bit of body or signature does not; no
        /// header text makes verifying panic. Method: any secret, body and text.
        #[test]
        fn one_bit_decides(key in ".{1,80}", body: Vec<u8>, bit in 0usize..4096, text: String) {
            let secret = Secret::new(&key).expect("not empty");
            let signature = sign(&secret, &body);
            prop_assert!(verify(&secret, &signature, &body));
            let mut changed = body.clone();
            if let Some(byte) = changed.get_mut(bit / 8) {
                *byte ^= 1 << (bit % 8);
                prop_assert!(!verify(&secret, &signature, &changed));
            }
            let mut tag = bytes_of(&signature["sha256=".len()..]).expect("64 digits");
            tag[bit / 8 % 32] ^= 1 << (bit % 8);
            let digits: String = tag.iter().map(|byte| format!("{byte:02x}")).collect();
            let forged = format!("sha256={digits}");
            prop_assert!(!verify(&secret, &forged, &body));
            prop_assert!(!verify(&secret, &text, &body));
        }
    }
}
