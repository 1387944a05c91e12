//! Data as XML (RFC 7950 section 7).

use roxmltree::{Node as Xml, NodeType};

use crate::data::{Content, Element};
use crate::defaults::is_default;
use crate::edit::Operation;
use crate::error::{Error, Kind as Layer, Tag};
use crate::schema::{Kind, Node, Schema, find};
use crate::types::Type;

/// How deep elements may be nested.
pub const DEPTH_MAX: usize = 64;
/// The namespace of NETCONF: of its messages, and of the attribute `operation`.
const NETCONF: &str = "urn:ietf:params:xml:ns:netconf:base:1.0";
/// The namespace of the attribute that marks a default (RFC 6243 section 6).
const WITH_DEFAULTS: &str = "urn:ietf:params:xml:ns:netconf:default:1.0";

/// Text as it stands in XML.
pub fn escaped(text: &str) -> String {
    // What XML 1.0 has no form for is left out.
    let is_legal = |c: &char| matches!(c, '\t' | '\n' | '\r' | ' '..);
    let legal: String = text.chars().filter(is_legal).collect();
    quick_xml::escape::escape(legal.as_str()).into_owned()
}

/// Appends elements, each of the top level with the namespace of its module.
pub fn write_xml(schema: &Schema, elements: &[Element], text: &mut String) {
    elements.iter().for_each(|element| write(schema, element, None, false, text));
}

/// The same, with `wd:default="true"` at each leaf that has the value of its absence (RFC 6243
/// section 6).
pub fn write_xml_tagged(schema: &Schema, elements: &[Element], text: &mut String) {
    elements.iter().for_each(|element| write(schema, element, None, true, text));
}

fn write(schema: &Schema, element: &Element, above: Option<usize>, tags: bool, text: &mut String) {
    let node = element.node;
    let name = &node.name;
    text.push('<');
    text.push_str(name);
    if above != Some(node.module) {
        text.push_str(&format!(" xmlns=\"{}\"", escaped(&schema.module(node).namespace)));
    }
    if tags && is_default(element) {
        text.push_str(&format!(" xmlns:wd=\"{WITH_DEFAULTS}\" wd:default=\"true\""));
    }
    match &element.content {
        Content::Value(value) if value.is_empty() => text.push_str("/>"),
        Content::Value(value) => {
            let value = value.as_str();
            if let Some(Type::Identity { module, .. }) = node.leaf_type()
                && let Some(at) = schema.module_of_name(module)
            {
                let Module { namespace, prefix } = Module::of(schema, at);
                text.push_str(&format!(" xmlns:{prefix}=\"{}\"", escaped(namespace)));
                let bare = value.rsplit(':').next().unwrap_or(value);
                text.push_str(&format!(">{prefix}:{bare}</{name}>"));
                return;
            }
            text.push('>');
            text.push_str(&escaped(value));
            text.push_str(&format!("</{name}>"));
        }
        Content::Elements(elements) if elements.is_empty() => text.push_str("/>"),
        Content::Elements(elements) => {
            text.push('>');
            elements.iter().for_each(|below| {
                write(schema, below, Some(node.module), tags, text);
            });
            text.push_str(&format!("</{name}>"));
        }
    }
}

/// What is needed of a module to name something of it.
struct Module<'a> {
    namespace: &'a str,
    prefix: &'a str,
}

impl<'a> Module<'a> {
    fn of(schema: &'a Schema, at: usize) -> Self {
        let module = &schema.modules[at];
        Module { namespace: &module.namespace, prefix: &module.prefix }
    }
}

/// Reads the elements below `parent`, with the operations that stand at them.
///
/// # Errors
/// What the schema does not have, a value that is none of its type, an entry without its keys.
pub fn read_xml(schema: &'static Schema, parent: Xml<'_, '_>) -> Result<Vec<Element>, Error> {
    read_below(schema, &schema.top, parent, "", 0)
}

/// The same, where they stand below an element of this node.
///
/// # Errors
/// As [`read_xml`].
pub fn read_xml_below(
    schema: &'static Schema,
    above: &'static Node,
    parent: Xml<'_, '_>,
) -> Result<Vec<Element>, Error> {
    read_below(schema, &above.children, parent, "", 0)
}

