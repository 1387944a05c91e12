//! The lines of a recording, one after the other.
//!
//! Called by `ednm replay`. A file is a stranger's: what is no recording is named with its line.

use std::fs::File;
use std::io::{BufRead as _, BufReader, Read as _};
use std::path::{Path, PathBuf};

use host::ExpectedError;
use simulator::live::record::{Entry, Header};

/// The longest line, in bytes.
const LINE_BYTES_MAX: u64 = 16 * 1_024 * 1_024;
/// The form that this program reads.
const VERSION: u32 = 1;

/// A recording that is being read.
#[derive(Debug)]
pub(super) struct Recorded {
    path: PathBuf,
    file: BufReader<File>,
    number: u64,
}

/// One line of it.
#[derive(Debug)]
pub(super) enum Line {
    /// An outside input.
    Input(Box<Entry>),
    /// A line of the trace, as it stands.
    Fact(String),
}

impl Recorded {
    /// Opens a recording and reads its header.
    pub(super) fn open(path: &Path) -> Result<(Header, Self), ExpectedError> {
        let file = File::open(path).map_err(|error| {
            let path = path.display();
            ExpectedError::environment_message(format!("cannot read `{path}`: {error}"))
        })?;
        let mut recorded =
            Recorded { path: path.to_owned(), file: BufReader::new(file), number: 0 };
        let first = recorded.line()?.unwrap_or_default();
        let header = serde_json::from_str::<Header>(&first);
        match header.ok().filter(|header| header.recording == VERSION) {
            Some(header) => Ok((header, recorded)),
            None => Err(recorded.wrong("a header, as `simulator up --record FILE` writes it")),
        }
    }

    /// The next line.
    pub(super) fn next(&mut self) -> Result<Option<Line>, ExpectedError> {
        let Some(text) = self.line()? else { return Ok(None) };
        if let Ok(entry) = serde_json::from_str::<Entry>(&text) {
            return Ok(Some(Line::Input(Box::new(entry))));
        }
        match text.contains("\"fact\":") {
            true => Ok(Some(Line::Fact(text))),
            false => Err(self.wrong("an input or a fact")),
        }
    }

    /// What a line should have been.
    pub(super) fn wrong(&self, expected: &str) -> ExpectedError {
        let (path, number) = (self.path.display(), self.number);
        ExpectedError::environment_message(format!("`{path}`, line {number}: expected {expected}"))
    }

    fn line(&mut self) -> Result<Option<String>, ExpectedError> {
        self.number += 1;
        let mut bytes = Vec::new();
        let read = (&mut self.file).take(LINE_BYTES_MAX).read_until(b'\n', &mut bytes);
        let read =
            read.map_err(|error| self.wrong(&format!("a line that can be read: {error}")))?;
        if read == 0 {
            return Ok(None);
        }
        if bytes.pop() != Some(b'\n') {
            return Err(self.wrong("the end of a line: the recording is cut off here"));
        }
        String::from_utf8(bytes).map(Some).map_err(|_| self.wrong("UTF-8 text"))
    }
}

/// 16 bytes from their digits.
pub(super) fn nonce(digits: &str) -> Option<[u8; 16]> {
    let is_hex = digits.len() == 32 && digits.bytes().all(|digit| digit.is_ascii_hexdigit());
    let number = u128::from_str_radix(digits, 16).ok().filter(|_| is_hex)?;
    Some(number.to_be_bytes())
}
