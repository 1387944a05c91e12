//! What happened, caused by what: the one feed that traces, expectations and timelines read.
//!
//! Pushed by the lab and by the automation; read by the trace writer, the checkers, the demo's
//! timeline and the listener's log. A fact never holds a secret, and is never an instruction.

mod kind;
mod trace;

pub use kind::Kind;
pub use trace::{TraceHash, TraceId, TraceWriter};

use std::sync::Arc;

use serde::{Deserialize, Serialize};
use simtime::Time;

/// One thing that happened.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fact {
    /// When, on the clock of whoever saw it.
    pub at: Time,
    /// The node that it concerns, by its name in the topology.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub node: Option<Arc<str>>,
    /// The fault that caused it, if it has one: the id that runs through every line of a loop.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub trace: Option<TraceId>,
    /// What it was.
    #[serde(flatten)]
    pub kind: Kind,
}
