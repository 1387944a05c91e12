//! XML, JSON, and the text of a module.

use expect_test::expect_file;
use yang::{module_text, read_json, write_json};

use crate::support::{SCHEMA, read, xml};

const PORT: &str = "<ports xmlns=\"urn:ports\"><port><name>Loopback0</name>\
    <description>a &lt;b&gt; &amp; é</description>\
    <type xmlns:ianaift=\"urn:ietf:params:xml:ns:yang:iana-if-type\">\
    ianaift:softwareLoopback</type>\
    <enabled>true</enabled><address><ip>10.0.0.1</ip><length>24</length></address>\
    <address><ip>10.0.1.1</ip><length>24</length><secondary/></address></port></ports>";

/// Goal: XML and JSON say the same, and come back as they went. Method: one port, both ways.
#[test]
fn both_forms_come_back() {
    let data = read(PORT).unwrap();
    assert_eq!(xml(&data), PORT);
    let json = write_json(&SCHEMA, &data, None);
    expect_file!["../snapshots/port.json"]
        .assert_eq(&(serde_json::to_string_pretty(&json).unwrap() + "\n"));
    assert_eq!(read_json(&SCHEMA, None, &json).unwrap(), data);
}

/// Goal: RFC 7951: numbers of 64 bits are strings, and a name of another module has that in front.
/// Method: data with both.
#[test]
fn json_as_rfc_7951_has_it() {
    let data = read(
        "<ports-state xmlns='urn:ports'><port><name>a</name><octets>5</octets></port></ports-state>\
         <native xmlns='urn:native'><limit xmlns='urn:ports'>7</limit></native>",
    );
    let json = serde_json::to_string(&write_json(&SCHEMA, &data.unwrap(), None)).unwrap();
    let state = r#"{"ports:ports-state":{"port":[{"name":"a","octets":"5"}]}"#;
    assert_eq!(json, format!(r#"{state},"native:native":{{"ports:limit":7}}}}"#));
}

/// Goal: what does not belong is named, and where it stands. Method: a table of XML texts.
#[test]
fn faults_are_named() {
    let table = [
        ("<ports xmlns='urn:nowhere'/>", "unknown-namespace: unknown namespace urn:nowhere at "),
        ("<ports/>", "unknown-namespace: unknown namespace  at "),
        (
            "<ports xmlns='urn:ports'><prt/></ports>",
            "unknown-element: unknown element: prt at /ports",
        ),
        (
            "<ports xmlns='urn:ports'><port><enabled>true</enabled></port></ports>",
            "missing-element: key name is missing at /ports/port",
        ),
        (
            "<ports xmlns='urn:ports'><port><name>a</name><enabled>perhaps</enabled></port>\
             </ports>",
            "invalid-value: \"perhaps\" is not a valid value. at /ports/port/enabled",
        ),
        (
            "<native xmlns='urn:native'><hostname>a</hostname><hostname>b</hostname></native>",
            "bad-element: given twice at /native",
        ),
        (
            "<native xmlns='urn:native'>text</native>",
            "bad-element: text where only elements can be at /native",
        ),
        (
            "<native xmlns='urn:native'><hostname nc:operation='kill'>a</hostname></native>",
            "bad-attribute: unknown operation kill at /native/hostname",
        ),
    ];
    for (text, want) in table {
        assert_eq!(read(text).unwrap_err().to_string(), want, "{text}");
    }
    let deep = format!("{}{}", "<a xmlns='urn:ports'>".repeat(3), "</a>".repeat(3));
    assert!(read(&deep).is_err());
}

/// Goal: a module's text is what its table holds. Method: a snapshot.
#[test]
fn a_module_has_a_text() {
    let at = SCHEMA.module_of_name("ports").unwrap();
    let text = module_text(&SCHEMA, at, "We", "Ports.");
    expect_file!["../snapshots/ports.yang"].assert_eq(&text);
}

/// Goal: a table that is wrong says where. Method: a table of tables.
#[test]
fn tables_are_checked() {
    let table = [
        ("module a b c", "line 1: a module is: NAME PREFIX REVISION NAMESPACE [FEATURE,...]"),
        ("module a b c d\nxx y", "line 2: a node begins with rw or ro"),
        ("module a b c d\nrw y strng", "line 2: unknown type strng"),
        ("module a b c d\nrw y\n    rw z string", "line 3: it stands too deep"),
        ("module a b c d\nrw q:y", "line 2: no module has the prefix q"),
        ("module a b c d\nrw y string | x {y", "line 2: a brace is never closed"),
        ("module a b c d\nrw y? boolean = yes", "line 2: the default yes is no value"),
    ];
    for (text, want) in table {
        assert_eq!(yang::Schema::read(&[text]).unwrap_err().to_string(), want, "{text}");
    }
}
