//! `show bgp neighbors`: a neighbor that was never there.

use std::fmt::Write as _;
use std::net::IpAddr;

use cli::Args;

use super::neighbor::names;
use super::show::headings;
use super::speaker::{Family, Neighbor, PeerState, Speaker};
use super::table::table;
use crate::command::Reply;
use crate::turn::Turn;

/// The blocks of the families that are asked for.
pub(super) fn run(turn: &Turn<'_>, families: &[Family<'_>], args: &Args) -> Reply {
    let only = args.text("neighbor");
    let wanted = only.map(|name| name.parse::<IpAddr>().map_or(name.into(), canonical));
    let is_wanted =
        |neighbor: &Neighbor<'_>| wanted.as_ref().is_none_or(|name| neighbor.name == *name);
    let is_all = args.has("all") && !args.has("vpnv4") && !args.has("vpnv6");
    let mut text = String::new();
    let mut found = false;
    for (label, families) in headings(families) {
        if is_all {
            let _ = writeln!(text, "\nFor address family: {label}");
        }
        let neighbors = families.iter().flat_map(|family| family.neighbors());
        for neighbor in neighbors.filter(is_wanted) {
            if found && !is_all {
                text.push('\n');
            }
            found = true;
            match ["advertised-routes", "policy", "received-routes", "routes"]
                .iter()
                .find(|word| args.has(word))
            {
                Some(word) => routes(&mut text, &neighbor, word),
                None => block(&mut text, turn, &neighbor, label),
            }
        }
    }
    match only {
        Some(_) if !found => Reply::Refused("% No such neighbor or address family\n".into()),
        Some(_) | None => Reply::Text(text),
    }
}

fn canonical(address: IpAddr) -> String {
    address.to_string().to_uppercase()
}

/// Nothing is received from a neighbor that is not there, and nothing is sent to it.
fn routes(text: &mut String, neighbor: &Neighbor<'_>, word: &str) {
    match word {
        "policy" => policy(text, neighbor),
        "received-routes" if neighbor.policy("soft-reconfiguration inbound").is_none() => {
            let name = neighbor.name;
            let _ = writeln!(text, "% Inbound soft reconfiguration not enabled on {name}");
        }
        _ => text.push_str("\nTotal number of prefixes 0 \n"),
    }
}

/// The lists and maps of a neighbor, as they are configured.
fn policy(text: &mut String, neighbor: &Neighbor<'_>) {
    let name = neighbor.name;
    let _ = writeln!(text, " Neighbor: {name}, Address-Family: IPv4 Unicast");
    let mut lines = Vec::new();
    for kind in ["distribute-list", "filter-list", "prefix-list", "route-map"] {
        for direction in ["in", "out"] {
            let filter = neighbor.filter(kind, direction);
            lines.extend(filter.map(|list| format!("  {kind} {list} {direction}")));
        }
    }
    if !lines.is_empty() {
        text.push_str(" Locally configured policies:\n");
    }
    lines.iter().for_each(|line| {
        let _ = writeln!(text, "{line}");
    });
}

fn block(text: &mut String, turn: &Turn<'_>, neighbor: &Neighbor<'_>, label: &str) {
    session(text, turn, neighbor);
    family(text, turn, neighbor, label);
    connection(text, turn, neighbor);
}

fn session(text: &mut String, turn: &Turn<'_>, neighbor: &Neighbor<'_>) {
    let link = if neighbor.is_internal() { "internal" } else { "external" };
    let vrf = neighbor.vrf().map(|vrf| format!("  vrf {vrf},")).unwrap_or_default();
    let (name, asn) = (neighbor.name, neighbor.session("remote-as").unwrap_or("0"));
    let _ = writeln!(text, "BGP neighbor is {name},{vrf}  remote AS {asn}, {link} link");
    if let Some(description) = neighbor.session("description") {
        let _ = writeln!(text, " Description: {description}");
    }
    if let Some(group) = neighbor.group() {
        let _ = writeln!(text, " Member of peer-group {group} for session parameters");
    }
    let state = neighbor.state(turn.state);
    if state == PeerState::Admin {
        text.push_str(" Administratively shut down\n");
    }
    let word = state.word();
    let (keepalive, hold) = neighbor.timers();
    let _ = write!(
        text,
        "  BGP version 4, remote router ID 0.0.0.0\n  BGP state = {word}, down for never\n"
    );
    if (keepalive, hold) != (60, 180) {
        let _ = writeln!(
            text,
            "  Configured hold time is {hold}, keepalive interval is {keepalive} seconds"
        );
    }
    text.push_str(
        "  Neighbor sessions:\n    0 active, is not multisession capable (disabled)\n    \
         Stateful switchover support enabled: NO\n",
    );
    let usual = if neighbor.is_internal() { "0" } else { "30" };
    let secs = neighbor.policy("advertisement-interval").unwrap_or(usual);
    let _ = writeln!(text, "  Default minimum time between advertisement runs is {secs} seconds\n");
}

