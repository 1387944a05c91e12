//! What the applets did, put together from facts: run by run, statement by statement.

use std::collections::BTreeMap;

use fact::{Fact, Kind};
use serde_json::{Value, json};
use simtime::Time;

/// Everything that happened.
#[derive(Default)]
pub(super) struct Record {
    pub(super) runs: Vec<Run>,
    pub(super) events: Vec<Value>,
    /// What left the router, by its kind.
    pub(super) syslog: Vec<Value>,
    pub(super) http: Vec<Value>,
    pub(super) other: Vec<Value>,
    pub(super) commands: Vec<Value>,
    pub(super) mails: Vec<Value>,
    /// Lines that applets kept from being carried out.
    pub(super) blocked: Vec<String>,
    start: Time,
}

/// One run of one applet.
pub(super) struct Run {
    pub(super) applet: String,
    pub(super) event: String,
    /// The tags of the events that started it, where events have tags.
    pub(super) tags: Vec<String>,
    pub(super) began: f64,
    pub(super) ended: Option<f64>,
    /// `success`, or why it ended early; none while it goes on.
    pub(super) result: Option<String>,
    pub(super) variables: BTreeMap<String, String>,
    pub(super) steps: Vec<Step>,
}

/// One statement that a run came to.
#[derive(Clone)]
pub(super) struct Step {
    pub(super) at: f64,
    pub(super) label: String,
    pub(super) action: String,
    pub(super) holds: Option<bool>,
    pub(super) changed: BTreeMap<String, String>,
}

impl Record {
    pub(super) fn new(start: Time) -> Self {
        Record { start, ..Record::default() }
    }

    /// Notes one fact.
    pub(super) fn observe(&mut self, fact: &Fact) {
        let at = self.seconds(fact.at);
        match &fact.kind {
            Kind::AppletTriggered { applet, event, tags } => self.runs.push(Run {
                applet: applet.clone(),
                event: event.clone(),
                tags: tags.clone(),
                began: at,
                ended: None,
                result: None,
                variables: BTreeMap::new(),
                steps: Vec::new(),
            }),
            Kind::AppletStep { applet, label, action } => {
                let (label, action) = (label.clone(), action.clone());
                let step = Step { at, label, action, holds: None, changed: BTreeMap::new() };
                self.run(applet).into_iter().for_each(|run| run.steps.push(step.clone()));
            }
            Kind::AppletVariables { applet, label, holds, changed } => {
                let Some(run) = self.run(applet) else { return };
                match run.steps.last_mut().filter(|_| !label.is_empty()) {
                    Some(step) => {
                        step.holds = *holds;
                        step.changed.extend(changed.clone());
                    }
                    None => run.variables.extend(changed.clone()),
                }
            }
            Kind::AppletFinished { applet, result } => {
                let Some(run) = self.run(applet) else { return };
                run.result = Some(result.clone());
                run.ended = Some(at);
            }
            Kind::Syslog { message, .. } => {
                self.syslog.push(json!({ "t": at, "message": message }))
            }
            Kind::DeviceCommand { by, line } => {
                self.commands.push(json!({ "t": at, "by": by, "line": line }));
            }
            Kind::CommandBlocked { line, .. } => {
                self.blocked.push(line.clone());
            }
            Kind::MailSent { to, subject, body, .. } => {
                let to = to.join(", ");
                self.mails.push(json!({ "t": at, "to": to, "subject": subject, "body": body }));
                self.other(at, &fact.kind);
            }
            Kind::WebhookSent { url, body, form, .. } => {
                self.http.push(json!({ "t": at, "form": form, "url": url, "body": body }));
            }
            kind => self.other(at, kind),
        }
    }

    /// Whatever else an applet says to the world: its kind and its fields.
    fn other(&mut self, at: f64, kind: &Kind) {
        let is_sent = ["applet-published", "mail", "trap", "snmp"];
        if is_sent.iter().any(|word| kind.name().contains(word))
            && let Ok(Value::Object(mut fields)) = serde_json::to_value(kind)
        {
            fields.insert("t".to_owned(), json!(at));
            self.other.push(Value::Object(fields));
        }
    }

    /// The run of an applet that goes on: an applet never overlaps itself.
    fn run(&mut self, applet: &str) -> Option<&mut Run> {
        self.runs.iter_mut().rfind(|run| run.applet == applet && run.result.is_none())
    }

    /// Seconds since the start.
    pub(super) fn seconds(&self, at: Time) -> f64 {
        at.since(self.start).as_micros() as f64 / 1e6
    }
}

impl Run {
    /// Whether it did all that it was to do.
    pub(super) fn succeeded(&self) -> bool {
        self.result.as_deref() == Some("success")
    }

    pub(super) fn to_json(&self) -> Value {
        let step = |step: &Step| {
            let Step { at, label, action, holds, changed } = step;
            let mut value =
                json!({ "t": at, "label": label, "action": action, "changed": changed });
            if let (Some(holds), Some(fields)) = (holds, value.as_object_mut()) {
                fields.insert("holds".to_owned(), json!(holds));
            }
            value
        };
        json!({
            "applet": self.applet,
            "event": self.event,
            "tags": self.tags,
            "began": self.began,
            "ended": self.ended,
            "result": self.result,
            "variables": self.variables,
            "steps": self.steps.iter().map(step).collect::<Vec<_>>(),
        })
    }
}
