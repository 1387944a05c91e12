//! A TOML value with the places of its parts, borrowed from nothing.

use std::sync::Arc;

use toml::de::{DeTable, DeValue};

use super::Table;
use crate::{Source, Spanned};

/// One value of a file.
#[derive(Clone, Debug)]
pub enum Value {
    /// A string.
    Text(String),
    /// An integer; TOML's own range is that of `i64`, seeds use that of `u64`.
    Number(i128),
    /// `true` or `false`.
    Flag(bool),
    /// An array.
    List(Vec<Spanned<Value>>),
    /// A table.
    Table(Table),
    /// A float or a date, which no file of ours has a use for; as written.
    Other(String),
}

impl Value {
    /// What it is, as a message says it.
    pub fn kind(&self) -> &'static str {
        match self {
            Value::Text(_) => "a string",
            Value::Number(_) => "a number",
            Value::Flag(_) => "a boolean",
            Value::List(_) => "a list",
            Value::Table(_) => "a table",
            Value::Other(_) => "a float or a date",
        }
    }

    pub(super) fn number(&self) -> Option<i128> {
        match self {
            Value::Number(number) => Some(*number),
            _ => None,
        }
    }

    /// The value in words, for a one-line description; a table is only named.
    pub fn describe(&self) -> String {
        match self {
            Value::Text(text) | Value::Other(text) => text.clone(),
            Value::Number(number) => number.to_string(),
            Value::Flag(flag) => flag.to_string(),
            Value::List(items) => {
                let items = items.iter().map(|item| item.value.describe());
                format!("[{}]", items.collect::<Vec<_>>().join(", "))
            }
            Value::Table(_) => self.kind().to_owned(),
        }
    }
}

pub(super) fn from_toml(
    value: toml::Spanned<DeValue<'_>>,
    name: &std::ops::Range<usize>,
    source: &Arc<Source>,
) -> Spanned<Value> {
    let span = source.clamp(value.span());
    let value = match value.into_inner() {
        DeValue::String(text) => Value::Text(text.into_owned()),
        DeValue::Integer(number) => i128::from_str_radix(number.as_str(), number.radix())
            .map_or_else(|_| Value::Other(number.to_string()), Value::Number),
        DeValue::Float(float) => Value::Other(float.as_str().to_owned()),
        DeValue::Boolean(flag) => Value::Flag(flag),
        DeValue::Datetime(date) => Value::Other(date.to_string()),
        DeValue::Array(items) => Value::List(
            items
                .into_iter()
                .map(|item| {
                    let place = item.span();
                    from_toml(item, &place, source)
                })
                .collect(),
        ),
        DeValue::Table(table) => Value::Table(table_from_toml(table, name.clone(), source)),
    };
    Spanned { value, span }
}

/// `name` is what to point at when something is missing in the table.
pub(super) fn table_from_toml(
    table: DeTable<'_>,
    name: std::ops::Range<usize>,
    source: &Arc<Source>,
) -> Table {
    let entries = table.into_iter().map(|(key, value)| {
        let place = source.clamp(key.span());
        let value = from_toml(value, &place, source);
        (Spanned::new(key.into_inner().into_owned(), place), value)
    });
    let mut entries: Vec<_> = entries.collect();
    // The parser sorts by key; what a file lists first comes first.
    entries.sort_by_key(|(key, _)| key.span.start);
    Table::new(Arc::clone(source), name, entries)
}
