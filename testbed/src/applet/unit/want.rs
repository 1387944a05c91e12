//! What a test wants, and what must not be: `[tests.expect]` and `[tests.never]`.

use std::ops::Range;
use std::sync::Arc;

use diagnostic::table::{Table, Value};
use diagnostic::{Diagnostic, Source, Spanned};
use regex::Regex;
use serde_json::{Map, Value as Json};
use simtime::Duration;

/// A pattern that is none, or a value that means nothing.
pub(super) const BAD_VALUE: &str = "EET003";

/// One thing that is wanted, or must not be.
#[derive(Clone, Debug)]
pub(super) struct Wanted {
    pub(super) want: Want,
    pub(super) is_never: bool,
    pub(super) span: Range<usize>,
}

/// What.
#[derive(Clone, Debug)]
pub(super) enum Want {
    /// How many runs there are.
    Runs(u64),
    /// How every run ends: `success`.
    Result(String),
    /// The labels of all runs, one behind the other.
    Labels(Vec<String>),
    /// Labels that are among them, in this order.
    Passes(Vec<String>),
    /// What the applets type, all of it.
    Commands(Vec<String>),
    /// A command that they type.
    Command(Regex),
    /// A message that the router logs.
    Syslog(Regex),
    /// A request that it sends.
    Http(Box<HttpWant>),
    /// A mail that it sends: recipients, subject or text.
    Mail(Regex),
    /// A line that its configuration has at the end.
    Config(String),
    /// What a variable is when the last run ends.
    Variable(String, String),
    /// Whether the line that was typed is carried out.
    CarriedOut(bool),
    /// How long each run takes at most.
    Took(Duration),
}

/// A request.
#[derive(Clone, Debug)]
pub(super) struct HttpWant {
    pub(super) method: Option<String>,
    pub(super) url: Option<Regex>,
    pub(super) headers: Vec<(String, Regex)>,
    /// Members that its body has, as JSON.
    pub(super) body: Option<Json>,
    pub(super) count: Option<u64>,
}

/// Reads one of the two tables.
pub(super) fn read(mut table: Table, is_never: bool, sink: &mut Vec<Diagnostic>) -> Vec<Wanted> {
    let source = Arc::clone(table.source());
    let mut all = Vec::new();
    let mut put = |want: Want, span: Range<usize>| all.push(Wanted { want, is_never, span });
    for text in table.one_or_more("syslog", sink).unwrap_or_default() {
        if let Some(pattern) = pattern(&text, &source, sink) {
            put(Want::Syslog(pattern), text.span);
        }
    }
    for text in table.one_or_more("command", sink).unwrap_or_default() {
        if let Some(pattern) = pattern(&text, &source, sink) {
            put(Want::Command(pattern), text.span);
        }
    }
    for text in table.one_or_more("mail", sink).unwrap_or_default() {
        if let Some(pattern) = pattern(&text, &source, sink) {
            put(Want::Mail(pattern), text.span);
        }
    }
    for text in table.one_or_more("config", sink).unwrap_or_default() {
        put(Want::Config(text.value), text.span);
    }
    for table in table.tables("http", sink) {
        let span = table.span();
        put(Want::Http(Box::new(http(table, sink))), span);
    }
    let place = table.key_span("passes").unwrap_or_else(|| table.span());
    if let Some(labels) = texts(&mut table, "passes", sink) {
        put(Want::Passes(labels), place);
    }
    if !is_never {
        exact(&mut table, sink, &mut put);
    }
    table.finish(sink);
    all
}

/// What can only be wanted.
fn exact(table: &mut Table, sink: &mut Vec<Diagnostic>, put: &mut impl FnMut(Want, Range<usize>)) {
    if let Some(number) = table.number("runs", sink) {
        put(Want::Runs(number.value), number.span);
    }
    if let Some(text) = table.text("result", sink) {
        put(Want::Result(text.value), text.span);
    }
    let keys = [
        ("labels", Want::Labels as fn(Vec<String>) -> Want),
        ("commands", Want::Commands as fn(Vec<String>) -> Want),
    ];
    for (key, build) in keys {
        let place = table.key_span(key).unwrap_or_else(|| table.span());
        if let Some(texts) = texts(table, key, sink) {
            put(build(texts), place);
        }
    }
    if let Some(variables) = table.table("variables", sink) {
        for (name, value) in variables.into_texts(sink) {
            put(Want::Variable(name.value, value.value), value.span);
        }
    }
    if let Some(flag) = table.flag("carried-out", sink) {
        put(Want::CarriedOut(flag.value), flag.span);
    }
    if let Some(span) = table.parsed::<Duration>("took", sink) {
        put(Want::Took(span.value), span.span);
    }
}

fn texts(table: &mut Table, key: &'static str, sink: &mut Vec<Diagnostic>) -> Option<Vec<String>> {
    let texts = table.texts(key, sink)?;
    Some(texts.into_iter().map(|text| text.value).collect())
}

fn http(mut table: Table, sink: &mut Vec<Diagnostic>) -> HttpWant {
    let source = Arc::clone(table.source());
    let method = table.text("method", sink).map(|text| text.value);
    let url = table.text("url", sink).and_then(|text| pattern(&text, &source, sink));
    let mut headers = Vec::new();
    if let Some(named) = table.table("headers", sink) {
        for (name, value) in named.into_texts(sink) {
            headers.extend(pattern(&value, &source, sink).map(|value| (name.value, value)));
        }
    }
    let body = table.value("body").and_then(|value| json(value, &source, sink));
    let count = table.number("count", sink).map(|count| count.value);
    table.finish(sink);
    HttpWant { method, url, headers, body, count }
}

fn pattern(
    text: &Spanned<String>,
    source: &Arc<Source>,
    sink: &mut Vec<Diagnostic>,
) -> Option<Regex> {
    let built = Regex::new(&text.value);
    let told = |error: regex::Error| {
        let reason = error.to_string();
        let reason = reason.lines().last().unwrap_or_default().trim().to_owned();
        let message = "this is no regular expression";
        let wrong = Diagnostic::error(BAD_VALUE, message, source, text.span.clone());
        sink.push(wrong.label(reason));
    };
    built.map_err(told).ok()
}

fn json(value: Spanned<Value>, source: &Arc<Source>, sink: &mut Vec<Diagnostic>) -> Option<Json> {
    Some(match value.value {
        Value::Text(text) => Json::from(text),
        Value::Number(number) => Json::from(i64::try_from(number).unwrap_or(i64::MAX)),
        Value::Flag(flag) => Json::from(flag),
        Value::List(items) => {
            let items = items.into_iter().map(|item| json(item, source, sink));
            Json::from(items.collect::<Option<Vec<_>>>()?)
        }
        Value::Table(table) => {
            let mut members = Map::new();
            for (name, value) in table.into_entries() {
                members.insert(name.value, json(value, source, sink)?);
            }
            Json::Object(members)
        }
        Value::Other(text) => match text.parse::<f64>() {
            Ok(number) => Json::from(number),
            Err(_) => {
                let message = "write a date as a text";
                sink.push(Diagnostic::error(BAD_VALUE, message, source, value.span));
                return None;
            }
        },
    })
}
