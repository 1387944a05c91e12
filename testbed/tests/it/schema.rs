//! The JSON Schemas of docs/schema: written by the loaders themselves, true of the shipped files.

use automation::Config;
use diagnostic::table::Shape;
use expect_test::{ExpectFile, expect_file};
use lab::Scenario;
use serde_json::Value;
use topology::Topology;

const LISTENER: &str = include_str!("../../../listener.toml");
const SCENARIO: &str = include_str!("../../../scenarios/interface-down.toml");
const TOPOLOGY: &str = include_str!("../../../topology.toml");

const BOX: &str = "[credentials.box]\ntoken = [\"env:A\", \"env:B\"]\nbasic = \"env:C\"\n[[rules]]";
const TYPO: &str = "[credentials.box]\ntokn = \"env:A\"\n[[rules]]";

fn topology() -> String {
    let what = "A lab of virtual routers (with [lab]), or an inventory of real ones (without).";
    Topology::shape().to_schema("topology.toml", what)
}

fn listener() -> String {
    let what = "What the listener takes in, from whom, and what follows (docs/listener.md).";
    Config::shape().to_schema("listener.toml", what)
}

fn scenario() -> String {
    let what = "What happens to a lab and when, and what must follow (docs/scenarios.md).";
    Scenario::shape().to_schema("A scenario", what)
}

fn unit_tests() -> String {
    let what = "Unit tests of applets: what happens to a router, what must follow \
                (docs/eem-tests.md).";
    testbed::unit_tests_shape().to_schema("Tests of applets", what)
}

/// Goal: a schema is what its loader asks for, never a second list. Method: recorded once more;
/// `cargo xtask schema` rewrites the files.
#[test]
fn schemas_are_what_the_loaders_read() {
    let check = |schema: String, file: ExpectFile| file.assert_eq(&schema);
    check(topology(), expect_file!["../../../docs/schema/topology.schema.json"]);
    check(listener(), expect_file!["../../../docs/schema/listener.schema.json"]);
    check(scenario(), expect_file!["../../../docs/schema/scenario.schema.json"]);
    check(unit_tests(), expect_file!["../../../docs/schema/unit-tests.schema.json"]);
}

/// Goal: a schema takes what its loader takes, and finds a mistake in every depth. Method: the
/// shipped files, and each with one line changed.
#[test]
fn schemas_take_the_shipped_files() {
    let table = [
        (topology(), TOPOLOGY, "", "", None),
        (topology(), TOPOLOGY, "seed = 7", "sed = 7", Some("/lab: unknown key `sed`")),
        (topology(), TOPOLOGY, "kind = \"virtual\"", "kind = \"v\"", Some("/defaults/node/kind")),
        (topology(), TOPOLOGY, "[nodes.R2]", "[nodes.R2]\nssl = 1", Some("/nodes/R2: unknown")),
        (topology(), TOPOLOGY, "endpoints = [\"R2", "ends = [\"R2", Some("/links/2: missing")),
        (listener(), LISTENER, "", "", None),
        (listener(), LISTENER, "when =", "wenn =", Some("/rules/0: unknown key `wenn`")),
        (listener(), LISTENER, "show =", "shov =", Some("/rules/0/actions/0: unknown")),
        (listener(), LISTENER, "[[rules]]", BOX, None),
        (listener(), LISTENER, "[[rules]]", TYPO, Some("/credentials/box: unknown key `tokn`")),
        (scenario(), SCENARIO, "", "", None),
        (scenario(), SCENARIO, "ran = true", "ran = 1", Some("/expect/1/applet/ran: type")),
        (scenario(), SCENARIO, "seed = 1", "seed = -1", Some("/seed: type")),
    ];
    for (schema, text, from, to, want) in table {
        let schema: Value = serde_json::from_str(&schema).unwrap();
        let file: Value = toml::from_str(&text.replacen(from, to, 1)).unwrap();
        let mut mistakes = Vec::new();
        validate(&schema, &file, "", &mut mistakes);
        match want {
            None => assert!(mistakes.is_empty(), "{mistakes:?}"),
            Some(want) => assert!(mistakes.iter().any(|m| m.starts_with(want)), "{mistakes:?}"),
        }
    }
}

/// Goal: a shape holds what was asked, in order. Method: a loader of three lines.
#[test]
fn a_shape_is_what_was_asked() {
    let shape = Shape::record(|mut root| {
        root.text("name", &mut Vec::new());
        root.tables("steps", &mut Vec::new());
        root.finish(&mut Vec::new());
    });
    assert_eq!(shape.tables().collect::<Vec<_>>(), ["steps"]);
}

/// The part of JSON Schema that the schemas use.
fn validate(schema: &Value, value: &Value, place: &str, mistakes: &mut Vec<String>) {
    let fits = match schema["type"].as_str() {
        None => true,
        Some("object") => value.is_object(),
        Some("array") => value.is_array(),
        Some("string") => value.is_string(),
        Some("integer") => value.as_i64().is_some_and(|n| n >= 0),
        Some("boolean") => value.is_boolean(),
        Some(other) => panic!("the validator does not know the type {other}"),
    };
    if let Some(any) = schema["anyOf"].as_array() {
        let fit = any.iter().any(|schema| {
            let mut found = Vec::new();
            validate(schema, value, place, &mut found);
            found.is_empty()
        });
        if !fit {
            mistakes.push(format!("{place}: none of the forms"));
        }
    }
    if !fits {
        return mistakes.push(format!("{place}: type"));
    }
    if schema["enum"].as_array().is_some_and(|words| !words.contains(value)) {
        mistakes.push(format!("{place}: no such word"));
    }
    for (index, item) in value.as_array().into_iter().flatten().enumerate() {
        validate(&schema["items"], item, &format!("{place}/{index}"), mistakes);
    }
    let Some(entries) = value.as_object() else { return };
    for key in schema["required"].as_array().into_iter().flatten().filter_map(Value::as_str) {
        if !entries.contains_key(key) {
            mistakes.push(format!("{place}: missing key `{key}`"));
        }
    }
    for (key, value) in entries {
        let others = &schema["additionalProperties"];
        let below = schema["properties"].get(key).unwrap_or(others);
        match below {
            Value::Bool(false) => mistakes.push(format!("{place}: unknown key `{key}`")),
            below => validate(below, value, &format!("{place}/{key}"), mistakes),
        }
    }
}
