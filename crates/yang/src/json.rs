//! Data as JSON (RFC 7951).

use serde_json::{Map, Value};

use crate::data::{Content, Element};
use crate::error::{Error, Tag};
use crate::schema::{Node, Schema, find};
use crate::types::Type;
use crate::xml::{DEPTH_MAX, with_keys_first};

/// The members of an object: of the top level, or with the names of another module, each with its
/// module in front.
pub fn write_json(
    schema: &Schema,
    elements: &[Element],
    above: Option<usize>,
) -> Map<String, Value> {
    let mut members = Map::new();
    for element in elements {
        let node = element.node;
        let name = match above == Some(node.module) {
            true => node.name.clone(),
            false => format!("{}:{}", schema.module(node).name, node.name),
        };
        let value = match &element.content {
            Content::Value(value) => leaf(node, value),
            Content::Elements(elements) => {
                Value::Object(write_json(schema, elements, Some(node.module)))
            }
        };
        if !node.is_many() {
            members.insert(name, value);
            continue;
        }
        let all = members.entry(name).or_insert_with(|| Value::Array(Vec::new()));
        if let Value::Array(all) = all {
            all.push(value);
        }
    }
    members
}

fn leaf(node: &Node, value: &str) -> Value {
    match node.leaf_type() {
        Some(Type::Empty) => Value::Array(vec![Value::Null]),
        Some(Type::Boolean) => Value::Bool(value == "true"),
        Some(kind) if kind.is_json_number() => {
            let number = value.parse::<i64>().map(Value::from);
            number.unwrap_or_else(|_| Value::String(value.to_owned()))
        }
        Some(_) | None => Value::String(value.to_owned()),
    }
}

/// Reads the members of an object, below `parent` or at the top.
///
/// # Errors
/// What the schema does not have, a value that is none of its type, an entry without its keys.
pub fn read_json(
    schema: &'static Schema,
    parent: Option<&'static Node>,
    members: &Map<String, Value>,
) -> Result<Vec<Element>, Error> {
    let nodes = parent.map_or(&schema.top, |parent| &parent.children);
    let module = parent.map(|parent| parent.module);
    read_members(schema, nodes, module, members, "", 0)
}

fn read_members(
    schema: &'static Schema,
    nodes: &'static [Node],
    above: Option<usize>,
    members: &Map<String, Value>,
    path: &str,
    depth: usize,
) -> Result<Vec<Element>, Error> {
    if depth > DEPTH_MAX {
        return Err(Error::new(Tag::MalformedMessage, "nested too deep"));
    }
    let mut elements = Vec::new();
    for (name, value) in members {
        let node = node_of(schema, nodes, above, name, path)?;
        let here = format!("{path}/{name}");
        // With the module's name and without.
        if elements.iter().any(|other: &Element| other.node == node) {
            return Err(Error::new(Tag::BadElement, "given twice").element(name).at(path));
        }
        match (node.is_many(), value) {
            (true, Value::Array(all)) => {
                for one in all {
                    elements.push(read_one(schema, node, one, &here, depth)?);
                }
            }
            // IOS XE gives one entry of a list as an object, and takes it so.
            (true, one @ Value::Object(_)) => {
                elements.push(read_one(schema, node, one, &here, depth)?);
            }
            (true, _) => return Err(invalid(node, value, &here)),
            (false, value) => elements.push(read_one(schema, node, value, &here, depth)?),
        }
    }
    Ok(elements)
}

fn node_of(
    schema: &'static Schema,
    nodes: &'static [Node],
    above: Option<usize>,
    name: &str,
    path: &str,
) -> Result<&'static Node, Error> {
    let unknown = || {
        Error::new(Tag::UnknownElement, format!("unknown element: {name}")).element(name).at(path)
    };
    let (module, bare) = match name.split_once(':') {
        Some((module, bare)) => (schema.module_of_name(module).ok_or_else(unknown)?, bare),
        None => (above.ok_or_else(unknown)?, name),
    };
    find(nodes, module, bare).ok_or_else(unknown)
}

fn invalid(node: &Node, value: &Value, path: &str) -> Error {
    let text = match value {
        Value::String(text) => text.clone(),
        other => other.to_string().chars().take(100).collect(),
    };
    let message = format!("\"{text}\" is not a valid value.");
    Error::new(Tag::InvalidValue, message).element(&node.name).at(path)
}

fn read_one(
    schema: &'static Schema,
    node: &'static Node,
    value: &Value,
    path: &str,
    depth: usize,
) -> Result<Element, Error> {
    let wrong = || invalid(node, value, path);
    let Some(kind) = node.leaf_type() else {
        let Value::Object(members) = value else { return Err(wrong()) };
        let below =
            read_members(schema, &node.children, Some(node.module), members, path, depth + 1)?;
        return Ok(Element::branch(node, with_keys_first(node, below, path)?));
    };
    let text = match (kind, value) {
        (Type::Empty, Value::Array(all)) if matches!(all[..], [Value::Null]) => String::new(),
        (Type::Empty, Value::Null) => String::new(),
        (Type::Empty, _) => return Err(wrong()),
        (_, Value::String(text)) => text.clone(),
        (Type::Boolean, Value::Bool(on)) => on.to_string(),
        // Clients give large numbers bare, and numbers for the names of ports.
        (_, Value::Number(number)) => number.to_string(),
        _ => return Err(wrong()),
    };
    Ok(Element::leaf(node, kind.canonical(&text).ok_or_else(wrong)?))
}
