//! What programs send by mistake or in malice.

use proptest::prelude::*;
use serde_json::{Map, Value};
use yang::{Error, Filter, Path, Schema, Tops, read_json, read_lines, select, write_json};

use crate::support::{SCHEMA, read, read_short};

fn json(text: &str) -> Result<String, Error> {
    let members: Map<String, Value> = serde_json::from_str(text).unwrap();
    let elements = read_json(&SCHEMA, None, &members)?;
    Ok(Value::Object(write_json(&SCHEMA, &elements, None)).to_string())
}

/// Goal: JSON that is not as RFC 7951 has it is refused by name and place, and what clients are
/// used to be forgiven is forgiven. Method: a table.
#[test]
fn json_faults_are_named() {
    let port = |inner: &str| format!(r#"{{"ports:ports":{{"port":[{{"name":"a",{inner}}}]}}}}"#);
    let native = |inner: &str| format!(r#"{{"native:native":{{{inner}}}}}"#);
    let table = [
        (r#"{"ports":{}}"#.to_owned(), "unknown-element: unknown element: ports at "),
        (r#"{"none:ports":{}}"#.to_owned(), "unknown-element: unknown element: none:ports at "),
        (native(r#""host":"a""#), "unknown-element: unknown element: host at /native:native"),
        (
            native(r#""ports:hostname":"a""#),
            "unknown-element: unknown element: ports:hostname at /native:native",
        ),
        (
            native(r#""hostname":"a","native:hostname":"b""#),
            "bad-element: given twice at /native:native",
        ),
        (
            native(r#""hostname":["a"]"#),
            "invalid-value: \"[\"a\"]\" is not a valid value. at /native:native/hostname",
        ),
        (
            native(r#""hostname":null"#),
            "invalid-value: \"null\" is not a valid value. at /native:native/hostname",
        ),
        (
            native(r#""hostname":"a\nreload""#),
            "invalid-value: \"a\nreload\" is not a valid value. at /native:native/hostname",
        ),
        (
            native(r#""ports:limit":1e3"#),
            "invalid-value: \"1000.0\" is not a valid value. at /native:native/ports:limit",
        ),
        (
            native(r#""interface":[]"#),
            "invalid-value: \"[]\" is not a valid value. at /native:native/interface",
        ),
        (
            port(r#""enabled":"perhaps""#),
            "invalid-value: \"perhaps\" is not a valid value. at /ports:ports/port/enabled",
        ),
        (
            port(r#""address":[[]]"#),
            "invalid-value: \"[]\" is not a valid value. at /ports:ports/port/address",
        ),
        (
            port(r#""address":[{}]"#),
            "missing-element: key ip is missing at /ports:ports/port/address",
        ),
        (
            port(r#""address":[{"ip":"10.0.0.1","secondary":true}]"#),
            "invalid-value: \"true\" is not a valid value. at /ports:ports/port/address/secondary",
        ),
    ];
    for (text, want) in table {
        assert_eq!(json(&text).unwrap_err().to_string(), want, "{text}");
    }
    for (text, want) in [
        // Of JSON itself the last one counts.
        (native(r#""hostname":"a","hostname":"b""#), native(r#""hostname":"b""#)),
        (native(r#""ports:limit":"7""#), native(r#""ports:limit":7"#)),
        (port(r#""enabled":"true""#), port(r#""enabled":true"#)),
        (
            port(r#""address":{"ip":"10.0.0.1","secondary":[null]}"#),
            port(r#""address":[{"ip":"10.0.0.1","secondary":[null]}]"#),
        ),
    ] {
        assert_eq!(json(&text).as_deref(), Ok(&*want), "{text}");
    }
}

/// Goal: XML with keys of another namespace, keys twice, or more than a value. Method: a table.
#[test]
fn xml_faults_are_named() {
    for (text, want) in [
        (
            "<ports><port><name xmlns='urn:native'>a</name></port></ports>",
            "unknown-element: unknown element: name at /ports/port",
        ),
        (
            "<ports><port><name>a</name><name>b</name></port></ports>",
            "bad-element: given twice at /ports/port",
        ),
        (
            "<ports><port><name>a<b/></name></port></ports>",
            "bad-element: elements where only a value can be at /ports/port/name",
        ),
        (
            "<native><hostname>a&#10;reload</hostname></native>",
            "invalid-value: \"a\nreload\" is not a valid value. at /native/hostname",
        ),
    ] {
        assert_eq!(read_short(text).unwrap_err().to_string(), want, "{text}");
    }
    // Comments, instructions and CDATA are no data.
    let odd = "<native><!-- x --><?y z?><hostname><![CDATA[a]]></hostname></native>";
    assert_eq!(read_short(odd), read_short("<native><hostname>a</hostname></native>"));
}

/// Goal: of XPath what is not understood is refused, and no expression runs long or deep. Method: a
/// table, and long texts.
#[test]
fn paths_that_are_refused() {
    for text in [
        "/a[local-name()='b']",
        "/a[b and c]",
        "/a[b='1' or c='2']",
        "/a/ancestor::b",
        "/a/..",
        "/a[1+1]",
        "count(/a)",
        "/a[b='1'",
        "/a | ",
        "/",
        "|",
    ] {
        assert!(Path::read(text).is_err(), "{text}");
    }
    assert!(Path::read(&"/a".repeat(1_000_000)).is_err());
    assert!(Path::read(&format!("/a{}", "[b='1']".repeat(10_000))).is_err());
    let many = vec!["//*"; 1_000].join("|");
    let paths = Path::read(&many).unwrap();
    let data = read_short("<native><hostname>a</hostname></native>").unwrap();
    assert_eq!(select(&SCHEMA, &data, &Filter::Paths(paths, Vec::new())), data);
}

proptest! {
    /// Goal: no text of a table panics. Method: pieces of tables in any order.
    #[test]
    fn any_table_is_read(
        text in "(module a a 1 urn:a\n|rw |ro |a|b|\\* \\[a\\]|\\?|!|  |\n| \\| |\\{|\\}\
             |\\[|\\]|\\(|\\)\
                 |\\.\\.\\.|grouping g|uses g|<|>|:|=|string|uint8\\(1..2\\)|enum\\(|/x/\
             |no ){0,60}",
    ) {
        if let Ok(schema) = Schema::read(&[&text]) {
            schema.problems();
        }
    }

    /// Goal: no line of a configuration panics, and all data that is read can be written again.
    /// Method: pieces of lines in any order.
    #[test]
    fn any_line_is_read(
        text in "(no |interface |ip |route |address |acl |user |10\\.0\\.0\\.1 \
             |255\\.255\\.255\\.0 \
                 |7 |hostname |permit |deny |secret |level |\\^C|\"|é|\t| ){0,12}",
    ) {
        let line = yang::Line { text, below: Vec::new(), of: None };
        let data = read_lines(&SCHEMA, &[line], &Tops::All, &|_, _| None);
        let members = write_json(&SCHEMA, &data, None);
        prop_assert_eq!(read_json(&SCHEMA, None, &members), Ok(data));
    }

    /// Goal: no XML and no JSON panics. Method: pieces of both in any order.
    #[test]
    fn any_data_is_read(
        inner in "(<port>|</port>|<name>|</name>|<address>|</address>|<ip>|</ip>|10\\.0\\.0\\.1|a|\
                  <enabled>|</enabled>|true){0,20}",
        value in "(\\{|\\}|\\[|\\]|\"name\":|\"port\":|\"address\":|\"a\"|null|1|,|true){0,20}",
    ) {
        let text = format!("<ports xmlns='urn:ports'>{inner}</ports>");
        if roxmltree::Document::parse(&text).is_ok() {
            let _ = read(&text);
        }
        let text = format!("{{\"ports:ports\":{{{value}}}}}");
        if let Ok(members) = serde_json::from_str::<Map<String, Value>>(&text) {
            let _ = read_json(&SCHEMA, None, &members);
        }
    }
}
