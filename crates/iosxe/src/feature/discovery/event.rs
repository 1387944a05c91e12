//! Tells the event manager of neighbours that come, change and go, and of the ports to them.

use ::eem::{Change, Neighbor, NeighborChange, NeighborEvent, Stimulus};
use cli::InterfaceName;

use super::Protocol;
use crate::feature::eem;
use crate::feature::interface::Line;
use crate::io::Hello;
use crate::turn::Turn;

/// A router that does IGMP, in the bits and words of CDP.
const CDP_CAPABILITIES: (u32, &str) = (0x01 | 0x20, "Router IGMP");

/// A router, in the bits and letters of LLDP.
const LLDP_CAPABILITIES: (u32, &str) = (0x10, "R");

/// An entry has come, is another, or is gone.
pub(super) fn entry(
    turn: &mut Turn<'_>,
    protocol: Protocol,
    name: &InterfaceName,
    (change, hello): (Change, &Hello),
) {
    let hold = protocol.beat(hello).map_or(0, |beat| beat.hold.as_secs());
    let (capability_bits, capabilities) = match protocol {
        Protocol::Cdp => CDP_CAPABILITIES,
        Protocol::Lldp => LLDP_CAPABILITIES,
    };
    // IOS names its ports in the short form in LLDP.
    let short = InterfaceName::parse(&hello.port).map(|port| port.short());
    let platform = format!("cisco {}", hello.platform);
    let neighbor = Neighbor {
        name: &hello.device,
        port: match protocol {
            Protocol::Cdp => &hello.port,
            Protocol::Lldp => short.as_ref().unwrap_or(&hello.port),
        },
        port_description: hello.description.as_ref().unwrap_or(&hello.port),
        platform: &platform,
        version: hello.version,
        capabilities,
        capability_bits,
        hold_time: u32::try_from(hold).unwrap_or(u32::MAX),
        chassis: &hello.mac,
        domain: "",
    };
    let event = match protocol {
        Protocol::Cdp => NeighborEvent::Cdp(change, neighbor),
        Protocol::Lldp => NeighborEvent::Lldp(change, neighbor),
    };
    offer(turn, name, event);
}

/// A port is not what it was `before`.
pub(crate) fn port_changed(turn: &mut Turn<'_>, name: &InterfaceName, before: Line) {
    let Some(now) = turn.state.interfaces.line(name) else { return };
    if (now.is_shut, now.link_up) != (before.is_shut, before.link_up) {
        offer(turn, name, NeighborEvent::Link);
    }
    if now.protocol_up != before.protocol_up {
        offer(turn, name, NeighborEvent::Line);
    }
}

fn offer(turn: &mut Turn<'_>, name: &InterfaceName, event: NeighborEvent<'_>) {
    // A boot that lies before the lab's first instant is nobody's event.
    if !turn.state.booted && !turn.state.reload.is_heard() {
        return;
    }
    let Some(line) = turn.state.interfaces.line(name) else { return };
    let link = match line {
        Line { is_shut: true, .. } => "admindown",
        Line { link_up: true, .. } => "up",
        Line { .. } => "down",
    };
    let change = NeighborChange {
        interface: &name.long(),
        short: &name.short(),
        event,
        link,
        line: if line.protocol_up { "up" } else { "down" },
    };
    eem::offer(turn, &Stimulus::Neighbor(&change));
}
