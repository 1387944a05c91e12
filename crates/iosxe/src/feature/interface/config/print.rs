//! The `interface` blocks of a running-config.

use cli::InterfaceName;

use crate::config::{ConfigText, Section, order};
use crate::device::State;
use crate::feature::acl::Version;
use crate::feature::interface::{Duplex, Interface, Medium};

/// Its parts of the running-config.
pub(crate) const SECTIONS: &[Section] = &[Section { order: order::INTERFACE, print: print_all }];

/// A running-config has logical interfaces before ports, tables have them after.
fn print_all(state: &State, text: &mut ConfigText) {
    for physical in [false, true] {
        let of_kind = |(name, _): &(&InterfaceName, _)| name.kind().is_physical() == physical;
        for (name, interface) in state.interfaces.iter().filter(of_kind) {
            print(state, name, interface, text);
        }
    }
}

/// The block of one interface, if the router has it.
pub(crate) fn print_one(state: &State, name: &InterfaceName, text: &mut ConfigText) {
    if let Some(interface) = state.interfaces.get(name) {
        print(state, name, interface, text);
    }
}

fn print(state: &State, name: &InterfaceName, interface: &Interface, text: &mut ConfigText) {
    let config = &interface.config;
    text.line(format_args!("interface {name}"));
    if let Some(description) = &config.description {
        text.line(format_args!(" description {description}"));
    }
    let first = |line: &&str| line.starts_with("encapsulation");
    config.inert.in_order().filter(first).for_each(|line| text.line(format_args!(" {line}")));
    if let Some(mtu) = config.mtu {
        text.line(format_args!(" mtu {mtu}"));
    }
    if let Some(kbit) = config.bandwidth_kbit {
        text.line(format_args!(" bandwidth {kbit}"));
    }
    if let Some(vrf) = state.vrfs.name(config.vrf) {
        let ip = if state.vrfs.is_classic(config.vrf) { "ip " } else { "" };
        text.line(format_args!(" {ip}vrf forwarding {vrf}"));
    }
    match config.address {
        None if config.inert.in_order().any(|line| line.starts_with("ip address")) => {}
        None if interface.is_switching() => {}
        None => text.line(" no ip address"),
        Some(address) => {
            for other in &config.secondary {
                let (own, mask) = (other.address(), other.mask());
                text.line(format_args!(" ip address {own} {mask} secondary"));
            }
            let (own, mask) = (address.prefix.address(), address.prefix.mask());
            text.line(format_args!(" ip address {own} {mask}"));
        }
    }
    config.guards.print(Version::V4, "ip access-group", text);
    config.routing.iter().for_each(|line| text.line(format_args!(" {line}")));
    if let Some(delay) = config.delay_tens_of_us {
        text.line(format_args!(" delay {delay}"));
    }
    if config.shutdown {
        text.line(" shutdown");
    }
    match config.link_events {
        None => {}
        Some(true) => text.line(" logging event link-status"),
        Some(false) => text.line(" no logging event link-status"),
    }
    print_wire(interface, text);
    super::ipv6::print(interface, text);
    config.guards.print(Version::V6, "ipv6 traffic-filter", text);
    config.discovery.print(text);
    if let Some(channel) = config.channel {
        channel.print(text);
    }
    let rest = config.inert.in_order().filter(|line| !first(line));
    rest.for_each(|line| text.line(format_args!(" {line}")));
    text.separator();
}

/// The lines that only a port with a wire has. A router prints `negotiation auto` though it is the
/// default.
fn print_wire(interface: &Interface, text: &mut ConfigText) {
    let Medium::Port { kind, .. } = interface.medium else { return };
    let config = &interface.config;
    match config.duplex {
        None => {}
        Some(Duplex::Full) => text.line(" duplex full"),
        Some(Duplex::Half) => text.line(" duplex half"),
    }
    if let Some(mbit) = config.speed_mbit {
        text.line(format_args!(" speed {mbit}"));
    }
    match config.negotiation_off {
        true => text.line(" no negotiation auto"),
        false if kind.switched => {}
        false => text.line(" negotiation auto"),
    }
}
