//! The router itself: processor, memory, hardware.

use yang::{Element, Node};

use super::{Leaf, Router, Rows, leaf, list, row};
use crate::feature::environment;
use crate::platform::Part;

/// A pool of memory: its name, how many bytes are used, and how many are free.
type Pool = (&'static str, u64, u64);

struct Pools;
struct Inventory;

impl Rows for Pools {
    type Of<'a> = Pool;
}

impl Rows for Inventory {
    type Of<'a> = Piece<'a>;
}

/// A part of the chassis.
struct Piece<'a> {
    part: &'a Part,
    /// Its number among those of its kind.
    number: usize,
    serial: String,
}

const CPU: &[Leaf<Router<'_>>] = &[
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

const SYSTEM: &[Leaf<Router<'_>>] = &[
    leaf!("current-time", |r: &Router<'_>| r.state.clock.rfc3339(r.now)),
    leaf!("boot-time", |r: &Router<'_>| r.state.clock.rfc3339(r.state.system.started())),
    leaf!("software-version", |r: &Router<'_>| r.state.platform.profile().release().to_owned()),
    leaf!("rommon-version", |r: &Router<'_>| r.state.platform.profile().software.rom.clone()),
    leaf!("last-reboot-reason", |r: &Router<'_>| r.state.reload.last_reason().to_owned()),
    leaf!("unsaved-config", |r: &Router<'_>| r.state.running.unsaved),
];

const PART: &[Leaf<Inventory>] = &[
    leaf!("hw-type", |p: &Piece<'_>| kind(p.part)),
    leaf!("hw-dev-index", |p: &Piece<'_>| p.number),
    leaf!("version", |p: &Piece<'_>| p.part.vid.clone()),
    leaf!("part-number", |p: &Piece<'_>| p.part.pid.clone()),
    leaf!("serial-number", |p: &Piece<'_>| p.serial.clone()),
    leaf!("hw-description", |p: &Piece<'_>| p.part.descr.clone()),
    leaf!("dev-name", |p: &Piece<'_>| p.part.name.clone()),
];

pub(super) fn cpu(router: &Router<'_>, node: &'static Node) -> Option<Element> {
    row(node, &[CPU], router)
}

pub(super) fn memory(router: &Router<'_>, node: &'static Node) -> Option<Element> {
    list(node, "memory-statistic", &[POOL], router.state.memory.pools(router.now))
}

pub(super) fn hardware(router: &Router<'_>, node: &'static Node) -> Option<Element> {
    let hardware = node.child(node.module, "device-hardware")?;
    let system = hardware.child(node.module, "device-system-data")?;
    let mut whole = list(hardware, "device-inventory", &[PART], pieces(router))?;
    whole.add(Element::branch(hardware, vec![row(system, &[SYSTEM], router)?]));
    Some(Element::branch(node, vec![whole]))
}

fn pieces<'a>(router: &Router<'a>) -> Vec<Piece<'a>> {
    let state = router.state;
    let mut all: Vec<Piece<'_>> = Vec::new();
    for part in environment::parts(state) {
        let number = all.iter().filter(|known| kind(known.part) == kind(part)).count();
        let serial = part.serial(state.system.serial(), &state.rng);
        all.push(Piece { part, number, serial });
    }
    all
}

fn kind(part: &Part) -> &'static str {
    const KINDS: [(&str, &str); 8] = [
        ("Power Supply", "hw-type-pem"),
        ("Fan", "hw-type-fantray"),
        ("Chassis", "hw-type-chassis"),
        ("Stack", "hw-type-chassis"),
        ("Module", "hw-type-pim"),
        ("module", "hw-type-pim"),
        ("subslot", "hw-type-pim"),
        ("Switch", "hw-type-chassis"),
    ];
    let found = KINDS.iter().find(|(words, _)| part.name.contains(words));
    found.map_or("hw-type-unknown", |(_, kind)| kind)
}

/// The load over so many seconds, in per cent.
fn load(router: &Router<'_>, secs: u64) -> u64 {
    let hundredths = router.state.process_cpu(None, secs, router.now);
    hundredths.map_or(0, |hundredths| hundredths.div_ceil(100).min(100))
}
