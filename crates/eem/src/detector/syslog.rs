//! `event syslog [pattern "RE"] [mnemonic M] [facility F] [priority P] [occurs N] [period S] ...`:
//! searches each log message, stamp and all, as the console shows it; the other options name parts
//! of it.

use std::fmt;
use std::sync::Arc;

use simtime::Time;

use super::occurrences::{OCCURS_MAX, Occurrences};
use super::option::{Options, Spec, Value, opt};
use super::{Armed, Arming, Detector, Limits, Variables};
use crate::interpreter::Failure;
use crate::message::SEVERITIES;
use crate::problem::Problem;
use crate::reader::Reader;
use crate::{Pattern, Seconds, Stimulus};

const PRIORITIES: &[&str] = &[
    "alerts",
    "all",
    "critical",
    "debugging",
    "emergencies",
    "errors",
    "informational",
    "notifications",
    "warnings",
];

pub(super) const SPECS: &[Spec] = &[
    opt("pattern", "Regular expression to match", Value::Pattern),
    opt("occurs", "Number of occurrences before raising event", Value::Number(1..=OCCURS_MAX)),
    opt("period", "Occurrence period in seconds", Value::Seconds),
    opt("priority", "Priority of the message", Value::Choice(PRIORITIES)),
    opt("facility", "Facility of the message", Value::Quoted),
    opt("mnemonic", "Mnemonic of the message", Value::Quoted),
    opt("sequence", "Sequence number of the message", Value::Word),
    opt("timestamp", "Timestamp of the message", Value::Quoted),
    opt("severity-fatal", "Severity of the event", Value::Flag),
    opt("severity-critical", "Severity of the event", Value::Flag),
    opt("severity-major", "Severity of the event", Value::Flag),
    opt("severity-minor", "Severity of the event", Value::Flag),
    opt("severity-warning", "Severity of the event", Value::Flag),
    opt("severity-notification", "Severity of the event", Value::Flag),
    opt("severity-normal", "Severity of the event", Value::Flag),
    opt("severity-debugging", "Severity of the event", Value::Flag),
];

/// What says which messages are meant: one of these must be there.
const CHOOSING: [&str; 6] =
    ["pattern", "priority", "facility", "mnemonic", "sequence", "timestamp"];

#[derive(Debug)]
struct Syslog(Options);

#[derive(Debug)]
struct Watching {
    pattern: Option<Pattern>,
    named: Option<Box<Named>>,
    occurrences: Occurrences,
}

/// The parts of a message that were named.
#[derive(Debug)]
struct Named {
    priority: Option<String>,
    facility: Option<String>,
    mnemonic: Option<String>,
    sequence: Option<String>,
    timestamp: Option<String>,
}

/// The parts of a message on the console: `[SEQ: ][STAMP: ]%FACILITY-SEVERITY-MNEMONIC: text`.
#[derive(Debug, PartialEq, Eq)]
struct Parts<'a> {
    sequence: &'a str,
    timestamp: &'a str,
    facility: &'a str,
    priority: &'a str,
    mnemonic: &'a str,
}

pub(super) fn parse(
    reader: &mut Reader<'_>,
    limits: &mut Limits,
) -> Result<Arc<dyn Detector>, Problem> {
    let options = Options::read(reader, SPECS, limits)?;
    if !CHOOSING.iter().any(|name| options.has(name)) {
        return Err(reader.incomplete());
    }
    Ok(Arc::new(Syslog(options)))
}

impl Detector for Syslog {
    fn arm(&self, arming: &Arming<'_>) -> Result<Box<dyn Armed>, Failure> {
        let expanded = |name| self.0.expanded(name, arming);
        let pattern = expanded("pattern")?.map(|source| Pattern::new(&source)).transpose();
        let priority = self.0.word("priority").filter(|priority| *priority != "all");
        let occurrences = Occurrences::new(
            self.0.number("occurs").map_or(1, i64::unsigned_abs),
            self.0.seconds("period").map(Seconds::duration),
        );
        let named = Named {
            priority: priority.map(str::to_owned),
            facility: expanded("facility")?,
            mnemonic: expanded("mnemonic")?,
            sequence: expanded("sequence")?,
            timestamp: expanded("timestamp")?,
        };
        let pattern = pattern.map_err(Failure::BadPattern)?;
        let named = named.is_any().then(|| Box::new(named));
        Ok(Box::new(Watching { pattern, named, occurrences }))
    }

