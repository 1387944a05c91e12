//! `respond`, `within`, `[[sources.replies]]`: when a source answers, and what.
//!
//! Called by the source's loader. Without any of them it answers 202 once the event is durable.

use std::sync::Arc;

use diagnostic::table::{Table, Value};
use diagnostic::{Diagnostic, Spanned};
use serde_json::Value as Json;
use simtime::Duration;

use super::rule::{BAD_COMMAND, Loader};
use super::step::{self, Step};
use crate::template::OF_STEPS;

/// A reply that cannot be given.
const BAD_REPLY: &str = "LST050";

/// How long a result is waited for when the source does not say, in seconds.
const WITHIN_SECS_DEFAULT: u64 = 30;
/// How long it can be, in seconds.
const WITHIN_SECS_MAX: u64 = 120;
/// How many replies one source can have.
const REPLIES_MAX: usize = 64;
/// How many headers one reply can have.
const HEADERS_MAX: usize = 16;
/// Headers that are the server's own.
const OWN_HEADERS: [&str; 6] =
    ["connection", "content-length", "content-type", "date", "trailer", "transfer-encoding"];

/// What a source does with a request, and how it answers.
#[derive(Clone, Debug, Default)]
pub(crate) struct Respond {
    /// How long the result of its steps is waited for; `None`: it answers at once.
    pub(crate) within: Option<Duration>,
    /// The replies, of which the first that fits is given.
    pub(crate) replies: Vec<ReplyTemplate>,
}

/// One reply, values not filled in.
#[derive(Clone, Debug)]
pub(crate) struct ReplyTemplate {
    /// Whether it fits, as an expression; always without.
    pub(crate) when: Option<String>,
    /// The HTTP status: a number, or a text that gives one.
    pub(crate) status: Json,
    /// Headers, each a text.
    pub(crate) headers: Vec<(String, String)>,
    /// Bodies, of which the request chooses one.
    pub(crate) json: Option<Json>,
    pub(crate) html: Option<String>,
    pub(crate) text: Option<String>,
}

/// A bound within its own bounds.
struct Within(Duration);

impl std::str::FromStr for Within {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let span: Duration =
            text.parse().map_err(|e: simtime::ParseDurationError| e.to_string())?;
        let bounds = Duration::from_secs(1)..=Duration::from_secs(WITHIN_SECS_MAX);
        let fits = bounds.contains(&span);
        fits.then_some(Within(span)).ok_or_else(|| format!("expected 1s to {WITHIN_SECS_MAX}s"))
    }
}

/// Reads what a source says of it, and what it does.
pub(super) fn load(table: &mut Table, loader: &mut Loader<'_>) -> (Respond, Vec<Step>) {
    let source = Arc::clone(table.source());
    let words = [("accepted", false), ("result", true)];
    let waits = table.choice("respond", &words, loader.sink).is_some_and(|word| word.value);
    let within: Option<Spanned<Within>> = table.parsed("within", loader.sink);
    if let Some(within) = within.as_ref().filter(|_| !waits) {
        let message = "`within` is how long `respond = \"result\"` waits";
        loader.sink.push(Diagnostic::error(BAD_REPLY, message, &source, within.span.clone()));
    }
    let steps = step::load(table, loader);
    let tables = table.tables("replies", loader.sink);
    if tables.len() > REPLIES_MAX {
        let message = format!("more than {REPLIES_MAX} replies");
        loader.sink.push(Diagnostic::error(BAD_REPLY, message, &source, table.span()));
    }
    let engine = loader.engine.seeing(OF_STEPS);
    let mut loader = loader.with(&engine);
    let replies = tables.into_iter().take(REPLIES_MAX).filter_map(|table| loader.reply(table));
    let replies = replies.collect();
    let within = within.map_or(Duration::from_secs(WITHIN_SECS_DEFAULT), |within| within.value.0);
    (Respond { within: waits.then_some(within), replies }, steps)
}

impl Loader<'_> {
    fn reply(&mut self, mut table: Table) -> Option<ReplyTemplate> {
        let source = Arc::clone(table.source());
        let when = self.expression(&mut table, "when");
        let status = self.status(&mut table);
        let headers = table.table("headers", self.sink);
        let headers = headers.map(|table| self.headers(table)).unwrap_or_default();
        let json = self.data_of(&mut table, "json");
        let html = self.template(&mut table, "html").map(|text| text.value);
        let text = self.template(&mut table, "text").map(|text| text.value);
        let span = table.span();
        table.finish(self.sink);
        if json.is_none() && html.is_none() && text.is_none() {
            let message = "a reply has `json`, `html` or `text`";
            self.sink.push(Diagnostic::error(BAD_REPLY, message, &source, span));
        }
        Some(ReplyTemplate { when, status, headers, json, html, text })
    }

    fn status(&mut self, table: &mut Table) -> Json {
        let source = Arc::clone(table.source());
        let ok = Json::from(200);
        let Some(Spanned { value, span }) = table.value("status") else { return ok };
        match value {
            Value::Number(number) if (200..600).contains(&number) => Json::from(number as u16),
            Value::Text(text) if text.contains("{{") => {
                let text = Spanned::new(text, span);
                let checked = self.engine.check_values(&text.value);
                self.report(BAD_COMMAND, checked, &text, &source);
                Json::from(text.value)
            }
            _ => {
                let message = "`status` is 200 to 599, or a text that gives it";
                self.sink.push(Diagnostic::error(BAD_REPLY, message, &source, span));
                ok
            }
        }
    }

    fn headers(&mut self, table: Table) -> Vec<(String, String)> {
        let source = Arc::clone(table.source());
        let texts = table.into_texts(self.sink);
        let mut headers = Vec::new();
        for (name, text) in texts.into_iter().take(HEADERS_MAX) {
            let lower = name.value.to_ascii_lowercase();
            let is_token = |b: u8| b.is_ascii_alphanumeric() || b"-_".contains(&b);
            if !lower.bytes().all(is_token) || OWN_HEADERS.contains(&lower.as_str()) {
                let message = format!("`{}` is no header that a reply can set", name.value);
                self.sink.push(Diagnostic::error(BAD_REPLY, message, &source, name.span));
                continue;
            }
            let checked = self.engine.check_values(&text.value);
            self.report(BAD_COMMAND, checked, &text, &source);
            headers.push((lower, text.value));
        }
        headers
    }
}
