//! What the routers' SSH servers offer: the algorithms of an IOS XE 17 and of every client stack.
//!
//! Built once per router. The lists follow what OpenSSH, paramiko, libssh, asyncssh and ssh2 offer;
//! the SHA-1 forms come last, for clients that have nothing better.

use std::borrow::Cow;
use std::time::Duration;

use russh::keys::PrivateKey;
use russh::server::Config;
use russh::{MethodKind, MethodSet, Preferred, SshId, cipher, compression, kex, mac};

/// What IOS XE calls itself. Known from experience only; no client insists on it.
const IDENT: &str = "SSH-2.0-Cisco-1.25";
/// What a client may send before the router has read it, in bytes.
const WINDOW_BYTES_MAX: u32 = 64 * 1024;
/// The largest packet, in bytes.
const PACKET_BYTES_MAX: u32 = 32 * 1024;
/// Events of one connection that wait for it.
const EVENTS_MAX: usize = 16;
/// Refused logins of one connection: each of a client's three methods, three times.
const AUTH_ATTEMPTS_MAX: usize = 9;

/// curve25519 by both names (paramiko knows only the second), the NIST curves, the classic groups.
const KEX: &[kex::Name] = &[
    kex::CURVE25519,
    kex::CURVE25519_PRE_RFC_8731,
    kex::ECDH_SHA2_NISTP256,
    kex::ECDH_SHA2_NISTP384,
    kex::ECDH_SHA2_NISTP521,
    kex::DH_G14_SHA256,
    kex::DH_G16_SHA512,
    kex::DH_G14_SHA1,
    // No algorithms: they announce ext-info (RFC 8308) and strict kex, against Terrapin.
    kex::EXTENSION_SUPPORT_AS_CLIENT,
    kex::EXTENSION_SUPPORT_AS_SERVER,
    kex::EXTENSION_OPENSSH_STRICT_KEX_AS_CLIENT,
    kex::EXTENSION_OPENSSH_STRICT_KEX_AS_SERVER,
];

const CIPHERS: &[cipher::Name] = &[
    cipher::AES_128_GCM,
    cipher::AES_256_GCM,
    cipher::AES_128_CTR,
    cipher::AES_192_CTR,
    cipher::AES_256_CTR,
];

const MACS: &[mac::Name] = &[
    mac::HMAC_SHA256_ETM,
    mac::HMAC_SHA512_ETM,
    mac::HMAC_SHA256,
    mac::HMAC_SHA512,
    mac::HMAC_SHA1,
];

/// The server of a router with these keys.
pub(super) fn of(keys: Vec<PrivateKey>) -> Config {
    // The order of `show ip ssh`.
    let methods = [MethodKind::PublicKey, MethodKind::KeyboardInteractive, MethodKind::Password];
    Config {
        server_id: SshId::Standard(Cow::Borrowed(IDENT)),
        methods: MethodSet::from(methods.as_slice()),
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
            kex: Cow::Borrowed(KEX),
            cipher: Cow::Borrowed(CIPHERS),
            mac: Cow::Borrowed(MACS),
            compression: Cow::Borrowed(&[compression::NONE]),
            ..Preferred::DEFAULT
        },
        // How long a session may idle is the router's `exec-timeout`, no matter of the transport.
        inactivity_timeout: None,
        nodelay: true,
        ..Config::default()
    }
}
