//! JSON read as a table, with the places of its parts: files that other programs read, too.
//!
//! Called by loaders in place of `parse`. An object is a table, `null` is as if nothing stood
//! there, and of a key that comes twice the last one counts.

use std::fmt;
use std::ops::Range;
use std::sync::Arc;

use serde::de::{MapAccess, Visitor};
use serde::{Deserialize, Deserializer};
use serde_json::value::RawValue;

use super::{JSON_SYNTAX, Table, Value, WRONG_TYPE};
use crate::{Diagnostic, Source, Spanned};

/// How deep a file may be.
const DEPTH_MAX: usize = 32;

/// Reads a whole JSON file; `None` when its syntax is wrong or it holds no object.
pub fn parse_json(source: &Arc<Source>, sink: &mut Vec<Diagnostic>) -> Option<Table> {
    // Some editors put a byte order mark before it: RFC 8259 lets a reader overlook that.
    let text = source.text.trim_start_matches('\u{feff}');
    let start = source.text.len() - text.len();
    let reader = Reader { source, start, text };
    match serde_json::from_str(text).and_then(|raw| reader.value(raw, start..start, DEPTH_MAX)) {
        Ok(Spanned { value: Value::Table(table), .. }) => Some(table),
        Ok(Spanned { value, span }) => {
            let message = format!("the file must hold an object, not {}", value.kind());
            sink.push(Diagnostic::error(WRONG_TYPE, message, source, span));
            None
        }
        Err(error) => {
            // Read as values, its reasons are better.
            let error = serde_json::from_str::<serde_json::Value>(text).err().unwrap_or(error);
            sink.push(reader.misread(&error));
            None
        }
    }
}

/// The text, and where in the file it begins.
struct Reader<'t> {
    source: &'t Arc<Source>,
    start: usize,
    text: &'t str,
}

/// The members of an object as they are written.
struct Members<'t>(Vec<(&'t RawValue, &'t RawValue)>);

impl<'t> Reader<'t> {
    /// `name` is what to point at when something is missing in an object.
    fn value(
        &self,
        raw: &'t RawValue,
        name: Range<usize>,
        depth: usize,
    ) -> serde_json::Result<Spanned<Value>> {
        let (text, span) = (raw.get(), self.span(raw));
        if depth == 0 {
            let why = format!("this is more than {DEPTH_MAX} deep");
            return Err(serde::de::Error::custom(why));
        }
        let value = match text.as_bytes().first() {
            Some(b'{') => Value::Table(self.table(text, name, depth)?),
            Some(b'[') => {
                let items: Vec<&RawValue> = serde_json::from_str(text)?;
                let item = |raw| self.value(raw, self.span(raw), depth - 1);
                Value::List(items.into_iter().map(item).collect::<Result<_, _>>()?)
            }
            Some(b'"') => Value::Text(serde_json::from_str(text)?),
            Some(b't' | b'f') => Value::Flag(text == "true"),
            _ => text.parse().map_or_else(|_| Value::Other(text.to_owned()), Value::Number),
        };
        Ok(Spanned { value, span })
    }

    fn table(&self, text: &'t str, name: Range<usize>, depth: usize) -> serde_json::Result<Table> {
        let Members(members) = serde_json::from_str(text)?;
        let mut entries: Vec<(Spanned<String>, Spanned<Value>)> = Vec::new();
        for (key, raw) in members {
            let place = self.span(key);
            let key = Spanned::new(serde_json::from_str::<String>(key.get())?, place.clone());
            entries.retain(|(known, _)| known.value != key.value);
            if raw.get() != "null" {
                entries.push((key, self.value(raw, place, depth - 1)?));
            }
        }
        Ok(Table::new(Arc::clone(self.source), name, entries))
    }

    /// Where in the file a part stands that was cut out of the text.
    fn span(&self, raw: &RawValue) -> Range<usize> {
        let part = raw.get();
        let start = self.start + (part.as_ptr().addr() - self.text.as_ptr().addr());
        start..start + part.len()
    }

