//! `show interfaces status|switchport|trunk`.

use std::fmt::Write as _;

use cli::Args;

use super::trees::vlans;
use crate::command::Reply;
use crate::device::State;
use crate::feature::interface::{SwitchPort, Switching};
use crate::session::Session;
use crate::turn::Turn;

/// The ports that are asked for, or the refusal of one that is not there.
fn wanted<'a>(state: &'a State, args: &Args) -> Result<Vec<SwitchPort<'a>>, Reply> {
    let ports = state.interfaces.switch_ports();
    match args.interface("interface") {
        None => Ok(ports.collect()),
        Some(name) if state.interfaces.get(name).is_some() => {
            Ok(ports.filter(|port| port.name == *name).collect())
        }
        Some(_) => Err(Reply::Invalid { column: args.column("interface") }),
    }
}

pub(super) fn show_status(turn: &mut Turn<'_>, _: &mut Session, args: &Args) -> Reply {
    let ports = match wanted(turn.state, args) {
        Ok(ports) => ports,
        Err(refusal) => return refusal,
    };
    let mut text = String::from(
        "\nPort         Name               Status       Vlan       Duplex  Speed Type\n",
    );
    for port in ports {
        let status = match (port.is_shut, port.is_up) {
            (true, _) => "disabled",
            (false, true) => "connected",
            (false, false) => "notconnect",
        };
        let vlan = match &port.switching {
            Switching::Routed => "routed".to_owned(),
            Switching::Access { vlan, .. } => vlan.to_string(),
            Switching::Trunk { .. } if port.is_up => "trunk".to_owned(),
            Switching::Trunk { native, .. } => native.to_string(),
        };
        let (duplex, speed) = (duplex(&port), speed(&port));
        let name: String = port.description.chars().take(18).collect();
        let (short, media) = (port.name.short(), &port.kind.media);
        let _ = writeln!(
            text,
            "{short:<12} {name:<18} {status:<12} {vlan:<10} {duplex:>6} {speed:>6} {media}"
        );
    }
    Reply::Text(text)
}

/// Negotiated only on copper.
fn negotiates(port: &SwitchPort<'_>) -> bool {
    port.kind.mbit <= 1000
}

fn duplex(port: &SwitchPort<'_>) -> &'static str {
    match port.duplex {
        Some(duplex) => duplex,
        None if !negotiates(port) => "full",
        None if port.is_up => "a-full",
        None => "auto",
    }
}

fn speed(port: &SwitchPort<'_>) -> String {
    let word = |mbit: u32| match mbit {
        0..10_000 => mbit.to_string(),
        more => format!("{}G", more / 1000),
    };
    match port.mbit {
        Some(mbit) => word(mbit),
        None if !negotiates(port) => word(port.kind.mbit),
        None if port.is_up => format!("a-{}", word(port.kind.mbit)),
        None => "auto".to_owned(),
    }
}

pub(super) fn show_switchport(turn: &mut Turn<'_>, _: &mut Session, args: &Args) -> Reply {
    match wanted(turn.state, args) {
        Ok(ports) => Reply::Text(ports.iter().map(|port| switchport(turn.state, port)).collect()),
        Err(refusal) => refusal,
    }
}

fn switchport(state: &State, port: &SwitchPort<'_>) -> String {
    let name = port.name.short();
    let named = |vlan: u32| {
        let all = vlans(state);
        let name = all.iter().find(|(number, _)| *number == vlan).map(|(_, name)| name.as_str());
        format!("{vlan} ({})", name.unwrap_or("Inactive"))
    };
    let (mode, working, access, native, allowed) = match &port.switching {
        Switching::Routed => return format!("Name: {name}\nSwitchport: Disabled\n\n"),
        Switching::Access { vlan, fixed } => {
            let mode = if *fixed { "static access" } else { "dynamic auto" };
            (mode, "static access", *vlan, 1, "ALL")
        }
        Switching::Trunk { native, allowed } => {
            ("trunk", "trunk", 1, *native, allowed.as_deref().unwrap_or("ALL"))
        }
    };
    let working = if port.is_up { working } else { "down" };
    let encapsulation = match working {
        "trunk" => "Operational Trunking Encapsulation: dot1q\n",
        "down" => "",
        _ => "Operational Trunking Encapsulation: native\n",
    };
    let negotiation = if mode == "static access" { "Off" } else { "On" };
    let (access, native) = (named(access), named(native));
    format!(
        "Name: {name}\nSwitchport: Enabled\nAdministrative Mode: {mode}\n\
         Operational Mode: {working}\nAdministrative Trunking Encapsulation: dot1q\n\
         {encapsulation}Negotiation of Trunking: {negotiation}\nAccess Mode VLAN: {access}\n\
         Trunking Native Mode VLAN: {native}\nAdministrative Native VLAN tagging: enabled\n\
         Voice VLAN: none\nAdministrative private-vlan host-association: none \n\
         Administrative private-vlan mapping: none \n\
         Administrative private-vlan trunk native VLAN: none\n\
         Administrative private-vlan trunk Native VLAN tagging: enabled\n\
         Administrative private-vlan trunk encapsulation: dot1q\n\
         Administrative private-vlan trunk normal VLANs: none\n\
         Administrative private-vlan trunk associations: none\n\
         Administrative private-vlan trunk mappings: none\n\
         Operational private-vlan: none\nTrunking VLANs Enabled: {allowed}\n\
         Pruning VLANs Enabled: 2-1001\nCapture Mode Disabled\nCapture VLANs Allowed: ALL\n\n\
         Protected: false\nUnknown unicast blocked: disabled\n\
         Unknown multicast blocked: disabled\nVepa Enabled: false\nApp Interface: false\n\
         Appliance trust: none\n\n"
    )
}

pub(super) fn show_trunk(turn: &mut Turn<'_>, _: &mut Session, args: &Args) -> Reply {
    let ports = match wanted(turn.state, args) {
        Ok(ports) => ports,
        Err(refusal) => return refusal,
    };
    let known = vlans(turn.state);
    let mut parts: [String; 4] = Default::default();
    for port in ports.iter().filter(|port| port.is_up) {
        let Switching::Trunk { native, allowed } = &port.switching else { continue };
        let name = port.name.short();
        let list = allowed.as_deref().unwrap_or("1-4094");
        let active: Vec<String> = known
            .iter()
            .filter(|(vlan, _)| port.carries(*vlan))
            .map(|(vlan, _)| vlan.to_string())
            .collect();
        let active = if active.is_empty() { "none".to_owned() } else { active.join(",") };
        let [trunk, allowed, managed, forwarding] = &mut parts;
        let _ =
            writeln!(trunk, "{name:<14} {:<16} {:<14} {:<13} {native}", "on", "802.1q", "trunking");
        let _ = writeln!(allowed, "{name:<14} {list}");
        let _ = writeln!(managed, "{name:<14} {active}");
        let _ = writeln!(forwarding, "{name:<14} {active}");
    }
    let [trunk, allowed, managed, forwarding] = parts;
    if trunk.is_empty() {
        return Reply::Done;
    }
    Reply::Text(format!(
        "\nPort           Mode             Encapsulation  Status        Native vlan\n{trunk}\n\
         Port           Vlans allowed on trunk\n{allowed}\n\
         Port           Vlans allowed and active in management domain\n{managed}\n\
         Port           Vlans in spanning tree forwarding state and not pruned\n{forwarding}\n"
    ))
}
