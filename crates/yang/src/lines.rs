//! Between data and the lines of a configuration, by the templates of the tables.

use crate::data::{Element, insert};
use crate::error::{Error, Tag};
use crate::schema::{Kind, Node, Schema};
use crate::template::{Part, Said, Sign, Slot, Template, Values};
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
            let Some(said) = template.matches(&line.text, &|slot, value| fits(node, slot, value))
            else {
                continue;
            };
            let Some(element) = element(node, &said) else { continue };
            let Some(at) = place(&mut elements, nodes, path, &said.values) else { continue };
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
            Some(Template::Line { sign: Sign::Negative, .. }) => Some("true".to_owned()),
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

/// Whether a value is one of the leaf that its slot means. Those of entries above are looked at
/// when the entry is found.
fn fits(node: &'static Node, slot: &Slot, value: &str) -> bool {
    slot.up > 0 || slot.leaf(node).is_some_and(|kind| kind.canonical(value).is_some())
}

/// The element of what a line says; `None` when it is none.
fn element(node: &'static Node, said: &Said) -> Option<Element> {
    let Said { values, is_on } = said;
    if let Some(kind) = node.leaf_type() {
        let own = values.iter().find(|(slot, _)| slot.up == 0).map(|(_, value)| value.as_str());
        let text = match (kind, own) {
            (_, Some(own)) => own,
            (Type::Boolean, None) if *is_on => "true",
            (Type::Boolean, None) => "false",
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

/// The lines that data stands for. What no line has is left out: see [`check`].
pub fn write_lines(elements: &[Element]) -> Vec<Line> {
    let mut lines = Vec::new();
    write_level(elements, &mut Vec::new(), &mut lines);
    lines
}

fn write_level<'a>(elements: &'a [Element], above: &mut Vec<&'a Element>, lines: &mut Vec<Line>) {
    for element in elements {
        above.push(element);
        let mut below = Vec::new();
        write_level(element.elements(), above, &mut below);
        match text_of(above) {
            Some(text) if element.node.opens_block() => {
                lines.push(Line { text, below, of: path(above) })
            }
            text => {
                lines.extend(text.map(|text| Line { text, below: Vec::new(), of: path(above) }));
                lines.extend(below);
            }
        }
        above.pop();
    }
}

fn path(above: &[&Element]) -> Option<String> {
    Some(above.iter().map(|element| element.step()).collect::<Vec<_>>().join("/"))
}

/// The line of the last of these elements; `None` when it has none, or cannot have it.
fn text_of(above: &[&Element]) -> Option<String> {
    let element = above.last()?;
    let template = element.node.line.as_ref()?;
    let is_on = element.value() != "false";
    has_line(element, template).then(|| template.line(is_on, &|slot| values(above, slot))).flatten()
}

/// Whether an element has its line: a boolean may be the one without.
fn has_line(element: &Element, template: &Template) -> bool {
    let Template::Line { sign, parts, .. } = template else { return false };
    let has_value = parts.iter().any(|part| !matches!(part, Part::Word(_)));
    match (element.node.leaf_type(), sign) {
        (Some(Type::Boolean), Sign::Positive) if !has_value => element.value() == "true",
        (Some(Type::Boolean), Sign::Negative) => element.value() == "false",
        (Some(_) | None, Sign::Positive | Sign::Negative | Sign::Both) => true,
    }
}

/// The values of a slot, seen from the last of these elements.
fn values(above: &[&Element], slot: &Slot) -> Vec<String> {
    let start = above.len().checked_sub(slot.up + 1).and_then(|at| above.get(at));
    let Some(start) = start else { return Vec::new() };
    let mut here = vec![*start];
    for name in &slot.path {
        let below = here.iter().flat_map(|element| element.elements());
        here = below.filter(|element| element.node.name == *name).collect();
    }
    let is_off =
        |element: &Element| element.node.is_boolean() && matches!(element.value(), "false");
    here.iter().filter(|element| !is_off(element)).map(|leaf| leaf.value().to_owned()).collect()
}

/// Whether what is new in the data can stand in a configuration: every leaf that must be there is,
/// and every line can be written.
///
/// # Errors
/// The first element that is not so.
pub fn check(before: &[Element], after: &[Element]) -> Result<(), Error> {
    check_level(before, after, &mut Vec::new(), "")
}

fn check_level<'a>(
    before: &[Element],
    after: &'a [Element],
    above: &mut Vec<&'a Element>,
    path: &str,
) -> Result<(), Error> {
    for element in after.iter().filter(|element| element.node.is_config) {
        let known = before.iter().find(|known| known.is_same(element));
        if known.is_some_and(|known| known == element) {
            continue;
        }
        let here = format!("{path}/{}", element.step());
        above.push(element);
        check_one(above, &here)?;
        let known = known.map_or(&[][..], Element::elements);
        check_level(known, element.elements(), above, &here)?;
        above.pop();
    }
    Ok(())
}

fn check_one(above: &[&Element], here: &str) -> Result<(), Error> {
    let Some(element) = above.last() else { return Ok(()) };
    let node = element.node;
    let missing = |name: &str| {
        let error = Error::new(Tag::MissingElement, format!("{name} is missing"));
        Err(error.element(name).at(here))
    };
    let has = |leaf: &Node| element.elements().iter().any(|below| *below.node == *leaf);
    let is_computed = |leaf: &Node| matches!(leaf.line, Some(Template::Computed(_)));
    let must_be = |leaf: &&Node| leaf.is_mandatory && !is_computed(leaf) && !has(leaf);
    if let Some(leaf) = node.children.iter().find(must_be) {
        return missing(&leaf.name);
    }
    let Some(template) = &node.line else {
        // What has no line of its own is there by what stands below it.
        let is_own = matches!(node.kind, Kind::List(_) | Kind::Presence);
        let mut lines = Vec::new();
        write_level(element.elements(), &mut above.to_vec(), &mut lines);
        return match node.children.iter().find(|child| !node.is_key(child) && child.has_line()) {
            Some(child) if is_own && lines.is_empty() => missing(&child.name),
            Some(_) | None => Ok(()),
        };
    };
    if !has_line(element, template) {
        return Ok(());
    }
    // The line must say what the data does, neither less nor something else.
    let said = text_of(above)
        .and_then(|text| template.matches(&text, &|slot, value| fits(node, slot, value)));
    let says = |slot: &Slot, value: &String| match &said {
        None => false,
        Some(said) => said.values.iter().any(|(other, told)| other.is_same(slot) && told == value),
    };
    let lacks = |slot: &&&Slot| values(above, slot).is_empty();
    if let Some(name) = template.needed().iter().find(lacks).and_then(|slot| slot.path.last()) {
        return missing(name);
    }
    let unsaid = template.slots().into_iter().find_map(|slot| {
        let value = values(above, slot).into_iter().find(|value| !says(slot, value))?;
        Some((slot.path.last().unwrap_or(&node.name).clone(), value))
    });
    match unsaid {
        None if said.is_some() => Ok(()),
        unsaid => {
            let (name, value) = unsaid.unwrap_or_else(|| (node.name.clone(), String::new()));
            let message = format!("\"{value}\" is not a valid value of {name} here.");
            Err(Error::new(Tag::InvalidValue, message).element(name).at(here))
        }
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

    /// The line that it is, as a person would describe it.
    pub fn twin(&self) -> Option<String> {
        self.line.as_ref()?.shown(&self.name)
    }

    /// Whether its line opens a block.
    fn opens_block(&self) -> bool {
        self.line.as_ref().is_some_and(Template::is_block)
    }

    fn is_boolean(&self) -> bool {
        self.leaf_type() == Some(&Type::Boolean)
    }
}

impl Slot {
    fn is_same(&self, other: &Slot) -> bool {
        (self.up, &self.path) == (other.up, &other.path)
    }

    /// The type of the leaf that it means, seen from its node.
    fn leaf<'a>(&self, node: &'a Node) -> Option<&'a Type> {
        self.target(node)?.leaf_type()
    }

    /// The node that it means, seen from where it starts.
    fn target<'a>(&self, start: &'a Node) -> Option<&'a Node> {
        let below =
            |here: &'a Node, name: &String| here.children.iter().find(|child| child.name == *name);
        self.path.iter().try_fold(start, below)
    }
}

