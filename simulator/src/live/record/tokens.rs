//! Keyed tokens in place of secrets: the same secret, the same token; no token tells its secret.
//!
//! Used by the recording. A replay that knows the secret puts it back, and one that does not uses
//! the token in its place, everywhere alike.

use lab::Lab;
use webhook::github;

/// How a token begins.
pub const TOKEN_PREFIX: &str = "tok-";
/// Hexadecimal digits of a token.
const DIGITS: usize = 32;

/// Makes the tokens of one recording.
#[derive(Debug)]
pub struct Tokens(github::Secret);

impl Tokens {
    /// With the key of the recording's header.
    pub fn keyed(key: &str) -> Self {
        let key = if key.is_empty() { "-" } else { key };
        Tokens(github::Secret::new(key).expect("the key is not empty"))
    }

    /// The token of a secret: the beginning of its HMAC-SHA256.
    pub fn of(&self, secret: &str) -> String {
        let signature = github::sign(&self.0, secret.as_bytes());
        let digits = signature.strip_prefix("sha256=").unwrap_or(&signature);
        format!("{TOKEN_PREFIX}{}", &digits[..DIGITS.min(digits.len())])
    }

    /// A line with a token in place of each secret in it.
    pub(super) fn blank(&self, line: &str, lab: &Lab) -> String {
        let blanked = lab.redacted(line);
        if blanked == line {
            return line.to_owned();
        }
        let mut parts = blanked.split(lab::REDACTED);
        let mut out = parts.next().unwrap_or_default().to_owned();
        let mut rest = line.get(out.len()..).unwrap_or_default();
        let parts: Vec<&str> = parts.collect();
        for (place, part) in parts.iter().enumerate() {
            let is_last = place + 1 == parts.len();
            let end = if is_last { rest.rfind(part) } else { rest.find(part) };
            let end = match end {
                Some(_) if part.is_empty() => rest.len(),
                Some(end) => end,
                None => return self.of(line), // nothing is better than too much
            };
            out.push_str(&self.of(&rest[..end]));
            out.push_str(part);
            rest = &rest[end + part.len()..];
        }
        out
    }
}

/// Whether a word is a token.
pub fn is_token(word: &str) -> bool {
    let digits = word.strip_prefix(TOKEN_PREFIX);
    digits.is_some_and(|digits| {
        digits.len() == DIGITS && digits.bytes().all(|byte| byte.is_ascii_hexdigit())
    })
}
