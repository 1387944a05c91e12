//! How running-config prints what is configured of logging: what stays on the router above the
//! secrets, what leaves it near the end, as IOS XE 17.12 does.

use super::buffer::SIZE_DEFAULT;
use super::config::FACILITIES;
use super::level::{self, DEBUGGING, INFORMATIONAL};
use super::limit::Rate;
use super::{
    EXCEPTION_BYTES_DEFAULT, FACILITY_DEFAULT, Local, Logging, MessageCounters, Origin,
    QUEUE_MESSAGES_DEFAULT, discriminator, history, tls,
};
use crate::config::{ConfigText, Section, order};
use crate::device::State;

/// Its parts of the running-config.
pub(crate) const SECTIONS: &[Section] = &[
    Section { order: order::LOGGING_LOCAL, print: print_local },
    Section { order: order::LOGGING_REMOTE, print: print_remote },
];

fn print_local(state: &State, text: &mut ConfigText) {
    let logging = &state.logging;
    discriminator::print(logging, text);
    if logging.off {
        text.line("no logging on");
    }
    if logging.tally.is_some() {
        text.line("logging count");
    }
    if logging.userinfo {
        text.line("logging userinfo");
    }
    let Logging { queue_messages, trap_queue_messages, .. } = logging;
    if *queue_messages != QUEUE_MESSAGES_DEFAULT {
        text.line(format_args!("logging queue-limit {queue_messages}"));
    }
    if *trap_queue_messages != QUEUE_MESSAGES_DEFAULT {
        text.line(format_args!("logging queue-limit trap {trap_queue_messages}"));
    }
    let MessageCounters { syslog, log, debug } = logging.message_counters;
    if debug {
        text.line("logging message-counter debug");
    }
    if log {
        text.line("logging message-counter log");
    }
    if !syslog {
        text.line("no logging message-counter syslog");
    }
    print_buffered(logging, text);
    if logging.exception_bytes != EXCEPTION_BYTES_DEFAULT {
        text.line(format_args!("logging exception {}", logging.exception_bytes));
    }
    if let Some(rate) = logging.rate_limit.rate {
        text.line(rate_line(rate));
    }
    print_local_level(text, "console", &logging.console);
    print_local_level(text, "monitor", &logging.monitor);
}

fn print_buffered(logging: &Logging, text: &mut ConfigText) {
    let (Local { level, discriminator, .. }, size) = (&logging.buffered, logging.buffer.size());
    let Some(level) = level else { return text.line("no logging buffered") };
    if *level == DEBUGGING && size == SIZE_DEFAULT && discriminator.is_none() {
        return;
    }
    let filter = spelled(discriminator.as_deref());
    let level =
        if *level == DEBUGGING { String::new() } else { format!(" {}", level::name(*level)) };
    text.line(format_args!("logging buffered{filter} {size}{level}"));
}

fn print_local_level(text: &mut ConfigText, what: &str, local: &Local) {
    let filter = spelled(local.discriminator.as_deref());
    match local.level {
        None => text.line(format_args!("no logging {what}")),
        Some(DEBUGGING) if filter.is_empty() => {}
        Some(DEBUGGING) => text.line(format_args!("logging {what}{filter}")),
        Some(level) => text.line(format_args!("logging {what}{filter} {}", level::name(level))),
    }
}

fn spelled(discriminator: Option<&str>) -> String {
    discriminator.map(|name| format!(" discriminator {name}")).unwrap_or_default()
}

fn rate_line(Rate { per_second, all, console, except }: Rate) -> String {
    let console = if console { " console" } else { "" };
    let all = if all { " all" } else { "" };
    let except = except.map(|level| format!(" except {}", level::name(level)));
    format!("logging rate-limit{console}{all} {per_second}{}", except.unwrap_or_default())
}

fn print_remote(state: &State, text: &mut ConfigText) {
    let logging = &state.logging;
    tls::print(logging, text);
    history::print(logging, text);
    let format = if logging.rfc5424 { " syslog-format rfc5424" } else { "" };
    match logging.trap {
        None => text.line("no logging trap"),
        Some(INFORMATIONAL) if format.is_empty() => {}
        Some(INFORMATIONAL) => text.line(format_args!("logging trap{format}")),
        Some(level) => text.line(format_args!("logging trap {}{format}", level::name(level))),
    }
    match &logging.origin {
        Origin::None => {}
        Origin::Hostname => text.line("logging origin-id hostname"),
        Origin::Ip => text.line("logging origin-id ip"),
        Origin::Ipv6 => text.line("logging origin-id ipv6"),
        Origin::Text(id) => text.line(format_args!("logging origin-id string {id}")),
    }
    if logging.facility != FACILITY_DEFAULT
        && let Some((name, _)) = FACILITIES.iter().find(|(_, n)| *n == logging.facility)
    {
        text.line(format_args!("logging facility {name}"));
    }
    for (vrf, interface) in &logging.sources {
        let vrf = if vrf.is_empty() { String::new() } else { format!(" vrf {vrf}") };
        text.line(format_args!("logging source-interface {interface}{vrf}"));
    }
    logging.hosts.iter().for_each(|host| text.line(host.line()));
}
