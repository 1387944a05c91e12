//! `action L file open FH PATH MODE`, `file gets FH VAR`, `file read FH VAR [N]`,
//! `file puts FH "S"`, `file write FH "S"`, `file close FH`, `file delete PATH`.
//!
//! The handle and its place in the file belong to the run; the bytes are the router's. `puts` ends
//! its line, `write` does not; both add to the end, wherever the handle stands (decided). At the
//! end of the file `gets` and `read` set an empty text and `$_file_eof` to 1 (decided).

use std::fmt;
use std::sync::Arc;

use super::{Action, Next};
use crate::interpreter::{Failure, Frame};
use crate::problem::Problem;
use crate::reader::Reader;

use super::arithmetic::number;
use crate::interpreter::Handle;
use crate::{Answer, Fault, FileRequest, Request, Text};

#[derive(Debug)]
enum File {
    Open { handle: String, path: Text, mode: Mode },
    Gets { handle: String, name: String },
    Read { handle: String, name: String, count: Option<Text> },
    Write { handle: String, text: Text, ends_line: bool },
    Close { handle: String },
    Delete { path: Text },
}

/// What `open` allows: the modes of Tcl.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Mode {
    name: &'static str,
    writes: bool,
    makes: bool,
    truncates: bool,
}

const fn mode(name: &'static str, writes: bool, makes: bool, truncates: bool) -> Mode {
    Mode { name, writes, makes, truncates }
}

const MODES: &[Mode] = &[
    mode("r", false, false, false),
    mode("r+", true, false, false),
    mode("w", true, true, true),
    mode("w+", true, true, true),
    mode("a", true, true, false),
    mode("a+", true, true, false),
];

const VERBS: [&str; 7] = ["close", "delete", "gets", "open", "puts", "read", "write"];

pub(super) fn parse(reader: &mut Reader<'_>) -> Result<Arc<dyn Action>, Problem> {
    let (verb, _) = reader.choose(&VERBS, |verb| verb)?;
    let file = match *verb {
        "close" => File::Close { handle: reader.variable()? },
        "delete" => File::Delete { path: reader.text()? },
        "gets" => File::Gets { handle: reader.variable()?, name: reader.variable()? },
        "open" => {
            let (handle, path) = (reader.variable()?, reader.text()?);
            let word = reader.word()?;
            let found = MODES.iter().find(|mode| mode.name == word.raw);
            File::Open { handle, path, mode: *found.ok_or_else(|| word.problem(Fault::Invalid))? }
        }
        "read" => {
            let (handle, name) = (reader.variable()?, reader.variable()?);
            let count = if reader.is_at_end() { None } else { Some(reader.number_text()?) };
            File::Read { handle, name, count }
        }
        verb => {
            let (handle, text) = (reader.variable()?, reader.text()?);
            File::Write { handle, text, ends_line: verb == "puts" }
        }
    };
    reader.end()?;
    Ok(Arc::new(file))
}

impl Action for File {
    fn step(&self, frame: &mut Frame<'_>) -> Result<Next, Failure> {
        match self {
            File::Open { path, mode, .. } => {
                let path = frame.expand(path)?;
                let request = if mode.makes {
                    FileRequest::Make { path, truncate: mode.truncates }
                } else {
                    FileRequest::Read(path)
                };
                Ok(Next::Ask(Request::File(request)))
            }
            File::Gets { handle, name } => {
                let handle = frame.handle(handle)?;
                let line = handle.take_line();
                frame.read_from_file(name, line);
                Ok(Next::Advance)
            }
            File::Read { handle, name, count } => {
                let count = count.as_ref().map(|count| frame.expand(count)).transpose()?;
                let count = count.map(|count| number(&count)).transpose()?;
                let count = count.map(|count| usize::try_from(count).unwrap_or(0));
                let text = frame.handle(handle)?.take(count.unwrap_or(usize::MAX));
                frame.read_from_file(name, text);
                Ok(Next::Advance)
            }
            File::Write { handle, text, ends_line } => {
                let mut text = frame.expand(text)?;
                if *ends_line {
                    text.push('\n');
                }
                let path = frame.handle(handle)?.path_to_write()?.to_owned();
                Ok(Next::Ask(Request::File(FileRequest::Append { path, text })))
            }
            File::Close { handle } => {
                frame.handle(handle)?;
                frame.handles.remove(handle);
                Ok(Next::Advance)
            }
            File::Delete { path } => {
                let path = frame.expand(path)?;
                Ok(Next::Ask(Request::File(FileRequest::Delete(path))))
            }
        }
    }

    fn answered(&self, frame: &mut Frame<'_>, answer: Answer) -> Result<Next, Failure> {
        let content = match answer {
            Answer::Failed(reason) => return Err(Failure::File(reason)),
            Answer::Text(content) => content,
            Answer::Done => Some(String::new()),
            Answer::Cli(_) => return Ok(Next::Listen),
        };
        if let File::Open { handle, path, mode } = self {
            let path = frame.expand(path)?;
            let content = content.ok_or_else(|| Failure::File(format!("{path}: no such file")))?;
            frame.open(handle, Handle::new(path, content, mode.writes))?;
        }
        Ok(Next::Advance)
    }

    fn sets(&self) -> Vec<&str> {
        match self {
            File::Gets { name, .. } | File::Read { name, .. } => vec![name, "_file_eof"],
            File::Open { .. } | File::Write { .. } | File::Close { .. } | File::Delete { .. } => {
                Vec::new()
            }
        }
    }
}

impl fmt::Display for File {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            File::Open { handle, path, mode } => {
                write!(f, "file open {handle} {} {}", path.bare(), mode.name)
            }
            File::Gets { handle, name } => write!(f, "file gets {handle} {name}"),
            File::Read { handle, name, count } => {
                write!(f, "file read {handle} {name}")?;
                count.iter().try_for_each(|count| write!(f, " {}", count.bare()))
            }
            File::Write { handle, text, ends_line } => {
                let verb = if *ends_line { "puts" } else { "write" };
                write!(f, "file {verb} {handle} {text}")
            }
            File::Close { handle } => write!(f, "file close {handle}"),
            File::Delete { path } => write!(f, "file delete {}", path.bare()),
        }
    }
}
