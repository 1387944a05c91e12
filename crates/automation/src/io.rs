//! The boundary of the automation: all that it can be told, and all that it can ask for.

use std::borrow::Cow;
use std::fmt;
use std::net::IpAddr;

use fact::Fact;
use secrecy::SecretString;
use simtime::Duration;

use crate::config::{Config, Place};
use crate::record::{Consent, HttpCall, Record};

/// One HTTP request that waits for its reply, numbered by the skin.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct DeliveryId(pub u64);

/// One batch of records on its way to the journal.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PersistId(pub u64);

/// One question of a person, numbered by the skin.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct AskId(pub u64);

/// One session to a device.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SessionId(pub u64);

/// What the automation can be told. Its `Debug` shows no bytes of a device: a running-config is
/// among them.
pub enum Input<'a> {
    /// What the journal holds, once, before anything else.
    Recovered(Vec<Record>),
    /// A whole HTTP request on a path.
    Delivery(Delivery<'a>),
    /// A line of syslog.
    Line(Line<'a>),
    /// The records of [`Output::Persist`] are on disk.
    Persisted(PersistId),
    /// They are not, and will not be.
    PersistFailed {
        /// Which.
        persist: PersistId,
        /// Why.
        reason: &'a str,
    },
    /// Somebody answers a job that waits for an approval.
    Approval {
        /// Names the question for [`Output::Answer`].
        ask: AskId,
        /// The job.
        job: &'a str,
        /// What is said about it.
        consent: Consent,
        /// Who says so.
        by: &'a str,
    },
    /// The session of [`Output::OpenSession`] stands: logged in, a shell is open.
    SessionOpened(SessionId),
    /// It could not be opened.
    SessionFailed {
        /// Which.
        session: SessionId,
        /// Why.
        failure: SessionFailure,
    },
    /// Bytes that the device sent.
    SessionBytes {
        /// Which.
        session: SessionId,
        /// The bytes.
        bytes: &'a [u8],
    },
    /// The device or the network ended the session.
    SessionClosed(SessionId),
    /// A device answers the request of [`Output::Restconf`], whatever it says.
    RestconfAnswered {
        /// Which.
        session: SessionId,
        /// Its answer; of the headers `content-type` and `location` are looked at.
        response: &'a restconf::Response,
    },
    /// There is no answer.
    RestconfFailed {
        /// Which.
        session: SessionId,
        /// Why.
        failure: SessionFailure,
        /// Whether the device may have taken the request.
        sent: bool,
    },
    /// An API answers the request of [`Output::Http`], whatever it says.
    HttpAnswered {
        /// Which.
        session: SessionId,
        /// Its answer.
        response: &'a HttpResponse,
    },
    /// There is no answer.
    HttpFailed {
        /// Which.
        session: SessionId,
        /// Why.
        failure: HttpFailure,
        /// Whether the API may have taken the request.
        sent: bool,
    },
    /// The file of [`Output::Write`] is written, or cannot be.
    Written {
        /// Which.
        session: SessionId,
        /// What was written, or why it cannot be.
        written: Result<Written, String>,
    },
    /// A deadline that [`crate::Automation::next_deadline`] named has come.
    Deadline,
    /// From now on everything is done by this configuration; what runs on a device goes on with
    /// what it began with.
    Reload(Box<Config>),
    /// The end is near: what runs goes on, and no further job is begun.
    Stop,
}

/// One HTTP request, as it came. Its `Debug` shows neither headers, which hold credentials, nor
/// the body.
#[derive(Clone)]
pub struct Delivery<'a> {
    /// Names the request for its reply.
    pub delivery: DeliveryId,
    /// The method.
    pub method: restconf::Method,
    /// The path, without query.
    pub path: &'a str,
    /// The query, without `?`; empty if there is none.
    pub query: &'a str,
    /// The sender's address.
    pub peer: IpAddr,
    /// Whether it is of this machine: the listener is bound to loopback alone, and no proxy hands
    /// on what somebody else sent.
    pub local: bool,
    /// The headers in order; names in lower case.
    pub headers: &'a [(String, String)],
    /// The body, byte for byte.
    pub body: &'a [u8],
}

