//! What a terminal would show of a device's bytes: finished lines, and the one that is not.
//!
//! Fed by the driver. It folds line ends, drops escape sequences and carries out backspaces, so
//! that nobody behind it meets a control character. It keeps a bounded number of bytes.

/// How much one command may answer, in bytes.
pub const OUTPUT_BYTES_MAX: usize = 1024 * 1024;
/// The longest unfinished line that is looked at, in bytes: prompts and questions are short, and
/// a device that sends one endless line byte by byte must not cost a look at all of it each time.
const TAIL_BYTES_MAX: usize = 160;

/// What came since the last [`Screen::clear`].
#[derive(Debug, Default)]
pub(crate) struct Screen {
    /// The finished lines, each with its newline.
    text: String,
    /// The last finished line that is not blank.
    last: String,
    line: Vec<u8>,
    cursor: usize,
    escape: Escape,
    fed: usize,
}

/// Where in an escape sequence (ECMA-48) the stream is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Escape {
    #[default]
    None,
    /// After ESC.
    Started,
    /// In `ESC [ ...`, which a byte from `@` to `~` ends.
    Control,
    /// In `ESC ] ...`, which BEL or `ESC \` ends.
    Command,
}

impl Screen {
    /// Takes bytes in. False when more came since the last clear than is kept.
    pub(crate) fn feed(&mut self, bytes: &[u8]) -> bool {
        for &byte in bytes {
            self.byte(byte);
        }
        self.fed = self.fed.saturating_add(bytes.len());
        self.fed <= OUTPUT_BYTES_MAX
    }

    /// The finished lines, each with its newline.
    pub(crate) fn text(&self) -> &str {
        &self.text
    }

    /// The last finished line that is not blank.
    pub(crate) fn last(&self) -> &str {
        &self.last
    }

    /// The unfinished line; empty when it is longer than anything that waits for us.
    pub(crate) fn tail(&self) -> String {
        let short = self.line.len() <= TAIL_BYTES_MAX;
        if short { String::from_utf8_lossy(&self.line).into_owned() } else { String::new() }
    }

    /// Forgets the finished lines up to a byte of [`Screen::text`].
    pub(crate) fn forget(&mut self, bytes: usize) {
        self.text.drain(..bytes);
    }

    /// Forgets the unfinished line.
    pub(crate) fn drop_tail(&mut self) {
        self.line.clear();
        self.cursor = 0;
    }

    /// Forgets everything.
    pub(crate) fn clear(&mut self) {
        *self = Screen { escape: self.escape, ..Screen::default() };
    }

    fn byte(&mut self, byte: u8) {
        match (self.escape, byte) {
            (Escape::None, _) => self.shown(byte),
            (Escape::Started, b'[') => self.escape = Escape::Control,
            (Escape::Started, b']') => self.escape = Escape::Command,
            (Escape::Started, _) | (Escape::Control, b'@'..=b'~') | (Escape::Command, 0x07) => {
                self.escape = Escape::None;
            }
            (Escape::Control | Escape::Command, 0x1b) => self.escape = Escape::Started,
            (Escape::Control | Escape::Command, _) => {}
        }
    }

    fn shown(&mut self, byte: u8) {
        match byte {
            b'\n' => self.finish_line(),
            b'\r' => {
                self.cursor = 0;
                // `--More--` is wiped with blanks: such a line was never part of the answer.
                if self.line.iter().all(|&b| b == b' ') {
                    self.line.clear();
                }
            }
            0x08 => {
                self.cursor = self.cursor.saturating_sub(1);
                if self.line[self.cursor..].iter().all(|&b| b == b' ') {
                    self.line.truncate(self.cursor);
                }
            }
            0x1b => self.escape = Escape::Started,
            b'\t' | b' '..=b'~' | 0x80.. => self.put(byte),
            0..0x20 | 0x7f => {}
        }
    }

    fn finish_line(&mut self) {
        let line = String::from_utf8_lossy(&self.line);
        if !line.trim().is_empty() {
            self.last.clear();
            self.last.extend(line.chars().take(TAIL_BYTES_MAX));
        }
        self.text.push_str(&line);
        self.text.push('\n');
        self.drop_tail();
    }

    fn put(&mut self, byte: u8) {
        match self.line.get_mut(self.cursor) {
            Some(place) => *place = byte,
            None => self.line.push(byte),
        }
        self.cursor += 1;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn check(bytes: &str, lines: &[&str], tail: &str) {
        let mut screen = Screen::default();
        assert!(screen.feed(bytes.as_bytes()));
        let shown: Vec<&str> = screen.text().lines().collect();
        assert_eq!(shown, lines, "{bytes:?}");
        assert_eq!(screen.tail(), tail, "{bytes:?}");
    }

    /// Goal: the texts that devices really send come out as a person reads them. Method: a table.
    #[test]
    fn bytes_become_lines() {
        check("R1#show clock\r\n*12:00\r\nR1#", &["R1#show clock", "*12:00"], "R1#");
        check("a\r\r\nb\n\rc", &["a", "b"], "c");
        check("one\r\n --More-- \x08\x08\x08\x08\x08\x08\x08\x08\x08\x08", &["one"], " --More--");
        // IOS wipes its pager with nine backspaces, eight blanks, nine backspaces.
        let (back, wipe) = ("\x08".repeat(9), " ".repeat(8));
        check(&format!(" --More-- {back}{wipe}{back}two\r\n"), &["two"], "");
        check(" --More-- \r          \rtwo\r\n", &["two"], "");
        check("ab\x08\x08\x08xy", &[], "xy");
        check("abc\x08 \x08", &[], "ab");
        check("\x1b[31mred\x1b[0m\x1b]0;title\x07!", &[], "red!");
        check("\0R1\x07#\x7f", &[], "R1#");
    }

    proptest! {
        /// Goal: no bytes panic, and how they are cut changes nothing. Method: any bytes, any cut.
        #[test]
        fn any_bytes_fold_the_same_however_they_are_cut(bytes: Vec<u8>, cut in 0usize..64) {
            let mut whole = Screen::default();
            whole.feed(&bytes);
            let mut pieces = Screen::default();
            for piece in bytes.chunks(cut + 1) {
                pieces.feed(piece);
            }
            prop_assert_eq!(whole.text(), pieces.text());
            prop_assert_eq!(whole.last(), pieces.last());
            prop_assert_eq!(whole.tail(), pieces.tail());
            prop_assert!(!whole.tail().chars().any(|c| c.is_ascii_control() && c != '\t'));
        }
    }
}
