//! What a source can answer, by status: its replies, what comes without any, and refusals.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use super::refused;
use crate::config::Entrance;
use crate::config::reply::ReplyTemplate;
use crate::receive::title;

/// The statuses with which any source can refuse a request.
const REFUSED: [u16; 12] = [400, 401, 403, 408, 409, 413, 415, 421, 422, 429, 500, 503];
/// What a step that failed is answered with where no reply fits.
const FAILED: [u16; 7] = [401, 403, 422, 500, 502, 503, 504];

const JSON: &str = "application/json";
const PROBLEM: &str = "application/problem+json";

/// The answers of one operation.
#[derive(Debug, Default)]
struct Answers {
    /// By status, the schemas of each kind of content.
    said: BTreeMap<String, Said>,
}

#[derive(Debug, Default)]
struct Said {
    description: String,
    content: BTreeMap<&'static str, Vec<Value>>,
}

/// All that a source can answer.
pub(super) fn answers(entrance: &Entrance) -> Value {
    let mut answers = Answers::default();
    let respond = &entrance.respond;
    for reply in &respond.replies {
        answers.reply(reply);
    }
    let anywhere = respond.replies.iter().filter(|reply| !reply.status.is_number());
    let always = respond.replies.iter().any(|reply| reply.when.is_none());
    match respond.within {
        _ if always => {}
        Some(_) => answers.add("200", "All steps are done.", JSON, schema("Result")),
        None => answers.add("202", "The event is on disk.", JSON, schema("Accepted")),
    }
    answers.add("200", "It came before, and starts nothing.", JSON, schema("Duplicate"));
    for status in REFUSED {
        answers.refuse(status);
    }
    if respond.within.is_some() {
        // The result may be late, whatever replies there are.
        answers.refuse(504);
        FAILED.iter().filter(|_| !always).for_each(|status| answers.refuse(*status));
    }
    // A status that a template gives can be any of these, too.
    anywhere.for_each(|reply| answers.everywhere(reply));
    answers.into_value()
}

/// What a reply says, by kind of content.
fn bodies(reply: &ReplyTemplate) -> impl Iterator<Item = (&'static str, Value)> {
    let text = || json!({ "type": "string" });
    let bodies = [
        (JSON, reply.json.as_ref().map(shape)),
        ("text/html", reply.html.as_ref().map(|_| text())),
        ("text/plain", reply.text.as_ref().map(|_| text())),
    ];
    bodies.into_iter().filter_map(|(kind, body)| Some((kind, body?)))
}

fn schema(name: &str) -> Value {
    json!({ "$ref": format!("#/components/schemas/{name}") })
}

impl Answers {
    fn add(&mut self, status: &str, description: &str, kind: &'static str, schema: Value) {
        let said = self.said.entry(status.to_owned()).or_default();
        if said.description.is_empty() {
            description.clone_into(&mut said.description);
        }
        let schemas = said.content.entry(kind).or_default();
        if !schemas.contains(&schema) {
            schemas.push(schema);
        }
    }

    fn refuse(&mut self, status: u16) {
        self.add(&status.to_string(), title(status), PROBLEM, schema("Problem"));
    }

    fn reply(&mut self, reply: &ReplyTemplate) {
        let number = reply.status.as_u64();
        let status = number.map_or_else(|| "default".to_owned(), |status| status.to_string());
        let description = match number.and_then(|number| u16::try_from(number).ok()) {
            Some(status) => title(status),
            None => "As the request asks for",
        };
        for (kind, body) in bodies(reply) {
            self.add(&status, description, kind, body);
        }
    }

    fn everywhere(&mut self, reply: &ReplyTemplate) {
        let statuses: Vec<String> = self.said.keys().cloned().collect();
        for (status, (kind, body)) in
            statuses.iter().flat_map(|status| bodies(reply).map(move |body| (status, body)))
        {
            self.add(status, "", kind, body);
        }
    }

    /// A refusal that is like everybody's is referred to.
    fn into_value(self) -> Value {
        let answer = |(status, Said { description, content }): (String, Said)| {
            let shared = status.parse().ok().filter(|_| content.keys().eq([&PROBLEM]));
            if let Some(status) = shared {
                return refused(status);
            }
            let content: Map<String, Value> = content
                .into_iter()
                .map(|(kind, schemas)| (kind.to_owned(), json!({ "schema": any_of(schemas) })))
                .collect();
            (status, json!({ "description": description, "content": content }))
        };
        self.said.into_iter().map(answer).collect::<Map<_, _>>().into()
    }
}

fn any_of(mut schemas: Vec<Value>) -> Value {
    match schemas.len() {
        1 => schemas.remove(0),
        _ => json!({ "anyOf": schemas }),
    }
}

/// What comes out of a template of data: its own keys, and texts where values are only a part of
/// one.
fn shape(template: &Value) -> Value {
    match template {
        Value::Null => json!({ "type": "null" }),
        Value::Bool(_) => json!({ "type": "boolean" }),
        Value::Number(_) => json!({ "type": "number" }),
        Value::String(text) if text.trim_start().starts_with("{{") || text.contains("{%") => {
            json!({})
        }
        Value::String(_) => json!({ "type": "string" }),
        Value::Array(_) => json!({ "type": "array" }),
        Value::Object(object) => {
            let plain = object.keys().all(|key| !key.contains("{{"));
            let properties: Map<String, Value> =
                object.iter().map(|(key, value)| (key.clone(), shape(value))).collect();
            match plain {
                true => json!({
                    "type": "object",
                    "required": object.keys().collect::<Vec<_>>(),
                    "properties": properties,
                }),
                false => json!({ "type": "object" }),
            }
        }
    }
}
