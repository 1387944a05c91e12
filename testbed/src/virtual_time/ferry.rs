//! What happens when something arrives: the same calls that the two live skins make.

use std::collections::BTreeMap;
use std::net::{IpAddr, Ipv4Addr};

use automation::{Delivery, DeliveryId, Login, SessionFailure, SessionId};
use lab::{ClientEvent, HttpFailure, HttpOutcome, LoginVerdict, Post, PostId, Proof, SessionKind};
use secrecy::ExposeSecret as _;
use simtime::Time;
use topology::Url;

use super::wire::Wire;
use super::{Bench, Far, HTTPS, ONE_WAY, Speaks, tls};

/// Both sides stand on one machine.
pub(super) const PEER: IpAddr = IpAddr::V4(Ipv4Addr::LOCALHOST);

/// Posts that wait for the listener's reply.
#[derive(Debug, Default)]
pub(super) struct Posts {
    pub(super) waiting: BTreeMap<DeliveryId, PostId>,
    pub(super) next: u64,
}

impl Bench {
    /// A router sends a request: to the listener, else to nobody.
    pub(super) fn send_post(&mut self, now: Time, post: Post) {
        if self.is_listeners(&post.url) {
            match tls::greet(&post, self.topology.webhook_ca.as_deref()) {
                Ok(None) => self.say_in_time(now, post),
                Ok(Some(greeting)) => self.say_in_time(now + greeting, post),
                Err(failure) => {
                    let outcome = HttpOutcome::Failed(failure);
                    self.wire.set(now + HTTPS, Wire::Answer { post: post.post, outcome });
                }
            }
        } else {
            self.refused.push(post.url);
            let outcome = HttpOutcome::Failed(HttpFailure::Refused);
            self.wire.set(now + ONE_WAY, Wire::Answer { post: post.post, outcome });
        }
    }

    /// Here a request is heard once it is said whole; what is half said when its sender loses
    /// patience is never heard.
    fn say_in_time(&mut self, now: Time, mut post: Post) {
        let pace = post.pace.take().unwrap_or_default();
        if pace < post.timeout {
            post.timeout = post.timeout - pace;
            self.wire.set(now + pace + ONE_WAY, Wire::Webhook(post));
        } else {
            let outcome = HttpOutcome::Failed(HttpFailure::Timeout);
            self.wire.set(now + post.timeout, Wire::Answer { post: post.post, outcome });
        }
    }

    /// Whether a URL leads to the listener of this run, by any name of this machine.
    fn is_listeners(&self, url: &str) -> bool {
        let server = self.topology.vars.get("webhook-server");
        let Ok(url) = url.parse::<Url>() else { return false };
        // A function call speaks both: what a URL says is what the listener speaks.
        let scheme = url.scheme.as_str();
        let server = server.and_then(|at| format!("{scheme}://{at}/").parse::<Url>().ok());
        let Some(server) = server else { return false };
        let one_machine = server.is_loopback() && url.is_loopback();
        server.covers(&url) || (one_machine && server.port == url.port)
    }

    /// The listener answers a request.
    pub(super) fn reply(&mut self, now: Time, reply: automation::Reply) {
        if self.outside.waiting == Some(reply.delivery) {
            self.outside.reply = Some(reply);
            return;
        }
        let Some(post) = self.posts.waiting.remove(&reply.delivery) else {
            return; // the router has stopped waiting
        };
        let headers = reply.headers.into_iter().map(|(name, value)| (name.into_owned(), value));
        let outcome = HttpOutcome::Answered {
            status: reply.status,
            headers: headers.collect(),
            body: reply.body,
        };
        self.wire.set(now + ONE_WAY, Wire::Answer { post, outcome });
    }

