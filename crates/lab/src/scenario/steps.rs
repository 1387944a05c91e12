//! From one `[[steps]]` to a [`ScheduledStep`]: its time, its nodes, its one verb.
//!
//! Called by `load`. A step for many nodes is read once for each, since an interface that one of
//! them has another may lack; what is wrong is told of the first of them alone.

use std::ops::Range;
use std::sync::Arc;

use diagnostic::table::Table;
use diagnostic::{Diagnostic, Source, has_errors};

use super::{ScheduledStep, nodes, when};
use crate::step::{Act, Reading, Target, VERBS, Verb};
use crate::{Lab, NodeId, Step};

/// A verb that a step has, and what it is for one node.
type Found = (&'static Verb, Range<usize>, Option<Arc<dyn Act>>);

/// Reads a step; `place` is which one it is.
pub(super) fn read(
    mut table: Table,
    lab: &Lab,
    place: u32,
    sink: &mut Vec<Diagnostic>,
) -> Option<ScheduledStep> {
    let span = table.span();
    let source = Arc::clone(table.source());
    let name = table.text("name", sink).map(|name| name.value.into());
    let (when, repeat) = when::read(&mut table, sink);
    let named = ["node", "label"].into_iter().find_map(|key| table.key_span(key));
    let found = nodes::read(&mut table, lab, sink);
    let untouched = table.clone();
    let before = sink.len();
    let verbs = verbs(&mut table, lab, found.as_ref().and_then(|ids| ids.first().copied()), sink);
    table.finish(sink);
    let verb = the_one(&verbs, &source, &span, sink, before)?;
    match verb.target {
        Target::Node if named.is_none() => {
            let message = format!("`{}` needs a `node` or a `label`", verb.word);
            sink.push(Diagnostic::error("SIM002", message, &source, span));
            return None;
        }
        Target::Link | Target::Listener if named.is_some() => {
            let message = format!("`{}` is done to no node of the step's", verb.word);
            let label =
                if verb.target == Target::Link { "the link says where" } else { "remove it" };
            let span = named.unwrap_or(span);
            sink.push(Diagnostic::error("SIM002", message, &source, span).label(label));
            return None;
        }
        Target::Node | Target::Link | Target::Listener => {}
    }
    let (_, _, act) = verbs.into_iter().next()?;
    let steps = match (verb.target, found) {
        (Target::Node, ids) => for_each(verb, act?, &untouched, &ids?, lab, sink)?,
        (Target::Link | Target::Listener, _) => vec![Step::new(verb, act?, None, lab)],
    };
    let (when, repeat) = (when?, repeat?);
    Some(ScheduledStep { name, place, when, repeat, steps: steps.into(), span: (source, span) })
}

/// All verbs are asked for, so that an unknown one is held against them.
fn verbs(
    table: &mut Table,
    lab: &Lab,
    node: Option<NodeId>,
    sink: &mut Vec<Diagnostic>,
) -> Vec<Found> {
    let reading = Reading { lab, node };
    let mut found = Vec::new();
    for &verb in VERBS {
        let key = table.key_span(verb.word);
        let act = (verb.read)(table, &reading, sink);
        found.extend(key.map(|key| (verb, key, act)));
    }
    found
}

fn the_one(
    verbs: &[Found],
    source: &Arc<Source>,
    span: &Range<usize>,
    sink: &mut Vec<Diagnostic>,
    before: usize,
) -> Option<&'static Verb> {
    match verbs {
        [(verb, _, _)] => return Some(verb),
        [] if sink.len() > before => {} // a mistyped verb has been reported
        [] => {
            let words: Vec<String> = VERBS.iter().map(|verb| format!("`{}`", verb.word)).collect();
            let label = format!("expected one of {}", words.join(", "));
            let message = "a step does nothing";
            sink.push(Diagnostic::error("SIM002", message, source, span.clone()).label(label));
        }
        [_, (second, key, _), ..] => {
            let message = format!("a step does one thing, and `{}` is a second", second.word);
            sink.push(
                Diagnostic::error("SIM002", message, source, key.clone())
                    .label("make a `[[steps]]` of its own for it"),
            );
        }
    }
    None
}

/// The step for each node; `first` is that of the first.
fn for_each(
    verb: &'static Verb,
    first: Arc<dyn Act>,
    table: &Table,
    ids: &[NodeId],
    lab: &Lab,
    sink: &mut Vec<Diagnostic>,
) -> Option<Vec<Step>> {
    let mut steps = Vec::with_capacity(ids.len());
    for (index, &id) in ids.iter().enumerate() {
        let act = match index {
            0 => Arc::clone(&first),
            _ => {
                let mut found = Vec::new();
                let reading = Reading { lab, node: Some(id) };
                let act = (verb.read)(&mut table.clone(), &reading, &mut found);
                let broken = has_errors(&found) || act.is_none();
                sink.extend(found);
                if broken {
                    return None;
                }
                act?
            }
        };
        steps.push(Step::new(verb, act, Some(id), lab));
    }
    Some(steps)
}
