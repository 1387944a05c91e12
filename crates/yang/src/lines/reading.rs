//! From lines to data.

use std::collections::BTreeMap;
use std::fmt;

use super::Line;
use crate::data::{Element, insert};
use crate::filter::Tops;
use crate::schema::{Kind, Node, Schema};
use crate::template::{Said, Sign, Slot, Template, Values};
use crate::types::Type;

/// What computes the value of a leaf that no line has: its name in the table, and the block or the
/// container of the top that it stands in.
pub type Compute<'a> = dyn Fn(&str, &Element) -> Option<String> + 'a;

/// The data that the lines of a configuration are, below the nodes of the top that are wanted.
pub fn read_lines(
    schema: &'static Schema,
    lines: &[Line],
    tops: &Tops,
    compute: &Compute<'_>,
) -> Vec<Element> {
    let level = schema.level.get_or_init(|| Level::of(&schema.top));
    let mut all = read_level(level, lines, tops, compute);
    for element in all.iter_mut().filter(|element| element.node.kind == Kind::Container) {
        complete(element, compute);
    }
    all
}

/// The lines that can stand side by side, by their first words.
#[derive(Default)]
pub(crate) struct Level {
    candidates: Vec<Candidate>,
    by_word: BTreeMap<String, Vec<usize>>,
    /// Those that begin with a value.
    others: Vec<usize>,
}

/// A node with a line, and the nodes between the level and it.
struct Candidate {
    path: Vec<&'static Node>,
    node: &'static Node,
    template: &'static Template,
    /// What its line begins with.
    front: String,
}

impl Candidate {
    /// The node of its level that it stands in.
    fn top(&self) -> &'static Node {
        self.path.first().unwrap_or(&self.node)
    }
}

/// It would name every node that stands below.
impl fmt::Debug for Level {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Level").finish_non_exhaustive()
    }
}

impl Level {
    fn of(nodes: &'static [Node]) -> Level {
        let mut level = Level::default();
        level.collect(nodes, &[]);
        level
    }

    fn collect(&mut self, nodes: &'static [Node], above: &[&'static Node]) {
        for node in nodes.iter().filter(|node| node.is_config) {
            if let Some(template @ Template::Line { sign, .. }) = &node.line {
                let front = template.front();
                let at = self.candidates.len();
                match template.first_word() {
                    Some(word) => self.by_word.entry(word.to_owned()).or_default().push(at),
                    None => self.others.push(at),
                }
                if *sign == Sign::Both {
                    self.by_word.entry("no".to_owned()).or_default().push(at);
                }
                let path = above.to_vec();
                self.candidates.push(Candidate { path, node, template, front });
                if template.is_block() {
                    continue;
                }
            }
            let mut here = above.to_vec();
            here.push(node);
            self.collect(&node.children, &here);
        }
    }

    /// Those that a line may be, in the order of the tables.
    fn of_line(&self, line: &str) -> Vec<&Candidate> {
        let word = line.split(' ').next().unwrap_or_default();
        let named = self.by_word.get(word).into_iter().flatten();
        let mut all: Vec<usize> = named.chain(&self.others).copied().collect();
        all.sort_unstable();
        all.dedup();
        let positive = line.strip_prefix("no ").unwrap_or(line);
        let begins = |candidate: &&Candidate| {
            line.starts_with(&candidate.front) || positive.starts_with(&candidate.front)
        };
        all.into_iter().map(|at| &self.candidates[at]).filter(begins).collect()
    }
}

fn read_level(
    level: &'static Level,
    lines: &[Line],
    tops: &Tops,
    compute: &Compute<'_>,
) -> Vec<Element> {
    let mut elements = Vec::new();
    for line in lines {
        let wanted = |candidate: &&Candidate| tops.holds(candidate.top());
        for candidate in level.of_line(&line.text).into_iter().filter(wanted) {
            let Candidate { path, node, template, .. } = candidate;
            let said = template.matches(&line.text, &|slot, value| fits(node, slot, value));
            let Some(said) = said else { continue };
            for element in elements_of(node, &said) {
                let Some(at) = place(&mut elements, path, &said.values) else { continue };
                put(at, element, &said);
            }
            if !template.is_block() {
                continue;
            }
            let block = place(&mut elements, path, &said.values).and_then(|at| {
                let wanted = elements_of(node, &said).pop()?;
                at.iter_mut().find(|known| known.is_same(&wanted))
            });
            let Some(block) = block else { continue };
            let level = node.level.get_or_init(|| Level::of(&node.children));
            for inner in read_level(level, &line.below, &Tops::All, compute) {
                if let Some(below) = block.elements_mut() {
                    insert(below, inner);
                }
            }
            complete(block, compute);
        }
    }
    elements
}