    /// Something has arrived.
    pub(super) fn arrive(&mut self, now: Time, what: Wire) {
        match what {
            Wire::Webhook(post) => self.come_in(now, post),
            Wire::Late(post) => self.deliver(now, &post),
            Wire::Line { place, peer, bytes } => self.hear(now, place, peer, &bytes),
            Wire::Answer { post, outcome } => {
                self.tell_lab(now, lab::Input::PostOutcome { post, outcome });
            }
            Wire::PostTimeout(delivery) => {
                if let Some(post) = self.posts.waiting.remove(&delivery) {
                    let outcome = HttpOutcome::Failed(HttpFailure::Timeout);
                    self.tell_lab(now, lab::Input::PostOutcome { post, outcome });
                }
            }
            Wire::Committed { persist, stored: Ok(()) } => {
                self.tell_automation(now, automation::Input::Persisted(persist));
            }
            Wire::Committed { persist, stored: Err(reason) } => {
                let input = automation::Input::PersistFailed { persist, reason: &reason };
                self.tell_automation(now, input);
            }
            Wire::Mailed { letter } => {
                self.tell_lab(now, lab::Input::MailOutcome { letter, outcome: Ok(()) });
            }
            Wire::Login { session, node, login } => {
                self.log_in(now, session, &node, login.as_deref());
            }
            Wire::Api { session, answer } => self.api_answered(now, session, answer),
            Wire::Written { session, written } => {
                self.tell_automation(now, automation::Input::Written { session, written });
            }
            Wire::LoggedIn { session, verdict } => self.logged_in(now, session, verdict),
            Wire::OpenFailed { session, failure } => self.open_failed(now, session, failure),
            Wire::Request { session, node, login, request } => {
                self.asked(now, session, &node, login.as_deref(), &request);
            }
            Wire::Answered { session, response } => self.answered(now, session, &response),
            Wire::NotAnswered { session, failure, sent } => {
                self.not_answered(now, session, failure, sent);
            }
            Wire::ToDevice { session, bytes } => {
                if let Some((node, session)) = self.device_end(session) {
                    let input = lab::Input::SessionBytes { node, session, bytes: &bytes };
                    self.tell_lab(now, input);
                }
            }
            Wire::FromDevice { session, bytes } => {
                let input = automation::Input::SessionBytes { session, bytes: &bytes };
                self.tell_automation(now, input);
            }
            Wire::ClosedByListener { session } => self.closed_by_listener(now, session),
            Wire::ClosedByDevice { session } => match self.sessions.remove(&session) {
                Some(Far { speaks: Speaks::Restconf, .. }) => {
                    let why = "the connection broke before the answer".to_owned();
                    let failure = SessionFailure::Unreachable(why);
                    let sent = true;
                    let input = automation::Input::RestconfFailed { session, failure, sent };
                    self.tell_automation(now, input);
                }
                Some(_) | None => {
                    self.tell_automation(now, automation::Input::SessionClosed(session));
                }
            },
        }
    }

    fn closed_by_listener(&mut self, now: Time, session: SessionId) {
        if let Some((node, session)) = self.device_end(session) {
            self.tell_lab(now, lab::Input::SessionClosed { node, session });
        }
        self.sessions.remove(&session);
    }

    pub(super) fn deliver(&mut self, now: Time, post: &Post) {
        self.posts.next += 1;
        let delivery = DeliveryId(self.posts.next);
        self.posts.waiting.insert(delivery, post.post);
        self.wire.set(now + post.timeout, Wire::PostTimeout(delivery));
        let headers: Vec<(String, String)> =
            post.headers.iter().map(|(n, v)| (n.to_ascii_lowercase(), v.clone())).collect();
        let (path, query) = target(&post.url);
        let request = Delivery {
            delivery,
            method: restconf::Method::named(&post.method),
            path,
            query,
            peer: PEER,
            local: true,
            headers: &headers,
            body: &post.body,
        };
        self.tell_automation(now, automation::Input::Delivery(request));
    }

