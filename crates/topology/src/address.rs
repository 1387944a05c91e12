//! `HOST:PORT`, where a node's servers are.

use std::fmt;
use std::net::{IpAddr, Ipv6Addr};
use std::str::FromStr;

/// A host and a port.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Address {
    /// A name or an address, without brackets.
    pub host: String,
    /// The port; 0 lets the system choose one for a virtual node.
    pub port: u16,
}

/// Why a text is no address.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AddressError {
    /// There is no `:PORT`.
    NoPort,
    /// What follows the last colon is no port.
    Port,
    /// What stands before it is neither a name nor an address.
    Host,
}

impl Address {
    /// The host as an address, `localhost` included; `None` if it is another name.
    pub fn ip(&self) -> Option<IpAddr> {
        if self.host.eq_ignore_ascii_case("localhost") {
            return Some(IpAddr::from([127, 0, 0, 1]));
        }
        self.host.parse().ok()
    }

    /// Whether it is surely this machine, without asking any resolver.
    pub fn is_loopback(&self) -> bool {
        self.ip().is_some_and(|ip| ip.is_loopback())
    }
}

/// Whether `host` is a name of RFC 1123: letters, digits, hyphens and dots, no empty label.
pub(crate) fn is_host_name(host: &str) -> bool {
    let is_label = |label: &str| {
        let letters = label.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_');
        (1..=63).contains(&label.len()) && letters && !label.starts_with('-')
    };
    host.len() <= 253 && host.split('.').all(is_label)
}

impl FromStr for Address {
    type Err = AddressError;

    fn from_str(text: &str) -> Result<Self, AddressError> {
        let (host, port) = text.rsplit_once(':').ok_or(AddressError::NoPort)?;
        let host = match host.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')) {
            Some(inner) => {
                inner.parse::<Ipv6Addr>().map_err(|_| AddressError::Host)?;
                inner
            }
            None if is_host_name(host) => host,
            None => return Err(AddressError::Host),
        };
        let digits = !port.is_empty() && port.bytes().all(|b| b.is_ascii_digit());
        let port = port.parse().ok().filter(|_| digits);
        let port = port.ok_or(AddressError::Port)?;
        Ok(Address { host: host.to_owned(), port })
    }
}

impl fmt::Display for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.host.contains(':') {
            write!(f, "[{}]:{}", self.host, self.port)
        } else {
            write!(f, "{}:{}", self.host, self.port)
        }
    }
}

impl fmt::Display for AddressError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            AddressError::NoPort => "expected HOST:PORT, such as `127.0.0.1:2201`",
            AddressError::Port => "the port must be a number from 0 to 65535",
            AddressError::Host => "expected a name, an IPv4 address or `[IPv6]` before the port",
        })
    }
}

impl std::error::Error for AddressError {}

#[cfg(test)]
mod tests {
    use super::*;

    /// Goal: only whole addresses read, and print as they were. Method: a table.
    #[test]
    fn addresses_read_and_print() {
        let table = [
            ("127.0.0.1:2201", Ok(true)),
            ("localhost:0", Ok(true)),
            ("[::1]:22", Ok(true)),
            ("device.example.com:22", Ok(false)),
            ("0.0.0.0:22", Ok(false)),
            ("127.0.0.1", Err(AddressError::NoPort)),
            ("127.0.0.1:", Err(AddressError::Port)),
            ("127.0.0.1:+22", Err(AddressError::Port)),
            ("127.0.0.1:65536", Err(AddressError::Port)),
            (":22", Err(AddressError::Host)),
            ("::1:22", Err(AddressError::Host)),
            ("[x]:22", Err(AddressError::Host)),
            ("a b:22", Err(AddressError::Host)),
            ("user@host:22", Err(AddressError::Host)),
        ];
        for (text, want) in table {
            let got = text.parse::<Address>();
            assert_eq!(got.as_ref().map(Address::is_loopback).map_err(|e| *e), want, "{text}");
            if let Ok(address) = got {
                assert_eq!(address.to_string(), text);
            }
        }
    }
}
