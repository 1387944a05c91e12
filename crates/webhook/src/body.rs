//! The body of a delivery: one JSON object that names its event.
//!
//! Called by the receiver, after the credential held and never before: parsing is work that a
//! stranger must not be able to ask for.

use serde_json::{Map, Value};

/// The keys that can name the event, the first present one wins.
pub const NAME_KEYS: [&str; 3] = ["event", "event_type", "type"];
/// The longest name of an event, in characters.
pub const NAME_CHARS_MAX: usize = 128;

/// The most values in a body, at all depths: one takes two bytes there and some 80 in memory.
pub const VALUES_MAX: usize = 10_000;

/// Why bytes are no JSON object.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BodyError {
    /// Not JSON, nested deeper than 128 levels, or more than [`VALUES_MAX`] values.
    #[error("malformed JSON at line {line} column {column}: {reason}")]
    Malformed {
        /// From 1.
        line: usize,
        /// From 1, in bytes.
        column: usize,
        /// What the parser expected.
        reason: String,
    },
    /// JSON, but not an object.
    #[error("the body must be a JSON object, not {0}")]
    NotObject(&'static str),
}

/// Why an object names no event.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NameError {
    /// None of [`NAME_KEYS`] is there.
    #[error("the body names no event: `event`, `event_type` or `type` is missing")]
    Missing,
    /// The first present one is no string.
    #[error("`{0}` must be a string")]
    NotText(&'static str),
    /// Empty, too long, or with control characters.
    #[error("`{0}` must be 1 to {NAME_CHARS_MAX} printable characters")]
    NotName(&'static str),
}

/// Reads a body. Of a key that comes twice the last one counts, here and everywhere after.
pub fn parse(bytes: &[u8]) -> Result<Map<String, Value>, BodyError> {
    if let Some(end) = too_many(bytes) {
        return Err(end);
    }
    match serde_json::from_slice(bytes) {
        Ok(Value::Object(object)) => Ok(object),
        Ok(other) => Err(BodyError::NotObject(kind(&other))),
        Err(error) => Err(malformed(&error)),
    }
}

/// The name of the event that a body tells of.
pub fn event_name(body: &Map<String, Value>) -> Result<&str, NameError> {
    let present = NAME_KEYS.iter().find_map(|key| Some((*key, body.get(*key)?)));
    let (key, value) = present.ok_or(NameError::Missing)?;
    let name = value.as_str().ok_or(NameError::NotText(key))?;
    if is_name(name) { Ok(name) } else { Err(NameError::NotName(key)) }
}

/// Whether an event can be called so.
pub fn is_name(name: &str) -> bool {
    let printable = !name.trim().is_empty() && !name.chars().any(char::is_control);
    printable && name.chars().count() <= NAME_CHARS_MAX
}

/// Counts what opens or separates values, outside of strings: never fewer than there are.
fn too_many(bytes: &[u8]) -> Option<BodyError> {
    let (mut values, mut in_string, mut escaped) = (0, false, false);
    let end = bytes.iter().position(|byte| {
        match byte {
            _ if escaped => escaped = false,
            b'\\' => escaped = in_string,
            b'"' => in_string = !in_string,
            b',' | b'[' | b'{' if !in_string => values += 1,
            _ => {}
        }
        values > VALUES_MAX
    })?;
    let line_start = bytes[..end].iter().rposition(|byte| *byte == b'\n').map_or(0, |at| at + 1);
    Some(BodyError::Malformed {
        line: bytes[..end].iter().filter(|byte| **byte == b'\n').count() + 1,
        column: end - line_start + 1,
        reason: format!("more than {VALUES_MAX} values"),
    })
}

fn malformed(error: &serde_json::Error) -> BodyError {
    let text = error.to_string();
    // The parser appends the position, which the variant has as numbers.
    let reason = text.split(" at line ").next().unwrap_or_default().to_owned();
    BodyError::Malformed { line: error.line(), column: error.column(), reason }
}

fn kind(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "a boolean",
        Value::Number(_) => "a number",
        Value::String(_) => "a string",
        Value::Array(_) => "an array",
        Value::Object(_) => "an object",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(body: &str, want: &str) {
        let got = match parse(body.as_bytes()) {
            Err(error) => error.to_string(),
            Ok(object) => match event_name(&object) {
                Ok(name) => format!("event {name}"),
                Err(error) => error.to_string(),
            },
        };
        assert_eq!(got, want, "{body}");
    }

    /// Goal: the contract's order of names, and a position in every refusal. Method: a table.
    #[test]
    fn bodies_name_their_event_or_say_why_not() {
        check(r#"{"event": "InterfaceDown", "type": "x"}"#, "event InterfaceDown");
        check(r#"{"type": "a.b", "event_type": "config"}"#, "event config");
        check(r#"{"type": "a.b"}"#, "event a.b");
        check("{}", "the body names no event: `event`, `event_type` or `type` is missing");
        check(r#"{"event": 5, "type": "x"}"#, "`event` must be a string");
        check(r#"{"event": " "}"#, "`event` must be 1 to 128 printable characters");
        check(r#"{"event": "a\nb"}"#, "`event` must be 1 to 128 printable characters");
        check("[1]", "the body must be a JSON object, not an array");
        check("", "malformed JSON at line 1 column 0: EOF while parsing a value");
        check("{\"a\": 1,\n \"b\" 2}", "malformed JSON at line 2 column 6: expected `:`");
    }

    /// Goal: depth is bounded. Method: more brackets than a stack would like.
    #[test]
    fn deep_json_is_refused() {
        let deep = format!("{{\"event\":{}", "[".repeat(VALUES_MAX / 2));
        let error = parse(deep.as_bytes()).expect_err("too deep");
        assert!(error.to_string().contains("recursion limit exceeded"), "{error}");
    }

    /// Goal: width is bounded, whatever strings hold. Method: lists around the bound, and commas
    /// that separate nothing.
    #[test]
    fn wide_json_is_refused() {
        let body =
            |values: usize| format!("{{\"event\": \"X\",\n\"d\": [0{}]}}", ",0".repeat(values));
        assert!(parse(body(VALUES_MAX - 3).as_bytes()).is_ok());
        let error = parse(body(VALUES_MAX - 2).as_bytes()).expect_err("too wide").to_string();
        assert_eq!(error, "malformed JSON at line 2 column 20002: more than 10000 values");
        let text = format!(r#"{{"event": "\"{}"}}"#, ",[{".repeat(VALUES_MAX));
        assert!(parse(text.as_bytes()).is_ok());
    }

    proptest::proptest! {
        /// Goal: no bytes make the parser panic. Method: any bytes.
        #[test]
        fn any_bytes_are_read_or_refused(bytes: Vec<u8>) {
            if let Ok(object) = parse(&bytes) {
                let _ = event_name(&object);
            }
        }
    }
}
