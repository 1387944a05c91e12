//! Fields that a JSON body must have, as a scenario's table gives them.

use diagnostic::Spanned;
use diagnostic::table::Value;
use serde_json::Value as Json;

/// Where an event's name may stand, in the order of the listener's own search.
const NAMES: [&str; 3] = ["event", "event_type", "type"];

/// What a body must hold; a nested table means a nested object.
#[derive(Debug)]
pub(super) struct Fields(pub(super) Vec<(Spanned<String>, Spanned<Value>)>);

impl Fields {
    /// In what a body differs, a phrase each; empty when it has all of them.
    pub(super) fn differences(&self, body: &Json) -> Vec<String> {
        let mut differences = Vec::new();
        for (key, value) in &self.0 {
            let found = match key.value.as_str() {
                "event" => NAMES.iter().find_map(|name| body.get(name)),
                key => body.get(key),
            };
            compare(&key.value, &value.value, found, &mut differences);
        }
        differences
    }

    /// The fields in words: `` `data.x` = `1` ``.
    pub(super) fn describe(&self) -> String {
        let mut words = Vec::new();
        for (key, value) in &self.0 {
            describe(&key.value, &value.value, &mut words);
        }
        words.join(", ")
    }
}

fn describe(path: &str, value: &Value, words: &mut Vec<String>) {
    match value {
        Value::Table(table) => {
            for (key, value) in table.clone().into_entries() {
                describe(&format!("{path}.{}", key.value), &value.value, words);
            }
        }
        Value::List(_) | Value::Text(_) | Value::Number(_) | Value::Flag(_) | Value::Other(_) => {
            words.push(format!("`{path}` = `{}`", value.describe()));
        }
    }
}

fn compare(path: &str, want: &Value, found: Option<&Json>, differences: &mut Vec<String>) {
    let Some(found) = found else {
        return differences.push(format!("there is no `{path}`"));
    };
    let same = match (want, found) {
        (Value::Table(table), Json::Object(_)) => {
            for (key, value) in table.clone().into_entries() {
                let path = format!("{path}.{}", key.value);
                compare(&path, &value.value, found.get(&key.value), differences);
            }
            return;
        }
        (Value::List(items), Json::Array(found)) if items.len() == found.len() => {
            for (index, (item, found)) in items.iter().zip(found).enumerate() {
                compare(&format!("{path}[{index}]"), &item.value, Some(found), differences);
            }
            return;
        }
        (Value::Text(want), Json::String(found)) => want == found,
        (Value::Flag(want), Json::Bool(found)) => want == found,
        (Value::Number(want), Json::Number(found)) => want.to_string() == found.to_string(),
        (Value::Other(want), Json::Number(found)) => *want == found.to_string(),
        (
            Value::Table(_)
            | Value::List(_)
            | Value::Text(_)
            | Value::Flag(_)
            | Value::Number(_)
            | Value::Other(_),
            _,
        ) => false,
    };
    if !same {
        let found = found.as_str().map_or_else(|| found.to_string(), str::to_owned);
        differences.push(format!("`{path}` is `{found}`"));
    }
}