/// One line of syslog, without its framing. Its `Debug` shows nothing of it.
#[derive(Clone, Copy)]
pub struct Line<'a> {
    /// The collector that took it.
    pub place: Place,
    /// The sender's address.
    pub peer: IpAddr,
    /// The line; of a longer one than [`syslog::LINE_BYTES_MAX`] the beginning is looked at.
    pub bytes: &'a [u8],
}

impl fmt::Debug for Line<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Line({} from {}, {} bytes)", self.place, self.peer, self.bytes.len())
    }
}

/// Why a session could not be opened.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SessionFailure {
    /// The inventory does not say how: no address, a secret whose reference leads nowhere. Never
    /// tried again: only its author can mend it.
    #[error("misconfigured: {0}")]
    Misconfigured(String),
    /// Nobody listens there, or the network says no. Tried again.
    #[error("unreachable: {0}")]
    Unreachable(String),
    /// The login took longer than its bound. Tried again.
    #[error("the login took too long")]
    Timeout,
    /// The device's key is not the pinned or known one. Never tried again.
    #[error("host key {offered} refused: {reason}")]
    HostKey {
        /// The fingerprint that was offered: `SHA256:...`.
        offered: String,
        /// What was wrong with it.
        reason: String,
    },
    /// The device refused user and password. Never tried again: a storm must not lock an account.
    #[error("the device refused user and password")]
    Refused,
    /// It was given the password and ended the connection: a refusal, or a network that failed at
    /// that moment. Tried again, a few times in all.
    #[error("the device hung up on the password")]
    HungUp,
    /// Logged in, but no shell. Tried again: its lines may have been taken.
    #[error("no shell: {0}")]
    NoShell(String),
    /// Logged in, but no NETCONF. Tried again: its sessions may have been taken.
    #[error("no NETCONF: {0}")]
    NoNetconf(String),
    /// The device's certificate is not to be trusted. Never tried again.
    #[error("certificate refused: {0}")]
    Certificate(String),
    /// It answered more than is taken. Never tried again.
    #[error("the device answered more than {0} bytes")]
    TooLarge(usize),
}

/// Why an API gave no answer.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum HttpFailure {
    /// The configuration does not say how: no such API, a secret whose reference leads nowhere.
    /// Never tried again.
    #[error("misconfigured: {0}")]
    Misconfigured(String),
    /// Its address is none that requests go to. Never tried again.
    #[error("refused address: {0}")]
    RefusedAddress(String),
    /// Nobody listens there, or the connection broke. Tried again.
    #[error("unreachable: {0}")]
    Unreachable(String),
    /// It took longer than its bound. Tried again.
    #[error("no answer in time")]
    Timeout,
    /// It answered more than is taken. Never tried again.
    #[error("the API answered more than {0} bytes")]
    TooLarge(usize),
}

/// The answer of an API.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct HttpResponse {
    /// The HTTP status.
    pub status: u16,
    /// Its type, without parameters and in lower case.
    pub content_type: Option<String>,
    /// After how many seconds it wants to be asked again.
    pub retry_after: Option<u64>,
    /// The body.
    pub body: Vec<u8>,
}

/// What is to be written, below the directory of `[files]` and nowhere else.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Write {
    /// A file, whole or not at all; or more of one.
    Save {
        /// Its name, with `/` between its parts.
        file: String,
        /// The bytes.
        bytes: Vec<u8>,
        /// Whether they come behind what the file holds.
        append: bool,
    },
    /// A configuration, if it is another one than the last.
    Backup {
        /// Where the configurations are kept.
        directory: String,
        /// Whose it is: one part of a name.
        device: String,
        /// The configuration, without secrets and without what is another at each look.
        text: String,
        /// Whether the change is committed to a git repository there.
        git: bool,
    },
}

