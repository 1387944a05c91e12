//! The task that owns the lab: takes what comes, sleeps until what is due, sends what it says.
//!
//! It awaits nothing but its inbox, its deadline and the stop: no client, however slow, holds the
//! routers up.

use std::collections::{BTreeMap, BTreeSet};

use fact::Fact;
use host::LiveClock;
use lab::{
    ClientEvent, Input, Lab, LetterId, ListenerState, LoginVerdict, Mail, NodeId, Outbox, Output,
    Post, Proof, SessionId, SshServer,
};
use secrecy::ExposeSecret as _;
use simtime::Time;
use tokio::sync::{broadcast, mpsc, oneshot, watch};
use tokio::task::JoinSet;
use tracing::warn;

use super::mailbox::{Asked, ClientMessage, Crypto, Mailbox, Message, ProgramProof};
use super::record::Recording;
use crate::report::inspect;
use crate::transport::mail::Postman;
use crate::transport::ssh::{Door, Terminal};
use crate::transport::{syslog, webhook};

/// The lab, and where its outputs go.
pub(super) struct Owner {
    pub(super) lab: Lab,
    pub(super) clock: LiveClock,
    pub(super) facts: broadcast::Sender<Fact>,
    pub(super) http: webhook::Sender,
    pub(super) postman: Postman,
    pub(super) syslog: syslog::Sender,
    pub(super) mailbox: Mailbox,
    pub(super) sessions: Sessions,
    pub(super) posts: JoinSet<()>,
    pub(super) record: Option<Recording>,
    pub(super) listener: Option<mpsc::Sender<ListenerState>>,
}

/// The clients that the lab knows.
#[derive(Default)]
pub(super) struct Sessions {
    asked: BTreeMap<SessionId, oneshot::Sender<LoginVerdict>>,
    /// Requests of RESTCONF that are not answered, one a connection.
    requests: BTreeMap<SessionId, oneshot::Sender<Option<restconf::Response>>>,
    known: BTreeSet<SessionId>,
    terminals: BTreeMap<SessionId, Terminal>,
    /// The connections, each with the sessions that came after its first.
    clients: BTreeMap<SessionId, Party>,
}

/// The sessions of one connection after its first.
#[derive(Debug, Default)]
struct Party {
    others: Vec<SessionId>,
    /// Whether the router was told that it came.
    is_told: bool,
}

impl Owner {
    /// Runs the lab until the stop.
    pub(super) async fn run(mut self, inbox: mpsc::Receiver<Message>, stop: watch::Receiver<bool>) {
        self.follow(inbox, stop).await;
        if let Some(record) = self.record {
            record.end();
        }
    }

    async fn follow(
        &mut self,
        mut inbox: mpsc::Receiver<Message>,
        mut stop: watch::Receiver<bool>,
    ) {
        loop {
            let deadline = self.lab.next_deadline();
            tokio::select! {
                _ = stop.wait_for(|stop| *stop) => return,
                () = self.clock.sleep_until(deadline) => {
                    self.tell(self.clock.now(), Input::Deadline);
                }
                Some(_) = self.posts.join_next() => {}
                message = inbox.recv() => match message {
                    Some(message) => self.take(message),
                    None => return,
                },
            }
        }
    }

    fn take(&mut self, message: Message) {
        let now = self.clock.now();
        match message {
            Message::Knock { node, door, answer: to } => answer(to, self.knock(now, node, door)),
            Message::KnockRestconf { node, answer: to } => {
                answer(to, self.lab.takes_restconf(node));
            }
            Message::Restconf(asked) => self.restconf(now, asked),
            Message::Client { node, session, message } => {
                self.client(now, node, session, message);
            }
            Message::Banner { node, answer: to } => answer(to, self.lab.login_banner(node)),
            Message::Login { node, session, user, password, peer, answer } => {
                self.sessions.asked.insert(session, answer);
                let (user, password) = (user.as_str(), password.expose_secret());
                self.tell(now, Input::LoginAsked { node, session, user, password, peer });
            }
            Message::Open { node, session, kind, terminal } => {
                // Without its login a terminal is dropped, which ends it.
                if self.sessions.known.contains(&session) {
                    self.sessions.terminals.insert(session, terminal);
                    self.tell(now, Input::SessionOpened { node, session, kind });
                }
            }
            Message::Bytes { node, session, bytes } => {
                // A session that the router has ended types into nothing.
                if self.sessions.known.contains(&session) {
                    self.typed(now, node, session, &bytes);
                }
            }
            Message::Closed { node, session } => self.close(now, node, session),
            Message::PostEnded { post, outcome } => {
                self.tell(now, Input::PostOutcome { post, outcome });
            }
            Message::MailEnded { letter, outcome } => {
                self.tell(now, Input::MailOutcome { letter, outcome });
            }
            Message::Collector { node, collector, event } => {
                let collector = &collector;
                self.tell(now, Input::Collector { node, collector, event });
            }
            Message::Inject { step, done } => {
                self.tell(now, Input::Inject(&step));
                answer(done, ());
            }
            Message::Play { scenario, done } => {
                self.tell(now, Input::Play(&scenario));
                answer(done, now);
            }
            Message::Met { name } => self.tell(now, Input::Met(&name)),
            Message::Words { node, words, answer: to } => {
                let step = lab::Step::from_words(&node, &words, &self.lab);
                answer(to, step.map(Box::new));
            }
            Message::Reset { node, answer: to } => answer(to, self.reset(now, node.as_deref())),
            Message::Inspect { node: None, answer: to } => answer(to, Ok(inspect::rows(&self.lab))),
            Message::Inspect { node: Some(name), answer: to } => {
                answer(to, inspect::row(&self.lab, &name).map(|row| vec![row]));
            }
        }
    }

