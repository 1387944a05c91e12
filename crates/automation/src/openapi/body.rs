//! What a body must look like, as JSON Schema.

use serde_json::{Map, Value, json};
use webhook::body::{NAME_CHARS_MAX, NAME_KEYS};

use super::Request;

const JSON: &str = "application/json";
const FORM: &str = "application/x-www-form-urlencoded";

/// The body of a request; `None` where nobody expects one.
pub(super) fn request(request: &Request<'_>) -> Option<Value> {
    if matches!(request.method, "GET" | "DELETE") {
        return None;
    }
    let own = request.schema.map(|schema| moved(schema, &place(request)));
    let schema = match (own, request.names_event) {
        (Some(own), false) => own,
        (Some(own), true) => json!({ "allOf": [own, event()] }),
        (None, true) => event(),
        (None, false) => json!({ "type": "object" }),
    };
    let mut json = json!({ "schema": schema });
    if request.schema.is_none() && request.names_event {
        json["example"] = example();
    }
    let mut content = Map::new();
    content.insert(JSON.to_owned(), json);
    if request.tolerant && request.schema.is_none_or(has_texts_alone) {
        content.insert(FORM.to_owned(), json!({ "schema": form(request) }));
    }
    Some(json!({ "required": !request.takes_empty, "content": content }))
}

/// At least one field, each of them a text.
fn form(request: &Request<'_>) -> Value {
    let fields = json!({
        "type": "object", "minProperties": 1, "additionalProperties": { "type": "string" }
    });
    let own = request.schema.map(|schema| moved(schema, &place(request)));
    let event = request.names_event.then(event);
    let more: Vec<Value> = own.into_iter().chain(event).collect();
    if more.is_empty() {
        return fields;
    }
    json!({ "allOf": more.into_iter().chain([fields]).collect::<Vec<_>>() })
}

/// Whether a form can say all that a schema asks for.
fn has_texts_alone(schema: &Value) -> bool {
    let properties = schema["properties"].as_object().into_iter().flatten();
    properties.into_iter().all(|(_, property)| property["type"] == "string")
}

/// Where the source's own schema stands in the document.
fn place(request: &Request<'_>) -> String {
    let path = request.path.replace('~', "~0").replace('/', "~1");
    // Its braces are no part of the syntax of a URI.
    let path = path.replace('{', "%7B").replace('}', "%7D");
    let method = request.method.to_ascii_lowercase();
    let within = if request.names_event { "/allOf/0" } else { "" };
    format!("#/paths/{path}/{method}/requestBody/content/application~1json/schema{within}")
}

/// A schema whose references within itself lead there from the document, too.
fn moved(schema: &Value, place: &str) -> Value {
    match schema {
        Value::Object(object) => {
            let moved_entry = |(key, value): (&String, &Value)| match (key.as_str(), value) {
                ("$ref", Value::String(reference)) if reference.starts_with('#') => {
                    (key.clone(), format!("{place}{}", &reference[1..]).into())
                }
                (_, value) => (key.clone(), moved(value, place)),
            };
            object.iter().map(moved_entry).collect::<Map<_, _>>().into()
        }
        Value::Array(items) => items.iter().map(|item| moved(item, place)).collect(),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => schema.clone(),
    }
}

/// Up to [`NAME_CHARS_MAX`] printable characters, not all of them blanks.
pub(super) fn event_name() -> Value {
    json!({
        "type": "string",
        "minLength": 1,
        "maxLength": NAME_CHARS_MAX,
        "pattern": "^[^\\u0000-\\u001f\\u007f-\\u009f]*[^\\s\\u0000-\\u001f\\u007f-\\u009f]\
                    [^\\u0000-\\u001f\\u007f-\\u009f]*$",
    })
}

/// An object whose first key of [`NAME_KEYS`] is a name.
fn event() -> Value {
    let named = NAME_KEYS.iter().enumerate().map(|(place, key)| {
        let absent = NAME_KEYS[..place].iter().map(|earlier| (*earlier, json!({ "not": {} })));
        let present = (*key, json!({ "$ref": "#/components/schemas/EventName" }));
        let properties: Map<String, Value> = absent
            .chain(std::iter::once(present))
            .map(|(key, schema)| (key.to_owned(), schema))
            .collect();
        json!({ "required": [key], "properties": properties })
    });
    json!({
        "type": "object",
        "description": "What happened. The first of `event`, `event_type` and `type` names it; \
                        `device` says whom it concerns, where no credential does.",
        "anyOf": named.collect::<Vec<_>>(),
    })
}

fn example() -> Value {
    json!({ "event": "InterfaceDown", "device": "R1", "interface": "GigabitEthernet1" })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Goal: a schema of the source's own stands where its references lead. Method: one that
    /// refers to itself.
    #[test]
    fn references_move_with_their_schema() {
        let schema = json!({ "$ref": "#/$defs/a", "$defs": { "a": { "type": "object" } } });
        let request = Request {
            method: "PUT",
            path: "/a/{b}",
            names: vec!["b"],
            summary: None,
            tags: &[],
            names_event: true,
            tolerant: true,
            takes_empty: false,
            schema: Some(&schema),
            params: None,
        };
        let body = super::request(&request).expect("a body");
        let content = &body["content"];
        let moved = content[JSON]["schema"]["allOf"][0]["$ref"].as_str().expect("a reference");
        let document = json!({ "paths": { "/a/{b}": { "put": { "requestBody": body.clone() } } } });
        let pointer = moved.replace("%7B", "{").replace("%7D", "}");
        let found = document.pointer(&pointer[1..]).expect("it leads somewhere");
        assert_eq!(*found, json!({ "type": "object" }));
        assert!(content.get(FORM).is_some());
        let numbers = json!({ "properties": { "a": { "type": "integer" } } });
        let of_numbers = super::request(&Request { schema: Some(&numbers), ..request.clone() });
        assert!(of_numbers.expect("a body")["content"].get(FORM).is_none());
        assert!(super::request(&Request { method: "GET", ..request }).is_none());
    }
}