/// Puts what a line says among what others said.
fn put(elements: &mut Vec<Element>, element: Element, said: &Said) {
    let node = element.node;
    let known = elements.iter().position(|other| other.is_same(&element));
    match known.map(|at| &mut elements[at]) {
        Some(known) if node.leaf_type().is_some() => *known = element.clone(),
        Some(known) => {
            for value in element.elements() {
                if let Some(below) = known.elements_mut()
                    && !below.iter().any(|other| other.is_same(value))
                {
                    insert(below, value.clone());
                }
            }
        }
        // A line that says nothing makes no container.
        None if element.is_void() && !node.opens_block() => {}
        None => {
            insert(elements, element.clone());
        }
    }
    let is_first = node.line.as_ref().is_some_and(Template::orders_entries)
        && !said.values.iter().any(|(slot, _)| slot.is_later());
    let at = elements.iter().position(|other| is_first && other.is_same(&element));
    let first = elements.iter().position(|other| other.node == node);
    if let (Some(first), Some(at)) = (first, at) {
        elements[first..=at].rotate_right(1);
    }
}

/// Puts in the leaves that say something when their line is not there, and what is computed.
fn complete(owner: &mut Element, compute: &Compute<'_>) {
    if owner.node.fills {
        let copy = owner.clone();
        fill(owner, &copy, compute);
    }
}

fn fill(element: &mut Element, owner: &Element, compute: &Compute<'_>) {
    let node = element.node;
    let Some(below) = element.elements_mut() else { return };
    for child in &node.children {
        let known = below.iter().position(|other| other.node == child);
        let is_plain = child.kind == Kind::Container && child.line.is_none();
        if is_plain && child.fills {
            let mut inner = match known {
                Some(at) => below.remove(at),
                None => Element::branch(child, Vec::new()),
            };
            fill(&mut inner, owner, compute);
            if !inner.is_void() {
                insert(below, inner);
            }
            continue;
        }
        let value = match &child.line {
            Some(Template::Line { sign: Sign::Negative, .. }) => Some("true".to_owned()),
            Some(Template::Computed(name)) => compute(name, owner),
            Some(Template::Line { .. }) | None => None,
        };
        if let (Some(value), None) = (value, known) {
            let new = match child.leaf_type() {
                Some(_) => Element::leaf(child, value),
                None => Element::branch(child, Vec::new()),
            };
            insert(below, new);
        }
    }
}

/// Whether a value is one of the leaf that its slot means. Those of entries above are looked at
/// when the entry is found.
pub(super) fn fits(node: &'static Node, slot: &Slot, value: &str) -> bool {
    slot.up > 0 || slot.leaf(node).is_some_and(|kind| kind.canonical(value).is_some())
}

/// The elements of what a line says: one, or each value of a leaf-list. None when it says less than
/// its keys.
fn elements_of(node: &'static Node, said: &Said) -> Vec<Element> {
    let Said { values, is_on } = said;
    let own = values.iter().filter(|(slot, _)| slot.up == 0 && !slot.is_later());
    let Some(kind) = node.leaf_type() else { return branch(node, own).into_iter().collect() };
    let leaf = |text: &str| Some(Element::leaf(node, kind.canonical(text)?));
    let all: Vec<&str> = own.map(|(_, value)| value.as_str()).collect();
    match (kind, all.is_empty()) {
        (_, false) => all.into_iter().filter_map(leaf).collect(),
        (Type::Boolean, true) => leaf(if *is_on { "true" } else { "false" }).into_iter().collect(),
        (_, true) => leaf("").into_iter().collect(),
    }
}

fn branch<'a>(
    node: &'static Node,
    values: impl Iterator<Item = &'a (Slot, String)>,
) -> Option<Element> {
    let mut element = Element::branch(node, Vec::new());
    for (slot, value) in values {
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
    let at = match elements.iter().position(|element| element.is_same(&wanted)) {
        Some(at) => at,
        None => insert(elements, wanted),
    };
    place(elements[at].elements_mut()?, rest, values)
}
