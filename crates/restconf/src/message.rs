//! Requests and responses, without what HTTP says of connections.

use std::fmt::Write as _;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};
use yang::{Error, ErrorKind, Tag, escaped};

/// A method.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Method {
    /// `GET`
    Get,
    /// `HEAD`
    Head,
    /// `OPTIONS`
    Options,
    /// `POST`
    Post,
    /// `PUT`
    Put,
    /// `PATCH`
    Patch,
    /// `DELETE`
    Delete,
    /// Any other.
    Other,
}

/// How a body is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Media {
    /// `application/yang-data+json`
    Json,
    /// `application/yang-data+xml`
    Xml,
}

/// One request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Request {
    /// The method.
    pub method: Method,
    /// The path, still encoded: `/restconf/data/...`
    pub path: String,
    /// What follows `?`, still encoded.
    pub query: String,
    /// `Accept`
    pub accept: Option<String>,
    /// `Content-Type`
    pub content_type: Option<String>,
    /// `If-Match`
    pub if_match: Option<String>,
    /// `If-None-Match`
    pub if_none_match: Option<String>,
    /// The body.
    pub body: Vec<u8>,
}

/// One response.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Response {
    /// The status code.
    pub status: u16,
    /// Headers, in order.
    pub headers: Vec<(&'static str, String)>,
    /// The body.
    pub body: String,
}

impl Method {
    /// The method of this name.
    pub fn named(name: &str) -> Method {
        match name {
            "GET" => Method::Get,
            "HEAD" => Method::Head,
            "OPTIONS" => Method::Options,
            "POST" => Method::Post,
            "PUT" => Method::Put,
            "PATCH" => Method::Patch,
            "DELETE" => Method::Delete,
            _ => Method::Other,
        }
    }

    /// Its name; that of none is empty.
    pub fn as_str(self) -> &'static str {
        match self {
            Method::Get => "GET",
            Method::Head => "HEAD",
            Method::Options => "OPTIONS",
            Method::Post => "POST",
            Method::Put => "PUT",
            Method::Patch => "PATCH",
            Method::Delete => "DELETE",
            Method::Other => "",
        }
    }
}

impl Media {
    /// As it stands in `Content-Type`.
    pub fn as_str(self) -> &'static str {
        match self {
            Media::Json => "application/yang-data+json",
            Media::Xml => "application/yang-data+xml",
        }
    }

    /// The form of a body with this `Content-Type`.
    pub(crate) fn of_body(content_type: &str) -> Option<Media> {
        let bare = content_type.split(';').next().unwrap_or_default().trim();
        Media::named(&bare.to_ascii_lowercase())
    }

    fn named(name: &str) -> Option<Media> {
        match name {
            "application/yang-data+json" | "application/json" => Some(Media::Json),
            "application/yang-data+xml" | "application/xml" | "text/xml" => Some(Media::Xml),
            _ => None,
        }
    }

    /// The form that somebody wants who accepts this; `None` if there is none of ours. JSON without
    /// a word, as IOS XE.
    pub fn accepted(accept: Option<&str>) -> Option<Media> {
        let Some(accept) = accept.map(str::trim).filter(|accept| !accept.is_empty()) else {
            return Some(Media::Json);
        };
        let mut best: Option<(f32, Media)> = None;
        for range in accept.split(',') {
            let mut parts = range.split(';').map(str::trim);
            let name = parts.next().unwrap_or_default().to_ascii_lowercase();
            let quality = parts.find_map(|part| part.strip_prefix("q=")?.parse::<f32>().ok());
            let quality = quality.unwrap_or(1.0);
            let media = match name.as_str() {
                "*/*" | "application/*" => Some(Media::Json),
                name => Media::named(name),
            };
            let is_better = best.is_none_or(|(known, _)| quality > known);
            if let Some(media) = media.filter(|_| quality > 0.0 && is_better) {
                best = Some((quality, media));
            }
        }
        best.map(|(_, media)| media)
    }
}

impl Response {
    /// A response without a body.
    pub(crate) fn empty(status: u16) -> Self {
        Response { status, headers: Vec::new(), body: String::new() }
    }

    /// One with a body.
    pub(crate) fn with(status: u16, media: &str, body: String) -> Self {
        Response { status, headers: vec![("content-type", media.to_owned())], body }
    }

    /// The same with a header.
    #[must_use]
    pub(crate) fn header(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.headers.push((name, value.into()));
        self
    }
}

/// Nobody who may ask, as IOS XE says it (clients.md, section 8; RFC 7617).
pub fn unauthorized(media: Media, error: &Error) -> Response {
    refusal(401, media, error).header("www-authenticate", "Basic realm=\"restconf\"")
}

/// Why a body was not read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unread {
    /// It is larger than whoever reads it takes.
    TooLarge,
    /// It took too long.
    TooSlow,
    /// Too much is being read already.
    NoRoom,
}

/// What is said of a request whose body was not read, in a form that its `Accept` takes.
pub fn unread(why: Unread, accept: Option<&str>) -> Response {
    let (status, tag, message) = match why {
        Unread::TooLarge => (413, Tag::TooBig, "the body is too large"),
        Unread::TooSlow => (408, Tag::OperationFailed, "the body took too long"),
        Unread::NoRoom => (503, Tag::ResourceDenied, "too many requests at a time"),
    };
    let media = Media::accepted(accept).unwrap_or(Media::Json);
    refusal(status, media, &Error::new(tag, message).of(ErrorKind::Transport))
}

/// User and password of a header `Authorization` of RFC 7617; `None` of any other.
pub fn basic(header: &str) -> Option<(String, String)> {
    let (scheme, rest) = header.trim().split_once(' ')?;
    let bytes = STANDARD.decode(rest.trim()).ok()?;
    let text = String::from_utf8(bytes).ok()?;
    let (user, password) = text.split_once(':')?;
    scheme.eq_ignore_ascii_case("basic").then(|| (user.to_owned(), password.to_owned()))
}

/// A refusal: RFC 8040 section 7.1.
pub fn refusal(status: u16, media: Media, error: &Error) -> Response {
    let body = match media {
        Media::Json => {
            let mut one = json!({
                "error-type": error.kind.as_str(),
                "error-tag": error.tag.as_str(),
            });
            if let (Some(path), Some(members)) = (&error.path, one.as_object_mut()) {
                members.insert("error-path".to_owned(), Value::from(path.as_str()));
            }
            if let Some(members) = one.as_object_mut() {
                members.insert("error-message".to_owned(), Value::from(error.message.as_str()));
            }
            let whole = json!({ "ietf-restconf:errors": { "error": [one] } });
            serde_json::to_string_pretty(&whole).unwrap_or_default() + "\n"
        }
        Media::Xml => {
            let mut text = String::from(
                "<errors xmlns=\"urn:ietf:params:xml:ns:yang:ietf-restconf\">\n  <error>\n",
            );
            let path = error.path.as_deref().map(|path| ("error-path", path));
            let members = [
                Some(("error-type", error.kind.as_str())),
                Some(("error-tag", error.tag.as_str())),
                path,
                Some(("error-message", error.message.as_str())),
            ];
            for (name, value) in members.into_iter().flatten() {
                let _ = writeln!(text, "    <{name}>{}</{name}>", escaped(value));
            }
            text + "  </error>\n</errors>\n"
        }
    };
    Response::with(status, media.as_str(), body)
}
