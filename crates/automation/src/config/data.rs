//! Data with values in it: a table or a list of the file, whose texts are templates.

use std::sync::Arc;

use diagnostic::table::{Table, Value};
use diagnostic::{Diagnostic, Source, Spanned};
use serde_json::{Map, Number, Value as Json};

use super::rule::{BAD_COMMAND, Loader};

/// How deep it may be.
const DEPTH_MAX: usize = 32;

impl Loader<'_> {
    /// What a key holds as JSON, if it is there.
    pub(crate) fn data_of(&mut self, table: &mut Table, key: &'static str) -> Option<Json> {
        let source = Arc::clone(table.source());
        let value = table.value(key)?;
        self.data(value, &source)
    }

    /// A value of the file as JSON. Its texts may hold values.
    pub(crate) fn data(&mut self, value: Spanned<Value>, source: &Arc<Source>) -> Option<Json> {
        self.data_within(value, source, DEPTH_MAX)
    }

    fn data_within(
        &mut self,
        value: Spanned<Value>,
        source: &Arc<Source>,
        depth: usize,
    ) -> Option<Json> {
        let span = value.span;
        if depth == 0 {
            let message = format!("this is more than {DEPTH_MAX} deep");
            self.sink.push(Diagnostic::error(BAD_COMMAND, message, source, span));
            return None;
        }
        match value.value {
            Value::Text(text) => {
                let checked = self.engine.check_values(&text);
                self.report(BAD_COMMAND, checked, &Spanned::new(text.clone(), span), source);
                Some(Json::from(text))
            }
            Value::Number(number) => match i64::try_from(number) {
                Ok(number) => Some(Json::from(number)),
                Err(_) => {
                    let message = "the number is out of range";
                    self.sink.push(Diagnostic::error(BAD_COMMAND, message, source, span));
                    None
                }
            },
            Value::Flag(flag) => Some(Json::from(flag)),
            Value::List(items) => {
                let items = items.into_iter().map(|item| self.data_within(item, source, depth - 1));
                items.collect::<Option<Vec<_>>>().map(Json::from)
            }
            Value::Table(table) => {
                let mut members = Map::new();
                for (name, value) in table.into_entries() {
                    members.insert(name.value, self.data_within(value, source, depth - 1)?);
                }
                Some(Json::Object(members))
            }
            Value::Other(written) => {
                // A float is a number of JSON; a date is none of its values.
                let number = written.parse::<f64>().ok().and_then(Number::from_f64);
                if number.is_none() {
                    let message = "write a date as a text";
                    self.sink.push(Diagnostic::error(BAD_COMMAND, message, source, span));
                }
                number.map(Json::Number)
            }
        }
    }
}
