//! Bodies: what is read, what is refused with which words, and nothing that panics.

use proptest::prelude::*;
use serde_json::json;

use super::*;

fn check(body: &str, want: &str) {
    let got = match parse(body.as_bytes()).and_then(object) {
        Err(error) => error.to_string(),
        Ok(object) => match event_name(&object) {
            Ok(name) => format!("event {name}"),
            Err(error) => error.to_string(),
        },
    };
    assert_eq!(got, want, "{body}");
}

/// Goal: the contract's order of names, and a position in every refusal. Method: a table.
#[test]
fn bodies_name_their_event_or_say_why_not() {
    check(r#"{"event": "InterfaceDown", "type": "x"}"#, "event InterfaceDown");
    check(r#"{"type": "a.b", "event_type": "config"}"#, "event config");
    check(r#"{"type": "a.b"}"#, "event a.b");
    check("{}", "the body names no event: `event`, `event_type` or `type` is missing");
    check(r#"{"event": 5, "type": "x"}"#, "`event` must be a string");
    check(r#"{"event": " "}"#, "`event` must be 1 to 128 printable characters");
    check(r#"{"event": "a\nb"}"#, "`event` must be 1 to 128 printable characters");
    check("[1]", "the body must be a JSON object, not an array");
    check("", "malformed JSON at line 1 column 0: EOF while parsing a value");
    check("{\"a\": 1,\n \"b\" 2}", "malformed JSON at line 2 column 6: expected `:`");
}

/// Goal: depth is bounded. Method: more brackets than a stack would like.
#[test]
fn deep_json_is_refused() {
    let deep = format!("{{\"event\":{}", "[".repeat(VALUES_MAX / 2));
    let error = parse(deep.as_bytes()).expect_err("too deep");
    assert!(error.to_string().contains("recursion limit exceeded"), "{error}");
}

/// Goal: width is bounded, whatever strings hold. Method: lists around the bound, and commas
/// that separate nothing.
#[test]
fn wide_json_is_refused() {
    let body = |values: usize| format!("{{\"event\": \"X\",\n\"d\": [0{}]}}", ",0".repeat(values));
    assert!(parse(body(VALUES_MAX - 3).as_bytes()).is_ok());
    let error = parse(body(VALUES_MAX - 2).as_bytes()).expect_err("too wide").to_string();
    assert_eq!(error, "malformed JSON at line 2 column 20002: more than 10000 values");
    let text = format!(r#"{{"event": "\"{}"}}"#, ",[{".repeat(VALUES_MAX));
    assert!(parse(text.as_bytes()).is_ok());
}

fn tolerant(body: &str) -> Result<Value, String> {
    parse_tolerant(body.as_bytes()).map(|(value, _)| value).map_err(|error| error.to_string())
}

/// Goal: what applets and Python send is read as it was meant. Method: a table.
#[test]
fn bodies_that_mean_json_are_read() {
    let table = [
        (
            "{'event':'manual_test','device':'R1','message':'EEM works'}",
            json!({"event": "manual_test", "device": "R1", "message": "EEM works"}),
        ),
        ("{'msg': 'it didn't come up', 'x': 1}", json!({"msg": "it didn't come up", "x": 1})),
        ("{'msg': 'the 'up', as it says'}", json!({"msg": "the 'up', as it says"})),
        ("{'it's': 'R1's'}", json!({"it's": "R1's"})),
        ("{'msg': '%LINK-3-UPDOWN: 50%\nnext'}", json!({"msg": "%LINK-3-UPDOWN: 50%\nnext"})),
        ("{'a': True, 'b': False, 'c': None,}", json!({"a": true, "b": false, "c": null})),
        ("['a', \"b's\", 'c',]", json!(["a", "b's", "c"])),
        ("{'a': {'b': ['c', {'d': -1.5e3}]}}", json!({"a": {"b": ["c", {"d": -1500.0}]}})),
        (r"{'a': 'it\'s \x41\u00e4\ud83d\ude00 C:\dir'}", json!({"a": "it's Aä😀 C:\\dir"})),
        ("{\"cpu\": '95', 'mixed': \"x\"}", json!({"cpu": "95", "mixed": "x"})),
        ("  'a text'\n", json!("a text")),
        ("{\"event\": \"X\",}", json!({"event": "X"})),
    ];
    for (body, want) in table {
        assert_eq!(tolerant(body), Ok(want), "{body}");
        let strict = parse(body.as_bytes()).expect_err("it is no JSON").to_string();
        let named = strict.contains("this is single-quoted, JSON wants double quotes");
        assert_eq!(named, body.contains('\''), "{body}: {strict}");
    }
}

/// Goal: what means nothing is refused, at its place. Method: a table.
#[test]
fn bodies_that_mean_nothing_are_refused() {
    let table = [
        ("{'a': }", "line 1 column 7: expected value"),
        ("{'a' 1}", "line 1 column 2: the text that begins here has no end"),
        ("{'a': 1\n 'b': 2}", "line 2 column 2: expected `,` or `}`"),
        ("{'a': 'x'", "line 1 column 10: expected `,` or `}`"),
        ("{a: 'x'}", "line 1 column 2: key must be a string"),
        ("{'a': yes}", "line 1 column 7: expected value"),
        ("{'a': 01}", "line 1 column 7: invalid number"),
        ("{'a': '\\ud83d'}", "line 1 column 14: lone surrogate"),
        ("{'a': 1} {'b': 2}", "line 1 column 10: trailing characters"),
        ("{\"a\": yes}", "line 1 column 7: expected value"),
    ];
    for (body, want) in table {
        assert_eq!(tolerant(body), Err(format!("malformed JSON at {want}")), "{body}");
    }
    let deep = tolerant(&"['a',".repeat(4_000)).expect_err("too deep");
    assert!(deep.contains("recursion limit exceeded"), "{deep}");
    let wide = tolerant(&format!("['a'{}]", ",0".repeat(VALUES_MAX))).expect_err("too wide");
    assert!(wide.ends_with("more than 10000 values"), "{wide}");
}

/// Goal: forms are read, and JSON that was sent as one. Method: a table.
#[test]
fn forms_are_read() {
    let read = |body: &str| {
        let read = parse_form(body.as_bytes());
        read.map(|(value, from)| (value, from.as_str())).map_err(|error| error.to_string())
    };
    let table = [
        ("event=X&note=a+b%21", json!({"event": "X", "note": "a b!"}), "form"),
        ("{\"event\": \"X=1\"}", json!({"event": "X=1"}), "form"),
        ("%7B%22event%22%3A%22X%22%7D", json!({"event": "X"}), "form"),
        ("{'event': 'X=1'}", json!({"event": "X=1"}), "single-quoted"),
    ];
    for (body, value, from) in table {
        assert_eq!(read(body), Ok((value, from)), "{body}");
    }
    let no_field = "this is no form: there is no `NAME=VALUE`, and no JSON either";
    for (body, want) in [
        ("hello", no_field),
        ("", no_field),
        ("a=%ff", "the form cannot be read: it is no UTF-8"),
        ("{\"event\":", "malformed JSON at line 1 column 9: EOF while parsing a value"),
    ] {
        assert_eq!(read(body), Err(want.to_owned()), "{body}");
    }
}

/// Any JSON.
fn any_json() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        any::<String>().prop_map(Value::from),
        "['\"\\\\,:{}\\[\\] a]{0,8}".prop_map(Value::from),
    ];
    leaf.prop_recursive(4, 32, 4, |inner| {
        let keys = "['\"\\\\,: a]{0,4}";
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            prop::collection::btree_map(keys, inner, 0..4)
                .prop_map(|map| Value::Object(map.into_iter().collect())),
        ]
    })
}

proptest::proptest! {
    /// Goal: no bytes make the parser panic. Method: any bytes.
    #[test]
    fn any_bytes_are_read_or_refused(bytes: Vec<u8>) {
        let _ = parse(&bytes).map(wrapped).map(|object| event_name(&object).is_ok());
        let _ = parse_tolerant(&bytes);
        let _ = parse_form(&bytes);
    }

    /// Goal: all of JSON is read as the strict parser reads it. Method: any, written both ways.
    #[test]
    fn json_is_read_as_json(value in any_json(), pretty: bool) {
        let text = if pretty { format!("{value:#}") } else { value.to_string() };
        let strict = strict(text.as_bytes());
        prop_assert!(strict.is_ok());
        prop_assert_eq!(parse_tolerant(text.as_bytes()), strict.clone().map(|value| (value, None)));
        let read = tolerant::parse(text.as_bytes()).map(|read| read.value);
        prop_assert_eq!(read, strict);
    }

    /// Goal: it never panics and keeps its bounds. Method: text that looks like a body.
    #[test]
    fn what_looks_like_a_body_is_read_or_refused(
        text in "[\\[\\]{}'\",:\\\\ a1\\-eTrueNone\nxuU]{0,64}",
    ) {
        let _ = tolerant::parse(text.as_bytes());
        let _ = parse(text.as_bytes());
    }
}
