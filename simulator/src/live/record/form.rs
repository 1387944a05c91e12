//! The lines of a recording: the header, then inputs among the lines of the trace.
//!
//! Written by the live lab, read by `ednm replay`. A line of an input has the key `in`, one of the
//! trace has `fact`.

use std::net::IpAddr;

use lab::{
    ClientEvent, CollectorEvent, Distrust, HttpFailure, HttpOutcome, MailFailure, Proof,
    SyslogTransport,
};
use serde::{Deserialize, Serialize};

use super::{Asked, Authorization, Said, Tokens};

/// Which lab was recorded.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct Header {
    /// The version of the form: 1.
    pub recording: u32,
    /// The topology's file, as it was named; `None` for the one inside the program.
    pub topology: Option<String>,
    /// [`super::fingerprint`] of the topology and its startup-configs.
    pub fingerprint: String,
    /// From which every generator came.
    pub seed: u64,
    /// What made the ids of this run its own, in hexadecimal.
    pub nonce: String,
    /// When the routers had booted, in microseconds since 1970.
    pub start: u64,
    /// Where the course's forms sent instead.
    pub webhook: Option<String>,
    /// The key of the tokens.
    pub key: String,
}

/// One input and its time, in microseconds since the start.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Entry {
    /// When.
    #[serde(rename = "t")]
    pub at: u64,
    /// What.
    #[serde(flatten)]
    pub what: What,
}

/// One input: an owned [`lab::Input`], with nodes by their names.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(tag = "in", rename_all = "kebab-case")]
#[expect(missing_docs, reason = "the fields are those of `lab::Input`")]
pub enum What {
    Refused {
        node: String,
    },
    Login {
        node: String,
        session: u64,
        user: String,
        password: String,
        peer: IpAddr,
    },
    Client {
        node: String,
        session: u64,
        event: ClientWhat,
    },
    Opened {
        node: String,
        session: u64,
        command: Option<String>,
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        netconf: bool,
    },
    Bytes {
        node: String,
        session: u64,
        text: String,
    },
    Message {
        node: String,
        session: u64,
        said: Said,
    },
    Restconf {
        node: String,
        session: u64,
        peer: IpAddr,
        authorization: Option<Authorization>,
        request: Asked,
    },
    Closed {
        node: String,
        session: u64,
    },
    Post {
        post: u64,
        outcome: Outcome,
    },
    Mail {
        letter: u64,
        outcome: MailEnd,
    },
    Collector {
        node: String,
        host: String,
        port: u16,
        transport: Transport,
        event: Event,
    },
    Inject {
        node: String,
        step: String,
    },
    Reset {
        nodes: Vec<String>,
    },
    Play {
        scenario: String,
    },
    Met {
        name: String,
    },
    End,
}

/// How messages travel to a collector: `lab::SyslogTransport`.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Transport {
    Udp,
    Tcp,
    Tls,
}

/// What happened to the connection to a collector: `lab::CollectorEvent`.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Event {
    Connected,
    Failed,
    Lost(u64),
}

impl From<SyslogTransport> for Transport {
    fn from(transport: SyslogTransport) -> Self {
        match transport {
            SyslogTransport::Udp => Transport::Udp,
            SyslogTransport::Tcp => Transport::Tcp,
            SyslogTransport::Tls => Transport::Tls,
        }
    }
}

impl From<Transport> for SyslogTransport {
    fn from(transport: Transport) -> Self {
        match transport {
            Transport::Udp => SyslogTransport::Udp,
            Transport::Tcp => SyslogTransport::Tcp,
            Transport::Tls => SyslogTransport::Tls,
        }
    }
}

impl From<CollectorEvent> for Event {
    fn from(event: CollectorEvent) -> Self {
        match event {
            CollectorEvent::Connected => Event::Connected,
            CollectorEvent::Failed => Event::Failed,
            CollectorEvent::Lost(messages) => Event::Lost(messages),
        }
    }
}

impl From<Event> for CollectorEvent {
    fn from(event: Event) -> Self {
        match event {
            Event::Connected => CollectorEvent::Connected,
            Event::Failed => CollectorEvent::Failed,
            Event::Lost(messages) => CollectorEvent::Lost(messages),
        }
    }
}

/// What a client did: an owned [`lab::ClientEvent`].
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[expect(missing_docs, reason = "the variants are those of `lab::ClientEvent`")]
pub enum ClientWhat {
    Came { peer: IpAddr, cipher: String, mac: String },
    Key { user: String, key: String, peer: IpAddr },
    Program { user: String, proof: Shown, peer: IpAddr },
    Joined { client: u64 },
    Left,
}

/// How a program showed who it is: an owned [`lab::Proof`].
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[expect(missing_docs, reason = "the variants are those of `lab::Proof`")]
pub enum Shown {
    Password(String),
    Key(String),
}

