//! What the routers' SSH servers offer: the algorithms that a router's configuration names, as far
//! as the library has them.
//!
//! Made anew when a router's `ip ssh` has changed, else shared by its connections.

use std::borrow::Cow;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use lab::SshServer;
use russh::keys::{Algorithm, PrivateKey};
use russh::server::Config;
use russh::{MethodKind, MethodSet, Preferred, SshId, cipher, compression, kex, mac};

/// What IOS XE calls itself, after the version of the protocol. Known from experience only; no
/// client insists on it.
const IDENT: &str = "Cisco-1.25";
/// What a client may send before the router has read it, in bytes.
const WINDOW_BYTES_MAX: u32 = 64 * 1024;
/// The largest packet, in bytes.
const PACKET_BYTES_MAX: u32 = 32 * 1024;
/// Events of one connection that wait for it.
const EVENTS_MAX: usize = 16;
/// Refused tries of one connection, keys that the router does not know among them: clients offer
/// all that they have. Passwords are bounded by `ip ssh authentication-retries`.
const AUTH_ATTEMPTS_MAX: usize = 32;

/// No algorithms: they announce ext-info (RFC 8308) and strict kex, against Terrapin.
const MARKS: [kex::Name; 4] = [
    kex::EXTENSION_SUPPORT_AS_CLIENT,
    kex::EXTENSION_SUPPORT_AS_SERVER,
    kex::EXTENSION_OPENSSH_STRICT_KEX_AS_CLIENT,
    kex::EXTENSION_OPENSSH_STRICT_KEX_AS_SERVER,
];

/// The keys of a router, and what was last made of them.
#[derive(Debug)]
pub(super) struct Offers {
    keys: Vec<PrivateKey>,
    last: Mutex<Option<(SshServer, Arc<Config>)>>,
}

impl Offers {
    pub(super) fn new(keys: Vec<PrivateKey>) -> Self {
        Offers { keys, last: Mutex::default() }
    }

    /// The configuration of the library for what the router offers now.
    pub(super) fn of(&self, server: &SshServer) -> Arc<Config> {
        let mut last = self.last.lock().unwrap_or_else(PoisonError::into_inner);
        match last.as_ref() {
            Some((known, config)) if known == server => Arc::clone(config),
            Some(_) | None => {
                let config = Arc::new(config(server, self.keys.clone()));
                *last = Some((server.clone(), Arc::clone(&config)));
                config
            }
        }
    }
}

/// The methods by which a client can log in.
pub(super) fn methods(server: &SshServer) -> MethodSet {
    let kind = |name: &&str| match *name {
        "publickey" => Some(MethodKind::PublicKey),
        "keyboard-interactive" => Some(MethodKind::KeyboardInteractive),
        "password" => Some(MethodKind::Password),
        _ => None,
    };
    let kinds: Vec<MethodKind> = server.methods.iter().filter_map(kind).collect();
    MethodSet::from(kinds.as_slice())
}

fn config(server: &SshServer, keys: Vec<PrivateKey>) -> Config {
    let exchanges = server.key_exchanges.iter().filter_map(|name| kex::Name::try_from(*name).ok());
    let ciphers = server.ciphers.iter().filter_map(|name| cipher::Name::try_from(*name).ok());
    let macs = server.macs.iter().filter_map(|name| mac::Name::try_from(*name).ok());
    let host_keys = server.host_keys.iter().filter_map(|name| name.parse::<Algorithm>().ok());
    Config {
        server_id: SshId::Standard(Cow::Owned(format!("SSH-{}-{IDENT}", server.version))),
        methods: methods(server),
        // No delay of ours in the path of a login; a wrong password in a lab needs no slowing.
        auth_rejection_time: Duration::ZERO,
        auth_rejection_time_initial: Some(Duration::ZERO),
        keys,
        window_size: WINDOW_BYTES_MAX,
        maximum_packet_size: PACKET_BYTES_MAX,
        channel_buffer_size: EVENTS_MAX,
        event_buffer_size: EVENTS_MAX,
        max_auth_attempts: AUTH_ATTEMPTS_MAX,
        preferred: Preferred {
            kex: exchanges.chain(MARKS).collect(),
            key: host_keys.collect(),
            cipher: ciphers.collect(),
            mac: macs.collect(),
            compression: Cow::Borrowed(&[compression::NONE]),
            ..Preferred::DEFAULT
        },
        // How long a session may idle is the router's `exec-timeout`, no matter of the transport.
        inactivity_timeout: None,
        nodelay: true,
        ..Config::default()
    }
}
