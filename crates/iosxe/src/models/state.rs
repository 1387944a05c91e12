//! State as data: each leaf is one row of a table, read from the model when somebody asks.

use simtime::Time;
use yang::{Element, Module, Node};

use super::SCHEMA;
use super::lines::interface_type;
use crate::device::State;
use crate::feature::interface::Reading;
use crate::feature::netconf;
use crate::io::{Counter, Direction};

/// A kind of rows: what each is read from.
trait Rows {
    type Of<'a>;
}

/// One leaf: where it stands below its row, and its value; none where there is none.
struct Leaf<R: Rows> {
    path: &'static [&'static str],
    value: for<'a> fn(&R::Of<'a>) -> Option<String>,
}

struct Ports;
struct Routers;
struct Pools;
struct Modules;

impl Rows for Ports {
    type Of<'a> = Port<'a>;
}

impl Rows for Routers {
    type Of<'a> = Router<'a>;
}

impl Rows for Pools {
    type Of<'a> = Pool;
}

impl Rows for Modules {
    type Of<'a> = &'a Module;
}

/// A pool of memory: its name, how many bytes are used, and how many are free.
type Pool = (&'static str, u64, u64);

/// What a row of interfaces is read from.
struct Port<'a> {
    reading: Reading<'a>,
    state: &'a State,
}

/// The whole router.
struct Router<'a> {
    state: &'a State,
    now: Time,
}

macro_rules! leaf {
    ($($name:literal)/+ , $value:expr) => {
        Leaf { path: &[$($name),+], value: |of| Some($value(of).to_string()) }
    };
}

macro_rules! maybe {
    ($($name:literal)/+ , $value:expr) => {
        Leaf { path: &[$($name),+], value: |of| $value(of) }
    };
}