impl ClientWhat {
    /// With a token in place of a password.
    pub(super) fn of(event: &ClientEvent<'_>, tokens: &Tokens) -> Self {
        match *event {
            ClientEvent::Came { peer, cipher, mac } => {
                ClientWhat::Came { peer, cipher: cipher.to_owned(), mac: mac.to_owned() }
            }
            ClientEvent::KeyShown { user, key, peer } => {
                ClientWhat::Key { user: user.to_owned(), key: from_bytes(key), peer }
            }
            ClientEvent::ProgramAsked { user, proof, peer } => {
                let proof = match proof {
                    Proof::Password(password) => Shown::Password(tokens.of(password)),
                    Proof::Key(key) => Shown::Key(from_bytes(key)),
                };
                ClientWhat::Program { user: user.to_owned(), proof, peer }
            }
            ClientEvent::Joined { client } => ClientWhat::Joined { client: client.0 },
            ClientEvent::Left => ClientWhat::Left,
        }
    }
}

/// How a post ended.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[expect(missing_docs, reason = "the variants are those of `lab::HttpOutcome`")]
pub enum Outcome {
    Answered { status: u16, headers: Vec<(String, String)>, body: String },
    Resolve,
    Refused,
    Timeout,
    NotAllowed,
    Handshake,
    UntrustedAuthority,
    UntrustedName,
    UntrustedDate,
    Broken,
}

/// How a mail ended.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum MailEnd {
    /// The server has it.
    Taken,
    /// As `lab::MailFailure::Connect`, and so on.
    Connect,
    /// It took too long.
    Timeout,
    /// The server is not one that may be spoken to.
    NotAllowed,
    /// The server would not take it.
    Refused,
    /// A sender or recipient is no address.
    BadAddress,
}

impl From<&Result<(), MailFailure>> for MailEnd {
    fn from(outcome: &Result<(), MailFailure>) -> Self {
        match outcome {
            Ok(()) => MailEnd::Taken,
            Err(MailFailure::Connect) => MailEnd::Connect,
            Err(MailFailure::Timeout) => MailEnd::Timeout,
            Err(MailFailure::NotAllowed) => MailEnd::NotAllowed,
            Err(MailFailure::Refused) => MailEnd::Refused,
            Err(MailFailure::BadAddress) => MailEnd::BadAddress,
        }
    }
}

impl From<MailEnd> for Result<(), MailFailure> {
    fn from(outcome: MailEnd) -> Self {
        Err(match outcome {
            MailEnd::Taken => return Ok(()),
            MailEnd::Connect => MailFailure::Connect,
            MailEnd::Timeout => MailFailure::Timeout,
            MailEnd::NotAllowed => MailFailure::NotAllowed,
            MailEnd::Refused => MailFailure::Refused,
            MailEnd::BadAddress => MailFailure::BadAddress,
        })
    }
}

impl From<&HttpOutcome> for Outcome {
    fn from(outcome: &HttpOutcome) -> Self {
        match outcome {
            HttpOutcome::Answered { status, headers, body } => Outcome::Answered {
                status: *status,
                headers: headers.clone(),
                body: from_bytes(body),
            },
            HttpOutcome::Failed(HttpFailure::Resolve) => Outcome::Resolve,
            HttpOutcome::Failed(HttpFailure::Refused) => Outcome::Refused,
            HttpOutcome::Failed(HttpFailure::Timeout) => Outcome::Timeout,
            HttpOutcome::Failed(HttpFailure::NotAllowed) => Outcome::NotAllowed,
            HttpOutcome::Failed(HttpFailure::Handshake) => Outcome::Handshake,
            HttpOutcome::Failed(HttpFailure::Untrusted(why)) => match why {
                Distrust::Authority => Outcome::UntrustedAuthority,
                Distrust::Name => Outcome::UntrustedName,
                Distrust::Date => Outcome::UntrustedDate,
            },
            HttpOutcome::Failed(HttpFailure::Broken) => Outcome::Broken,
        }
    }
}

impl From<Outcome> for HttpOutcome {
    fn from(outcome: Outcome) -> Self {
        HttpOutcome::Failed(match outcome {
            Outcome::Answered { status, headers, body } => {
                return HttpOutcome::Answered { status, headers, body: to_bytes(&body) };
            }
            Outcome::Resolve => HttpFailure::Resolve,
            Outcome::Refused => HttpFailure::Refused,
            Outcome::Timeout => HttpFailure::Timeout,
            Outcome::NotAllowed => HttpFailure::NotAllowed,
            Outcome::Handshake => HttpFailure::Handshake,
            Outcome::UntrustedAuthority => HttpFailure::Untrusted(Distrust::Authority),
            Outcome::UntrustedName => HttpFailure::Untrusted(Distrust::Name),
            Outcome::UntrustedDate => HttpFailure::Untrusted(Distrust::Date),
            Outcome::Broken => HttpFailure::Broken,
        })
    }
}

impl Header {
    pub(super) fn to_line(&self) -> String {
        line(self)
    }
}

impl Entry {
    pub(super) fn to_line(&self) -> String {
        line(self)
    }
}

fn line(what: &impl Serialize) -> String {
    serde_json::to_string(what).expect("the forms have only string keys") + "\n"
}

/// Any bytes as text: one letter (U+0000 to U+00FF) for each.
pub fn from_bytes(bytes: &[u8]) -> String {
    bytes.iter().map(|&byte| char::from(byte)).collect()
}

/// The bytes again. A letter beyond U+00FF, which no recording holds, is a question mark.
pub fn to_bytes(text: &str) -> Vec<u8> {
    text.chars().map(|letter| u8::try_from(letter).unwrap_or(b'?')).collect()
}