    fn knock(&mut self, now: Time, node: NodeId, door: Door) -> Option<SshServer> {
        match door {
            Door::Programs => self.lab.takes_netconf(node),
            Door::Terminals if self.lab.takes_connections(node, now) => {
                Some(self.lab.ssh_server(node))
            }
            Door::Terminals => {
                self.tell(now, Input::Refused { node });
                None
            }
        }
    }

    /// A router that has gone down since it was knocked at does not answer.
    fn restconf(&mut self, now: Time, asked: Asked) {
        let Asked { node, session, peer, authorization, request, answer: to } = asked;
        if !self.lab.takes_restconf(node) {
            return answer(to, None);
        }
        // From its first request on the router knows the connection, and is told of its end.
        self.sessions.known.insert(session);
        self.sessions.requests.insert(session, to);
        let authorization = authorization.as_ref().map(|secret| secret.expose_secret());
        let request = &request;
        self.tell(now, Input::Restconf { node, session, peer, authorization, request });
    }

    fn client(&mut self, now: Time, node: NodeId, session: SessionId, message: ClientMessage) {
        match message {
            ClientMessage::Came { peer, crypto: Crypto { cipher, mac } } => {
                let party = Party { is_told: true, ..Party::default() };
                self.sessions.clients.insert(session, party);
                let event = ClientEvent::Came { peer, cipher: &cipher, mac: &mac };
                self.tell(now, Input::Client { node, session, event });
            }
            ClientMessage::KnowsKey { user, key, answer: to } => {
                answer(to, self.lab.knows_key(node, &user, &key.algorithm, &key.blob));
            }
            ClientMessage::Key { user, key, peer, answer } => {
                self.sessions.asked.insert(session, answer);
                let event = ClientEvent::KeyShown { user: &user, key: &key, peer };
                self.tell(now, Input::Client { node, session, event });
            }
            ClientMessage::Program { user, proof, peer, answer } => {
                self.sessions.asked.insert(session, answer);
                let proof = match &proof {
                    ProgramProof::Password(password) => Proof::Password(password.expose_secret()),
                    ProgramProof::Key(key) => Proof::Key(key),
                };
                let event = ClientEvent::ProgramAsked { user: &user, proof, peer };
                self.tell(now, Input::Client { node, session, event });
            }
            ClientMessage::Join { connection, client, answer } => {
                self.sessions.asked.insert(session, answer);
                self.sessions.clients.entry(connection).or_default().others.push(session);
                let event = ClientEvent::Joined { client };
                self.tell(now, Input::Client { node, session, event });
            }
            ClientMessage::Left => self.leave(now, node, session),
        }
    }

    fn reset(&mut self, now: Time, name: Option<&str>) -> Result<usize, String> {
        let nodes: Vec<NodeId> = match name {
            Some(name) => vec![inspect::virtual_node(&self.lab, name)?],
            None => self.lab.nodes().map(|node| node.id).collect(),
        };
        self.tell(now, Input::Reset(&nodes));
        Ok(nodes.len())
    }

    /// A client is gone: the router hears of it once.
    fn close(&mut self, now: Time, node: NodeId, session: SessionId) {
        self.sessions.asked.remove(&session);
        self.sessions.requests.remove(&session);
        if self.sessions.known.remove(&session) {
            self.tell(now, Input::SessionClosed { node, session });
        }
        // Dropped after what the router may have said last.
        self.sessions.terminals.remove(&session);
    }

