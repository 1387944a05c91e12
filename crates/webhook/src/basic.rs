//! Basic credentials (RFC 7617): one `user:password` pair of a node or an entry.
//!
//! The receiver asks [`presented`] for the pair that a request shows and compares it with a
//! [`Token`], which keeps the pair's digest alone. The sender writes it with [`authorization`].

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;

use crate::bearer::Token;

/// Why a text is no pair. Never shows the text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BasicError {
    /// There is no colon, or nothing on one side of it.
    #[error("expected `user:password`, neither of them empty")]
    NotPair,
    /// RFC 7617, section 2, allows none.
    #[error("a control character cannot be sent")]
    Control,
}

/// The pair whose text is `user:password`; the first colon ends the user's name.
pub fn parse(text: &str) -> Result<Token, BasicError> {
    let (user, password) = text.split_once(':').ok_or(BasicError::NotPair)?;
    if user.is_empty() || password.is_empty() {
        return Err(BasicError::NotPair);
    }
    if text.contains(char::is_control) {
        return Err(BasicError::Control);
    }
    Ok(Token::new(text))
}

/// The pair in an `Authorization` header's value; `None` if its scheme is another or what follows
/// is no base64.
pub fn presented(authorization: &str) -> Option<Vec<u8>> {
    let (scheme, pair) = authorization.trim().split_once(' ')?;
    scheme.eq_ignore_ascii_case("basic").then(|| BASE64.decode(pair.trim()).ok())?
}

/// The user of such a pair.
pub fn user(pair: &[u8]) -> Option<&str> {
    std::str::from_utf8(pair).ok()?.split_once(':').map(|(user, _)| user)
}

/// The value of `Authorization` that shows a pair.
pub fn authorization(pair: &str) -> String {
    format!("Basic {}", BASE64.encode(pair))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Goal: exactly the basic scheme is read. Method: a table, the first line of it RFC 7617's.
    #[test]
    fn pairs_are_read() {
        let table = [
            ("Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==", Some("Aladdin:open sesame")),
            ("basic  dGVzdDoxMjPCow== ", Some("test:123\u{a3}")),
            ("Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ", None),
            ("Basic not base64", None),
            ("Basic", None),
            ("Bearer QWxhZGRpbjpvcGVuIHNlc2FtZQ==", None),
            ("", None),
        ];
        for (value, want) in table {
            let got = presented(value);
            assert_eq!(got.as_deref(), want.map(str::as_bytes), "{value:?}");
        }
        assert_eq!(authorization("Aladdin:open sesame"), "Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==");
    }

    /// Goal: a pair has two sides, and holds for itself alone. Method: a table.
    #[test]
    fn only_the_same_pair_holds() {
        let token = parse("r1:pass:word").expect("a pair");
        let table = [("r1:pass:word", true), ("r1:pass", false), ("r2:pass:word", false)];
        for (pair, want) in table {
            let shown = presented(&authorization(pair)).expect("base64");
            assert_eq!(token.holds(shown), want, "{pair}");
        }
        let wrong = ["", "r1", ":word", "r1:", ":"].map(|text| (text, BasicError::NotPair));
        for (text, want) in wrong.into_iter().chain([("r1:a\nb", BasicError::Control)]) {
            assert_eq!(parse(text).expect_err("no pair"), want, "{text:?}");
        }
    }
}
