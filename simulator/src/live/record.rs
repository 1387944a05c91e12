//! The recording of a live lab: every outside input, and beside it every fact, so that
//! `ednm replay` can run the lab again and compare (law L2).
//!
//! Filled by the task that owns the lab. No secret is in the file: what a client types without
//! echo, a password, and what stands where IOS takes a secret is a keyed token, the same for the
//! same secret. Typed bytes are kept by the line, since they do something by the line.

mod form;
mod programs;
mod tokens;

use std::collections::BTreeMap;
use std::fs::{File, OpenOptions, Permissions};
use std::io::{self, BufWriter, Write as _};
use std::os::unix::fs::{OpenOptionsExt as _, PermissionsExt as _};
use std::path::{Path, PathBuf};

use fact::{Fact, TraceWriter};
use host::message;
use lab::{Input, Lab, NodeId, SessionId, SessionKind};
use simtime::Time;
use topology::Topology;
use webhook::github;

use programs::Messages;

pub use form::{ClientWhat, Entry, Header, Outcome, Shown, What, from_bytes, to_bytes};
pub use programs::{Asked, Authorization, Said};
pub use tokens::{TOKEN_PREFIX, Tokens, is_token};

/// Whoever owns the file, and nobody else.
const MODE: u32 = 0o600;
/// The longest line of a session that is waited for, in bytes.
const LINE_BYTES_MAX: usize = 64 * 1_024;
/// How much of what a session was last told is remembered, in bytes: enough for a prompt.
const TAIL_BYTES_MAX: usize = 32;
/// How a prompt ends after which nothing is echoed (`Password: `, `Enter new password: `).
const HIDDEN_PROMPT: &[u8] = b"assword: ";
/// The bytes that make a router act at once: end of line, Ctrl-C, Ctrl-D, Ctrl-Z.
const ENDS: &[u8] = b"\r\n\x03\x04\x1a";

/// What a lab is made of, as one hash (HMAC-SHA256 under a fixed key): the topology's text and
/// every startup-config as its routers read it.
pub fn fingerprint(topology: &Topology) -> String {
    let mut text = topology.source.text.clone();
    for node in topology.nodes.values() {
        text.push('\0');
        text.push_str(&topology.startup_text(node).unwrap_or_default());
    }
    let key = github::Secret::new("ednm recording").expect("the key is not empty");
    github::sign(&key, text.as_bytes())
}

/// A recording that is being written.
#[derive(Debug)]
pub struct Recording {
    path: PathBuf,
    file: BufWriter<File>,
    start: Time,
    tokens: Tokens,
    lines: TraceWriter,
    sessions: BTreeMap<SessionId, Typed>,
    programs: BTreeMap<SessionId, Messages>,
    last: Time,
    /// Whether the disk took no more: the recording ends there.
    ended: bool,
}

/// What a session has typed since its last line, and was last told.
#[derive(Debug, Default)]
struct Typed {
    line: Vec<u8>,
    hidden: bool,
    tail: Vec<u8>,
}

impl Recording {
    /// Opens the file, and says in its first line which lab it is of.
    pub fn create(path: &Path, header: &Header) -> io::Result<Self> {
        let mut options = OpenOptions::new();
        let file = options.write(true).create(true).truncate(true).mode(MODE).open(path)?;
        file.set_permissions(Permissions::from_mode(MODE))?;
        let start = Time::from_micros(header.start);
        let mut recording = Recording {
            path: path.to_owned(),
            file: BufWriter::new(file),
            start,
            tokens: Tokens::keyed(&header.key),
            lines: TraceWriter::new(start),
            sessions: BTreeMap::new(),
            programs: BTreeMap::new(),
            last: start,
            ended: false,
        };
        recording.put(&header.to_line());
        Ok(recording)
    }

    /// Cuts what a session types where the router may answer in between.
    pub(super) fn pieces(bytes: &[u8]) -> impl Iterator<Item = &[u8]> {
        bytes.split_inclusive(|byte| ENDS.contains(byte))
    }

