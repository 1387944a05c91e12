//! Requests and what they get, over a datastore in memory.
//!
//! Each file in `tests/transcripts` is a conversation: `> METHOD PATH [header: value]...`, lines of
//! a body, and below it what came back. `UPDATE_EXPECT=1` writes that anew.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]
#![expect(clippy::disallowed_methods, reason = "the conversations are files")]

use std::fmt::Write as _;
use std::sync::LazyLock;

use restconf::{Content, Datastore, Method, Request, serve};
use serde_json::{Map, Value, json};
use yang::{Element, Error, Operation, Schema, Tag, Tops, apply, read_json};

const TABLE: &str = "
import iana-if-type ianaift 2014-05-08 urn:ietf:params:xml:ns:yang:iana-if-type
module ports p 2026-01-01 urn:ports
rw ports
  rw port* [name]
    rw name string
    rw description? string
    rw enabled? boolean = true
    rw address* [ip]
      rw ip ipv4
      rw length? uint8
    ro octets? uint64
  rw vlan* uint16
rw box!
  rw color? enum(red|green)
";

static SCHEMA: LazyLock<Schema> = LazyLock::new(|| Schema::read(&[TABLE]).unwrap());

struct Memory {
    data: Vec<Element>,
    changes: u32,
}

impl Datastore for Memory {
    fn schema(&self) -> &'static Schema {
        &SCHEMA
    }

    fn read(&self, _: Content, _: &Tops) -> Vec<Element> {
        self.data.clone()
    }

    fn tag(&self) -> String {
        format!("\"{}\"", self.changes)
    }

    fn modified(&self) -> String {
        "Sat, 21 Nov 2026 10:00:00 GMT".to_owned()
    }

    fn edit(&mut self, changes: &[Element]) -> Result<(), Error> {
        let mut data = self.data.clone();
        apply(&SCHEMA, &mut data, changes, Operation::Merge)?;
        self.data = data;
        self.changes += 1;
        Ok(())
    }

    fn operations(&self) -> &'static [&'static str] {
        &["cisco-ia:save-config", "ports:fail"]
    }

    fn operate(&mut self, name: &str, input: &Map<String, Value>) -> Result<Option<Value>, Error> {
        match name {
            "ports:fail" => Err(Error::new(Tag::OperationFailed, format!("{input:?}"))),
            _ => Ok(Some(json!({ "result": "Save running-config successful" }))),
        }
    }
}

/// Goal: each method, form, parameter and refusal of RFC 8040 that is served. Method: a folder of
/// conversations.
#[test]
fn conversations() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/transcripts");
    let mut files: Vec<_> = std::fs::read_dir(folder).unwrap().map(|e| e.unwrap().path()).collect();
    files.sort();
    assert!(!files.is_empty());
    for file in files {
        let text = std::fs::read_to_string(&file).unwrap();
        let got = played(&text);
        expect_test::expect_file![&file].assert_eq(&got);
    }
}

fn played(text: &str) -> String {
    let start = json!({ "ports:ports": { "port": [
        { "name": "Gi1/0", "description": "to R2", "enabled": true, "octets": "7",
          "address": [{ "ip": "10.0.0.1", "length": 24 }] },
        { "name": "Lo0", "enabled": false },
    ], "vlan": [10, 20] } });
    let data = read_json(&SCHEMA, None, start.as_object().unwrap()).unwrap();
    let mut store = Memory { data, changes: 1 };
    let mut out = String::new();
    let mut lines = text.lines().peekable();
    while let Some(line) = lines.next() {
        if line.starts_with('#') {
            writeln!(out, "{line}").unwrap();
            continue;
        }
        let Some(head) = line.strip_prefix("> ") else { continue };
        writeln!(out, "{line}").unwrap();
        let mut body = String::new();
        while let Some(more) = lines.next_if(|next| next.starts_with("| ")) {
            writeln!(out, "{more}").unwrap();
            body += &more[2..];
        }
        let request = request(head, body);
        let response = serve(&mut store, &request);
        writeln!(out, "{}", response.status).unwrap();
        for (name, value) in &response.headers {
            writeln!(out, "{name}: {value}").unwrap();
        }
        out += &response.body;
        out += "\n";
    }
    out
}

/// `METHOD PATH[?QUERY] [name: value; ...]`
fn request(head: &str, body: String) -> Request {
    let (front, headers) = head.split_once(" [").unwrap_or((head, ""));
    let (method, target) = front.split_once(' ').unwrap();
    let (path, query) = target.split_once('?').unwrap_or((target, ""));
    let header = |name: &str| {
        let all = headers.trim_end_matches(']').split("; ");
        let mut pairs = all.filter_map(|pair| pair.split_once(": "));
        pairs.find(|(known, _)| *known == name).map(|(_, value)| value.to_owned())
    };
    Request {
        method: Method::named(method),
        path: path.to_owned(),
        query: query.to_owned(),
        accept: header("accept"),
        content_type: header("type").or(Some("application/yang-data+json".to_owned())),
        if_match: header("if-match"),
        if_none_match: header("if-none-match"),
        body: body.into_bytes(),
    }
}
