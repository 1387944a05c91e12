//! XML, JSON, and the text of a module.

use expect_test::expect;
use yang::{module_text, read_json, write_json};

use crate::support::{SCHEMA, read, xml};

const PORT: &str = "<ports xmlns=\"urn:ports\"><port><name>Loopback0</name>\
    <description>a &lt;b&gt; &amp; é</description>\
    <type xmlns:ianaift=\"urn:ietf:params:xml:ns:yang:iana-if-type\">ianaift:softwareLoopback</type>\
    <enabled>true</enabled><address><ip>10.0.0.1</ip><length>24</length></address>\
    <address><ip>10.0.1.1</ip><length>24</length><secondary/></address></port></ports>";

/// Goal: XML and JSON say the same, and come back as they went. Method: one port, both ways.
#[test]
fn both_forms_come_back() {
    let data = read(PORT).unwrap();
    assert_eq!(xml(&data), PORT);
    let json = write_json(&SCHEMA, &data, None);
    let text = serde_json::to_string(&json).unwrap();
    expect![[r#"{"ports:ports":{"port":[{"name":"Loopback0","description":"a <b> & é","type":"iana-if-type:softwareLoopback","enabled":true,"address":[{"ip":"10.0.0.1","length":24},{"ip":"10.0.1.1","length":24,"secondary":[null]}]}]}}"#]].assert_eq(&text);
    assert_eq!(read_json(&SCHEMA, None, &json).unwrap(), data);
}

/// Goal: numbers of 64 bits are strings in JSON, and a name of another module has its own in front.
#[test]
fn json_as_rfc_7951_has_it() {
    let data = read(
        "<ports-state xmlns='urn:ports'><port><name>a</name><octets>5</octets></port></ports-state>\
         <native xmlns='urn:native'><limit xmlns='urn:ports'>7</limit></native>",
    );
    let json = serde_json::to_string(&write_json(&SCHEMA, &data.unwrap(), None)).unwrap();
    assert_eq!(
        json,
        r#"{"ports:ports-state":{"port":[{"name":"a","octets":"5"}]},"native:native":{"ports:limit":7}}"#
    );
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
            "<ports xmlns='urn:ports'><port><name>a</name><enabled>perhaps</enabled></port></ports>",
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
    expect![[r#"
        module ports {
          yang-version 1.1;
          namespace "urn:ports";
          prefix p;

          import iana-if-type {
            prefix ianaift;
          }
          import native {
            prefix n;
          }

          organization
            "We";
          description
            "Ports.";

          revision 2026-01-01 {
            description
              "As here.";
          }

          container ports {
            list port {
              key "name";
              leaf name {
                type string;
              }
              leaf description {
                type string;
              }
              leaf type {
                type identityref {
                  base ianaift:iana-interface-type;
                }
              }
              leaf enabled {
                type boolean;
                default "true";
              }
              list address {
                key "ip";
                leaf ip {
                  type string;
                }
                leaf length {
                  type uint8;
                }
                leaf secondary {
                  type empty;
                }
              }
              container six {
                presence "It is configured.";
                list address {
                  key "ip";
                  leaf ip {
                    type string;
                  }
                  leaf length {
                    type uint8;
                  }
                }
              }
            }
            leaf count {
              type uint32;
              config false;
            }
          }
          container ports-state {
            config false;
            list port {
              key "name";
              leaf name {
                type string;
              }
              leaf octets {
                type uint64;
              }
            }
          }
          augment "/n:native" {
            leaf limit {
              type uint16;
            }
          }
        }
    "#]]
    .assert_eq(&text);
}

/// Goal: a table that is wrong says where. Method: a table of tables.
#[test]
fn tables_are_checked() {
    let table = [
        ("module a b c", "line 1: a module is: NAME PREFIX REVISION NAMESPACE"),
        ("module a b c d\nxx y", "line 2: a node begins with rw or ro"),
        ("module a b c d\nrw y strng", "line 2: unknown type strng"),
        ("module a b c d\nrw y\n    rw z string", "line 3: it stands too deep"),
        ("module a b c d\nrw q:y", "line 2: no module has the prefix q"),
        ("module a b c d\nrw y string | x {y", "line 2: a brace is never closed"),
    ];
    for (text, want) in table {
        assert_eq!(yang::Schema::read(&[text]).unwrap_err().to_string(), want, "{text}");
    }
}
