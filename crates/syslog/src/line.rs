//! What a line says.

use std::fmt;

/// One line of syslog, read.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Line {
    /// What stands in front in angle brackets.
    pub priority: Option<Priority>,
    /// The sender's count of its messages.
    pub counter: Option<u64>,
    /// What the sender calls itself: its origin-id, else the host of the header.
    pub hostname: Option<String>,
    /// The structured data of RFC 5424, or the session's tags of IOS, as they stand there.
    pub tags: Option<String>,
    /// `service sequence-numbers`
    pub sequence: Option<u64>,
    /// When, as the sender wrote it, without the mark before it.
    pub timestamp: Option<String>,
    /// The message from its `%` on, else the text.
    pub message: String,
    /// `%LINK-3-UPDOWN`
    pub mnemonic: Option<Mnemonic>,
    /// What follows that.
    pub text: String,
}

/// RFC 5424, section 6.2.1: `facility * 8 + severity`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Priority {
    /// 0 to 23; local7 is 23.
    pub facility: u8,
    /// 0 (emergencies) to 7 (debugging).
    pub severity: u8,
}

/// What a message of IOS is: `%LINK-3-UPDOWN`, `%PIM-SW1-6-INVALID_RP_JOIN`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mnemonic {
    /// `LINK`, and `PIM-SW1` where there is a part of it.
    pub facility: String,
    /// 0 (emergencies) to 7 (debugging).
    pub severity: u8,
    /// `UPDOWN`
    pub mnemonic: String,
}

impl Line {
    /// The message's own severity, else that of the priority.
    pub fn severity(&self) -> Option<u8> {
        let own = self.mnemonic.as_ref().map(|mnemonic| mnemonic.severity);
        own.or(self.priority.map(|priority| priority.severity))
    }
}

/// `LINK-3-UPDOWN`
impl fmt::Display for Mnemonic {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}-{}-{}", self.facility, self.severity, self.mnemonic)
    }
}

/// A line's text with its control characters written out, so that none can draw on a terminal or
/// make two lines of one: `\u{1b}`, `\n`. Bytes that are no UTF-8 become U+FFFD.
pub fn visible(bytes: &[u8]) -> String {
    let text = String::from_utf8_lossy(bytes);
    if !text.contains(char::is_control) {
        return text.into_owned();
    }
    let mut escaped = String::with_capacity(text.len());
    for c in text.chars() {
        match c.is_control() {
            true => escaped.extend(c.escape_default()),
            false => escaped.push(c),
        }
    }
    escaped
}
