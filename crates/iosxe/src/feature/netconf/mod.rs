//! NETCONF: sessions of programs, over the router's one model.
//!
//! The bytes of a session come from the device's boundary and go back there; framing and messages
//! are the `netconf` crate's, data and edits are [`crate::models`]'s. What this folder adds is what
//! a router does: who is let in, locks, the candidate, notifications, and what is logged.

mod candidate;
pub(crate) mod cisco_ia;
mod monitoring;
mod notify;
mod serve;
mod users;

pub(crate) use monitoring::monitoring;
pub(crate) use notify::{config_changed, link_changed};
pub(crate) use users::{Refused, admits, authenticated, configured, refused};

use std::collections::BTreeMap;
use std::net::IpAddr;

use fact::Kind;
use netconf::{Answer, Hello, Received, Request, Session as Protocol, Target};
use simtime::Time;
use yang::{Error, ErrorKind, Tag};

use crate::device::{Device, State};
use crate::io::{LoginVerdict, Output, Proof, SessionId, SshServer};
use crate::models::{SCHEMA, capabilities};
use crate::session::PRIVILEGED_LEVEL;
use crate::turn::Turn;
use candidate::Candidate;

/// So many sessions one router has (`show netconf-yang status` of IOS XE: 32).
const SESSIONS_MAX: usize = 32;

/// As messages name the way in.
const DOOR: &str = "netconf over ssh";
/// As facts name what a session has in the place of a VTY line.
const LINE: &str = "netconf";

/// NETCONF of one router.
#[derive(Debug, Default)]
pub(crate) struct Netconf {
    /// Let in, and not begun.
    admitted: BTreeMap<SessionId, (String, IpAddr)>,
    sessions: BTreeMap<SessionId, Client>,
    last_id: u32,
    /// Who holds which lock, since when.
    locks: Vec<(Target, u32, Time)>,
    candidate: Candidate,
    /// What the sessions that are over have counted.
    ended: Counts,
    /// Sessions that began with something else than a hello.
    bad_hellos: u32,
    /// Sessions that ended without being closed by the client.
    dropped: u32,
    /// How many changes were made by programs.
    pub(crate) transactions: u64,
}

/// One session.
#[derive(Debug)]
struct Client {
    id: u32,
    user: String,
    peer: IpAddr,
    since: Time,
    protocol: Protocol,
    is_subscribed: bool,
    counts: Counts,
}

/// `session-statistics` of RFC 6022.
#[derive(Clone, Copy, Debug, Default)]
struct Counts {
    requests: u32,
    bad: u32,
    errors: u32,
    notifications: u32,
}

/// Whether the router serves NETCONF: `netconf-yang`.
pub(crate) fn is_on(state: &State) -> bool {
    has(state, "netconf-yang")
}

/// Whether it has a candidate: `netconf-yang feature candidate-datastore`.
fn has_candidate(state: &State) -> bool {
    has(state, "netconf-yang feature candidate-datastore")
}

/// Whether this line stands in the configuration.
fn has(state: &State, line: &str) -> bool {
    state.inert.lines(line).any(str::is_empty)
}

/// A program asks to log in. It takes no VTY line.
pub(crate) fn login(
    turn: &mut Turn<'_>,
    id: SessionId,
    user: &str,
    proof: Proof<'_>,
    peer: IpAddr,
) {
    let verdict = match users::admits(turn.state, user, proof) {
        _ if turn.state.reload.is_down() || !is_on(turn.state) => LoginVerdict::Down,
        _ if !turn.state.netconf.has_room() => LoginVerdict::NoLine,
        Ok(()) => LoginVerdict::Accepted,
        Err(_) => LoginVerdict::Rejected,
    };
    let accepted = verdict == LoginVerdict::Accepted;
    let reason = match verdict {
        LoginVerdict::Accepted => None,
        LoginVerdict::Rejected => Some("authentication failed"),
        LoginVerdict::NoLine => Some("no session"),
        LoginVerdict::Quiet | LoginVerdict::Denied | LoginVerdict::Down => Some("down"),
    };
    turn.fact(Kind::Login {
        user: user.to_owned(),
        peer: peer.to_string(),
        accepted,
        line: accepted.then(|| LINE.to_owned()),
        reason: reason.map(str::to_owned),
    });
    if accepted {
        turn.state.netconf.admitted.insert(id, (user.to_owned(), peer));
        users::authenticated(turn, user, peer, DOOR);
    } else if verdict == LoginVerdict::Rejected {
        users::refused(turn, user, peer, DOOR);
    }
    turn.out.push(Output::LoginVerdict { session: id, verdict });
}

