//! Text that came from outside, made fit for a terminal.
//!
//! Called by the renderer, and by the programs wherever they show a device's, a client's or a
//! file's text: an escape sequence in it must never reach the reader's terminal (law L6).

use std::borrow::Cow;
use std::fmt::Write as _;

/// `text` on one line: control characters and the like become `\n`, `\u{1b}` and so on.
pub fn printable(text: &str) -> Cow<'_, str> {
    escape(text, is_unfit)
}

/// `text` with its line ends and tabs kept, every other control character escaped.
pub fn printable_lines(text: &str) -> Cow<'_, str> {
    escape(text, |c| is_unfit(c) && !matches!(c, '\n' | '\t'))
}

/// Control characters, and the invisible ones that reorder what is read around them
/// (Unicode bidirectional controls, UAX #9).
pub(crate) fn is_unfit(c: char) -> bool {
    let reorders = matches!(c, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}');
    let isolates = matches!(c, '\u{2066}'..='\u{2069}' | '\u{2028}' | '\u{2029}' | '\u{feff}');
    c.is_control() || reorders || isolates
}

fn escape(text: &str, unfit: impl Fn(char) -> bool) -> Cow<'_, str> {
    if !text.contains(&unfit) {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len() + 8);
    for c in text.chars() {
        if unfit(c) {
            write!(out, "{}", c.escape_default()).expect("a String takes any text");
        } else {
            out.push(c);
        }
    }
    Cow::Owned(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Goal: no control character gets through, and plain text is untouched. Method: a table.
    #[test]
    fn control_characters_are_escaped() {
        let table = [
            ("Gi1 é ✓", "Gi1 é ✓", "Gi1 é ✓"),
            ("a\r\nb\tc", "a\\r\\nb\\tc", "a\\r\nb\tc"),
            ("\x1b]0;x\x07", "\\u{1b}]0;x\\u{7}", "\\u{1b}]0;x\\u{7}"),
            ("\u{9b}31m", "\\u{9b}31m", "\\u{9b}31m"),
            ("\u{202e}abc", "\\u{202e}abc", "\\u{202e}abc"),
        ];
        for (text, line, lines) in table {
            assert_eq!(printable(text), line);
            assert_eq!(printable_lines(text), lines);
        }
    }
}
