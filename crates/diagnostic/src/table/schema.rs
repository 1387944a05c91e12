//! A [`Shape`] as a JSON Schema (draft 2020-12), for editors and for checks by other programs.
//!
//! It says what keys there are and of what type; what a value means is the loader's to check.

use serde::{Serialize, Serializer};

use super::Shape;
use super::shape::{Kind, Rest};

/// The language of the schemas.
const DIALECT: &str = "https://json-schema.org/draft/2020-12/schema";

/// A schema, or a part of one; keys are written in this order.
#[derive(Default, Serialize)]
#[serde(rename_all = "camelCase")]
struct Schema {
    #[serde(rename = "$schema", skip_serializing_if = "Option::is_none")]
    dialect: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    title: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    description: Option<String>,
    #[serde(rename = "type", skip_serializing_if = "Option::is_none")]
    kind: Option<&'static str>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    any_of: Vec<Schema>,
    #[serde(rename = "enum", skip_serializing_if = "Vec::is_empty")]
    words: Vec<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    minimum: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    items: Option<Box<Schema>>,
    #[serde(skip_serializing_if = "Vec::is_empty", serialize_with = "in_order")]
    properties: Vec<(String, Schema)>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    required: Vec<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    additional_properties: Option<Others>,
}

/// What other keys hold: `false` is that there are none.
#[derive(Serialize)]
#[serde(untagged)]
enum Others {
    None(bool),
    Of(Box<Schema>),
}

impl Shape {
    /// The schema of a whole file.
    pub fn to_schema(&self, title: &str, description: &str) -> String {
        let schema = Schema {
            dialect: Some(DIALECT),
            title: Some(title.to_owned()),
            description: Some(description.to_owned()),
            ..table(self)
        };
        let mut text = serde_json::to_string_pretty(&schema).expect("every key is a string");
        text.push('\n');
        text
    }
}

fn table(shape: &Shape) -> Schema {
    let properties = shape.keys.iter().map(|(key, kind)| (key.clone(), value(kind)));
    Schema {
        kind: Some("object"),
        properties: properties.collect(),
        required: shape.required.clone(),
        additional_properties: match &shape.rest {
            Rest::Anything => None,
            Rest::Nothing => Some(Others::None(false)),
            Rest::Kind(kind) => Some(Others::Of(Box::new(value(kind)))),
        },
        ..Schema::default()
    }
}

fn value(kind: &Kind) -> Schema {
    let of = |kind| Schema { kind: Some(kind), ..Schema::default() };
    let list = |item| Schema { items: Some(Box::new(item)), ..of("array") };
    match kind {
        Kind::Text => of("string"),
        Kind::Number => Schema { minimum: Some(0), ..of("integer") },
        Kind::Flag => of("boolean"),
        Kind::Word(words) => Schema { words: words.clone(), ..of("string") },
        Kind::Texts => list(of("string")),
        Kind::TextOrTexts => {
            Schema { any_of: vec![of("string"), list(of("string"))], ..Schema::default() }
        }
        Kind::TextOrTable(shape) => {
            Schema { any_of: vec![of("string"), table(&shape.shape())], ..Schema::default() }
        }
        Kind::Table(shape) => table(&shape.shape()),
        Kind::Tables(shape) => list(table(&shape.shape())),
        Kind::Any => Schema::default(),
    }
}

fn in_order<S: Serializer>(
    properties: &[(String, Schema)],
    serializer: S,
) -> Result<S::Ok, S::Error> {
    serializer.collect_map(properties.iter().map(|(key, schema)| (key, schema)))
}
