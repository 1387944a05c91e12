//! Keys of more than one line: those of RFC 7468, and the hexadecimal ones of IOS.
//!
//! Asked for each line in turn by `shape`. A key that does not end hides all that follows.

use std::borrow::Cow;

use crate::REDACTED;
use crate::shape::line;

const BEGINS: &str = "-----BEGIN";
const ENDS: &str = "-----END";
/// What a key's first marker ends in, and how far behind [`BEGINS`] that may be, in bytes.
const PRIVATE: &str = "PRIVATE KEY-----";
const KIND_BYTES_MAX: usize = 16;

/// Whether the next line belongs to a key.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Block {
    #[default]
    None,
    /// Until `-----END`.
    Pem,
    /// As long as lines are of hexadecimal digits.
    Hex,
}

impl Block {
    /// The line without what of it is a key; `None` where it is like any other.
    pub(crate) fn line<'a>(&mut self, text: &'a str) -> Option<Cow<'a, str>> {
        let trimmed = text.trim();
        if *self == Block::Hex && (is_hex(trimmed) || trimmed == REDACTED) {
            return Some(Cow::Owned(hidden(text).to_owned()));
        }
        if *self == Block::Pem || begin(text).is_some() {
            return Some(self.pem(text));
        }
        let announces = trimmed == "key-string" || trimmed.starts_with("private-key");
        *self = if announces { Block::Hex } else { Block::None };
        None
    }

    /// The markers stay, what is between them goes; line breaks may be escaped, as in JSON.
    fn pem<'a>(&mut self, text: &'a str) -> Cow<'a, str> {
        let mut out = String::new();
        let mut rest = text;
        loop {
            let inside = *self == Block::Pem;
            let marker = if inside { end(rest) } else { begin(rest) };
            let (start, after) = marker.unwrap_or((rest.len(), rest.len()));
            let before = &rest[..start];
            out.push_str(&if inside { hidden(before).into() } else { line(before) });
            if marker.is_none() {
                break;
            }
            out.push_str(&rest[start..after]);
            rest = &rest[after..];
            *self = if inside { Block::None } else { Block::Pem };
        }
        if out == text { text.into() } else { out.into() }
    }
}

/// Where the marker of a private key begins and ends.
fn begin(text: &str) -> Option<(usize, usize)> {
    text.match_indices(BEGINS).find_map(|(at, _)| {
        let kind = at + BEGINS.len();
        let mut found = text.as_bytes()[kind..].windows(PRIVATE.len()).take(KIND_BYTES_MAX);
        let private = found.position(|bytes| bytes == PRIVATE.as_bytes())?;
        Some((at, kind + private + PRIVATE.len()))
    })
}

fn end(text: &str) -> Option<(usize, usize)> {
    text.find(ENDS).map(|at| (at, at + ENDS.len()))
}

fn is_hex(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_hexdigit() || byte == b' ')
}

fn hidden(text: &str) -> &str {
    if text.is_empty() { "" } else { REDACTED }
}
