//! Text of a configuration while it is being printed: lines, and `!` between blocks.
//!
//! Filled by sections. It must never hold two `!` in a row, so that a section may print one before
//! and after its block without knowing its neighbours.

use std::fmt::{self, Write as _};

/// Whether a value prints as one word. A quoted one with blanks in it would come back as several,
/// so that the features that print it bare refuse it.
pub(crate) fn is_word(value: &str) -> bool {
    !value.is_empty() && !value.contains([' ', '\t', '"'])
}

/// Lines of a configuration.
#[derive(Debug, Default)]
pub(crate) struct ConfigText {
    text: String,
}

impl ConfigText {
    /// Adds one line.
    pub(crate) fn line(&mut self, line: impl fmt::Display) {
        writeln!(self.text, "{line}").expect("writing to a String does not fail");
    }

    /// Ends a block with `!`, unless the text ends with one already.
    pub(crate) fn separator(&mut self) {
        if !self.ends_with_separator() {
            self.text.push_str("!\n");
        }
    }

    /// The text, each line with its newline.
    pub(crate) fn into_string(self) -> String {
        self.text
    }

    fn ends_with_separator(&self) -> bool {
        self.text == "!\n" || self.text.ends_with("\n!\n")
    }
}
