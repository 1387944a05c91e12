//! Where a resource stands: RFC 8040 section 3.5.3.

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};
use yang::{Content, Element, Kind, Node, Schema, Tops};

/// Where everything begins.
pub const ROOT: &str = "/restconf";
/// What stands in a key without being encoded: RFC 3986's unreserved letters.
const KEY: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// A path of data, from the top.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct DataPath {
    steps: Vec<(&'static Node, Vec<String>)>,
}

/// What is wrong with a path.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PathError {
    /// No such node: the words of IOS XE.
    Unknown,
    /// `%` without two digits behind it, or no UTF-8.
    Encoding,
    /// Keys where none belong, or too few or many.
    Keys,
}

/// A value as it stands in a path.
pub fn encoded(value: &str) -> String {
    utf8_percent_encode(value, KEY).to_string()
}

/// The module of a node at the top that is named without one: IOS XE takes it so where only one
/// module has the name (`/restconf/data/netconf-state`).
fn only(schema: &Schema, name: &str) -> Option<usize> {
    let mut all = schema.top.iter().filter(|node| node.name == name);
    all.next().filter(|_| all.next().is_none()).map(|node| node.module)
}

impl DataPath {
    /// Reads what follows `/restconf/data`.
    ///
    /// # Errors
    /// What is no path of this schema.
    pub fn read(schema: &'static Schema, text: &str) -> Result<DataPath, PathError> {
        let mut steps: Vec<(&'static Node, Vec<String>)> = Vec::new();
        for segment in text.split('/').filter(|segment| !segment.is_empty()) {
            let (name, keys) = match segment.split_once('=') {
                Some((name, keys)) => (name, Some(keys)),
                None => (segment, None),
            };
            let name = decoded(name)?;
            let above = steps.last().map(|(node, _)| *node);
            let (module, bare) = match name.split_once(':') {
                Some((module, bare)) => (schema.module_of_name(module), bare),
                None => (above.map_or_else(|| only(schema, &name), |a| Some(a.module)), &name[..]),
            };
            let module = module.ok_or(PathError::Unknown)?;
            let nodes = above.map_or(&schema.top, |above| &above.children);
            let mut found = nodes.iter().filter(|node| node.module == module);
            let node = found.find(|node| node.name == bare).ok_or(PathError::Unknown)?;
            let keys = match keys {
                None => Vec::new(),
                Some(keys) => keys.split(',').map(decoded).collect::<Result<_, _>>()?,
            };
            steps.push((node, fit(node, keys)?));
        }
        // Only the last list may stand for all of its entries.
        let is_open = |(node, keys): &(&Node, Vec<String>)| {
            matches!(node.kind, Kind::List(_) | Kind::LeafList(_)) && keys.is_empty()
        };
        let above_last = steps.len().saturating_sub(1);
        match steps[..above_last].iter().any(is_open) {
            true => Err(PathError::Keys),
            false => Ok(DataPath { steps }),
        }
    }

    /// Whether it is the datastore itself.
    pub fn is_top(&self) -> bool {
        self.steps.is_empty()
    }

    /// Where at the top it begins.
    pub(crate) fn tops(&self) -> Tops {
        self.steps.first().map_or(Tops::All, |(node, _)| Tops::Only(vec![*node]))
    }

    /// The node that it leads to.
    pub fn node(&self) -> Option<&'static Node> {
        self.steps.last().map(|(node, _)| *node)
    }

