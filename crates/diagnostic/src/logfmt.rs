//! Values of `key=value` lines, so that no value reads as another field.
//!
//! Used by the programs' own log and by the lines that rules and records write, whose values come
//! from devices and senders.

use std::borrow::Cow;

/// A value as logfmt has it: bare when that is unambiguous, else in quotes with escapes. What is
/// longer than `chars_max` is cut, and the cut is marked.
pub fn value(value: &str, chars_max: usize) -> Cow<'_, str> {
    let is_bare = |c: char| !c.is_whitespace() && !must_escape(c) && !matches!(c, '"' | '=' | '\\');
    let end = value.char_indices().nth(chars_max).map(|(end, _)| end);
    if end.is_none() && value.chars().all(is_bare) {
        return Cow::Borrowed(value);
    }
    let mut text = String::with_capacity(value.len() + 2);
    text.push('"');
    for c in value[..end.unwrap_or(value.len())].chars() {
        match c {
            '"' | '\\' => text.extend(['\\', c]),
            '\n' => text.push_str("\\n"),
            '\r' => text.push_str("\\r"),
            '\t' => text.push_str("\\t"),
            c if must_escape(c) => text.extend(c.escape_unicode()),
            c => text.push(c),
        }
    }
    if end.is_some() {
        text.push_str("...");
    }
    text.push('"');
    Cow::Owned(text)
}

/// Control characters, and what reorders or breaks a line on screen (UAX #9, UAX #14).
fn must_escape(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}')
        || matches!(c, '\u{2060}'..='\u{206f}' | '\u{feff}')
}

/// A line without what stands in quotes in it: what no value can have put there.
pub fn unquoted(line: &str) -> String {
    split(line).0
}

/// Whether quotes in it are not closed.
pub fn is_open(line: &str) -> bool {
    split(line).1
}

/// What stands outside of quotes, and whether its end is inside.
fn split(line: &str) -> (String, bool) {
    let (mut outside, mut quoted, mut escaped) = (String::new(), false, false);
    for c in line.chars() {
        match (quoted, c) {
            (_, '"') if !escaped => quoted = !quoted,
            (true, _) => {}
            (false, c) => outside.push(c),
        }
        escaped = quoted && c == '\\' && !escaped;
    }
    (outside, quoted)
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
            ("", ""),
            ("a=b", "\"a=b\""),
            ("a\"b\\", "\"a\\\"b\\\\\""),
            ("x\nSERVER_STARTED ts=1", "\"x\\nSERVER_STARTED ts=1\""),
            ("\u{1b}[2J", "\"\\u{1b}[2J\""),
            ("\u{202e}abc", "\"\\u{202e}abc\""),
            ("Zürich", "Zürich"),
        ];
        for (text, want) in table {
            assert_eq!(value(text, 100), want);
        }
    }

    /// Goal: a long value is cut, and says so. Method: at the bound, and one above it.
    #[test]
    fn long_values_are_cut() {
        assert_eq!(value("üüü", 3), "üüü");
        assert_eq!(value("üüüü", 3), "\"üüü...\"");
    }

    proptest! {
        /// Goal: no value leaves its field. Method: any text, between two others.
        #[test]
        fn no_value_leaves_its_field(text in any::<String>(), max in 0_usize..40) {
            let line = format!("X key={} ts=1", value(&text, max));
            prop_assert!(!line.chars().any(char::is_control));
            let rest = unquoted(&line);
            prop_assert!(rest.starts_with("X key=") && rest.ends_with(" ts=1"), "{}", rest);
            prop_assert_eq!(rest.matches('=').count(), 2);
            prop_assert_eq!(rest.matches(' ').count(), 2);
        }
    }
}
