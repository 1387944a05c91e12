//! What of the data somebody wants: subtree filters (RFC 6241 section 6) and paths.

use roxmltree::Node as Xml;

use crate::data::{Content, Element};
use crate::path::{Path, Step};
use crate::schema::{Kind, Node, Schema};

/// What somebody wants.
#[derive(Clone, Debug)]
pub enum Filter<'a, 'input> {
    /// The element `filter` of a subtree filter.
    Subtree(Xml<'a, 'input>),
    /// What any of these leads to. A prefix is a namespace that is declared, or a module.
    Paths(Vec<Path>, Vec<(String, String)>),
}

/// The nodes of the top that somebody wants something of.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Tops {
    /// All of them.
    #[default]
    All,
    /// These.
    Only(Vec<&'static Node>),
}

impl Tops {
    /// Whether something of this node is wanted.
    pub fn holds(&self, node: &Node) -> bool {
        match self {
            Tops::All => true,
            Tops::Only(all) => all.contains(&node),
        }
    }
}

impl Filter<'_, '_> {
    /// Where at the top the data begins that it may select.
    pub fn tops(&self, schema: &'static Schema) -> Tops {
        let only = |wanted: &dyn Fn(&Node) -> bool| {
            Tops::Only(schema.top.iter().filter(|node| wanted(node)).collect())
        };
        match self {
            Filter::Subtree(filter) => only(&|node| {
                let mut all = filter.children().filter(Xml::is_element);
                all.any(|xml| names(schema, xml, node))
            }),
            Filter::Paths(paths, _) => {
                let firsts: Vec<&Step> =
                    paths.iter().filter_map(|path| path.steps.first()).collect();
                if firsts.iter().any(|step| step.is_deep) {
                    return Tops::All;
                }
                only(&|node| firsts.iter().any(|step| step.name == "*" || step.name == node.name))
            }
        }
    }
}

/// The parts of the data that a filter selects.
pub fn select(schema: &Schema, data: &[Element], filter: &Filter<'_, '_>) -> Vec<Element> {
    match filter {
        Filter::Subtree(filter) => {
            let wanted: Vec<_> = filter.children().filter(Xml::is_element).collect();
            each(data, |element| {
                let of_element = wanted.iter().filter(|xml| names(schema, **xml, element.node));
                merged(of_element.filter_map(|xml| subtree(schema, element, *xml)))
            })
        }
        Filter::Paths(paths, prefixes) => each(data, |element| {
            merged(paths.iter().filter_map(|path| along(schema, prefixes, element, &path.steps)))
        }),
    }
}

fn each(data: &[Element], mut pick: impl FnMut(&Element) -> Option<Element>) -> Vec<Element> {
    data.iter().filter_map(&mut pick).collect()
}

/// Several selections of the same element in one.
fn merged(selections: impl Iterator<Item = Element>) -> Option<Element> {
    selections.reduce(|mut one, other| {
        if let (Content::Elements(all), Content::Elements(more)) = (&mut one.content, other.content)
        {
            for element in more {
                match all.iter_mut().find(|known| known.is_same(&element)) {
                    Some(known) => {
                        let both = [known.clone(), element].into_iter();
                        if let Some(both) = merged(both) {
                            *known = both;
                        }
                    }
                    None => all.push(element),
                }
            }
            let order = &one.node.children;
            all.sort_by_key(|element| order.iter().position(|node| node == element.node));
        }
        one
    })
}

/// Whether an element of a filter names this node. Without a namespace it names any.
fn names(schema: &Schema, xml: Xml<'_, '_>, node: &Node) -> bool {
    let namespace = xml.tag_name().namespace().unwrap_or_default();
    xml.tag_name().name() == node.name
        && (matches!(namespace, "" | "urn:ietf:params:xml:ns:netconf:base:1.0")
            || namespace == schema.module(node).namespace)
}

fn subtree(schema: &Schema, element: &Element, xml: Xml<'_, '_>) -> Option<Element> {
    let children: Vec<_> = xml.children().filter(Xml::is_element).collect();
    let text: String = xml.children().filter_map(|child| child.text()).collect();
    if element.node.leaf_type().is_some() {
        let fits = text.trim().is_empty() || is_value(element, text.trim());
        return fits.then(|| element.clone());
    }
    if children.is_empty() {
        return Some(element.clone());
    }
    // Leaves with a value say which instances are meant; with those alone, all of each is.
    let is_match = |xml: &Xml<'_, '_>| {
        let has_text = xml.children().any(|child| {
            child.is_text() && child.text().is_some_and(|text| !text.trim().is_empty())
        });
        has_text && !xml.children().any(|child| child.is_element())
    };
    let (matches, selects): (Vec<_>, Vec<_>) = children.into_iter().partition(is_match);
    let holds = |xml: &Xml<'_, '_>| {
        element
            .elements()
            .iter()
            .any(|below| names(schema, *xml, below.node) && subtree(schema, below, *xml).is_some())
    };
    if !matches.iter().all(holds) {
        return None;
    }
    if selects.is_empty() {
        return Some(element.clone());
    }
    let below = each(element.elements(), |below| {
        let picked: Vec<_> = matches.iter().chain(&selects).collect();
        let of_below = picked.into_iter().filter(|xml| names(schema, **xml, below.node));
        merged(of_below.filter_map(|xml| subtree(schema, below, *xml)))
    });
    some(element, below)
}

/// The element with a part of what stands below it; nothing if that is nothing. An entry that is
/// selected in part has its keys.
fn some(element: &Element, mut below: Vec<Element>) -> Option<Element> {
    if below.is_empty() {
        return None;
    }
    if let Kind::List(keys) = &element.node.kind {
        for (at, key) in keys.iter().enumerate() {
            if !below.iter().any(|leaf| leaf.node.name == *key)
                && let Some(leaf) = element.elements().iter().find(|leaf| leaf.node.name == *key)
            {
                below.insert(at.min(below.len()), leaf.clone());
            }
        }
    }
    Some(Element::branch(element.node, below))
}

fn is_value(element: &Element, text: &str) -> bool {
    let canonical = element.node.leaf_type().and_then(|kind| kind.canonical(text));
    canonical.as_deref() == Some(element.value())
}

fn along(
    schema: &Schema,
    prefixes: &[(String, String)],
    element: &Element,
    steps: &[Step],
) -> Option<Element> {
    let Some((step, rest)) = steps.split_first() else { return Some(element.clone()) };
    let below = |steps: &[Step]| {
        let found = each(element.elements(), |below| along(schema, prefixes, below, steps));
        some(element, found)
    };
    let here = fits(schema, prefixes, element, step).then(|| match rest {
        [] => Some(element.clone()),
        rest => below(rest),
    });
    let deeper = step.is_deep.then(|| below(steps));
    merged(here.flatten().into_iter().chain(deeper.flatten()))
}

fn fits(schema: &Schema, prefixes: &[(String, String)], element: &Element, step: &Step) -> bool {
    let module = schema.module(element.node);
    let is_prefix = |prefix: &String| {
        let declared = prefixes.iter().find(|(known, _)| known == prefix);
        declared.is_some_and(|(_, namespace)| *namespace == module.namespace)
            || *prefix == module.prefix
            || *prefix == module.name
    };
    let holds = |(name, value): &(String, String)| {
        let mut all = element.elements().iter();
        all.any(|leaf| leaf.node.name == *name && is_value(leaf, value))
    };
    (step.name == "*" || step.name == element.node.name)
        && step.prefix.as_ref().is_none_or(is_prefix)
        && step.predicates.iter().all(holds)
}
