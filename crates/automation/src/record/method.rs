//! How a sender proves who it is, as listener.toml, stories and the journal write it.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use webhook::header::{self, TokenHeader, TokenHeaderError};

/// One way to prove who one is.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub enum Method {
    /// `Authorization: Bearer`, with a `token`.
    Bearer,
    /// `Authorization: Basic`, with `basic`.
    Basic,
    /// Another header, whose whole value is a `token`.
    Header(TokenHeader),
    /// `X-Hub-Signature-256`, by an `hmac-secret`: over the body alone.
    Github,
    /// `webhook-signature`, by a `secret`: over id, time and body.
    StandardWebhooks,
}

/// Why a word is no method.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum MethodError {
    /// No such word.
    #[error("expected `{}`", Method::WORDS.join("`, `"))]
    Unknown,
    /// `header:`, and no header that can carry a token.
    #[error(transparent)]
    Header(TokenHeaderError),
}

/// What comes before the name of a token header.
const HEADER_PREFIX: &str = "header:";

impl Method {
    /// The words of listener.toml.
    pub const WORDS: [&'static str; 5] =
        ["bearer", "basic", "github", "standard-webhooks", "header:NAME"];

    /// How a 401 asks for it (RFC 9110, section 11.6.1). The schemes that no registry knows say in
    /// which header the credential goes.
    pub(crate) fn challenge(&self) -> String {
        let webhook = |header: &str| format!("Webhook header=\"{header}\"");
        match self {
            Method::Bearer => "Bearer".to_owned(),
            Method::Basic => "Basic realm=\"listener\", charset=\"UTF-8\"".to_owned(),
            Method::Header(name) => webhook(name.as_str()),
            Method::Github => webhook(header::HUB_SIGNATURE),
            Method::StandardWebhooks => webhook(header::SIGNATURE),
        }
    }
}

impl fmt::Display for Method {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Method::Bearer => f.write_str("bearer"),
            Method::Basic => f.write_str("basic"),
            Method::Header(name) => write!(f, "{HEADER_PREFIX}{name}"),
            Method::Github => f.write_str("github"),
            Method::StandardWebhooks => f.write_str("standard-webhooks"),
        }
    }
}

impl FromStr for Method {
    type Err = MethodError;

    fn from_str(word: &str) -> Result<Self, MethodError> {
        Ok(match word {
            "bearer" => Method::Bearer,
            "basic" => Method::Basic,
            "github" => Method::Github,
            "standard-webhooks" => Method::StandardWebhooks,
            _ => {
                let name = word.strip_prefix(HEADER_PREFIX).ok_or(MethodError::Unknown)?;
                Method::Header(name.parse().map_err(MethodError::Header)?)
            }
        })
    }
}

impl TryFrom<String> for Method {
    type Error = MethodError;

    fn try_from(word: String) -> Result<Self, MethodError> {
        word.parse()
    }
}

impl From<Method> for String {
    fn from(method: Method) -> String {
        method.to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Goal: a method survives its word, in files and in the journal. Method: a table.
    #[test]
    fn methods_survive_their_words() {
        let unknown = Err(MethodError::Unknown);
        let taken = Err(MethodError::Header(TokenHeaderError::Taken));
        let table = [
            ("bearer", Ok("bearer")),
            ("basic", Ok("basic")),
            ("github", Ok("github")),
            ("standard-webhooks", Ok("standard-webhooks")),
            ("header:X-Gitlab-Token", Ok("header:x-gitlab-token")),
            ("header:Authorization", taken),
            ("header:", Err(MethodError::Header(TokenHeaderError::NotName))),
            ("header", unknown),
            ("Bearer", unknown),
        ];
        for (word, want) in table {
            let got = word.parse::<Method>();
            assert_eq!(got.clone().map(|method| method.to_string()), want.map(str::to_owned));
            if let Ok(method) = got {
                let json = serde_json::to_string(&method).expect("a string");
                assert_eq!(serde_json::from_str::<Method>(&json).expect("read back"), method);
            }
        }
    }
}
