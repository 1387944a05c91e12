//! Lines out of a stream (RFC 6587): each with its length in front, or each with a newline behind.
//!
//! Fed by a connection with what has come, and asked for lines until there is none. Which of the
//! two framings it is, is seen anew at each line, as collectors do. A datagram is a line by itself
//! (RFC 5426, section 3.1).

use std::collections::VecDeque;

use crate::LINE_BYTES_MAX;

/// The most digits of a length.
const LENGTH_DIGITS_MAX: usize = 9;

/// What has come and is not cut yet. It holds one read of its owner, and one line.
#[derive(Debug, Default)]
pub struct Frames {
    come: VecDeque<u8>,
    state: State,
    line: Vec<u8>,
    /// Lines of which only the beginning was kept.
    cut: u64,
}

/// Where in a frame the next byte stands.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum State {
    #[default]
    Begin,
    /// Digits have come that may be a length: RFC 6587, section 3.4.1.
    Length,
    /// So many bytes of it are yet to come.
    Counted(usize),
    /// Until a newline: section 3.4.2.
    Terminated,
}

/// The stream is no syslog: where the next line begins cannot be known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Unframed;

impl Frames {
    /// Takes what has come. Whoever reads asks for all lines first, so that no more than a line and
    /// one read are kept.
    pub fn push(&mut self, bytes: &[u8]) {
        self.come.extend(bytes);
    }

    /// The next whole line, without its framing; `None` until more has come. Empty ones are none.
    pub fn take(&mut self) -> Result<Option<Vec<u8>>, Unframed> {
        while let Some(byte) = self.come.pop_front() {
            match self.state {
                State::Begin => match byte {
                    b'\n' | b'\r' | 0 => {}
                    b'1'..=b'9' => {
                        self.line.push(byte);
                        self.state = State::Length;
                    }
                    _ => {
                        self.keep(byte);
                        self.state = State::Terminated;
                    }
                },
                State::Length => match byte {
                    b'0'..=b'9' if self.line.len() < LENGTH_DIGITS_MAX => self.line.push(byte),
                    b'0'..=b'9' => return Err(Unframed),
                    b' ' => self.state = State::Counted(self.length()),
                    b'\n' | 0 => return Ok(Some(self.end())),
                    _ => {
                        self.keep(byte);
                        self.state = State::Terminated;
                    }
                },
                State::Counted(left) => {
                    self.keep(byte);
                    self.state = State::Counted(left - 1);
                    if left == 1 {
                        let line = self.end();
                        if !line.is_empty() {
                            return Ok(Some(line));
                        }
                    }
                }
                State::Terminated => match byte {
                    b'\n' | 0 => return Ok(Some(self.end())),
                    _ => self.keep(byte),
                },
            }
        }
        Ok(None)
    }

    /// The stream has ended: what came without its newline is a line all the same. One that is
    /// shorter than its length says is none.
    pub fn last(&mut self) -> Option<Vec<u8>> {
        match self.state {
            State::Begin | State::Counted(_) => None,
            State::Length | State::Terminated => Some(self.end()),
        }
    }

    /// How many lines were longer than [`LINE_BYTES_MAX`].
    pub fn cut(&self) -> u64 {
        self.cut
    }

    /// The digits that have come, as a number. They begin with none that is zero.
    fn length(&mut self) -> usize {
        let digits = std::mem::take(&mut self.line);
        digits.iter().fold(0, |length, digit| length * 10 + usize::from(digit - b'0'))
    }

    fn keep(&mut self, byte: u8) {
        match self.line.len() {
            0..LINE_BYTES_MAX => self.line.push(byte),
            LINE_BYTES_MAX => {
                // One more tells that it was cut, once.
                self.line.push(byte);
                self.cut += 1;
            }
            _ => {}
        }
    }

    fn end(&mut self) -> Vec<u8> {
        self.state = State::Begin;
        let mut line = std::mem::take(&mut self.line);
        line.truncate(LINE_BYTES_MAX);
        while line.last().is_some_and(|byte| matches!(byte, b'\r' | b'\n' | 0)) {
            line.pop();
        }
        line
    }
}
