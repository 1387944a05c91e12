//! Texts without their secrets: what is known to be one, and what looks like one.
//!
//! Asked by both sides before anything is logged, stored or told as a fact. Two nets, one behind
//! the other: the values that a program was configured with ([`Redactor`]), wherever they stand,
//! and the shapes in which secrets are written ([`text`]): lines of IOS, headers, URLs, JSON. It
//! keeps lines and words around them, runs in linear time, and doing it twice changes nothing.

mod block;
mod json;
mod known;
mod shape;
mod typed;

use std::borrow::Cow;
use std::fmt;

use serde_json::{Map, Value};

use known::Known;

pub use json::is_secret_key;
pub use shape::text;
pub use typed::typed_line;

/// What stands where a secret was.
pub const REDACTED: &str = "[redacted]";

/// Takes known secrets out of texts, and whatever looks like one. Its `Debug` shows none.
#[derive(Clone, Default)]
pub struct Redactor {
    known: Known,
}

impl Redactor {
    /// Knows these secrets. One that is shorter than four bytes, or a word that
    /// texts are full of, is found by its place alone: to take `admin` out of every text would hide
    /// the users and keep no secret. `names` are such words of the program's own: user names.
    pub fn new<'a>(
        secrets: impl IntoIterator<Item = &'a str>,
        names: impl IntoIterator<Item = &'a str>,
    ) -> Self {
        shape::prepare();
        let names: Vec<&str> = names.into_iter().collect();
        Redactor { known: Known::new(secrets, &names) }
    }

    /// A text without secrets.
    pub fn text<'a>(&self, text: &'a str) -> Cow<'a, str> {
        match self.known.redact(text) {
            Cow::Borrowed(same) => shape::text(same),
            Cow::Owned(changed) => Cow::Owned(shape::text(&changed).into_owned()),
        }
    }

    /// Takes the secrets out of JSON in place, by its keys and by its texts.
    pub fn value(&self, value: &mut Value) {
        json::value(self, value);
    }

    /// Takes the secrets out of a text in place.
    pub fn clean(&self, text: &mut String) {
        if let Cow::Owned(changed) = self.text(text) {
            *text = changed;
        }
    }

    /// Takes the secrets out of an object in place, names of keys included: the value of a key that
    /// is called like a secret is one, whatever it looks like.
    pub fn object(&self, object: &mut Map<String, Value>) {
        json::object(self, object);
    }

    /// A text that may be JSON. One that holds no secret comes back byte for byte.
    pub fn body<'a>(&self, body: &'a str) -> Cow<'a, str> {
        let Ok(before) = serde_json::from_str::<Value>(body) else { return self.text(body) };
        let mut after = before.clone();
        json::value(self, &mut after);
        if after == before { Cow::Borrowed(body) } else { Cow::Owned(after.to_string()) }
    }
}

impl fmt::Debug for Redactor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Redactor([redacted])")
    }
}

#[cfg(test)]
mod tests;
