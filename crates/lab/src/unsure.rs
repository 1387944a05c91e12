//! What a topology that could not be read whole leaves open: a mistake there must not be told again
//! as one of every file that refers to it.
//!
//! Asked by whoever is about to report an unknown node or interface.

use std::collections::BTreeSet;

use topology::Topology;

/// The names that may mean something although nothing is known of them.
#[derive(Debug, Default)]
pub(crate) struct Unsure {
    /// Whether there may be nodes that could not be read.
    nodes: bool,
    /// Nodes of which something could not be read, their startup-config for one.
    misread: BTreeSet<String>,
}

impl Unsure {
    pub(crate) fn of(topology: &Topology) -> Self {
        let misread = topology.nodes.values().filter(|node| !node.whole);
        Unsure { nodes: !topology.whole, misread: misread.map(|node| node.name.clone()).collect() }
    }

    /// Whether a node that is not known may exist.
    pub(crate) fn about_nodes(&self) -> bool {
        self.nodes
    }

    /// Whether a node may have an interface that it seems not to have.
    pub(crate) fn about_interfaces(&self, node: &str) -> bool {
        self.misread.contains(node)
    }
}