    /// A connection is over: the router hears of it if it has heard of its beginning.
    fn leave(&mut self, now: Time, node: NodeId, session: SessionId) {
        let client = self.sessions.clients.remove(&session);
        let Party { others, is_told } = client.unwrap_or_default();
        let all = std::iter::once(session).chain(others);
        all.for_each(|session| self.close(now, node, session));
        if is_told {
            let event = ClientEvent::Left;
            self.tell(now, Input::Client { node, session, event });
        }
    }

    /// Told whole, and where it is recorded line by line: the router may ask for a secret between.
    fn typed(&mut self, now: Time, node: NodeId, session: SessionId, bytes: &[u8]) {
        if self.record.is_none() {
            return self.tell(now, Input::SessionBytes { node, session, bytes });
        }
        for bytes in Recording::pieces(bytes) {
            if self.sessions.known.contains(&session) {
                self.tell(now, Input::SessionBytes { node, session, bytes });
            }
        }
    }

    /// Gives the lab one input and sends on all that comes of it.
    fn tell(&mut self, now: Time, input: Input<'_>) {
        let mut out = Outbox::default();
        self.hand(now, input, &mut out);
        while !out.0.is_empty() {
            for output in std::mem::take(&mut out.0) {
                if let Err((node, session)) = self.dispatch(output) {
                    self.sessions.terminals.remove(&session);
                    if self.sessions.known.remove(&session) {
                        let closed = Input::SessionClosed { node, session };
                        self.hand(now, closed, &mut out);
                    }
                }
            }
        }
    }

    fn hand(&mut self, now: Time, input: Input<'_>, out: &mut Outbox) {
        if let Some(record) = &mut self.record {
            record.take(now, &input, &self.lab);
        }
        self.lab.handle(now, input, out);
    }

    /// Sends one output on; the error names a client that reads too slowly to be kept.
    fn dispatch(&mut self, output: Output) -> Result<(), (NodeId, SessionId)> {
        match output {
            Output::LoginVerdict { session, verdict, .. } => {
                if verdict == LoginVerdict::Accepted {
                    self.sessions.known.insert(session);
                }
                if let Some(asked) = self.sessions.asked.remove(&session) {
                    answer(asked, verdict);
                }
            }
            Output::SessionBytes { node, session, bytes } => {
                if let Some(record) = &mut self.record {
                    record.said(session, &bytes);
                }
                if let Some(terminal) = self.sessions.terminals.get(&session) {
                    return terminal.write(bytes).map_err(|_| (node, session));
                }
            }
            Output::SessionClose { session, status, .. } => {
                self.sessions.known.remove(&session);
                // Without an answer its connection breaks.
                self.sessions.requests.remove(&session);
                if let Some(terminal) = self.sessions.terminals.remove(&session) {
                    match status {
                        Some(status) => terminal.end(status),
                        None => terminal.cut(),
                    }
                }
            }
            Output::Restconf { session, response, .. } => {
                if let Some(asked) = self.sessions.requests.remove(&session) {
                    answer(asked, Some(response));
                }
            }
            Output::Syslog { node, collector, message, queue_max } => {
                self.syslog.send(node, &collector, message, queue_max);
            }
            Output::SyslogEnded { node, collector } => self.syslog.end(node, &collector),
            Output::Post(post) => self.post(post),
            Output::Mail { letter, mail, .. } => self.mail(letter, mail),
            Output::Listener(state) => self.trouble(state),
            // Nobody may be reading.
            Output::Fact(fact) => {
                if let Some(record) = &mut self.record {
                    record.fact(&fact);
                }
                drop(self.facts.send(fact));
            }
        }
        Ok(())
    }

    /// Whoever has the listener in hand obeys, or has stopped; where nobody has, no scenario with
    /// such a step is played.
    fn trouble(&self, state: ListenerState) {
        if let Some(listener) = &self.listener
            && listener.try_send(state).is_err()
        {
            warn!(?state, "nobody does this to the listener");
        }
    }

    fn mail(&mut self, letter: LetterId, mail: Mail) {
        let (postman, mailbox) = (self.postman.clone(), self.mailbox.clone());
        self.posts.spawn(async move {
            let outcome = postman.send(&mail).await;
            // A lab that has stopped needs no outcome.
            let _ = mailbox.send(Message::MailEnded { letter, outcome }).await;
        });
    }

    fn post(&mut self, post: Post) {
        let (http, mailbox) = (self.http.clone(), self.mailbox.clone());
        self.posts.spawn(async move {
            let outcome = http.send(&post).await;
            // A lab that has stopped needs no outcome.
            let _ = mailbox.send(Message::PostEnded { post: post.post, outcome }).await;
        });
    }
}

/// Answers somebody who may have gone.
fn answer<A>(to: oneshot::Sender<A>, what: A) {
    let _ = to.send(what);
}
