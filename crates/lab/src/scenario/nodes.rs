//! Which nodes a step is for: `node = "R1"`, `node = "edge-*"`, `label = "edge"`.
//!
//! Called by `steps`. A pattern and a label mean virtual nodes alone.

use std::ops::Range;
use std::sync::Arc;

use diagnostic::table::Table;
use diagnostic::{Diagnostic, Source, Spanned};
use regex::Regex;

use crate::{Lab, NodeId};

/// Reads the nodes of a step; none when it names none, or a wrong one.
pub(super) fn read(
    table: &mut Table,
    lab: &Lab,
    sink: &mut Vec<Diagnostic>,
) -> Option<Vec<NodeId>> {
    let source = Arc::clone(table.source());
    let node = table.text("node", sink);
    let label = table.text("label", sink);
    let found = match (node, label) {
        (Some(_), Some(label)) => {
            let message = "a step is for a `node` or for a `label`, not for both";
            sink.push(Diagnostic::error("SIM002", message, &source, label.span));
            return None;
        }
        (None, None) => return None,
        (Some(node), None) => by_name(&node, lab, &source, sink)?,
        (None, Some(label)) => by_label(&label, lab, &source, sink)?,
    };
    Some(found)
}

fn by_name(
    node: &Spanned<String>,
    lab: &Lab,
    source: &Arc<Source>,
    sink: &mut Vec<Diagnostic>,
) -> Option<Vec<NodeId>> {
    let name = node.value.as_str();
    if let Some(pattern) = glob(name) {
        let fits = lab.nodes().filter(|node| pattern.is_match(node.name));
        return some(fits.map(|node| node.id).collect(), node, lab, source, sink);
    }
    if let Some(id) = lab.node(name) {
        return Some(vec![id]);
    }
    if !lab.unsure.about_nodes() {
        sink.push(unknown_node(name, lab, source, node.part(source, 0..name.len())));
    }
    None
}

fn by_label(
    label: &Spanned<String>,
    lab: &Lab,
    source: &Arc<Source>,
    sink: &mut Vec<Diagnostic>,
) -> Option<Vec<NodeId>> {
    let found = lab.labelled(&label.value);
    if found.is_empty() && !lab.unsure.about_nodes() {
        let known = lab.labels();
        let message = format!("no node has the label `{}`", label.value);
        sink.push(
            Diagnostic::error("SIM017", message, source, label.span.clone())
                .label("the topology says `labels = [...]` of a node")
                .did_you_mean(&label.value, known),
        );
        return None;
    }
    Some(found)
}

fn some(
    found: Vec<NodeId>,
    pattern: &Spanned<String>,
    lab: &Lab,
    source: &Arc<Source>,
    sink: &mut Vec<Diagnostic>,
) -> Option<Vec<NodeId>> {
    if found.is_empty() && !lab.unsure.about_nodes() {
        let message = format!("no virtual node is called `{}`", pattern.value);
        let span = pattern.span.clone();
        sink.push(Diagnostic::error("SIM017", message, source, span).label(has(lab)));
        return None;
    }
    Some(found)
}

/// The pattern of a name with `*` (any characters) or `?` (one) in it.
pub(crate) fn glob(name: &str) -> Option<Regex> {
    if !name.contains(['*', '?']) {
        return None;
    }
    let pattern = regex::escape(name).replace("\\*", ".*").replace("\\?", ".");
    Regex::new(&format!("^{pattern}$")).ok()
}

/// That a name means no virtual node.
pub(crate) fn unknown_node(
    name: &str,
    lab: &Lab,
    source: &Arc<Source>,
    span: Range<usize>,
) -> Diagnostic {
    if lab.is_real(name) {
        let message = format!("`{name}` is real");
        return Diagnostic::error("SIM011", message, source, span)
            .label("a step is done to a virtual node");
    }
    let names = lab.nodes().map(|node| node.name.to_string()).collect::<Vec<_>>();
    Diagnostic::error("SIM010", format!("unknown node `{name}`"), source, span)
        .label(has(lab))
        .did_you_mean(name, names.iter().map(String::as_str))
}

/// How many names a message lists.
const LISTED_MAX: usize = 12;

fn has(lab: &Lab) -> String {
    let nodes: Vec<&str> =
        lab.nodes().map(|node| node.name.as_ref()).take(LISTED_MAX + 1).collect();
    match nodes.len() {
        0 => "the lab has no nodes".to_owned(),
        1..=LISTED_MAX => format!("the lab has {}", nodes.join(", ")),
        _ => format!("the lab has {}, ...", nodes[..LISTED_MAX].join(", ")),
    }
}
