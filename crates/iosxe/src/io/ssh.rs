//! What a router's SSH server offers, and what its clients do, for whoever speaks the protocol on
//! its behalf.

use std::fmt;
use std::net::IpAddr;

use simtime::Duration;

use super::SessionId;

/// The SSH server of a router, as `ip ssh` configures it. Names are those of the protocol.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SshServer {
    /// `2.0`, `1.99`, or `1.5`, with which no client speaks any more.
    pub version: &'static str,
    /// Ways to log in: `publickey`, `keyboard-interactive`, `password`.
    pub methods: Vec<&'static str>,
    /// Key exchanges, the one that is liked best first.
    pub key_exchanges: Vec<&'static str>,
    /// Ciphers, likewise.
    pub ciphers: Vec<&'static str>,
    /// Message authentication codes, likewise.
    pub macs: Vec<&'static str>,
    /// Kinds of signatures of host keys, likewise.
    pub host_keys: Vec<&'static str>,
    /// From the connection to the login, at most.
    pub timeout: Duration,
    /// How many wrong passwords one connection may offer.
    pub retries: u32,
}

/// How a client shows who it is. Its `Debug` shows no password.
#[derive(Clone, Copy)]
pub enum Proof<'a> {
    /// A password.
    Password(&'a str),
    /// A public key as it goes over the wire (RFC 4253, section 6.6), whose private part it was
    /// shown to have.
    Key(&'a [u8]),
}

impl fmt::Debug for Proof<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Proof::Password(_) => "Password",
            Proof::Key(_) => "Key",
        })
    }
}

/// What a client does over SSH beside typing.
#[derive(Clone, Copy)]
pub enum ClientEvent<'a> {
    /// It has agreed on keys with the router. It has no name yet; a router that is not told hears
    /// of it by its login, and of its end by that of its session.
    Came {
        /// Where it is.
        peer: IpAddr,
        /// The cipher that was agreed on, by its name in the protocol.
        cipher: &'a str,
        /// The message authentication code.
        mac: &'a str,
    },
    /// It has proved that it holds a key. Answered by [`super::Output::LoginVerdict`].
    KeyShown {
        /// The user name.
        user: &'a str,
        /// The public key as it goes over the wire (RFC 4253, section 6.6).
        key: &'a [u8],
        /// Where the client is.
        peer: IpAddr,
    },
    /// It asks to log in at the port of NETCONF, which takes no line. Answered by
    /// [`super::Output::LoginVerdict`].
    ProgramAsked {
        /// The user name.
        user: &'a str,
        /// How it shows who it is.
        proof: Proof<'a>,
        /// Where the client is.
        peer: IpAddr,
    },
    /// It is logged in and wants one more session, this one. Answered by
    /// [`super::Output::LoginVerdict`].
    Joined {
        /// The session for which it logged in.
        client: SessionId,
    },
    /// It came, and is gone with all its sessions. The session is that with which it came.
    Left,
}

/// Names what happens.
impl fmt::Debug for ClientEvent<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            ClientEvent::Came { .. } => "Came",
            ClientEvent::KeyShown { .. } => "KeyShown",
            ClientEvent::ProgramAsked { .. } => "ProgramAsked",
            ClientEvent::Joined { .. } => "Joined",
            ClientEvent::Left => "Left",
        })
    }
}
