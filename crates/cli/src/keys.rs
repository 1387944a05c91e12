//! Bytes of a terminal as keys: control characters, escape sequences, and the ends of lines.
//!
//! Used by the owner of a session, before the editor or the pager. It keeps three bits of state and
//! no bytes, so nothing that a client sends can make it grow.

/// One key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Key {
    /// A printable byte; bytes of UTF-8 come one by one.
    Character(u8),
    /// The same after ^V: `?` is then no question.
    Literal(u8),
    /// The end of a line: CR, LF or CR LF.
    Enter,
    /// ^H or DEL: the character before the cursor.
    Rubout,
    /// ^D: the character under the cursor.
    Delete,
    /// ^A
    LineStart,
    /// ^E
    LineEnd,
    /// ^B or left
    Back,
    /// ^F or right
    Forward,
    /// Esc B
    WordBack,
    /// Esc F
    WordForward,
    /// ^P or up
    Previous,
    /// ^N or down
    Next,
    /// ^W: the word before the cursor.
    EraseWord,
    /// Esc D: the word after the cursor.
    EraseWordAfter,
    /// ^U or ^X: from the line's start to the cursor.
    EraseToStart,
    /// ^K: from the cursor to the line's end.
    EraseToEnd,
    /// ^Y: what was erased last.
    Recall,
    /// ^T: the two characters around the cursor change places.
    Transpose,
    /// ^R or ^L
    Redraw,
    /// ^C
    Abort,
    /// ^Z
    End,
    /// Ctrl-Shift-6: breaks off a command that goes on.
    Break,
    /// TAB
    Tab,
}

/// Turns bytes into keys.
#[derive(Clone, Copy, Debug, Default)]
pub struct Keys {
    after_cr: bool,
    escape: Escape,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Escape {
    #[default]
    None,
    /// After ^V.
    Literal,
    /// After ESC.
    Started,
    /// After ESC [ or ESC O, and the first digit that followed.
    Sequence(u8),
}

impl Keys {
    /// The key that this byte completes, if it completes one.
    pub fn feed(&mut self, byte: u8) -> Option<Key> {
        let after_cr = std::mem::replace(&mut self.after_cr, byte == b'\r');
        match std::mem::take(&mut self.escape) {
            Escape::None => self.plain(byte, after_cr),
            Escape::Literal if is_printable(byte) => Some(Key::Literal(byte)),
            Escape::Literal => self.plain(byte, after_cr),
            Escape::Started => self.after_escape(byte),
            Escape::Sequence(digit) => self.in_sequence(byte, digit),
        }
    }

    fn plain(&mut self, byte: u8, after_cr: bool) -> Option<Key> {
        Some(match byte {
            // CR LF and CR NUL (RFC 854) are one end of line; a lone NUL is a keep-alive.
            0x00 => return None,
            b'\n' if after_cr => return None,
            b'\r' | b'\n' => Key::Enter,
            0x01 => Key::LineStart,
            0x02 => Key::Back,
            0x03 => Key::Abort,
            0x04 => Key::Delete,
            0x05 => Key::LineEnd,
            0x06 => Key::Forward,
            0x08 | 0x7f => Key::Rubout,
            b'\t' => Key::Tab,
            0x0b => Key::EraseToEnd,
            0x0c | 0x12 => Key::Redraw,
            0x0e => Key::Next,
            0x10 => Key::Previous,
            0x14 => Key::Transpose,
            0x15 | 0x18 => Key::EraseToStart,
            0x16 => return self.expect(Escape::Literal),
            0x17 => Key::EraseWord,
            0x19 => Key::Recall,
            0x1a => Key::End,
            0x1b => return self.expect(Escape::Started),
            0x1e => Key::Break,
            byte if is_printable(byte) => Key::Character(byte),
            _ => return None,
        })
    }

    fn after_escape(&mut self, byte: u8) -> Option<Key> {
        match byte {
            b'[' | b'O' => self.expect(Escape::Sequence(0)),
            b'b' | b'B' => Some(Key::WordBack),
            b'f' | b'F' => Some(Key::WordForward),
            b'd' | b'D' => Some(Key::EraseWordAfter),
            _ => self.plain(byte, false),
        }
    }

    /// ECMA-48: parameters, then one final byte of `@` to `~`.
    fn in_sequence(&mut self, byte: u8, digit: u8) -> Option<Key> {
        match (byte, digit) {
            (b'A', _) => Some(Key::Previous),
            (b'B', _) => Some(Key::Next),
            (b'C', _) => Some(Key::Forward),
            (b'D', _) => Some(Key::Back),
            (b'H', _) | (b'~', b'1') => Some(Key::LineStart),
            (b'F', _) | (b'~', b'4') => Some(Key::LineEnd),
            (b'~', b'3') => Some(Key::Delete),
            (b'0'..=b'9', 0) => self.expect(Escape::Sequence(byte)),
            (0x20..=0x3f, _) => self.expect(Escape::Sequence(digit)),
            (0x40..=0x7e, _) => None,
            _ => self.plain(byte, false),
        }
    }

    fn expect(&mut self, escape: Escape) -> Option<Key> {
        self.escape = escape;
        None
    }
}

fn is_printable(byte: u8) -> bool {
    byte >= b' ' && byte != 0x7f
}
