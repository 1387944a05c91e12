//! How the SSH host key of a node is checked.

use std::fmt;
use std::str::FromStr;

/// The rule for one node's host key.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum HostKey {
    /// The key must be in `known_hosts` already.
    #[default]
    Strict,
    /// The key must have this fingerprint: `SHA256:` and 43 letters of base64, as OpenSSH prints.
    Pinned(String),
    /// An unknown key is remembered; a changed one is refused.
    AcceptNew,
    /// Any key will do.
    Insecure,
}

/// The text is no host-key rule.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct HostKeyError;

impl FromStr for HostKey {
    type Err = HostKeyError;

    fn from_str(text: &str) -> Result<Self, HostKeyError> {
        match text {
            "strict" => Ok(HostKey::Strict),
            "accept-new" => Ok(HostKey::AcceptNew),
            "insecure" => Ok(HostKey::Insecure),
            _ => {
                let hash = text.strip_prefix("SHA256:").ok_or(HostKeyError)?;
                let is_base64 = |b: u8| b.is_ascii_alphanumeric() || b == b'+' || b == b'/';
                // 32 bytes are 43 letters of base64 without padding.
                if hash.len() == 43 && hash.bytes().all(is_base64) {
                    Ok(HostKey::Pinned(text.to_owned()))
                } else {
                    Err(HostKeyError)
                }
            }
        }
    }
}

impl fmt::Display for HostKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            HostKey::Strict => "strict",
            HostKey::Pinned(fingerprint) => fingerprint,
            HostKey::AcceptNew => "accept-new",
            HostKey::Insecure => "insecure",
        })
    }
}

impl fmt::Display for HostKeyError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("expected `SHA256:` and 43 letters, `strict`, `accept-new` or `insecure`")
    }
}

impl std::error::Error for HostKeyError {}

#[cfg(test)]
mod tests {
    use super::*;

    /// Goal: a mistyped rule never means a weaker one. Method: a table.
    #[test]
    fn only_whole_rules_read() {
        let print = format!("SHA256:{}", "a".repeat(43));
        assert_eq!(print.parse(), Ok(HostKey::Pinned(print.clone())));
        for word in ["strict", "accept-new", "insecure"] {
            let rule: HostKey = word.parse().expect("a word of the contract");
            assert_eq!(rule.to_string(), word);
        }
        for bad in ["", "Strict", "none", "SHA256:", "SHA256:abc", &format!("{print}=")] {
            assert_eq!(bad.parse::<HostKey>(), Err(HostKeyError), "{bad}");
        }
    }
}
