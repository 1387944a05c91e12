//! Past lines of a session: `show history`, and the keys that recall them.
//!
//! Used by the line editor and by `terminal history`. EXEC and configuration keep books of their
//! own, as on IOS.

use std::collections::VecDeque;

/// The most lines that `terminal history size` keeps.
pub const HISTORY_LINES_MAX: usize = 256;

/// Past lines, oldest first.
#[derive(Clone, Debug)]
pub struct History {
    lines: VecDeque<String>,
    size: usize,
    /// Which line the keys have recalled; `lines.len()` for none.
    at: usize,
}

/// The books of a session.
#[derive(Clone, Debug)]
pub struct Histories {
    exec: History,
    config: History,
}

impl History {
    /// An empty book of at most `size` lines.
    pub fn new(size: usize) -> Self {
        History { lines: VecDeque::new(), size: size.min(HISTORY_LINES_MAX), at: 0 }
    }

    /// Keeps a line, unless it is blank, and forgets the oldest if the book is full.
    pub fn push(&mut self, line: &str) {
        if !line.trim().is_empty() && self.size > 0 {
            self.lines.push_back(line.to_owned());
        }
        self.shrink();
    }

    /// The lines, oldest first.
    pub fn lines(&self) -> impl Iterator<Item = &str> {
        self.lines.iter().map(String::as_str)
    }

    /// One line further back; `None` at the oldest.
    pub(crate) fn previous(&mut self) -> Option<&str> {
        self.at = self.at.checked_sub(1)?;
        self.lines.get(self.at).map(String::as_str)
    }

    /// One line further on, an empty one after the newest; `None` beyond it.
    pub(crate) fn next(&mut self) -> Option<&str> {
        if self.at >= self.lines.len() {
            return None;
        }
        self.at += 1;
        Some(self.lines.get(self.at).map_or("", String::as_str))
    }

    fn set_size(&mut self, size: usize) {
        self.size = size.min(HISTORY_LINES_MAX);
        self.shrink();
    }

    fn shrink(&mut self) {
        let surplus = self.lines.len().saturating_sub(self.size);
        self.lines.drain(..surplus);
        self.at = self.lines.len();
    }
}

impl Histories {
    /// Two empty books of at most `size` lines each.
    pub fn new(size: usize) -> Self {
        Histories { exec: History::new(size), config: History::new(size) }
    }

    /// How many bytes both books hold.
    pub fn held_bytes(&self) -> usize {
        self.exec.lines().chain(self.config.lines()).map(str::len).sum()
    }

    /// The book of configuration mode, or that of EXEC.
    pub fn of(&mut self, configuring: bool) -> &mut History {
        if configuring { &mut self.config } else { &mut self.exec }
    }

    /// `terminal history size`
    pub fn set_size(&mut self, size: usize) {
        self.exec.set_size(size);
        self.config.set_size(size);
    }
}
