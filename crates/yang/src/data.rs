//! Data of a schema: a tree of elements.

use crate::edit::Operation;
use crate::schema::{Kind, Node};
use crate::types::Type;

/// One container, list entry, leaf, or value of a leaf-list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Element {
    /// What it is an instance of.
    pub node: &'static Node,
    /// What an edit does to it; nothing in data.
    pub operation: Option<Operation>,
    /// What it holds.
    pub content: Content,
}

/// What an element holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Content {
    /// The value of a leaf, in the one form of its type.
    Value(String),
    /// Other elements. The keys of a list come first.
    Elements(Vec<Element>),
}

impl Element {
    /// A leaf, or one value of a leaf-list.
    pub fn leaf(node: &'static Node, value: impl Into<String>) -> Self {
        Element { node, operation: None, content: Content::Value(value.into()) }
    }

    /// A container or a list entry.
    pub fn branch(node: &'static Node, elements: Vec<Element>) -> Self {
        Element { node, operation: None, content: Content::Elements(elements) }
    }

    /// What stands below it; nothing below a leaf.
    pub fn elements(&self) -> &[Element] {
        match &self.content {
            Content::Elements(elements) => elements,
            Content::Value(_) => &[],
        }
    }

    /// The same, to change it.
    pub(crate) fn elements_mut(&mut self) -> Option<&mut Vec<Element>> {
        match &mut self.content {
            Content::Elements(elements) => Some(elements),
            Content::Value(_) => None,
        }
    }

    /// Changes each element below it, which must stay what it is.
    pub fn each_below(&mut self, change: impl FnMut(&mut Element)) {
        self.elements_mut().into_iter().flatten().for_each(change);
    }

    /// The value of a leaf; empty of what is none.
    pub fn value(&self) -> &str {
        match &self.content {
            Content::Value(value) => value,
            Content::Elements(_) => "",
        }
    }

    /// The leaf below it.
    pub fn get(&self, name: &str) -> Option<&str> {
        let found = self.elements().iter().find(|element| element.node.name == name)?;
        Some(found.value())
    }

    /// The values of a list entry's keys, in their order.
    pub fn keys(&self) -> Vec<&str> {
        let keys = self.node.keys().iter();
        keys.map(|key| self.get(key).unwrap_or_default()).collect()
    }

    /// Whether both are the same thing, whatever they hold: of a list, the entry with the same
    /// keys; of a leaf-list, the same value.
    pub fn is_same(&self, other: &Element) -> bool {
        self.node == other.node
            && match self.node.kind {
                Kind::List(_) => self.node.keys().iter().all(|key| self.get(key) == other.get(key)),
                Kind::LeafList(_) => self.value() == other.value(),
                Kind::Container | Kind::Presence | Kind::Leaf(_) => true,
            }
    }

    /// Sets a leaf at this path below it, of the same module; the containers on the way are made. A
    /// leaf-list gets one value more. `None` if there is no such leaf, or the value is none of its
    /// type.
    pub fn set(&mut self, path: &[&str], value: &str) -> Option<()> {
        let (name, rest) = path.split_first()?;
        let node = self.node.children.iter().find(|node| node.name == *name)?;
        let below = self.elements_mut()?;
        match node.leaf_type() {
            Some(Type::Boolean) if value.is_empty() => {
                insert(below, Element::leaf(node, "true"));
            }
            Some(kind) => {
                insert(below, Element::leaf(node, kind.canonical(value)?));
            }
            None => {
                if !below.iter().any(|other| other.node == node) {
                    insert(below, Element::branch(node, Vec::new()));
                }
                let inner = below.iter_mut().find(|other| other.node == node)?;
                inner.set(rest, value)?;
            }
        }
        Some(())
    }

    /// Adds what another instance of the same holds and this does not.
    pub fn add(&mut self, other: Element) {
        let (Some(all), Content::Elements(more)) = (self.elements_mut(), other.content) else {
            return;
        };
        for element in more {
            match all.iter_mut().find(|known| known.is_same(&element)) {
                Some(known) => known.add(element),
                None => {
                    insert(all, element);
                }
            }
        }
    }

    /// Whether it says nothing: a container without presence that is empty.
    pub(crate) fn is_void(&self) -> bool {
        self.node.kind == Kind::Container && self.elements().is_empty()
    }

    /// Its step of a path: `interface[name='Loopback0']`.
    pub(crate) fn step(&self) -> String {
        let quoted = |value: &str| match value.contains('\'') {
            true => format!("\"{value}\""),
            false => format!("'{value}'"),
        };
        let keys = self.node.keys().iter().zip(self.keys());
        let keys: String = keys.map(|(key, value)| format!("[{key}={}]", quoted(value))).collect();
        format!("{}{keys}", self.node.name)
    }
}

/// Puts an element among others: behind those of its own node, or in the order of the schema. Where
/// it stands then.
pub(crate) fn insert(elements: &mut Vec<Element>, element: Element) -> usize {
    let own = element.node.rank;
    let at = elements.iter().position(|other| other.node.rank > own).unwrap_or(elements.len());
    elements.insert(at, element);
    at
}
