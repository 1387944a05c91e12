//! The boundary of a lab: a router's own, with the node named, and the deliveries of its sender.

use std::fmt;
use std::net::IpAddr;

use fact::Fact;
use iosxe::{HttpOutcome, LoginVerdict, SessionId, SessionKind};
use simtime::Duration;

/// A node, by its place in the topology file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct NodeId(pub u32);

/// One try of one delivery.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PostId(pub u64);

/// What a lab can be told.
#[derive(Debug)]
pub enum Input<'a> {
    /// A deadline that [`crate::Lab::next_deadline`] named has come.
    Deadline,
    /// Carry out one step of a scenario, now.
    Inject(&'a crate::Step),
    /// Carry out all steps of a scenario, each at its time from now on.
    Play(&'a crate::Scenario),
    /// A client asks to log in.
    LoginAsked {
        /// Which node.
        node: NodeId,
        /// Which session.
        session: SessionId,
        /// The user name.
        user: &'a str,
        /// The password.
        password: &'a str,
        /// Where the client is.
        peer: IpAddr,
    },
    /// A logged-in client wants a shell, or one command run.
    SessionOpened {
        /// Which node.
        node: NodeId,
        /// Which session.
        session: SessionId,
        /// What it wants.
        kind: SessionKind,
    },
    /// Bytes that a client typed.
    SessionBytes {
        /// Which node.
        node: NodeId,
        /// Which session.
        session: SessionId,
        /// The bytes.
        bytes: &'a [u8],
    },
    /// The client is gone.
    SessionClosed {
        /// Which node.
        node: NodeId,
        /// Which session.
        session: SessionId,
    },
    /// A post of [`Output::Post`] ended.
    PostOutcome {
        /// Which post.
        post: PostId,
        /// How it ended.
        outcome: HttpOutcome,
    },
}

/// What a lab can ask for or say.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Output {
    /// The answer to a login.
    LoginVerdict {
        /// Which node.
        node: NodeId,
        /// Which session.
        session: SessionId,
        /// The answer.
        verdict: LoginVerdict,
    },
    /// Bytes for a client.
    SessionBytes {
        /// Which node.
        node: NodeId,
        /// Which session.
        session: SessionId,
        /// The bytes.
        bytes: Vec<u8>,
    },
    /// The router ends a session.
    SessionClose {
        /// Which node.
        node: NodeId,
        /// Which session.
        session: SessionId,
        /// The exit status, for a client that asked for one command.
        status: u32,
    },
    /// A datagram for a syslog collector.
    Syslog {
        /// Which node.
        node: NodeId,
        /// The collector's address, as configured.
        host: String,
        /// The collector's port.
        port: u16,
        /// The whole datagram.
        datagram: Vec<u8>,
    },
    /// One HTTP request, to be made once. Answered by [`Input::PostOutcome`].
    Post(Post),
    /// Something happened.
    Fact(Fact),
}

/// One HTTP request, complete: the skin adds nothing but Host and Content-Length. Its `Debug` shows
/// no header's value, since a token is among them, and no body.
#[derive(Clone, PartialEq, Eq)]
pub struct Post {
    /// Names it for the outcome.
    pub post: PostId,
    /// The router that sends it.
    pub node: NodeId,
    /// `POST`, `GET`, ...
    pub method: String,
    /// The whole URL: loopback or on the allow-list, checked by the lab.
    pub url: String,
    /// The headers, in order.
    pub headers: Vec<(String, String)>,
    /// The body.
    pub body: Vec<u8>,
    /// How long to wait for the whole answer.
    pub timeout: Duration,
}

impl fmt::Debug for Post {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names: Vec<&str> = self.headers.iter().map(|(name, _)| name.as_str()).collect();
        f.debug_struct("Post")
            .field("post", &self.post)
            .field("node", &self.node)
            .field("method", &self.method)
            .field("headers", &names)
            .finish_non_exhaustive()
    }
}

/// Where a lab's outputs go, in order.
#[derive(Debug, Default)]
pub struct Outbox(pub Vec<Output>);
