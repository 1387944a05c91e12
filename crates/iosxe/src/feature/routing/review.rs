//! Brings the running side of routing protocols in line with what they follow: which id each has,
//! and on which interfaces it runs since when.
//!
//! Called after each change of a protocol's configuration and by `track`, which is told of every
//! change of an interface or an address.

use std::collections::BTreeMap;
use std::net::Ipv4Addr;

use cli::InterfaceName;

use super::{Block, Kind, Path, Running, Step, ports};
use crate::device::State;
use crate::feature::logging::Message;
use crate::feature::ospf;
use crate::turn::Turn;

/// Something has changed that a routing protocol follows.
pub(crate) fn review(turn: &mut Turn<'_>) {
    // Until the boot is over, nothing is what it will be.
    if !turn.state.routers.all.is_empty() && turn.state.booted {
        settle(turn);
    }
}

/// The configuration is read and the interfaces are up.
pub(crate) fn boot(turn: &mut Turn<'_>) {
    settle(turn);
}

/// Protocols begin anew, as after `clear ip ospf process`: each takes the id that it would take
/// now.
pub(crate) fn restart(turn: &mut Turn<'_>, wanted: impl Fn(&Step) -> bool) {
    for path in protocols(turn.state) {
        if let Some(block) = turn.state.routers.get_mut(&path).filter(|_| wanted(&path[0])) {
            block.running = Running::default();
        }
    }
    review(turn);
}

/// The way to every block that is a protocol of its own.
fn protocols(state: &State) -> Vec<Path> {
    let mut paths = Vec::new();
    for (step, block) in &state.routers.all {
        match step.kind {
            Kind::Eigrp | Kind::Ospf | Kind::Bgp => paths.push(vec![step.clone()]),
            Kind::EigrpNamed => {}
            Kind::BgpFamily
            | Kind::BgpVrf
            | Kind::EigrpFamily
            | Kind::EigrpInterface
            | Kind::EigrpTopology => continue,
        }
        let families = block.below.keys().filter(|below| below.kind == Kind::EigrpFamily);
        paths.extend(families.map(|below| vec![step.clone(), below.clone()]));
    }
    paths
}

fn settle(turn: &mut Turn<'_>) {
    ospf::follow_vrfs(turn.state);
    for path in protocols(turn.state) {
        let Some(block) = turn.state.routers.get(&path) else { continue };
        let id = id(turn.state, &path, block);
        let Some(block) = turn.state.routers.get_mut(&path) else { continue };
        let is_new = block.running.since.is_none();
        block.running.id = id;
        block.running.since.get_or_insert(turn.now);
        let Some(block) = turn.state.routers.get(&path) else { continue };
        let before = &block.running.ports;
        let since = |name| (name, before.get(&name).copied().unwrap_or(turn.now));
        let ports: BTreeMap<_, _> = up(turn.state, &path, block).into_iter().map(since).collect();
        let Some(block) = turn.state.routers.get_mut(&path) else { continue };
        block.running.ports = ports;
        if is_new && id.is_none() {
            no_id(turn, &path[0]);
        }
    }
}

/// The interfaces on which OSPF waits for a designated router; others keep no time.
fn up(state: &State, path: &Path, block: &Block) -> Vec<InterfaceName> {
    match path[0].kind {
        Kind::Ospf => ospf::process(&path[0], block)
            .map(|process| ospf::up(state, &process))
            .unwrap_or_default(),
        Kind::Eigrp
        | Kind::EigrpNamed
        | Kind::Bgp
        | Kind::BgpFamily
        | Kind::BgpVrf
        | Kind::EigrpFamily
        | Kind::EigrpInterface
        | Kind::EigrpTopology => Vec::new(),
    }
}

/// The id that is configured, else the one that it has, else the highest address of a loopback,
/// else of any interface that is up. Two processes of OSPF never share one.
fn id(state: &State, path: &Path, block: &Block) -> Option<Ipv4Addr> {
    let is_ospf = path[0].kind == Kind::Ospf;
    let words = match path[0].kind {
        Kind::Ospf => "router-id",
        Kind::Bgp | Kind::BgpFamily | Kind::BgpVrf => "bgp router-id",
        Kind::Eigrp
        | Kind::EigrpNamed
        | Kind::EigrpFamily
        | Kind::EigrpInterface
        | Kind::EigrpTopology => "eigrp router-id",
    };
    let configured = block.lines.get(words).and_then(|id| id.parse().ok());
    let taken = |id: &Ipv4Addr| {
        let mut others = state.routers.of(Kind::Ospf).filter(|(step, _)| **step != path[0]);
        is_ospf && others.any(|(_, other)| other.running.id == Some(*id))
    };
    let highest = |loopback: bool| {
        let up = ports(state, block.vrf.as_deref()).filter(|port| port.is_up);
        let own = up.filter(|port| port.is_loopback == loopback).filter_map(|port| port.prefix);
        own.map(|prefix| prefix.address()).filter(|id| !taken(id)).max()
    };
    let known = configured.or(block.running.id);
    known.or_else(|| highest(true)).or_else(|| highest(false))
}

fn no_id(turn: &mut Turn<'_>, step: &Step) {
    match step.kind {
        Kind::Ospf => {
            let process = step.header.trim_start_matches("router ospf ");
            let text = format!(
                "OSPF process {process} failed to allocate unique router-id and cannot start"
            );
            turn.log(Message::new("OSPF", 4, "NORTRID", text));
        }
        Kind::Bgp | Kind::BgpFamily | Kind::BgpVrf => {
            let text = "BGP could not pick a router-id. Please configure manually.";
            turn.log(Message::new("BGP", 4, "NORTRID", text));
        }
        Kind::Eigrp
        | Kind::EigrpNamed
        | Kind::EigrpFamily
        | Kind::EigrpInterface
        | Kind::EigrpTopology => {}
    }
}
