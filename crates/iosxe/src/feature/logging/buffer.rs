//! The log buffer: a ring of lines, bounded in bytes.
//!
//! Filled by `emit`, read by `show logging`. It drops whole lines, oldest first; a real router may
//! leave half of one at the wrap.

use std::collections::VecDeque;

/// The size unless `logging buffered` says another, in bytes.
pub(super) const SIZE_DEFAULT: u32 = 4096;

/// Lines, at most `size` bytes of them.
#[derive(Clone, Debug)]
pub(super) struct Buffer {
    size: u32,
    used: usize,
    lines: VecDeque<Box<str>>,
}

impl Default for Buffer {
    fn default() -> Self {
        Buffer { size: SIZE_DEFAULT, used: 0, lines: VecDeque::new() }
    }
}

impl Buffer {
    /// Its size in bytes.
    pub(super) fn size(&self) -> u32 {
        self.size
    }

    /// Changes the size. As on a router, what the buffer held is lost.
    pub(super) fn resize(&mut self, size: u32) {
        if size != self.size {
            *self = Buffer { size, ..Buffer::default() };
        }
    }

    /// Forgets all lines.
    pub(super) fn clear(&mut self) {
        self.lines.clear();
        self.used = 0;
    }

    /// Adds a line, at the cost of the oldest ones.
    pub(super) fn push(&mut self, line: &str) {
        self.lines.push_back(line.into());
        self.used += cost(line);
        while self.used > self.size as usize
            && let Some(oldest) = self.lines.pop_front()
        {
            self.used -= cost(&oldest);
        }
    }

    /// The lines, oldest first.
    pub(super) fn lines(&self) -> impl DoubleEndedIterator<Item = &str> + ExactSizeIterator {
        self.lines.iter().map(|line| &**line)
    }
}

/// A line and its newline.
fn cost(line: &str) -> usize {
    line.len() + 1
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Goal: the ring never holds more than its size, and keeps the newest. Method: fill it twice.
    #[test]
    fn the_oldest_lines_make_room() {
        let mut buffer = Buffer::default();
        for n in 0..1000 {
            buffer.push(&format!("line {n:04}"));
            assert!(buffer.used <= SIZE_DEFAULT as usize);
        }
        let lines: Vec<&str> = buffer.lines().collect();
        assert_eq!(lines.len(), SIZE_DEFAULT as usize / 10);
        assert_eq!(lines.last(), Some(&"line 0999"));
        buffer.push(&"x".repeat(SIZE_DEFAULT as usize));
        assert_eq!((buffer.lines().len(), buffer.used), (0, 0));
    }
}
