//! Mail: what a router hands to the lab, and how it may end.

use std::fmt;

use fact::TraceId;
use simtime::Duration;

/// One mail of one router, numbered by it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct MailId(pub u64);

/// A mail of an applet. Its `Debug` shows no password.
#[derive(Clone, PartialEq, Eq)]
pub struct Mail {
    /// Names it for the outcome.
    pub mail: MailId,
    /// The server's name or address.
    pub host: String,
    /// The server's port.
    pub port: u16,
    /// The user and the password, where the server's name had them.
    pub login: Option<(String, String)>,
    /// The sender.
    pub from: String,
    /// The recipients.
    pub to: Vec<String>,
    /// The recipients of a copy.
    pub cc: Vec<String>,
    /// The subject.
    pub subject: String,
    /// The text.
    pub body: String,
    /// How long the router waits for the server.
    pub timeout: Duration,
    /// The fault that caused it.
    pub trace: Option<TraceId>,
}

/// Why a mail was not taken. `Display` is the reason of `FMPD_SMTP`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum MailFailure {
    /// No connection: the name has no address, or nobody listens there.
    Connect,
    /// It took longer than the router waits.
    Timeout,
    /// The server is neither loopback nor on the allow-list of the topology.
    NotAllowed,
    /// The server would not take it.
    Refused,
    /// A recipient or the sender is no address.
    BadAddress,
}

/// The first two are IOS's words (eem.md, section 7.1); the others are ours.
impl fmt::Display for MailFailure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            MailFailure::Connect => "error in connecting to SMTP server",
            MailFailure::Timeout => "timeout error",
            MailFailure::NotAllowed => "error in connecting to SMTP server (not allowed)",
            MailFailure::Refused => "error in reply from SMTP server",
            MailFailure::BadAddress => "invalid mail address",
        })
    }
}

impl fmt::Debug for Mail {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Mail")
            .field("mail", &self.mail)
            .field("host", &self.host)
            .field("port", &self.port)
            .field("to", &self.to)
            .finish_non_exhaustive()
    }
}
