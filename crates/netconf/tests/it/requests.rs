//! The router's end of a request that is none, or hostile.

use std::sync::LazyLock;

use netconf::Request;
use yang::Schema;

static SCHEMA: LazyLock<Schema> = LazyLock::new(|| {
    Schema::read(&["module a a 2026-01-01 urn:a\nrw top\n  rw x? string | x {}\n"])
        .expect("a table")
});

fn refused(text: &str) -> String {
    match Request::read(&SCHEMA, text).operation {
        Ok(operation) => panic!("{operation:?}"),
        Err(error) => error.to_string(),
    }
}

fn rpc(body: &str) -> String {
    let base = "urn:ietf:params:xml:ns:netconf:base:1.0";
    format!("<rpc xmlns=\"{base}\" message-id=\"1\">{body}</rpc>")
}

/// Goal: no message brings entities of its own or ends the program by its depth, whatever it asks.
/// Method: each, with elements to a depth that no stack has.
#[test]
fn hostile_requests_are_refused() {
    let entity = "<!DOCTYPE rpc [<!ENTITY a \"b\"><!ENTITY c SYSTEM \"file:///etc/passwd\">]>";
    let said = refused(&format!("{entity}{}", rpc("<get>&c;</get>")));
    assert!(said.starts_with("malformed-message"), "{said}");
    let deep = format!("{}{}", "<a>".repeat(200_000), "</a>".repeat(200_000));
    let edit = "<edit-config><target><running/></target><config>";
    for body in [
        format!("<get><filter>{deep}</filter></get>"),
        format!("<get-config><source><running/></source><filter>{deep}</filter></get-config>"),
        format!("{edit}{deep}</config></edit-config>"),
        deep,
    ] {
        let said = refused(&rpc(&body));
        assert_eq!(said, "malformed-message: elements stand more than 128 deep");
    }
}

/// Goal: requests without what they need are refused by name. Method: a table.
#[test]
fn requests_that_lack_something() {
    let edit = |inner: &str| format!("<edit-config>{inner}</edit-config>");
    let target = "<target><running/></target>";
    for body in [
        "<get-config/>".to_owned(),
        "<get-config><source><nowhere/></source></get-config>".to_owned(),
        "<get><filter type='xpath'/></get>".to_owned(),
        "<get><filter type='xquery' select='/'/></get>".to_owned(),
        "<kill-session><session-id>x</session-id></kill-session>".to_owned(),
        "<kill-session/>".to_owned(),
        "<lock/>".to_owned(),
        "<reboot/>".to_owned(),
        String::new(),
        edit(target),
        edit("<config/>"),
        edit(&format!("{target}<config><top xmlns='urn:b'/></config>")),
        edit(&format!("{target}<default-operation>x</default-operation><config/>")),
        edit(&format!("{target}<test-option>x</test-option><config/>")),
    ] {
        assert!(!refused(&rpc(&body)).is_empty(), "{body}");
    }
}
