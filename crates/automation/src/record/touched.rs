//! What an operation over NETCONF or RESTCONF touches: the interfaces that it names.
//!
//! Asked for the loop breaker, which knows the events that our own changes cause, and for the short
//! form of an operation. What it overlooks is found by the device's own words about a change.

use netconf::xml;
use serde_json::Value;

use super::action::RestconfCall;

/// How deep a body is looked into.
const DEPTH_MAX: usize = 32;

/// The names of the top elements of XML that may have several.
pub(super) fn elements(text: &str) -> Vec<String> {
    let whole = wrapped(text);
    let Ok(document) = xml::parse(&whole) else { return Vec::new() };
    let children = document.root_element().children().filter(|child| child.is_element());
    children.map(|child| child.tag_name().name().to_owned()).collect()
}

pub(super) fn by_xml(text: &str) -> Vec<String> {
    let mut lines = Vec::new();
    if let Some(value) = netconf::json_of_xml(&wrapped(text)) {
        walk(&value, "", "", DEPTH_MAX, &mut lines);
    }
    lines
}

pub(super) fn by_request(call: &RestconfCall) -> Vec<String> {
    let path = call.path.split('?').next().unwrap_or_default();
    let mut lines = Vec::new();
    let (mut above, mut last) = (String::new(), String::new());
    for segment in path.split('/') {
        let (name, key) = segment.split_once('=').map_or((segment, None), |(a, b)| (a, Some(b)));
        let name = local(name);
        if let Some(key) = key {
            lines.extend(line_of(&last, name, &decoded(key)));
        }
        (above, last) = (last, name.to_owned());
    }
    let body = call.body.as_deref().unwrap_or_default();
    let value = match body.trim_start().starts_with('<') {
        true => netconf::json_of_xml(body),
        false => serde_json::from_str(body).ok(),
    };
    if let Some(value) = value {
        walk(&value, &above, &last, DEPTH_MAX, &mut lines);
    }
    lines
}

fn wrapped(text: &str) -> String {
    format!("<all xmlns:nc=\"{}\">{text}</all>", netconf::BASE)
}

fn local(name: &str) -> &str {
    name.rsplit(':').next().unwrap_or(name)
}

/// An interface that an entry names: `interface=GigabitEthernet1` of the IETF's and OpenConfig's
/// models, and `interface/GigabitEthernet=1` of Cisco's.
fn line_of(above: &str, name: &str, key: &str) -> Option<String> {
    match (above, name) {
        (_, "interface") => Some(format!("interface {key}")),
        ("interface", kind) => Some(format!("interface {kind}{key}")),
        (_, _) => None,
    }
}

fn walk(value: &Value, above: &str, name: &str, depth: usize, lines: &mut Vec<String>) {
    match value {
        _ if depth == 0 => {}
        Value::Array(items) => {
            items.iter().for_each(|item| walk(item, above, name, depth - 1, lines));
        }
        Value::Object(members) => {
            let key = members.iter().find(|(key, _)| local(key) == "name");
            let key = key.and_then(|(_, key)| match key {
                Value::String(text) => Some(text.trim().to_owned()),
                Value::Number(number) => Some(number.to_string()),
                Value::Null | Value::Bool(_) | Value::Array(_) | Value::Object(_) => None,
            });
            lines.extend(key.and_then(|key| line_of(above, name, &key)));
            for (key, member) in members {
                walk(member, name, local(key), depth - 1, lines);
            }
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

/// `%2F` is `/`.
fn decoded(key: &str) -> String {
    let mut bytes = Vec::new();
    let mut rest = key.as_bytes();
    while let Some((first, behind)) = rest.split_first() {
        let hex = behind.get(..2).and_then(|hex| std::str::from_utf8(hex).ok());
        let byte = hex.and_then(|hex| u8::from_str_radix(hex, 16).ok());
        match (*first, byte) {
            (b'%', Some(byte)) => {
                bytes.push(byte);
                rest = &behind[2..];
            }
            (byte, _) => {
                bytes.push(byte);
                rest = behind;
            }
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

#[cfg(test)]
mod tests {
    use super::super::action::{RestconfCall, RestconfMethod};
    use super::*;

    /// Goal: the interfaces of an operation are found in the three models. Method: a table.
    #[test]
    fn interfaces_are_found() {
        let xml = |text: &str| by_xml(text);
        let request = |path: &str, body: &str| {
            by_request(&RestconfCall {
                method: RestconfMethod::Patch,
                path: path.into(),
                accept: None,
                body: Some(body.into()).filter(|body: &String| !body.is_empty()),
                content_type: None,
            })
        };
        for (got, want) in [
            (
                xml("<interfaces xmlns='urn:x'><interface><name>Gi1</name></interface>\
                     </interfaces>"),
                &["interface Gi1"][..],
            ),
            (
                xml("<native><interface><Loopback><name>0</name></Loopback></interface></native>"),
                &["interface Loopback0"],
            ),
            (xml("<native><hostname>R9</hostname></native>"), &[]),
            (
                xml("<a nc:operation='delete'><interface><name>Gi1</name></interface></a>"),
                &["interface Gi1"],
            ),
            (
                request("/restconf/data/ietf-interfaces:interfaces/interface=Gi1%2F0%2F1", ""),
                &["interface Gi1/0/1"],
            ),
            (
                request("/restconf/data/x:native/interface/GigabitEthernet=2/description", ""),
                &["interface GigabitEthernet2"],
            ),
            (
                request(
                    "/restconf/data/ietf-interfaces:interfaces",
                    r#"{"ietf-interfaces:interfaces": {"interface": [{"name": "Gi3"}]}}"#,
                ),
                &["interface Gi3"],
            ),
            (
                request("/restconf/data/x:native/interface", r#"{"x:Loopback": {"name": 7}}"#),
                &["interface Loopback7"],
            ),
        ] {
            assert_eq!(got, want);
        }
        assert_eq!(elements("<a/> <b xmlns='urn:b'><c/></b>"), ["a", "b"]);
    }
}
