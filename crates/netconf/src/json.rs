//! XML as JSON, without a schema: what people and templates read beside the raw text.
//!
//! Names lose their prefix, attributes are dropped, a name that stands twice becomes a list, and
//! what has no elements is its text: a schema alone knows lists of one and numbers.

use roxmltree::Node;
use serde_json::{Map, Value};

/// The JSON of a document's root: `{"name": ...}`.
pub fn json_of_xml(text: &str) -> Option<Value> {
    let document = crate::xml::parse(text.trim()).ok()?;
    let root = document.root_element();
    let name = root.tag_name().name().to_owned();
    Some(Value::Object(Map::from_iter([(name, value(root))])))
}

/// The JSON of what stands in a reply: the inner of a lone `data`; `None` of a mere `ok`.
pub(crate) fn json_of_children(root: Node<'_, '_>) -> Option<Value> {
    let children: Vec<Node<'_, '_>> = root.children().filter(Node::is_element).collect();
    match children.as_slice() {
        [only] if only.tag_name().name() == "ok" => None,
        [only] if only.tag_name().name() == "data" => Some(match value(*only) {
            Value::Null => Value::Object(Map::new()),
            value => value,
        }),
        _ => Some(value(root)),
    }
}

/// Depth is bounded by [`crate::xml::parse`].
fn value(node: Node<'_, '_>) -> Value {
    let mut members: Map<String, Value> = Map::new();
    for child in node.children().filter(Node::is_element) {
        let name = child.tag_name().name();
        let value = value(child);
        match members.get_mut(name) {
            None => drop(members.insert(name.to_owned(), value)),
            Some(Value::Array(list)) => list.push(value),
            Some(first) => *first = Value::Array(vec![first.take(), value]),
        }
    }
    if !members.is_empty() {
        return Value::Object(members);
    }
    let text: String = node.children().filter_map(|child| child.text()).collect();
    match text.trim() {
        "" => Value::Null,
        _ => Value::String(text),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Goal: how XML reads as JSON. Method: a table.
    #[test]
    fn xml_as_json() {
        for (xml, json) in [
            ("<a>1</a>", r#"{"a":"1"}"#),
            ("<a/>", r#"{"a":null}"#),
            ("<a><b>x</b></a>", r#"{"a":{"b":"x"}}"#),
            ("<a><b>x</b><c/><b>y</b><b>z</b></a>", r#"{"a":{"b":["x","y","z"],"c":null}}"#),
            (r#"<p:a xmlns:p="urn:x" k="v"><p:b> x </p:b></p:a>"#, r#"{"a":{"b":" x "}}"#),
            ("<a>&lt;b/&gt;</a>", r#"{"a":"<b/>"}"#),
            ("<a><![CDATA[<b/>]]></a>", r#"{"a":"<b/>"}"#),
        ] {
            let got = json_of_xml(xml).expect("well-formed");
            assert_eq!(got, serde_json::from_str::<Value>(json).expect("JSON"), "{xml}");
        }
        let deep = "<a>".repeat(1_000) + &"</a>".repeat(1_000);
        assert_eq!(json_of_xml(&deep), None);
        assert_eq!(json_of_xml("<!DOCTYPE a [<!ENTITY b 'c'>]><a>&b;</a>"), None);
    }

    proptest::proptest! {
        /// Goal: no text panics, and depth is no danger. Method: pieces of XML in any order.
        #[test]
        fn any_text_is_read(
            text in "(<a>|</a>|<b c='>'>|</b>|<d/>|<!--|-->|<!\\[CDATA\\[|\\]\\]>|x|&lt;|'){0,60}",
        ) {
            let _ = json_of_xml(&text);
        }
    }
}
