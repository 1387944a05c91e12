//! What programs say, in a recording: the messages of NETCONF and the requests of RESTCONF.
//!
//! Filled by the recording, read back by `ednm replay`. Neither is kept as bytes: with a token in
//! place of a secret the sizes that both protocols say would be wrong.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use netconf::{BASE_1_1, Decoder, Hello, Version, frame};
use serde::{Deserialize, Serialize};

use super::{Tokens, from_bytes, to_bytes};

/// What a broken stream is replayed as: it is none of NETCONF in either framing.
const BROKEN: &[u8] = b"\xff]]>]]>";

/// The messages of one session, as they become whole.
#[derive(Debug, Default)]
pub(super) struct Messages {
    decoder: Decoder,
    is_greeted: bool,
    is_broken: bool,
}

/// One message of a session of NETCONF, or the end of what can be understood of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Said {
    /// A message that ends with `]]>]]>`.
    Ended(String),
    /// A message in chunks.
    Chunked(String),
    /// The stream is none of NETCONF from here on.
    Broken,
}

impl Messages {
    /// The messages that these bytes make whole.
    pub(super) fn push(&mut self, bytes: &[u8]) -> Vec<Said> {
        let mut all = Vec::new();
        if !self.is_broken {
            self.decoder.push(bytes);
        }
        while !self.is_broken {
            match (self.decoder.next_message(), self.decoder.version()) {
                (Ok(Some(text)), Version::V1_0) => {
                    self.greet(&text);
                    all.push(Said::Ended(text));
                }
                (Ok(Some(text)), Version::V1_1) => all.push(Said::Chunked(text)),
                (Ok(None), _) => break,
                (Err(_), _) => {
                    self.is_broken = true;
                    all.push(Said::Broken);
                }
            }
        }
        all
    }

    fn greet(&mut self, text: &str) {
        if !self.is_greeted && !text.trim().is_empty() {
            self.is_greeted = true;
            if Hello::read(text).is_some_and(|hello| hello.has(BASE_1_1)) {
                self.decoder.set_version(Version::V1_1);
            }
        }
    }
}

impl Said {
    /// With its text changed.
    #[must_use]
    pub fn map(self, change: impl Fn(&str) -> String) -> Self {
        match self {
            Said::Ended(text) => Said::Ended(change(&text)),
            Said::Chunked(text) => Said::Chunked(change(&text)),
            Said::Broken => Said::Broken,
        }
    }

    /// The bytes that say it.
    pub fn bytes(&self) -> Vec<u8> {
        match self {
            Said::Ended(text) => frame(Version::V1_0, text),
            Said::Chunked(text) => frame(Version::V1_1, text),
            Said::Broken => BROKEN.to_vec(),
        }
    }
}

/// A request of RESTCONF: an owned [`restconf::Request`].
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[expect(missing_docs, reason = "the fields are those of `restconf::Request`")]
pub struct Asked {
    pub method: String,
    pub path: String,
    pub query: String,
    pub accept: Option<String>,
    pub content_type: Option<String>,
    pub if_match: Option<String>,
    pub if_none_match: Option<String>,
    pub body: String,
}

impl Asked {
    /// With `blank` in place of each text that may hold a secret.
    pub(super) fn of(request: &restconf::Request, blank: impl Fn(&str) -> String) -> Self {
        Asked {
            method: request.method.as_str().to_owned(),
            path: blank(&request.path),
            query: blank(&request.query),
            accept: request.accept.clone(),
            content_type: request.content_type.clone(),
            if_match: request.if_match.clone(),
            if_none_match: request.if_none_match.clone(),
            body: match std::str::from_utf8(&request.body) {
                Ok(text) => blank(text),
                // No body of RESTCONF: the router says so whatever stands in it.
                Err(_) => from_bytes(&[0xff]),
            },
        }
    }

    /// The request again.
    pub fn request(self, restored: impl Fn(&str) -> String) -> restconf::Request {
        let body = match to_bytes(&self.body) {
            bytes if bytes == [0xff] => bytes,
            _ => restored(&self.body).into_bytes(),
        };
        restconf::Request {
            method: restconf::Method::named(&self.method),
            path: restored(&self.path),
            query: restored(&self.query),
            accept: self.accept,
            content_type: self.content_type,
            if_match: self.if_match,
            if_none_match: self.if_none_match,
            body,
        }
    }
}

/// The header `Authorization` of a request.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[expect(missing_docs, reason = "they are what RFC 7617 calls them")]
pub enum Authorization {
    Basic { user: String, password: String },
    Other(String),
}

impl Authorization {
    /// With a token in place of the password, or of all that is not understood.
    pub(super) fn of(header: &str, tokens: &Tokens) -> Self {
        match restconf::basic(header) {
            Some((user, password)) => Authorization::Basic { user, password: tokens.of(&password) },
            None => Authorization::Other(tokens.of(header)),
        }
    }

    /// The header again.
    pub fn header(&self, restored: impl Fn(&str) -> String) -> String {
        match self {
            Authorization::Basic { user, password } => {
                format!("Basic {}", STANDARD.encode(format!("{user}:{}", restored(password))))
            }
            Authorization::Other(token) => token.clone(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Goal: what was said is said again, in both framings, up to what is none of them. Method: a
    /// session cut byte by byte, read, and what was read written.
    #[test]
    fn messages_come_back() {
        let hello = |version: &str| {
            let base = "urn:ietf:params:xml:ns:netconf:base:1.0";
            let capability = format!("urn:ietf:params:netconf:base:{version}");
            format!(
                "<hello xmlns=\"{base}\"><capabilities><capability>{capability}</capability>\
                 </capabilities></hello>"
            )
        };
        for (version, framing) in [("1.0", Version::V1_0), ("1.1", Version::V1_1)] {
            let mut stream = frame(Version::V1_0, &hello(version));
            stream.extend(frame(framing, "<rpc/>"));
            stream.extend(frame(framing, "<été/>"));
            let mut messages = Messages::default();
            let said: Vec<Said> = stream.iter().flat_map(|byte| messages.push(&[*byte])).collect();
            assert_eq!(said.len(), 3, "{version}");
            let again: Vec<u8> = said.iter().flat_map(Said::bytes).collect();
            assert_eq!(again, stream, "{version}");
            assert_eq!(messages.push(BROKEN), [Said::Broken], "{version}");
            assert_eq!(messages.push(b"more"), []);
        }
    }

    /// Goal: a password is a token in the recording, and is itself again in the replay.
    #[test]
    fn a_password_is_a_token() {
        let tokens = Tokens::keyed("key");
        let header = format!("Basic {}", STANDARD.encode("admin:hunter2:x"));
        let kept = Authorization::of(&header, &tokens);
        let text = serde_json::to_string(&kept).unwrap();
        assert!(text.contains("admin") && !text.contains("hunter2"), "{text}");
        assert_eq!(kept.header(|_| "hunter2:x".to_owned()), header);
        let other = Authorization::of("Bearer hunter2", &tokens);
        assert!(!serde_json::to_string(&other).unwrap().contains("hunter2"));
    }
}
