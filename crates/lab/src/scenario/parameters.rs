//! `[parameters]`: what stands for `{{ name }}` in the strings of a scenario.
//!
//! Called by `load`, before anything else of the file is read. A string that is nothing but one
//! reference becomes the parameter's own value, a number for one; in a longer string it is text.

use std::collections::BTreeMap;
use std::sync::Arc;

use diagnostic::table::{Table, Value};
use diagnostic::{Diagnostic, Spanned};
use regex::{Captures, Regex};

/// The parameters of a run: those of the file, and what a flag says of them.
#[derive(Clone, Debug, Default)]
pub(super) struct Parameters {
    values: BTreeMap<String, Value>,
    /// Those that the file itself has: a flag can say something of these alone.
    declared: Vec<String>,
}

impl Parameters {
    /// Takes the file's `[parameters]`; `given` beats them, those of an including file too.
    pub(super) fn read(
        root: &mut Table,
        given: &Parameters,
        sink: &mut Vec<Diagnostic>,
    ) -> Parameters {
        let (mut values, mut declared) = (BTreeMap::new(), Vec::new());
        let source = Arc::clone(root.source());
        let table = root.table("parameters", sink);
        let entries = table.map(|mut table| table.take_entries());
        for (name, value) in entries.unwrap_or_default() {
            if let Value::List(_) | Value::Table(_) | Value::Other(_) = value.value {
                let message = format!("the parameter `{}` is {}", name.value, value.value.kind());
                let label = "expected a string, a number, `true` or `false`";
                sink.push(Diagnostic::error("SIM015", message, &source, value.span).label(label));
                continue;
            }
            declared.push(name.value.clone());
            values.insert(name.value, value.value);
        }
        for (name, value) in &given.values {
            values.insert(name.clone(), value.clone());
        }
        Parameters { values, declared }
    }

    /// What flags say.
    pub(super) fn given(pairs: &[(String, String)]) -> Parameters {
        let value = |text: &str| match (text, text.parse::<i128>()) {
            ("true", _) => Value::Flag(true),
            ("false", _) => Value::Flag(false),
            (_, Ok(number)) => Value::Number(number),
            (text, Err(_)) => Value::Text(text.to_owned()),
        };
        let values = pairs.iter().map(|(name, text)| (name.clone(), value(text))).collect();
        Parameters { values, declared: Vec::new() }
    }

    /// Puts them in place of their references in all strings of a table.
    pub(super) fn fill(&self, table: &mut Table, sink: &mut Vec<Diagnostic>) {
        let reference = Regex::new(r"\{\{\s*([A-Za-z_][A-Za-z0-9_-]*)\s*\}\}");
        let reference = reference.expect("a pattern of ours");
        let source = Arc::clone(table.source());
        table.rewrite(&mut |text: &Spanned<String>| {
            if !text.value.contains("{{") {
                return None;
            }
            let mut unknown = Vec::new();
            let whole = reference.captures(&text.value).filter(|found| found[0] == text.value);
            let filled = match whole.and_then(|found| self.values.get(&found[1])) {
                Some(value) => value.clone(),
                None => Value::Text(self.within(&reference, &text.value, &mut unknown)),
            };
            for name in unknown {
                let message = format!("unknown parameter `{name}`");
                sink.push(
                    Diagnostic::error("SIM015", message, &source, text.span.clone())
                        .label("the file's `[parameters]` has no such key")
                        .did_you_mean(&name, self.values.keys().map(String::as_str)),
                );
            }
            Some(filled)
        });
    }

    fn within(&self, reference: &Regex, text: &str, unknown: &mut Vec<String>) -> String {
        let filled =
            reference.replace_all(text, |found: &Captures<'_>| match self.values.get(&found[1]) {
                Some(value) => value.describe(),
                None => {
                    unknown.push(found[1].to_owned());
                    String::new()
                }
            });
        filled.into_owned()
    }

    /// The names that the file itself has.
    pub(super) fn declared(&self) -> &[String] {
        &self.declared
    }
}
