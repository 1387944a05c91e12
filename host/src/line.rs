//! One log line: an event type, fields in order, and when.
//!
//! Made by the listener's log of facts and by the engineer's log; quoting follows logfmt, so that
//! `key=value` survives any value that a device or a sender supplies.

use std::borrow::Cow;
use std::fmt::{Display, Write as _};

use diagnostic::logfmt;
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

/// A value that is empty is there all the same.
fn quoted(value: &str) -> Cow<'_, str> {
    if value.is_empty() { "\"\"".into() } else { logfmt::value(value, VALUE_CHARS_MAX) }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// Goal: fields are told apart, an empty one is there. Method: one line of them.
    #[test]
    fn fields_are_told_apart() {
        let line = Line::new("X").field("a", "b c").field("d", "").maybe("e", None::<&str>);
        let line = line.field("f", 5).at(Time::VIRTUAL_START);
        assert_eq!(line, "X a=\"b c\" d=\"\" f=5 ts=2026-01-01T00:00:00.000000Z");
    }

    /// Goal: a long value is cut, and says so.
    #[test]
    fn long_values_are_cut() {
        let long = "x".repeat(VALUE_CHARS_MAX + 1);
        let text = quoted(&long);
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
