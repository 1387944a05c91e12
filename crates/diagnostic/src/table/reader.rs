//! The typed getters.

use std::fmt::Display;
use std::ops::Range;
use std::str::FromStr;
use std::sync::Arc;

use toml::de::DeTable;

use super::shape::{Kind, Recorded, Rest};
use super::value::table_from_toml;
use super::{BAD_VALUE, MISSING_KEY, SYNTAX, UNKNOWN_KEY, Value, WRONG_TYPE};
use crate::{Diagnostic, Severity, Source, Spanned};

type Entry = (Spanned<String>, Spanned<Value>);

/// A table of a file: what has not been read of it yet.
#[derive(Clone, Debug)]
pub struct Table {
    source: Arc<Source>,
    name: Range<usize>,
    entries: Vec<Entry>,
    asked: Vec<&'static str>,
    /// Whether its values are words of a command line: a number, `true` or a list of one is written
    /// like any other word.
    loose: bool,
    /// Whether it only finds out what a loader asks for.
    pub(super) recorded: Option<Recorded>,
}

/// Mistakes of syntax that one file is told of. The first of a line often causes the others.
const SYNTAX_MISTAKES_MAX: usize = 5;

/// Reads a whole file; `None` when its syntax is wrong, with a diagnostic for each such line.
pub fn parse(source: &Arc<Source>, sink: &mut Vec<Diagnostic>) -> Option<Table> {
    let before = sink.len();
    let table = parse_recovered(source, sink);
    (sink.len() == before).then_some(table)
}

/// Reads as much of a file as its syntax allows: enough to tell what kind of file it is and which
/// others it names, too little to say what is wrong with the rest.
pub fn parse_recovered(source: &Arc<Source>, sink: &mut Vec<Diagnostic>) -> Table {
    let (table, errors) = DeTable::parse_recoverable(&source.text);
    let mut lines: Vec<usize> = Vec::new();
    for error in &errors {
        let span = error.span().unwrap_or(0..0);
        let (line, _) = source.line_column(span.start);
        if !lines.contains(&line) && lines.len() < SYNTAX_MISTAKES_MAX {
            lines.push(line);
            sink.push(Diagnostic::error(SYNTAX, error.message(), source, span));
        }
    }
    table_from_toml(table.into_inner(), 0..0, source)
}

impl Table {
    pub(super) fn new(source: Arc<Source>, name: Range<usize>, entries: Vec<Entry>) -> Self {
        Table { source, name, entries, asked: Vec::new(), loose: false, recorded: None }
    }

    pub(super) fn loose(self) -> Self {
        Table { loose: true, ..self }
    }

    /// The file.
    pub fn source(&self) -> &Arc<Source> {
        &self.source
    }

    /// The name under which the table stands, or its `[[header]]`: what to point at when something
    /// about the table as a whole is wrong.
    pub fn span(&self) -> Range<usize> {
        self.name.clone()
    }

    /// Where a key that has not been read yet stands.
    pub fn key_span(&self, key: &str) -> Option<Range<usize>> {
        let entry = self.entries.iter().find(|(name, _)| name.value == key);
        entry.map(|(name, _)| name.span.clone())
    }

    /// A string that has not been read yet, and stays unread.
    pub fn peek_text(&self, key: &str) -> Option<&str> {
        match self.entries.iter().find(|(name, _)| name.value == key) {
            Some((_, Spanned { value: Value::Text(text), .. })) => Some(text),
            Some(_) | None => None,
        }
    }

    /// Says that `key` must be there. Call it before the getter, which would take the key away.
    pub fn require(&mut self, key: &'static str, sink: &mut Vec<Diagnostic>) {
        if let Some(recorded) = &self.recorded {
            return recorded.required(key);
        }
        if self.key_span(key).is_none() {
            let message = format!("missing key `{key}`");
            sink.push(
                Diagnostic::error(MISSING_KEY, message, &self.source, self.span())
                    .label(format!("`{key}` is required here")),
            );
        }
    }

    /// Takes whatever stands under `key`.
    pub fn value(&mut self, key: &'static str) -> Option<Spanned<Value>> {
        self.take(key, || Kind::Any)
    }

