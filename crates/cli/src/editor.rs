//! The line that is being typed: inserts, erases, recalls, and echoes what the terminal must show.
//!
//! Used by the owner of a session, which gives it keys and prints its echo. It never scrolls and
//! never wraps: clients look for the very line they sent in its echo (clients.md, section 1).

use crate::history::History;
use crate::keys::Key;

/// The longest line in bytes; what is typed beyond it rings the bell.
pub const LINE_BYTES_MAX: usize = 4096;

const BELL: u8 = 0x07;
const BACKSPACE: u8 = 0x08;

/// What a line is typed for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Entry {
    /// A command: `?` and TAB ask, the history answers.
    #[default]
    Command,
    /// An answer or a banner: all that is printable is text.
    Text,
    /// A password: as `Text`, without an echo.
    Secret,
}

/// What a key led to, beyond a change of the line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Edit {
    /// The line is typed; the editor is empty again.
    Line(String),
    /// `?`
    Help,
    /// TAB
    Complete,
    /// ^C: the line is given up.
    Abort,
    /// ^Z: the end of configuration mode, after the line that it ends.
    End(String),
}

/// The line that is being typed.
#[derive(Clone, Debug, Default)]
pub struct Editor {
    line: Vec<u8>,
    cursor: usize,
    entry: Entry,
    erased: Vec<u8>,
}

impl Editor {
    /// Begins a line of this kind.
    pub fn start(&mut self, entry: Entry) {
        self.entry = entry;
        self.line.clear();
        self.cursor = 0;
    }

    /// How many bytes it holds: the line, and what was erased last.
    pub fn held_bytes(&self) -> usize {
        self.line.len() + self.erased.len()
    }

    /// The text up to the cursor: what `?` and TAB are about.
    pub fn before_cursor(&self) -> String {
        String::from_utf8_lossy(&self.line[..self.cursor]).into_owned()
    }

    /// Puts `text` in place of what is before the cursor, silently.
    pub fn replace_before_cursor(&mut self, text: &str) {
        self.line.splice(..self.cursor, text.bytes());
        self.cursor = text.len();
        self.line.truncate(LINE_BYTES_MAX.max(self.cursor));
    }

    /// Prints the line again, after a prompt.
    pub fn redraw(&self, echo: &mut Vec<u8>) {
        if self.entry != Entry::Secret {
            echo.extend_from_slice(&self.line);
            back(echo, columns(&self.line[self.cursor..]));
        }
    }

    /// One key: changes the line and adds to `echo` what the terminal must print for it.
    pub fn press(&mut self, key: Key, history: &mut History, echo: &mut Vec<u8>) -> Option<Edit> {
        let quiet = &mut Vec::new();
        let echo = if self.entry == Entry::Secret { quiet } else { echo };
        match key {
            Key::Enter => return Some(Edit::Line(self.take())),
            Key::End => return Some(Edit::End(self.take())),
            Key::Abort => {
                self.start(self.entry);
                return Some(Edit::Abort);
            }
            Key::Character(b'?') if self.entry == Entry::Command => return Some(Edit::Help),
            Key::Tab if self.entry == Entry::Command => return Some(Edit::Complete),
            Key::Character(byte) | Key::Literal(byte) => self.insert(&[byte], echo),
            Key::Tab if self.entry == Entry::Text => self.insert(b"\t", echo),
            Key::Tab => self.insert(b" ", echo),
            Key::Previous => self.recall(history.previous().map(str::to_owned), echo),
            Key::Next => self.recall(history.next().map(str::to_owned), echo),
            Key::Recall => self.insert(&self.erased.clone(), echo),
            Key::Transpose => self.transpose(echo),
            Key::Break | Key::Redraw => {}
            Key::Back | Key::Forward | Key::WordBack | Key::WordForward => self.walk(key, echo),
            Key::LineStart | Key::LineEnd => self.walk(key, echo),
            Key::Rubout | Key::Delete | Key::EraseWord | Key::EraseWordAfter => {
                self.erase(key, echo);
            }
            Key::EraseToStart | Key::EraseToEnd => self.erase(key, echo),
        }
        None
    }

    fn take(&mut self) -> String {
        let line = String::from_utf8_lossy(&self.line).into_owned();
        self.start(self.entry);
        line
    }

    fn insert(&mut self, bytes: &[u8], echo: &mut Vec<u8>) {
        if self.line.len() + bytes.len() > LINE_BYTES_MAX {
            return echo.push(BELL);
        }
        self.line.splice(self.cursor..self.cursor, bytes.iter().copied());
        echo.extend_from_slice(&self.line[self.cursor..]);
        self.cursor += bytes.len();
        back(echo, columns(&self.line[self.cursor..]));
    }

