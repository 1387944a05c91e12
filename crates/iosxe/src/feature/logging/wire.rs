//! A message as a datagram: Cisco's form of RFC 3164, with no date and host of that RFC in front
//! (syslog.md, section 1.4).

use super::{Host, Logging, Message, Origin};

/// What a datagram says of its router besides the message.
pub(super) struct Sender<'a> {
    /// `hostname`
    pub(super) hostname: &'a str,
    /// The address that datagrams leave from, when the router has one.
    pub(super) address: Option<String>,
}

/// `<PRI>COUNT: HOST: SEQ: TIME: %FAC-SEV-MNEM: text`. `line` is the message as the buffer has it,
/// from the sequence number on.
pub(super) fn datagram(
    logging: &Logging,
    host: &Host,
    sender: &Sender<'_>,
    message: &Message,
    line: &str,
) -> Vec<u8> {
    let priority = u16::from(logging.facility) * 8 + u16::from(message.severity);
    // Switched off, the counter still leaves its colon behind.
    let count = if logging.message_counter_off { String::new() } else { host.sent.to_string() };
    let origin = match &logging.origin {
        Origin::None => String::new(),
        Origin::Hostname => format!("{}: ", sender.hostname),
        Origin::Ip => sender.address.as_ref().map(|a| format!("{a}: ")).unwrap_or_default(),
        Origin::Text(text) => format!("{text}: "),
    };
    format!("<{priority}>{count}: {origin}{line}").into_bytes()
}
