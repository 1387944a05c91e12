//! RFC 9457 documents for the errors that the skin itself gives.
//!
//! Used by the receiver, the guard and the read API; the automation writes its own replies.

use axum::Json;
use axum::http::{HeaderName, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::Serialize;

/// When to come again after a 503, in seconds.
const RETRY_AFTER_SECS: &str = "1";
/// How much of a client's own text an error shows, in characters.
const SHOWN_CHARS_MAX: usize = 64;

/// An error as `application/problem+json`.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Problem {
    /// No type of ours has a page: RFC 9457 section 4.2.1 says `about:blank` for those.
    r#type: &'static str,
    title: &'static str,
    status: u16,
    detail: String,
    #[serde(skip)]
    header: Option<Box<(HeaderName, HeaderValue)>>,
}

impl Problem {
    pub(crate) fn new(status: StatusCode, detail: impl Into<String>) -> Self {
        Problem {
            r#type: "about:blank",
            title: status.canonical_reason().unwrap_or("Error"),
            status: status.as_u16(),
            detail: detail.into(),
            header: None,
        }
    }

    /// 503, and when to come again: the sender keeps its event.
    pub(crate) fn busy(detail: &str) -> Self {
        Problem::new(StatusCode::SERVICE_UNAVAILABLE, detail)
            .with(header::RETRY_AFTER, HeaderValue::from_static(RETRY_AFTER_SECS))
    }

    /// The status, and what is wrong.
    pub(crate) fn said(&self) -> (u16, &str) {
        (self.status, &self.detail)
    }

    /// The header that its status asks for.
    pub(crate) fn with(mut self, name: HeaderName, value: HeaderValue) -> Self {
        self.header = Some(Box::new((name, value)));
        self
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let status = StatusCode::from_u16(self.status);
        let status = status.unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let header = self.header.clone();
        let mut response = (status, Json(self)).into_response();
        let kind = HeaderValue::from_static("application/problem+json");
        response.headers_mut().insert(header::CONTENT_TYPE, kind);
        if let Some((name, value)) = header.map(|header| *header) {
            response.headers_mut().insert(name, value);
        }
        response
    }
}

/// A client's own text inside an error: printable, and not more than a line of it.
pub(crate) fn shown(text: &str) -> String {
    let printable = host::text::printable(text);
    printable.chars().take(SHOWN_CHARS_MAX).collect()
}
