//! `http = { api = "jokes", path = "/" }`: one request to an API of `[apis.*]`.
//!
//! The API says where it is and what it is shown besides; a value in the path is encoded, so that
//! it stays one segment or one parameter.

use std::collections::BTreeMap;
use std::sync::Arc;

use diagnostic::table::{Table, Value};
use diagnostic::{Diagnostic, Spanned};
use serde_json::Value as Json;
use url::form_urlencoded::Serializer;

use super::Template;
use crate::config::apis::{self, OUT_OF_BOUNDS};
use crate::config::rule::{BAD_COMMAND, Loader, NO_ACTION};
use crate::record::{Action, HttpCall, RestconfMethod};
use crate::template::{Engine, Scope};
use crate::upstream::is_below;

pub(super) const KEY: &str = "http";

/// How many parameters a query can have.
const QUERY_MAX: usize = 64;
/// How many statuses can be expected.
const EXPECTED_MAX: usize = 32;
/// How long a path with its query may be, in bytes.
const PATH_BYTES_MAX: usize = 8_192;
/// How large a body may be, in bytes.
const BODY_BYTES_MAX: usize = 1 << 20;

const JSON: &str = "application/json";
const TEXT: &str = "text/plain; charset=utf-8";

/// A request as a rule has it: values not filled in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Request {
    /// All that is fixed.
    call: HttpCall,
    /// Each value of it is one segment.
    path: String,
    query: Vec<(String, Json)>,
    headers: Vec<(String, String)>,
    body: Option<Body>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Body {
    Json(Json),
    Text(String),
}

pub(super) fn load(table: &mut Table, loader: &mut Loader<'_>) -> Option<Template> {
    let mut inner = table.table(KEY, loader.sink)?;
    let source = Arc::clone(inner.source());
    for key in ["api", "path"] {
        inner.require(key, loader.sink);
    }
    let api = inner.text("api", loader.sink);
    let method = inner.choice("method", RestconfMethod::WORDS, loader.sink);
    let method = method.map_or(RestconfMethod::Get, |method| method.value);
    let path = loader.template(&mut inner, "path");
    let query = query(&mut inner, loader);
    let headers = headers(&mut inner, loader);
    let body = body(&mut inner, method, loader);
    let expect = expect(&mut inner, loader);
    let repeat = inner.flag("repeat", loader.sink).is_some_and(|repeat| repeat.value);
    let timeout = apis::timeout(&mut inner, loader.sink);
    let tries = apis::tries(&mut inner, loader.sink);
    inner.finish(loader.sink);
    let (api, path) = (api?, path?);
    let Some(upstream) = loader.upstreams.get(&api.value) else {
        let message = format!("there is no `[apis.{}]`", api.value);
        let known = loader.upstreams.iter().map(|upstream| upstream.name.as_str());
        let diagnostic = Diagnostic::error(NO_ACTION, message, &source, api.span);
        loader.sink.push(diagnostic.did_you_mean(&api.value, known));
        return None;
    };
    if !path.value.starts_with('/') {
        let message = "a path begins with `/`";
        loader.sink.push(Diagnostic::error(BAD_COMMAND, message, &source, path.span.clone()));
    }
    let call = HttpCall {
        api: api.value,
        method: method.as_str().to_owned(),
        path: String::new(),
        headers: BTreeMap::new(),
        body: None,
        content_type: None,
        expect,
        repeatable: repeat || !matches!(method, RestconfMethod::Post | RestconfMethod::Patch),
        tries: tries.unwrap_or(upstream.tries),
        timeout: timeout.unwrap_or(upstream.timeout),
    };
    Some(Template::Http(Box::new(Request { call, path: path.value, query, headers, body })))
}

fn query(inner: &mut Table, loader: &mut Loader<'_>) -> Vec<(String, Json)> {
    let Some(table) = inner.table("query", loader.sink) else { return Vec::new() };
    let source = Arc::clone(table.source());
    let mut query = Vec::new();
    for (name, value) in table.into_entries() {
        if query.len() == QUERY_MAX {
            let message = format!("there are more than {QUERY_MAX} parameters");
            loader.sink.push(Diagnostic::error(NO_ACTION, message, &source, name.span));
            break;
        }
        if let Some(value) = loader.data(value, &source) {
            query.push((name.value, value));
        }
    }
    query
}

