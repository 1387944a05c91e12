//! Requests over RESTCONF: each on a connection of its own, which ends with its answer.

use automation::{Input, Login, SessionFailure, SessionId};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use restconf::{Request, Response};
use simtime::Time;

use super::ferry::PEER;
use super::wire::Wire;
use super::{Bench, Far, HTTPS, ONE_WAY, Speaks};

/// What becomes of a session to a node that nobody simulates.
pub(super) fn real(node: &str) -> SessionFailure {
    let why = format!("`{node}` is real, and virtual time reaches no real device");
    SessionFailure::Unreachable(why)
}

impl Bench {
    /// The automation asks.
    pub(super) fn ask(
        &mut self,
        now: Time,
        session: SessionId,
        node: &str,
        login: Option<Box<Login>>,
        request: Request,
    ) {
        let (after, what) = match self.lab.node(node) {
            Some(id) => {
                self.sessions.insert(session, Far { node: id, speaks: Speaks::Restconf });
                let node = node.to_owned();
                (HTTPS + ONE_WAY, Wire::Request { session, node, login, request })
            }
            None => {
                let failure = real(node);
                (ONE_WAY, Wire::NotAnswered { session, failure, sent: false })
            }
        };
        self.wire.set(now + after, what);
    }

    /// A request has reached its router.
    pub(super) fn asked(
        &mut self,
        now: Time,
        session: SessionId,
        name: &str,
        login: Option<&Login>,
        request: &Request,
    ) {
        let Some((node, device_session)) = self.device_end(session) else {
            return; // the automation lost patience meanwhile
        };
        let has_port = self.topology.nodes[name].restconf.is_some();
        let credentials = match (has_port, self.credentials(name, login)) {
            (true, credentials) => credentials,
            (false, _) => {
                let why = format!("node `{name}` has no `restconf` address");
                Err(SessionFailure::Misconfigured(why))
            }
        };
        let (user, password) = match credentials {
            Ok(_) if !self.lab.takes_restconf(node) => {
                let failure = SessionFailure::Unreachable("connection refused".to_owned());
                return self.not_answered(now, session, failure, false);
            }
            Ok(credentials) => credentials,
            Err(failure) => return self.not_answered(now, session, failure, false),
        };
        let authorization = format!("Basic {}", BASE64.encode(format!("{user}:{password}")));
        let input = lab::Input::Restconf {
            node,
            session: device_session,
            peer: PEER,
            authorization: Some(&authorization),
            request,
        };
        self.tell_lab(now, input);
    }

    /// Its answer has come, and the connection ends.
    pub(super) fn answered(&mut self, now: Time, session: SessionId, response: &Response) {
        if let Some((node, device_session)) = self.device_end(session) {
            self.sessions.remove(&session);
            self.tell_lab(now, lab::Input::SessionClosed { node, session: device_session });
        }
        self.tell_automation(now, Input::RestconfAnswered { session, response });
    }

    pub(super) fn not_answered(
        &mut self,
        now: Time,
        session: SessionId,
        failure: SessionFailure,
        sent: bool,
    ) {
        self.sessions.remove(&session);
        self.tell_automation(now, Input::RestconfFailed { session, failure, sent });
    }
}
