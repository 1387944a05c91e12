//! What data there can be: modules, and the tree of their nodes.

use std::sync::OnceLock;

use crate::lines::Level;
use crate::template::Template;
use crate::types::Type;

/// All modules of a router.
#[derive(Debug, Default)]
pub struct Schema {
    /// The modules, in the order of their tables.
    pub modules: Vec<Module>,
    /// The nodes at the top, of all modules.
    pub top: Vec<Node>,
    /// The lines that stand in no block.
    pub(crate) level: OnceLock<Level>,
}

/// One module.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Module {
    /// `ietf-interfaces`
    pub name: String,
    /// `urn:ietf:params:xml:ns:yang:ietf-interfaces`
    pub namespace: String,
    /// `if`
    pub prefix: String,
    /// `2014-05-08`
    pub revision: String,
    /// Whether it has only types and identities, and adds no data.
    pub is_import: bool,
    /// The features of it that are here.
    pub features: Vec<String>,
}

/// One node. Compared by address: each is there once.
#[derive(Debug)]
pub struct Node {
    /// Its name in its module.
    pub name: String,
    /// The place of its module in [`Schema::modules`].
    pub module: usize,
    /// What it is.
    pub kind: Kind,
    /// Whether it can be configured; what cannot is state.
    pub is_config: bool,
    /// Whether it must be there where what it stands in is (RFC 7950 section 7.6.5).
    pub is_mandatory: bool,
    /// The choice that it is a case of, and which: with it, no other is there.
    pub case: Option<(String, String)>,
    /// The value that stands for its absence.
    pub default: Option<String>,
    /// The line of a configuration that it is.
    pub(crate) line: Option<Template>,
    /// Its place among those that it stands beside.
    pub(crate) rank: usize,
    /// Whether something of it is there without a line.
    pub(crate) fills: bool,
    /// The lines that stand in its block.
    pub(crate) level: OnceLock<Level>,
    /// What stands below it.
    pub children: Vec<Node>,
}

/// What a node is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Groups other nodes.
    Container,
    /// A container that says something by being there.
    Presence,
    /// Entries, told apart by these leaves.
    List(Vec<String>),
    /// A value.
    Leaf(Type),
    /// Values.
    LeafList(Type),
}

impl PartialEq for Node {
    fn eq(&self, other: &Self) -> bool {
        std::ptr::eq(self, other)
    }
}

impl Eq for Node {}

impl Schema {
    /// The module of a node.
    pub fn module(&self, node: &Node) -> &Module {
        &self.modules[node.module]
    }

    /// The module of this name.
    pub fn module_of_name(&self, name: &str) -> Option<usize> {
        self.modules.iter().position(|module| module.name == name)
    }

    /// The module of this namespace.
    pub fn module_of_namespace(&self, namespace: &str) -> Option<usize> {
        self.modules.iter().position(|module| module.namespace == namespace)
    }

    /// Every node of the tree, with the names above it.
    pub fn walk(&self) -> Vec<(Vec<&Node>, &Node)> {
        fn below<'a>(
            above: &[&'a Node],
            nodes: &'a [Node],
            all: &mut Vec<(Vec<&'a Node>, &'a Node)>,
        ) {
            for node in nodes {
                all.push((above.to_vec(), node));
                let mut here = above.to_vec();
                here.push(node);
                below(&here, &node.children, all);
            }
        }
        let mut all = Vec::new();
        below(&[], &self.top, &mut all);
        all
    }
}

impl Node {
    /// The node below it, of this name and module.
    pub fn child(&self, module: usize, name: &str) -> Option<&Node> {
        find(&self.children, module, name)
    }

    /// The leaves that tell the entries of a list apart.
    pub fn keys(&self) -> &[String] {
        if let Kind::List(keys) = &self.kind { keys } else { &[] }
    }

    /// The type of a leaf or leaf-list.
    pub fn leaf_type(&self) -> Option<&Type> {
        match &self.kind {
            Kind::Leaf(kind) | Kind::LeafList(kind) => Some(kind),
            Kind::Container | Kind::Presence | Kind::List(_) => None,
        }
    }

    /// Whether this leaf below it is one of them.
    pub fn is_key(&self, leaf: &Node) -> bool {
        self.keys().contains(&leaf.name)
    }

    /// Whether both are cases of one choice, and not the same case (RFC 7950 section 7.9).
    pub(crate) fn excludes(&self, other: &Node) -> bool {
        match (&self.case, &other.case) {
            (Some((choice, case)), Some((other_choice, other_case))) => {
                choice == other_choice && case != other_case
            }
            (_, _) => false,
        }
    }

    /// Whether there can be several of it.
    pub fn is_many(&self) -> bool {
        matches!(self.kind, Kind::List(_) | Kind::LeafList(_))
    }
}

/// The node of this name and module.
pub(crate) fn find<'a>(nodes: &'a [Node], module: usize, name: &str) -> Option<&'a Node> {
    nodes.iter().find(|node| node.module == module && node.name == name)
}
