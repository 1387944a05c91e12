//! The hand of the automation: carries out its outputs, without ever waiting.
//!
//! Owned by the live loop. What cannot be done at once goes to a task or a thread of its own; what
//! cannot be done at all comes back as a [`Follow`].

use std::collections::{BTreeMap, VecDeque};
use std::path::PathBuf;
use std::sync::Arc;
use std::time::{Duration, Instant};

use automation::record::HttpCall;
use automation::{
    AskId, Config, DeliveryId, Door, GuestKey, HttpFailure, HttpResponse, Login, Output, PersistId,
    Reply, SessionFailure, SessionId, Write,
};
use host::LiveClock;
use restconf::Request;
use tokio::sync::{mpsc, oneshot};
use tokio::task::{AbortHandle, JoinSet};
use topology::Topology;

use super::outward::{self, Outward};
use crate::connect::{self, Clients, KnownHosts, SessionEvent, Target, TargetError};
use crate::journal::Writer;
use crate::ready::Readiness;

use super::teller::Teller;

/// Chunks for one device that wait for its window; a device that takes none is given up.
const CHUNKS_WAITING_MAX: usize = 64;

/// What the automation must be told because an output could not be carried out.
#[derive(Debug)]
pub(super) enum Follow {
    PersistFailed(PersistId, String),
    SessionFailed(SessionId, SessionFailure),
    SessionClosed(SessionId),
    RestconfFailed(SessionId, SessionFailure),
    HttpAnswered(SessionId, HttpResponse),
    HttpFailed(SessionId, HttpFailure),
    NotWritten(SessionId, String),
}

/// What a hand reaches for.
pub(super) struct Reach {
    pub(super) inventory: Arc<Topology>,
    pub(super) known: Arc<KnownHosts>,
    /// The authority of virtual nodes' certificates.
    pub(super) authority: PathBuf,
    /// Whose key is taken of a host that a request names.
    pub(super) guest_key: GuestKey,
    pub(super) journal: Writer,
    pub(super) session_events: mpsc::Sender<(SessionId, SessionEvent)>,
    pub(super) teller: Teller,
    pub(super) clock: LiveClock,
}

pub(super) struct Hand {
    reach: Reach,
    waiting: BTreeMap<DeliveryId, oneshot::Sender<Reply>>,
    asks: BTreeMap<AskId, oneshot::Sender<Result<(), String>>>,
    sessions: BTreeMap<SessionId, mpsc::Sender<Vec<u8>>>,
    /// Requests that wait for their answers.
    requests: BTreeMap<SessionId, AbortHandle>,
    clients: Clients,
    outward: Outward,
    /// Aborted with the loop.
    tasks: JoinSet<()>,
    /// Batches that are on their way to the disk, and since when.
    persisting: BTreeMap<PersistId, Instant>,
    pub(super) ready: Arc<Readiness>,
    pub(super) stopping: bool,
    pub(super) follow: VecDeque<Follow>,
}

impl Hand {
    pub(super) fn new(reach: Reach, outward: Outward, ready: Arc<Readiness>) -> Self {
        Hand {
            waiting: BTreeMap::new(),
            asks: BTreeMap::new(),
            sessions: BTreeMap::new(),
            requests: BTreeMap::new(),
            clients: Clients::of_lab(reach.authority.clone()),
            reach,
            outward,
            tasks: JoinSet::new(),
            persisting: BTreeMap::new(),
            ready,
            stopping: false,
            follow: VecDeque::new(),
        }
    }

    pub(super) fn expect_reply(&mut self, delivery: DeliveryId, reply: oneshot::Sender<Reply>) {
        self.waiting.insert(delivery, reply);
    }

    pub(super) fn expect_answer(
        &mut self,
        ask: AskId,
        answer: oneshot::Sender<Result<(), String>>,
    ) {
        self.asks.insert(ask, answer);
    }

    pub(super) fn has_session(&self, session: SessionId) -> bool {
        self.sessions.contains_key(&session) || self.requests.contains_key(&session)
    }

