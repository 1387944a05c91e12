//! The lines of a trace file, one after the other.
//!
//! Used by every verb of `ednm trace` and by `ednm replay`. It holds one line at a time.

use std::fs::File;
use std::io::{BufRead as _, BufReader, Read as _};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use fact::{Fact, Kind, TraceId};
use host::ExpectedError;
use serde::Deserialize;
use simtime::{Duration, Time};

/// The longest line of a trace, in bytes: a command's output stands in one.
const LINE_BYTES_MAX: u64 = 16 * 1024 * 1024;

/// One line of a trace.
#[derive(Debug)]
pub(crate) struct Line {
    /// From 1.
    pub(crate) number: u64,
    /// As it stands in the file, without its end.
    pub(crate) text: String,
}

/// What a line says.
#[derive(Debug)]
pub(crate) enum Said {
    /// A fact; its time counts from [`Time::VIRTUAL_START`].
    Fact(Box<Fact>),
    /// So many lines are missing: the disk was too slow.
    Lost(u64),
}

/// The lines of one file.
#[derive(Debug)]
pub(crate) struct Lines {
    path: PathBuf,
    file: BufReader<File>,
    number: u64,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Form {
    Lost {
        lost: u64,
    },
    Fact {
        t: u64,
        node: Option<Arc<str>>,
        trace: Option<TraceId>,
        #[serde(flatten)]
        kind: Box<Kind>,
    },
}

impl Lines {
    /// Opens a trace.
    pub(crate) fn open(path: &Path) -> Result<Self, ExpectedError> {
        match File::open(path) {
            Ok(file) => Ok(Lines { path: path.to_owned(), file: BufReader::new(file), number: 0 }),
            Err(error) => Err(unreadable(path, &error)),
        }
    }

    /// The next line, if there is one.
    pub(crate) fn next(&mut self) -> Result<Option<Line>, ExpectedError> {
        let mut bytes = Vec::new();
        let read = (&mut self.file).take(LINE_BYTES_MAX).read_until(b'\n', &mut bytes);
        let read = read.map_err(|error| unreadable(&self.path, &error))?;
        if read == 0 {
            return Ok(None);
        }
        self.number += 1;
        if bytes.last() == Some(&b'\n') {
            bytes.pop();
        } else if read as u64 == LINE_BYTES_MAX {
            return Err(self.wrong(&format!("longer than {LINE_BYTES_MAX} bytes")));
        }
        let text = String::from_utf8(bytes).map_err(|_| self.wrong("no UTF-8 text"))?;
        Ok(Some(Line { number: self.number, text }))
    }

    /// What a line says.
    pub(crate) fn said(&self, line: &Line) -> Result<Said, ExpectedError> {
        match serde_json::from_str(&line.text) {
            Ok(Form::Lost { lost }) => Ok(Said::Lost(lost)),
            Ok(Form::Fact { t, node, trace, kind }) => {
                let at = Time::VIRTUAL_START + Duration::from_micros(t);
                Ok(Said::Fact(Box::new(Fact { at, node, trace, kind: *kind })))
            }
            Err(_) => Err(self.wrong("no line of a trace")),
        }
    }

    fn wrong(&self, what: &str) -> ExpectedError {
        let (path, number) = (self.path.display(), self.number);
        let hint = "`ednm test --trace DIRECTORY` and `simulator up --trace FILE` write traces";
        ExpectedError::environment_message(format!("`{path}`, line {number}: {what}"))
            .with_hint(hint)
    }
}

fn unreadable(path: &Path, error: &std::io::Error) -> ExpectedError {
    ExpectedError::environment_message(format!("cannot read `{}`: {error}", path.display()))
}
