//! Refusals as RFC 9457 problem documents. Clients of the course read `detail`.

use std::borrow::Cow;

use serde_json::{Value, json};
use simtime::Duration;

use crate::io::{DeliveryId, Reply};
use crate::schema::Violation;

/// How much of a sender's own text a refusal shows, in characters.
const SHOWN_CHARS_MAX: usize = 64;

/// How many wrong values a refusal names.
const ERRORS_MAX: usize = 16;

/// Why a delivery is not taken.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Refusal {
    pub(crate) status: u16,
    /// What is wrong, without secrets.
    pub(crate) detail: String,
    headers: Vec<(Cow<'static, str>, String)>,
    /// What is wrong with its values, one by one.
    errors: Vec<Violation>,
}

impl Refusal {
    pub(crate) fn new(status: u16, detail: impl Into<String>) -> Self {
        Refusal { status, detail: detail.into(), headers: Vec::new(), errors: Vec::new() }
    }

    /// 422 for values that are not as the source wants them (RFC 9457, section 3).
    pub(crate) fn invalid(violations: &[Violation]) -> Self {
        let first = violations.first().map_or("", |first| &first.detail);
        let detail = match violations.len() {
            0 | 1 => first.to_owned(),
            many => format!("{first}; {} more", many - 1),
        };
        let errors = violations.iter().take(ERRORS_MAX).cloned().collect();
        Refusal { errors, ..Refusal::new(422, detail) }
    }

    #[must_use]
    pub(crate) fn header(mut self, name: &'static str, value: &str) -> Self {
        self.headers.push((name.into(), value.to_owned()));
        self
    }

    /// 503, and when to come again: the sender keeps its event.
    pub(crate) fn busy(detail: &str) -> Self {
        Refusal::new(503, detail).retry_after(Duration::ZERO)
    }

    /// When to come again, in whole seconds and at least one.
    pub(crate) fn retry_after(self, wait: Duration) -> Self {
        let seconds = wait.as_micros().div_ceil(1_000_000).max(1);
        self.header("retry-after", &seconds.to_string())
    }

    pub(crate) fn reply(self, delivery: DeliveryId) -> Reply {
        let mut document = json!({
            "type": "about:blank",
            "title": title(self.status),
            "status": self.status,
            "detail": self.detail,
        });
        if !self.errors.is_empty() {
            let errors = self.errors.iter();
            let errors = errors.map(|at| json!({"detail": at.detail, "pointer": at.pointer}));
            document["errors"] = errors.collect();
        }
        let mut reply = json(delivery, self.status, &document);
        reply.headers = vec![("content-type".into(), "application/problem+json".to_owned())];
        reply.headers.extend(self.headers);
        reply
    }
}

/// A reply with a JSON body.
pub(crate) fn json(delivery: DeliveryId, status: u16, body: &Value) -> Reply {
    let headers = vec![("content-type".into(), "application/json".to_owned())];
    Reply { delivery, status, headers, body: body.to_string().into_bytes() }
}

/// A sender's text, cut and without control characters.
pub(super) fn shown(text: &str) -> String {
    let short = text.chars().take(SHOWN_CHARS_MAX);
    short.map(|c| if c.is_control() { ' ' } else { c }).collect()
}

/// The phrases of RFC 9110, section 15, for the statuses that are used.
pub(crate) fn title(status: u16) -> &'static str {
    match status {
        400 => "Bad Request",
        401 => "Unauthorized",
        403 => "Forbidden",
        404 => "Not Found",
        405 => "Method Not Allowed",
        408 => "Request Timeout",
        409 => "Conflict",
        413 => "Content Too Large",
        415 => "Unsupported Media Type",
        421 => "Misdirected Request",
        422 => "Unprocessable Content",
        429 => "Too Many Requests",
        500 => "Internal Server Error",
        502 => "Bad Gateway",
        503 => "Service Unavailable",
        504 => "Gateway Timeout",
        _ => "Error",
    }
}
