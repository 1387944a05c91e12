//! Between data and the lines of a configuration, by the templates of the tables.

use crate::data::{Content, Element, insert};
use crate::schema::{Node, Schema};
use crate::template::{Part, Slot, Template, Values};
use crate::types::Type;

/// A line of a configuration, and the lines of its block.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Line {
    /// Without its indentation.
    pub text: String,
    /// The block.
    pub below: Vec<Line>,
    /// Which element of data it stands for, as a path; none of a line that was only read.
    pub of: Option<String>,
}

/// What computes the value of a leaf that no line has: its name in the table, and the element that
/// it stands in.
pub type Compute<'a> = dyn Fn(&str, &Element) -> Option<String> + 'a;

/// The data that the lines of a configuration are.
pub fn read_lines(schema: &'static Schema, lines: &[Line], compute: &Compute<'_>) -> Vec<Element> {
    read_level(&schema.top, lines, compute)
}

/// A node with a line, and the nodes between the level and it.
type Candidate = (Vec<&'static Node>, &'static Node, &'static Template);

/// The nodes whose lines stand at the level of `nodes`.
fn candidates(nodes: &'static [Node], above: &[&'static Node], all: &mut Vec<Candidate>) {
    for node in nodes.iter().filter(|node| node.is_config) {
        if let Some(template) = &node.line {
            all.push((above.to_vec(), node, template));
            if template.is_block() {
                continue;
            }
        }
        let mut here = above.to_vec();
        here.push(node);
        candidates(&node.children, &here, all);
    }
}

fn read_level(nodes: &'static [Node], lines: &[Line], compute: &Compute<'_>) -> Vec<Element> {
    let mut all = Vec::new();
    candidates(nodes, &[], &mut all);
    let mut elements = Vec::new();
    for line in lines {
        for (path, node, template) in &all {
            let Some(values) = template.matches(&line.text) else { continue };
            let Some(element) = element(node, template, &values) else { continue };
            let Some(at) = place(&mut elements, nodes, path, &values) else { continue };
            let order = path.last().map_or(nodes, |above| &above.children);
            let known = at.iter().position(|other| other.is_same(&element));
            let known = known.unwrap_or_else(|| {
                insert(at, order, element.clone());
                at.iter().position(|other| other.is_same(&element)).unwrap_or_default()
            });
            if node.leaf_type().is_some() {
                at[known] = element;
            } else if template.is_block()
                && let Some(below) = at[known].elements_mut()
            {
                for inner in read_level(&node.children, &line.below, compute) {
                    insert(below, &node.children, inner);
                }
            } else if let Some(below) = at[known].elements_mut() {
                for value in element.elements() {
                    if !below.iter().any(|other| other.is_same(value)) {
                        insert(below, &node.children, value.clone());
                    }
                }
            }
            let known = &mut at[known];
            absent(known, compute);
        }
    }
    elements
}

/// Leaves that say something when their line is not there, and those that are computed.
fn absent(element: &mut Element, compute: &Compute<'_>) {
    let node = element.node;
    for leaf in &node.children {
        let value = match &leaf.line {
            Some(Template::Line { is_negative: true, .. }) => Some("true".to_owned()),
            Some(Template::Computed(name)) => compute(name, element),
            Some(Template::Line { .. }) | None => None,
        };
        if let (Some(value), Some(below)) = (value, element.elements_mut())
            && !below.iter().any(|other| other.node == leaf)
        {
            let new = match leaf.leaf_type() {
                Some(_) => Element::leaf(leaf, value),
                None => Element::branch(leaf, Vec::new()),
            };
            insert(below, &node.children, new);
        }
    }
}

/// The element of a line's values; `None` when one is none of its type.
fn element(node: &'static Node, template: &Template, values: &Values) -> Option<Element> {
    if let Some(kind) = node.leaf_type() {
        let own = values.iter().find(|(slot, _)| slot.up == 0).map(|(_, value)| value.as_str());
        let negative = matches!(template, Template::Line { is_negative: true, .. });
        let text = match (kind, own) {
            (_, Some(own)) => own,
            (Type::Boolean, None) if negative => "false",
            (Type::Boolean, None) => "true",
            (_, None) => "",
        };
        return Some(Element::leaf(node, kind.canonical(text)?));
    }
    let mut element = Element::branch(node, Vec::new());
    for (slot, value) in values.iter().filter(|(slot, _)| slot.up == 0) {
        let path: Vec<&str> = slot.path.iter().map(String::as_str).collect();
        element.set(&path, value)?;
    }
    // An entry without one of its keys is none.
    let has = |key: &String| element.get(key).is_some();
    node.keys().iter().all(has).then_some(element)
}

