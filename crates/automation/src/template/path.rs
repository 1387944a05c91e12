//! The path of a request with values in it: below `/restconf`, and values only as keys.
//!
//! Asked when a rule is loaded and again about what was filled in. Values are percent-encoded, so
//! that a slash in the name of an interface stays in its key (RFC 8040 section 3.5.3).

use std::ops::Range;

use super::Mistake;

/// How long a path may be, in bytes.
pub(crate) const PATH_BYTES_MAX: usize = 2_048;
/// Where everything stands.
const ROOT: &str = "/restconf";
/// What stands there.
const BELOW: [&str; 3] = ["data", "operations", "yang-library-version"];

/// What is wrong with a path whose values stand at these places.
pub(super) fn check(text: &str, values: &[Range<usize>]) -> Result<(), Mistake> {
    let wrong = |message: String, range: Option<Range<usize>>, help: Option<&str>| {
        Err(Mistake { message, range, help: help.map(str::to_owned) })
    };
    if text.len() > PATH_BYTES_MAX {
        return wrong(format!("the path is longer than {PATH_BYTES_MAX} bytes"), None, None);
    }
    let is_path =
        |byte: u8| byte.is_ascii_alphanumeric() || b"-._~!$&'()*+,;=:@/?%".contains(&byte);
    if let Some((at, found)) =
        text.char_indices().find(|(_, c)| !c.is_ascii() || !is_path(*c as u8))
    {
        let message = format!("{found:?} cannot stand in a path");
        let help = "write it percent-encoded: `%20` is a blank";
        return wrong(message, Some(at..at + found.len_utf8()), Some(help));
    }
    for (at, _) in text.match_indices('%') {
        let hex = text.get(at + 1..at + 3).unwrap_or_default();
        if hex.len() != 2 || !hex.bytes().all(|byte| byte.is_ascii_hexdigit()) {
            let message = "`%` without two hexadecimal digits".to_owned();
            return wrong(message, Some(at..at + 1), None);
        }
    }
    let path = text.split('?').next().unwrap_or_default();
    let below = path.strip_prefix(ROOT).unwrap_or(path).trim_start_matches('/');
    let first = below.split('/').next().unwrap_or_default();
    let is_root = below.is_empty() && path.starts_with(ROOT);
    if !BELOW.contains(&first) && !is_root {
        let help = "such as `data/ietf-interfaces:interfaces`";
        return wrong(format!("a path begins with {}", BELOW.join(", ")), None, Some(help));
    }
    if below.split('/').any(|segment| matches!(segment, "." | "..")) {
        return wrong("a path goes down alone".to_owned(), None, None);
    }
    let is_key = |value: &Range<usize>| {
        let before = &text[..value.start];
        let segment = before.rsplit(['/', '?', '&']).next().unwrap_or_default();
        segment.contains('=')
    };
    match values.iter().find(|value| !is_key(value)) {
        None => Ok(()),
        Some(value) => {
            let message = "a value of a path stands behind a `=`, as a key".to_owned();
            wrong(message, Some(value.clone()), None)
        }
    }
}

/// Whether a text that somebody sent is the rest of a path below `data/`, encoded, without query.
pub(super) fn is_below_data(text: &str) -> bool {
    !text.contains('?') && check(&format!("{ROOT}/data/{text}"), &[]).is_ok()
}

/// The path from the root of the server on.
pub(crate) fn whole(text: &str) -> String {
    match text.strip_prefix(ROOT) {
        Some(rest) if rest.is_empty() || rest.starts_with(['/', '?']) => text.to_owned(),
        Some(_) | None => format!("{ROOT}/{}", text.trim_start_matches('/')),
    }
}
