//! State as data: each leaf is one row of a table, read from the model when somebody asks.

mod interfaces;
mod library;
mod system;

use simtime::Time;
use yang::{Element, Node, Tops};

use super::SCHEMA;
use crate::device::State;
use crate::feature::netconf;

/// A kind of rows: what each is read from.
trait Rows {
    type Of<'a>;
}

/// One leaf: where it stands below its row, and its value; none where there is none.
struct Leaf<R: Rows> {
    path: &'static [&'static str],
    value: for<'a> fn(&R::Of<'a>) -> Option<String>,
}

/// The whole router.
struct Router<'a> {
    state: &'a State,
    now: Time,
}

impl Rows for Router<'_> {
    type Of<'a> = Router<'a>;
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

use {leaf, maybe};

/// What fills a node of the top: none if the model has no such node.
type Fill = fn(&Router<'_>, &'static Node) -> Option<Element>;

/// All nodes of the top that have state.
const SOURCES: &[(&str, &str, Fill)] = &[
    ("ietf-interfaces", "interfaces-state", interfaces::ietf),
    ("openconfig-interfaces", "interfaces", interfaces::openconfig),
    ("Cisco-IOS-XE-interfaces-oper", "interfaces", interfaces::cisco),
    ("Cisco-IOS-XE-process-cpu-oper", "cpu-usage", system::cpu),
    ("Cisco-IOS-XE-memory-oper", "memory-statistics", system::memory),
    ("Cisco-IOS-XE-device-hardware-oper", "device-hardware-data", system::hardware),
    ("ietf-yang-library", "modules-state", library::modules),
    ("ietf-netconf-monitoring", "netconf-state", |router, node| {
        netconf::monitoring(router.state, router.now, node)
    }),
    ("ietf-restconf-monitoring", "restconf-state", library::restconf),
    ("nc-notifications", "netconf", library::streams),
];

/// The state below the nodes of the top that are wanted.
pub(crate) fn state(state: &State, now: Time, tops: &Tops) -> Vec<Element> {
    let router = Router { state, now };
    let filled = |(module, name, fill): &(&str, &str, Fill)| {
        let at = SCHEMA.module_of_name(module)?;
        let node = SCHEMA.top.iter().find(|node| node.module == at && node.name == *name)?;
        if tops.holds(node) { fill(&router, node) } else { None }
    };
    SOURCES.iter().filter_map(filled).collect()
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

/// A list below a node, one entry for each of `all`.
fn list<'a, R: Rows>(
    above: &'static Node,
    name: &str,
    leaves: &[&[Leaf<R>]],
    all: impl IntoIterator<Item = R::Of<'a>>,
) -> Option<Element> {
    let entry = above.children.iter().find(|node| node.name == name)?;
    let rows = all.into_iter().filter_map(|one| row(entry, leaves, &one));
    Some(Element::branch(above, rows.collect()))
}