/// What was written.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Written {
    /// The file's name below the directory of `[files]`.
    pub file: String,
    /// How many bytes were written, or of a backup how large it is.
    pub bytes: u64,
    /// Whether the file is another one than before.
    pub changed: bool,
    /// What changed, as a unified diff: of a backup alone.
    pub diff: Option<String>,
}

/// How a request says to log in: for this once, stored nowhere, and never in a log.
#[derive(Clone, Debug)]
pub struct Login {
    /// Where, when the node is none of the inventory.
    pub host: Option<(String, Option<u16>)>,
    /// The user; the inventory's if absent.
    pub username: Option<String>,
    /// The password; the inventory's if absent.
    pub password: Option<SecretString>,
    /// The enable secret; the inventory's if absent.
    pub enable: Option<SecretString>,
}

impl Login {
    /// One that says nothing.
    pub(crate) fn none() -> Self {
        Login { host: None, username: None, password: None, enable: None }
    }
}

impl PartialEq for Login {
    fn eq(&self, other: &Self) -> bool {
        use secrecy::ExposeSecret as _;
        let open = |secret: &Option<SecretString>| {
            secret.as_ref().map(|secret| secret.expose_secret().to_owned())
        };
        self.host == other.host
            && self.username == other.username
            && open(&self.password) == open(&other.password)
            && open(&self.enable) == open(&other.enable)
    }
}

/// What is spoken on a session.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Door {
    /// The command line, on a terminal (PTY vt100, 511 columns).
    Shell,
    /// NETCONF: the subsystem `netconf` (RFC 6242).
    Netconf,
}

impl fmt::Debug for Input<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Input::Reload(_) => f.write_str("Reload"),
            Input::Stop => f.write_str("Stop"),
            Input::Recovered(records) => write!(f, "Recovered({} records)", records.len()),
            Input::Delivery(delivery) => f.debug_tuple("Delivery").field(delivery).finish(),
            Input::Line(line) => f.debug_tuple("Line").field(line).finish(),
            Input::Persisted(persist) => f.debug_tuple("Persisted").field(persist).finish(),
            Input::PersistFailed { persist, reason } => {
                write!(f, "PersistFailed({persist:?}, {reason:?})")
            }
            Input::Approval { ask, job, consent, by } => {
                write!(f, "Approval({ask:?}, {job:?}, {consent:?} by {by:?})")
            }
            Input::SessionOpened(session) => f.debug_tuple("SessionOpened").field(session).finish(),
            Input::SessionFailed { session, failure } => {
                write!(f, "SessionFailed({session:?}, {failure:?})")
            }
            Input::SessionBytes { session, bytes } => {
                write!(f, "SessionBytes({session:?}, {} bytes)", bytes.len())
            }
            Input::SessionClosed(session) => f.debug_tuple("SessionClosed").field(session).finish(),
            Input::RestconfAnswered { session, response } => {
                let (status, bytes) = (response.status, response.body.len());
                write!(f, "RestconfAnswered({session:?}, {status}, {bytes} bytes)")
            }
            Input::RestconfFailed { session, failure, sent } => {
                write!(f, "RestconfFailed({session:?}, {failure:?}, sent: {sent})")
            }
            Input::HttpAnswered { session, response } => {
                let (status, bytes) = (response.status, response.body.len());
                write!(f, "HttpAnswered({session:?}, {status}, {bytes} bytes)")
            }
            Input::HttpFailed { session, failure, sent } => {
                write!(f, "HttpFailed({session:?}, {failure:?}, sent: {sent})")
            }
            Input::Written { session, written } => {
                write!(f, "Written({session:?}, ok: {})", written.is_ok())
            }
            Input::Deadline => f.write_str("Deadline"),
        }
    }
}

impl fmt::Debug for Delivery<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut shown = f.debug_struct("Delivery");
        // The query may hold a password.
        shown.field("delivery", &self.delivery).field("method", &self.method);
        shown.field("path", &self.path);
        shown.field("peer", &self.peer).finish_non_exhaustive()
    }
}

