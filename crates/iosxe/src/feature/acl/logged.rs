//! What `log` at an entry says: at once of the first packet of a conversation, and every five
//! minutes how many more there were (syslog.md, message 62; for IPv6 the messages of IPV6_ACL).
//!
//! Told by `packet` of each packet that such an entry has matched.

use simtime::Duration;

use super::list::ListName;
use super::rule::{Action, Family, Log};
use crate::device::Timer;
use crate::feature::logging::Message;
use crate::io::{Packet, Payload};
use crate::turn::Turn;

/// From one report to the next.
const REPORT_EVERY: Duration = Duration::from_secs(300);

/// How many conversations are remembered; those beyond are told of packet by packet.
const FLOWS_MAX: usize = 256;

/// A conversation that was told of.
#[derive(Clone, Debug)]
pub(super) struct Flow {
    message: Message,
    /// How many packets came since.
    packets: u64,
}

/// Counts a packet of a conversation, and tells of a new one.
pub(super) fn note(
    turn: &mut Turn<'_>,
    (name, family): (&ListName, Family),
    action: Action,
    packet: &Packet,
    log: &Log,
) {
    let message = message((name, family), action, packet, log);
    let flows = &mut turn.state.access_lists.flows;
    if let Some(flow) = flows.iter_mut().find(|flow| flow.message == message) {
        flow.packets += 1;
        return;
    }
    let is_first = flows.is_empty();
    if flows.len() < FLOWS_MAX {
        flows.push(Flow { message: message.clone(), packets: 0 });
    }
    if is_first {
        turn.after(REPORT_EVERY, Timer::AccessLists);
    }
    turn.log(counting(message, 1));
}

/// The five minutes are over: conversations that went on are told of, the others are forgotten.
pub(crate) fn report(turn: &mut Turn<'_>) {
    let flows = &mut turn.state.access_lists.flows;
    flows.retain(|flow| flow.packets > 0);
    let all: Vec<Flow> = flows.clone();
    flows.iter_mut().for_each(|flow| flow.packets = 0);
    if !all.is_empty() {
        turn.after(REPORT_EVERY, Timer::AccessLists);
    }
    for Flow { message, packets } in all {
        turn.log(counting(message, packets));
    }
}

/// The place of the count in a message.
const COUNT: &str = "{packets}";

fn counting(mut message: Message, packets: u64) -> Message {
    let plural = if packets == 1 { "" } else { "s" };
    message.text = message.text.replacen(COUNT, &format!("{packets} packet{plural}"), 1);
    message
}

fn message(
    (name, family): (&ListName, Family),
    action: Action,
    packet: &Packet,
    log: &Log,
) -> Message {
    let Packet { source, destination, payload } = packet;
    let done = match action {
        Action::Permit => "permitted",
        Action::Deny => "denied",
    };
    let protocol = match payload {
        Payload::Tcp { .. } => "tcp",
        Payload::Udp { .. } => "udp",
        Payload::Icmp { .. } if family == Family::V6 => "icmpv6",
        Payload::Icmp { .. } => "icmp",
    };
    let (mnemonic, text) = match payload {
        _ if family == Family::Standard => ("LOGS", format!("{done} {source} {COUNT}")),
        Payload::Tcp { source: from, destination: to }
        | Payload::Udp { source: from, destination: to } => {
            ("LOGP", format!("{done} {protocol} {source}({from}) -> {destination}({to}), {COUNT}"))
        }
        Payload::Icmp { kind, code } => (
            "LOGDP",
            format!("{done} {protocol} {source} -> {destination} ({kind}/{code}), {COUNT}"),
        ),
    };
    let tag = log.tag.as_ref().map(|tag| format!(" [{tag}]")).unwrap_or_default();
    let text = format!("list {name} {text}{tag}");
    match family {
        Family::Standard | Family::Extended => {
            Message::new("SEC", 6, format!("IPACCESS{mnemonic}"), text)
        }
        Family::V6 => Message::new("IPV6_ACL", 6, format!("ACCESS{mnemonic}"), text),
    }
}
