//! Consequences of a change: messages, timers and facts, all from one function.
//!
//! Order and gaps are those of syslog.md, section 2.1. `shutdown`: the LINK message now, the
//! LINEPROTO message a second later. `no shutdown` and a wire that comes alive: likewise. A wire
//! that goes dead: LINEPROTO now, LINK a second later. A loopback says both at once, LINEPROTO
//! first. What is as it was again before its second has passed is never spoken of: the router says
//! what differs from what it said last.

use cli::InterfaceName;
use fact::Kind;
use simtime::Duration;

use super::fsm::{Event, Status};
use super::{Interface, Medium, bundle};
use crate::device::Timer;
use crate::feature::discovery;
use crate::feature::logging::Message;
use crate::feature::netconf;
use crate::feature::track;
use crate::io::Output;
use crate::turn::Turn;

/// From a change of one layer to the router's word on the other.
const SETTLE_DELAY: Duration = Duration::from_secs(1);

/// What a message is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Layer {
    Link,
    Protocol,
}

/// The wire of an interface came alive or went dead. A loopback has none.
pub(crate) fn carrier(turn: &mut Turn<'_>, name: &InterfaceName, up: bool) {
    let Some(interface) = turn.state.interfaces.get_mut(name) else { return };
    if !interface.medium.is_wired() {
        return;
    }
    if let Some(wire) = interface.unplugged.as_mut() {
        *wire = up;
        return;
    }
    if interface.link.has_carrier() == up {
        return;
    }
    turn.fact(Kind::Carrier { interface: name.long(), up });
    change(turn, name, carrier_event(up));
}

/// The module of the ports is put into its slot, or drawn: their wires end in nothing meanwhile.
pub(crate) fn plug(turn: &mut Turn<'_>, is_in: bool) {
    let ports = turn.state.interfaces.iter().filter(|(_, i)| i.medium.is_wired());
    let names: Vec<InterfaceName> = ports.map(|(name, _)| *name).collect();
    for name in &names {
        let Some(interface) = turn.state.interfaces.get_mut(name) else { continue };
        let sent = interface.sends();
        let wire = interface.link.has_carrier();
        let back = interface.unplugged.take();
        carrier(turn, name, is_in && back.unwrap_or(wire));
        let Some(interface) = turn.state.interfaces.get_mut(name) else { continue };
        interface.unplugged = (!is_in).then_some(wire);
        let sends = interface.sends();
        if sends != sent {
            let (interface, trace) = (name.long(), turn.trace);
            turn.out.push(Output::Carrier { interface, up: sends, trace });
        }
    }
}

/// The second after a change has passed.
pub(crate) fn settle(turn: &mut Turn<'_>, name: &InterfaceName) {
    change(turn, name, Event::Settled);
}

/// Follows the configuration: `shutdown` is there, or is not. While the router boots, nothing moves
/// before [`boot`].
pub(super) fn follow_config(turn: &mut Turn<'_>, name: &InterfaceName) {
    if !turn.state.booted {
        return;
    }
    let Some(interface) = turn.state.interfaces.get(name) else { return };
    let event = if interface.config.shutdown { Event::Shutdown } else { Event::NoShutdown };
    change(turn, name, event);
}

/// Takes an interface down for good, before it is removed.
pub(super) fn take_down(turn: &mut Turn<'_>, name: &InterfaceName) {
    change(turn, name, Event::Shutdown);
}

/// Brings every interface to the state that its configuration asks for, at the end of the boot. The
/// boot of a lab lies before its first instant, so its messages are in the log buffer, stamped with
/// that instant, and nowhere else; that of a reload is heard.
pub(crate) fn boot(turn: &mut Turn<'_>) {
    let names: Vec<InterfaceName> = turn.state.interfaces.names().copied().collect();
    for name in names {
        let carried = bundle::is_carried(turn.state, &name);
        let Some(interface) = turn.state.interfaces.get_mut(&name) else { continue };
        if let Some(up) = carried {
            interface.link = interface.link.after(carrier_event(up));
        }
        if !interface.config.shutdown {
            interface.link = interface.link.after(Event::NoShutdown).after(Event::Settled);
        }
        let seen = interface.link.seen();
        interface.announced = seen;
        let fact = describe(&name, interface);
        if turn.state.reload.is_heard() {
            turn.fact(fact);
        }
        if name.subinterface().is_some() {
            continue;
        }
        turn.log(link_message(&name, seen.status));
        if seen.protocol_up {
            turn.log(protocol_message(&name, seen.protocol_up));
            carry(turn, &name, true);
            bundle::join(turn, &name);
        }
    }
}

fn carrier_event(up: bool) -> Event {
    if up { Event::CarrierUp } else { Event::CarrierLost }
}

/// What carries a bundle or a VLAN is there, or is not.
pub(super) fn carrier_of_software(turn: &mut Turn<'_>, name: &InterfaceName, up: bool) {
    let before = turn.state.interfaces.get(name).map(|interface| interface.link.has_carrier());
    if before.is_some_and(|before| before != up) {
        change(turn, name, carrier_event(up));
    }
}

/// A subinterface has been made on a port that is up.
pub(super) fn carried(turn: &mut Turn<'_>, name: &InterfaceName) {
    if let Some(interface) = turn.state.interfaces.get_mut(name) {
        interface.link = interface.link.after(Event::CarrierUp);
    }
    track::review(turn);
}

