//! What a body is by its type, and what it says: parsed, and held against the schema of its source.

use serde_json::{Map, Value};
use webhook::body::{self, BodyError};
use webhook::{Normalized, header};

use super::problem::shown;
use super::{Refusal, one};
use crate::Delivery;
use crate::config::{BodyForm, Entrance};
use crate::schema::{Schema, Subject, Violation};

/// The type of a form, and of what curl sends unless it is told otherwise.
const FORM: &str = "application/x-www-form-urlencoded";

/// How a body is to be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// There is none, and need not be.
    Empty,
    Json,
    Form,
}

/// How a body is to be read, by its type alone.
pub(super) fn kind(entrance: &Entrance, delivery: &Delivery<'_>) -> Result<Kind, Refusal> {
    if delivery.body.is_empty() && entrance.takes_empty() {
        return Ok(Kind::Empty);
    }
    let value = one(delivery, header::CONTENT_TYPE)?.unwrap_or_default();
    let kind = value.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    // A browser sends `application/json` across origins only with the server's leave: the strict
    // type keeps a web page from posting to a listener on loopback.
    if kind == "application/json" || (kind.starts_with("application/") && kind.ends_with("+json")) {
        return Ok(Kind::Json);
    }
    match (entrance.form, kind.as_str()) {
        (BodyForm::Tolerant, FORM) => return Ok(Kind::Form),
        (BodyForm::Tolerant, "") => return Ok(Kind::Json),
        (BodyForm::Tolerant | BodyForm::Json, _) => {}
    }
    let shown = if kind.is_empty() { "nothing".to_owned() } else { shown(&kind) };
    let hint = match kind.as_str() {
        FORM => {
            ", which curl sends unless told otherwise: add `-H \'Content-Type: application/json\'`"
        }
        _ => "",
    };
    let detail = format!("the Content-Type must be `application/json`, not {shown}{hint}");
    Err(Refusal::new(415, detail))
}

/// The data of an event, and what they were before they were JSON.
pub(super) fn of(
    entrance: &Entrance,
    delivery: &Delivery<'_>,
    params: &Map<String, Value>,
) -> Result<(Map<String, Value>, Option<Normalized>), Refusal> {
    let refuse = |error: BodyError| Refusal::new(400, error.to_string());
    let (body, from) = match (kind(entrance, delivery)?, entrance.form) {
        (Kind::Empty, _) => (Value::Object(Map::new()), None),
        (Kind::Form, _) => body::parse_form(delivery.body)
            .map(|(body, from)| (body, Some(from)))
            .map_err(refuse)?,
        (Kind::Json, BodyForm::Json) => (body::parse(delivery.body).map_err(refuse)?, None),
        (Kind::Json, BodyForm::Tolerant) => body::parse_tolerant(delivery.body).map_err(refuse)?,
    };
    let mut violations = match &entrance.params {
        Some(schema) => params_violations(schema, params),
        None => Vec::new(),
    };
    // Only a schema can say that a body is anything but an object.
    let data = match &entrance.schema {
        Some(schema) => {
            violations.extend(schema.violations(Subject::Body, &body));
            body::wrapped(body)
        }
        None => body::object(body).map_err(refuse)?,
    };
    if violations.is_empty() { Ok((data, from)) } else { Err(Refusal::invalid(&violations)) }
}

fn params_violations(schema: &Schema, params: &Map<String, Value>) -> Vec<Violation> {
    schema.violations(Subject::Params, &Value::Object(params.clone()))
}