    /// A line of the history in place of the whole line.
    fn recall(&mut self, line: Option<String>, echo: &mut Vec<u8>) {
        let Some(line) = line.filter(|_| self.entry == Entry::Command) else {
            return echo.push(BELL);
        };
        self.move_to(0, echo);
        let end = self.line.len();
        self.remove(0, end, echo);
        self.insert(line.as_bytes(), echo);
    }

    fn transpose(&mut self, echo: &mut Vec<u8>) {
        let middle =
            if self.cursor == self.line.len() { self.before(self.cursor) } else { self.cursor };
        let (start, end) = (self.before(middle), self.after(middle));
        if start == middle || middle == end {
            return echo.push(BELL);
        }
        self.move_to(start, echo);
        self.line[start..end].rotate_left(middle - start);
        echo.extend_from_slice(&self.line[start..end]);
        self.cursor = end;
    }

    fn walk(&mut self, key: Key, echo: &mut Vec<u8>) {
        let to = self.target(key);
        if to == self.cursor && !matches!(key, Key::LineStart | Key::LineEnd) {
            echo.push(BELL);
        }
        self.move_to(to, echo);
    }

    fn erase(&mut self, key: Key, echo: &mut Vec<u8>) {
        let to = self.target(key);
        let (start, end) = (to.min(self.cursor), to.max(self.cursor));
        if start == end {
            return;
        }
        if !matches!(key, Key::Rubout | Key::Delete) {
            self.erased = self.line[start..end].to_vec();
        }
        self.move_to(start, echo);
        self.remove(start, end, echo);
    }

    /// Where a key takes the cursor, or up to where it erases.
    fn target(&self, key: Key) -> usize {
        match key {
            Key::LineStart | Key::EraseToStart => 0,
            Key::LineEnd | Key::EraseToEnd => self.line.len(),
            Key::Back | Key::Rubout => self.before(self.cursor),
            Key::Forward | Key::Delete => self.after(self.cursor),
            Key::WordBack | Key::EraseWord => self.word_before(),
            Key::WordForward | Key::EraseWordAfter => self.word_after(),
            Key::Character(_) | Key::Literal(_) | Key::Enter | Key::Previous | Key::Next => {
                self.cursor
            }
            Key::Recall | Key::Transpose | Key::Redraw | Key::Abort => self.cursor,
            Key::End | Key::Break | Key::Tab => self.cursor,
        }
    }

    /// The start of the character before `at`, in UTF-8.
    fn before(&self, at: usize) -> usize {
        let starts = |index: &usize| !is_continuation(self.line[*index]);
        (0..at).rev().find(starts).unwrap_or(0)
    }

    /// The end of the character at `at`.
    fn after(&self, at: usize) -> usize {
        let starts = |index: &usize| !is_continuation(self.line[*index]);
        (at + 1..self.line.len()).find(starts).unwrap_or(self.line.len())
    }

    fn word_before(&self) -> usize {
        let line = &self.line[..self.cursor];
        let end = line.iter().rposition(|&b| b != b' ').map_or(0, |last| last + 1);
        line[..end].iter().rposition(|&b| b == b' ').map_or(0, |blank| blank + 1)
    }

    fn word_after(&self) -> usize {
        let line = &self.line[self.cursor..];
        let start = line.iter().position(|&b| b != b' ').unwrap_or(line.len());
        let length = line[start..].iter().position(|&b| b == b' ').unwrap_or(line.len() - start);
        self.cursor + start + length
    }

    fn move_to(&mut self, to: usize, echo: &mut Vec<u8>) {
        if to < self.cursor {
            back(echo, columns(&self.line[to..self.cursor]));
        } else {
            echo.extend_from_slice(&self.line[self.cursor..to]);
        }
        self.cursor = to;
    }

    /// Removes `start..end`; the cursor stands at `start`.
    fn remove(&mut self, start: usize, end: usize, echo: &mut Vec<u8>) {
        let gone = columns(&self.line[start..end]);
        self.line.drain(start..end);
        echo.extend_from_slice(&self.line[start..]);
        echo.extend(std::iter::repeat_n(b' ', gone));
        back(echo, columns(&self.line[start..]) + gone);
    }
}

fn is_continuation(byte: u8) -> bool {
    byte & 0xc0 == 0x80
}

/// How many columns the bytes take on a terminal: one for each character.
fn columns(bytes: &[u8]) -> usize {
    bytes.iter().filter(|&&byte| !is_continuation(byte)).count()
}

fn back(echo: &mut Vec<u8>, columns: usize) {
    echo.extend(std::iter::repeat_n(BACKSPACE, columns));
}
