//! What neighbours tell each other over a wire (CDP, LLDP), as the lab carries it.
//!
//! The frames themselves are not sent one by one: a router says what it sends from now on and how
//! often, so that idle neighbours cost nothing.

use std::net::Ipv4Addr;

use simtime::Duration;

/// What a port tells its neighbour, again and again.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hello {
    /// What the router calls itself: its hostname, with its domain if it has one.
    pub device: String,
    /// The long name of the port.
    pub port: String,
    /// The description of the port.
    pub description: Option<String>,
    /// The address of the port.
    pub address: Option<Ipv4Addr>,
    /// The burnt-in address of the port.
    pub mac: String,
    /// The model: `C8000V`.
    pub platform: &'static str,
    /// The lines of its software version.
    pub version: &'static str,
    /// How it is sent by CDP, if at all.
    pub cdp: Option<Beat>,
    /// How it is sent by LLDP (IEEE 802.1AB), if at all.
    pub lldp: Option<Beat>,
}

/// How often something is sent, and how long a receiver believes it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Beat {
    /// From one frame to the next.
    pub every: Duration,
    /// How long a frame counts.
    pub hold: Duration,
}
