//! What data there can be: modules, and the tree of their nodes.

use crate::template::Template;
use crate::types::Type;

/// All modules of a router.
#[derive(Debug, Default)]
pub struct Schema {
    /// The modules, in the order of their tables.
    pub modules: Vec<Module>,
    /// The nodes at the top, of all modules.
    pub top: Vec<Node>,
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
    /// The value that stands for its absence.
    pub default: Option<String>,
    /// The line of a configuration that it is.
    pub(crate) line: Option<Template>,
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

    /// Whether there can be several of it.
    pub fn is_many(&self) -> bool {
        matches!(self.kind, Kind::List(_) | Kind::LeafList(_))
    }
}

/// The node of this name and module.
pub(crate) fn find<'a>(nodes: &'a [Node], module: usize, name: &str) -> Option<&'a Node> {
    nodes.iter().find(|node| node.module == module && node.name == name)
}
