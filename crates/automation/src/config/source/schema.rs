//! `schema` and `params` of a source: a table in the file itself, or `"file:NAME.json"`.

use std::ops::Range;
use std::sync::Arc;

use diagnostic::table::{Table, Value};
use diagnostic::{Diagnostic, Spanned};
use serde_json::{Map, Number};
use topology::Files;

use crate::schema::{BadSchema, Schema};

/// A value that is no JSON Schema.
const BAD_SCHEMA: &str = "LST042";
/// A schema of parameters that describes none.
const NO_PARAMETER: &str = "LST043";

/// How a reference to a file begins.
const FILE_PREFIX: &str = "file:";

/// The schema under a key; `None` when there is none, or none that can be used.
pub(super) fn load(
    table: &mut Table,
    key: &'static str,
    files: &mut dyn Files,
    sink: &mut Vec<Diagnostic>,
) -> Option<Schema> {
    let source = Arc::clone(table.source());
    let written = table.value(key)?;
    let span = written.span.clone();
    let wrong =
        |message: String, span: Range<usize>| Diagnostic::error(BAD_SCHEMA, message, &source, span);
    let document = match &written.value {
        Value::Text(text) => from_file(text, files)
            .map_err(|why| wrong("the schema cannot be read".to_owned(), span.clone()).label(why)),
        Value::Table(_) | Value::Flag(_) => json(&written).map_err(|(span, why)| {
            wrong("this is no value of a JSON Schema".to_owned(), span).label(why)
        }),
        Value::Number(_) | Value::List(_) | Value::Other(_) => {
            let label = "expected a table, or `\"file:NAME.json\"`";
            Err(wrong(format!("`{key}` is no JSON Schema"), span.clone()).label(label))
        }
    };
    let compiled = document.and_then(|document| {
        Schema::compile(document).map_err(|BadSchema { pointer, message }| {
            let span = place(&written, &pointer).unwrap_or_else(|| span.clone());
            let label = match pointer.is_empty() {
                true => message,
                false => format!("at `{pointer}`: {message}"),
            };
            wrong(format!("`{key}` is no JSON Schema"), span).label(label)
        })
    });
    compiled.map_err(|wrong| sink.push(wrong)).ok()
}

/// The schema of path and query: an object, whose properties are the parameters.
pub(super) fn load_params(
    table: &mut Table,
    files: &mut dyn Files,
    sink: &mut Vec<Diagnostic>,
) -> Option<Schema> {
    let (source, span) = (Arc::clone(table.source()), table.key_span("params"));
    let schema = load(table, "params", files, sink)?;
    if schema.document().get("properties").is_none() {
        let message = "`params` describes no parameter";
        let wrong = Diagnostic::error(NO_PARAMETER, message, &source, span.unwrap_or_default());
        sink.push(wrong.help("write `params.properties.NAME = { type = \"integer\" }`"));
    }
    Some(schema)
}

fn from_file(text: &str, files: &mut dyn Files) -> Result<serde_json::Value, String> {
    let path = text.strip_prefix(FILE_PREFIX);
    let path = path.ok_or_else(|| "expected a table, or `file:NAME.json`".to_owned())?;
    let text = files.read(path)?;
    serde_json::from_str(&text).map_err(|error| format!("`{path}`: {error}"))
}

/// A value of the file as JSON; else where, and why not.
fn json(value: &Spanned<Value>) -> Result<serde_json::Value, (Range<usize>, String)> {
    let refuse = |why: &str| Err((value.span.clone(), why.to_owned()));
    Ok(match &value.value {
        Value::Text(text) => text.clone().into(),
        Value::Flag(flag) => (*flag).into(),
        Value::Number(number) => match i64::try_from(*number) {
            Ok(number) => number.into(),
            Err(_) => return refuse("the number is out of range"),
        },
        Value::Other(text) => match text.parse().ok().and_then(Number::from_f64) {
            Some(number) => number.into(),
            None => return refuse("JSON has no dates"),
        },
        Value::List(items) => items.iter().map(json).collect::<Result<Vec<_>, _>>()?.into(),
        Value::Table(table) => {
            let entries = table.clone().into_entries();
            let entries =
                entries.iter().map(|(name, value)| Ok((name.value.clone(), json(value)?)));
            entries.collect::<Result<Map<_, _>, _>>()?.into()
        }
    })
}

/// Where a JSON Pointer leads to in the file.
fn place(value: &Spanned<Value>, pointer: &str) -> Option<Range<usize>> {
    let mut found = value.clone();
    for key in pointer.split('/').skip(1) {
        let key = key.replace("~1", "/").replace("~0", "~");
        found = match found.value {
            Value::Table(table) => {
                let mut entries = table.into_entries().into_iter();
                entries.find(|(name, _)| name.value == key)?.1
            }
            Value::List(items) => items.into_iter().nth(key.parse().ok()?)?,
            Value::Text(_) | Value::Number(_) | Value::Flag(_) | Value::Other(_) => return None,
        };
    }
    Some(found.span)
}

#[cfg(test)]
mod tests {
    use crate::testkit::load;

    const SOURCE: &str = "[[sources]]\npath = \"/e\"\nunauthenticated = \"loopback\"\n";

    /// `CODE line:column text message: label`.
    fn mistake(text: &str) -> String {
        let (_, sink) = load(&format!("{SOURCE}{text}"));
        let told = sink.iter().map(|d| {
            let (line, column) = d.source.line_column(d.span.start);
            let marked = &d.source.text[d.span.clone()];
            let label = d.help.as_ref().unwrap_or(&d.label);
            format!("{} {line}:{column} `{marked}` {}: {label}", d.code, d.message)
        });
        told.collect::<Vec<_>>().join("\n")
    }

    /// Goal: a mistake in a schema is marked where it stands. Method: one mistake each.
    #[test]
    fn mistakes_in_schemas() {
        let table = [
            ("schema = { type = \"object\", required = [\"a\"] }", ""),
            ("schema = { properties = { a = { minimum = 0.5, maximum = 9 } } }", ""),
            ("params = { properties = { a = { type = \"integer\" } } }", ""),
            (
                "schema = 5",
                "LST042 4:10 `5` `schema` is no JSON Schema: expected a table, or \
                 `\"file:NAME.json\"`",
            ),
            (
                "schema = \"x.json\"",
                "LST042 4:10 `\"x.json\"` the schema cannot be read: expected a table, or \
                 `file:NAME.json`",
            ),
            (
                "schema = \"file:x.json\"",
                "LST042 4:10 `\"file:x.json\"` the schema cannot be read: no file `x.json`",
            ),
            (
                "schema = { const = 2026-01-01 }",
                "LST042 4:20 `2026-01-01` this is no value of a JSON Schema: JSON has no dates",
            ),
            (
                "params = { page = { type = \"integer\" } }",
                "LST043 4:1 `params` `params` describes no parameter: write \
                 `params.properties.NAME = { type = \"integer\" }`",
            ),
        ];
        for (text, want) in table {
            assert_eq!(mistake(text), want, "{text}");
        }
        let deep = mistake("schema.properties.a = { type = \"strin\" }");
        assert!(
            deep.starts_with("LST042 4:32 `\"strin\"` `schema` is no JSON Schema: at"),
            "{deep}"
        );
        let far = mistake("schema = { \"$ref\" = \"https://example.net/s.json\" }");
        assert!(far.starts_with("LST042 "), "{far}");
    }
}