    pub(super) fn forget_session(&mut self, session: SessionId) {
        self.sessions.remove(&session);
        if let Some(request) = self.requests.remove(&session) {
            request.abort();
        }
    }

    /// Batches that are on their way to the disk.
    pub(super) fn persisting(&self) -> usize {
        self.persisting.len()
    }

    /// One of them was answered: it is on disk, or failed.
    pub(super) fn persist_ended(&mut self, persist: PersistId, done: bool) {
        let since = self.persisting.remove(&persist);
        if let Some(since) = since.filter(|_| done) {
            self.reach.teller.metrics.committed(since.elapsed());
        }
        self.ready.waits_for_disk(!self.persisting.is_empty());
    }

    /// What is submitted from now on is not to fail with what failed before.
    pub(super) fn saw_failure(&mut self, failures: u64) {
        self.reach.journal.saw_failure(failures);
    }

    /// Says something that is about no event.
    pub(super) fn say(&self, line: String) {
        self.reach.teller.line(line);
    }

    /// Where files are written.
    pub(super) fn files(&self) -> Result<Arc<crate::artifact::Files>, String> {
        self.outward.files()
    }

    /// What happens is told by this.
    pub(super) fn teller(&self) -> &Teller {
        &self.reach.teller
    }

    /// Sessions are opened to the nodes of another inventory from now on.
    pub(super) fn set_inventory(&mut self, inventory: Arc<Topology>, guest_key: GuestKey) {
        self.reach.inventory = inventory;
        self.reach.guest_key = guest_key;
        self.clients.forget();
    }

    /// APIs and files are those of another configuration from now on.
    pub(super) fn set_outward(&mut self, config: &Config) {
        self.outward.reload(config);
    }

    /// Whether nothing is in hand that a stop should wait for.
    pub(super) fn is_idle(&self) -> bool {
        let on_devices = self.sessions.len() + self.requests.len();
        self.waiting.is_empty() && self.persisting.is_empty() && on_devices == 0
    }

    pub(super) fn carry_out(&mut self, output: Output) {
        match output {
            Output::Reply(reply) => {
                // A client that has gone meanwhile has taken its receiver along.
                let waiting = self.waiting.remove(&reply.delivery);
                let _ = waiting.map(|waiting| waiting.send(reply));
            }
            Output::Answer { ask, answer } => {
                let asked = self.asks.remove(&ask);
                let _ = asked.map(|asked| asked.send(answer));
            }
            Output::Persist { persist, records } => {
                match self.reach.journal.submit(persist, records) {
                    Ok(()) => {
                        if self.persisting.is_empty() {
                            self.ready.waits_for_disk(true);
                        }
                        self.persisting.insert(persist, Instant::now());
                    }
                    Err(reason) => self.follow.push_back(Follow::PersistFailed(persist, reason)),
                }
            }
            Output::OpenSession { session, door, node, login, timeout } => {
                let bound = self.reach.clock.span(timeout);
                self.open_session(session, door, &node, login.as_deref(), bound);
            }
            Output::Restconf { session, node, login, request, timeout } => {
                let bound = self.reach.clock.span(timeout);
                self.ask(session, &node, login.as_deref(), request, bound);
            }
            Output::Http { session, call } => self.call(session, call),
            Output::Write { session, write } => self.write(session, write),
            Output::SessionBytes { session, bytes } => self.send(session, bytes),
            Output::CloseSession(session) => self.forget_session(session),
            Output::Fact(fact) => self.reach.teller.tell(fact),
        }
    }