/// A port has come up or gone down, and its subinterfaces with it.
fn carry(turn: &mut Turn<'_>, port: &InterfaceName, up: bool) {
    let of_port = |name: &&InterfaceName| name.port() == Some(*port);
    let names: Vec<InterfaceName> =
        turn.state.interfaces.names().filter(of_port).copied().collect();
    for name in names {
        change(turn, &name, carrier_event(up));
    }
}

/// The router goes off, and all its interfaces with it; it says nothing any more.
pub(crate) fn go_dark(turn: &mut Turn<'_>) {
    let was_up = |interface: &Interface| interface.link.status() == Status::Up;
    let up = turn.state.interfaces.iter().filter(|(_, interface)| was_up(interface));
    let names: Vec<InterfaceName> = up.map(|(name, _)| *name).collect();
    for name in names {
        let (name, down) = (name.long(), || "down".to_owned());
        turn.fact(Kind::Interface { name, status: down(), protocol: down() });
    }
}

fn change(turn: &mut Turn<'_>, name: &InterfaceName, event: Event) {
    let Some(interface) = turn.state.interfaces.get_mut(name) else { return };
    let (before, sent, line) = (interface.link, interface.sends(), interface.line());
    interface.link = match interface.medium {
        Medium::Port { .. } => before.after(event),
        // Without a wire there is nothing to wait for.
        Medium::Loopback | Medium::Software => before.after(event).after(Event::Settled),
    };
    let sends = interface.sends();
    let medium = interface.medium;
    if sends != sent {
        let (interface, trace) = (name.long(), turn.trace);
        turn.out.push(Output::Carrier { interface, up: sends, trace });
    }
    let Some(interface) = turn.state.interfaces.get_mut(name) else { return };
    if let Some(counters) = interface.counters.as_mut().filter(|_| !interface.link.protocol_up()) {
        counters.silence(turn.now);
    }
    if interface.link.seen() == before.seen() && event != Event::Settled {
        return;
    }
    let after = interface.link.seen();
    if after != before.seen() {
        let fact = describe(name, interface);
        turn.fact(fact);
        discovery::review(turn);
    }
    if name.subinterface().is_some() {
        // IOS says nothing of it.
        if let Some(interface) = turn.state.interfaces.get_mut(name) {
            interface.announced = after;
        }
    } else {
        spoken_at_once(medium, event).iter().for_each(|&layer| say(turn, name, layer));
        wait(turn, name);
    }
    if after.protocol_up != before.seen().protocol_up {
        carry(turn, name, after.protocol_up);
        netconf::link_changed(turn, &name.long(), after.protocol_up);
        if medium.is_wired() {
            bundle::review(turn);
        }
    }
    if after != before.seen() {
        discovery::port_changed(turn, name, line);
        track::review(turn);
    }
}

/// What the router speaks of at once; the rest it says when the second has passed.
fn spoken_at_once(medium: Medium, event: Event) -> &'static [Layer] {
    match (medium, event) {
        (Medium::Loopback | Medium::Software, _) => &[Layer::Protocol, Layer::Link],
        (Medium::Port { .. }, Event::Shutdown | Event::NoShutdown | Event::CarrierUp) => {
            &[Layer::Link]
        }
        (Medium::Port { .. }, Event::CarrierLost) => &[Layer::Protocol],
        (Medium::Port { .. }, Event::Settled) => &[Layer::Link, Layer::Protocol],
    }
}

/// Says of one layer what differs from what was said last.
fn say(turn: &mut Turn<'_>, name: &InterfaceName, layer: Layer) {
    let Some(interface) = turn.state.interfaces.get_mut(name) else { return };
    let seen = interface.link.seen();
    let said = &mut interface.announced;
    let message = match layer {
        Layer::Link if said.status != seen.status => link_message(name, seen.status),
        Layer::Protocol if said.protocol_up != seen.protocol_up => {
            protocol_message(name, seen.protocol_up)
        }
        Layer::Link | Layer::Protocol => return,
    };
    match layer {
        Layer::Link => said.status = seen.status,
        Layer::Protocol => said.protocol_up = seen.protocol_up,
    }
    if interface.config.link_events != Some(false) {
        turn.log(message);
    }
}

/// Starts the second anew while something is still to be said or to settle.
fn wait(turn: &mut Turn<'_>, name: &InterfaceName) {
    let Some(interface) = turn.state.interfaces.get_mut(name) else { return };
    if let Some(pending) = interface.settling.take() {
        turn.state.timers.cancel(pending);
    }
    if interface.link.is_settling() || interface.announced != interface.link.seen() {
        let timer = turn.after(SETTLE_DELAY, Timer::LineProtocol(*name));
        if let Some(interface) = turn.state.interfaces.get_mut(name) {
            interface.settling = Some(timer);
        }
    }
}

fn describe(name: &InterfaceName, interface: &Interface) -> Kind {
    Kind::Interface {
        name: name.long(),
        status: interface.link.status().as_str().into(),
        protocol: up_or_down(interface.link.protocol_up()).into(),
    }
}

fn link_message(name: &InterfaceName, status: Status) -> Message {
    let text = format!("Interface {name}, changed state to {}", status.as_str());
    match status {
        Status::AdminDown => Message::new("LINK", 5, "CHANGED", text),
        Status::Down | Status::Up => Message::new("LINK", 3, "UPDOWN", text),
    }
}

fn protocol_message(name: &InterfaceName, up: bool) -> Message {
    let state = up_or_down(up);
    let text = format!("Line protocol on Interface {name}, changed state to {state}");
    Message::new("LINEPROTO", 5, "UPDOWN", text)
}

/// The words of a line protocol.
pub(super) fn up_or_down(up: bool) -> &'static str {
    if up { "up" } else { "down" }
}
