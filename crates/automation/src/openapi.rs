//! The sources as an OpenAPI 3.1 document has them: what a request must look like, and each answer
//! that it can get.
//!
//! Called by the skin whenever it takes over a configuration; it adds the listener's own routes.
//! What stands here is said once more by `receive`: schemathesis holds both against each other.

mod answers;
mod body;
mod parameter;
mod security;

use serde_json::{Map, Value, json};

use crate::config::{Config, Endpoint, Entrance};
use crate::receive::title;

/// The parts of a document that the sources make.
#[derive(Clone, Debug, Default)]
pub struct Described {
    /// Path items, by path.
    pub paths: Map<String, Value>,
    /// The ways to prove who one is, by their words in listener.toml.
    pub security_schemes: Map<String, Value>,
}

/// Every status of a problem document that the listener sends.
const PROBLEMS: [u16; 16] =
    [400, 401, 403, 404, 405, 408, 409, 413, 415, 421, 422, 429, 500, 502, 503, 504];

/// The sources of a configuration.
pub fn sources(config: &Config) -> Described {
    let (mut described, mut ids) = (Described::default(), Vec::new());
    for entrance in &config.entrances {
        let mut operation = operation(entrance);
        // `/a/b` and `/a/{b}` are told apart by their place.
        let id = operation_id(entrance.method(), &entrance.path);
        let twice = ids.iter().filter(|known| **known == id).count();
        operation["operationId"] =
            if twice == 0 { id.as_str().into() } else { format!("{id}_{}", twice + 1).into() };
        ids.push(id);
        let item = described.paths.entry(entrance.path.clone()).or_insert_with(|| json!({}));
        item[entrance.method().to_ascii_lowercase()] = operation;
        described.security_schemes.extend(security::schemes(entrance));
    }
    described
}

/// The schemas that the sources and their problem documents refer to.
pub fn schemas() -> Map<String, Value> {
    let accepted = |word: &str| {
        json!({
            "type": "object",
            "required": ["status", "id"],
            "properties": {
                "status": { "const": word },
                "id": { "type": "string", "description": "The event's id in the read API." },
            },
        })
    };
    let schemas = json!({
        "Accepted": accepted("accepted"),
        "Duplicate": accepted("duplicate"),
        "Result": {
            "type": "object",
            "required": ["status", "id", "result"],
            "properties": {
                "status": { "const": "ok" },
                "id": { "type": "string" },
                "result": { "type": "object", "description": "By `register`." },
            },
        },
        "EventName": body::event_name(),
        "Problem": {
            "type": "object",
            "description": "RFC 9457. `detail` says what is wrong.",
            "required": ["type", "title", "status", "detail"],
            "properties": {
                "type": { "type": "string", "format": "uri-reference" },
                "title": { "type": "string" },
                "status": { "type": "integer", "minimum": 400, "maximum": 599 },
                "detail": { "type": "string" },
                "errors": {
                    "type": "array",
                    "items": {
                        "type": "object",
                        "required": ["detail", "pointer"],
                        "properties": {
                            "detail": { "type": "string" },
                            "pointer": { "type": "string" },
                        },
                    },
                },
            },
        },
    });
    object(schemas)
}

/// The answers that are the same wherever they come from, by status.
pub fn responses() -> Map<String, Value> {
    PROBLEMS.iter().map(|status| (status.to_string(), problem(*status))).collect()
}

/// A reference to one of [`responses`].
pub fn refused(status: u16) -> (String, Value) {
    (status.to_string(), json!({ "$ref": format!("#/components/responses/{status}") }))
}

fn problem(status: u16) -> Value {
    let headers: &[(&str, &str)] = match status {
        401 => &[("WWW-Authenticate", "How to prove who one is.")],
        405 => &[("Allow", "The methods that this path takes.")],
        429 | 503 => &[("Retry-After", "When to come again, in seconds.")],
        _ => &[],
    };
    let headers: Map<String, Value> = headers
        .iter()
        .map(|(name, what)| {
            ((*name).to_owned(), json!({ "description": what, "schema": { "type": "string" } }))
        })
        .collect();
    let mut problem = json!({
        "description": title(status),
        "content": {
            "application/problem+json": { "schema": { "$ref": "#/components/schemas/Problem" } },
        },
    });
    if !headers.is_empty() {
        problem["headers"] = headers.into();
    }
    problem
}

