//! Instants as RFC 3339 text in JSON: `#[serde(with = "webhook::stamp")]`.
//!
//! Used by everything that people or other programs read: events, records, stories.

use serde::de::Error as _;
use serde::{Deserialize as _, Deserializer, Serializer};
use simtime::Time;

/// Writes `2026-01-01T00:00:00.000000Z`.
pub fn serialize<S: Serializer>(time: &Time, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_str(time)
}

/// Reads any RFC 3339 instant from 1970 on.
pub fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Time, D::Error> {
    let text = String::deserialize(deserializer)?;
    parse(&text).ok_or_else(|| D::Error::custom("expected an RFC 3339 instant"))
}

/// The instant that an RFC 3339 text names.
pub fn parse(text: &str) -> Option<Time> {
    let stamp: jiff::Timestamp = text.parse().ok()?;
    u64::try_from(stamp.as_microsecond()).ok().map(Time::from_micros)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Goal: what is printed reads back. Method: the contract's start, and texts that are none.
    #[test]
    fn an_instant_survives_its_text() {
        let time = Time::VIRTUAL_START + simtime::Duration::from_micros(1_234_567);
        assert_eq!(parse(&time.to_string()), Some(time));
        for wrong in ["", "yesterday", "1969-12-31T23:59:59Z", "2026-01-01"] {
            assert_eq!(parse(wrong), None, "{wrong}");
        }
    }
}
