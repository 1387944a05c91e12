//! The parameters of a source: of its path, its query, and the headers that every source reads.

use serde_json::{Value, json};
use webhook::{header, standard};

use super::Request;

/// All of them.
pub(super) fn parameters(request: &Request<'_>) -> Value {
    let of_path = request.names.iter().map(|name| {
        let schema = property(request, name).cloned();
        parameter("path", name, schema.unwrap_or_else(|| json!({ "type": "string" })))
    });
    let properties = request.params.and_then(|params| params["properties"].as_object());
    let of_query = properties.into_iter().flatten();
    let of_query = of_query.filter(|(name, _)| !request.names.contains(&name.as_str()));
    let of_query = of_query.map(|(name, schema)| {
        let mut parameter = parameter("query", name, schema.clone());
        parameter["required"] = is_required(request, name).into();
        parameter
    });
    of_path.chain(of_query).chain(headers()).collect()
}

fn property<'a>(request: &Request<'a>, name: &str) -> Option<&'a Value> {
    request.params?.get("properties")?.get(name)
}

/// Whether the query must have it; one with a default is filled in.
fn is_required(request: &Request<'_>, name: &str) -> bool {
    let listed = request.params.and_then(|params| params["required"].as_array());
    let listed = listed.is_some_and(|names| names.iter().any(|known| known == name));
    listed && property(request, name).is_none_or(|schema| schema.get("default").is_none())
}

fn headers() -> [Value; 3] {
    let header = |name: &str, what: &str, schema: Value| {
        let mut parameter = parameter("header", name, schema);
        parameter["description"] = what.into();
        parameter
    };
    let text = || json!({ "type": "string" });
    let id = json!({
        "type": "string",
        "minLength": 1,
        "maxLength": standard::ID_BYTES_MAX,
        "pattern": "^[!-~]+$",
    });
    [
        header(header::ID, "The sender's own id: a repeat with the same bytes starts nothing.", id),
        header(
            header::DEVICE,
            "The device that it concerns, where neither a credential nor the body says so.",
            text(),
        ),
        header(header::TRACEPARENT, "W3C Trace Context: the event carries its trace id.", text()),
    ]
}

fn parameter(place: &str, name: &str, schema: Value) -> Value {
    json!({ "in": place, "name": name, "required": place == "path", "schema": schema })
}