fn operation(entrance: &Entrance) -> Value {
    let request = Request::of(Endpoint::new(entrance));
    let mut operation = json!({
        "summary": request.summary.map_or_else(|| request.unnamed(), str::to_owned),
        "description": described(entrance),
        "tags": if request.tags.is_empty() { json!(["sources"]) } else { json!(request.tags) },
        "parameters": parameter::parameters(&request),
        "security": security::requirements(entrance),
        "responses": answers::answers(entrance),
    });
    if let Some(body) = body::request(&request) {
        operation["requestBody"] = body;
    }
    operation
}

/// When it is answered, and how much of it is taken.
fn described(entrance: &Entrance) -> String {
    let answered = match entrance.respond.within {
        Some(within) => format!("Answered when its steps are done, within {within}"),
        None => "Answered as soon as the event is on disk".to_owned(),
    };
    format!("{answered}. Takes {} of one sender.", entrance.rate)
}

/// What a request must look like.
#[derive(Clone, Debug)]
struct Request<'a> {
    method: &'static str,
    path: &'a str,
    /// The names of the path's placeholders.
    names: Vec<&'a str>,
    summary: Option<&'a str>,
    tags: &'a [String],
    /// Whether its body must name the event.
    names_event: bool,
    /// Whether a body may be a form, too.
    tolerant: bool,
    /// Whether it needs no body.
    takes_empty: bool,
    /// JSON Schemas of its body, and of what path and query say.
    schema: Option<&'a Value>,
    params: Option<&'a Value>,
}

impl<'a> Request<'a> {
    fn of(endpoint: Endpoint<'a>) -> Self {
        Request {
            method: endpoint.method().as_str(),
            path: endpoint.path(),
            names: endpoint.names().collect(),
            summary: endpoint.summary(),
            tags: endpoint.tags(),
            names_event: endpoint.name().is_none(),
            tolerant: endpoint.is_tolerant(),
            takes_empty: endpoint.takes_empty(),
            schema: endpoint.schema(),
            params: endpoint.params(),
        }
    }

    fn unnamed(&self) -> String {
        format!("Deliver an event to {}", self.path)
    }
}

/// `post /device/{host}` is `post_device_host`.
fn operation_id(method: &str, path: &str) -> String {
    let words = path.split(|c: char| !c.is_ascii_alphanumeric()).filter(|word| !word.is_empty());
    let mut id = method.to_ascii_lowercase();
    for word in words {
        id.push('_');
        id.push_str(word);
    }
    id
}

