//! Bodies: what a request holds, and how data are written.

use roxmltree::Document;
use serde_json::{Map, Value};
use yang::{
    Element, Error, ErrorKind, Node, Schema, Tag, read_json, read_xml, write_json, write_xml,
};

use crate::message::Media;

/// The elements of a body that stand below `parent`.
///
/// # Errors
/// What is no JSON or XML, and what the schema refuses.
pub(crate) fn read(
    schema: &'static Schema,
    parent: Option<&'static Node>,
    media: Media,
    body: &[u8],
) -> Result<Vec<Element>, Error> {
    let malformed =
        |message: String| Error::new(Tag::MalformedMessage, message).of(ErrorKind::Protocol);
    let text = std::str::from_utf8(body).map_err(|error| malformed(error.to_string()))?;
    match media {
        Media::Json => {
            let value: Value = serde_json::from_str(text).map_err(|e| malformed(e.to_string()))?;
            let Value::Object(members) = value else {
                return Err(malformed("a body is an object".to_owned()));
            };
            read_json(schema, parent, &members)
        }
        Media::Xml => {
            let document = Document::parse(text).map_err(|e| malformed(e.to_string()))?;
            // One element, which stands for itself: as the only child of what is above it.
            match parent {
                None => read_xml(schema, document.root()),
                Some(parent) => yang::read_xml_below(schema, parent, document.root()),
            }
        }
    }
}

/// Elements below `parent` as a body. One entry of a list that was asked for by its keys is an
/// object, as IOS XE has it.
pub(crate) fn write(schema: &Schema, elements: &[Element], media: Media, is_one: bool) -> String {
    match media {
        Media::Xml => {
            let mut text = String::new();
            write_xml(schema, elements, &mut text);
            text.push('\n');
            text
        }
        Media::Json => {
            let mut members = write_json(schema, elements, None);
            if is_one {
                members = members.into_iter().map(|(name, value)| (name, single(value))).collect();
            }
            pretty(members)
        }
    }
}

fn single(value: Value) -> Value {
    match value {
        Value::Array(mut all) if all.len() == 1 && all[0].is_object() => all.remove(0),
        other => other,
    }
}

/// JSON as IOS XE writes it: two blanks deep.
pub(crate) fn pretty(members: Map<String, Value>) -> String {
    serde_json::to_string_pretty(&Value::Object(members)).unwrap_or_default() + "\n"
}
