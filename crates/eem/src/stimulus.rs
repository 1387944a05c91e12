//! What happens on a router that an applet may wait for. Its host offers each to
//! [`crate::Director::offer`]; which detector looks at which is the detectors' own table.

use std::net::Ipv4Addr;

/// Something that happened on the router.
#[derive(Clone, Copy, Debug)]
pub enum Stimulus<'a> {
    /// A log message, as the console shows it.
    Syslog(&'a str),
    /// A tracked object changed its state.
    Track {
        /// 1 to 32767.
        number: u32,
        /// Its state now.
        up: bool,
    },
    /// The routing table changed.
    Route(&'a RouteChange<'a>),
    /// A neighbour or the port to it changed.
    Neighbor(&'a NeighborChange<'a>),
    /// A module was put in or taken out.
    Oir {
        /// Put in, or taken out.
        inserted: bool,
        /// The slot: `2`, `0/1`.
        slot: &'a str,
    },
    /// Somebody left configuration mode, and something had changed.
    Config,
    /// `publish-event`, by an applet of this router or by somebody else.
    Application {
        /// 798 is the one for users.
        subsystem: u32,
        /// The type of the event within the subsystem.
        kind: u32,
        /// `$_application_data1` to `$_application_data4`.
        data: &'a [String],
    },
    /// A counter of `action counter` has a new value.
    Counter {
        /// Its name.
        name: &'a str,
        /// Its value now.
        value: i64,
    },
    /// A policy of the Embedded Resource Manager crossed a threshold.
    Resource(&'a ResourceChange<'a>),
    /// Somebody asks the router's SNMP agent for an object.
    SnmpObject {
        /// The object, in dots.
        oid: &'a str,
        /// `get` or `set`.
        request: &'a str,
        /// The value of a `set`.
        value: &'a str,
    },
}

/// What became of a route, with what `$_routing_...` says of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RouteChange<'a> {
    /// What happened to it.
    pub change: Change,
    /// The network.
    pub network: Ipv4Addr,
    /// The length of its prefix.
    pub prefix_len: u8,
    /// `connected`, `static`, `local`: as `show ip protocols` names it.
    pub protocol: &'a str,
    /// `default` unless it is in a VRF.
    pub vrf: &'a str,
    /// The gateway, if it has one.
    pub gateway: Option<Ipv4Addr>,
    /// The long name of the port, if it names one.
    pub interface: &'a str,
    /// Administrative distance.
    pub distance: u8,
    /// Metric.
    pub metric: u32,
}

/// What became of something that comes and goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Change {
    /// It is new.
    Added,
    /// It is another than it was.
    Updated,
    /// It is gone.
    Removed,
}

/// What a port learnt of its neighbour, or of itself, with what `$_nd_...` says of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NeighborChange<'a> {
    /// The long name of the local port.
    pub interface: &'a str,
    /// Its short name: `Gi1`.
    pub short: &'a str,
    /// What happened.
    pub event: NeighborEvent<'a>,
    /// `up`, `down`, `admindown`: the port's link now.
    pub link: &'a str,
    /// `up` or `down`: its line protocol now.
    pub line: &'a str,
}

/// What the neighbour-discovery detector can be told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NeighborEvent<'a> {
    /// An entry of the CDP table.
    Cdp(Change, Neighbor<'a>),
    /// An entry of the LLDP table.
    Lldp(Change, Neighbor<'a>),
    /// The port's link changed to `NeighborChange::link`.
    Link,
    /// The port's line protocol changed to `NeighborChange::line`.
    Line,
}

/// An entry of a neighbour table.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Neighbor<'a> {
    /// Device id, or system name.
    pub name: &'a str,
    /// The neighbour's port.
    pub port: &'a str,
    /// What it calls that port; LLDP only.
    pub port_description: &'a str,
    /// Its platform; CDP only.
    pub platform: &'a str,
    /// Its software version, or system description.
    pub version: &'a str,
    /// Its capabilities in words: `Router Switch IGMP`.
    pub capabilities: &'a str,
    /// The same as bits.
    pub capability_bits: u32,
    /// Seconds until the entry is forgotten.
    pub hold_time: u32,
    /// Chassis id; LLDP only.
    pub chassis: &'a str,
    /// VTP domain; CDP only.
    pub domain: &'a str,
}

/// A threshold of a resource policy that was crossed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ResourceChange<'a> {
    /// The policy's name.
    pub policy: &'a str,
    /// The resource's owner: `cpu`, `memory`, `buffer`.
    pub owner: &'a str,
    /// `critical`, `major`, `minor`.
    pub level: &'a str,
    /// What was measured.
    pub value: u64,
    /// Whether it rose above the threshold, or fell below it.
    pub rising: bool,
}
