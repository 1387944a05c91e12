//! `show switch [detail]`, `show module`, `show sdm prefer`: a stack with one member.

use std::fmt::Write as _;

use cli::Args;

use crate::command::Reply;
use crate::device::State;
use crate::session::Session;
use crate::turn::Turn;

/// The revision of the hardware.
const REVISION: &str = "V02";

fn mac(state: &State) -> String {
    state.interfaces.base_mac().map(|mac| mac.to_string()).unwrap_or_default()
}

pub(super) fn show_switch(turn: &mut Turn<'_>, _: &mut Session, args: &Args) -> Reply {
    let mac = mac(turn.state);
    let rule = "-".repeat(85);
    let mut text = format!(
        "Switch/Stack Mac Address : {mac} - Local Mac Address\n\
         Mac persistency wait time: Indefinite\n                                             \
         H/W   Current\nSwitch#   Role    Mac Address     Priority Version  State \n\
         {rule}\n*1       Active   {mac}     1      {REVISION}     Ready               \n\n"
    );
    if args.has("detail") {
        text.push_str(
            "\n\n         Stack Port Status             Neighbors     \n\
             Switch#  Port 1     Port 2           Port 1   Port 2 \n\
             --------------------------------------------------------\n  \
             1       DOWN       DOWN             None     None \n\n",
        );
    }
    Reply::Text(text)
}

/// The first table of `show module` and of `show platform`.
pub(crate) fn members(state: &State) -> String {
    let profile = state.platform.profile();
    let ports = profile.ports().filter(|(_, kind)| kind.switched).count();
    let (model, serial, mac) = (&profile.pid, state.system.serial(), mac(state));
    let version = &profile.software.version_long;
    format!(
        "Switch  Ports    Model                Serial No.   MAC address     Hw Ver.       Sw Ver. \
         \n------  -----   ---------             -----------  --------------  -------       \
         --------\n 1       {ports:<3}     {model:<21} {serial:<12} {mac:<15} {REVISION:<13} \
         {version:<16}\n"
    )
}

pub(super) fn show_module(turn: &mut Turn<'_>, _: &mut Session, _: &Args) -> Reply {
    Reply::Text(members(turn.state))
}

/// What the tables of a C9300 hold under its template for the access layer (Cisco, Catalyst 9300
/// Series data sheet).
const TABLES: [(&str, &str); 14] = [
    ("Number of VLANs", "4094"),
    ("Unicast MAC addresses", "32768"),
    ("Overflow Unicast MAC addresses", "1024"),
    ("L2 Multicast entries", "8192"),
    ("Overflow L2 Multicast entries", "512"),
    ("L3 Multicast entries", "8192"),
    ("Overflow L3 Multicast entries", "512"),
    ("Directly connected routes", "24576"),
    ("Indirect routes", "8192"),
    ("Security Access Control Entries", "5120"),
    ("QoS Access Control Entries", "5120"),
    ("Policy Based Routing ACEs / NAT ACEs", "1024"),
    ("Tunnels", "512"),
    ("Control Plane Entries", "512"),
];

pub(super) fn show_sdm(_: &mut Turn<'_>, _: &mut Session, _: &Args) -> Reply {
    let mut text = String::from("Showing SDM Template Info\n\nThis is the Access template.\n");
    for (table, size) in TABLES {
        let _ = writeln!(text, "  {:<52} {size}", format!("{table}:"));
    }
    text.push_str("These numbers are typical for L2 and IPv4 features.\n\n");
    Reply::Text(text)
}
