//! An event: what a delivery says, and what the receiver found out about it.
//!
//! Made by the automation once a delivery is verified, and then never changed: it is what rules
//! see as `event`, what the journal keeps and what the API shows.

use std::fmt;
use std::net::IpAddr;

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
    /// The path of the source that took it in, as it is configured: `/device/{host}`; of a line
    /// of syslog `syslog-udp` or `syslog-tcp`.
    pub source: String,
    /// The method of the request; that of an event of older journals is `POST`, and a line of
    /// syslog has none.
    #[serde(default = "post")]
    pub method: String,
    /// The path that was asked for, without query; empty in older journals and of syslog.
    #[serde(default)]
    pub path: String,
    /// What happened: the body's `event`, else `event_type`, else `type`, else the source's own.
    pub name: String,
    /// The node that it concerns, by its name in the inventory; `None` when it is unknown.
    pub device: Option<String>,
    /// How the node was found.
    pub device_from: DeviceFrom,
    /// The whole body, as sent; of syslog what the line says, by name. A body that is a list is
    /// here as `items`, another one as `value`.
    pub data: Map<String, Value>,
    /// What the path and the query say, by name.
    #[serde(default)]
    pub params: Map<String, Value>,
    /// Who sent it: the user of Basic authentication, else whom the credential belongs to.
    #[serde(default)]
    pub sender: Option<String>,
    /// The address that it came from.
    #[serde(default)]
    pub peer: Option<IpAddr>,
    /// How long the body was.
    #[serde(default)]
    pub bytes: u64,
    /// What the body was before it was read as JSON, if it was none.
    #[serde(default)]
    pub normalized_from: Option<Normalized>,
    /// The fault that caused it: 32 hexadecimal digits of a `traceparent` header.
    pub trace_id: Option<String>,
}

impl Event {
    /// An event of which nothing else is known: nobody proved anything, and the body is empty.
    pub fn new(
        id: impl Into<String>,
        received_at: Time,
        source: impl Into<String>,
        name: impl Into<String>,
    ) -> Self {
        let source = source.into();
        Event {
            id: id.into(),
            received_at,
            method: post(),
            path: source.clone(),
            source,
            name: name.into(),
            device: None,
            device_from: DeviceFrom::Unknown,
            data: Map::new(),
            params: Map::new(),
            sender: None,
            peer: None,
            bytes: 0,
            normalized_from: None,
            trace_id: None,
        }
    }
}

fn post() -> String {
    "POST".to_owned()
}

/// What a body was that was no JSON.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Normalized {
    /// A list or an object as Python writes it: `{'event': 'x', 'up': True}`.
    SingleQuoted,
    /// The fields of a form (`application/x-www-form-urlencoded`), or JSON under that type.
    Form,
}

impl Normalized {
    /// The word in JSON, facts and rules.
    pub fn as_str(self) -> &'static str {
        match self {
            Normalized::SingleQuoted => "single-quoted",
            Normalized::Form => "form",
        }
    }
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
    /// It alone has the address that sent a line of syslog, and its collector trusts addresses.
    Address,
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
            DeviceFrom::Address => "address",
            DeviceFrom::Unknown => "unknown",
        }
    }
}

impl fmt::Display for DeviceFrom {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Goal: an event of an older journal is read. Method: one without the fields that came later.
    #[test]
    fn older_events_are_read() {
        let text = r#"{"id": "evt_1", "received_at": "2026-01-01T00:00:00.000000Z",
            "source": "/events", "name": "X", "device": null, "device_from": "unknown",
            "data": {}, "trace_id": null}"#;
        let event: Event = serde_json::from_str(text).expect("it is read");
        let known = Event::new("evt_1", event.received_at, "/events", "X");
        assert_eq!(event, Event { path: String::new(), ..known });
        let written = serde_json::to_string(&event).expect("JSON");
        assert_eq!(serde_json::from_str::<Event>(&written).expect("it is read back"), event);
    }
}
