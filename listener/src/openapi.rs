//! The description of all routes, as an OpenAPI 3.1 document: `/openapi.json`.
//!
//! Made by `live::front` for each configuration. Of the sources `automation` tells; the listener's
//! own routes stand here.

use automation::Config;
use automation::openapi::{self, Described, refused};
use automation::store::{PAGE_ROWS_DEFAULT, PAGE_ROWS_MAX};
use serde_json::{Map, Value, json};

/// What `/metrics` is, without parameters.
const METRICS_TYPE: &str = "application/openmetrics-text";
/// The scheme of `[api]`'s tokens.
const READ_TOKEN: &str = "read-token";
/// With what any request can be refused that is not for this listener.
const NOT_OURS: [u16; 3] = [400, 403, 421];

/// The whole document.
pub(crate) fn document(config: &Config) -> Value {
    let Described { paths: sources, mut security_schemes } = openapi::sources(config);
    let mut paths = own();
    paths.extend(sources);
    security_schemes.insert(
        READ_TOKEN.to_owned(),
        json!({
            "type": "http",
            "scheme": "bearer",
            "description": "A `token` of `[api]`; from the listener's own machine none is needed.",
        }),
    );
    let mut schemas = openapi::schemas();
    schemas.extend(read_schemas());
    json!({
        "openapi": "3.1.0",
        "info": {
            "title": "ednm listener",
            "description": "Takes webhooks, keeps them, and reacts on devices.",
            "version": env!("CARGO_PKG_VERSION"),
            "license": { "name": "MIT or Apache-2.0", "identifier": "MIT OR Apache-2.0" },
        },
        "servers": [{ "url": "/" }],
        "tags": [
            { "name": "sources", "description": "What listener.toml takes in." },
            { "name": "read API", "description": "Events, and what followed from them." },
            { "name": "listener", "description": "The listener itself." },
        ],
        "paths": paths,
        "components": {
            "schemas": schemas,
            "responses": openapi::responses(),
            "securitySchemes": security_schemes,
        },
    })
}

fn own() -> Map<String, Value> {
    let health = words(&["status", "message", "version", "service"]);
    let paths = [
        ("/health", about("health", "Is there a listener?", &json_of(health), &[421])),
        ("/ready", about("ready", "Can it do its work?", &json_of(words(&["status"])), &[503])),
        ("/openapi.json", about("description", "This document", &json_of(any_object()), &[])),
        ("/docs", about("docs", "This document, in Swagger UI", &html(), &[])),
        ("/redoc", about("redoc", "This document, in Redoc", &html(), &[])),
        ("/metrics", metrics()),
        ("/api/v1/events", events()),
        ("/api/v1/events/{id}", event()),
        ("/api/v1/jobs", jobs()),
    ];
    paths.map(|(path, get)| (path.to_owned(), json!({ "get": get }))).into_iter().collect()
}

/// A route that tells of the listener, to everybody.
fn about(id: &str, summary: &str, content: &Value, also: &[u16]) -> Value {
    json!({
        "operationId": id,
        "summary": summary,
        "tags": ["listener"],
        "security": [],
        "responses": answers(content, also),
    })
}

fn metrics() -> Value {
    let content = json!({ (METRICS_TYPE): { "schema": TEXT() } });
    read("metrics", "What is counted, as OpenMetrics", &json!([]), &content, &[])
}

fn events() -> Value {
    let parameters = json!([
        limit(),
        query("after", "Only events older than this one: the `next` of the page before.", TEXT),
        query("device", "Only events of this node.", TEXT),
        query("name", "Only events of this name.", TEXT),
        query("state", "Only events that are this far.", event_state),
    ]);
    read("list_events", "Events, newest first", &parameters, &json_of(schema("EventPage")), &[400])
}

fn event() -> Value {
    let id = json!([{
        "in": "path", "name": "id", "required": true, "schema": { "type": "string" }
    }]);
    read("show_event", "The story of one event", &id, &json_of(schema("Story")), &[404])
}

fn jobs() -> Value {
    let parameters = json!([
        limit(),
        query("device", "Only jobs on this node.", TEXT),
        query("all", "Those that have ended, too.", || json!({ "type": "boolean" })),
    ]);
    let summary = "Jobs: those that wait for an approval first, then the newest events' first";
    read("list_jobs", summary, &parameters, &json_of(schema("JobPage")), &[400])
}

