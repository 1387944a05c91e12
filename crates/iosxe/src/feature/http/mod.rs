//! The HTTP server as a router configures and shows it: `ip http`.
//!
//! Configuration only: no port is open, so nobody is ever connected. What serves HTTP asks
//! [`Http`] where, and whom it lets in.

pub(crate) mod config;
pub(crate) mod show;

use std::collections::BTreeMap;

use cli::InterfaceName;

/// `ip http port` unless the configuration says another.
const PORT_DEFAULT: u16 = 80;

/// `ip http secure-port` unless the configuration says another.
const SECURE_PORT_DEFAULT: u16 = 443;

/// `ip http max-connections` unless the configuration says another.
const CONNECTIONS_DEFAULT: u64 = 300;

/// `ip http session-idle-timeout` unless the configuration says another, in seconds.
const SESSION_IDLE_DEFAULT: u64 = 600;

/// The HTTP server of one router; `None` is the default.
#[derive(Clone, Debug, Default)]
pub(crate) struct Http {
    /// `ip http server`, or its `no` form: both are printed.
    plain: Option<bool>,
    /// The same of `ip http secure-server`.
    secure: Option<bool>,
    port: Option<u16>,
    secure_port: Option<u16>,
    authentication: Authentication,
    access: Access,
    connections: Option<u64>,
    session_idle: Option<u64>,
    timeouts: Option<Timeouts>,
    /// `ip http path`
    path: Option<String>,
    /// `ip http secure-trustpoint`
    trustpoint: Option<String>,
    /// `ip http active-session-modules`
    modules: Option<String>,
    /// `ip http secure-active-session-modules`
    secure_modules: Option<String>,
    /// `ip http client source-interface`
    source: Option<InterfaceName>,
}

/// How a client proves who it is.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
enum Authentication {
    /// By the enable password.
    #[default]
    Enable,
    /// As a user of the configuration.
    Local,
    /// By method lists of `aaa`.
    Aaa(Lists),
}

/// Lists of `aaa` that are not the default ones.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Lists {
    login: Option<String>,
    shell: Option<String>,
    /// By level.
    commands: BTreeMap<u8, String>,
}

/// `ip http access-class`
#[derive(Clone, Debug, Default)]
struct Access {
    number: Option<u64>,
    v4: Option<String>,
    v6: Option<String>,
}

/// `ip http timeout-policy`
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Timeouts {
    idle: u64,
    life: u64,
    requests: u64,
}

impl Default for Timeouts {
    fn default() -> Self {
        Timeouts { idle: 180, life: 180, requests: 25 }
    }
}

impl Http {
    /// The port of HTTP without TLS, if it is served.
    pub(crate) fn port(&self) -> Option<u16> {
        (self.plain == Some(true)).then(|| self.port.unwrap_or(PORT_DEFAULT))
    }

    /// The port of HTTP over TLS, if it is served.
    pub(crate) fn secure_port(&self) -> Option<u16> {
        (self.secure == Some(true)).then(|| self.secure_port.unwrap_or(SECURE_PORT_DEFAULT))
    }
}