    /// The node above that one.
    pub(crate) fn above(&self) -> Option<&'static Node> {
        let at = self.steps.len().checked_sub(2)?;
        Some(self.steps[at].0)
    }

    /// Whether it stands for all entries of a list.
    pub(crate) fn is_all(&self) -> bool {
        self.steps.last().is_some_and(|(node, keys)| {
            matches!(node.kind, Kind::List(_) | Kind::LeafList(_)) && keys.is_empty()
        })
    }

    /// Whether an element is the one that the path names, by its keys.
    pub(crate) fn fits(&self, element: &Element) -> bool {
        let Some((node, keys)) = self.steps.last() else { return false };
        element.node == *node && (keys.is_empty() || is_instance(element, keys))
    }

    /// Whether what stands above it is there. Containers of the schema always are.
    pub(crate) fn parent_is_there(&self, data: &[Element]) -> bool {
        let mut here: &[Element] = data;
        let above = self.steps.len().saturating_sub(1);
        for (node, keys) in &self.steps[..above] {
            let found = here.iter().find(|element| {
                element.node == *node && (keys.is_empty() || is_instance(element, keys))
            });
            match found {
                Some(found) => here = found.elements(),
                None if node.kind == Kind::Container => here = &[],
                None => return false,
            }
        }
        true
    }

    /// What it leads to: one element, or all entries of a list.
    pub fn find(&self, data: &[Element]) -> Vec<Element> {
        let Some(((node, keys), above)) = self.steps.split_last() else { return data.to_vec() };
        let mut here: &[Element] = data;
        for (node, keys) in above {
            let found = here.iter().find(|element| {
                element.node == *node && (keys.is_empty() || is_instance(element, keys))
            });
            let Some(found) = found else { return Vec::new() };
            here = found.elements();
        }
        let fits = |element: &&Element| {
            element.node == *node && (keys.is_empty() || is_instance(element, keys))
        };
        here.iter().filter(fits).cloned().collect()
    }

    /// An element in the elements above it, as an edit wants it.
    pub(crate) fn around(&self, elements: Vec<Element>) -> Vec<Element> {
        let above = self.steps.len().saturating_sub(1);
        self.steps[..above].iter().rev().fold(elements, |below, (node, keys)| {
            let mut all = keys_of(node, keys);
            all.extend(below);
            vec![Element::branch(node, all)]
        })
    }

    /// The same of the element itself: what is put in it.
    pub(crate) fn inside(&self, elements: Vec<Element>) -> Vec<Element> {
        match self.steps.last() {
            None => elements,
            Some((node, keys)) => {
                let mut all = keys_of(node, keys);
                all.extend(elements);
                self.around(vec![Element::branch(node, all)])
            }
        }
    }

    /// The element that it names, with its keys alone.
    pub(crate) fn bare(&self) -> Option<Element> {
        let (node, keys) = self.steps.last()?;
        Some(match (&node.kind, keys.first()) {
            (Kind::Leaf(_), _) => Element::leaf(node, ""),
            (Kind::LeafList(_), value) => Element::leaf(node, value.cloned().unwrap_or_default()),
            (Kind::List(_) | Kind::Container | Kind::Presence, _) => {
                Element::branch(node, keys_of(node, keys))
            }
        })
    }

    /// The path of an element below it, for `Location`.
    pub(crate) fn to(&self, schema: &Schema, element: &Element) -> String {
        let mut text = String::new();
        let mut above = None;
        let mut add = |node: &Node, keys: &[String]| {
            text.push('/');
            if above != Some(node.module) {
                text.push_str(&schema.module(node).name);
                text.push(':');
            }
            above = Some(node.module);
            text.push_str(&node.name);
            if !keys.is_empty() {
                let keys: Vec<String> = keys.iter().map(|key| encoded(key)).collect();
                text.push('=');
                text.push_str(&keys.join(","));
            }
        };
        self.steps.iter().for_each(|(node, keys)| add(node, keys));
        let keys: Vec<String> = match &element.content {
            Content::Value(value) if element.node.is_many() => vec![value.clone()],
            Content::Value(_) => Vec::new(),
            Content::Elements(_) => element.keys().iter().map(|key| (*key).to_owned()).collect(),
        };
        add(element.node, &keys);
        text
    }
}

fn decoded(text: &str) -> Result<String, PathError> {
    let bytes = text.as_bytes();
    let is_digit = |at: usize| bytes.get(at).is_some_and(u8::is_ascii_hexdigit);
    let is_whole =
        |(at, byte): (usize, &u8)| *byte != b'%' || (is_digit(at + 1) && is_digit(at + 2));
    if !bytes.iter().enumerate().all(is_whole) {
        return Err(PathError::Encoding);
    }
    let decoded = percent_decode_str(text).decode_utf8().map_err(|_| PathError::Encoding)?;
    Ok(decoded.into_owned())
}

/// The keys in the one form of their types.
fn fit(node: &'static Node, keys: Vec<String>) -> Result<Vec<String>, PathError> {
    let types: Vec<_> = match &node.kind {
        Kind::List(names) => {
            let of = |name: &String| node.child(node.module, name)?.leaf_type();
            names.iter().map(of).collect()
        }
        Kind::LeafList(kind) => vec![Some(kind)],
        Kind::Container | Kind::Presence | Kind::Leaf(_) => Vec::new(),
    };
    if keys.is_empty() {
        return Ok(keys);
    }
    if keys.len() != types.len() {
        return Err(PathError::Keys);
    }
    let canonical = |(key, kind): (String, &Option<&yang::Type>)| {
        // A key that is none of its type names nothing that is there.
        kind.and_then(|kind| kind.canonical(&key)).ok_or(PathError::Unknown)
    };
    keys.into_iter().zip(&types).map(canonical).collect()
}

fn keys_of(node: &'static Node, keys: &[String]) -> Vec<Element> {
    let named = node.keys().iter().zip(keys);
    let leaf = |(name, value): (&String, &String)| {
        Some(Element::leaf(node.child(node.module, name)?, value.clone()))
    };
    named.filter_map(leaf).collect()
}

fn is_instance(element: &Element, keys: &[String]) -> bool {
    match &element.content {
        Content::Value(value) => keys.first() == Some(value),
        Content::Elements(_) => element.keys() == *keys,
    }
}