fn object(value: Value) -> Map<String, Value> {
    match value {
        Value::Object(object) => object,
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) | Value::Array(_) => {
            Map::new()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testkit::config;

    fn described() -> Described {
        sources(&config(
            "[[sources]]\npath = \"/events\"\nauth = [\"bearer\", \"header:X-Hook-Token\"]\n\
             unauthenticated = \"loopback\"\n\
             [[sources]]\npath = \"/signed/hub-2\"\nauth = [\"github\", \"standard-webhooks\"]\n",
        ))
    }

    /// Goal: each source has its operation, with a name of its own, and the proofs that it takes.
    #[test]
    fn sources_have_operations() {
        let Described { paths, security_schemes } = described();
        let paths = Value::from(paths);
        let events = &paths["/events"]["post"];
        assert_eq!(events["operationId"], "post_events");
        let proofs = json!([{ "bearer": [] }, { "header_x-hook-token": [] }, {}]);
        assert_eq!(events["security"], proofs);
        let signed = &paths["/signed/hub-2"]["post"];
        assert_eq!(signed["operationId"], "post_signed_hub_2");
        assert_eq!(signed["security"], json!([{ "github": [] }, { "standard-webhooks": [] }]));
        let names: Vec<&String> = security_schemes.keys().collect();
        assert_eq!(names, ["bearer", "header_x-hook-token", "github", "standard-webhooks"]);
        assert_eq!(security_schemes["header_x-hook-token"]["name"], "x-hook-token");
    }

    /// Goal: methods, placeholders and what a source says of itself are there; two paths never have
    /// one name. Method: three sources.
    #[test]
    fn sources_have_methods_and_parameters() {
        let text = "[defaults.source]\nunauthenticated = \"loopback\"\nname = \"X\"\n\
                    [[sources]]\npath = \"/device/{host}\"\nmethod = \"GET\"\n\
                    summary = \"A device\"\ntags = [\"devices\"]\n\
                    [[sources]]\npath = \"/device/{host}\"\nmethod = \"PUT\"\nempty-body = true\n\
                    [[sources]]\npath = \"/device/host\"\nmethod = \"GET\"\n";
        let paths = Value::from(sources(&config(text)).paths);
        let get = &paths["/device/{host}"]["get"];
        let said = "Answered as soon as the event is on disk. Takes 500/s of one sender.";
        assert_eq!(get["description"], said);
        assert_eq!((&get["summary"], &get["tags"]), (&"A device".into(), &json!(["devices"])));
        let host = json!({
            "in": "path", "name": "host", "required": true, "schema": { "type": "string" }
        });
        assert_eq!((&get["parameters"][0], get.get("requestBody")), (&host, None));
        let put = &paths["/device/{host}"]["put"];
        assert_eq!(put["requestBody"]["required"], false);
        let schema = &put["requestBody"]["content"]["application/json"]["schema"];
        assert_eq!(*schema, json!({ "type": "object" }));
        assert_eq!(get["operationId"], "get_device_host");
        assert_eq!(paths["/device/host"]["get"]["operationId"], "get_device_host_2");
    }

    /// Goal: each status of a reply is there with what it says, and those that come without a reply
    /// where none need fit. Method: two sources.
    #[test]
    fn replies_are_answers() {
        let text = "[[sources]]\npath = \"/a\"\nunauthenticated = \"loopback\"\n\
                    respond = \"result\"\n[[sources.steps]]\non = \"R1\"\nshow = [\"show clock\"]\n\
                    [[sources.replies]]\nwhen = \"event.data.x\"\nstatus = 418\n\
                    json = { a = 1, b = \"{{ event.id }}\", c = \"x {{ event.id }}\" }\n\
                    html = \"<p>\"\n\
                    [[sources]]\npath = \"/b\"\nunauthenticated = \"loopback\"\n\
                    [[sources.replies]]\nstatus = 422\njson = {}\n\
                    [[sources]]\npath = \"/c\"\nunauthenticated = \"loopback\"\n\
                    [[sources.replies]]\nstatus = \"{{ event.data.code }}\"\ntext = \"x\"\n";
        let paths = Value::from(sources(&config(text)).paths);
        let answers = &paths["/a"]["post"]["responses"];
        let teapot = &answers["418"]["content"];
        assert_eq!(teapot["text/html"]["schema"]["type"], "string");
        let want = json!({
            "type": "object",
            "required": ["a", "b", "c"],
            "properties": { "a": { "type": "number" }, "b": {}, "c": { "type": "string" } },
        });
        assert_eq!(teapot["application/json"]["schema"], want);
        let ok = &answers["200"]["content"]["application/json"]["schema"]["anyOf"];
        assert_eq!(ok[0]["$ref"], "#/components/schemas/Result");
        assert_eq!(answers["502"]["$ref"], "#/components/responses/502");
        assert!(answers.get("202").is_none());
        let answers = &paths["/b"]["post"]["responses"];
        assert!(answers.get("202").is_none() && answers.get("504").is_none());
        let both = answers["422"]["content"].as_object().expect("an object");
        assert_eq!(both.len(), 2);
        let any = &paths["/c"]["post"]["responses"];
        for status in ["200", "401", "default"] {
            assert!(any[status]["content"].get("text/plain").is_some(), "{status}");
        }
    }

    /// Goal: whatever is referred to is there. Method: every reference of the parts.
    #[test]
    fn references_lead_somewhere() {
        let (schemas, responses) = (schemas(), responses());
        let text = format!(
            "{}{}{}",
            Value::from(described().paths),
            Value::from(responses.clone()),
            Value::from(schemas.clone())
        );
        let mut count = 0;
        for reference in text.split("#/components/").skip(1) {
            let (kind, rest) = reference.split_once('/').expect("a kind and a name");
            let name = rest.split('"').next().unwrap_or_default();
            let there = match kind {
                "schemas" => schemas.contains_key(name),
                "responses" => responses.contains_key(name),
                other => panic!("{other}"),
            };
            assert!(there, "{kind}/{name}");
            count += 1;
        }
        assert!(count > 20);
    }
}