/// What the automation can ask for or say. Its `Debug` shows no bytes for a device: the enable
/// secret is among them.
#[derive(Clone, PartialEq)]
pub enum Output {
    /// The reply to a delivery.
    Reply(Reply),
    /// What became of an [`Input::Approval`]: it is durable, or refused for this reason.
    Answer {
        /// Which.
        ask: AskId,
        /// Why not.
        answer: Result<(), String>,
    },
    /// Put these records on disk, in this order.
    Persist {
        /// Names the batch for the answer.
        persist: PersistId,
        /// The records.
        records: Vec<Record>,
    },
    /// Log in to a device and open a shell or NETCONF, or answer why not.
    OpenSession {
        /// Names the session.
        session: SessionId,
        /// Which of the two.
        door: Door,
        /// The node in the inventory, which holds address, credentials and host-key rule.
        node: String,
        /// What the request says in their place.
        login: Option<Box<Login>>,
        /// How long all of it may take.
        timeout: Duration,
    },
    /// Ask a device over HTTPS, with its user and password, and follow no redirect.
    Restconf {
        /// Names the request, and takes it back by [`Output::CloseSession`].
        session: SessionId,
        /// The node in the inventory, which holds address, credentials and whom to trust.
        node: String,
        /// What the request says in their place.
        login: Option<Box<Login>>,
        /// The request.
        request: restconf::Request,
        /// How long all of it may take.
        timeout: Duration,
    },
    /// Ask an API of `[apis]`, once: it says where it is, and which headers it is shown.
    Http {
        /// Names the request, and takes it back by [`Output::CloseSession`].
        session: SessionId,
        /// The request, and how long it may take.
        call: HttpCall,
    },
    /// Write a file.
    Write {
        /// Names it.
        session: SessionId,
        /// What.
        write: Write,
    },
    /// Bytes for the device.
    SessionBytes {
        /// Which.
        session: SessionId,
        /// The bytes.
        bytes: Vec<u8>,
    },
    /// The automation is done with a session.
    CloseSession(SessionId),
    /// Something happened.
    Fact(Fact),
}

impl fmt::Debug for Output {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Output::Reply(reply) => f.debug_tuple("Reply").field(reply).finish(),
            Output::Answer { ask, answer } => write!(f, "Answer({ask:?}, {answer:?})"),
            Output::Persist { persist, records } => {
                write!(f, "Persist({persist:?}, {} records)", records.len())
            }
            Output::OpenSession { session, door, node, .. } => {
                write!(f, "OpenSession({session:?}, {door:?}, {node:?})")
            }
            Output::Restconf { session, node, request, .. } => {
                let (method, path) = (request.method, &request.path);
                write!(f, "Restconf({session:?}, {node:?}, {method:?} {path})")
            }
            Output::Http { session, call } => {
                write!(f, "Http({session:?}, {})", call.summary())
            }
            Output::Write { session, write } => match write {
                Write::Save { file, bytes, .. } => {
                    write!(f, "Save({session:?}, {file:?}, {} bytes)", bytes.len())
                }
                Write::Backup { directory, device, .. } => {
                    write!(f, "Backup({session:?}, {directory:?}, {device:?})")
                }
            },
            Output::SessionBytes { session, bytes } => {
                write!(f, "SessionBytes({session:?}, {} bytes)", bytes.len())
            }
            Output::CloseSession(session) => f.debug_tuple("CloseSession").field(session).finish(),
            Output::Fact(fact) => f.debug_tuple("Fact").field(fact).finish(),
        }
    }
}

/// The reply to a delivery.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reply {
    /// Which.
    pub delivery: DeliveryId,
    /// The HTTP status.
    pub status: u16,
    /// Headers beside Content-Length.
    pub headers: Vec<(Cow<'static, str>, String)>,
    /// The body.
    pub body: Vec<u8>,
}

/// Where the automation's outputs go, in order.
#[derive(Debug, Default)]
pub struct Outbox(pub Vec<Output>);
