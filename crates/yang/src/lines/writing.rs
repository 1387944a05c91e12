//! From data to lines.

use super::Line;
use crate::data::Element;
use crate::template::{Part, Sign, Slot, Template};
use crate::types::Type;

/// The lines that data stands for. What no line has is left out: see [`check`](super::check()).
pub fn write_lines(elements: &[Element]) -> Vec<Line> {
    let mut lines = Vec::new();
    write_level(elements, &mut Vec::new(), &mut lines);
    lines
}

pub(super) fn write_level<'a>(
    elements: &'a [Element],
    above: &mut Vec<&'a Element>,
    lines: &mut Vec<Line>,
) {
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
pub(super) fn text_of(above: &[&Element]) -> Option<String> {
    let element = above.last()?;
    let template = element.node.line.as_ref()?;
    let is_on = element.value() != "false";
    has_line(element, template).then(|| template.line(is_on, &|slot| values(above, slot))).flatten()
}

/// Whether an element has its line: a boolean may be the one without.
pub(super) fn has_line(element: &Element, template: &Template) -> bool {
    let Template::Line { sign, parts, .. } = template else { return false };
    let has_value = parts.iter().any(|part| !matches!(part, Part::Word(_)));
    match (element.node.leaf_type(), sign) {
        (Some(Type::Boolean), Sign::Positive) if !has_value => element.value() == "true",
        (Some(Type::Boolean), Sign::Negative) => element.value() == "false",
        (Some(_) | None, Sign::Positive | Sign::Negative | Sign::Both) => true,
    }
}

/// The values of a slot, seen from the last of these elements.
pub(super) fn values(above: &[&Element], slot: &Slot) -> Vec<String> {
    let start = above.len().checked_sub(slot.up + 1).and_then(|at| above.get(at));
    let Some(start) = start else { return Vec::new() };
    if slot.is_later() {
        let siblings = above.len().checked_sub(2).map_or(&[][..], |at| above[at].elements());
        let first = siblings.iter().find(|other| other.node == start.node);
        let is_first = first.is_none_or(|first| first.is_same(start));
        return if is_first { Vec::new() } else { vec![String::new()] };
    }
    let mut here = vec![*start];
    for name in &slot.path {
        let below = here.iter().flat_map(|element| element.elements());
        here = below.filter(|element| element.node.name == *name).collect();
    }
    let is_off =
        |element: &Element| element.node.is_boolean() && matches!(element.value(), "false");
    here.iter().filter(|element| !is_off(element)).map(|leaf| leaf.value().to_owned()).collect()
}