    /// After a stop no session is begun: its job stays in the journal for the next start.
    fn open_session(
        &mut self,
        session: SessionId,
        door: Door,
        node: &str,
        login: Option<&Login>,
        bound: Duration,
    ) {
        if self.stopping {
            return;
        }
        // Ended tasks are let go of here, so that the set holds the open sessions alone.
        while self.tasks.try_join_next().is_some() {}
        match self.target(node, login, door) {
            Ok(target) => {
                let (bytes, queue) = mpsc::channel(CHUNKS_WAITING_MAX);
                self.sessions.insert(session, bytes);
                let known = Arc::clone(&self.reach.known);
                let events = self.reach.session_events.clone();
                self.tasks.spawn(connect::open(session, target, known, bound, queue, events));
            }
            Err(error) => {
                let failure = SessionFailure::Misconfigured(error.to_string());
                self.follow.push_back(Follow::SessionFailed(session, failure));
            }
        }
    }

    /// A node of the inventory, or the host that a request names.
    fn target(&self, node: &str, login: Option<&Login>, door: Door) -> Result<Target, TargetError> {
        let mut target = match (self.reach.inventory.nodes.get(node), login) {
            (Some(found), _) => Target::of(node, found, door)?,
            (None, Some(Login { host: Some((host, port)), .. })) => {
                Target::guest(host, *port, door, self.reach.guest_key)
            }
            (None, _) => return Err(TargetError::UnknownNode(node.to_owned())),
        };
        if let Some(login) = login {
            target.log_in_as(login);
        }
        Ok(target)
    }

    /// Likewise.
    fn ask(
        &mut self,
        session: SessionId,
        node: &str,
        login: Option<&Login>,
        request: Request,
        bound: Duration,
    ) {
        if self.stopping {
            return;
        }
        while self.tasks.try_join_next().is_some() {}
        let target = match (self.reach.inventory.nodes.get(node), login) {
            (Some(found), _) => self.clients.target(node, found),
            (None, Some(Login { host: Some((host, port)), .. })) => {
                self.clients.guest(host, *port, self.reach.guest_key)
            }
            (None, _) => Err(TargetError::UnknownNode(node.to_owned())),
        };
        let target = target.map(|mut target| {
            if let Some(login) = login {
                target.log_in_as(login);
            }
            target
        });
        match target {
            Ok(target) => {
                let events = self.reach.session_events.clone();
                let task = connect::ask(session, target, request, bound, events);
                self.requests.insert(session, self.tasks.spawn(task));
            }
            Err(error) => {
                let failure = SessionFailure::Misconfigured(error.to_string());
                self.follow.push_back(Follow::RestconfFailed(session, failure));
            }
        }
    }

    /// Likewise.
    fn call(&mut self, session: SessionId, call: HttpCall) {
        if self.stopping {
            return;
        }
        match self.outward.stand_in(&call) {
            Some(Ok(response)) => self.follow.push_back(Follow::HttpAnswered(session, response)),
            Some(Err(failure)) => self.follow.push_back(Follow::HttpFailed(session, failure)),
            None => {
                while self.tasks.try_join_next().is_some() {}
                let bound = self.reach.clock.span(call.timeout);
                let events = self.reach.session_events.clone();
                let task =
                    connect::api::ask(session, self.outward.upstreams(), call, bound, events);
                self.requests.insert(session, self.tasks.spawn(task));
            }
        }
    }

    /// Likewise; what was begun is written to its end.
    fn write(&mut self, session: SessionId, write: Write) {
        if self.stopping {
            return;
        }
        match self.outward.files() {
            Ok(files) => {
                while self.tasks.try_join_next().is_some() {}
                let now = self.reach.clock.now();
                let events = self.reach.session_events.clone();
                let task = async move {
                    let written = outward::write(files, write, now).await;
                    // The loop may have ended meanwhile.
                    let _ = events.send((session, SessionEvent::Written(written))).await;
                };
                self.requests.insert(session, self.tasks.spawn(task));
            }
            Err(why) => self.follow.push_back(Follow::NotWritten(session, why)),
        }
    }

    fn send(&mut self, session: SessionId, bytes: Vec<u8>) {
        let Some(queue) = self.sessions.get(&session) else { return };
        if queue.try_send(bytes).is_err() {
            self.forget_session(session);
            self.follow.push_back(Follow::SessionClosed(session));
        }
    }
}
