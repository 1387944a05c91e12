//! One message on its way to every destination.
//!
//! Called by [`Turn::log`] and by nothing else.

use fact::Kind;

use super::collector::Host;
use super::discriminator::Verdict;
use super::wire::{self, Line, Sender};
use super::{Local, Logging, Message, Style};
use crate::device::State;
use crate::feature::eem;
use crate::io::{Output, RawMessage};
use crate::terminal;
use crate::turn::Turn;

/// Stamps `message` and hands it to the buffer, the collectors, the terminals that monitor, the
/// feed of facts and EEM. While a lab starts, only the buffer is there to take it; what a router
/// says when it comes up again after a reload goes everywhere. What `logging rate-limit` holds back
/// still is an event: facts and EEM have it.
pub(crate) fn emit(turn: &mut Turn<'_>, message: Message) {
    let Stamped { head, time } = stamp(turn, &message);
    let body = message.body();
    let stamped = format!("{head}{time}{body}");
    let line = Line { message: &message, stamped: &stamped, head: &head, body: &body };
    let (console, others) = turn.state.logging.rate_limit.admits(turn.now, &message);
    if !console {
        turn.state.logging.counts.rate_limited += 1;
    }
    keep(turn, &line, console, others);
    if !turn.state.booted && !turn.state.reload.is_heard() {
        return;
    }
    turn.fact(Kind::Syslog { severity: message.severity, message: body.clone() });
    if others && !turn.state.logging.off {
        send(turn, &line);
        monitor(turn, &line);
    }
    eem::offer(turn, &::eem::Stimulus::Syslog(&stamped));
}

/// A message that a scenario puts into a router's mouth.
pub(crate) fn raw(turn: &mut Turn<'_>, message: &RawMessage) {
    let RawMessage { facility, severity, mnemonic, text } = message.clone();
    turn.log(Message::new(facility, severity, mnemonic, text));
}

/// What stands before a message: `[COUNT: ][SEQ: ]` and `[*]TIME: `.
struct Stamped {
    head: String,
    time: String,
}

fn stamp(turn: &mut Turn<'_>, message: &Message) -> Stamped {
    let State { logging, clock, system, .. } = &mut *turn.state;
    logging.sequence += 1;
    let counts = &mut logging.counts;
    let (form, counted, count) = match message.style {
        Style::Log => (logging.timestamps_log, logging.message_counters.log, &mut counts.log),
        Style::Debug => {
            (logging.timestamps_debug, logging.message_counters.debug, &mut counts.debug)
        }
    };
    *count += 1;
    let mut head = String::new();
    if counted {
        head.push_str(&format!("{count}: "));
    }
    if logging.sequence_numbers {
        head.push_str(&format!("{:06}: ", logging.sequence));
    }
    logging.history.note(message, turn.now.since(system.started()));
    let time = form.render(clock, system.started(), turn.now);
    if let Some(tally) = &mut logging.tally {
        tally.note(message, time.as_deref().unwrap_or_default());
    }
    let time = time.map(|time| format!("{time}: ")).unwrap_or_default();
    Stamped { head, time }
}

impl Logging {
    /// Whether a destination at this level, with this discriminator, takes a message.
    fn judge(&mut self, turn: simtime::Time, filter: Option<&str>, message: &Message) -> Verdict {
        let filter = filter.and_then(|name| self.discriminators.get_mut(name));
        filter.map_or(Verdict::Pass, |filter| filter.judge(turn, message))
    }

    /// Whether one of the router's own destinations takes a message.
    fn wants(&mut self, now: simtime::Time, local: &Local, message: &Message) -> bool {
        let wanted = local.level.is_some_and(|level| message.severity <= level);
        if !wanted {
            return false;
        }
        match self.judge(now, local.discriminator.as_deref(), message) {
            Verdict::Pass => true,
            Verdict::Drop => {
                self.counts.dropped += 1;
                false
            }
            Verdict::Limit => {
                self.counts.rate_limited += 1;
                false
            }
        }
    }
}

/// Console and buffer. With `no logging on` the console is all there is.
fn keep(turn: &mut Turn<'_>, line: &Line<'_>, to_console: bool, to_buffer: bool) {
    let now = turn.now;
    let logging = &mut turn.state.logging;
    if to_console {
        let console = logging.console.clone();
        if logging.wants(now, &console, line.message) {
            logging.console.logged += 1;
        }
    }
    if to_buffer && !logging.off {
        let buffered = logging.buffered.clone();
        if logging.wants(now, &buffered, line.message) {
            logging.buffered.logged += 1;
            logging.buffer.push(line.stamped);
        }
    }
}

fn monitor(turn: &mut Turn<'_>, line: &Line<'_>) {
    let now = turn.now;
    let logging = &mut turn.state.logging;
    let monitor = logging.monitor.clone();
    if logging.wants(now, &monitor, line.message) {
        let terminals = terminal::monitor(turn, line.stamped, line.message.severity);
        turn.state.logging.monitor.logged += terminals;
    }
}

fn send(turn: &mut Turn<'_>, line: &Line<'_>) {
    let State { logging, system, interfaces, clock, .. } = &mut *turn.state;
    let wanted = logging.trap.is_some_and(|level| line.message.severity <= level);
    if !wanted || logging.hosts.is_empty() {
        return;
    }
    logging.counts.trap += 1;
    // Taken out, so that a host can be counted while the rest of the logging is looked at.
    let mut hosts = std::mem::take(&mut logging.hosts);
    for host in &mut hosts {
        match logging.judge(turn.now, host.discriminator.as_deref(), line.message) {
            Verdict::Pass => host.counts.sent += 1,
            Verdict::Drop => {
                host.counts.dropped_by_md += 1;
                continue;
            }
            Verdict::Limit => {
                host.counts.rate_limited += 1;
                continue;
            }
        }
        let source = logging.source_of(host);
        let ipv4 = interfaces.source_address(source);
        let hostname = system.hostname();
        let sender = Sender { hostname, ipv4, ipv6: None, clock, now: turn.now };
        let message = wire::message(logging, host, &sender, line).into_bytes();
        let queue_max = logging.trap_queue_messages;
        let collector = host.collector.clone();
        turn.out.push(Output::Syslog { collector, message, queue_max });
    }
    logging.hosts = hosts;
}

impl Logging {
    /// The interface whose address messages to this collector bear.
    fn source_of(&self, host: &Host) -> Option<&cli::InterfaceName> {
        self.sources.get(host.vrf.as_deref().unwrap_or_default())
    }
}
