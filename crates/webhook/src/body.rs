//! The body of a delivery: JSON, most often one object that names its event.
//!
//! Called by the receiver, after the credential held and never before: parsing is work that a
//! stranger must not be able to ask for.

mod tolerant;

use serde_json::{Map, Value};

use crate::Normalized;
use crate::form::{self, FormError};

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
    /// No JSON, but what the tolerant parser takes.
    #[error(
        "malformed JSON at line {line} column {column}: this is single-quoted, JSON wants double \
         quotes; `body = \"tolerant\"` takes it"
    )]
    SingleQuoted {
        /// From 1.
        line: usize,
        /// From 1, in bytes.
        column: usize,
    },
    /// Neither the fields of a form nor JSON.
    #[error("the form cannot be read: {0}")]
    Form(FormError),
    /// Nothing in it is a field.
    #[error("this is no form: there is no `NAME=VALUE`, and no JSON either")]
    NoField,
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

/// Reads JSON. Of a key that comes twice the last one counts, here and everywhere after.
pub fn parse(bytes: &[u8]) -> Result<Value, BodyError> {
    strict(bytes).map_err(|error| match tolerant::parse(bytes) {
        Ok(read) if read.is_single_quoted => match error {
            BodyError::Malformed { line, column, .. } => BodyError::SingleQuoted { line, column },
            other => other,
        },
        Ok(_) | Err(_) => error,
    })
}

/// Reads JSON, or what means JSON: see [`Normalized::SingleQuoted`].
pub fn parse_tolerant(bytes: &[u8]) -> Result<(Value, Option<Normalized>), BodyError> {
    match (strict(bytes), tolerant::parse(bytes)) {
        (Ok(value), _) => Ok((value, None)),
        (Err(_), Ok(read)) => Ok((read.value, Some(Normalized::SingleQuoted))),
        // Of a body with single quotes the strict parser knows nothing but that.
        (Err(strict), Err(error)) => Err(if bytes.contains(&b'\'') { error } else { strict }),
    }
}

/// Reads a form: its fields as texts, or JSON that was sent under that type, as curl does unless it
/// is told otherwise.
pub fn parse_form(bytes: &[u8]) -> Result<(Value, Normalized), BodyError> {
    let text = String::from_utf8_lossy(bytes);
    let text = text.trim();
    if text.starts_with(['{', '[']) {
        let (value, from) = parse_tolerant(bytes)?;
        return Ok((value, from.unwrap_or(Normalized::Form)));
    }
    if !text.contains('=') {
        let whole = form::decoded(text).map_err(BodyError::Form)?;
        if whole.trim_start().starts_with(['{', '[']) {
            return Ok((parse_tolerant(whole.as_bytes())?.0, Normalized::Form));
        }
        return Err(BodyError::NoField);
    }
    let fields = form::pairs(text).map_err(BodyError::Form)?;
    let fields = fields.into_iter().map(|(name, value)| (name, Value::String(value)));
    Ok((Value::Object(fields.collect()), Normalized::Form))
}

/// The object that a body is.
pub fn object(body: Value) -> Result<Map<String, Value>, BodyError> {
    match body {
        Value::Object(object) => Ok(object),
        other => Err(BodyError::NotObject(kind(&other))),
    }
}

/// A body as the data of an event: a list becomes its `items`, anything else but an object its
/// `value`.
pub fn wrapped(body: Value) -> Map<String, Value> {
    let (key, value) = match body {
        Value::Object(object) => return object,
        Value::Array(_) => ("items", body),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => ("value", body),
    };
    Map::from_iter([(key.to_owned(), value)])
}

fn strict(bytes: &[u8]) -> Result<Value, BodyError> {
    if let Some(end) = too_many(bytes) {
        return Err(end);
    }
    serde_json::from_slice(bytes).map_err(|error| malformed(&error))
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
    let (line, column) = place(bytes, end);
    Some(BodyError::Malformed { line, column, reason: format!("more than {VALUES_MAX} values") })
}

/// Line and column of a byte, from 1.
fn place(bytes: &[u8], at: usize) -> (usize, usize) {
    let before = &bytes[..at];
    let line_start = before.iter().rposition(|byte| *byte == b'\n').map_or(0, |at| at + 1);
    (before.iter().filter(|byte| **byte == b'\n').count() + 1, at - line_start + 1)
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
#[path = "body/tests.rs"]
mod tests;