    fn take(&mut self, key: &'static str, kind: impl FnOnce() -> Kind) -> Option<Spanned<Value>> {
        if let Some(recorded) = &self.recorded {
            recorded.key(key, kind());
        }
        self.asked.push(key);
        let index = self.entries.iter().position(|(name, _)| name.value == key)?;
        Some(self.entries.remove(index).1)
    }

    /// Takes a string.
    pub fn text(
        &mut self,
        key: &'static str,
        sink: &mut Vec<Diagnostic>,
    ) -> Option<Spanned<String>> {
        let value = self.take(key, || Kind::Text)?;
        self.expect_text(value, key, sink)
    }

    /// Takes a whole number from 0 up.
    pub fn number(
        &mut self,
        key: &'static str,
        sink: &mut Vec<Diagnostic>,
    ) -> Option<Spanned<u64>> {
        let value = self.take(key, || Kind::Number)?;
        let said = self.said(&value.value);
        let Some(number) = said.map_or(value.value.number(), |word| word.parse().ok()) else {
            return self.wrong(&value, key, "a number", sink);
        };
        match u64::try_from(number) {
            Ok(number) => Some(Spanned::new(number, value.span)),
            Err(_) => {
                let message = format!("`{key}` is out of range");
                sink.push(
                    Diagnostic::error(BAD_VALUE, message, &self.source, value.span)
                        .label("expected 0 to 18446744073709551615"),
                );
                None
            }
        }
    }

    /// Takes `true` or `false`.
    pub fn flag(&mut self, key: &'static str, sink: &mut Vec<Diagnostic>) -> Option<Spanned<bool>> {
        let value = self.take(key, || Kind::Flag)?;
        let flag = match value.value {
            Value::Flag(flag) => Some(flag),
            _ => self.said(&value.value).and_then(|word| word.parse().ok()),
        };
        match flag {
            Some(flag) => Some(Spanned::new(flag, value.span)),
            None => self.wrong(&value, key, "`true` or `false`", sink),
        }
    }

    /// Takes a string that says something else, such as a duration.
    pub fn parsed<T: FromStr<Err: Display>>(
        &mut self,
        key: &'static str,
        sink: &mut Vec<Diagnostic>,
    ) -> Option<Spanned<T>> {
        let text = self.text(key, sink)?;
        match text.value.parse() {
            Ok(value) => Some(Spanned::new(value, text.span)),
            Err(error) => {
                let message = format!("`{}` is no value for `{key}`", text.value);
                sink.push(
                    Diagnostic::error(BAD_VALUE, message, &self.source, text.span)
                        .label(error.to_string()),
                );
                None
            }
        }
    }