fn read_below(
    schema: &'static Schema,
    nodes: &'static [Node],
    parent: Xml<'_, '_>,
    path: &str,
    depth: usize,
) -> Result<Vec<Element>, Error> {
    if depth > DEPTH_MAX {
        return Err(Error::new(Tag::MalformedMessage, "nested too deep").of(Layer::Rpc));
    }
    let mut elements: Vec<Element> = Vec::new();
    for child in parent.children() {
        match child.node_type() {
            NodeType::Element => {}
            NodeType::Text if child.text().is_some_and(|text| !text.trim().is_empty()) => {
                let name = parent.tag_name().name();
                let message = "text where only elements can be";
                return Err(Error::new(Tag::BadElement, message).element(name).at(path));
            }
            NodeType::Text | NodeType::Comment | NodeType::PI | NodeType::Root => continue,
        }
        let node = node_of(schema, nodes, child, path)?;
        let element = read_one(schema, node, child, path, depth)?;
        if !node.is_many() && elements.iter().any(|other| other.node == node) {
            let name = node.name.as_str();
            return Err(Error::new(Tag::BadElement, "given twice").element(name).at(path));
        }
        elements.push(element);
    }
    Ok(elements)
}

fn node_of(
    schema: &'static Schema,
    nodes: &'static [Node],
    child: Xml<'_, '_>,
    path: &str,
) -> Result<&'static Node, Error> {
    let name = child.tag_name().name();
    let namespace = child.tag_name().namespace().unwrap_or_default();
    let Some(module) = schema.module_of_namespace(namespace) else {
        let message = format!("unknown namespace {namespace}");
        return Err(Error::new(Tag::UnknownNamespace, message).element(name).at(path));
    };
    find(nodes, module, name).ok_or_else(|| {
        Error::new(Tag::UnknownElement, format!("unknown element: {name}")).element(name).at(path)
    })
}

fn read_one(
    schema: &'static Schema,
    node: &'static Node,
    xml: Xml<'_, '_>,
    path: &str,
    depth: usize,
) -> Result<Element, Error> {
    let here = format!("{path}/{}", node.name);
    let operation = operation(xml, &here)?;
    let content = match &node.kind {
        Kind::Leaf(kind) | Kind::LeafList(kind) => {
            if xml.children().any(|child| child.is_element()) {
                let message = "elements where only a value can be";
                return Err(Error::new(Tag::BadElement, message).element(&node.name).at(here));
            }
            let text: String = xml.children().filter_map(|child| child.text()).collect();
            // What is deleted need not have its value.
            let deletes = matches!(operation, Some(Operation::Delete | Operation::Remove));
            let value = kind.canonical(&text).or_else(|| deletes.then(String::new));
            let wrong = || {
                let message = format!("\"{text}\" is not a valid value.");
                Error::new(Tag::InvalidValue, message).element(&node.name).at(here)
            };
            Content::Value(value.ok_or_else(wrong)?)
        }
        Kind::Container | Kind::Presence | Kind::List(_) => {
            let below = read_below(schema, &node.children, xml, &here, depth + 1)?;
            Content::Elements(with_keys_first(node, below, &here)?)
        }
    };
    Ok(Element { node, operation, content })
}

/// The keys of an entry in front of the rest.
pub(crate) fn with_keys_first(
    node: &Node,
    elements: Vec<Element>,
    path: &str,
) -> Result<Vec<Element>, Error> {
    let rank = |element: &Element| {
        let at = node.keys().iter().position(|key| *key == element.node.name);
        at.unwrap_or(usize::MAX)
    };
    for key in node.keys() {
        if !elements.iter().any(|element| element.node.name == *key) {
            let message = format!("key {key} is missing");
            return Err(Error::new(Tag::MissingElement, message).element(key).at(path));
        }
    }
    let mut elements = elements;
    elements.sort_by_key(rank);
    Ok(elements)
}

fn operation(xml: Xml<'_, '_>, path: &str) -> Result<Option<Operation>, Error> {
    let Some(word) = xml.attribute((NETCONF, "operation")) else { return Ok(None) };
    let wrong = || {
        let name = xml.tag_name().name();
        let message = format!("unknown operation {word}");
        Error::new(Tag::BadAttribute, message).attribute("operation", name).at(path)
    };
    Operation::named(word).map(Some).ok_or_else(wrong)
}
