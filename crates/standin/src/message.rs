//! A request to a stand-in and its answer, and what all of them read of it.

use percent_encoding::percent_decode_str;
use serde_json::{Value, json};

/// A request, as it would have gone out.
#[derive(Clone, Copy, Debug)]
pub struct Request<'a> {
    /// `GET`, in capitals.
    pub method: &'a str,
    /// The whole path of the URL. What stands before the service's own paths does not matter.
    pub path: &'a str,
    /// What stands behind `?`.
    pub query: &'a str,
    /// The header `Accept`.
    pub accept: Option<&'a str>,
    /// The body: the parameters of a `POST`.
    pub body: &'a str,
}

/// An answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Response {
    /// The HTTP status.
    pub status: u16,
    /// The header `Content-Type`.
    pub content_type: &'static str,
    /// The body.
    pub body: String,
}

/// The form in which a text is wanted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Form {
    Json,
    Text,
    Html,
}

impl<'a> Request<'a> {
    /// A `GET` of a path with its query, and without more to it.
    pub fn get(path_and_query: &'a str) -> Self {
        let (path, query) = path_and_query.split_once('?').unwrap_or((path_and_query, ""));
        Request { method: "GET", path, query, accept: None, body: "" }
    }

    /// The segments of the path that are not empty.
    pub(crate) fn segments(&self) -> Vec<&'a str> {
        self.path.split('/').filter(|segment| !segment.is_empty()).collect()
    }

    /// A parameter, of the query or of a form. The last one counts.
    pub(crate) fn parameter(&self, name: &str) -> Option<String> {
        let all = if self.method == "POST" { self.body } else { self.query };
        let mut pairs = all.split('&').rev().filter_map(|pair| pair.split_once('='));
        let (_, value) = pairs.find(|(key, _)| *key == name)?;
        let spaced = value.replace('+', " ");
        Some(percent_decode_str(&spaced).decode_utf8_lossy().into_owned())
    }

    /// The first form of `Accept` that there is. Who names none is taken for a terminal.
    pub(crate) fn form(&self) -> Form {
        let Some(accept) = self.accept else { return Form::Text };
        let named = accept.split(',').find_map(|item| {
            match item.split(';').next().unwrap_or_default().trim() {
                "application/json" => Some(Form::Json),
                "text/plain" => Some(Form::Text),
                "text/html" => Some(Form::Html),
                _ => None,
            }
        });
        named.unwrap_or(Form::Html)
    }
}

impl Response {
    pub(crate) fn json(status: u16, body: &Value) -> Self {
        Response { status, content_type: "application/json", body: body.to_string() }
    }

    pub(crate) fn text(body: impl Into<String>) -> Self {
        Response { status: 200, content_type: "text/plain", body: body.into() }
    }

    pub(crate) fn html(text: &str) -> Self {
        let text = text.replace('&', "&amp;").replace('<', "&lt;");
        let body = format!("<!DOCTYPE html>\n<title>stand-in</title>\n<p>{text}</p>\n");
        Response { status: 200, content_type: "text/html; charset=utf-8", body }
    }

    /// No such path in the stand-in, whether or not the service has it.
    pub(crate) fn no_path(request: &Request<'_>) -> Self {
        let message = format!("the stand-in has no path {}", request.path);
        Response::json(404, &json!({"status": 404, "message": message}))
    }

    pub(crate) fn no_method(request: &Request<'_>) -> Self {
        let message = format!("the stand-in takes no {} here", request.method);
        Response::json(405, &json!({"status": 405, "message": message}))
    }
}
