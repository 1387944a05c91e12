//! `show vlan [brief | id N | name NAME | summary]`: the VLANs of a switch, with access ports.

use std::fmt::Write as _;

use cli::Args;

use super::trees::vlans;
use crate::command::Reply;
use crate::device::State;
use crate::feature::interface::Switching;
use crate::session::Session;
use crate::turn::Turn;

/// The VLANs that every switch has for media of old, which none uses: name, type and where its
/// ring is bridged.
const OLD: [(u32, &str, &str, &str); 4] = [
    (1002, "fddi-default", "fddi ", "-      -      -        -    -   "),
    (1003, "token-ring-default", "tr   ", "-      -      -        -    -   "),
    (1004, "fddinet-default", "fdnet", "-      -      -        ieee -   "),
    (1005, "trnet-default", "trnet", "-      -      -        ibm  -   "),
];

/// How many ports stand in one row.
const PORTS_PER_ROW: usize = 4;

/// One row of the tables.
struct Vlan {
    number: u32,
    name: String,
    status: &'static str,
    /// Type and the columns of rings and bridges.
    kind: &'static str,
    rings: &'static str,
    ports: Vec<String>,
}

fn all(state: &State) -> Vec<Vlan> {
    let mut rows: Vec<Vlan> = vlans(state)
        .into_iter()
        .map(|(number, name)| {
            let status = if is_shut(state, number) { "act/lshut" } else { "active" };
            let rings = "-      -      -        -    -   ";
            Vlan { number, name, status, kind: "enet ", rings, ports: ports(state, number) }
        })
        .collect();
    rows.extend(OLD.iter().map(|&(number, name, kind, rings)| {
        let (name, status) = (name.to_owned(), "act/unsup");
        Vlan { number, name, status, kind, rings, ports: Vec::new() }
    }));
    rows.sort_by_key(|row| row.number);
    rows
}

fn is_shut(state: &State, number: u32) -> bool {
    let blocks = state.inert.blocks("vlan");
    let mut bodies = blocks.iter().filter(|(of, _)| of.parse() == Ok(number));
    bodies.any(|(_, body)| body.iter().any(|line| line == "shutdown"))
}

/// Its access ports, whether up or not; trunks are in none.
fn ports(state: &State, number: u32) -> Vec<String> {
    let all = state.interfaces.switch_ports();
    let own = all.filter(|port| match port.switching {
        Switching::Access { vlan, .. } => vlan == number && !port.is_bundled,
        Switching::Routed | Switching::Trunk { .. } => false,
    });
    own.map(|port| port.name.short()).collect()
}

pub(super) fn show(turn: &mut Turn<'_>, _: &mut Session, args: &Args) -> Reply {
    let mut rows = all(turn.state);
    if args.has("summary") {
        let (normal, extended) = (rows.iter()).partition::<Vec<_>, _>(|row| row.number <= 1005);
        let (count, normal, extended) = (rows.len(), normal.len(), extended.len());
        return Reply::Text(format!(
            "Number of existing VLANs               : {count}\n \
             Number of existing VTP VLANs          : {normal}\n \
             Number of existing extended VLANs     : {extended}\n\n"
        ));
    }
    if let Some(number) = args.number("vlan") {
        rows.retain(|row| u64::from(row.number) == number);
        if rows.is_empty() {
            return Reply::Text(format!("VLAN id {number} not found in current VLAN database\n"));
        }
    }
    if let Some(name) = args.text("name") {
        rows.retain(|row| row.name == name);
        if rows.is_empty() {
            return Reply::Text(format!("VLAN {name} not found in current VLAN database\n"));
        }
    }
    let mut text = brief(&rows);
    if !args.has("brief") {
        text += &rest(&rows);
    }
    Reply::Text(text)
}

fn brief(rows: &[Vlan]) -> String {
    let mut text = String::from(
        "\nVLAN Name                             Status    Ports\n\
         ---- -------------------------------- --------- -------------------------------\n",
    );
    for Vlan { number, name, status, ports, .. } in rows {
        let mut lines = ports.chunks(PORTS_PER_ROW).map(|ports| ports.join(", "));
        let first = lines.next().unwrap_or_default();
        let _ = writeln!(text, "{number:<4} {name:<32} {status:<9} {first}");
        lines.for_each(|line| text += &format!("{:48}{line}\n", ""));
    }
    text
}

fn rest(rows: &[Vlan]) -> String {
    let mut text = String::from(
        "\nVLAN Type  SAID       MTU   Parent RingNo BridgeNo Stp  BrdgMode Trans1 Trans2\n\
         ---- ----- ---------- ----- ------ ------ -------- ---- -------- ------ ------\n",
    );
    for Vlan { number, kind, rings, .. } in rows {
        let said = 100_000 + number;
        let _ = writeln!(text, "{number:<4} {kind} {said:<10} 1500  {rings}     0      0   ");
    }
    let rule = "-".repeat(78);
    let _ = writeln!(text, "\nRemote SPAN VLANs\n{rule}\n\n");
    text.push_str(
        "Primary Secondary Type              Ports\n\
         ------- --------- ----------------- ------------------------------------------\n\n",
    );
    text
}
