//! NETCONF: sessions of programs, over the router's one model.
//!
//! The bytes of a session come from the device's boundary and go back there; framing and messages
//! are the `netconf` crate's, data and edits are [`crate::yang`]'s. What this folder adds is what a
//! router does: who is let in, locks, the candidate, notifications, and what is logged.

mod candidate;
mod monitoring;
mod notify;
mod serve;

pub(crate) use monitoring::monitoring;
pub(crate) use notify::{config_changed, link_changed};

use std::collections::BTreeMap;
use std::net::IpAddr;

use netconf::{Hello, Received, Session as Protocol, Target};
use simtime::Time;

use crate::device::State;
use crate::feature::logging::Message;
use crate::io::{LoginVerdict, Output, SessionId};
use crate::session::PRIVILEGED_LEVEL;
use crate::turn::Turn;
use crate::yang::{SCHEMA, capabilities};
use candidate::Candidate;

/// So many sessions one router has (`show netconf-yang status` of IOS XE: 32).
const SESSIONS_MAX: usize = 32;

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
    requests: u32,
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

/// A program asks to log in. It takes no VTY line; only privilege 15 may (decided, as IOS XE's
/// default rules have it).
pub(crate) fn login(turn: &mut Turn<'_>, id: SessionId, user: &str, password: &str, peer: IpAddr) {
    let verdict = match admits(turn.state, user, password) {
        _ if turn.state.reload.is_down() || !is_on(turn.state) => LoginVerdict::Down,
        _ if turn.state.netconf.sessions.len() >= SESSIONS_MAX => LoginVerdict::NoLine,
        true => LoginVerdict::Accepted,
        false => LoginVerdict::Rejected,
    };
    match verdict {
        LoginVerdict::Accepted => {
            turn.state.netconf.admitted.insert(id, (user.to_owned(), peer));
            authenticated(turn, user, peer, "netconf over ssh");
        }
        LoginVerdict::Rejected => refused(turn, peer, "netconf over ssh"),
        LoginVerdict::NoLine | LoginVerdict::Quiet | LoginVerdict::Denied | LoginVerdict::Down => {}
    }
    turn.out.push(Output::LoginVerdict { session: id, verdict });
}

/// Whether a program may come in so.
pub(crate) fn admits(state: &State, user: &str, password: &str) -> bool {
    let level = state.users.check(user, password).map(|level| level.unwrap_or(1));
    level.is_some_and(|level| level >= PRIVILEGED_LEVEL)
}

/// What IOS XE logs of a program that was let in.
pub(crate) fn authenticated(turn: &mut Turn<'_>, user: &str, peer: IpAddr, door: &str) {
    let text = format!(
        "R0/0: dmiauthd: User '{user}' authenticated successfully from {peer} and was authorized \
         for {door}. External groups: PRIV15"
    );
    turn.log(Message::new("DMI", 5, "AUTH_PASSED", text));
}

/// What it logs of one that was not.
pub(crate) fn refused(turn: &mut Turn<'_>, peer: IpAddr, door: &str) {
    let text = format!("R0/0: dmiauthd: Authentication failure from {peer} for {door}.");
    turn.log(Message::new("DMI", 5, "AUTHENTICATION_FAILED", text));
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
        requests: 0,
        errors: 0,
        notifications: 0,
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
    for received in client.protocol.receive(bytes) {
        match received {
            Received::Hello => {}
            Received::Broken(_) => return end(turn, id),
            Received::Request(request) => {
                let answer = serve::answer(turn, id, &request);
                let Some(client) = turn.state.netconf.sessions.get_mut(&id) else { return };
                client.requests = client.requests.wrapping_add(1);
                client.errors =
                    client.errors.wrapping_add(u32::from(matches!(answer, netconf::Answer::Errors(_))));
                let bytes = client.protocol.reply(&request, &answer);
                turn.out.push(Output::SessionBytes { session: id, bytes });
                if serve::ends(&request) {
                    return end(turn, id);
                }
            }
        }
    }
}

/// The client is gone, or has to go: what it held is free again.
pub(crate) fn close(turn: &mut Turn<'_>, id: SessionId) {
    turn.state.netconf.admitted.remove(&id);
    let Some(client) = turn.state.netconf.sessions.remove(&id) else { return };
    let held = &mut turn.state.netconf.locks;
    let had_candidate = held.contains_where(Target::Candidate, client.id);
    held.retain(|(_, holder, _)| *holder != client.id);
    if had_candidate {
        turn.state.netconf.candidate = Candidate::default();
    }
}

fn end(turn: &mut Turn<'_>, id: SessionId) {
    close(turn, id);
    turn.out.push(Output::SessionClose { session: id, status: 0 });
}

/// The router goes down: all sessions with it.
pub(crate) fn end_all(turn: &mut Turn<'_>) {
    let all: Vec<SessionId> = turn.state.netconf.sessions.keys().copied().collect();
    all.into_iter().for_each(|id| end(turn, id));
}

trait Held {
    fn contains_where(&self, target: Target, holder: u32) -> bool;
}

impl Held for Vec<(Target, u32, Time)> {
    fn contains_where(&self, target: Target, holder: u32) -> bool {
        self.iter().any(|(held, by, _)| *held == target && *by == holder)
    }
}
