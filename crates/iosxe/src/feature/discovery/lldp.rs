//! `show lldp`, `show lldp neighbors [X] [detail]`

use std::fmt::Write as _;

use cli::{Args, InterfaceName, Kind, No, kw, opt, param};
use simtime::Time;

use super::entry::Entry;
use super::{Protocol, Speaker};
use crate::command::{Command, Mode, Reply};
use crate::session::Session;
use crate::turn::Turn;

/// The commands of this file.
pub(crate) const COMMANDS: &[Command] = &[
    Command {
        modes: &[Mode::Exec],
        privilege: 1,
        syntax: &[kw("show", "Show running system information"), kw("lldp", "LLDP information")],
        no: No::Without,
        run: status,
    },
    Command {
        modes: &[Mode::Exec],
        privilege: 1,
        syntax: &[
            kw("show", "Show running system information"),
            kw("lldp", "LLDP information"),
            kw("neighbors", "LLDP neighbor entries"),
            opt(&[param("interface", Kind::Interface, "Interface")]),
            opt(&[kw("detail", "Show detailed information")]),
        ],
        no: No::Without,
        run: neighbors,
    },
];

/// What IOS says while it does not run.
const OFF: &str = "% LLDP is not enabled\n";

const CODES: &str = "
Capability codes:
    (R) Router, (B) Bridge, (T) Telephone, (C) DOCSIS Cable Device
    (W) WLAN Access Point, (P) Repeater, (S) Station, (O) Other

Device ID           Local Intf     Hold-time  Capability      Port ID
";

/// How many characters of a name the first column shows.
const DEVICE_CHARS_MAX: usize = 20;

fn status(turn: &mut Turn<'_>, _: &mut Session, _: &Args) -> Reply {
    let Speaker { runs, every_secs, hold_secs } = *turn.state.discovery.speaker(Protocol::Lldp);
    if !runs {
        return Reply::Text(OFF.into());
    }
    Reply::Text(format!(
        "\nGlobal LLDP Information:\n    \
         Status: ACTIVE\n    \
         LLDP advertisements are sent every {every_secs} seconds\n    \
         LLDP hold time advertised is {hold_secs} seconds\n    \
         LLDP interface reinitialisation delay is 2 seconds\n"
    ))
}

fn neighbors(turn: &mut Turn<'_>, _: &mut Session, args: &Args) -> Reply {
    let (discovery, now) = (&turn.state.discovery, turn.now);
    if !discovery.speaker(Protocol::Lldp).runs {
        return Reply::Text(OFF.into());
    }
    let wanted = args.interface("interface");
    let known = discovery.known(Protocol::Lldp);
    let known: Vec<_> = known.filter(|(name, _)| wanted.is_none_or(|w| w == *name)).collect();
    let mut text = String::new();
    match args.has("detail") {
        true => known.iter().for_each(|(name, entry)| detail(&mut text, name, entry, now)),
        false => {
            text.push_str(CODES);
            known.iter().for_each(|(name, entry)| row(&mut text, name, entry));
        }
    }
    let _ = writeln!(text, "\nTotal entries displayed: {}\n", known.len());
    Reply::Text(text)
}

fn row(text: &mut String, name: &InterfaceName, entry: &Entry) {
    let hello = &entry.hello;
    let device: String = hello.device.chars().take(DEVICE_CHARS_MAX).collect();
    let (local, hold) = (name.short(), entry.hold_secs());
    let _ = writeln!(text, "{device:<20}{local:<15}{hold:<11}{:<16}{}", "R", port(entry));
}

/// IOS names its ports in the short form on the wire.
fn port(entry: &Entry) -> String {
    let long = &entry.hello.port;
    InterfaceName::parse(long).map_or(long.clone(), |port| port.short())
}

fn detail(text: &mut String, name: &InterfaceName, entry: &Entry, now: Time) {
    let hello = &entry.hello;
    let (device, mac, version) = (&hello.device, &hello.mac, hello.version);
    let (local, port, left) = (name.short(), port(entry), entry.remaining_secs(now));
    let description = hello.description.as_ref().unwrap_or(&hello.port);
    let addresses = match hello.address {
        Some(address) => format!("Management Addresses:\n    IP: {address}"),
        None => "Management Addresses - not advertised".to_owned(),
    };
    let _ = write!(
        text,
        "------------------------------------------------
Local Intf: {local}
Chassis id: {mac}
Port id: {port}
Port Description: {description}
System Name: {device}

System Description: 
{version}

Time remaining: {left} seconds
System Capabilities: B,R
Enabled Capabilities: R
{addresses}
Auto Negotiation - not supported
Physical media capabilities - not advertised
Media Attachment Unit type - not advertised
Vlan ID: - not advertised

"
    );
}