    fn log_in(&mut self, now: Time, session: SessionId, name: &str, login: Option<&Login>) {
        let Some((node, device_session)) = self.device_end(session) else {
            return; // the automation hung up meanwhile
        };
        let (user, password) = match self.credentials(name, login) {
            Ok(credentials) => credentials,
            Err(failure) => return self.open_failed(now, session, failure),
        };
        // A node's own port of NETCONF takes no line; the subsystem of its SSH port does.
        let has_port = self.topology.nodes[name].netconf.is_some();
        let is_program = self.speaks(session) == Some(Speaks::Netconf) && has_port;
        if is_program && self.lab.takes_netconf(node).is_none() {
            let failure = SessionFailure::Unreachable("connection refused".to_owned());
            return self.open_failed(now, session, failure);
        }
        let (user, password, peer) = (user.as_str(), password.as_str(), PEER);
        let session = device_session;
        self.tell_lab(
            now,
            match is_program {
                true => {
                    let proof = Proof::Password(password);
                    let event = ClientEvent::ProgramAsked { user, proof, peer };
                    lab::Input::Client { node, session, event }
                }
                false => lab::Input::LoginAsked { node, session, user, password, peer },
            },
        );
    }

    fn logged_in(&mut self, now: Time, session: SessionId, verdict: LoginVerdict) {
        let failure = match verdict {
            LoginVerdict::Accepted => {
                if let Some((node, device_session)) = self.device_end(session) {
                    let kind = match self.speaks(session) {
                        Some(Speaks::Netconf) => SessionKind::Netconf,
                        Some(Speaks::Shell | Speaks::Restconf) | None => SessionKind::Shell,
                    };
                    let opened = lab::Input::SessionOpened { node, session: device_session, kind };
                    self.tell_automation(now, automation::Input::SessionOpened(session));
                    self.tell_lab(now, opened);
                }
                return;
            }
            LoginVerdict::Rejected => SessionFailure::Refused,
            LoginVerdict::Quiet | LoginVerdict::Denied | LoginVerdict::Down => {
                SessionFailure::Unreachable("connection refused".into())
            }
            LoginVerdict::NoLine => SessionFailure::Unreachable("all VTY lines are in use".into()),
        };
        self.open_failed(now, session, failure);
    }

    fn open_failed(&mut self, now: Time, session: SessionId, failure: SessionFailure) {
        self.sessions.remove(&session);
        self.tell_automation(now, automation::Input::SessionFailed { session, failure });
    }

    pub(super) fn device_end(&self, session: SessionId) -> Option<(lab::NodeId, lab::SessionId)> {
        let far = self.sessions.get(&session)?;
        Some((far.node, self.devices_end(session)))
    }

    fn speaks(&self, session: SessionId) -> Option<Speaks> {
        self.sessions.get(&session).map(|far| far.speaks)
    }

    /// As whom the listener shows itself to a node.
    pub(super) fn credentials(
        &self,
        name: &str,
        login: Option<&Login>,
    ) -> Result<(String, String), SessionFailure> {
        let node = &self.topology.nodes[name];
        let of = |secret: &topology::Secret| {
            secret.expose().map(str::to_owned).map_err(SessionFailure::Misconfigured)
        };
        let user = match login.and_then(|login| login.username.clone()) {
            Some(user) => user,
            None => of(&node.username)?,
        };
        let password = match login.and_then(|login| login.password.as_ref()) {
            Some(password) => password.expose_secret().to_owned(),
            None => of(&node.password)?,
        };
        Ok((user, password))
    }
}

/// Path and query of a URL, without its fragment.
fn target(url: &str) -> (&str, &str) {
    let after_scheme = url.split_once("://").map_or(url, |(_, rest)| rest);
    let whole = after_scheme.find(['/', '?', '#']).map_or("", |start| &after_scheme[start..]);
    let whole = whole.split('#').next().unwrap_or_default();
    let (path, query) = whole.split_once('?').unwrap_or((whole, ""));
    (if path.is_empty() { "/" } else { path }, query)
}