fn headers(inner: &mut Table, loader: &mut Loader<'_>) -> Vec<(String, String)> {
    let Some(table) = inner.table("headers", loader.sink) else { return Vec::new() };
    let source = Arc::clone(table.source());
    let mut headers = Vec::new();
    for (name, text) in table.into_texts(loader.sink).into_iter().take(apis::HEADERS_MAX) {
        if let Err(why) = apis::check_header(&name.value, "") {
            apis::report_header(&name, why, &source, loader.sink);
            continue;
        }
        let checked = loader.engine.check_values(&text.value);
        loader.report(BAD_COMMAND, checked, &text, &source);
        headers.push((name.value, text.value));
    }
    headers
}

fn body(inner: &mut Table, method: RestconfMethod, loader: &mut Loader<'_>) -> Option<Body> {
    let source = Arc::clone(inner.source());
    let spans = [inner.key_span("json"), inner.key_span("text")];
    let json = loader.data_of(inner, "json").map(Body::Json);
    let text = loader.template(inner, "text").map(|text| Body::Text(text.value));
    let message = match (&spans, method) {
        ([Some(_), Some(_)], _) => "a body is `json` or `text`".to_owned(),
        ([Some(_), None] | [None, Some(_)], RestconfMethod::Get | RestconfMethod::Head) => {
            format!("`{}` takes no body", method.as_str())
        }
        (_, _) => return json.or(text),
    };
    let [json, text] = spans;
    let span = json.or(text).unwrap_or_default();
    loader.sink.push(Diagnostic::error(NO_ACTION, message, &source, span));
    None
}

fn expect(inner: &mut Table, loader: &mut Loader<'_>) -> Vec<u16> {
    let source = Arc::clone(inner.source());
    let Some(Spanned { value, span }) = inner.value("expect") else { return Vec::new() };
    let status = |value: &Spanned<Value>| match value.value {
        Value::Number(number) => u16::try_from(number).ok().filter(|it| (100..=599).contains(it)),
        _ => None,
    };
    let read: Option<Vec<u16>> = match &value {
        Value::List(listed) if listed.len() <= EXPECTED_MAX => listed.iter().map(status).collect(),
        _ => None,
    };
    read.unwrap_or_else(|| {
        let message = "`expect` is a list of HTTP statuses";
        let diagnostic = Diagnostic::error(OUT_OF_BOUNDS, message, &source, span);
        loader.sink.push(diagnostic.label("such as `[200, 404]`"));
        Vec::new()
    })
}

pub(super) fn fill(request: &Request, engine: &Engine, scope: &Scope) -> Result<Action, String> {
    let mut call = request.call.clone();
    call.path = engine.url_path(&request.path, scope)?;
    let mut query = Serializer::new(String::new());
    for (name, value) in &request.query {
        match engine.data(value, scope)? {
            Json::Null => {}
            Json::String(text) => drop(query.append_pair(name, &text)),
            Json::Bool(flag) => drop(query.append_pair(name, &flag.to_string())),
            Json::Number(number) => drop(query.append_pair(name, &number.to_string())),
            Json::Array(_) | Json::Object(_) => {
                return Err(format!("the parameter `{name}` is no single value"));
            }
        }
    }
    let query = query.finish();
    if !query.is_empty() {
        call.path.push(if call.path.contains('?') { '&' } else { '?' });
        call.path.push_str(&query);
    }
    if call.path.len() > PATH_BYTES_MAX {
        return Err(format!("the path is longer than {PATH_BYTES_MAX} bytes"));
    }
    if !is_below(&call.path) {
        return Err("a value leads the path out of its API".to_owned());
    }
    for (name, text) in &request.headers {
        let value = engine.text(text, scope)?;
        apis::check_header(name, &value).map_err(|why| format!("the header `{name}`: {why}"))?;
        call.headers.insert(name.clone(), value);
    }
    let (body, content_type) = match &request.body {
        None => return Ok(Action::Http(call)),
        Some(Body::Json(json)) => (engine.data(json, scope)?.to_string(), JSON),
        Some(Body::Text(text)) => (engine.text(text, scope)?, TEXT),
    };
    if body.len() > BODY_BYTES_MAX {
        return Err(format!("the body is larger than {BODY_BYTES_MAX} bytes"));
    }
    let says = |(name, _): &(&String, &String)| name.eq_ignore_ascii_case("content-type");
    let given = call.headers.iter().find(says).map(|(_, value)| value.clone());
    call.content_type = Some(given.unwrap_or_else(|| content_type.to_owned()));
    call.body = Some(body);
    Ok(Action::Http(call))
}
