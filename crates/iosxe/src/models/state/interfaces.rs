//! Interfaces, in three models.

use yang::{Element, Node};

use super::{Leaf, Router, Rows, leaf, list, maybe};
use crate::device::State;
use crate::feature::interface::Reading;
use crate::io::{Counter, Direction};
use crate::models::lines::interface_type;

/// What a row is read from.
struct Port<'a> {
    reading: Reading<'a>,
    state: &'a State,
}

struct Ports;

impl Rows for Ports {
    type Of<'a> = Port<'a>;
}

/// The counters that models have in common, under the name of their container.
macro_rules! counters {
    ($($group:literal)/+) => {
        [
            leaf!($($group /)+ "in-octets", |p: &Port<'_>| p.reading.bytes(INPUT)),
            leaf!($($group /)+ "in-unicast-pkts", |p: &Port<'_>| p.reading.packets(INPUT)),
            leaf!($($group /)+ "in-broadcast-pkts", |_: &Port<'_>| 0),
            leaf!($($group /)+ "in-multicast-pkts", |_: &Port<'_>| 0),
            leaf!($($group /)+ "in-discards", |p: &Port<'_>| count(p, Counter::InputDrops)),
            leaf!($($group /)+ "in-errors", |p: &Port<'_>| p.reading.input_errors()),
            leaf!($($group /)+ "in-unknown-protos", |_: &Port<'_>| 0),
            leaf!($($group /)+ "out-octets", |p: &Port<'_>| p.reading.bytes(OUTPUT)),
            leaf!($($group /)+ "out-unicast-pkts", |p: &Port<'_>| p.reading.packets(OUTPUT)),
            leaf!($($group /)+ "out-broadcast-pkts", |_: &Port<'_>| 0),
            leaf!($($group /)+ "out-multicast-pkts", |_: &Port<'_>| 0),
            leaf!($($group /)+ "out-discards", |p: &Port<'_>| count(p, Counter::OutputDrops)),
            leaf!($($group /)+ "out-errors", |p: &Port<'_>| count(p, Counter::OutputErrors)),
        ]
    };
}

const INPUT: Direction = Direction::Input;
const OUTPUT: Direction = Direction::Output;

const IETF: &[Leaf<Ports>] = &[
    leaf!("name", name),
    leaf!("type", kind),
    leaf!("admin-status", |p: &Port<'_>| up_down(p.reading.is_enabled())),
    leaf!("oper-status", |p: &Port<'_>| up_down(p.reading.is_up())),
    leaf!("if-index", |p: &Port<'_>| p.reading.index),
    maybe!("phys-address", mac),
    leaf!("speed", speed),
    leaf!("statistics" / "discontinuity-time", boot_time),
];
const IETF_COUNTERS: &[Leaf<Ports>] = &counters!("statistics");

const OPENCONFIG: &[Leaf<Ports>] = &[
    leaf!("name", name),
    leaf!("state" / "name", name),
    leaf!("state" / "type", kind),
    maybe!("state" / "description", description),
    leaf!("state" / "enabled", |p: &Port<'_>| p.reading.is_enabled()),
    leaf!("state" / "mtu", |p: &Port<'_>| p.reading.mtu()),
    leaf!("state" / "ifindex", |p: &Port<'_>| p.reading.index),
    leaf!("state" / "admin-status", |p: &Port<'_>| {
        if p.reading.is_enabled() { "UP" } else { "DOWN" }
    }),
    leaf!("state" / "oper-status", |p: &Port<'_>| if p.reading.is_up() { "UP" } else { "DOWN" }),
];

const OPENCONFIG_COUNTERS: &[Leaf<Ports>] = &counters!("state" / "counters");

const CISCO: &[Leaf<Ports>] = &[
    leaf!("name", name),
    leaf!("interface-type", |p: &Port<'_>| match interface_type(&p.reading.name.long()) {
        "softwareLoopback" => "iana-iftype-sw-loopback",
        "propVirtual" => "iana-iftype-propvirtual",
        "ieee8023adLag" => "iana-iftype-ieee8023-adlag",
        "l2vlan" => "iana-iftype-l2vlan",
        "tunnel" => "iana-iftype-tunnel",
        _ => "iana-iftype-ethernet-csmacd",
    }),
    leaf!("admin-status", |p: &Port<'_>| {
        if p.reading.is_enabled() { "if-state-up" } else { "if-state-down" }
    }),
    leaf!("oper-status", |p: &Port<'_>| {
        if p.reading.is_up() { "if-oper-state-ready" } else { "if-oper-state-no-pass" }
    }),
    leaf!("if-index", |p: &Port<'_>| p.reading.index),
    maybe!("phys-address", mac),
    leaf!("speed", speed),
    leaf!("statistics" / "discontinuity-time", boot_time),
    leaf!("statistics" / "rx-pps", |p: &Port<'_>| p.reading.rates(Direction::Input).1),
    leaf!("statistics" / "rx-kbps", |p: &Port<'_>| p.reading.rates(Direction::Input).0 / 1_000),
    leaf!("statistics" / "tx-pps", |p: &Port<'_>| p.reading.rates(Direction::Output).1),
    leaf!("statistics" / "tx-kbps", |p: &Port<'_>| p.reading.rates(Direction::Output).0 / 1_000),
    leaf!("statistics" / "in-crc-errors", |p: &Port<'_>| p.reading.count(Counter::Crc)),
    maybe!("vrf", |p: &Port<'_>| p.state.vrfs.name(p.reading.vrf()).map(str::to_owned)),
    maybe!("ipv4", |p: &Port<'_>| p.reading.address().map(|(address, _)| address.to_string())),
    maybe!("ipv4-subnet-mask", |p: &Port<'_>| {
        p.reading.address().map(|(_, mask)| mask.to_string())
    }),
    maybe!("description", description),
    leaf!("mtu", |p: &Port<'_>| p.reading.mtu()),
];

pub(super) fn ietf(router: &Router<'_>, node: &'static Node) -> Option<Element> {
    interfaces(router, node, &[IETF, IETF_COUNTERS])
}

pub(super) fn openconfig(router: &Router<'_>, node: &'static Node) -> Option<Element> {
    interfaces(router, node, &[OPENCONFIG, OPENCONFIG_COUNTERS])
}

pub(super) fn cisco(router: &Router<'_>, node: &'static Node) -> Option<Element> {
    interfaces(router, node, &[CISCO, IETF_COUNTERS])
}

fn interfaces(
    router: &Router<'_>,
    node: &'static Node,
    leaves: &[&[Leaf<Ports>]],
) -> Option<Element> {
    let started = router.state.system.started();
    let readings = router.state.interfaces.readings(started, router.now).into_iter();
    list(node, "interface", leaves, readings.map(|reading| Port { reading, state: router.state }))
}

fn count(port: &Port<'_>, counter: Counter) -> u64 {
    port.reading.count(counter)
}

fn name(port: &Port<'_>) -> String {
    port.reading.name.long()
}

fn kind(port: &Port<'_>) -> String {
    format!("iana-if-type:{}", interface_type(&port.reading.name.long()))
}

fn up_down(is_up: bool) -> &'static str {
    if is_up { "up" } else { "down" }
}

fn mac(port: &Port<'_>) -> Option<String> {
    let digits: String = port.reading.mac()?.to_string().replace('.', "");
    let pairs: Vec<&str> = (0..6).filter_map(|at| digits.get(at * 2..at * 2 + 2)).collect();
    Some(pairs.join(":"))
}

fn speed(port: &Port<'_>) -> u64 {
    port.reading.kbit() * 1_000
}

fn boot_time(port: &Port<'_>) -> String {
    port.state.clock.rfc3339(port.state.system.started())
}

fn description(port: &Port<'_>) -> Option<String> {
    Some(port.reading.description().to_owned()).filter(|text| !text.is_empty())
}