/// A client that is logged in wants one more session. Whether it is a client of NETCONF.
pub(crate) fn join(turn: &mut Turn<'_>, session: SessionId, client: SessionId) -> bool {
    let netconf = &turn.state.netconf;
    let admitted = netconf.admitted.get(&client).cloned();
    let open = netconf.sessions.get(&client).map(|client| (client.user.clone(), client.peer));
    let Some(who) = admitted.or(open) else { return false };
    let verdict = if netconf.has_room() {
        turn.state.netconf.admitted.insert(session, who);
        LoginVerdict::Accepted
    } else {
        LoginVerdict::NoLine
    };
    turn.out.push(Output::LoginVerdict { session, verdict });
    true
}

/// A client of the port for shells, which has given its line back, wants NETCONF.
pub(crate) fn open_for(
    turn: &mut Turn<'_>,
    id: SessionId,
    user: &str,
    privilege: u8,
    peer: IpAddr,
) {
    let has_room = turn.state.netconf.has_room();
    if is_on(turn.state) && privilege >= PRIVILEGED_LEVEL && has_room {
        turn.state.netconf.admitted.insert(id, (user.to_owned(), peer));
        users::authenticated(turn, user, peer, DOOR);
    }
    open(turn, id);
}

/// A client that was let in wants its session.
pub(crate) fn open(turn: &mut Turn<'_>, id: SessionId) {
    let Some((user, peer)) = turn.state.netconf.admitted.remove(&id) else {
        return turn.out.push(Output::SessionClose { session: id, status: 1 });
    };
    let now = turn.now;
    let netconf = &mut turn.state.netconf;
    netconf.last_id = netconf.last_id.wrapping_add(1).max(1);
    let client = Client {
        id: netconf.last_id,
        user,
        peer,
        since: now,
        protocol: Protocol::new(&SCHEMA),
        is_subscribed: false,
        counts: Counts::default(),
    };
    let session = Some(client.id);
    netconf.sessions.insert(id, client);
    let capabilities = capabilities(has_candidate(turn.state));
    let bytes = Protocol::greeting(&Hello { capabilities, session });
    turn.out.push(Output::SessionBytes { session: id, bytes });
}

/// Whether a session is one of NETCONF.
pub(crate) fn is_session(state: &State, id: SessionId) -> bool {
    state.netconf.sessions.contains_key(&id)
}

/// Bytes of a session.
pub(crate) fn received(turn: &mut Turn<'_>, id: SessionId, bytes: &[u8]) {
    let Some(client) = turn.state.netconf.sessions.get_mut(&id) else { return };
    let was_greeted = client.protocol.is_greeted();
    let all = client.protocol.receive(bytes);
    for received in all {
        match received {
            Received::Hello => {}
            Received::Broken(_) => {
                let is_bad_hello = u32::from(!was_greeted);
                let bad = &mut turn.state.netconf.bad_hellos;
                *bad = bad.wrapping_add(is_bad_hello);
                return end(turn, id);
            }
            Received::Request(request) => {
                let answer = serve::answer(turn, id, &request);
                let Some(client) = turn.state.netconf.sessions.get_mut(&id) else { return };
                client.counts.count(&request, &answer);
                let bytes = client.protocol.reply(&request, &answer);
                turn.out.push(Output::SessionBytes { session: id, bytes });
                if serve::ends(&request) {
                    return end(turn, id);
                }
            }
        }
    }
}

