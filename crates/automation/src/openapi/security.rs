//! How a sender proves who it is, in OpenAPI's words.

use serde_json::{Map, Value, json};
use webhook::header;

use crate::config::Entrance;
use crate::record::Method;

/// The schemes that a source takes, by name.
pub(super) fn schemes(entrance: &Entrance) -> Map<String, Value> {
    entrance.methods.iter().map(|method| (name(method), scheme(method))).collect()
}

/// One of them is enough; an empty one is "none at all".
pub(super) fn requirements(entrance: &Entrance) -> Value {
    let proofs = entrance.methods.iter().map(|method| json!({ (name(method)): [] }));
    let none = entrance.unauthenticated.then(|| json!({}));
    proofs.chain(none).collect()
}

/// The word of listener.toml, as a key of `components` can be.
fn name(method: &Method) -> String {
    method.to_string().replace(':', "_")
}

fn scheme(method: &Method) -> Value {
    let in_header = |name: &str, what: &str| {
        let mut scheme = json!({ "type": "apiKey", "in": "header", "name": name });
        scheme["description"] = what.into();
        scheme
    };
    match method {
        Method::Bearer => json!({ "type": "http", "scheme": "bearer" }),
        Method::Basic => json!({ "type": "http", "scheme": "basic" }),
        Method::Header(name) => in_header(name.as_str(), "A token."),
        Method::Github => in_header(
            header::HUB_SIGNATURE,
            "`sha256=` and the HMAC-SHA256 of the body in hexadecimal, as GitHub signs.",
        ),
        Method::StandardWebhooks => in_header(
            header::SIGNATURE,
            "Standard Webhooks 1.0.0: a signature over `webhook-id`, `webhook-timestamp` and body.",
        ),
    }
}
