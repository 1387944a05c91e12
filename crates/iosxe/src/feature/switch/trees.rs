//! `show spanning-tree [vlan N | summary]`, `show mac address-table`: per VLAN.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use cli::Args;

use crate::command::Reply;
use crate::device::State;
use crate::feature::discovery;
use crate::feature::interface::{SwitchPort, Switching};
use crate::session::Session;
use crate::turn::Turn;

/// What a bridge's priority is by default, before the VLAN is added (IEEE 802.1D-2004, 17.14).
const PRIORITY: u32 = 32_768;

/// The VLANs that exist, with their names.
pub(crate) fn vlans(state: &State) -> Vec<(u32, String)> {
    let mut all = BTreeMap::from([(1, "default".to_owned())]);
    for (number, body) in state.inert.blocks("vlan") {
        let Ok(number) = number.parse::<u32>() else { continue };
        let name = body.iter().find_map(|line| line.strip_prefix("name "));
        all.insert(number, name.map_or_else(|| format!("VLAN{number:04}"), str::to_owned));
    }
    all.into_iter().collect()
}

/// The ports that forward frames of a VLAN.
fn members(state: &State, vlan: u32) -> Vec<SwitchPort<'_>> {
    let ports = state.interfaces.switch_ports();
    ports.filter(|port| port.is_up && port.carries(vlan)).collect()
}

pub(super) fn show_trees(turn: &mut Turn<'_>, _: &mut Session, args: &Args) -> Reply {
    let state = &*turn.state;
    let wanted = args.number("vlan").and_then(|vlan| u32::try_from(vlan).ok());
    let mut text = String::new();
    for (vlan, _) in vlans(state) {
        let ports = members(state, vlan);
        if wanted.is_none_or(|wanted| wanted == vlan) && !ports.is_empty() {
            text += &tree(state, vlan, &ports);
        }
    }
    match (text.is_empty(), wanted) {
        (false, _) => Reply::Text(text),
        (true, None) => Reply::Text("\nNo spanning tree instances exist.\n\n".into()),
        (true, Some(vlan)) => {
            Reply::Text(format!("\nSpanning tree instance(s) for vlan {vlan} does not exist.\n\n"))
        }
    }
}

fn tree(state: &State, vlan: u32, ports: &[SwitchPort<'_>]) -> String {
    let mac = state.interfaces.base_mac().map(|mac| mac.to_string()).unwrap_or_default();
    let priority = PRIORITY + vlan;
    let mut text = format!(
        "\nVLAN{vlan:04}\n  Spanning tree enabled protocol rstp\n  \
         Root ID    Priority    {priority}\n             Address     {mac}\n             \
         This bridge is the root\n             \
         Hello Time   2 sec  Max Age 20 sec  Forward Delay 15 sec\n\n  \
         Bridge ID  Priority    {priority}  (priority {PRIORITY} sys-id-ext {vlan})\n             \
         Address     {mac}\n             \
         Hello Time   2 sec  Max Age 20 sec  Forward Delay 15 sec\n             \
         Aging Time  300 sec\n\n\
         Interface           Role Sts Cost      Prio.Nbr Type\n\
         ------------------- ---- --- --------- -------- --------------------------------\n"
    );
    for port in ports {
        let number = state.interfaces.switch_ports().position(|other| other.name == port.name);
        let nr = format!("128.{}", number.unwrap_or(0) + 1);
        let (name, cost) = (port.name.short(), cost(port));
        let _ = writeln!(text, "{name:<19} Desg FWD {cost:<9} {nr:<8} P2p ");
    }
    text.push('\n');
    text
}

/// The short costs of IEEE 802.1D-1998, which Catalysts take by default.
fn cost(port: &SwitchPort<'_>) -> u32 {
    match port.mbit.unwrap_or(port.kind.mbit) {
        0..100 => 100,
        100..1000 => 19,
        1000..10_000 => 4,
        _ => 2,
    }
}

pub(super) fn show_summary(turn: &mut Turn<'_>, _: &mut Session, _: &Args) -> Reply {
    let state = &*turn.state;
    let trees: Vec<(u32, usize)> = vlans(state)
        .into_iter()
        .map(|(vlan, _)| (vlan, members(state, vlan).len()))
        .filter(|(_, ports)| *ports > 0)
        .collect();
    let names: Vec<String> = trees.iter().map(|(vlan, _)| format!("VLAN{vlan:04}")).collect();
    let root = if names.is_empty() { "none".to_owned() } else { names.join(", ") };
    let mut text = format!(
        "Switch is in rapid-pvst mode\nRoot bridge for: {root}\n\
         Extended system ID                      is enabled\n\
         Portfast Default                        is disabled\n\
         Portfast BPDU Guard Default             is disabled\n\
         Portfast BPDU Filter Default            is disabled\n\
         Loopguard Default                       is disabled\n\
         PVST Simulation Default                 is enabled but inactive in rapid-pvst mode\n\
         Bridge Assurance                        is enabled\n\
         EtherChannel misconfig guard            is enabled\n\
         Configured Pathcost method used is short\n\
         UplinkFast                              is disabled\n\
         BackboneFast                            is disabled\n\n\
         Name                   Blocking Listening Learning Forwarding STP Active\n\
         ---------------------- -------- --------- -------- ---------- ----------\n"
    );
    let mut row = |name: &str, ports: usize| {
        let _ = writeln!(text, "{name:<22} {:>8} {:>9} {:>8} {ports:>10} {ports:>10}", 0, 0, 0);
    };
    trees.iter().zip(&names).for_each(|((_, ports), name)| row(name, *ports));
    let count = trees.len();
    let total: usize = trees.iter().map(|(_, ports)| ports).sum();
    text.push_str("---------------------- -------- --------- -------- ---------- ----------\n");
    let word = if count == 1 { "vlan" } else { "vlans" };
    let name = format!("{count} {word}");
    let _ = writeln!(text, "{name:<22} {:>8} {:>9} {:>8} {total:>10} {total:>10}\n", 0, 0, 0);
    Reply::Text(text)
}

/// The addresses that neighbours told through CDP and LLDP, in the VLAN of their port.
pub(super) fn show_addresses(turn: &mut Turn<'_>, _: &mut Session, args: &Args) -> Reply {
    let state = &*turn.state;
    let mut rows = Vec::new();
    for port in state.interfaces.switch_ports().filter(|port| port.is_up) {
        let vlan = match port.switching {
            Switching::Routed => continue,
            Switching::Access { vlan, .. } => vlan,
            Switching::Trunk { native, .. } => native,
        };
        let heard = discovery::address_heard(state, &port.name);
        rows.extend(heard.map(|mac| (vlan.to_string(), mac, "DYNAMIC", port.name.short())));
    }
    if !args.has("dynamic") {
        let own = state.interfaces.base_mac().map(|mac| mac.to_string()).unwrap_or_default();
        rows.push(("1".into(), own, "STATIC", "Vl1 ".into()));
    }
    let mut text = String::from(
        "          Mac Address Table\n-------------------------------------------\n\n\
         Vlan    Mac Address       Type        Ports\n\
         ----    -----------       --------    -----\n",
    );
    for (vlan, mac, kind, port) in &rows {
        let _ = writeln!(text, "{vlan:>4}    {mac}    {kind:<8}    {port}");
    }
    let _ = writeln!(text, "Total Mac Addresses for this criterion: {}", rows.len());
    Reply::Text(text)
}