    /// Takes one of a few words.
    pub fn choice<T: Copy>(
        &mut self,
        key: &'static str,
        words: &[(&'static str, T)],
        sink: &mut Vec<Diagnostic>,
    ) -> Option<Spanned<T>> {
        let word = |(word, _): &(&str, T)| (*word).to_owned();
        let value = self.take(key, || Kind::Word(words.iter().map(word).collect()))?;
        let text = self.expect_text(value, key, sink)?;
        if let Some((_, choice)) = words.iter().find(|(word, _)| *word == text.value) {
            return Some(Spanned::new(*choice, text.span));
        }
        let known: Vec<String> = words.iter().map(|(word, _)| format!("`{word}`")).collect();
        let message = format!("unknown {key} `{}`", text.value);
        sink.push(
            Diagnostic::error(BAD_VALUE, message, &self.source, text.span)
                .label(format!("expected {}", known.join(" or ")))
                .did_you_mean(&text.value, words.iter().map(|(word, _)| *word)),
        );
        None
    }

    /// Takes a list of strings.
    pub fn texts(
        &mut self,
        key: &'static str,
        sink: &mut Vec<Diagnostic>,
    ) -> Option<Vec<Spanned<String>>> {
        let value = self.take(key, || Kind::Texts)?;
        if self.said(&value.value).is_some() {
            return self.expect_text(value, key, sink).map(|text| vec![text]);
        }
        let Value::List(items) = value.value else {
            return self.wrong(&value, key, "a list of strings", sink);
        };
        let texts = items.into_iter();
        Some(texts.filter_map(|item| self.expect_text(item, key, sink)).collect())
    }

    /// Takes a string, or a list of strings.
    pub fn one_or_more(
        &mut self,
        key: &'static str,
        sink: &mut Vec<Diagnostic>,
    ) -> Option<Vec<Spanned<String>>> {
        let value = self.take(key, || Kind::TextOrTexts)?;
        let span = value.span;
        match value.value {
            Value::Text(text) => Some(vec![Spanned::new(text, span)]),
            Value::List(items) => {
                let texts = items.into_iter();
                Some(texts.filter_map(|item| self.expect_text(item, key, sink)).collect())
            }
            other => {
                let expected = "a string or a list of strings";
                self.wrong(&Spanned::new(other, span), key, expected, sink)
            }
        }
    }

    /// Takes a table.
    pub fn table(&mut self, key: &'static str, sink: &mut Vec<Diagnostic>) -> Option<Table> {
        if let Some(table) = self.record_under(key, Kind::Table) {
            return Some(table);
        }
        let value = self.value(key)?;
        self.expect_table(value, key, sink)
    }

    /// Takes a table, or a string that stands for a table with nothing but `short` in it.
    pub fn text_or_table(
        &mut self,
        key: &'static str,
        short: &'static str,
        sink: &mut Vec<Diagnostic>,
    ) -> Option<Table> {
        if let Some(table) = self.record_under(key, Kind::TextOrTable) {
            return Some(table);
        }
        let value = self.value(key)?;
        if !matches!(value.value, Value::Text(_)) {
            return self.expect_table(value, key, sink);
        }
        let name = Spanned::new(short.to_owned(), value.span.clone());
        let place = value.span.clone();
        Some(Table::new(Arc::clone(&self.source), place, vec![(name, value)]))
    }

    /// Takes a list of tables (`[[key]]`); an absent one is empty.
    pub fn tables(&mut self, key: &'static str, sink: &mut Vec<Diagnostic>) -> Vec<Table> {
        if let Some(table) = self.record_under(key, Kind::Tables) {
            return vec![table];
        }
        let Some(value) = self.value(key) else {
            return Vec::new();
        };
        let Value::List(items) = value.value else {
            let _: Option<()> = self.wrong(&value, key, "a list of tables", sink);
            return Vec::new();
        };
        let tables = items.into_iter();
        tables.filter_map(|item| self.expect_table(item, key, sink)).collect()
    }

    /// Takes all that is left, where names are the author's own.
    pub fn into_entries(self) -> Vec<(Spanned<String>, Spanned<Value>)> {
        self.entries
    }

    /// Takes all that is left, and leaves the table to be finished.
    pub fn take_entries(&mut self) -> Vec<(Spanned<String>, Spanned<Value>)> {
        if let Some(recorded) = &self.recorded {
            recorded.rest(Rest::Kind(Box::new(Kind::Any)));
        }
        std::mem::take(&mut self.entries)
    }

    /// Takes over what `defaults` has under keys of which this table says nothing.
    pub fn inherit(&mut self, defaults: &Table) {
        for (name, value) in &defaults.entries {
            if self.key_span(&name.value).is_none() {
                self.entries.push((name.clone(), value.clone()));
            }
        }
    }

    /// The table as one that only finds out what a loader asks for, if it is one: what a loader
    /// shall be shown for the schema's sake. Nothing must be in it.
    pub fn recording(self) -> Option<Self> {
        self.recorded.as_ref()?.partial();
        Some(self)
    }

    /// Puts other values in place of strings, wherever they stand in this table: those for which
    /// `change` gives one. Where the old one stood is where the new one stands.
    pub fn rewrite(&mut self, change: &mut dyn FnMut(&Spanned<String>) -> Option<Value>) {
        self.entries.iter_mut().for_each(|(_, value)| rewrite(value, change));
    }

    /// Takes all that is left as tables by name (`[nodes.*]`).
    pub fn into_tables(mut self, sink: &mut Vec<Diagnostic>) -> Vec<(Spanned<String>, Table)> {
        if let Some(recorded) = &self.recorded {
            let inner = Recorded::default();
            recorded.rest(Rest::Kind(Box::new(Kind::Table(inner.clone()))));
            return vec![(Spanned::new("NAME".to_owned(), 0..0), inner.table(&self.source))];
        }
        let mut tables = Vec::new();
        for (name, value) in std::mem::take(&mut self.entries) {
            if let Some(table) = self.expect_table(value, &name.value, sink) {
                tables.push((name, table));
            }
        }
        tables
    }

    /// Takes all that is left as strings by name (`[vars]`).
    pub fn into_texts(
        mut self,
        sink: &mut Vec<Diagnostic>,
    ) -> Vec<(Spanned<String>, Spanned<String>)> {
        if let Some(recorded) = &self.recorded {
            recorded.rest(Rest::Kind(Box::new(Kind::Text)));
        }
        let mut texts = Vec::new();
        for (name, value) in std::mem::take(&mut self.entries) {
            if let Some(text) = self.expect_text(value, &name.value, sink) {
                texts.push((name, text));
            }
        }
        texts
    }

    /// Reports every key that nobody asked for.
    pub fn finish(self, sink: &mut Vec<Diagnostic>) {
        if let Some(recorded) = &self.recorded {
            recorded.close();
        }
        self.report_unknown(Severity::Error, sink);
    }

    /// Reports it as something to look at: for a file that is another program's, too.
    pub fn finish_shared(self, sink: &mut Vec<Diagnostic>) {
        self.report_unknown(Severity::Warning, sink);
    }

    fn report_unknown(&self, severity: Severity, sink: &mut Vec<Diagnostic>) {
        for (name, _) in &self.entries {
            let message = format!("unknown key `{}`", name.value);
            let unknown = Diagnostic::error(UNKNOWN_KEY, message, &self.source, name.span.clone())
                .did_you_mean(&name.value, self.asked.iter().copied());
            let unknown = Diagnostic { severity, ..unknown };
            sink.push(match unknown.help {
                Some(_) => unknown,
                None => unknown.label(format!("known here: {}", self.asked.join(", "))),
            });
        }
    }

    /// The word of a command line.
    fn said<'a>(&self, value: &'a Value) -> Option<&'a str> {
        match value {
            Value::Text(word) if self.loose => Some(word),
            _ => None,
        }
    }

