//! `event syslog pattern "RE" [occurs N] [period S]`, options in any order: searches each log
//! message, stamp and all, as the console shows it.

use std::fmt;
use std::sync::Arc;

use simtime::Time;

use super::occurrences::{OCCURS_MAX, Occurrences};
use super::{Armed, Detector, Expand, Limits, Stimulus, Variables, once};
use crate::interpreter::Failure;
use crate::message::SEVERITIES;
use crate::problem::Problem;
use crate::reader::Reader;
use crate::{Pattern, Seconds, Text};

const OPTIONS: [&str; 5] = ["maxrun", "occurs", "pattern", "period", "ratelimit"];

#[derive(Debug)]
struct Syslog {
    pattern: Text,
    occurs: Option<u32>,
    period: Option<Seconds>,
}

#[derive(Debug)]
struct Watching {
    pattern: Pattern,
    occurrences: Occurrences,
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
    let (mut pattern, mut occurs, mut period) = (None, None, None);
    while !reader.is_at_end() {
        let (option, word) = reader.choose(&OPTIONS, |name| name)?;
        match *option {
            "pattern" => {
                let source = reader.word()?;
                source.check_pattern()?;
                once(&mut pattern, source.text(), &word)?;
            }
            "occurs" => {
                let number = reader.number(1, OCCURS_MAX.into())?;
                once(&mut occurs, u32::try_from(number).unwrap_or(OCCURS_MAX), &word)?;
            }
            "period" => once(&mut period, reader.seconds()?, &word)?,
            shared => limits.option(shared, &word, reader)?,
        }
    }
    let pattern = pattern.ok_or_else(|| reader.incomplete())?;
    Ok(Arc::new(Syslog { pattern, occurs, period }))
}

impl Detector for Syslog {
    fn arm(&self, expand: &Expand<'_>) -> Result<Box<dyn Armed>, Failure> {
        let source = expand(&self.pattern).map_err(Failure::UnknownVariable)?;
        let pattern = Pattern::new(&source).map_err(Failure::BadPattern)?;
        let period = self.period.map(Seconds::duration);
        let occurrences = Occurrences::new(self.occurs.unwrap_or(1), period);
        Ok(Box::new(Watching { pattern, occurrences }))
    }

    fn summary(&self, _: &str) -> String {
        let mut summary = String::new();
        if let Some(occurs) = self.occurs {
            summary += &format!("occurs {occurs} ");
        }
        if let Some(period) = self.period {
            summary += &format!("period {period} ");
        }
        summary + &format!("pattern {{{}}}", self.pattern.source())
    }
}

impl Armed for Watching {
    fn offer(&mut self, now: Time, stimulus: &Stimulus<'_>) -> Option<Variables> {
        let Stimulus::Syslog(line) = *stimulus else { return None };
        if !self.pattern.is_match(line) || !self.occurrences.count(now) {
            return None;
        }
        let parts = Parts::of(line);
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
        write!(f, " pattern {}", self.pattern)?;
        self.occurs.iter().try_for_each(|occurs| write!(f, " occurs {occurs}"))?;
        self.period.iter().try_for_each(|period| write!(f, " period {period}"))
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