/// The elements below the last node of a path, which is made where it is not there.
fn place<'a>(
    elements: &'a mut Vec<Element>,
    order: &'static [Node],
    path: &[&'static Node],
    values: &Values,
) -> Option<&'a mut Vec<Element>> {
    let Some((node, rest)) = path.split_first() else { return Some(elements) };
    let mut wanted = Element::branch(node, Vec::new());
    for key in node.keys() {
        let is_key =
            |(slot, _): &&(Slot, String)| slot.up == rest.len() + 1 && slot.path == [key.as_str()];
        let (_, value) = values.iter().find(is_key)?;
        wanted.set(&[key.as_str()], value)?;
    }
    let known = elements.iter().position(|element| element.is_same(&wanted));
    let at = known.unwrap_or_else(|| {
        insert(elements, order, wanted.clone());
        elements.iter().position(|element| element.is_same(&wanted)).unwrap_or_default()
    });
    place(elements[at].elements_mut()?, &node.children, rest, values)
}

/// The lines that data stands for. What no line has is left out.
pub fn write_lines(elements: &[Element]) -> Vec<Line> {
    let mut lines = Vec::new();
    write_level(elements, &mut Vec::new(), &mut lines);
    lines
}

fn write_level<'a>(elements: &'a [Element], above: &mut Vec<&'a Element>, lines: &mut Vec<Line>) {
    for element in elements {
        above.push(element);
        match &element.node.line {
            Some(template) => {
                let text =
                    is_there(element, template).then(|| template.line(&|slot| value(above, slot)));
                let mut below = Vec::new();
                write_level(element.elements(), above, &mut below);
                match text.flatten() {
                    Some(text) if template.is_block() => {
                        lines.push(Line { text, below, of: path(above) });
                    }
                    Some(text) => {
                        lines.push(Line { text, below: Vec::new(), of: path(above) });
                        lines.extend(below);
                    }
                    None => lines.extend(below),
                }
            }
            None => write_level(element.elements(), above, lines),
        }
        above.pop();
    }
}

fn path(above: &[&Element]) -> Option<String> {
    Some(above.iter().map(|element| element.step()).collect::<Vec<_>>().join("/"))
}

/// Whether an element has its line: a boolean may be the one without.
fn is_there(element: &Element, template: &Template) -> bool {
    let Template::Line { is_negative, parts, .. } = template else { return false };
    let has_value = parts.iter().any(|part| !matches!(part, Part::Word(_)));
    match element.node.leaf_type() {
        Some(Type::Boolean) if !has_value => (element.value() == "true") != *is_negative,
        Some(_) | None => true,
    }
}

/// The value of a slot, seen from the last of these elements.
fn value(above: &[&Element], slot: &Slot) -> Option<String> {
    let mut element = *above.get(above.len().checked_sub(slot.up + 1)?)?;
    for name in &slot.path {
        element = element.elements().iter().find(|below| below.node.name == *name)?;
    }
    match &element.content {
        Content::Value(value) => {
            let is_off = element.node.leaf_type() == Some(&Type::Boolean) && value == "false";
            (!is_off).then(|| value.clone())
        }
        Content::Elements(_) => None,
    }
}

/// One line that is typed, and the lines of the blocks in which it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Command {
    /// The lines that open the blocks, the outermost first.
    pub within: Vec<String>,
    /// The line.
    pub line: String,
}

/// The commands that lead from the lines `before` to the lines `after`.
///
/// A line whose leaf has another value is typed over, as a person would; it goes first only where
/// the new one says less.
pub fn commands(before: &[Line], after: &[Line]) -> Vec<Command> {
    let mut all = Vec::new();
    lead(before, after, &[], &mut all);
    all
}

fn find<'a>(lines: &'a [Line], text: &str) -> Option<&'a Line> {
    lines.iter().find(|line| line.text == text)
}

fn lead(before: &[Line], after: &[Line], within: &[String], all: &mut Vec<Command>) {
    let words = |line: &Line| line.text.split(' ').count();
    let mut add = |line: String| {
        let command = Command { within: within.to_vec(), line };
        if !all.contains(&command) {
            all.push(command);
        }
    };
    for line in before.iter().filter(|line| find(after, &line.text).is_none()) {
        let new = after.iter().find(|new| new.of.is_some() && new.of == line.of);
        if new.is_none_or(|new| words(new) < words(line)) {
            add(match line.text.strip_prefix("no ") {
                Some(positive) => positive.to_owned(),
                None => format!("no {}", line.text),
            });
        }
    }
    for line in after.iter().filter(|line| find(before, &line.text).is_none()) {
        add(line.text.clone());
    }
    for line in after {
        let mut inner = within.to_vec();
        inner.push(line.text.clone());
        let known = find(before, &line.text);
        lead(known.map_or(&[], |known| &known.below), &line.below, &inner, all);
    }
}

impl Node {
    /// Whether a line stands for it, or for something below it.
    pub fn has_line(&self) -> bool {
        self.line.is_some() || self.children.iter().any(Node::has_line)
    }

    /// The line that it is, as the table has it.
    pub fn twin(&self) -> Option<String> {
        let template = self.line.as_ref()?;
        let name = |slot: &Slot| Some(format!("<{}>", slot.path.last().unwrap_or(&self.name)));
        template.line(&name)
    }
}
