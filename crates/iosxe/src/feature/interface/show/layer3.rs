//! `show ip interface [X]`, `show ip arp`, `show ip traffic`.

use std::fmt::Write as _;
use std::net::Ipv4Addr;

use cli::InterfaceName;
use simtime::Time;

use crate::feature::acl::Version;
use crate::feature::interface::state::up_or_down;
use crate::feature::interface::{Address, Interface, Interfaces, Medium, Prefix};
use crate::io::{Direction, VrfId, Way};

/// One block of `show ip interface`.
pub(super) fn ip_interface(
    name: &InterfaceName,
    interface: &Interface,
    vrf: Option<&str>,
) -> String {
    let status = interface.link.status().as_str();
    let protocol = up_or_down(interface.link.protocol_up());
    let mut text = format!("{name} is {status}, line protocol is {protocol}\n");
    let Some(Address { prefix, from_nvram }) = interface.config.address else {
        text.push_str("  Internet protocol processing disabled\n");
        return text;
    };
    let by = if from_nvram { "non-volatile memory" } else { "setup command" };
    let mtu = interface.config.mtu.unwrap_or(1500);
    let _ = write!(
        text,
        "  Internet address is {prefix}\n  Broadcast address is 255.255.255.255\n  \
         Address determined by {by}\n  MTU is {mtu} bytes\n"
    );
    let kept = |words: &str| -> Vec<&str> {
        let lines = interface.config.inert.in_order();
        lines.filter_map(|line| line.strip_prefix(words)).map(str::trim).collect()
    };
    let helpers = kept("ip helper-address");
    match helpers.as_slice() {
        [] => text.push_str("  Helper address is not set\n"),
        [one] => {
            let _ = writeln!(text, "  Helper address is {one}");
        }
        many => {
            let _ =
                writeln!(text, "  Helper addresses are {}", many.join("\n                       "));
        }
    }
    text.push_str("  Directed broadcast forwarding is disabled\n");
    let headings = [("Outgoing access list", Way::Out), ("Inbound  access list", Way::In)];
    for (heading, way) in headings {
        let guard = interface.config.guards.get(Version::V4, way);
        let list = guard.map_or("not set", |guard| &guard.list);
        let _ = writeln!(text, "  {heading} is {list}");
    }
    let on = |line: &str| if kept(line).is_empty() { "enabled" } else { "disabled" };
    let _ = writeln!(text, "  Proxy ARP is {}", on("no ip proxy-arp"));
    let redirects = if kept("no ip redirects").is_empty() { "always" } else { "never" };
    let unreachables = if kept("no ip unreachables").is_empty() { "always" } else { "never" };
    let _ = write!(
        text,
        "  Security level is default\n  Split horizon is enabled\n  \
         ICMP redirects are {redirects} sent\n  ICMP unreachables are {unreachables} sent\n  \
         ICMP mask replies are never sent\n  IP fast switching is enabled\n  \
         IP CEF switching is enabled\n"
    );
    if let Some(vrf) = vrf {
        let _ = writeln!(text, "  VPN Routing/Forwarding \"{vrf}\"");
    }
    match kept("ip policy route-map").first() {
        Some(map) => {
            let _ = writeln!(text, "  Policy routing is enabled, using route map {map}");
        }
        None => text.push_str("  Policy routing is disabled\n"),
    }
    text
}

/// `show ip arp`: the router's own addresses. What others have is not learned here.
pub(super) fn arp(
    interfaces: &Interfaces,
    vrf: VrfId,
    (only, wanted): (Option<&InterfaceName>, Option<Ipv4Addr>),
) -> String {
    let mut text =
        String::from("Protocol  Address          Age (min)  Hardware Addr   Type   Interface\n");
    for (name, interface) in interfaces.iter() {
        let Medium::Port { mac, .. } = interface.medium else { continue };
        // A port that is named is shown whatever its table is.
        let is_meant = only.map_or(interface.config.vrf == vrf, |only| only == name);
        let shown = is_meant && interface.link.protocol_up();
        for address in interface.prefixes().map(Prefix::address).filter(|_| shown) {
            if wanted.is_some_and(|wanted| wanted != address) {
                continue;
            }
            let address = address.to_string();
            let _ = writeln!(text, "Internet  {address:<15}         -   {mac}  ARPA   {name}");
        }
    }
    text
}

/// `show ip traffic`: what all interfaces have counted.
pub(super) fn traffic(interfaces: &Interfaces, now: Time) -> String {
    let sum = |direction| -> u64 {
        let counted = interfaces.iter().filter_map(|(_, interface)| interface.counters.as_deref());
        counted.map(|counters| counters.packets(direction, now)).sum()
    };
    let (received, sent) = (sum(Direction::Input), sum(Direction::Output));
    format!(
        "IP statistics:\n  Rcvd:  {received} total, {received} local destination\n         \
         0 format errors, 0 checksum errors, 0 bad hop count\n         \
         0 unknown protocol, 0 not a gateway\n         \
         0 security failures, 0 bad options, 0 with options\n  \
         Sent:  {sent} generated, 0 forwarded\n  \
         Drop:  0 encapsulation failed, 0 unresolved, 0 no adjacency\n         \
         0 no route, 0 unicast RPF, 0 forced drop\n"
    )
}
