//! `restconf = { method = "GET", path = "data/ietf-interfaces:interfaces" }`: one request over
//! RESTCONF.
//!
//! What changes the device (`POST`, `PUT`, `PATCH`, `DELETE`) waits for an approval unless the rule
//! says otherwise. A body is a table, which is sent as JSON, or a text.

use std::sync::Arc;

use diagnostic::Diagnostic;
use diagnostic::Spanned;
use diagnostic::table::{Table, Value};
use restconf::Media;
use serde_json::Value as Json;

use super::Template;
use crate::config::rule::{BAD_COMMAND, Loader, NO_ACTION};
use crate::record::{Action, RestconfCall, RestconfMethod};
use crate::template::markup::{Inside, MARKUP_BYTES_MAX};
use crate::template::{Engine, Form, Mistake, Scope, path};

pub(super) const KEY: &str = "restconf";

/// The words of `accept`.
const ACCEPTS: [(&str, Media); 4] = [
    ("json", Media::Json),
    ("xml", Media::Xml),
    ("application/yang-data+json", Media::Json),
    ("application/yang-data+xml", Media::Xml),
];

/// A request as a rule has it: values of events not filled in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Request {
    method: RestconfMethod,
    path: String,
    accept: Option<Media>,
    body: Option<Body>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Body {
    /// Each text of it is a template.
    Data(Json),
    /// The whole is one.
    Text(String, Media),
}

impl Request {
    /// Whether it changes the device.
    pub(super) fn changes(&self) -> bool {
        self.method.changes()
    }
}

pub(super) fn load(table: &mut Table, loader: &mut Loader<'_>) -> Option<Template> {
    let mut inner = table.table(KEY, loader.sink)?;
    let source = Arc::clone(inner.source());
    let span = inner.span();
    inner.require("path", loader.sink);
    let method = inner.choice("method", RestconfMethod::WORDS, loader.sink);
    let method = method.map_or(RestconfMethod::Get, |method| method.value);
    let path = inner.text("path", loader.sink);
    let accept = inner.choice("accept", &ACCEPTS, loader.sink);
    let body_span = inner.key_span("body");
    let body = inner.value("body").and_then(|value| body(value, &source, loader));
    inner.finish(loader.sink);
    if let Some(path) = &path {
        let checked = loader.engine.check_as(Form::Path, &path.value);
        loader.report(BAD_COMMAND, checked, path, &source);
    }
    let needs = matches!(method, RestconfMethod::Put | RestconfMethod::Patch);
    let takes = needs || method == RestconfMethod::Post;
    let mistake = match (body_span, needs, takes) {
        (None, true, _) => Some((span, "needs a `body`")),
        (Some(span), _, false) => Some((span, "takes no `body`")),
        (_, _, _) => None,
    };
    if let Some((span, words)) = mistake {
        let message = format!("`{}` {words}", method.as_str());
        loader.sink.push(Diagnostic::error(NO_ACTION, message, &source, span));
    }
    // What a sender writes whole is completed when it is there.
    let path = path?.value;
    let path = if path.starts_with("{{") { path } else { path::whole(&path) };
    let accept = accept.map(|accept| accept.value);
    Some(Template::Restconf(Request { method, path, accept, body }))
}

fn body(
    value: Spanned<Value>,
    source: &Arc<diagnostic::Source>,
    loader: &mut Loader<'_>,
) -> Option<Body> {
    if let Value::Text(text) = value.value {
        let text = Spanned::new(text, value.span);
        if loader.engine.is_expression(&text.value) {
            let checked = loader.engine.check_values(&text.value);
            loader.report(BAD_COMMAND, checked, &text, source);
            return Some(Body::Data(Json::from(text.value)));
        }
        let media = if text.value.trim_start().starts_with('<') { Media::Xml } else { Media::Json };
        let checked = match media {
            Media::Xml => loader.engine.check_as(Form::Xml(Inside::Body), &text.value),
            Media::Json => check_json(loader.engine, &text.value),
        };
        loader.report(BAD_COMMAND, checked, &text, source);
        return Some(Body::Text(text.value, media));
    }
    if !matches!(value.value, Value::Table(_)) {
        let message = format!("`body` is a table or a text, not {}", value.value.kind());
        loader.sink.push(Diagnostic::error(BAD_COMMAND, message, source, value.span));
        return None;
    }
    loader.data(value, source).map(Body::Data)
}

/// Whether a text with values in it is JSON.
fn check_json(engine: &Engine, text: &str) -> Result<(), Mistake> {
    engine.check_as(Form::Text, text)?;
    let skeleton = engine.padded_json(text);
    let wrong = |message: String| Mistake { message, range: None, help: None };
    if skeleton.len() > MARKUP_BYTES_MAX {
        return Err(wrong(format!("the body is larger than {MARKUP_BYTES_MAX} bytes")));
    }
    match serde_json::from_str::<Json>(&skeleton) {
        Ok(_) => Ok(()),
        Err(error) => {
            let start: usize =
                text.split_inclusive('\n').take(error.line() - 1).map(str::len).sum();
            let at = (start + error.column().saturating_sub(1)).min(text.len().saturating_sub(1));
            let message = error.to_string();
            let message = message.split(" at line").next().unwrap_or(&message).to_owned();
            let range = text.is_char_boundary(at).then_some(at..at + 1);
            Err(Mistake { message: format!("this is no JSON: {message}"), range, help: None })
        }
    }
}

pub(super) fn fill(request: &Request, engine: &Engine, scope: &Scope) -> Result<Action, String> {
    let path = path::whole(&engine.render_as(Form::Path, &request.path, scope)?);
    let (body, media) = match &request.body {
        None => (None, None),
        Some(Body::Data(value)) => {
            (Some(engine.data(value, scope)?.to_string()), Some(Media::Json))
        }
        Some(Body::Text(text, Media::Xml)) => {
            let text = engine.render_as(Form::Xml(Inside::Body), text, scope)?;
            (Some(text), Some(Media::Xml))
        }
        Some(Body::Text(text, Media::Json)) => {
            let text = engine.render_as(Form::Text, text, scope)?;
            if serde_json::from_str::<Json>(&text).is_err() {
                return Err("a value makes the body none of JSON".to_owned());
            }
            (Some(text), Some(Media::Json))
        }
    };
    let name = |media: Media| media.as_str().to_owned();
    Ok(Action::Restconf(RestconfCall {
        method: request.method,
        path,
        accept: request.accept.map(name),
        content_type: media.map(name),
        body,
    }))
}
