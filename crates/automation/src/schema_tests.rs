//! Schemas: what is refused in which words, and what a parameter becomes.

use proptest::prelude::*;
use serde_json::json;

use super::*;

fn schema(document: Value) -> Schema {
    Schema::compile(document).unwrap_or_else(|bad| panic!("{bad:?}"))
}

/// `pointer detail` of each.
fn wrong(document: Value, value: Value) -> Vec<String> {
    let violations = schema(document).violations(Subject::Body, &value);
    violations.iter().map(|found| format!("{} {}", found.pointer, found.detail)).collect()
}

/// Goal: what is wrong is said in words that name the field. Method: one keyword each.
#[test]
fn violations_name_the_field() {
    let of = |x: Value| json!({"properties": {"x": x}});
    let value = |x: Value| json!({"x": x});
    let table = [
        (json!({"required": ["x"]}), json!({}), "#/x `x` is missing"),
        (json!({"type": "object"}), json!([]), "# the body must be an object"),
        (
            json!({"additionalProperties": false}),
            json!({"a/b ~": 1}),
            "#/a~1b%20~0 `a/b ~` is not known here",
        ),
        (json!({"unevaluatedProperties": false}), json!({"y": 1}), "#/y `y` is not known here"),
        (of(json!({"type": "integer"})), value(json!("7")), "#/x `x` must be an integer"),
        (
            of(json!({"type": ["string", "null"]})),
            value(json!(7)),
            "#/x `x` must be null or a string",
        ),
        (
            of(json!({"enum": ["low", "high"]})),
            value(json!("x")),
            "#/x `x` must be \"low\" or \"high\"",
        ),
        (of(json!({"const": 5})), value(json!(6)), "#/x `x` must be 5"),
        (of(json!({"format": "ipv4"})), value(json!("R1")), "#/x `x` must have the form `ipv4`"),
        (of(json!({"pattern": "^show "})), value(json!("reload")), "#/x `x` must match `^show `"),
        (of(json!({"minLength": 1})), value(json!("")), "#/x `x` must have at least 1 character"),
        (
            of(json!({"maxLength": 2})),
            value(json!("abc")),
            "#/x `x` must have at most 2 characters",
        ),
        (of(json!({"minItems": 1})), value(json!([])), "#/x `x` must have at least 1 item"),
        (of(json!({"minimum": 1})), value(json!(0)), "#/x `x` must be at least 1"),
        (of(json!({"exclusiveMaximum": 9})), value(json!(9)), "#/x `x` must be less than 9"),
        (
            of(json!({"uniqueItems": true})),
            value(json!([1, 1])),
            "#/x `x` must not have an item twice",
        ),
        (of(json!(false)), value(json!(1)), "#/x `x` must not be there"),
        (
            of(json!({"anyOf": [{"format": "ipv4"}, {"enum": ["R1"]}]})),
            value(json!("R9")),
            "#/x `x` must have the form `ipv4`, or must be \"R1\"",
        ),
        (
            of(json!({"items": {"properties": {"port": {"type": "integer"}}}})),
            value(json!([{"port": 1}, {"port": "2"}])),
            "#/x/1/port `x[1].port` must be an integer",
        ),
    ];
    for (document, value, want) in table {
        assert_eq!(wrong(document.clone(), value), [want], "{document}");
    }
}

/// Goal: a sender's value is never shown. Method: a secret that breaks each rule.
#[test]
fn values_are_not_shown() {
    let document = json!({"properties": {"x": {
        "type": "integer", "maxLength": 1, "pattern": "^$", "format": "ipv4", "enum": [1],
        "not": {"type": "string"}, "contentEncoding": "base64",
    }}});
    let found = wrong(document, json!({"x": "hunter2!"}));
    assert!(found.len() >= 5, "{found:?}");
    assert!(found.iter().all(|text| !text.contains("hunter2")), "{found:?}");
}

/// Goal: what is no schema is refused, and nothing is fetched. Method: a table.
#[test]
fn bad_schemas_are_refused() {
    let bad = |document: Value| Schema::compile(document).expect_err("no schema");
    assert_eq!(bad(json!({"type": "strin"})).pointer, "/type");
    assert_eq!(
        bad(json!({"properties": {"x": {"minimum": "1"}}})).pointer,
        "/properties/x/minimum"
    );
    let kinds = [
        json!(5),
        json!({"$ref": "https://example.net/schema.json"}),
        json!({"$ref": "file:///etc/passwd"}),
        json!({"$ref": "other.json"}),
        json!({"pattern": "(?=lookahead)"}),
        json!({"pattern": "("}),
        json!({"format": "ipv5"}),
    ];
    for document in kinds {
        assert!(Schema::compile(document.clone()).is_err(), "{document}");
    }
    assert!(Schema::compile(json!({"$ref": "#/$defs/a", "$defs": {"a": {}}})).is_ok());
}

/// Goal: a parameter becomes what its schema says. Method: one of each type, and defaults.
#[test]
fn parameters_are_converted() {
    let schema = schema(json!({"properties": {
        "limit": {"type": "integer", "default": 10},
        "ratio": {"type": "number"},
        "all": {"type": "boolean", "default": false},
        "name": {"type": "string"},
        "id": {"type": ["integer", "string"]},
        "tag": {"type": "array", "items": {"type": "integer"}},
    }}));
    let convert =
        |query: &str| Value::Object(schema.convert(webhook::form::pairs(query).expect("a query")));
    assert_eq!(convert(""), json!({"limit": 10, "all": false}));
    assert_eq!(
        convert("limit=7&ratio=1.5&all=true&name=7&id=7&tag=1&tag=2&other=8"),
        json!({"limit": 7, "ratio": 1.5, "all": true, "name": "7", "id": 7, "tag": [1, 2],
               "other": "8"}),
    );
    assert_eq!(convert("limit=x&id=x")["limit"], "x");
    assert_eq!(convert("limit=x&id=x")["id"], "x");
    let params = schema.convert(vec![("limit".into(), "x".into())]).into();
    let violations = schema.violations(Subject::Params, &params);
    let want = Violation {
        pointer: "#/params/limit".into(),
        detail: "the parameter `limit` must be an integer".into(),
    };
    assert_eq!(violations, [want]);
}

proptest! {
    /// Goal: no value makes the check panic, or say different things of one value. Method: any keys
    /// and texts under a schema with most keywords.
    #[test]
    fn any_value_is_judged(keys in prop::collection::btree_map("\\PC{0,4}", ".{0,4}", 0..6)) {
        let schema = schema(json!({
            "required": ["a", "b"], "additionalProperties": {"format": "date-time"},
            "propertyNames": {"maxLength": 2}, "maxProperties": 2,
            "properties": {"a": {"oneOf": [{"const": 1}, {"pattern": "^a"}]}},
        }));
        let value = json!(keys);
        let found = schema.violations(Subject::Body, &value);
        prop_assert_eq!(found.is_empty(), schema.violations(Subject::Body, &value).is_empty());
        prop_assert_eq!(found, schema.violations(Subject::Body, &value));
    }
}