impl Schema {
    /// What is wrong with the lines of the tables: a slot that means no leaf, and a leaf of the
    /// configuration that no line holds.
    pub fn problems(&self) -> Vec<String> {
        let mut problems = Vec::new();
        let mut held: Vec<*const Node> = Vec::new();
        let walked = self.walk();
        for (above, node) in &walked {
            let mut around = above.clone();
            around.push(node);
            for slot in node.line.iter().flat_map(Template::slots) {
                let start = around.len().checked_sub(slot.up + 1).map(|at| around[at]);
                match start.and_then(|start| slot.target(start)) {
                    Some(leaf) if leaf.leaf_type().is_some() => held.push(leaf),
                    Some(_) | None => {
                        problems.push(format!(
                            "{}: no leaf {}",
                            shown(&around),
                            slot.path.join("/")
                        ));
                    }
                }
            }
        }
        for (above, node) in &walked {
            let is_key = above.last().is_some_and(|above| above.is_key(node));
            let is_held =
                is_key || node.line.is_some() || held.contains(&std::ptr::from_ref(*node));
            if node.is_config && node.leaf_type().is_some() && !is_held {
                let mut around = above.clone();
                around.push(node);
                problems.push(format!("{}: no line", shown(&around)));
            }
        }
        problems
    }
}

fn shown(nodes: &[&Node]) -> String {
    nodes.iter().map(|node| format!("/{}", node.name)).collect()
}