    /// Takes one input, before the lab is told it.
    pub(super) fn take(&mut self, now: Time, input: &Input<'_>, lab: &Lab) {
        self.last = self.last.max(now);
        let what = match input {
            Input::Deadline => return, // it is the lab's own
            Input::SessionBytes { node, session, bytes } => {
                return self.typed(now, *node, *session, bytes, lab);
            }
            Input::SessionClosed { node, session } => {
                self.line(now, *node, *session, lab);
                self.sessions.remove(session);
                self.programs.remove(session);
                What::Closed { node: lab.name(*node).to_string(), session: session.0 }
            }
            Input::LoginAsked { node, session, user, password, peer } => What::Login {
                node: lab.name(*node).to_string(),
                session: session.0,
                user: (*user).to_owned(),
                password: self.tokens.of(password),
                peer: *peer,
            },
            Input::Client { node, session, event } => What::Client {
                node: lab.name(*node).to_string(),
                session: session.0,
                event: ClientWhat::of(event, &self.tokens),
            },
            Input::SessionOpened { node, session, kind } => {
                self.opened(lab, (*node, *session), kind)
            }
            Input::Restconf { node, session, peer, authorization, request } => What::Restconf {
                node: lab.name(*node).to_string(),
                session: session.0,
                peer: *peer,
                authorization: authorization.map(|header| Authorization::of(header, &self.tokens)),
                request: Asked::of(request, |text| self.tokens.blank(text, lab)),
            },
            Input::PostOutcome { post, outcome } => {
                What::Post { post: post.0, outcome: Outcome::from(outcome) }
            }
            Input::Collector { node, collector, event } => What::Collector {
                node: lab.name(*node).to_string(),
                host: collector.host.clone(),
                port: collector.port,
                transport: collector.transport.into(),
                event: (*event).into(),
            },
            Input::MailOutcome { letter, outcome } => {
                What::Mail { letter: letter.0, outcome: outcome.into() }
            }
            Input::Refused { node } => What::Refused { node: lab.name(*node).to_string() },
            Input::Inject(step) => {
                let node = step.node().map(ToString::to_string).unwrap_or_default();
                What::Inject { node, step: self.tokens.blank(&step.to_string(), lab) }
            }
            Input::Reset(nodes) => {
                let nodes = nodes.iter().map(|node| lab.name(*node).to_string());
                What::Reset { nodes: nodes.collect() }
            }
            Input::Play(scenario) => What::Play { scenario: scenario.header.name.clone() },
            Input::Met(name) => What::Met { name: (*name).to_owned() },
        };
        self.enter(now, what);
    }

    fn opened(&mut self, lab: &Lab, (node, id): (NodeId, SessionId), kind: &SessionKind) -> What {
        let (node, session) = (lab.name(node).to_string(), id.0);
        let command = match kind {
            SessionKind::Shell => None,
            SessionKind::Exec(line) => Some(self.tokens.blank(line, lab)),
            SessionKind::Netconf => {
                self.programs.insert(id, Messages::default());
                return What::Opened { node, session, command: None, netconf: true };
            }
        };
        What::Opened { node, session, command, netconf: false }
    }

    /// Notes what a session is told: it may be a prompt for a password.
    pub(super) fn said(&mut self, session: SessionId, bytes: &[u8]) {
        if self.programs.contains_key(&session) {
            return;
        }
        let tail = &mut self.sessions.entry(session).or_default().tail;
        tail.extend_from_slice(bytes);
        let more = tail.len().saturating_sub(TAIL_BYTES_MAX);
        tail.drain(..more);
    }

    /// Takes one fact.
    pub(super) fn fact(&mut self, fact: &Fact) {
        let line = self.lines.line(fact);
        self.put(&line);
    }

    /// The last line: until when the lab ran.
    pub(super) fn end(mut self) {
        let end = self.last;
        self.enter(end, What::End);
        if let Err(error) = self.file.flush() {
            self.fail(&error);
        }
    }

    fn typed(&mut self, now: Time, node: NodeId, session: SessionId, bytes: &[u8], lab: &Lab) {
        if let Some(program) = self.programs.get_mut(&session) {
            for said in program.push(bytes) {
                let said = said.map(|text| self.tokens.blank(text, lab));
                let node = lab.name(node).to_string();
                self.enter(now, What::Message { node, session: session.0, said });
            }
            return;
        }
        let typed = self.sessions.entry(session).or_default();
        if typed.line.is_empty() {
            typed.hidden = typed.tail.ends_with(HIDDEN_PROMPT);
        }
        typed.line.extend_from_slice(bytes);
        let is_whole = bytes.last().is_some_and(|byte| ENDS.contains(byte));
        if is_whole || typed.line.len() > LINE_BYTES_MAX {
            self.line(now, node, session, lab);
        }
    }

    /// Writes what a session has typed since its last line.
    fn line(&mut self, now: Time, node: NodeId, session: SessionId, lab: &Lab) {
        let Some(typed) = self.sessions.get_mut(&session) else { return };
        let (line, hidden) = (std::mem::take(&mut typed.line), typed.hidden);
        if line.is_empty() {
            return;
        }
        let end = line.iter().rposition(|byte| !ENDS.contains(byte)).map_or(0, |last| last + 1);
        let (text, ends) = (from_bytes(&line[..end]), from_bytes(&line[end..]));
        let text = match hidden && !text.is_empty() {
            true => self.tokens.of(&text),
            false => self.tokens.blank(&text, lab),
        };
        let node = lab.name(node).to_string();
        self.enter(now, What::Bytes { node, session: session.0, text: text + &ends });
    }

    fn enter(&mut self, now: Time, what: What) {
        let entry = Entry { at: now.since(self.start).as_micros(), what };
        self.put(&entry.to_line());
    }

    fn put(&mut self, line: &str) {
        if self.ended {
            return;
        }
        if let Err(error) = self.file.write_all(line.as_bytes()) {
            self.fail(&error);
        }
    }

    fn fail(&mut self, error: &io::Error) {
        self.ended = true;
        let path = self.path.display();
        message::warning(&format!("the recording `{path}` ends here: {error}"));
    }
}
