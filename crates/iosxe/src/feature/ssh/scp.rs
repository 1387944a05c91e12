//! Files over SSH by the protocol of rcp, as `scp -t` and `scp -f` speak it (OpenSSH's scp.c; what
//! Netmiko, NAPALM and `scp -O` use).
//!
//! Run by the terminal of the session that asked for it, which gives it the client's bytes. It
//! changes nothing but the router's files, and holds no more of one than flash has room for.

use crate::feature::flash::{self, FileError};
use crate::session::{PRIVILEGED_LEVEL, Session};
use crate::turn::Turn;

/// How a command begins that asks for it.
const COMMAND: &str = "scp ";

/// The longest line of the protocol, in bytes: a path and two numbers.
const LINE_BYTES_MAX: usize = 1024;

/// All is well.
const OK: u8 = 0;
/// Something is wrong: a text up to the end of the line says what.
const ERROR: u8 = 1;

/// A copy on its way.
#[derive(Debug)]
pub(crate) enum Copy {
    /// The client sends.
    Sink(Sink),
    /// The client takes.
    Source(Source),
}

/// Files that come in.
#[derive(Debug)]
pub(crate) struct Sink {
    /// A file, or a directory for files.
    target: String,
    part: Part,
    /// Whether a file could not be written.
    failed: bool,
}

/// What comes next.
#[derive(Debug)]
enum Part {
    /// A line that says what follows.
    Line(Vec<u8>),
    /// A file, of which so many bytes are to come yet, and the end mark.
    File { url: String, content: Vec<u8>, left: usize },
}

/// A file that goes out.
#[derive(Debug)]
pub(crate) struct Source {
    /// What is sent after each word of consent, the next last.
    parts: Vec<Vec<u8>>,
}

/// What comes of some bytes.
#[derive(Debug, Default)]
pub(crate) struct Step {
    /// What is sent.
    pub(crate) said: Vec<u8>,
    /// Whether it is over, and whether it failed.
    pub(crate) ended: Option<bool>,
}

/// Whether a command of a client asks for a copy.
pub(crate) fn is_copy(command: &str) -> bool {
    command.starts_with(COMMAND)
}

/// Begins a copy. One that is not allowed is over at once.
pub(crate) fn begin(turn: &mut Turn<'_>, session: &Session, command: &str) -> (Option<Copy>, Step) {
    if !turn.state.ssh.copies() {
        return refused("Administratively disabled.");
    }
    if session.privilege < PRIVILEGED_LEVEL {
        return refused("Privilege denied.");
    }
    let mut words = command.split_whitespace().skip(1).peekable();
    let (mut sinks, mut sources) = (false, false);
    while let Some(word) = words.next_if(|word| word.starts_with('-')) {
        sinks |= word.contains('t') && word != "--";
        sources |= word.contains('f') && word != "--";
    }
    let path = words.collect::<Vec<_>>().join(" ");
    let path = path.trim_matches(['\'', '"']);
    match (sinks, sources) {
        (true, false) => {
            let part = Part::Line(Vec::new());
            let sink = Sink { target: path.to_owned(), part, failed: false };
            (Some(Copy::Sink(sink)), Step { said: vec![OK], ended: None })
        }
        (false, true) => match flash::read_bytes(turn.state, path) {
            Ok(content) => (Some(Copy::Source(Source::of(path, content))), Step::default()),
            Err(why) => refused(&cannot(path, why)),
        },
        (true, true) | (false, false) => refused("Invalid scp command."),
    }
}

fn refused(why: &str) -> (Option<Copy>, Step) {
    (None, Step { said: error(why), ended: Some(true) })
}

fn error(why: &str) -> Vec<u8> {
    let mut said = vec![ERROR];
    said.extend_from_slice(why.as_bytes());
    said.push(b'\n');
    said
}

fn cannot(url: &str, why: FileError) -> String {
    format!("%Error opening {url} ({why})")
}

impl Copy {
    /// Takes what the client sends.
    pub(crate) fn take(&mut self, turn: &mut Turn<'_>, bytes: &[u8]) -> Step {
        match self {
            Copy::Sink(sink) => sink.take(turn, bytes),
            Copy::Source(source) => source.take(bytes),
        }
    }

    /// The client sends nothing more: whether the copy has failed.
    pub(crate) fn end(&self) -> bool {
        match self {
            Copy::Sink(Sink { part, failed, .. }) => {
                *failed || !matches!(part, Part::Line(line) if line.is_empty())
            }
            Copy::Source(Source { parts }) => !parts.is_empty(),
        }
    }
}

