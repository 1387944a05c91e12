//! What routing protocols have in common: their blocks of configuration, the router ids that they
//! run with, and `show ip protocols`.
//!
//! The protocols are configured and never meet a neighbor: no packet of theirs is sent. What they
//! say of themselves follows from their configuration and from the interfaces, as on a router whose
//! neighbors are silent. Each protocol's folder holds its lines and its tables.

pub(crate) mod block;
pub(crate) mod commands;
pub(crate) mod lines;
pub(crate) mod protocols;
mod review;
pub(crate) mod tokens;

pub(crate) use block::{Block, Kind, Path, Step};
pub(crate) use lines::{Form, Lines, Order};
pub(crate) use review::{boot, restart, review};

use std::collections::BTreeMap;
use std::net::Ipv4Addr;

use cli::InterfaceName;
use simtime::Time;

use crate::config::ConfigText;
use crate::device::State;
use crate::feature::interface::Routed;

/// The routing protocols of one router.
#[derive(Clone, Debug, Default)]
pub(crate) struct Routers {
    pub(crate) all: BTreeMap<Step, Block>,
}

/// What a protocol knows of itself while it runs.
#[derive(Clone, Debug, Default)]
pub(crate) struct Running {
    /// The id that it runs with: it stays when the address goes that it was taken from.
    pub(crate) id: Option<Ipv4Addr>,
    /// When it began.
    pub(crate) since: Option<Time>,
    /// The interfaces that it runs on and that are up, each with when that began.
    pub(crate) ports: BTreeMap<InterfaceName, Time>,
}

impl Routers {
    /// The protocols of one kind, in order.
    pub(crate) fn of(&self, kind: Kind) -> impl Iterator<Item = (&Step, &Block)> {
        self.all.iter().filter(move |(step, _)| step.kind == kind)
    }

    /// One block.
    pub(crate) fn get(&self, path: &[Step]) -> Option<&Block> {
        let (first, rest) = path.split_first()?;
        rest.iter().try_fold(self.all.get(first)?, |block, step| block.below.get(step))
    }

    /// One block, to be changed.
    pub(crate) fn get_mut(&mut self, path: &[Step]) -> Option<&mut Block> {
        let (first, rest) = path.split_first()?;
        rest.iter().try_fold(self.all.get_mut(first)?, |block, step| block.below.get_mut(step))
    }

    /// The lines of a block that change nothing.
    pub(crate) fn kept_mut(&mut self, path: &[Step]) -> Option<&mut crate::feature::inert::Kept> {
        self.get_mut(path).map(|block| &mut block.kept)
    }
}

/// Prints the protocols of these kinds.
pub(crate) fn print(state: &State, kinds: &[Kind], text: &mut ConfigText) {
    for (step, block) in state.routers.all.iter().filter(|(step, _)| kinds.contains(&step.kind)) {
        text.separator();
        block.print(step, 0, text);
        text.separator();
    }
}

/// The interfaces of one VRF, or those of none.
pub(crate) fn ports<'a>(
    state: &'a State,
    vrf: Option<&'a str>,
) -> impl Iterator<Item = Routed<'a>> + 'a {
    state.interfaces.routed(&state.vrfs).filter(move |port| port.vrf == vrf)
}

/// Whether a line may name this interface: a port that the chassis does not have is refused; what
/// is made by its name may come later.
pub(crate) fn may_name(state: &State, name: &InterfaceName) -> bool {
    let is_port = name.kind().is_physical() && name.subinterface().is_none();
    !is_port || state.interfaces.get(name).is_some()
}

/// Whether there is such a VRF.
pub(crate) fn has_vrf(state: &State, name: &str) -> bool {
    state.vrfs.id(name).is_some()
}