/// The client is gone.
pub(crate) fn close(turn: &mut Turn<'_>, id: SessionId) {
    let is_dropped = u32::from(turn.state.netconf.sessions.contains_key(&id));
    let dropped = &mut turn.state.netconf.dropped;
    *dropped = dropped.wrapping_add(is_dropped);
    forget(turn, id);
}

/// A session is over: what it held is free again.
fn forget(turn: &mut Turn<'_>, id: SessionId) {
    turn.state.netconf.admitted.remove(&id);
    let Some(client) = turn.state.netconf.sessions.remove(&id) else { return };
    turn.state.netconf.ended.add(&client.counts);
    turn.fact(Kind::SessionEnded { user: client.user, line: LINE.to_owned() });
    candidate::left(turn, client.id);
    let held = &mut turn.state.netconf.locks;
    let is_own = |(_, holder, _): &(Target, u32, Time)| *holder == client.id;
    let had_candidate = held.iter().any(|lock| is_own(lock) && lock.0 == Target::Candidate);
    held.retain(|lock| !is_own(lock));
    if had_candidate {
        candidate::discard(turn.state);
    }
}

fn end(turn: &mut Turn<'_>, id: SessionId) {
    forget(turn, id);
    turn.out.push(Output::SessionClose { session: id, status: 0 });
}

/// The router goes down: all sessions with it, and those who were about to begin one.
pub(crate) fn end_all(turn: &mut Turn<'_>) {
    let all: Vec<SessionId> = turn.state.netconf.all().collect();
    all.into_iter().for_each(|id| end(turn, id));
}

/// Whether a datastore may be changed by the session of this number, or by a program that has
/// none: nobody else has locked it.
///
/// # Errors
/// `in-use`, and who has (RFC 6241 appendix A).
pub(crate) fn writable(state: &State, own: Option<u32>, target: Target) -> Result<(), Error> {
    let mut locks = state.netconf.locks.iter();
    let Some((_, holder, _)) = locks.find(|(held, by, _)| *held == target && Some(*by) != own)
    else {
        return Ok(());
    };
    let message = "the configuration database is locked by another session";
    let mut error = Error::new(Tag::InUse, message).of(ErrorKind::Protocol);
    error.session = Some(*holder);
    Err(error)
}

/// A commit was not confirmed in time.
pub(crate) fn unconfirmed(turn: &mut Turn<'_>) {
    candidate::roll_back(turn);
}

impl Counts {
    fn count(&mut self, request: &Request, answer: &Answer) {
        let add = |count: &mut u32, more: bool| *count = count.wrapping_add(u32::from(more));
        add(&mut self.requests, !request.attributes.is_empty());
        add(&mut self.bad, request.attributes.is_empty());
        add(&mut self.errors, matches!(answer, Answer::Errors(_)));
    }

    fn add(&mut self, other: &Counts) {
        let Counts { requests, bad, errors, notifications } = other;
        self.requests = self.requests.wrapping_add(*requests);
        self.bad = self.bad.wrapping_add(*bad);
        self.errors = self.errors.wrapping_add(*errors);
        self.notifications = self.notifications.wrapping_add(*notifications);
    }
}

impl Netconf {
    /// Whether one more may come: who is let in will begin a session.
    fn has_room(&self) -> bool {
        self.admitted.len() + self.sessions.len() < SESSIONS_MAX
    }

    /// What all sessions have counted.
    fn totals(&self) -> Counts {
        let mut totals = self.ended;
        self.sessions.values().for_each(|client| totals.add(&client.counts));
        totals
    }

    /// The sessions that are open, and the clients that may open one.
    pub(crate) fn all(&self) -> impl Iterator<Item = SessionId> {
        self.admitted.keys().chain(self.sessions.keys()).copied()
    }
}

impl Device {
    /// What the SSH server of the NETCONF port offers; nothing while the router serves none.
    pub fn netconf_server(&self) -> Option<SshServer> {
        let serves = !self.state.reload.is_down() && is_on(&self.state);
        serves.then(|| self.state.ssh.server())
    }
}