/// A route of the read API.
fn read(id: &str, summary: &str, parameters: &Value, content: &Value, also: &[u16]) -> Value {
    let also = [also, &[401, 500]].concat();
    json!({
        "operationId": id,
        "summary": summary,
        "tags": ["read API"],
        "parameters": parameters,
        "security": [{ (READ_TOKEN): [] }, {}],
        "responses": answers(content, &also),
    })
}

/// 200 with this content, or a refusal.
fn answers(content: &Value, also: &[u16]) -> Value {
    let mut answers = Map::new();
    answers.insert("200".to_owned(), json!({ "description": "OK", "content": content }));
    answers.extend(NOT_OURS.iter().chain(also).map(|status| refused(*status)));
    answers.into()
}

const TEXT: fn() -> Value = || json!({ "type": "string" });

fn query(name: &str, what: &str, schema: impl FnOnce() -> Value) -> Value {
    json!({ "in": "query", "name": name, "description": what, "schema": schema() })
}

fn limit() -> Value {
    query("limit", "How many.", || {
        json!({
            "type": "integer", "minimum": 1, "maximum": PAGE_ROWS_MAX, "default": PAGE_ROWS_DEFAULT
        })
    })
}

fn json_of(schema: Value) -> Value {
    json!({ "application/json": { "schema": schema } })
}

fn html() -> Value {
    json!({ "text/html": { "schema": { "type": "string" } } })
}

fn schema(name: &str) -> Value {
    json!({ "$ref": format!("#/components/schemas/{name}") })
}

fn any_object() -> Value {
    json!({ "type": "object" })
}

/// An object of texts that are all there.
fn words(names: &[&str]) -> Value {
    let properties: Map<String, Value> =
        names.iter().map(|name| ((*name).to_owned(), TEXT())).collect();
    json!({ "type": "object", "required": names, "properties": properties })
}

fn event_state() -> Value {
    json!({ "type": "string", "enum": ["accepted", "waiting", "running", "done", "failed"] })
}

fn job_state() -> Value {
    json!({ "type": "string", "enum": ["waiting", "queued", "running", "done", "failed"] })
}

fn perhaps_text() -> Value {
    json!({ "type": ["string", "null"] })
}

fn instant() -> Value {
    json!({ "type": "string", "format": "date-time" })
}

fn perhaps_instant() -> Value {
    json!({ "type": ["string", "null"], "format": "date-time" })
}

/// What the read API gives. docs/listener.md says more of each key.
fn read_schemas() -> Map<String, Value> {
    let list = |of: &str| json!({ "type": "array", "items": schema(of) });
    let schemas = [
        ("EventPage", json!({ "events": list("EventRow"), "next": perhaps_text() })),
        (
            "EventRow",
            json!({
                "id": TEXT(), "received_at": instant(), "source": TEXT(), "name": TEXT(),
                "device": perhaps_text(), "device_from": TEXT(), "state": event_state(),
                "jobs": { "type": "integer" },
            }),
        ),
        (
            "Story",
            json!({
                "state": event_state(), "event": any_object(), "verification": any_object(),
                "webhook_id": perhaps_text(), "decided_at": perhaps_instant(),
                "caused_by": perhaps_text(), "note": perhaps_text(),
                "rules": { "type": "array", "items": any_object() },
                "jobs": { "type": "array", "items": any_object() },
            }),
        ),
        ("JobPage", json!({ "jobs": list("JobRow"), "more": { "type": "boolean" } })),
        (
            "JobRow",
            json!({
                "job": TEXT(), "event": TEXT(), "rule": TEXT(), "device": TEXT(),
                "action": any_object(), "state": job_state(), "decided_at": perhaps_instant(),
                "ended_at": perhaps_instant(), "error": perhaps_text(),
            }),
        ),
    ];
    let whole = |(name, properties): (&str, Value)| {
        let required: Vec<String> =
            properties.as_object().into_iter().flat_map(Map::keys).cloned().collect();
        let object = json!({ "type": "object", "required": required, "properties": properties });
        (name.to_owned(), object)
    };
    schemas.map(whole).into_iter().collect()
}