    /// A table that records what it is asked, if this one does.
    fn record_under(&mut self, key: &'static str, kind: fn(Recorded) -> Kind) -> Option<Table> {
        let recorded = self.recorded.as_ref()?;
        let inner = Recorded::default();
        recorded.key(key, kind(inner.clone()));
        Some(inner.table(&self.source))
    }

    fn expect_text(
        &self,
        value: Spanned<Value>,
        key: &str,
        sink: &mut Vec<Diagnostic>,
    ) -> Option<Spanned<String>> {
        match value.value {
            Value::Text(text) => Some(Spanned::new(text, value.span)),
            _ => self.wrong(&value, key, "a string", sink),
        }
    }

    fn expect_table(
        &self,
        value: Spanned<Value>,
        key: &str,
        sink: &mut Vec<Diagnostic>,
    ) -> Option<Table> {
        match value.value {
            Value::Table(table) => Some(table),
            _ => self.wrong(&value, key, "a table", sink),
        }
    }

    fn wrong<T>(
        &self,
        value: &Spanned<Value>,
        key: &str,
        expected: &str,
        sink: &mut Vec<Diagnostic>,
    ) -> Option<T> {
        let message = format!("`{key}` must be {expected}, not {}", value.value.kind());
        sink.push(
            Diagnostic::error(WRONG_TYPE, message, &self.source, value.span.clone())
                .label(format!("expected {expected}")),
        );
        None
    }
}

fn rewrite(value: &mut Spanned<Value>, change: &mut dyn FnMut(&Spanned<String>) -> Option<Value>) {
    match &mut value.value {
        Value::Text(text) => {
            let text = Spanned::new(std::mem::take(text), value.span.clone());
            value.value = change(&text).unwrap_or(Value::Text(text.value));
        }
        Value::List(items) => items.iter_mut().for_each(|item| rewrite(item, change)),
        Value::Table(table) => table.rewrite(change),
        Value::Number(_) | Value::Flag(_) | Value::Other(_) => {}
    }
}
