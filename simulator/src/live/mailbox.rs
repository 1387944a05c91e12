//! What the transports tell the lab, and the bounded box that it comes through.
//!
//! Written by the transports and by the handle of a live lab, read by the live loop alone.

use std::net::IpAddr;
use std::sync::Arc;

use lab::{
    Collector, CollectorEvent, HttpOutcome, LetterId, LoginVerdict, MailFailure, NodeId, PostId,
    Scenario, SessionId, SessionKind, SshServer, Step,
};
use secrecy::SecretString;
use tokio::sync::{mpsc, oneshot};

use crate::report::inspect::Row;
use crate::transport::ssh::{Door, Terminal};

/// Messages that may wait for the lab; a sender waits when they do.
const MESSAGES_MAX: usize = 1_024;

/// Something for the lab.
#[derive(Debug)]
pub(crate) enum Message {
    /// A client knocks: what does the node's SSH server offer there, if it takes connections?
    Knock { node: NodeId, door: Door, answer: oneshot::Sender<Option<SshServer>> },
    /// A client of RESTCONF knocks: does the node take connections?
    KnockRestconf { node: NodeId, answer: oneshot::Sender<bool> },
    /// A request of RESTCONF.
    Restconf(Asked),
    /// A client does something over SSH.
    Client { node: NodeId, session: SessionId, message: ClientMessage },
    /// What a node shows to a client before it logs in.
    Banner { node: NodeId, answer: oneshot::Sender<Option<String>> },
    /// A client asks to log in.
    Login {
        node: NodeId,
        session: SessionId,
        user: String,
        password: SecretString,
        peer: IpAddr,
        answer: oneshot::Sender<LoginVerdict>,
    },
    /// A client that is logged in wants a shell, or one command run.
    Open { node: NodeId, session: SessionId, kind: SessionKind, terminal: Terminal },
    /// A client typed.
    Bytes { node: NodeId, session: SessionId, bytes: Vec<u8> },
    /// A client is gone, or its input has ended. May come more than once.
    Closed { node: NodeId, session: SessionId },
    /// A post ended.
    PostEnded { post: PostId, outcome: HttpOutcome },
    /// A mail ended.
    MailEnded { letter: LetterId, outcome: Result<(), MailFailure> },
    /// Something happened to a connection to a collector.
    Collector { node: NodeId, collector: Collector, event: CollectorEvent },
    /// Carry out one step, now.
    Inject { step: Box<Step>, done: oneshot::Sender<()> },
    /// Play a scenario, from now on.
    Play { scenario: Box<Scenario>, done: oneshot::Sender<simtime::Time> },
    /// An expectation of the scenario was met: steps may wait for it.
    Met { name: Arc<str> },
    /// Understand a step that was given in words.
    Words { node: String, words: Vec<String>, answer: oneshot::Sender<Result<Box<Step>, String>> },
    /// Switch a router off and on again, or every one; the answer is how many.
    Reset { node: Option<String>, answer: oneshot::Sender<Result<usize, String>> },
    /// What the routers look like, or one of them from near.
    Inspect { node: Option<String>, answer: oneshot::Sender<Result<Vec<Row>, String>> },
}

/// A request of RESTCONF. Without an answer its connection breaks: so does that of a router that is
/// down.
#[derive(Debug)]
pub(crate) struct Asked {
    pub(crate) node: NodeId,
    pub(crate) session: SessionId,
    pub(crate) peer: IpAddr,
    pub(crate) authorization: Option<SecretString>,
    pub(crate) request: Box<restconf::Request>,
    pub(crate) answer: oneshot::Sender<Option<restconf::Response>>,
}

/// What a client does over SSH, beside logging in with a password and typing.
#[derive(Debug)]
pub(crate) enum ClientMessage {
    /// It has agreed on keys.
    Came { peer: IpAddr, crypto: Crypto },
    /// It shows the public part of a key: would it do?
    KnowsKey { user: String, key: ShownKey, answer: oneshot::Sender<bool> },
    /// It asks to log in with a key that it was shown to hold.
    Key { user: String, key: Vec<u8>, peer: IpAddr, answer: oneshot::Sender<LoginVerdict> },
    /// A program asks to log in at the port of NETCONF.
    Program {
        user: String,
        proof: ProgramProof,
        peer: IpAddr,
        answer: oneshot::Sender<LoginVerdict>,
    },
    /// It is logged in and wants one more session on its connection, this one. The connection is
    /// that of the first session, the client the one by which the router knows it.
    Join { connection: SessionId, client: SessionId, answer: oneshot::Sender<LoginVerdict> },
    /// Its connection is over, with all its sessions.
    Left,
}

/// Who a program is: by its password, or the public part of a key that it was shown to hold.
#[derive(Debug)]
pub(crate) enum ProgramProof {
    Password(SecretString),
    Key(Vec<u8>),
}

/// What a client and a router have agreed on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Crypto {
    pub(crate) cipher: String,
    pub(crate) mac: String,
}

/// A public key, and how it would sign.
#[derive(Clone, Debug)]
pub(crate) struct ShownKey {
    pub(crate) algorithm: String,
    pub(crate) blob: Vec<u8>,
}

/// The way in. Cheap to clone.
#[derive(Clone, Debug)]
pub(crate) struct Mailbox(mpsc::Sender<Message>);

/// The lab has stopped.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the lab has stopped")]
pub struct Stopped;

/// A fresh box: the way in, and what the loop reads.
pub(crate) fn pair() -> (Mailbox, mpsc::Receiver<Message>) {
    let (sender, receiver) = mpsc::channel(MESSAGES_MAX);
    (Mailbox(sender), receiver)
}

impl Mailbox {
    /// Delivers a message, waiting for room.
    pub(crate) async fn send(&self, message: Message) -> Result<(), Stopped> {
        self.0.send(message).await.map_err(|_| Stopped)
    }

    /// Asks the lab something and waits for its answer.
    pub(crate) async fn ask<A>(
        &self,
        question: impl FnOnce(oneshot::Sender<A>) -> Message,
    ) -> Result<A, Stopped> {
        let (answer, answered) = oneshot::channel();
        self.send(question(answer)).await?;
        answered.await.map_err(|_| Stopped)
    }
}
