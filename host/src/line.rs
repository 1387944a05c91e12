//! One log line: an event type, fields in order, and when.
//!
//! Made by the listener's log of facts and by the engineer's log; quoting follows logfmt, so that
//! `key=value` survives any value that a device or a sender supplies.

use std::fmt::{Display, Write as _};

use simtime::Time;

/// Characters of one value that are shown; the rest is cut, and the cut is marked.
const VALUE_CHARS_MAX: usize = 1_000;

/// A line being built.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line(String);

impl Line {
    /// Begins with the event type, in capitals and underscores.
    pub fn new(event_type: &'static str) -> Self {
        Line(event_type.to_owned())
    }

    /// Adds one field.
    #[must_use]
    pub fn field(mut self, key: &str, value: impl Display) -> Self {
        let _ = write!(self.0, " {key}={}", quoted(&value.to_string()));
        self
    }

    /// Adds a field if there is a value for it.
    #[must_use]
    pub fn maybe(self, key: &str, value: Option<impl Display>) -> Self {
        match value {
            Some(value) => self.field(key, value),
            None => self,
        }
    }

    /// Ends it with the instant; no line break.
    pub fn at(self, at: Time) -> String {
        self.field("ts", at).0
    }
}

/// A value as logfmt has it: bare when that is unambiguous, else in quotes with escapes.
fn quoted(value: &str) -> String {
    let bare = |c: char| !c.is_whitespace() && !must_escape(c) && !matches!(c, '"' | '=' | '\\');
    if !value.is_empty() && value.chars().count() <= VALUE_CHARS_MAX && value.chars().all(bare) {
        return value.to_owned();
    }
    let mut text = String::with_capacity(value.len() + 2);
    text.push('"');
    for c in value.chars().take(VALUE_CHARS_MAX) {
        match c {
            '"' | '\\' => text.extend(['\\', c]),
            '\n' => text.push_str("\\n"),
            '\r' => text.push_str("\\r"),
            '\t' => text.push_str("\\t"),
            c if must_escape(c) => text.extend(c.escape_unicode()),
            c => text.push(c),
        }
    }
    if value.chars().nth(VALUE_CHARS_MAX).is_some() {
        text.push_str("...");
    }
    text.push('"');
    text
}

/// Control characters, and what reorders or breaks a line on screen (UAX #9, UAX #14).
fn must_escape(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}')
        || matches!(c, '\u{2060}'..='\u{206f}' | '\u{feff}')
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// Goal: each form of a value. Method: a table of value and rendering.
    #[test]
    fn values_are_quoted_when_they_must_be() {
        let table = [
            ("GigabitEthernet1", "GigabitEthernet1"),
            ("show ip interface brief", "\"show ip interface brief\""),
            ("", "\"\""),
            ("a=b", "\"a=b\""),
            ("a\"b\\", "\"a\\\"b\\\\\""),
            ("x\nSERVER_STARTED ts=1", "\"x\\nSERVER_STARTED ts=1\""),
            ("\u{1b}[2J", "\"\\u{1b}[2J\""),
            ("\u{202e}abc", "\"\\u{202e}abc\""),
            ("Zürich", "Zürich"),
        ];
        for (value, want) in table {
            assert_eq!(quoted(value), want);
        }
    }

    /// Goal: a long value is cut, and says so.
    #[test]
    fn long_values_are_cut() {
        let text = quoted(&"x".repeat(VALUE_CHARS_MAX + 1));
        assert_eq!(text.len(), VALUE_CHARS_MAX + 5);
        assert!(text.ends_with("...\""));
    }

    proptest! {
        /// Goal: no value leaves its field. Method: any text; the line must split back into two.
        #[test]
        fn no_value_leaves_its_field(value in any::<String>()) {
            let line = Line::new("X").field("key", &value).at(Time::VIRTUAL_START);
            prop_assert!(!line.chars().any(char::is_control));
            let fields = line.strip_prefix("X key=").unwrap();
            let end = fields.strip_suffix(" ts=2026-01-01T00:00:00.000000Z").unwrap();
            let quoted = end.len() > 1 && end.starts_with('"') && end.ends_with('"');
            prop_assert!(quoted || !end.contains([' ', '"', '=']));
            if quoted {
                let inner = end[1..end.len() - 1].replace("\\\\", "").replace("\\\"", "");
                prop_assert!(!inner.contains('"'));
            }
        }
    }
}
