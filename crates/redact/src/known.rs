//! Secrets by value: one automaton over all of them, in every form in which they are written.
//!
//! Used by the redactor. The cost is that of reading the text once, however many there are.

use std::borrow::Cow;

use aho_corasick::{AhoCorasick, MatchKind};
use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE};

use crate::REDACTED;

/// The shortest secret that is looked for by its value, in bytes: a shorter one stands in every
/// second word.
pub(crate) const SECRET_BYTES_MIN: usize = 4;

/// Words that texts of routers are full of, and that people use as passwords.
const COMMON_WORDS: [&str; 14] = [
    "admin", "cisco", "cisco123", "default", "enable", "guest", "password", "private", "public",
    "root", "router", "secret", "test", "user",
];

/// The values, compiled.
#[derive(Clone, Default)]
pub(crate) struct Known(Option<AhoCorasick>);

impl Known {
    pub(crate) fn new<'a>(secrets: impl IntoIterator<Item = &'a str>, names: &[&str]) -> Self {
        let worth = |secret: &&str| is_worth(secret, names);
        let mut forms: Vec<String> =
            secrets.into_iter().filter(worth).flat_map(written_forms).collect();
        forms.sort();
        forms.dedup();
        if forms.is_empty() {
            return Known(None);
        }
        // The longest one wins where two begin at one place, so that no end of it is left.
        let built = AhoCorasick::builder().match_kind(MatchKind::LeftmostLongest).build(forms);
        Known(Some(built.expect("secrets of a file have far less than 2^31 bytes")))
    }

    pub(crate) fn redact<'a>(&self, text: &'a str) -> Cow<'a, str> {
        let Some(automaton) = &self.0 else { return Cow::Borrowed(text) };
        let mut out = String::new();
        let mut done = 0;
        for found in automaton.find_iter(text) {
            out.push_str(&text[done..found.start()]);
            out.push_str(REDACTED);
            done = found.end();
        }
        if done == 0 {
            return Cow::Borrowed(text);
        }
        out.push_str(&text[done..]);
        Cow::Owned(out)
    }
}

fn is_worth(secret: &str, names: &[&str]) -> bool {
    let is_common = COMMON_WORDS.iter().any(|word| word.eq_ignore_ascii_case(secret));
    let is_own = REDACTED.contains(secret) || secret.contains(REDACTED);
    secret.len() >= SECRET_BYTES_MIN && !is_common && !is_own && !names.contains(&secret)
}

/// As it is, as JSON and logs escape it, as URLs do, in base64 and in hexadecimal.
fn written_forms(secret: &str) -> Vec<String> {
    let bytes = secret.as_bytes();
    let quoted = serde_json::Value::from(secret).to_string();
    let percent = |byte: &u8| match byte {
        b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => {
            char::from(*byte).to_string()
        }
        other => format!("%{other:02X}"),
    };
    let hex: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
    let mut forms = vec![
        secret.to_owned(),
        quoted[1..quoted.len() - 1].to_owned(),
        bytes.iter().map(percent).collect(),
        STANDARD.encode(bytes).trim_end_matches('=').to_owned(),
        URL_SAFE.encode(bytes).trim_end_matches('=').to_owned(),
        hex.to_ascii_uppercase(),
        hex,
    ];
    // The key of a Standard Webhooks secret is as good as the whole.
    forms.extend(secret.strip_prefix("whsec_").map(str::to_owned));
    forms.retain(|form| form.len() >= SECRET_BYTES_MIN);
    forms
}
