//! Whether data can stand in a configuration, and whether tables can.

use super::reading::fits;
use super::writing::{has_line, text_of, values, write_level};
use crate::data::Element;
use crate::error::{Error, Tag};
use crate::schema::{Kind, Node, Schema};
use crate::template::{Slot, Template};

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
        if known.is_some() && element.node.is_computed() {
            let message = format!("{} cannot be changed", element.node.name);
            let error = Error::new(Tag::InvalidValue, message).element(&element.node.name);
            return Err(error.at(here));
        }
        above.push(element);
        check_one(above, &here)?;
        let known = known.map_or(&[][..], Element::elements);
        check_level(known, element.elements(), above, &here)?;
        check_void(above, &here)?;
        above.pop();
    }
    Ok(())
}

fn missing(name: &str, at: &str) -> Error {
    Error::new(Tag::MissingElement, format!("{name} is missing")).element(name).at(at)
}

/// An entry or a presence without a line of its own is there by what stands below it.
fn check_void(above: &[&Element], here: &str) -> Result<(), Error> {
    let Some(element) = above.last() else { return Ok(()) };
    let node = element.node;
    if node.line.is_some() || !matches!(node.kind, Kind::List(_) | Kind::Presence) {
        return Ok(());
    }
    let mut lines = Vec::new();
    write_level(element.elements(), &mut above.to_vec(), &mut lines);
    let mut wanted = node.children.iter().filter(|child| child.is_config);
    match wanted.find(|child| !node.is_key(child) && child.has_line()) {
        Some(child) if lines.is_empty() => Err(missing(&child.name, here)),
        Some(_) | None => Ok(()),
    }
}

fn check_one(above: &[&Element], here: &str) -> Result<(), Error> {
    let Some(element) = above.last() else { return Ok(()) };
    let node = element.node;
    let missing = |name: &str| Err(missing(name, here));
    let has = |leaf: &Node| element.elements().iter().any(|below| *below.node == *leaf);
    let must_be = |leaf: &&Node| leaf.is_mandatory && !leaf.is_computed() && !has(leaf);
    if let Some(leaf) = node.children.iter().find(must_be) {
        return missing(&leaf.name);
    }
    let Some(template) = &node.line else { return Ok(()) };
    if !has_line(element, template) {
        return Ok(());
    }
    // A container has its line while one of the line's own values is there.
    let is_given = |slot: &&Slot| slot.up == 0 && !values(above, slot).is_empty();
    if node.kind == Kind::Container && !template.slots().iter().any(is_given) {
        return Ok(());
    }
    // The line must say what the data does, neither less nor something else.
    let said = text_of(above)
        .and_then(|text| template.matches(&text, &|slot, value| fits(node, slot, value)));
    let says = |slot: &Slot, value: &String| match &said {
        None => false,
        Some(said) => said.values.iter().any(|(other, told)| other.is_same(slot) && told == value),
    };
    let has = |slot: &Slot| !values(above, slot).is_empty();
    if let Some((name, above)) = template.lacking(&has).and_then(|slot| slot.path.split_last()) {
        let between: String = above.iter().map(|name| format!("/{name}")).collect();
        return missing(name).map_err(|error: Error| error.at(format!("{here}{between}")));
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
            let slots = node.line.iter().flat_map(Template::slots);
            for slot in slots.filter(|slot| !slot.is_later()) {
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