impl Source {
    fn of(path: &str, content: Vec<u8>) -> Source {
        let name = path.rsplit(['/', ':']).next().unwrap_or_default();
        let line = format!("C0644 {} {name}\n", content.len()).into_bytes();
        let mut file = content;
        file.push(OK);
        // The last word of consent is for the file.
        Source { parts: vec![Vec::new(), file, line] }
    }

    fn take(&mut self, bytes: &[u8]) -> Step {
        let mut step = Step::default();
        for byte in bytes {
            if *byte != OK {
                step.ended = Some(true);
                return step;
            }
            step.said.extend(self.parts.pop().unwrap_or_default());
            if self.parts.is_empty() {
                step.ended = Some(false);
                return step;
            }
        }
        step
    }
}

impl Sink {
    fn take(&mut self, turn: &mut Turn<'_>, bytes: &[u8]) -> Step {
        let mut step = Step::default();
        let mut rest = bytes;
        while let Some((first, after)) = rest.split_first() {
            match &mut self.part {
                Part::File { content, left, .. } if *left > 0 => {
                    let (here, next) = rest.split_at(rest.len().min(*left));
                    content.extend_from_slice(here);
                    *left -= here.len();
                    rest = next;
                }
                // The end mark: what the client itself thinks of what it has sent.
                Part::File { .. } => {
                    rest = after;
                    step.said.extend(self.store(turn, *first == OK));
                }
                Part::Line(line) => {
                    rest = after;
                    if *first != b'\n' {
                        line.push(*first);
                    }
                    if line.len() > LINE_BYTES_MAX {
                        step.said.extend(error("protocol error"));
                        step.ended = Some(true);
                        return step;
                    }
                    if *first == b'\n' {
                        step.said.extend(self.line(turn));
                    }
                }
            }
        }
        step
    }

    /// A file has come.
    fn store(&mut self, turn: &mut Turn<'_>, is_whole: bool) -> Vec<u8> {
        let part = std::mem::replace(&mut self.part, Part::Line(Vec::new()));
        let Part::File { url, content, .. } = part else { return Vec::new() };
        let stored = match is_whole {
            true => flash::store_bytes(turn, &url, &content),
            false => return Vec::new(),
        };
        self.said(stored.map_err(|why| cannot(&url, why)))
    }

    /// A line has come.
    fn line(&mut self, turn: &mut Turn<'_>) -> Vec<u8> {
        let Part::Line(line) = std::mem::replace(&mut self.part, Part::Line(Vec::new())) else {
            return Vec::new();
        };
        let line = String::from_utf8_lossy(&line).into_owned();
        let Some(kind) = line.chars().next() else { return error("protocol error") };
        match kind {
            'C' => {
                let announced = self.announced(turn, &line[1..]);
                self.said(announced)
            }
            // Times, which a router keeps its own of; the end of a directory.
            'T' | 'E' => vec![OK],
            // The client says what it could not send, and goes on.
            '\u{1}' | '\u{2}' => {
                self.failed = true;
                Vec::new()
            }
            'D' => self.said(Err("Directories are not copied".into())),
            _ => self.said(Err("protocol error".into())),
        }
    }

    /// `0644 1234 name`
    fn announced(&mut self, turn: &mut Turn<'_>, words: &str) -> Result<(), String> {
        let mut words = words.splitn(3, ' ');
        let (_, size, name) = (words.next(), words.next(), words.next());
        let size = size.and_then(|size| size.parse::<usize>().ok());
        let (Some(size), Some(name)) = (size, name.filter(|name| !name.is_empty())) else {
            return Err("protocol error".into());
        };
        let url = match flash::is_directory(turn.state, &self.target) {
            true => flash::file_in(&self.target, name.rsplit('/').next().unwrap_or_default()),
            false => self.target.clone(),
        };
        if size > flash::room(turn.state, &url) {
            return Err(cannot(&url, FileError::NoSpace));
        }
        self.part = Part::File { url, content: Vec::new(), left: size };
        Ok(())
    }

    fn said(&mut self, done: Result<(), String>) -> Vec<u8> {
        match done {
            Ok(()) => vec![OK],
            Err(why) => {
                self.failed = true;
                error(&why)
            }
        }
    }
}