    fn summary(&self, _: &str) -> String {
        // In the order of real outputs: the occurrences first.
        let mut summary = String::new();
        if let Some(occurs) = self.0.number("occurs") {
            summary += &format!("occurs {occurs} ");
        }
        if let Some(period) = self.0.seconds("period") {
            summary += &format!("period {period} ");
        }
        summary + &self.0.braced_without(&["occurs", "period"])
    }
}

impl Armed for Watching {
    fn syslog_pattern(&self) -> Option<Option<&Pattern>> {
        Some(self.pattern.as_ref())
    }

    fn offer(&mut self, now: Time, stimulus: &Stimulus<'_>) -> Option<Variables> {
        let Stimulus::Syslog(line) = *stimulus else { return None };
        if self.pattern.as_ref().is_some_and(|pattern| !pattern.is_match(line)) {
            return None;
        }
        self.offer_fitting(now, line)
    }

    fn offer_fitting(&mut self, now: Time, line: &str) -> Option<Variables> {
        let parts = Parts::of(line);
        if self.named.as_ref().is_some_and(|named| !named.fits(&parts))
            || !self.occurrences.count(now)
        {
            return None;
        }
        let message = format!("\n{line}");
        let named = [
            ("_syslog_msg", message.as_str()),
            ("_syslog_priority", parts.priority),
            ("_syslog_sequence", parts.sequence),
            ("_syslog_timestamp", parts.timestamp),
            ("_syslog_facility", parts.facility),
            ("_syslog_mnemonic", parts.mnemonic),
        ];
        Some(named.map(|(name, value)| (name.to_owned(), value.to_owned())).into())
    }
}

impl Named {
    /// Whether there is any.
    fn is_any(&self) -> bool {
        let Named { priority, facility, mnemonic, sequence, timestamp } = self;
        [priority, facility, mnemonic, sequence, timestamp].iter().any(|part| part.is_some())
    }

    /// Whether the parts of a message are those that were named.
    fn fits(&self, parts: &Parts<'_>) -> bool {
        let is = |wanted: &Option<String>, part: &str| {
            wanted.as_deref().is_none_or(|wanted| wanted == part)
        };
        is(&self.priority, parts.priority)
            && is(&self.facility, parts.facility)
            && is(&self.mnemonic, parts.mnemonic)
            && is(&self.sequence, parts.sequence)
            && is(&self.timestamp, parts.timestamp)
    }
}

impl<'a> Parts<'a> {
    fn of(line: &'a str) -> Self {
        let (head, body) = line.split_once('%').unwrap_or(("", line));
        let name = body.split_once(':').map_or("", |(name, _)| name);
        let (front, mnemonic) = name.rsplit_once('-').unwrap_or(("", ""));
        let (facility, severity) = front.rsplit_once('-').unwrap_or(("", ""));
        let index = severity.parse::<usize>().ok();
        let priority = index.and_then(|index| SEVERITIES.get(index)).copied().unwrap_or("");
        let head = head.trim_end().trim_end_matches(':');
        let is_sequence = |part: &str| part.len() >= 6 && part.bytes().all(|b| b.is_ascii_digit());
        let (sequence, timestamp) = match head.split_once(": ") {
            Some((sequence, stamp)) if is_sequence(sequence) => (sequence, stamp),
            _ if is_sequence(head) => (head, ""),
            _ => ("", head),
        };
        Parts { sequence, timestamp, facility, priority, mnemonic }
    }
}

impl fmt::Display for Syslog {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Goal: the parts of a message, whatever the timestamps say. Method: a table of lines.
    #[test]
    fn messages_split_into_parts() {
        let parts = |sequence, timestamp, facility, priority, mnemonic| Parts {
            sequence,
            timestamp,
            facility,
            priority,
            mnemonic,
        };
        let table = [
            (
                "*Oct  6 17:08:43.349: %LINK-5-CHANGED: Interface Gi1, x: 5%",
                parts("", "*Oct  6 17:08:43.349", "LINK", "notifications", "CHANGED"),
            ),
            (
                "022701: Jun 19 03:02:31: %PIM-SW1-6-X: y",
                parts("022701", "Jun 19 03:02:31", "PIM-SW1", "informational", "X"),
            ),
            ("%SYS-5-CONFIG_I: x", parts("", "", "SYS", "notifications", "CONFIG_I")),
            ("no message at all", parts("", "", "", "", "")),
        ];
        for (line, want) in table {
            assert_eq!(Parts::of(line), want, "{line}");
        }
    }
}
