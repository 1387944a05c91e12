//! What can happen to a session between its client and the router.
//!
//! Called for every login, for what a client types and for what a router says. What is held back
//! keeps its order, the end of the session with it; the router must never know.

use fact::Kind;
use iosxe::{ClientEvent, LoginVerdict, Proof};
use simtime::{Duration, Rng, Time};

use super::{Waiting, add, hit};
use crate::lab::Event;
use crate::{Lab, NodeId, Outbox, Output, SessionId};

/// What it does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum SessionFault {
    Slow,
    Hang,
    Drop,
    Garbage,
    VtyFull,
    AuthFailing,
}

/// The words of scenarios.
pub(crate) const SESSION_FAULTS: [(&str, SessionFault); 6] = [
    ("slow", SessionFault::Slow),
    ("hang", SessionFault::Hang),
    ("drop", SessionFault::Drop),
    ("garbage", SessionFault::Garbage),
    ("vty-full", SessionFault::VtyFull),
    ("auth-failing", SessionFault::AuthFailing),
];

/// The longest run of bytes that a bad line adds.
const GARBAGE_BYTES_MAX: u64 = 32;
/// A password that no configuration can hold.
pub(crate) const WRONG_PASSWORD: &str = "\u{0}";

impl SessionFault {
    /// What `by` is if the step does not say it.
    pub(crate) fn usual(self) -> Duration {
        match self {
            SessionFault::Slow => Duration::from_millis(500),
            SessionFault::Hang
            | SessionFault::Drop
            | SessionFault::Garbage
            | SessionFault::VtyFull
            | SessionFault::AuthFailing => Duration::ZERO,
        }
    }

    /// How often it hits if the step does not say it: a connection breaks once.
    pub(crate) fn times(self) -> Option<u64> {
        match self {
            SessionFault::Hang | SessionFault::Drop => Some(1),
            SessionFault::Slow
            | SessionFault::Garbage
            | SessionFault::VtyFull
            | SessionFault::AuthFailing => None,
        }
    }
}

impl Lab {
    /// A fault begins to lie in wait for sessions.
    pub(crate) fn await_session(&mut self, now: Time, node: NodeId, new: Waiting<SessionFault>) {
        add(&mut self.faults.nodes.entry(node).or_default().session, now, new);
    }

    /// The first fault that meets a session, told as a fact.
    fn meets(
        &mut self,
        now: Time,
        node: NodeId,
        fits: impl Fn(SessionFault) -> bool,
        out: &mut Outbox,
    ) -> Option<Waiting<SessionFault>> {
        let at = self.faults.nodes.get_mut(&node)?;
        let chance = &mut self.routers[node.0 as usize].chance;
        let met = hit(&mut at.session, now, chance, fits)?;
        let fault = match met.fault {
            SessionFault::Slow => format!("slow by {}", met.by),
            SessionFault::Hang => "hung in mid-output".to_owned(),
            SessionFault::Drop => "dropped in mid-command".to_owned(),
            SessionFault::Garbage => "garbage in the output".to_owned(),
            SessionFault::VtyFull => "all lines taken".to_owned(),
            SessionFault::AuthFailing => "authentication fails".to_owned(),
        };
        self.say(now, node, Kind::SessionFault { fault }, met.trace, out);
        Some(met)
    }

    /// Whether a fault has all lines of a node.
    pub(crate) fn is_full(&self, now: Time, node: NodeId) -> bool {
        let full = |one: &Waiting<_>| one.is_there(now) && one.fault == SessionFault::VtyFull;
        self.faults.nodes.get(&node).is_some_and(|at| at.session.iter().any(full))
    }

    /// A client was refused before it could say a word.
    pub(crate) fn refused(&mut self, now: Time, node: NodeId, out: &mut Outbox) {
        self.meets(now, node, |fault| fault == SessionFault::VtyFull, out);
    }

