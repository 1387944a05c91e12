//! What a body must look like, as JSON Schema.

use serde_json::{Value, json};
use webhook::body::{NAME_CHARS_MAX, NAME_KEYS};

/// One that names its event.
pub(super) fn request() -> Value {
    json!({
        "required": true,
        "content": { "application/json": { "schema": event(), "example": example() } },
    })
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
        let properties: serde_json::Map<String, Value> = absent
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
