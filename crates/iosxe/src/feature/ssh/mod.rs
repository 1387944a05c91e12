//! The SSH server as a router configures and shows it: `ip ssh`, `ip scp`, the keys of users, and
//! who is connected.
//!
//! The transport asks it for what to offer to a client ([`crate::SshServer`]); terminals tell it of
//! connections and logins. It holds no socket and no cipher: which algorithms a client has agreed
//! on, the transport says.

mod algorithms;
mod clients;
pub(crate) mod config;
mod keys;
pub(crate) mod pubkey;
pub(crate) mod scp;
pub(crate) mod show;

pub(crate) use clients::{Client, came, joined, left_session, left_wholly, logged_in, tried};
pub(crate) use keys::KeyHash;

use std::collections::BTreeMap;

use simtime::{Duration, Time};

use crate::device::{Device, State};
use crate::io::{SessionId, SshServer};
use algorithms::Lists;
use clients::Clients;
use keys::Keychain;

/// `ip ssh time-out` unless the configuration says another, in seconds.
const TIMEOUT_SECONDS_DEFAULT: u64 = 120;

/// `ip ssh authentication-retries` unless the configuration says another.
const RETRIES_DEFAULT: u32 = 3;

/// `ip ssh maxstartups` unless the configuration says another.
const STARTUPS_DEFAULT: usize = 128;

/// `ip ssh dh min size` unless the configuration says another, in bits.
const GROUP_BITS_DEFAULT: u64 = 2048;

/// The SSH server of one router.
#[derive(Debug, Default)]
pub(crate) struct Ssh {
    settings: Settings,
    lists: Lists,
    keychain: Keychain,
    clients: Clients,
}

/// What `ip ssh` and `ip scp` set; `None` is the default.
#[derive(Clone, Debug, Default)]
struct Settings {
    version: Option<u64>,
    timeout: Option<u64>,
    retries: Option<u32>,
    startups: Option<usize>,
    group_bits: Option<u64>,
    /// `ip ssh rsa keypair-name`
    pair: Option<String>,
    source: Option<cli::InterfaceName>,
    /// `ip ssh logging events`
    tells: bool,
    /// `ip scp server enable`
    copies: bool,
}

impl Ssh {
    /// What a client is offered.
    pub(crate) fn server(&self) -> SshServer {
        let Settings { version, timeout, retries, .. } = &self.settings;
        SshServer {
            version: match version {
                None => "1.99",
                Some(1) => "1.5",
                Some(_) => "2.0",
            },
            methods: self.lists.methods(),
            key_exchanges: self.lists.key_exchanges(self.group_bits()),
            ciphers: self.lists.ciphers(),
            macs: self.lists.macs(),
            host_keys: self.lists.host_keys(),
            timeout: Duration::from_secs(timeout.unwrap_or(TIMEOUT_SECONDS_DEFAULT)),
            retries: retries.unwrap_or(RETRIES_DEFAULT),
        }
    }

    /// Whether a user has this key, and the configuration takes signatures of this algorithm.
    fn knows_key(&self, user: &str, algorithm: &str, key: &KeyHash) -> bool {
        self.lists.takes_signature(algorithm) && self.keychain.has(user, key)
    }

    /// Whether a user has this key.
    pub(crate) fn has_key(&self, user: &str, key: &KeyHash) -> bool {
        self.keychain.has(user, key)
    }

    /// The sessions of a client that have a line.
    pub(crate) fn sessions_of(&self, client: SessionId) -> Vec<SessionId> {
        let client = self.clients.0.get(&client);
        client.into_iter().flat_map(Client::sessions).collect()
    }

    /// Whether one more client may come that has not logged in yet.
    pub(crate) fn has_room(&self) -> bool {
        self.clients.strangers() < self.settings.startups.unwrap_or(STARTUPS_DEFAULT)
    }

    /// `ip scp server enable`
    pub(crate) fn copies(&self) -> bool {
        self.settings.copies
    }

    /// A client by its first session.
    pub(crate) fn client(&self, id: SessionId) -> Option<&Client> {
        self.clients.0.get(&id)
    }

    /// The clients that are connected, by the session that each began with.
    fn clients(&self) -> &BTreeMap<SessionId, Client> {
        &self.clients.0
    }

    fn group_bits(&self) -> u64 {
        self.settings.group_bits.unwrap_or(GROUP_BITS_DEFAULT)
    }
}

impl Device {
    /// Whether a connection is taken: the router is up, has a line free, has room for one more
    /// that has not logged in (`ip ssh maxstartups`), and is not in quiet mode.
    pub fn takes_connections(&self, now: Time) -> bool {
        let State { reload, logins, lines, ssh, .. } = &self.state;
        let is_up = !reload.is_down() && !logins.is_quiet(now);
        is_up && ssh.has_room() && lines.free_for_ssh().is_some()
    }

    /// What its SSH server offers.
    pub fn ssh_server(&self) -> SshServer {
        self.state.ssh.server()
    }

    /// Whether a user could log in with this key, of which a client has shown no more than the
    /// public part, and which would sign by this algorithm.
    pub fn knows_key(&self, user: &str, algorithm: &str, key: &[u8]) -> bool {
        let State { ssh, users, .. } = &self.state;
        let hash = KeyHash::of(key).filter(|hash| ssh.knows_key(user, algorithm, hash));
        hash.is_some() && users.contains(user)
    }
}