/// The counters that models have in common, under the name of their container.
macro_rules! counters {
    ($group:literal $(, $extra:expr)*) => {
        [
            leaf!($group / "in-octets", |p: &Port<'_>| p.reading.bytes(Direction::Input)),
            leaf!($group / "in-unicast-pkts", |p: &Port<'_>| p.reading.packets(Direction::Input)),
            leaf!($group / "in-broadcast-pkts", |_: &Port<'_>| 0),
            leaf!($group / "in-multicast-pkts", |_: &Port<'_>| 0),
            leaf!($group / "in-discards", |p: &Port<'_>| p.reading.count(Counter::InputDrops)),
            leaf!($group / "in-errors", |p: &Port<'_>| p.reading.input_errors()),
            leaf!($group / "in-unknown-protos", |_: &Port<'_>| 0),
            leaf!($group / "out-octets", |p: &Port<'_>| p.reading.bytes(Direction::Output)),
            leaf!($group / "out-unicast-pkts", |p: &Port<'_>| p.reading.packets(Direction::Output)),
            leaf!($group / "out-broadcast-pkts", |_: &Port<'_>| 0),
            leaf!($group / "out-multicast-pkts", |_: &Port<'_>| 0),
            leaf!($group / "out-discards", |p: &Port<'_>| p.reading.count(Counter::OutputDrops)),
            leaf!($group / "out-errors", |p: &Port<'_>| p.reading.count(Counter::OutputErrors)),
            $($extra),*
        ]
    };
}

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
    maybe!("ipv4", |p: &Port<'_>| p.reading.address().map(|(address, _)| address.to_string())),
    maybe!("ipv4-subnet-mask", |p: &Port<'_>| {
        p.reading.address().map(|(_, mask)| mask.to_string())
    }),
    maybe!("description", description),
    leaf!("mtu", |p: &Port<'_>| p.reading.mtu()),
];

const CPU: &[Leaf<Routers>] = &[
    leaf!("cpu-utilization" / "five-seconds", |r: &Router<'_>| load(r, 5)),
    leaf!("cpu-utilization" / "five-seconds-intr", |_: &Router<'_>| 0),
    leaf!("cpu-utilization" / "one-minute", |r: &Router<'_>| load(r, 60)),
    leaf!("cpu-utilization" / "five-minutes", |r: &Router<'_>| load(r, 300)),
];

const POOL: &[Leaf<Pools>] = &[
    leaf!("name", |(name, _, _): &Pool| *name),
    leaf!("total-memory", |(_, used, free): &Pool| used + free),
    leaf!("used-memory", |(_, used, _): &Pool| *used),
    leaf!("free-memory", |(_, _, free): &Pool| *free),
];

const SYSTEM: &[Leaf<Routers>] = &[
    leaf!("current-time", |r: &Router<'_>| r.state.clock.rfc3339(r.now)),
    leaf!("boot-time", |r: &Router<'_>| r.state.clock.rfc3339(r.state.system.started())),
    leaf!("software-version", |r: &Router<'_>| r.state.platform.profile().release().to_owned()),
    leaf!("last-reboot-reason", |r: &Router<'_>| r.state.reload.last_reason().to_owned()),
];

/// All state.
pub(crate) fn state(state: &State, now: Time) -> Vec<Element> {
    let router = Router { state, now };
    let mut all = Vec::new();
    for (module, leaves, counters) in [
        ("ietf-interfaces", IETF, IETF_COUNTERS),
        ("openconfig-interfaces", OPENCONFIG, &counters!("state")),
        ("Cisco-IOS-XE-interfaces-oper", CISCO, IETF_COUNTERS),
    ] {
        let name = if module == "ietf-interfaces" { "interfaces-state" } else { "interfaces" };
        all.extend(interfaces(&router, module, name, &[leaves, counters]));
    }
    all.extend(top("Cisco-IOS-XE-process-cpu-oper", "cpu-usage", |node| {
        row(node, &[CPU], &router).into_iter().collect()
    }));
    all.extend(memory(&router));
    all.extend(hardware(&router));
    all.extend(library());
    all.extend(netconf::monitoring(state, now));
    all
}

/// One row of a table, from what it is read from.
fn row<R: Rows>(node: &'static Node, leaves: &[&[Leaf<R>]], of: &R::Of<'_>) -> Option<Element> {
    let mut element = Element::branch(node, Vec::new());
    for leaf in leaves.iter().flat_map(|leaves| leaves.iter()) {
        if let Some(value) = (leaf.value)(of) {
            element.set(leaf.path, &value)?;
        }
    }
    Some(element)
}

/// A node of the top.
pub(crate) fn node(module: &str, name: &str) -> Option<&'static Node> {
    let at = SCHEMA.module_of_name(module)?;
    SCHEMA.top.iter().find(|node| node.module == at && node.name == name)
}

/// The rows that `fill` makes below a node of the top.
fn top(module: &str, name: &str, fill: impl Fn(&'static Node) -> Vec<Element>) -> Vec<Element> {
    node(module, name).map(&fill).unwrap_or_default()
}

/// A list below a node of the top, one entry for each of `all`.
fn list<'a, R: Rows>(
    above: &'static Node,
    name: &str,
    leaves: &[&[Leaf<R>]],
    all: impl IntoIterator<Item = R::Of<'a>>,
) -> Vec<Element> {
    let Some(entry) = above.children.iter().find(|node| node.name == name) else {
        return Vec::new();
    };
    let rows = all.into_iter().filter_map(|one| row(entry, leaves, &one));
    vec![Element::branch(above, rows.collect())]
}

fn interfaces(
    router: &Router<'_>,
    module: &str,
    name: &str,
    leaves: &[&[Leaf<Ports>]],
) -> Vec<Element> {
    let started = router.state.system.started();
    let readings = router.state.interfaces.readings(started, router.now);
    let ports = || readings.iter().map(|reading| Port { reading: *reading, state: router.state });
    top(module, name, |above| list(above, "interface", leaves, ports()))
}

fn memory(router: &Router<'_>) -> Vec<Element> {
    let pools = router.state.memory.pools(router.now);
    top("Cisco-IOS-XE-memory-oper", "memory-statistics", |above| {
        list(above, "memory-statistic", &[POOL], pools)
    })
}

fn hardware(router: &Router<'_>) -> Vec<Element> {
    top("Cisco-IOS-XE-device-hardware-oper", "device-hardware-data", |above| {
        let Some(hardware) = above.child(above.module, "device-hardware") else { return vec![] };
        let Some(system) = hardware.child(above.module, "device-system-data") else {
            return vec![];
        };
        let system = row(system, &[SYSTEM], router).into_iter().collect();
        vec![Element::branch(above, vec![Element::branch(hardware, system)])]
    })
}

/// RFC 7895.
fn library() -> Vec<Element> {
    const MODULE: &[Leaf<Modules>] = &[
        leaf!("name", |m: &&Module| m.name.clone()),
        leaf!("revision", |m: &&Module| m.revision.clone()),
        leaf!("namespace", |m: &&Module| m.namespace.clone()),
        leaf!("conformance-type", |m: &&Module| {
            if m.is_import { "import" } else { "implement" }
        }),
    ];
    top("ietf-yang-library", "modules-state", |above| {
        let mut all = list(above, "module", &[MODULE], &SCHEMA.modules);
        for element in &mut all {
            let _ = element.set(&["module-set-id"], &super::module_set_id());
        }
        all
    })
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

/// The load over so many seconds, in per cent.
fn load(router: &Router<'_>, secs: u64) -> u64 {
    let hundredths = router.state.process_cpu(None, secs, router.now);
    hundredths.map_or(0, |hundredths| hundredths.div_ceil(100).min(100))
}
