//! The loop breaker: which events our own changes caused.
//!
//! Asked by the gates with what our jobs change. A fault that the device traced as one of its own
//! is never ours; else it is ours when it comes from that device while the change goes on or soon
//! after, and names what was changed.

use serde_json::Value;
use simtime::Time;
use webhook::Event;

use super::memory::Change;

/// How many changes are remembered at a time.
pub(crate) const OWN_CHANGES_MAX: usize = 1_024;
/// How deep in an event's data a name is looked for.
const DEPTH_MAX: usize = 16;
/// The messages with which IOS tells of any change of its configuration.
const CONFIGURED: [&str; 4] =
    ["%SYS-5-CONFIG_I", "%SYS-5-CONFIG_P", "%DMI-5-CONFIG_I", "%PARSER-5-CFGLOG_LOGGEDCMD"];

/// A change of ours that begins.
#[derive(Clone, Debug)]
pub(crate) struct OwnChange<'a> {
    pub(crate) job: &'a str,
    pub(crate) event: &'a str,
    pub(crate) device: &'a str,
    pub(crate) lines: &'a [String],
    pub(crate) trace: Option<String>,
}

/// Whether a change caused an event.
pub(super) fn caused(change: &Change, event: &Event) -> bool {
    let at = event.received_at;
    let is_there = event.device.as_ref() == Some(&change.device);
    let is_then = at >= change.since && change.until.is_none_or(|until: Time| at <= until);
    // What a session types has no trace: an event with another one is of another fault.
    let is_traced_elsewhere = event.trace_id.is_some() && event.trace_id != change.trace;
    is_there && is_then && !is_traced_elsewhere && {
        let touched = interfaces(&change.lines);
        let names = |text: &str| names(text, &touched, &change.lines);
        event.data.values().any(|value| any_text(value, DEPTH_MAX, &names))
    }
}

/// The interfaces whose sections the lines open.
pub(crate) fn interfaces(lines: &[String]) -> Vec<String> {
    let named = lines.iter().filter_map(|line| {
        let mut words = line.split_whitespace();
        let opens = words.next().is_some_and(|word| word.eq_ignore_ascii_case("interface"));
        opens.then(|| words.collect::<String>())
    });
    named.filter(|name| !name.is_empty()).collect()
}

fn any_text(value: &Value, depth: usize, is: &dyn Fn(&str) -> bool) -> bool {
    match value {
        _ if depth == 0 => false,
        Value::String(text) => is(text),
        Value::Array(items) => items.iter().any(|item| any_text(item, depth - 1, is)),
        Value::Object(fields) => fields.values().any(|field| any_text(field, depth - 1, is)),
        Value::Null | Value::Bool(_) | Value::Number(_) => false,
    }
}

/// Whether a text speaks of an interface that was touched, of a configuration, or of a line.
fn names(text: &str, touched: &[String], lines: &[String]) -> bool {
    let words = text.split(|c: char| c.is_whitespace() || matches!(c, ',' | ';' | '(' | ')' | '"'));
    let mut words = words.map(|word| word.trim_end_matches(['.', ':']));
    let is_config = CONFIGURED.iter().any(|message| text.contains(message));
    is_config
        || lines.iter().any(|line| text.trim() == line)
        || words.any(|word| touched.iter().any(|name| same_interface(word, name)))
}

/// `Gi1` is `GigabitEthernet1`: one place, and the one type begins like the other.
fn same_interface(one: &str, other: &str) -> bool {
    let split = |name: &str| {
        let place = name.find(|c: char| c.is_ascii_digit())?;
        let kind = name.get(..place)?.to_ascii_lowercase();
        (kind.len() >= 2).then(|| (kind, name[place..].to_owned()))
    };
    match (split(one), split(other)) {
        (Some((kind, place)), Some((other_kind, other_place))) => {
            let alike = kind.starts_with(&other_kind) || other_kind.starts_with(&kind);
            alike && place == other_place
        }
        (_, _) => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Goal: which texts speak of a change. Method: a table.
    #[test]
    fn what_a_text_names() {
        let lines = ["interface Gi1".to_owned(), "no shutdown".to_owned()];
        let touched = interfaces(&lines);
        for (text, want) in [
            ("GigabitEthernet1", true),
            ("Gi1", true),
            ("%LINK-3-UPDOWN: Interface GigabitEthernet1, changed state to up", true),
            ("%SYS-5-CONFIG_I: Configured from console by admin on vty0 (10.0.0.1)", true),
            ("no shutdown", true),
            ("GigabitEthernet11", false),
            ("GigabitEthernet1/1", false),
            ("GigabitEthernet2", false),
            ("TenGigabitEthernet1", false),
            ("1", false),
            ("", false),
        ] {
            assert_eq!(names(text, &touched, &lines), want, "{text}");
        }
    }
}
