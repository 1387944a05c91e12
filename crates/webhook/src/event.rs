//! An event: what a delivery says, and what the receiver found out about it.
//!
//! Made by the automation once a delivery is verified, and then never changed: it is what rules
//! see as `event`, what the journal keeps and what the API shows.

use std::fmt;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use simtime::Time;

/// One accepted delivery.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Event {
    /// The receiver's own id: `evt_...`.
    pub id: String,
    /// When it was taken in.
    #[serde(with = "crate::stamp")]
    pub received_at: Time,
    /// The path of the source that took it in.
    pub source: String,
    /// What happened: the body's `event`, else `event_type`, else `type`.
    pub name: String,
    /// The node that it concerns, by its name in the inventory; `None` when it is unknown.
    pub device: Option<String>,
    /// How the node was found.
    pub device_from: DeviceFrom,
    /// The whole body, as sent.
    pub data: Map<String, Value>,
    /// The fault that caused it: 32 hexadecimal digits of a `traceparent` header.
    pub trace_id: Option<String>,
}

/// How the device of an event was found, which decides how far it is trusted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum DeviceFrom {
    /// The credential belongs to it.
    Credential,
    /// The body names it, and nobody proved anything.
    Claimed,
    /// The body names it, and the credential may speak for others.
    Relay,
    /// No node has the name that was given, or none was given.
    Unknown,
}

impl DeviceFrom {
    /// The word in JSON, facts and rules.
    pub fn as_str(self) -> &'static str {
        match self {
            DeviceFrom::Credential => "credential",
            DeviceFrom::Claimed => "claimed",
            DeviceFrom::Relay => "relay",
            DeviceFrom::Unknown => "unknown",
        }
    }
}

impl fmt::Display for DeviceFrom {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}
