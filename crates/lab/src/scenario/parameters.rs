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
pub(super) struct Parameters(BTreeMap<String, Value>);

impl Parameters {
    /// Takes the file's `[parameters]`; `given` beats them, those of an including file too.
    pub(super) fn read(
        root: &mut Table,
        given: &Parameters,
        sink: &mut Vec<Diagnostic>,
    ) -> Parameters {
        let mut all = BTreeMap::new();
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
            all.insert(name.value, value.value);
        }
        for (name, value) in &given.0 {
            all.insert(name.clone(), value.clone());
        }
        Parameters(all)
    }

    /// What flags say.
    pub(super) fn given(pairs: &[(String, String)]) -> Parameters {
        let value = |text: &str| match (text, text.parse::<i128>()) {
            ("true", _) => Value::Flag(true),
            ("false", _) => Value::Flag(false),
            (_, Ok(number)) => Value::Number(number),
            (text, Err(_)) => Value::Text(text.to_owned()),
        };
        Parameters(pairs.iter().map(|(name, text)| (name.clone(), value(text))).collect())
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
            let filled = match whole.and_then(|found| self.0.get(&found[1])) {
                Some(value) => value.clone(),
                None => Value::Text(self.within(&reference, &text.value, &mut unknown)),
            };
            for name in unknown {
                let message = format!("unknown parameter `{name}`");
                sink.push(
                    Diagnostic::error("SIM015", message, &source, text.span.clone())
                        .label("the file's `[parameters]` has no such key")
                        .did_you_mean(&name, self.0.keys().map(String::as_str)),
                );
            }
            Some(filled)
        });
    }

    fn within(&self, reference: &Regex, text: &str, unknown: &mut Vec<String>) -> String {
        let filled =
            reference.replace_all(text, |found: &Captures<'_>| match self.0.get(&found[1]) {
                Some(value) => value.describe(),
                None => {
                    unknown.push(found[1].to_owned());
                    String::new()
                }
            });
        filled.into_owned()
    }

    /// Of what flags say, the names that no file has as a parameter.
    pub(super) fn unknown_of<'a>(&self, given: &'a [(String, String)]) -> Option<&'a str> {
        given.iter().map(|(name, _)| name.as_str()).find(|name| !self.0.contains_key(*name))
    }
}
