//! Collectors of syslog messages: where a router sends, and what it hears of that.

use std::fmt;

/// Where a router sends its messages.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Collector {
    /// Its address or name, as configured.
    pub host: String,
    /// Its port.
    pub port: u16,
    /// How messages travel.
    pub transport: SyslogTransport,
}

/// How messages travel to a collector.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum SyslogTransport {
    /// One datagram each (RFC 5426).
    #[default]
    Udp,
    /// A connection, a newline after each (RFC 6587, section 3.4.2).
    Tcp,
    /// The same over TLS, each with its length in front (RFC 5425).
    Tls,
}

/// What a router hears of a collector that it sends to over a connection. Where nobody says a word,
/// as in virtual time, the connection stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CollectorEvent {
    /// The connection stands.
    Connected,
    /// There is none: it could not be made, or it broke. It is tried again.
    Failed,
    /// So many messages were lost: nobody took them, and there is no more room.
    Lost(u64),
}

impl SyslogTransport {
    /// The word of `logging host ... transport` and of `show logging`.
    pub fn as_str(self) -> &'static str {
        match self {
            SyslogTransport::Udp => "udp",
            SyslogTransport::Tcp => "tcp",
            SyslogTransport::Tls => "tls",
        }
    }

    /// Where a collector listens unless a port is given: RFC 5426, section 3.3; Cisco's
    /// `logging host` for TCP; RFC 5425, section 4.1.
    pub fn default_port(self) -> u16 {
        match self {
            SyslogTransport::Udp => 514,
            SyslogTransport::Tcp => 601,
            SyslogTransport::Tls => 6514,
        }
    }
}

/// `192.0.2.9 (tcp port 601)`
impl fmt::Display for Collector {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Collector { host, port, transport } = self;
        write!(f, "{host} ({} port {port})", transport.as_str())
    }
}
