//! What others may know of a source: for the OpenAPI document, and for who lists sources.

use serde_json::Value;
use simtime::Duration;

use super::{BodyForm, Entrance};
use crate::schema::Schema;

/// A source, as it is told of.
#[derive(Clone, Copy, Debug)]
pub struct Endpoint<'a>(&'a Entrance);

impl<'a> Endpoint<'a> {
    pub(crate) fn new(entrance: &'a Entrance) -> Self {
        Endpoint(entrance)
    }

    /// Its path, with `{name}` for a segment that may be anything.
    pub fn path(self) -> &'a str {
        &self.0.path
    }

    /// The names of those segments.
    pub fn names(self) -> impl Iterator<Item = &'a str> {
        self.0.pattern.names()
    }

    /// The method of its requests; `HEAD` follows `GET`.
    pub fn method(self) -> restconf::Method {
        self.0.verb
    }

    /// What it is, in one sentence.
    pub fn summary(self) -> Option<&'a str> {
        self.0.summary.as_deref()
    }

    /// Under which headings it stands.
    pub fn tags(self) -> &'a [String] {
        &self.0.tags
    }

    /// What its events are called when the body does not say.
    pub fn name(self) -> Option<&'a str> {
        self.0.name.as_deref()
    }

    /// How long a reply waits for what is done; nothing when it is given at once.
    pub fn within(self) -> Duration {
        self.0.respond.within.unwrap_or_default()
    }

    /// Whether a body may also be single-quoted, or a form.
    pub fn is_tolerant(self) -> bool {
        self.0.form == BodyForm::Tolerant
    }

    /// Whether a request may have no body.
    pub fn takes_empty(self) -> bool {
        self.0.takes_empty()
    }

    /// The JSON Schema of a body.
    pub fn schema(self) -> Option<&'a Value> {
        self.0.schema.as_ref().map(Schema::document)
    }

    /// The JSON Schema of path and query, as one object.
    pub fn params(self) -> Option<&'a Value> {
        self.0.params.as_ref().map(Schema::document)
    }
}
