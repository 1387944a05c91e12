//! Fresh secrets, each in the form in which a file can hold it.
//!
//! Called by `ednm secret new` with bytes of the operating system's generator; this crate has no
//! randomness of its own.

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};

/// How many random bytes a fresh secret has: 256 bits.
pub const BYTES: usize = 32;

/// What a secret is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Standard Webhooks: `whsec_` and base64.
    StandardWebhooks,
    /// A bearer token or a token header: letters that need no escape anywhere.
    Token,
    /// GitHub's form: any text, here hexadecimal digits.
    Hmac,
}

impl Kind {
    /// The key of a node or an entry under which the secret goes.
    pub fn key(self) -> &'static str {
        match self {
            Kind::StandardWebhooks => "secret",
            Kind::Token => "token",
            Kind::Hmac => "hmac-secret",
        }
    }
}

/// The text of a secret that is made of these bytes.
pub fn text(kind: Kind, bytes: &[u8; BYTES]) -> String {
    match kind {
        Kind::StandardWebhooks => format!("whsec_{}", STANDARD.encode(bytes)),
        Kind::Token => URL_SAFE_NO_PAD.encode(bytes),
        Kind::Hmac => bytes.iter().map(|byte| format!("{byte:02x}")).collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{bearer, github, standard};

    /// Goal: every kind is one that the receiver takes, and holds all its bits. Method: bytes that
    /// would need escapes in plain base64.
    #[test]
    fn every_kind_can_be_used() {
        let bytes = [0xfb; BYTES];
        let secret = text(Kind::StandardWebhooks, &bytes);
        assert_eq!(secret, format!("whsec_{}s=", "+/v7".repeat(10) + "+/"));
        assert!(standard::Secret::parse(&secret).is_ok());
        let token = text(Kind::Token, &bytes);
        assert_eq!(token, format!("{}s", "-_v7".repeat(10) + "-_"));
        assert!(bearer::Token::parse(&token).is_ok());
        let hmac = text(Kind::Hmac, &bytes);
        assert_eq!(hmac, "fb".repeat(BYTES));
        assert!(github::Secret::new(&hmac).is_ok());
    }
}
