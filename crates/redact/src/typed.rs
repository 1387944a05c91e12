//! A line as somebody typed it on a router, mistyped and abbreviated words included.
//!
//! Used by the device side for its facts. It takes away more than [`crate::text`] does, since what
//! is typed need not be what IOS would print.

use crate::{REDACTED, shape};

/// The words after which IOS takes a secret, perhaps after a number that says how it is encoded.
const SECRET_WORDS: [&str; 6] =
    ["community", "key", "key-string", "password", "pre-shared-key", "secret"];

/// The options of `curl` and the ends of header names after which a credential stands. An applet
/// sends them with `guestshell run curl`.
const CURL_OPTIONS: [&str; 2] = ["-u", "--user"];
const CURL_HEADERS: [&str; 3] = ["authorization:", "key:", "token:"];

/// Replaces what follows a word for secrets, or the beginning of one of at least three letters. It
/// works on any line, so that a mistyped command tells no secret either; `show` takes
/// none.
pub fn typed_line(line: &str) -> String {
    let blanked = if shows(line) { line.to_owned() } else { blank_rest(line) };
    shape::text(&blanked).into_owned()
}

fn shows(line: &str) -> bool {
    let first = line.split_whitespace().next().unwrap_or_default();
    first.len() >= 2 && "show".starts_with(&first.to_ascii_lowercase())
}

fn blank_rest(line: &str) -> String {
    let mut out = String::new();
    let mut rest = line;
    while let Some(start) = rest.find(|c: char| !c.is_whitespace()) {
        let length = rest[start..].find(char::is_whitespace).unwrap_or(rest.len() - start);
        let (word, after) = rest[start..].split_at(length);
        out.push_str(&rest[..start]);
        out.push_str(word);
        rest = after;
        if is_secret_word(word) && !rest.trim().is_empty() {
            return out + " " + &blanked(rest.trim());
        }
    }
    out + rest
}

/// `9 $9$abc` to `9 [redacted]`: everything but the number in front.
fn blanked(value: &str) -> String {
    match value.split_once(char::is_whitespace) {
        Some((digit, _)) if digit.bytes().all(|b| b.is_ascii_digit()) => {
            format!("{digit} {REDACTED}")
        }
        Some(_) | None => REDACTED.to_owned(),
    }
}

fn is_secret_word(word: &str) -> bool {
    let word = word.to_ascii_lowercase();
    let is_header = CURL_HEADERS.iter().any(|end| word.ends_with(end));
    if is_header || CURL_OPTIONS.contains(&word.as_str()) {
        return true;
    }
    word.len() >= 3 && SECRET_WORDS.iter().any(|secret| secret.starts_with(&word))
}