    /// A client asks to log in: the password that the router gets to see, or no answer of it.
    pub(crate) fn login<'a>(
        &mut self,
        now: Time,
        (node, session): (NodeId, SessionId),
        password: &'a str,
        out: &mut Outbox,
    ) -> Option<&'a str> {
        let fits = |fault| matches!(fault, SessionFault::VtyFull | SessionFault::AuthFailing);
        match self.meets(now, node, fits, out).map(|met| met.fault) {
            Some(SessionFault::VtyFull) => {
                out.0.push(Output::LoginVerdict { node, session, verdict: LoginVerdict::NoLine });
                None
            }
            Some(SessionFault::AuthFailing) => Some(WRONG_PASSWORD),
            Some(
                SessionFault::Slow
                | SessionFault::Hang
                | SessionFault::Drop
                | SessionFault::Garbage,
            )
            | None => Some(password),
        }
    }

    /// A client does something over SSH: what the router gets to see of it. A fault of logins meets
    /// keys as it meets passwords.
    pub(crate) fn client<'a>(
        &mut self,
        now: Time,
        (node, session): (NodeId, SessionId),
        event: ClientEvent<'a>,
        out: &mut Outbox,
    ) -> Option<iosxe::Input<'a>> {
        if let ClientEvent::KeyShown { user, peer, .. } = event {
            let password = self.login(now, (node, session), "", out)?;
            if !password.is_empty() {
                return Some(iosxe::Input::LoginAsked { session, user, password, peer });
            }
        }
        let event = match event {
            ClientEvent::ProgramAsked { user, proof, peer } => {
                let wrong = Proof::Password(WRONG_PASSWORD);
                let proof = self.program(now, node, proof, wrong, out);
                ClientEvent::ProgramAsked { user, proof, peer }
            }
            ClientEvent::Came { .. }
            | ClientEvent::KeyShown { .. }
            | ClientEvent::Joined { .. }
            | ClientEvent::Left => event,
        };
        Some(iosxe::Input::Client { session, event })
    }

    /// What the router gets to see of how a program shows who it is: it takes no line, so that a
    /// fault of lines does not meet it.
    pub(crate) fn program<T>(
        &mut self,
        now: Time,
        node: NodeId,
        shown: T,
        wrong: T,
        out: &mut Outbox,
    ) -> T {
        let fits = |fault| fault == SessionFault::AuthFailing;
        if self.meets(now, node, fits, out).is_some() { wrong } else { shown }
    }

    /// A router answers a request of RESTCONF.
    pub(crate) fn replies(
        &mut self,
        now: Time,
        (node, session): (NodeId, SessionId),
        response: restconf::Response,
        out: &mut Outbox,
    ) {
        let fits =
            |fault| matches!(fault, SessionFault::Slow | SessionFault::Hang | SessionFault::Drop);
        let met = self.meets(now, node, fits, out);
        match met.as_ref().map(|met| met.fault) {
            Some(SessionFault::Drop) => {
                return out.0.push(Output::SessionClose { node, session, status: None });
            }
            Some(SessionFault::Hang) => self.hold(node, met.map_or(now, |met| met.until)),
            Some(SessionFault::Slow) => {
                let free_at = self.faults.nodes.get(&node).and_then(|at| at.free_at);
                let by = met.map_or(Duration::ZERO, |met| met.by);
                self.hold(node, free_at.map_or(now, |at| at.max(now)) + by);
            }
            Some(SessionFault::Garbage | SessionFault::VtyFull | SessionFault::AuthFailing)
            | None => {}
        }
        self.in_turn(now, node, Output::Restconf { node, session, response }, out);
    }

    /// A client types. If the connection breaks, the router has got the line all the same: the
    /// client cannot know whether it did.
    pub(crate) fn typed(
        &mut self,
        now: Time,
        (node, session): (NodeId, SessionId),
        bytes: &[u8],
        out: &mut Outbox,
    ) {
        let ends_line = bytes.iter().any(|byte| matches!(byte, b'\r' | b'\n'));
        let fits = |fault| ends_line && fault == SessionFault::Drop;
        let breaks = self.meets(now, node, fits, out).is_some();
        if breaks {
            self.cut(node, Some(session));
        }
        self.tell(now, node, iosxe::Input::SessionBytes { session, bytes }, out);
        if breaks {
            self.tell(now, node, iosxe::Input::SessionClosed { session }, out);
            self.cut(node, None);
            out.0.push(Output::SessionClose { node, session, status: None });
        }
    }

    fn cut(&mut self, node: NodeId, session: Option<SessionId>) {
        if let Some(at) = self.faults.nodes.get_mut(&node) {
            at.cut = session;
        }
    }

    /// A router says something to a client, or hangs up.
    pub(crate) fn says(&mut self, now: Time, node: NodeId, said: Output, out: &mut Outbox) {
        let Some(at) = self.faults.nodes.get(&node) else { return out.0.push(said) };
        let (session, mut bytes) = match said {
            Output::SessionBytes { session, bytes, .. } if at.cut != Some(session) => {
                (session, bytes)
            }
            Output::SessionClose { session, .. } if at.cut != Some(session) => {
                return self.in_turn(now, node, said, out);
            }
            _ => return,
        };
        let lines = bytes.iter().filter(|byte| **byte == b'\n').count();
        let fits = |fault| match fault {
            SessionFault::Slow | SessionFault::Garbage => true,
            SessionFault::Hang => lines >= 2,
            SessionFault::Drop | SessionFault::VtyFull | SessionFault::AuthFailing => false,
        };
        let speak = |bytes| Output::SessionBytes { node, session, bytes };
        let Some(met) = self.meets(now, node, fits, out) else {
            return self.in_turn(now, node, speak(bytes), out);
        };
        match met.fault {
            SessionFault::Hang => {
                let rest = bytes.split_off(bytes.len() / 2);
                self.in_turn(now, node, speak(bytes), out);
                self.hold(node, met.until);
                bytes = rest;
            }
            SessionFault::Slow => {
                let free_at = self.faults.nodes.get(&node).and_then(|at| at.free_at);
                self.hold(node, free_at.map_or(now, |at| at.max(now)) + met.by);
            }
            SessionFault::Garbage => garble(&mut bytes, &mut self.router_mut(node).chance),
            SessionFault::Drop | SessionFault::VtyFull | SessionFault::AuthFailing => {}
        }
        self.in_turn(now, node, speak(bytes), out);
    }

    fn hold(&mut self, node: NodeId, until: Time) {
        if let Some(at) = self.faults.nodes.get_mut(&node) {
            at.free_at = at.free_at.max(Some(until));
        }
    }

    /// After all that was held back before it.
    fn in_turn(&mut self, now: Time, node: NodeId, said: Output, out: &mut Outbox) {
        match self.faults.nodes.get(&node).and_then(|at| at.free_at).filter(|at| *at > now) {
            Some(at) => {
                self.schedule.set(at, node, Event::Said(Box::new(said)));
            }
            None => out.0.push(said),
        }
    }
}

/// Adds what a bad line adds: any bytes, anywhere.
fn garble(bytes: &mut Vec<u8>, chance: &mut Rng) {
    let mut noise = [0; GARBAGE_BYTES_MAX as usize];
    chance.fill(&mut noise);
    let length = usize::try_from(1 + chance.below(GARBAGE_BYTES_MAX)).unwrap_or(1);
    let at = usize::try_from(chance.below(bytes.len() as u64 + 1)).unwrap_or(0);
    bytes.splice(at..at, noise.into_iter().take(length));
}
