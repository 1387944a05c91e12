//! The boundary of a lab: a router's own, with the node named, and the deliveries of its sender.

use std::fmt;
use std::net::IpAddr;

use fact::Fact;
use iosxe::{
    ClientEvent, Collector, CollectorEvent, HttpOutcome, HttpTrust, LoginVerdict, Mail,
    MailFailure, SessionId, SessionKind,
};
use simtime::Duration;

/// A node, by its place in the topology file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct NodeId(pub u32);

impl NodeId {
    /// No node: in the order of an instant, after every one.
    pub(crate) const NONE: NodeId = NodeId(u32::MAX);
}

/// One try of one delivery.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PostId(pub u64);

/// One mail of a lab.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct LetterId(pub u64);

/// What a lab can be told. Its `Debug` shows neither a password nor what a client typed.
pub enum Input<'a> {
    /// A deadline that [`crate::Lab::next_deadline`] named has come.
    Deadline,
    /// Carry out one step of a scenario, now.
    Inject(&'a crate::Step),
    /// Switch these nodes off, all at once, and on again, now: each starts from the startup-config
    /// of the topology.
    Reset(&'a [NodeId]),
    /// Carry out all steps of a scenario, each at its time from now on.
    Play(&'a crate::Scenario),
    /// An expectation of this name was met: steps may wait for it.
    Met(&'a str),
    /// A client was refused at the door, as [`crate::Lab::takes_connections`] said.
    Refused {
        /// Which node.
        node: NodeId,
    },
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
    /// A client does something over SSH beside typing.
    Client {
        /// Which node.
        node: NodeId,
        /// Which session.
        session: SessionId,
        /// What it does.
        event: ClientEvent<'a>,
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
    /// A client asks something of RESTCONF. Answered by [`Output::Restconf`], or by the end of its
    /// connection.
    Restconf {
        /// Which node.
        node: NodeId,
        /// Its connection.
        session: SessionId,
        /// Where the client is.
        peer: IpAddr,
        /// The header `Authorization`.
        authorization: Option<&'a str>,
        /// The rest of the request.
        request: &'a restconf::Request,
    },
    /// A post of [`Output::Post`] ended.
    PostOutcome {
        /// Which post.
        post: PostId,
        /// How it ended.
        outcome: HttpOutcome,
    },
    /// Something happened to the connection to a collector of [`Output::Syslog`]. Where nobody says
    /// a word it stands.
    Collector {
        /// Which node.
        node: NodeId,
        /// Which collector.
        collector: &'a Collector,
        /// What.
        event: CollectorEvent,
    },
    /// A mail of [`Output::Mail`] was taken by its server, or not.
    MailOutcome {
        /// Which mail.
        letter: LetterId,
        /// How it ended.
        outcome: Result<(), MailFailure>,
    },
}

impl fmt::Debug for Input<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut of_session = |name: &str, node: &NodeId, session: &SessionId| {
            let mut input = f.debug_struct(name);
            input.field("node", node).field("session", session).finish_non_exhaustive()
        };
        match self {
            Input::LoginAsked { node, session, .. } => of_session("LoginAsked", node, session),
            Input::Client { node, session, .. } => of_session("Client", node, session),
            Input::SessionOpened { node, session, .. } => {
                of_session("SessionOpened", node, session)
            }
            Input::SessionBytes { node, session, .. } => of_session("SessionBytes", node, session),
            Input::SessionClosed { node, session } => of_session("SessionClosed", node, session),
            Input::Restconf { node, session, .. } => of_session("Restconf", node, session),
            Input::Deadline => f.write_str("Deadline"),
            Input::Refused { node } => f.debug_struct("Refused").field("node", node).finish(),
            Input::Inject(step) => f.debug_tuple("Inject").field(step).finish(),
            Input::Reset(nodes) => f.debug_tuple("Reset").field(nodes).finish(),
            Input::Met(name) => f.debug_tuple("Met").field(name).finish(),
            Input::Play(scenario) => f.debug_tuple("Play").field(&scenario.header.name).finish(),
            Input::Collector { node, collector, event } => {
                let mut input = f.debug_struct("Collector");
                input.field("node", node).field("collector", collector);
                input.field("event", event).finish()
            }
            Input::MailOutcome { letter, outcome } => {
                f.debug_tuple("MailOutcome").field(letter).field(outcome).finish()
            }
            Input::PostOutcome { post, .. } => {
                f.debug_struct("PostOutcome").field("post", post).finish_non_exhaustive()
            }
        }
    }
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
        /// The exit status, for a client that asked for one command; `None`: the connection
        /// breaks, and nobody says anything.
        status: Option<u32>,
    },
    /// The answer to [`Input::Restconf`]. A fault may hold it back, or end the connection instead.
    Restconf {
        /// Which node.
        node: NodeId,
        /// Which connection.
        session: SessionId,
        /// The answer.
        response: restconf::Response,
    },
    /// A message for a syslog collector. Where it may go is the skin's to check
    /// ([`crate::Egress::host`]).
    Syslog {
        /// Which node.
        node: NodeId,
        /// Which collector.
        collector: Collector,
        /// The whole message, not framed.
        message: Vec<u8>,
        /// How many messages may wait for a connection.
        queue_max: u32,
    },
    /// Nothing more comes for a collector: its connection ends.
    SyslogEnded {
        /// Which node.
        node: NodeId,
        /// Which collector.
        collector: Collector,
    },
    /// One HTTP request, to be made once. Answered by [`Input::PostOutcome`].
    Post(Post),
    /// A mail, to be handed to its server once. Answered by [`Input::MailOutcome`]. Where it may
    /// go is the skin's to check ([`crate::Egress::host`]): in virtual time nothing leaves.
    Mail {
        /// Names it for the outcome.
        letter: LetterId,
        /// The router that sends it.
        node: NodeId,
        /// The mail.
        mail: Mail,
    },
    /// What the listener is from now on: a fault of a scenario, or its end.
    Listener(crate::ListenerState),
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
    /// Whom to believe, if the URL is one of https.
    pub trust: HttpTrust,
    /// How long to wait for the whole answer.
    pub timeout: Duration,
    /// Over how long the body is said, byte by byte: the sender is slow. `None`: at once.
    pub pace: Option<Duration>,
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

#[cfg(test)]
mod tests {
    use super::*;

    /// Goal: no secret is printed with an input. Method: one word as password, bytes and command.
    #[test]
    fn no_secret_is_printed() {
        let (node, session, peer) = (NodeId(1), SessionId(7), [127, 0, 0, 1].into());
        let kind = SessionKind::Exec("curl -u admin:hunter2".into());
        let inputs = [
            Input::LoginAsked { node, session, user: "admin", password: "hunter2", peer },
            Input::SessionOpened { node, session, kind },
            Input::SessionBytes { node, session, bytes: b"hunter2\r" },
        ];
        for input in inputs {
            let text = format!("{input:?}");
            assert!(text.contains("NodeId(1), session: SessionId(7)"), "{text}");
            assert!(!text.contains("hunter2"), "{text}");
        }
    }
}
