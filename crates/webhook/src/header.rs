//! The names of the headers that a delivery can carry, in lower case as HTTP compares them.
//!
//! Used by the sender and by the receiver; nothing else spells them out.

use std::fmt;
use std::str::FromStr;

/// Standard Webhooks 1.0.0: the id of the message, the same on every try.
pub const ID: &str = "webhook-id";
/// Standard Webhooks 1.0.0: when this try was signed, in Unix seconds.
pub const TIMESTAMP: &str = "webhook-timestamp";
/// Standard Webhooks 1.0.0: signatures, separated by spaces.
pub const SIGNATURE: &str = "webhook-signature";
/// GitHub: HMAC-SHA256 over the body.
pub const HUB_SIGNATURE: &str = "x-hub-signature-256";
/// Which device sends: a hint, never proof.
pub const DEVICE: &str = "x-ednm-device";
/// W3C Trace Context: the fault that caused it.
pub const TRACEPARENT: &str = "traceparent";
/// RFC 9110, section 11.6.2.
pub const AUTHORIZATION: &str = "authorization";
/// RFC 9110, section 8.3.
pub const CONTENT_TYPE: &str = "content-type";

/// The longest name of a header that can carry a token, in bytes.
const NAME_BYTES_MAX: usize = 64;

/// Headers that mean something to HTTP, to what stands in front of a server, or to us: a token in
/// one of them would be read, changed or logged by others.
const TAKEN: &[&str] = &[
    AUTHORIZATION,
    CONTENT_TYPE,
    DEVICE,
    HUB_SIGNATURE,
    TRACEPARENT,
    "accept",
    "age",
    "allow",
    "alt-svc",
    "cache-control",
    "connection",
    "cookie",
    "date",
    "etag",
    "expect",
    "expires",
    "forwarded",
    "from",
    "host",
    "keep-alive",
    "last-modified",
    "link",
    "location",
    "max-forwards",
    "origin",
    "pragma",
    "range",
    "referer",
    "retry-after",
    "server",
    "set-cookie",
    "te",
    "tracestate",
    "trailer",
    "transfer-encoding",
    "upgrade",
    "user-agent",
    "vary",
    "via",
    "warning",
    "www-authenticate",
    "x-hub-signature",
    "x-real-ip",
];
/// The same, by how they begin.
const TAKEN_PREFIXES: &[&str] = &[
    "accept-",
    "access-control-",
    "content-",
    "if-",
    "proxy-",
    "sec-",
    "webhook-",
    "x-forwarded-",
    "x-github-",
];

/// The name of a header whose whole value is a token: `X-Gitlab-Token`, `X-API-Key`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct TokenHeader(String);

/// Why a name is none.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TokenHeaderError {
    /// RFC 9110, section 5.1.
    #[error("a header's name has 1 to {NAME_BYTES_MAX} letters, digits and hyphens")]
    NotName,
    /// HTTP, or this listener, means something else by it.
    #[error("this header has a meaning of its own")]
    Taken,
}

impl TokenHeader {
    /// The name in lower case.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for TokenHeader {
    type Err = TokenHeaderError;

    fn from_str(name: &str) -> Result<Self, TokenHeaderError> {
        let is_letter = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_');
        let name = name.to_ascii_lowercase();
        if !(1..=NAME_BYTES_MAX).contains(&name.len()) || !name.bytes().all(is_letter) {
            return Err(TokenHeaderError::NotName);
        }
        let taken = TAKEN.contains(&name.as_str());
        if taken || TAKEN_PREFIXES.iter().any(|prefix| name.starts_with(prefix)) {
            return Err(TokenHeaderError::Taken);
        }
        Ok(TokenHeader(name))
    }
}

impl fmt::Display for TokenHeader {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Goal: any header may carry a token but those with a meaning. Method: a table.
    #[test]
    fn token_headers_have_no_other_meaning() {
        let (not_name, taken) = (Err(TokenHeaderError::NotName), Err(TokenHeaderError::Taken));
        let long = "x".repeat(NAME_BYTES_MAX + 1);
        let table = [
            ("X-Gitlab-Token", Ok("x-gitlab-token")),
            ("x-api-key", Ok("x-api-key")),
            ("", not_name),
            ("x key", not_name),
            ("x:key", not_name),
            ("\u{fc}", not_name),
            (long.as_str(), not_name),
            ("Authorization", taken),
            ("Content-Length", taken),
            ("Host", taken),
            ("Cookie", taken),
            ("Proxy-Authorization", taken),
            ("X-Hub-Signature-256", taken),
            ("webhook-id", taken),
            ("Transfer-Encoding", taken),
        ];
        for (name, want) in table {
            let got = name.parse::<TokenHeader>().map(|header| header.to_string());
            assert_eq!(got, want.map(str::to_owned), "{name}");
        }
    }
}
