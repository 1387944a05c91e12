//! From one `[[expect]]` of a scenario to an [`Expected`].
//!
//! Called by `load`. When its time begins is read off the steps before it.

use std::sync::Arc;

use diagnostic::table::Table;
use diagnostic::{Diagnostic, Source, Spanned};
use simtime::Duration;

use super::load::{Placed, duration};
use crate::Lab;
use crate::expectation::{Expected, KINDS};

/// How long after its step an expectation is waited for, when it does not say.
const WITHIN_DEFAULT: Duration = Duration::from_secs(10);

pub(super) fn read_expectation(
    mut table: Table,
    lab: &Lab,
    steps: &[Placed],
    names: &[String],
    sink: &mut Vec<Diagnostic>,
) -> Option<Expected> {
    let place = table.span();
    let source = Arc::clone(table.source());
    let within = duration(&mut table, "within", sink);
    let after = table.text("after", sink);
    let mut kinds = Vec::new();
    for kind in KINDS {
        let key = table.key_span(kind.word);
        let what = table.table(kind.word, sink).map(|what| kind.read(what, lab, sink));
        kinds.extend(key.map(|key| (kind, key, what.flatten())));
    }
    let untouched = sink.len();
    table.finish(sink);
    if kinds.len() != 1 && sink.len() == untouched {
        let words: Vec<String> = KINDS.iter().map(|kind| format!("`{}`", kind.word)).collect();
        let span = kinds.get(1).map_or(place.clone(), |(_, key, _)| key.clone());
        sink.push(
            Diagnostic::error("SIM003", "an expectation is about one thing", &source, span)
                .label(format!("expected one of {}", words.join(", "))),
        );
    }
    let from = match after {
        Some(after) => after_step(&after, steps, names, &source, sink),
        None => Some(latest_before(place.start, steps)),
    };
    let (_, key, what) = kinds.into_iter().next()?;
    let (what, count) = what?;
    let from = from?;
    let within = within.map_or(WITHIN_DEFAULT, |within| within.value);
    Some(Expected { what, count, from, within, span: key, source })
}

/// The time of the latest step that stands before a place in the file; the start if none does.
fn latest_before(place: usize, steps: &[Placed]) -> Duration {
    let before = steps.iter().filter(|step| step.place < place);
    before.map(|step| step.scheduled.at).max().unwrap_or(Duration::ZERO)
}

fn after_step(
    after: &Spanned<String>,
    steps: &[Placed],
    names: &[String],
    source: &Arc<Source>,
    sink: &mut Vec<Diagnostic>,
) -> Option<Duration> {
    let is_meant = |step: &&Placed| step.scheduled.name.as_deref() == Some(&after.value);
    let found = steps.iter().find(is_meant);
    if found.is_none() && !names.contains(&after.value) {
        let names = names.iter().map(String::as_str);
        let message = format!("unknown step `{}`", after.value);
        sink.push(
            Diagnostic::error("SIM013", message, source, after.span.clone())
                .label("no `[[steps]]` has this `name`")
                .did_you_mean(&after.value, names),
        );
    }
    found.map(|step| step.scheduled.at)
}