    fn misread(&self, error: &serde_json::Error) -> Diagnostic {
        let said = error.to_string();
        let reason = said.rsplit_once(" at line ").map_or(said.as_str(), |(reason, _)| reason);
        // It counts columns in bytes, from 1; 0 is the end of the line before.
        let line = self.source.line_span(error.line().max(1));
        let skipped = if error.line() <= 1 { self.start } else { 0 };
        let at = line.start + skipped + error.column().saturating_sub(1);
        let message = format!("this is no JSON: {reason}");
        Diagnostic::error(JSON_SYNTAX, message, self.source, at..at + 1)
    }
}

impl<'de> Deserialize<'de> for Members<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(InOrder)
    }
}

/// Takes every member, repeated ones, too.
struct InOrder;

impl<'de> Visitor<'de> for InOrder {
    type Value = Members<'de>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Members<'de>, A::Error> {
        let mut members = Vec::new();
        while let Some(member) = map.next_entry()? {
            members.push(member);
        }
        Ok(Members(members))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn read(text: &str) -> (Option<Table>, Vec<String>) {
        let (source, mut sink) = (Source::new("a.json", text), Vec::new());
        let table = parse_json(&source, &mut sink);
        let said = sink.iter().map(|d| {
            let (line, column) = source.line_column(d.span.start);
            format!("{} {line}:{column} {}", d.code, d.message)
        });
        (table, said.collect())
    }

    /// Goal: values are found with their places, `null` is nothing, the last of two counts.
    #[test]
    fn values_have_their_places() {
        let text = "\u{feff}{\"a\": {\"port\": 80, \"ü\\n\": [true]},\n \"b\": null, \"c\": 1,\
                    \"c\": \"x\"}";
        let (table, said) = read(text);
        let (mut table, mut sink) = (table.unwrap_or_else(|| panic!("{said:?}")), Vec::new());
        let mut inner = table.table("a", &mut sink).expect("it is there");
        let port = inner.number("port", &mut sink).expect("it is one");
        assert_eq!((port.value, &text[port.span]), (80, "80"));
        let (name, list) = inner.take_entries().remove(0);
        assert_eq!((name.value.as_str(), &text[name.span]), ("ü\n", "\"ü\\n\""));
        assert_eq!((list.value.describe().as_str(), &text[list.span]), ("[true]", "[true]"));
        assert!(table.text("b", &mut sink).is_none());
        assert_eq!(table.text("c", &mut sink).map(|c| c.value).as_deref(), Some("x"));
        assert_eq!((sink, table.take_entries().len()), (Vec::new(), 0));
    }

    /// Goal: what is no JSON, or no object, is told with its place. Method: a table.
    #[test]
    fn mistakes_have_their_places() {
        let check = |text: &str, want: &str| assert_eq!(read(text).1, [want], "{text}");
        check("", "JSON001 1:1 this is no JSON: EOF while parsing a value");
        check("{\n  'a': 1}", "JSON001 2:3 this is no JSON: key must be a string");
        check("{\"a\": 1,\n}", "JSON001 2:1 this is no JSON: trailing comma");
        check("{\"a\": 1} x", "JSON001 1:10 this is no JSON: trailing characters");
        check("\u{feff}{\"a\" 1}", "JSON001 1:7 this is no JSON: expected `:`");
        check(" [1]", "TOML002 1:2 the file must hold an object, not a list");
        let deep = format!("{}1{}", "{\"a\":".repeat(40), "}".repeat(40));
        check(&deep, "JSON001 1:1 this is no JSON: this is more than 32 deep");
    }

    proptest! {
        /// Goal: no text makes it panic; what it takes is what JSON is.
        #[test]
        fn any_text_is_taken_or_told(text in "[\\[\\]{}\",:a0 \\\\unte\u{feff}.\n-]{0,40}") {
            let (table, said) = read(&text);
            prop_assert_eq!(table.is_some(), said.is_empty());
            if table.is_some() {
                let read: Result<serde_json::Value, _> =
                    serde_json::from_str(text.trim_start_matches('\u{feff}'));
                prop_assert!(read.is_ok_and(|value| value.is_object()));
            }
        }
    }
}
