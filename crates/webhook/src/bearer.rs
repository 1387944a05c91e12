//! Bearer tokens: one node's, or one credential's.
//!
//! The receiver asks [`presented`] for what a request shows and [`Token::holds`] whether it is the
//! right one. A token is kept as its SHA-256 digest, so that nothing can print it, and compared in
//! constant time: digests have one length, whatever the presented text has.

use std::fmt;

use sha2::{Digest as _, Sha256};
use subtle::ConstantTimeEq as _;

/// A token that a sender must show, as its digest.
#[derive(Clone, PartialEq, Eq)]
pub struct Token([u8; 32]);

/// Why a text is no token. Never shows the text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TokenError {
    /// Anybody could show that.
    #[error("it is empty")]
    Empty,
    /// A header's value is trimmed on its way and takes no control characters (RFC 9110, section
    /// 5.5), so that such a token could never be shown.
    #[error("a blank at an end, or a control character, cannot be sent")]
    Unsendable,
}

impl Token {
    /// The token whose text is `text`, if a header can show it.
    pub fn parse(text: &str) -> Result<Self, TokenError> {
        if text.is_empty() {
            Err(TokenError::Empty)
        } else if text.trim() != text || text.contains(char::is_control) {
            Err(TokenError::Unsendable)
        } else {
            Ok(Token::new(text))
        }
    }

    /// The token whose text is `text`.
    pub fn new(text: impl AsRef<[u8]>) -> Self {
        Token(Sha256::digest(text.as_ref()).into())
    }

    /// Whether `presented` is this token, in a time that depends on its own length alone.
    pub fn holds(&self, presented: impl AsRef<[u8]>) -> bool {
        self.is(&Token::new(presented))
    }

    /// Whether two are the same, in a time that depends on neither: for whoever asks many tokens
    /// about one text.
    pub fn is(&self, other: &Token) -> bool {
        // By words: a receiver of a thousand nodes asks a thousand of these for each delivery.
        let words = |token: &Token| {
            let words = token.0.as_chunks::<8>().0;
            std::array::from_fn::<u64, 4, _>(|place| u64::from_ne_bytes(words[place]))
        };
        let (ours, theirs) = (words(self), words(other));
        let same = ours.iter().zip(&theirs).map(|(a, b)| a.ct_eq(b));
        same.fold(1.into(), |all: subtle::Choice, one| all & one).into()
    }
}

impl fmt::Debug for Token {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Token([redacted])")
    }
}

/// The token in an `Authorization` header's value; `None` if its scheme is another.
///
/// The scheme's case does not matter (RFC 9110, section 11.1); blanks around the token do not.
pub fn presented(authorization: &str) -> Option<&str> {
    let (scheme, token) = authorization.trim().split_once(' ')?;
    let token = token.trim();
    (scheme.eq_ignore_ascii_case("bearer") && !token.is_empty()).then_some(token)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Goal: exactly the bearer scheme is read. Method: a table of header values.
    #[test]
    fn the_scheme_is_bearer_in_any_case() {
        let table = [
            ("Bearer abc", Some("abc")),
            ("bearer abc", Some("abc")),
            ("BEARER   abc ", Some("abc")),
            ("Bearer", None),
            ("Bearer ", None),
            ("Basic abc", None),
            ("abc", None),
            ("", None),
            ("Bearerabc", None),
        ];
        for (value, want) in table {
            assert_eq!(presented(value), want, "{value:?}");
        }
    }

    /// Goal: one token holds, near ones do not, and Debug shows none. Method: a few of each.
    #[test]
    fn only_the_same_token_holds() {
        let token = Token::new("mySecretToken");
        assert!(token.holds("mySecretToken"));
        for wrong in ["", "mySecretToke", "mySecretTokenn", "mysecrettoken"] {
            assert!(!token.holds(wrong), "{wrong:?}");
        }
        assert!(!format!("{token:?}").contains("mySecret"));
    }

    /// Goal: what a header cannot show is no token. Method: a table.
    #[test]
    fn unsendable_tokens_are_refused() {
        let table = [
            ("", TokenError::Empty),
            (" a", TokenError::Unsendable),
            ("a\n", TokenError::Unsendable),
            ("a\u{7f}b", TokenError::Unsendable),
        ];
        for (text, want) in table {
            assert_eq!(Token::parse(text).expect_err("no token"), want, "{text:?}");
        }
        assert!(Token::parse("mySecretToken").is_ok());
    }
}
