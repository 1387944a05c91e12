//! One message on its way to every destination.
//!
//! Called by [`Turn::log`] and by nothing else.

use fact::Kind;
use simtime::Duration;

use super::wire::{self, Sender};
use super::{Message, Style};
use crate::device::{State, Timer};
use crate::feature::eem;
use crate::io::{Output, RawMessage};
use crate::terminal;
use crate::turn::Turn;

/// How long after `logging host` the router says that it has begun (syslog.md, section 1.4).
pub(super) const HOST_START_DELAY: Duration = Duration::from_secs(1);

/// Stamps `message` and hands it to the buffer, the collectors, the terminals that monitor, the
/// feed of facts and EEM. While a lab starts, only the buffer is there to take it; what a router
/// says when it comes up again after a reload goes everywhere.
pub(crate) fn emit(turn: &mut Turn<'_>, message: Message) {
    turn.state.logging.sequence += 1;
    let line = stamped(turn, &message);
    keep(turn, &message, &line);
    if !turn.state.booted && !turn.state.reload.is_heard() {
        return;
    }
    turn.fact(Kind::Syslog { severity: message.severity, message: message.body() });
    send(turn, &message, &line);
    if turn.state.logging.monitor.is_some_and(|level| message.severity <= level) {
        turn.state.logging.counts.monitor += terminal::monitor(turn, &line);
    }
    eem::offer(turn, &::eem::Stimulus::Syslog(&line));
}

/// A message that a scenario puts into a router's mouth.
pub(crate) fn raw(turn: &mut Turn<'_>, message: &RawMessage) {
    let RawMessage { facility, severity, mnemonic, text } = message.clone();
    turn.log(Message::new(facility, severity, mnemonic, text));
}

/// `[SEQ: ][*]TIME: %FAC-SEV-MNEM: text`
fn stamped(turn: &Turn<'_>, message: &Message) -> String {
    let State { logging, clock, system, .. } = &*turn.state;
    let stamp = match message.style {
        Style::Log => logging.timestamps_log,
        Style::Debug => logging.timestamps_debug,
    };
    let mut line = String::new();
    if logging.sequence_numbers {
        line.push_str(&format!("{:06}: ", logging.sequence));
    }
    if let Some(time) = stamp.render(clock, system.started(), turn.now) {
        line.push_str(&time);
        line.push_str(": ");
    }
    line.push_str(&message.body());
    line
}

fn keep(turn: &mut Turn<'_>, message: &Message, line: &str) {
    let logging = &mut turn.state.logging;
    let wanted = |level: Option<u8>| level.is_some_and(|level| message.severity <= level);
    if wanted(logging.console) {
        logging.counts.console += 1;
    }
    if wanted(logging.buffered) && !logging.off {
        logging.counts.buffer += 1;
        logging.buffer.push(line);
    }
}

fn send(turn: &mut Turn<'_>, message: &Message, line: &str) {
    let State { logging, system, interfaces, .. } = &mut *turn.state;
    let wanted = logging.trap.is_some_and(|level| message.severity <= level);
    if logging.off || !wanted || logging.hosts.is_empty() {
        return;
    }
    logging.counts.trap += 1;
    logging.hosts.iter_mut().for_each(|host| host.sent += 1);
    let address = interfaces.source_address(logging.source_interface.as_ref());
    let sender =
        Sender { hostname: system.hostname(), address: address.map(|address| address.to_string()) };
    for host in &logging.hosts {
        let datagram = wire::datagram(logging, host, &sender, message, line);
        turn.out.push(Output::Syslog { host: host.address.clone(), port: host.port, datagram });
    }
}

/// Says, a second after `logging host`, that datagrams flow.
pub(crate) fn host_started(turn: &mut Turn<'_>, address: &str, port: u16) {
    let known = turn.state.logging.hosts.iter().any(|h| h.address == address && h.port == port);
    if known {
        turn.log(start_stop(address, port, "started"));
    }
}

/// `%SYS-6-LOGGINGHOST_STARTSTOP`
pub(super) fn start_stop(address: &str, port: u16, what: &str) -> Message {
    let text = format!("Logging to host {address} port {port} {what} - CLI initiated");
    Message::new("SYS", 6, "LOGGINGHOST_STARTSTOP", text)
}

/// Puts off what [`host_started`] says.
pub(super) fn announce_start(turn: &mut Turn<'_>, address: &str, port: u16) {
    if turn.state.booted {
        let timer = Timer::LoggingHost { address: address.to_owned(), port };
        turn.after(HOST_START_DELAY, timer);
    }
}
