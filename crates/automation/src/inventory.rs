//! What the automation must know of each node: its names, whether it is real, its enable secret.
//!
//! Made by `config` from the topology or inventory file; addresses and passwords stay with the
//! program, which opens sessions.

use std::collections::BTreeMap;

use secrecy::SecretString;
use topology::{NodeKind, Topology};

/// The nodes, by name and alias.
#[derive(Clone, Debug, Default)]
pub(crate) struct Inventory {
    nodes: BTreeMap<String, Device>,
    /// Node names by every name they answer to, in lower case: the loader sees to it that no two
    /// differ in case alone.
    called: BTreeMap<String, String>,
}

/// One node.
#[derive(Clone, Debug)]
pub(crate) struct Device {
    /// Whether it exists outside the simulator.
    pub(crate) real: bool,
    /// The enable secret, or why there is none although the inventory names one.
    pub(crate) enable: Option<Result<SecretString, String>>,
}

impl Inventory {
    pub(crate) fn new(topology: &Topology) -> Self {
        let mut inventory = Inventory::default();
        for (name, node) in &topology.nodes {
            let enable = node.enable.as_ref().map(|secret| secret.value.clone());
            let device = Device { real: node.kind == NodeKind::Real, enable };
            inventory.nodes.insert(name.clone(), device);
            for called in node.aliases.iter().chain([name]) {
                inventory.called.insert(called.to_lowercase(), name.clone());
            }
        }
        inventory
    }

    /// The node of that name.
    pub(crate) fn device(&self, name: &str) -> Option<&Device> {
        self.nodes.get(name)
    }

    /// The name of the node that is called so, by its own name or an alias, in any case.
    pub(crate) fn resolve(&self, called: &str) -> Option<&str> {
        self.called.get(&called.to_lowercase()).map(String::as_str)
    }

    pub(crate) fn names(&self) -> impl Iterator<Item = &str> {
        self.nodes.keys().map(String::as_str)
    }
}
