//! A text with its name, and where in it a byte stands.
//!
//! Made by the programs, held by every [`crate::Diagnostic`] about it.

use std::fmt;
use std::ops::Range;
use std::sync::Arc;

/// A file's text, and the name by which its reader knows it.
///
/// Its `Debug` shows no text: a topology or a startup-config can hold secrets.
#[derive(Clone, PartialEq, Eq)]
pub struct Source {
    /// A path as the user wrote it, or `<embedded>/topology.toml`.
    pub name: String,
    /// The whole text.
    pub text: String,
}

impl fmt::Debug for Source {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Source({:?}, {} bytes)", self.name, self.text.len())
    }
}

impl Source {
    /// A source that diagnostics can share.
    pub fn new(name: impl Into<String>, text: impl Into<String>) -> Arc<Self> {
        Arc::new(Source { name: name.into(), text: text.into() })
    }

    /// Line and column of a byte, both from 1; the column counts characters.
    pub fn line_column(&self, byte: usize) -> (usize, usize) {
        let before = &self.text[..self.floor(byte)];
        let start = before.rfind('\n').map_or(0, |newline| newline + 1);
        let line = before.matches('\n').count() + 1;
        (line, before[start..].chars().count() + 1)
    }

    /// The bytes of one line, without its newline; `line` counts from 1.
    pub fn line_span(&self, line: usize) -> Range<usize> {
        let mut start = 0;
        for (index, text) in self.text.split('\n').enumerate() {
            if index + 1 == line {
                return start..start + text.trim_end_matches('\r').len();
            }
            start += text.len() + 1;
        }
        self.text.len()..self.text.len()
    }

    /// `span` cut down to what this text has, on the boundaries of characters.
    pub fn clamp(&self, span: Range<usize>) -> Range<usize> {
        let start = self.floor(span.start);
        start..self.floor(span.end).max(start)
    }

    /// This text with stars in place of what must not be shown, every other byte where it was: for
    /// a diagnostic whose line holds a secret.
    pub fn masking(&self, secrets: &[Range<usize>]) -> Arc<Self> {
        let mut bytes = self.text.clone().into_bytes();
        for secret in secrets {
            let hidden = &mut bytes[self.clamp(secret.clone())];
            hidden.iter_mut().filter(|byte| !matches!(byte, b'\n' | b'"' | b'\'')).for_each(
                |byte| {
                    *byte = b'*';
                },
            );
        }
        let text = String::from_utf8(bytes).expect("whole characters became ASCII");
        Source::new(self.name.clone(), text)
    }

    fn floor(&self, byte: usize) -> usize {
        let mut byte = byte.min(self.text.len());
        while !self.text.is_char_boundary(byte) {
            byte -= 1;
        }
        byte
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Goal: places are counted as editors count them. Method: a table over a text with an umlaut.
    #[test]
    fn lines_and_columns_count_from_one() {
        let source = Source::new("a", "ab\nüx\r\n");
        let table = [
            (0, (1, 1)),
            (2, (1, 3)),
            (3, (2, 1)),
            (4, (2, 1)),
            (5, (2, 2)),
            (8, (3, 1)),
            (99, (3, 1)),
        ];
        for (byte, want) in table {
            assert_eq!(source.line_column(byte), want, "byte {byte}");
        }
        assert_eq!(source.line_span(2), 3..6);
        assert_eq!(source.line_span(9), 8..8);
        assert_eq!(source.clamp(4..200), 3..8);
    }

    /// Goal: a secret is not shown, and nothing moves. Method: one with letters of two bytes.
    #[test]
    fn secrets_are_masked_in_place() {
        let source = Source::new("a", "k = \"s\u{fc}\"\nb = 1");
        let masked = source.masking(&[4..9, 40..50]);
        assert_eq!(masked.text, "k = \"***\"\nb = 1");
        assert_eq!(masked.name, source.name);
    }
}
