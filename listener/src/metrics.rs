//! `/metrics`: what the listener has done and what waits, in OpenMetrics.
//!
//! Made by the live loop; counts facts, and asks the parts that know what no fact says. Labels hold
//! names of the configuration alone ([`names`]), so that no sender can make the text grow.

mod counted;
mod moment;
mod names;

use std::sync::Arc;

use automation::{Config, Depths};
use axum::http::header;
use axum::response::{IntoResponse as _, Response};
use fact::Fact;
use prometheus_client::encoding::text::encode;
use prometheus_client::registry::Registry;

use crate::http::Room;
use crate::ready::Readiness;

use counted::Counted;
use moment::Moment;

/// OpenMetrics 1.0.0.
const CONTENT_TYPE: &str = "application/openmetrics-text; version=1.0.0; charset=utf-8";

/// All metrics of one listener. Cheap to clone.
#[derive(Clone, Debug)]
pub(crate) struct Metrics(Arc<Parts>);

#[derive(Debug)]
struct Parts {
    registry: Registry,
    counted: Counted,
}

impl Metrics {
    /// Those of a listener with this room for clients, and this disk.
    pub(crate) fn new(room: Arc<Room>, ready: Arc<Readiness>) -> Self {
        let mut registry = Registry::with_prefix("listener");
        let counted = Counted::new(&mut registry);
        registry.register_collector(Box::new(Moment { room, ready }));
        Metrics(Arc::new(Parts { registry, counted }))
    }

    /// The names of a configuration are labels from now on.
    pub(crate) fn know(&self, config: &Config) {
        self.0.counted.know(config);
    }

    /// Something happened.
    pub(crate) fn observe(&self, fact: &Fact) {
        self.0.counted.observe(fact);
    }

    /// A request was answered.
    pub(crate) fn responded(&self, status: u16) {
        self.0.counted.responded(status);
    }

    /// A batch of records is on disk, so long after it was handed over.
    pub(crate) fn committed(&self, took: std::time::Duration) {
        self.0.counted.committed(took);
    }

    /// So many lines of records were written, and so many were not.
    pub(crate) fn recorded(&self, written: usize, lost: usize) {
        self.0.counted.recorded(written, lost);
    }

    /// So many facts came too fast for the records.
    pub(crate) fn unrecorded(&self, facts: u64) {
        self.0.counted.unrecorded(facts);
    }

    /// How much waits.
    pub(crate) fn waits(&self, depths: Depths, deliveries: usize, lines: usize, batches: usize) {
        self.0.counted.waits(depths, deliveries, lines, batches);
    }

    /// All of it as text.
    pub(crate) fn text(&self) -> Result<String, std::fmt::Error> {
        let mut text = String::new();
        encode(&mut text, &self.0.registry)?;
        Ok(text)
    }

    /// The answer to `GET /metrics`.
    pub(crate) fn response(&self) -> Response {
        match self.text() {
            Ok(text) => ([(header::CONTENT_TYPE, CONTENT_TYPE)], text).into_response(),
            Err(error) => crate::problem::Problem::new(
                axum::http::StatusCode::INTERNAL_SERVER_ERROR,
                error.to_string(),
            )
            .into_response(),
        }
    }
}
