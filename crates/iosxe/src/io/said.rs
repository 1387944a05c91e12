//! What a scenario makes a router believe or say: its clock, and a message of its own.
//!
//! Used by the inputs that carry them. It must let no line through that a router could not log.

/// What a clock is set to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ClockChange {
    /// An instant, in UTC.
    To(simtime::Time),
    /// So many microseconds on, or back.
    ByMicros(i64),
}

/// A message as IOS XE prints it, taken apart: `%FACILITY-SEVERITY-MNEMONIC: text`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RawMessage {
    pub(crate) facility: String,
    pub(crate) severity: u8,
    pub(crate) mnemonic: String,
    pub(crate) text: String,
}

impl RawMessage {
    /// Takes a line apart. A facility may have a part of its own (`%PIM-SW1-6-...`); the text is
    /// one line without control characters.
    pub fn parse(line: &str) -> Option<RawMessage> {
        let (head, text) = line.strip_prefix('%')?.split_once(": ")?;
        let (rest, mnemonic) = head.rsplit_once('-')?;
        let (facility, severity) = rest.rsplit_once('-')?;
        let is_name = |name: &str| {
            let fits = |b: u8| b.is_ascii_uppercase() || b.is_ascii_digit() || b == b'_';
            !name.is_empty() && name.bytes().all(fits)
        };
        let severity = match severity.as_bytes() {
            [digit @ b'0'..=b'7'] => digit - b'0',
            _ => return None,
        };
        let named = facility.split('-').all(is_name) && is_name(mnemonic);
        let printable = !text.trim().is_empty() && !text.chars().any(char::is_control);
        (named && printable).then(|| RawMessage {
            facility: facility.to_owned(),
            severity,
            mnemonic: mnemonic.to_owned(),
            text: text.to_owned(),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Goal: what IOS could log is taken, and nothing else. Method: a table.
    #[test]
    fn lines_are_taken_apart() {
        let table = [
            ("%LINK-3-UPDOWN: Interface Gi1, changed state to up", Some(("LINK", 3, "UPDOWN"))),
            ("%PIM-SW1-6-NBRCHG: neighbor", Some(("PIM-SW1", 6, "NBRCHG"))),
            ("LINK-3-UPDOWN: no percent", None),
            ("%LINK-8-UPDOWN: no such severity", None),
            ("%LINK-3-updown: no mnemonic", None),
            ("%LINK-3-UPDOWN:", None),
            ("%LINK-3-UPDOWN:  ", None),
            ("%3-UPDOWN: no facility", None),
            ("%A-3-B: two\nlines", None),
        ];
        for (line, want) in table {
            let got = RawMessage::parse(line);
            let got = got.as_ref().map(|m| (m.facility.as_str(), m.severity, m.mnemonic.as_str()));
            assert_eq!(got, want, "{line}");
        }
    }
}
