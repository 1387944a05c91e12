//! What a job gave: what the steps behind it and the reply to its request look at.
//!
//! Made when a job ends, kept in its last record, and never a secret in it: it is what the journal
//! keeps.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};
use simtime::Duration;

use super::Job;
use crate::record::Action;

/// Why something could not be done, in the classes that a reply tells apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Trouble {
    /// The device does not answer.
    Unreachable,
    /// The device does not know the user, or the password is another.
    Credentials,
    /// Nobody may do that here: a host that nothing names, a sender that proved nothing.
    NotAllowed,
    /// What is asked for is none of what can be asked for: a command that does not only read.
    Rejected,
    /// The device said no.
    Refused,
    /// An API did not answer as it should.
    Upstream,
    /// It took too long.
    Timeout,
    /// Anything else.
    Failed,
}

impl Trouble {
    /// The word in a result.
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Trouble::Unreachable => "unreachable",
            Trouble::Credentials => "credentials",
            Trouble::NotAllowed => "not-allowed",
            Trouble::Rejected => "rejected",
            Trouble::Refused => "refused",
            Trouble::Upstream => "upstream",
            Trouble::Timeout => "timeout",
            Trouble::Failed => "failed",
        }
    }

    /// The status of a reply that says nothing else about it.
    pub(crate) fn status(self) -> u16 {
        match self {
            Trouble::Unreachable => 503,
            Trouble::Credentials => 401,
            Trouble::NotAllowed => 403,
            Trouble::Rejected | Trouble::Refused => 422,
            Trouble::Upstream => 502,
            Trouble::Timeout => 504,
            Trouble::Failed => 500,
        }
    }

    /// That of a result.
    pub(crate) fn of(result: &Value) -> Option<Trouble> {
        serde_json::from_value(result.get("failure")?.clone()).ok()
    }
}

/// One answer that a job had.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Heard {
    pub(crate) command: String,
    pub(crate) output: String,
    pub(crate) json: Option<Value>,
    pub(crate) ok: bool,
    pub(crate) took: Duration,
}

/// The result of a step that was not to be done.
pub(crate) fn skipped() -> Value {
    json!({"ok": false, "skipped": true, "failure": null, "error": null})
}

/// The result of a step that could not be begun.
pub(crate) fn not_begun(trouble: Trouble, error: &str) -> Value {
    json!({"ok": false, "skipped": false, "failure": trouble.as_str(), "error": error})
}

/// The result of a step that was done for several items.
pub(crate) fn of_items(items: Vec<Value>) -> Value {
    let is_ok = |item: &Value| item["ok"] == Value::Bool(true);
    let failed = items.iter().find(|item| !is_ok(item));
    let of_failed = |key: &str| failed.map_or(Value::Null, |item| item[key].clone());
    json!({
        "ok": failed.is_none(),
        "skipped": false,
        "failure": of_failed("failure"),
        "error": of_failed("error"),
        "items": items,
    })
}

impl Job {
    /// What it gave, when it ends with this error.
    pub(crate) fn result(&self, error: Option<&str>, took: Duration) -> Value {
        let mut result = Map::new();
        let failure = error.map(|_| self.trouble.unwrap_or(Trouble::Failed).as_str());
        result.insert("ok".into(), Value::from(error.is_none()));
        result.insert("skipped".into(), Value::from(false));
        result.insert("failure".into(), Value::from(failure));
        result.insert("error".into(), Value::from(error));
        result.insert("device".into(), Value::from(self.plan.device.as_deref()));
        result.insert("took_ms".into(), milliseconds(took));
        let last = self.heard.last();
        let output = || Value::from(last.map_or("", |heard| &heard.output));
        let json = || last.and_then(|heard| heard.json.clone()).unwrap_or_default();
        let own: Vec<(&str, Value)> = match &self.plan.action {
            Action::Show(_) | Action::Configure(_) => {
                let outputs: Vec<&str> = self.heard.iter().map(|h| h.output.as_str()).collect();
                let commands: Vec<Value> = self.heard.iter().map(Heard::value).collect();
                vec![
                    ("output", output()),
                    ("outputs", Value::from(outputs)),
                    ("commands", Value::from(commands)),
                ]
            }
            Action::Netconf(_) => vec![
                ("xml", output()),
                ("json", json()),
                ("capabilities", Value::from(self.capabilities.clone())),
            ],
            Action::Restconf(_) | Action::Http(_) => {
                vec![("status", Value::from(self.status)), ("text", output()), ("json", json())]
            }
            Action::Log(call) => {
                let line = call.line.as_str();
                vec![("file", Value::from(call.file.as_str())), ("line", Value::from(line))]
            }
            Action::Save(_) | Action::Backup(_) => {
                let written = self.written.clone().unwrap_or_default();
                vec![
                    ("file", Value::from(written.file)),
                    ("bytes", Value::from(written.bytes)),
                    ("changed", Value::from(written.changed)),
                    ("diff", Value::from(written.diff)),
                ]
            }
        };
        result.extend(own.into_iter().map(|(key, value)| (key.to_owned(), value)));
        Value::Object(result)
    }
}

impl Heard {
    fn value(&self) -> Value {
        json!({
            "command": self.command,
            "output": self.output,
            "ok": self.ok,
            "took_ms": milliseconds(self.took),
        })
    }
}

fn milliseconds(took: Duration) -> Value {
    let micros = took.as_micros();
    // Thousandths of a millisecond are exact in a double for some 285 years.
    Value::from(micros as f64 / 1_000.0)
}
