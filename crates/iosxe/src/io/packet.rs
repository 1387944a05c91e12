//! A packet on its way, as far as access lists look at it.
//!
//! Made by whoever carries packets between routers (`lab`), and by a router for a connection to
//! itself. What becomes of it is said by [`crate::Device::lets_pass`].

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// A packet. It is no fragment and has no priority.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Packet {
    /// Where it comes from.
    pub source: IpAddr,
    /// Where it goes.
    pub destination: IpAddr,
    /// What it carries.
    pub payload: Payload,
}

/// What a packet carries.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Payload {
    /// The first segment of a connection (RFC 9293).
    Tcp {
        /// From this port; 0 where it is not known.
        source: u16,
        /// To this port.
        destination: u16,
    },
    /// A datagram (RFC 768).
    Udp {
        /// From this port.
        source: u16,
        /// To this port.
        destination: u16,
    },
    /// A message of ICMP (RFC 792) or ICMPv6 (RFC 4443).
    Icmp {
        /// Its type.
        kind: u8,
        /// Its code.
        code: u8,
    },
}

/// Through which side of an interface a packet passes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Way {
    /// It comes in.
    In,
    /// It goes out.
    Out,
}

impl Packet {
    /// The first segment of a connection to a router, whichever of its addresses is meant.
    pub(crate) fn connection(source: IpAddr, port: u16) -> Self {
        let destination = match source {
            IpAddr::V4(_) => Ipv4Addr::UNSPECIFIED.into(),
            IpAddr::V6(_) => Ipv6Addr::UNSPECIFIED.into(),
        };
        Packet { source, destination, payload: Payload::Tcp { source: 0, destination: port } }
    }

    /// Its ports; zeros where it has none.
    pub(crate) fn ports(&self) -> (u16, u16) {
        match self.payload {
            Payload::Tcp { source, destination } | Payload::Udp { source, destination } => {
                (source, destination)
            }
            Payload::Icmp { .. } => (0, 0),
        }
    }
}
