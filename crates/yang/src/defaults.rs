//! Leaves at their default: RFC 6243, the modes of `with-defaults`.
//!
//! Add them to the data before something of it is selected, so that a filter finds them.

use crate::data::{Content, Element, insert};
use crate::schema::{Kind, Node};

/// Adds the leaves that are not there and have a default: `report-all`.
///
/// At the top, only below what is there: a router shows no module that it has nothing of.
pub fn add_defaults(elements: &mut Vec<Element>) {
    for element in elements {
        let node = element.node;
        let Some(below) = element.elements_mut() else { continue };
        for child in &node.children {
            if !below.iter().any(|known| known.node == child)
                && let Some(new) = absent(child)
            {
                insert(below, new);
            }
        }
        add_defaults(below);
    }
}

/// What stands for the absence of a node. A container without presence is there when something
/// below it is (RFC 7950 section 7.5.1).
fn absent(node: &'static Node) -> Option<Element> {
    match &node.kind {
        Kind::Leaf(_) => Some(Element::leaf(node, node.default.clone()?)),
        Kind::Container => {
            let below: Vec<Element> = node.children.iter().filter_map(absent).collect();
            (!below.is_empty()).then(|| Element::branch(node, below))
        }
        Kind::Presence | Kind::List(_) | Kind::LeafList(_) => None,
    }
}

/// Takes away the leaves at their default: `trim`. Containers that hold nothing any more go too.
pub fn trim_defaults(elements: &mut Vec<Element>) {
    elements.retain_mut(|element| {
        if is_default(element) {
            return false;
        }
        let was_void = element.is_void();
        if let Some(below) = element.elements_mut() {
            trim_defaults(below);
        }
        was_void || !element.is_void()
    });
}

/// Whether a leaf has the value that stands for its absence.
pub(crate) fn is_default(element: &Element) -> bool {
    match &element.content {
        Content::Value(value) => element.node.default.as_ref() == Some(value),
        Content::Elements(_) => false,
    }
}
