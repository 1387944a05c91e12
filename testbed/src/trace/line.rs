//! How a fact of a trace is told: as the timeline tells it, and where that is silent, by its
//! fields.
//!
//! Called by `show` and `explain`. Every fact has a line here, also those that a live timeline
//! leaves out.

use fact::Fact;
use host::message::DIM;
use host::text::printable;
use serde_json::Value;
use simtime::Time;
use simulator::report::human::Timeline;

/// The width of the verb, as in the timeline.
const VERB_COLUMNS: usize = 12;
/// The longest text of a field that is shown, in characters.
const FIELD_CHARS_MAX: usize = 160;
/// What is told in columns of its own.
const APART: [&str; 5] = ["t", "n", "node", "trace", "fact"];

/// Tells one fact. `text` is its line in the file.
pub(super) fn tell(timeline: &mut Timeline, fact: &Fact, text: &str) -> String {
    match timeline.line(fact) {
        Some(line) => line,
        None => by_fields(fact, text),
    }
}

fn by_fields(fact: &Fact, text: &str) -> String {
    let millis = fact.at.since(Time::VIRTUAL_START).as_millis();
    let (seconds, millis) = (millis / 1_000, millis % 1_000);
    let fields: Value = serde_json::from_str(text).unwrap_or_default();
    let name = fields["fact"].as_str().unwrap_or_default();
    let verb: String = name.chars().take(VERB_COLUMNS).collect();
    let mut line =
        format!("{DIM}{verb:>VERB_COLUMNS$}{DIM:#}  {DIM}[{seconds:>4}.{millis:03}s]{DIM:#}");
    if let Some(node) = &fact.node {
        line.push_str(&format!("  {}", printable(node)));
    }
    let fields = fields.as_object().into_iter().flatten();
    for (key, value) in fields.filter(|(key, _)| !APART.contains(&key.as_str())) {
        let value = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
        let short: String = value.chars().take(FIELD_CHARS_MAX).collect();
        let more = if short.len() < value.len() { "…" } else { "" };
        line.push_str(&format!("  {key}={}{more}", printable(&short)));
    }
    line
}
