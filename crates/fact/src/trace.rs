//! Trace ids (W3C Trace Context) and the trace file: one JSON line per fact, hashed.

use std::collections::BTreeMap;
use std::fmt;
use std::str::FromStr;
use std::sync::Arc;

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use sha2::{Digest as _, Sha256};
use simtime::{Rng, Time};

use crate::Fact;

/// The id of one fault and of all that follows from it: 16 bytes, never all zero.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TraceId(u128);

impl TraceId {
    /// Draws a new id.
    pub fn draw(rng: &mut Rng) -> Self {
        let id = (u128::from(rng.next_u64()) << 64) | u128::from(rng.next_u64());
        TraceId(id.max(1))
    }

    /// The `traceparent` header of version 00 (W3C Trace Context, section 3.2); the parent id is
    /// made from the trace id.
    pub fn to_traceparent(self) -> String {
        let parent = ((self.0 >> 64) as u64 ^ self.0 as u64).max(1);
        format!("00-{:032x}-{parent:016x}-01", self.0)
    }

    /// Reads a `traceparent` header; `None` if it is not one.
    pub fn from_traceparent(header: &str) -> Option<Self> {
        let mut parts = header.trim().split('-');
        let version = parts.next()?;
        let (trace, parent) = (parts.next()?, parts.next()?);
        let flags = parts.next()?;
        let is_hex = |s: &str| s.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f'));
        let shaped =
            version.len() == 2 && version != "ff" && parent.len() == 16 && flags.len() == 2;
        let whole = shaped && is_hex(version) && is_hex(parent) && is_hex(flags);
        if whole && parent.bytes().any(|b| b != b'0') { trace.parse().ok() } else { None }
    }
}

impl fmt::Display for TraceId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:032x}", self.0)
    }
}

impl FromStr for TraceId {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        let hex = text.len() == 32 && text.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f'));
        let id = u128::from_str_radix(text, 16).ok().filter(|&id| hex && id != 0);
        id.map(TraceId).ok_or(())
    }
}

impl Serialize for TraceId {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for TraceId {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        text.parse().map_err(|()| serde::de::Error::custom("expected 32 hexadecimal digits"))
    }
}

/// The hash over all lines of a trace: equal hashes, equal runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TraceHash([u8; 32]);

impl fmt::Display for TraceHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

/// Turns facts into the lines of a trace file and hashes them.
///
/// A line is `{"t":MICROS,"n":COUNT,...}`: microseconds since the run's start, and the count of
/// lines of this node so far, so that adding a router changes no other router's lines (law L1).
#[derive(Debug)]
pub struct TraceWriter {
    start: Time,
    hash: Sha256,
    lines: BTreeMap<Option<Arc<str>>, u64>,
}

#[derive(Serialize)]
struct Line<'a> {
    t: u64,
    n: u64,
    #[serde(skip_serializing_if = "Option::is_none")]
    node: &'a Option<Arc<str>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    trace: Option<TraceId>,
    #[serde(flatten)]
    kind: &'a crate::Kind,
}

impl TraceWriter {
    /// A trace of a run that started at `start`.
    pub fn new(start: Time) -> Self {
        TraceWriter { start, hash: Sha256::new(), lines: BTreeMap::new() }
    }

    /// The fact as one line, with its newline.
    pub fn line(&mut self, fact: &Fact) -> String {
        let count = self.lines.entry(fact.node.clone()).or_default();
        *count += 1;
        let line = Line {
            t: fact.at.since(self.start).as_micros(),
            n: *count,
            node: &fact.node,
            trace: fact.trace,
            kind: &fact.kind,
        };
        let mut text = serde_json::to_string(&line).expect("a fact has only string keys");
        text.push('\n');
        self.hash.update(text.as_bytes());
        text
    }

    /// The hash over all lines so far.
    pub fn hash(&self) -> TraceHash {
        TraceHash(self.hash.clone().finalize().into())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Kind;

    /// Goal: only a well-formed header gives a trace id. Method: a table of headers.
    #[test]
    fn traceparent_reads_what_the_standard_allows() {
        let good = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
        let id = TraceId::from_traceparent(good).expect("the example of the standard");
        assert_eq!(id.to_string(), "4bf92f3577b34da6a3ce929d0e0e4736");
        assert_eq!(TraceId::from_traceparent(&id.to_traceparent()), Some(id));
        for bad in [
            "",
            "00-00000000000000000000000000000000-00f067aa0ba902b7-01",
            "00-4bf92f3577b34da6a3ce929d0e0e4736-0000000000000000-01",
            "ff-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
            "00-4BF92F3577B34DA6A3CE929D0E0E4736-00f067aa0ba902b7-01",
            "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7",
            "00-+bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
        ] {
            assert_eq!(TraceId::from_traceparent(bad), None, "{bad}");
        }
    }

    /// Goal: lines count per node, and start with time and count. Method: two nodes, three facts.
    #[test]
    fn lines_count_per_node() {
        let start = Time::VIRTUAL_START;
        let mut trace = TraceWriter::new(start);
        let mut say = |node: &str| {
            let kind = Kind::Fault { step: "shutdown Gi1".into(), place: None };
            trace.line(&Fact { at: start, node: Some(node.into()), trace: None, kind })
        };
        assert_eq!(
            say("R1"),
            "{\"t\":0,\"n\":1,\"node\":\"R1\",\"fact\":\"fault\",\"step\":\"shutdown Gi1\"}\n"
        );
        assert!(say("R2").contains("\"n\":1"));
        assert!(say("R1").contains("\"n\":2"));
    }
}
