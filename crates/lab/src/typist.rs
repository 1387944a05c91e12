//! People of a scenario who log in to a router and type: what they see decides when they go on.
//!
//! Asked by the lab for every output of a session that is theirs; the programs never see one. A
//! typist waits for no prompt forever: when the run or the session ends, it is gone.

use std::collections::{BTreeMap, VecDeque};
use std::fmt;
use std::net::IpAddr;
use std::sync::Arc;

use fact::TraceId;
use iosxe::{LoginVerdict, SessionKind};
use simtime::Time;

use crate::lab::Event;
use crate::{Lab, NodeId, Outbox, SessionId};

/// From here on session ids are those of typists; programs count theirs from 0.
const FIRST_SESSION: u64 = 1 << 63;

/// How many people of scenarios can sit at one lab at once; who comes when it is full stays away.
const TYPISTS_MAX: usize = 4_096;

/// Below a full page.
const MORE: &[u8] = b"--More--";

/// Who logs in.
#[derive(Clone)]
pub(crate) struct Login {
    /// The user.
    pub(crate) user: String,
    /// Its password.
    pub(crate) password: String,
    /// The address of the client.
    pub(crate) from: IpAddr,
}

/// The sessions of all typists.
#[derive(Default)]
pub(crate) struct Typists {
    open: BTreeMap<SessionId, Typist>,
    count: u64,
}

struct Typist {
    /// What is left to type.
    lines: VecDeque<Arc<str>>,
    trace: Option<TraceId>,
}

/// What a typist does next.
pub(crate) enum Move {
    /// Nothing yet.
    Wait,
    /// These keys.
    Type(Vec<u8>),
    /// The session is closed.
    Leave,
}

/// What is typed may be a secret.
impl fmt::Debug for Move {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Move::Wait => "Wait",
            Move::Type(_) => "Type",
            Move::Leave => "Leave",
        })
    }
}

impl Typists {
    /// Whether a session is a typist's, and not a program's.
    pub(crate) fn is_theirs(session: SessionId) -> bool {
        session.0 >= FIRST_SESSION
    }

    /// A session ended under a typist.
    pub(crate) fn forget(&mut self, session: SessionId) {
        self.open.remove(&session);
    }

    fn admit(&mut self, lines: VecDeque<Arc<str>>, trace: Option<TraceId>) -> Option<SessionId> {
        if self.open.len() >= TYPISTS_MAX {
            return None;
        }
        let session = SessionId(FIRST_SESSION + self.count);
        self.count += 1;
        self.open.insert(session, Typist { lines, trace });
        Some(session)
    }

    fn next(&mut self, session: SessionId, shown: &[u8]) -> Move {
        let Some(typist) = self.open.get_mut(&session) else { return Move::Wait };
        if shown.ends_with(MORE) || shown.trim_ascii_end().ends_with(MORE) {
            return Move::Type(b" ".to_vec());
        }
        // A prompt (`R1#`, `R1(config)>`) or a question (`[confirm]`, `Password: `, `[yes/no]: `).
        let end = shown.trim_ascii_end().last();
        if !matches!(end, Some(b'#' | b'>' | b']' | b':' | b'?')) {
            return Move::Wait;
        }
        match typist.lines.pop_front() {
            Some(line) => Move::Type(format!("{line}\r").into_bytes()),
            None => Move::Leave,
        }
    }
}

impl Lab {
    /// Somebody logs in to a node, types lines, each when the router is ready for it, and leaves.
    pub(crate) fn log_in_and_type(
        &mut self,
        now: Time,
        node: NodeId,
        login: &Login,
        lines: &[String],
        trace: Option<TraceId>,
        out: &mut Outbox,
    ) {
        let lines = lines.iter().map(|line| Arc::from(line.as_str())).collect();
        let Some(session) = self.typists.admit(lines, trace) else { return };
        let Login { user, password, from } = login;
        let peer = *from;
        let asked = iosxe::Input::LoginAsked { session, user, password, peer };
        self.tell_for(now, node, trace, asked, out);
    }

    /// The router answered a typist's login.
    pub(crate) fn typist_admitted(
        &mut self,
        now: Time,
        (node, session): (NodeId, SessionId),
        verdict: LoginVerdict,
        out: &mut Outbox,
    ) {
        let Some(typist) = self.typists.open.get(&session) else { return };
        let trace = typist.trace;
        match verdict {
            LoginVerdict::Accepted => {
                let kind = SessionKind::Shell;
                let opened = iosxe::Input::SessionOpened { session, kind };
                self.tell_for(now, node, trace, opened, out);
            }
            LoginVerdict::Rejected
            | LoginVerdict::NoLine
            | LoginVerdict::Quiet
            | LoginVerdict::Denied
            | LoginVerdict::Down => self.typists.forget(session),
        }
    }

    /// The router showed a typist something: what follows is an event of its own, so that a long
    /// visit does not nest.
    pub(crate) fn typist_sees(&mut self, now: Time, of: (NodeId, SessionId), shown: &[u8]) {
        let (node, session) = of;
        let next = self.typists.next(session, shown);
        if !matches!(next, Move::Wait) {
            self.schedule.set(now, node, Event::Typist(session, next));
        }
    }

    /// A typist types, or leaves.
    pub(crate) fn typist_moves(
        &mut self,
        now: Time,
        (node, session): (NodeId, SessionId),
        next: &Move,
        out: &mut Outbox,
    ) {
        let Some(typist) = self.typists.open.get(&session) else { return };
        let trace = typist.trace;
        let input = match next {
            Move::Wait => return,
            Move::Type(bytes) => iosxe::Input::SessionBytes { session, bytes },
            Move::Leave => {
                self.typists.forget(session);
                iosxe::Input::SessionClosed { session }
            }
        };
        self.tell_for(now, node, trace, input, out);
    }
}