fn family(text: &mut String, turn: &Turn<'_>, neighbor: &Neighbor<'_>, label: &str) {
    let version = table(turn.state, neighbor.family()).len() + 1;
    let _ = write!(
        text,
        " For address family: {label}\n  \
         BGP table version {version}, neighbor version 1/{version}\n  \
         Output queue size : 0\n  Index 0, Advertise bit 0\n"
    );
    if let Some(group) = neighbor.group() {
        let _ = writeln!(text, "  {group} peer-group member");
    }
    for (option, said) in [
        ("route-reflector-client", "Route-Reflector Client"),
        ("soft-reconfiguration inbound", "Inbound soft reconfiguration allowed"),
        ("next-hop-self", "NEXT_HOP is always this router for eBGP paths"),
        ("send-community", "Community attribute sent to this neighbor"),
        ("default-originate", "Default information originate, default not sent"),
    ] {
        if neighbor.policy(option).is_some() {
            let _ = writeln!(text, "  {said}");
        }
    }
    for (direction, word) in [("in", "Inbound"), ("out", "Outbound")] {
        if let Some(list) = neighbor.filter("prefix-list", direction) {
            let way = if direction == "in" { "Incoming" } else { "Outgoing" };
            let _ = writeln!(text, "  {way} update prefix filter list is {list}");
        }
        if let Some(map) = neighbor.filter("route-map", direction) {
            let way = if direction == "in" { "incoming" } else { "outgoing" };
            let _ = writeln!(text, "  Route map for {way} advertisements is {map}");
        }
        if let Some(list) = neighbor.filter("filter-list", direction) {
            let _ = writeln!(text, "  {word} path policy configured: filter-list {list}");
        }
    }
    if let Some(most) = neighbor.policy("maximum-prefix") {
        let mut words = most.split(' ');
        let count = words.next().unwrap_or_default();
        let percent = words.next().filter(|word| word.parse::<u8>().is_ok()).unwrap_or("75");
        let warns = if most.ends_with("warning-only") { " (warning-only)" } else { "" };
        let _ = write!(
            text,
            "  Maximum prefixes allowed {count}{warns}\n  \
             Threshold for warning message {percent}%\n"
        );
    }
    text.push_str(COUNTS);
}

const COUNTS: &str = "  Slow-peer detection is disabled
  Slow-peer split-update-group dynamic is disabled
                                 Sent       Rcvd
  Prefix activity:               ----       ----
    Prefixes Current:               0          0
    Prefixes Total:                 0          0
    Implicit Withdraw:              0          0
    Explicit Withdraw:              0          0
    Used as bestpath:             n/a          0
    Used as multipath:            n/a          0
    Used as secondary:            n/a          0

                                   Outbound    Inbound
  Local Policy Denied Prefixes:    --------    -------
    Total:                                0          0
  Number of NLRIs in the update sent: max 0, min 0
  Last detected as dynamic slow peer: never
  Dynamic slow peer recovered: never
  Refresh Epoch: 1
  Last Sent Refresh Start-of-rib: never
  Last Sent Refresh End-of-rib: never
  Last Received Refresh Start-of-rib: never
  Last Received Refresh End-of-rib: never
                                 Sent       Rcvd
        Refresh activity:        ----       ----
          Refresh Start-of-RIB          0          0
          Refresh End-of-RIB            0          0

";

fn connection(text: &mut String, turn: &Turn<'_>, neighbor: &Neighbor<'_>) {
    let name = neighbor.name;
    let has_route = neighbor.has_route(turn.state);
    let does = if has_route { "does" } else { "does not" };
    let ups = u8::from(has_route);
    let _ = write!(
        text,
        "  Address tracking is enabled, the RIB {does} have a route to {name}\n  \
         Route to peer address reachability Up: {ups}; Down: 0\n  \
         Connections established 0; dropped 0\n  Last reset never\n"
    );
    if let Some(interface) = neighbor.session("update-source") {
        let _ = writeln!(
            text,
            "  Interface associated: {interface} (peering address NOT in same link)"
        );
    }
    if !neighbor.is_internal() {
        if neighbor.must_be_connected() && !neighbor.is_connected(turn.state) {
            text.push_str("  External BGP neighbor not directly connected.\n");
        }
        if let Some(hops) = neighbor.session("ebgp-multihop") {
            let _ = writeln!(text, "  External BGP neighbor may be up to {hops} hops away.");
        }
    }
    text.push_str(
        "  Transport(tcp) path-mtu-discovery is enabled\n  Graceful-Restart is disabled\n  \
         No active TCP connection\n",
    );
}

/// `show bgp peer-group`
pub(super) fn groups(speaker: &Speaker<'_>, only: Option<&str>) -> String {
    let lines = &speaker.block.lines;
    let mut text = String::new();
    let is_group = |name: &&str| lines.get(&format!("neighbor {name} peer-group")) == Some("");
    for group in names(lines).filter(is_group).filter(|name| only.is_none_or(|o| o == *name)) {
        let asn = lines.get(&format!("neighbor {group} remote-as"));
        let kind = match asn.map(|asn| asn == speaker.asn.to_string()) {
            Some(true) => "internal",
            Some(false) | None => "external",
        };
        let asn = asn.map(|asn| format!(",  remote AS {asn}")).unwrap_or_default();
        let members: Vec<&str> = names(lines)
            .filter(|name| lines.get(&format!("neighbor {name} peer-group")) == Some(group))
            .collect();
        let members = members.join(" ");
        let _ = write!(
            text,
            "BGP peer-group is {group}{asn}\n  BGP version 4\n  Neighbor sessions:\n    \
             0 active, is not multisession capable (disabled)\n  \
             Default minimum time between advertisement runs is 30 seconds\n\n \
             For address family: IPv4 Unicast\n  \
             BGP neighbor is {group}, peer-group {kind}, members:\n  {members}\n  \
             Index 0, Advertise bit 0\n  Update messages formatted 0, replicated 0\n  \
             Number of NLRIs in the update sent: max 0, min 0\n"
        );
    }
    text
}
