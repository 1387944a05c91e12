//! A message on its way to a collector (syslog.md, section 1.4): Cisco's form of RFC 3164, with no
//! date and host of that RFC in front, or RFC 5424.

use std::net::{Ipv4Addr, Ipv6Addr};

use simtime::Time;

use super::collector::{Host, SessionTag};
use super::{Logging, Message, Origin};
use crate::feature::clock::Clock;
use crate::io::Collector;

/// What a message says of its router besides itself.
pub(super) struct Sender<'a> {
    /// `hostname`
    pub(super) hostname: &'a str,
    /// The addresses that messages leave from, when the router has them.
    pub(super) ipv4: Option<Ipv4Addr>,
    pub(super) ipv6: Option<Ipv6Addr>,
    pub(super) clock: &'a Clock,
    pub(super) now: Time,
}

/// One message, as it is on the router itself.
pub(super) struct Line<'a> {
    pub(super) message: &'a Message,
    /// As the buffer has it, from the sequence number on.
    pub(super) stamped: &'a str,
    /// What of that stands before the time.
    pub(super) head: &'a str,
    /// What stands behind it.
    pub(super) body: &'a str,
}

impl Sender<'_> {
    fn origin(&self, origin: &Origin) -> Option<String> {
        match origin {
            Origin::None => None,
            Origin::Hostname => Some(self.hostname.to_owned()),
            Origin::Ip => self.ipv4.map(|address| address.to_string()),
            Origin::Ipv6 => self.ipv6.map(|address| address.to_string().to_uppercase()),
            Origin::Text(text) => Some(text.clone()),
        }
    }

    /// `[syslog@9 s_id="R1:514" s_sn="7"]`, for a session that is tagged or numbered.
    fn tags(&self, host: &Host) -> Option<String> {
        let Collector { port, .. } = host.collector;
        let named = |name: String| format!("{name}:{port}");
        let id = host.session_id.as_ref().map(|tag| match tag {
            SessionTag::Hostname => named(self.hostname.to_owned()),
            SessionTag::Ipv4 => self.ipv4.map(|a| named(a.to_string())).unwrap_or_default(),
            SessionTag::Ipv6 => {
                self.ipv6.map(|a| named(a.to_string().to_uppercase())).unwrap_or_default()
            }
            SessionTag::Text(text) => text.clone(),
        });
        let id = id.map(|id| format!(" s_id=\"{}\"", escaped(&id)));
        let number = host.numbered.then(|| format!(" s_sn=\"{}\"", host.counts.sent));
        let any = id.is_some() || number.is_some();
        let (id, number) = (id.unwrap_or_default(), number.unwrap_or_default());
        any.then(|| format!("[syslog@9{id}{number}]"))
    }
}

/// The whole message for one collector.
pub(super) fn message(
    logging: &Logging,
    host: &Host,
    sender: &Sender<'_>,
    line: &Line<'_>,
) -> String {
    let severity = line.message.severity;
    let priority = u16::from(logging.facility) * 8 + u16::from(severity);
    if logging.rfc5424 {
        return rfc5424(logging, host, sender, line, priority);
    }
    // Switched off, the counter still leaves its colon behind.
    let counter = logging.message_counters.syslog;
    let count = if counter { host.counts.sent.to_string() } else { String::new() };
    let part = |part: Option<String>| part.map(|part| format!("{part}: ")).unwrap_or_default();
    let origin = part(sender.origin(&logging.origin));
    let (tags, stamped) = (part(sender.tags(host)), line.stamped);
    format!("<{priority}>{count}: {origin}{tags}{stamped}")
}

/// RFC 5424, section 6: `<PRI>1 TIME HOST - - - SD MESSAGE`. The session's tags, which are
/// structured data of Cisco's enterprise number, stand where such data does.
fn rfc5424(
    logging: &Logging,
    host: &Host,
    sender: &Sender<'_>,
    line: &Line<'_>,
    priority: u16,
) -> String {
    let origin = sender.origin(&logging.origin);
    let name = origin.unwrap_or_else(|| sender.hostname.to_owned());
    let name: String =
        name.chars().map(|c| if c.is_ascii_graphic() { c } else { '_' }).take(255).collect();
    let time = sender.clock.rfc3339(sender.now);
    let tags = sender.tags(host).unwrap_or_else(|| "-".to_owned());
    let Line { head, body, .. } = line;
    format!("<{priority}>1 {time} {name} - - - {tags} {head}{body}")
}

/// A value of structured data (RFC 5424, section 6.3.3).
fn escaped(value: &str) -> String {
    let mut text = String::with_capacity(value.len());
    for c in value.chars() {
        if matches!(c, '"' | '\\' | ']') {
            text.push('\\');
        }
        text.push(c);
    }
    text
}
