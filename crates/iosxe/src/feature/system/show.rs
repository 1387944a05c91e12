//! `show version`: what clients learn a router's name, model, release and serial number from
//! (clients.md, sections 3 to 6).

use std::fmt::Write as _;

use cli::{Args, InterfaceName, No, kw};
use simtime::Duration;

use crate::command::{Command, Mode, Reply};
use crate::device::State;
use crate::platform::Role;
use crate::session::Session;
use crate::turn::Turn;

/// The commands of this file.
pub(crate) const COMMANDS: &[Command] = &[Command {
    modes: &[Mode::Exec],
    privilege: 1,
    syntax: &[
        kw("show", "Show running system information"),
        kw("version", "System hardware and software status"),
    ],
    no: No::Without,
    run: show_version,
}];

/// What `show version` counts, by the name of an interface and its own words.
const PORTS: [(&str, &str); 4] = [
    ("FastEthernet", "FastEthernet"),
    ("GigabitEthernet", "Gigabit Ethernet"),
    ("TwoGigabitEthernet", "2.5 Gigabit Ethernet"),
    ("TenGigabitEthernet", "Ten Gigabit Ethernet"),
];

fn show_version(turn: &mut Turn<'_>, _: &mut Session, _: &Args) -> Reply {
    let State { system, clock, .. } = &*turn.state;
    let name = system.hostname();
    let uptime = uptime(turn.now.since(system.started));
    let started = clock.describe(system.started);
    let (hardware, profile) = (hardware(turn.state), turn.state.platform.profile());
    let (returned, reason) = (turn.state.reload.returned(), turn.state.reload.last_reason());
    let software = &profile.software;
    let (release, rom, file) = (profile.release(), &software.rom, &software.file);
    let bootloader = software.bootloader.as_ref();
    let bootloader = bootloader.map(|line| format!("BOOTLDR: {line}\n")).unwrap_or_default();
    let register = &profile.hardware.register;
    Reply::Text(format!(
        "{release}

ROM: {rom}
{bootloader}
{name} uptime is {uptime}
Uptime for this control processor is {uptime}
System returned to ROM by {returned}
System restarted at {started}
System image file is \"{file}\"
Last reload reason: {reason}

{hardware}
Configuration register is {register}

"
    ))
}

/// The chassis, its ports and its memory.
fn hardware(state: &State) -> String {
    let serial = &state.system.serial;
    let profile = state.platform.profile();
    let mut text = format!("{}\nProcessor board ID {serial}\n", profile.hardware.processor);
    match profile.role {
        Role::Router => text.push_str("Router operating mode: Autonomous\n"),
        Role::Switch => text.push_str("1 Virtual Ethernet interface\n"),
    }
    for (kind, words) in PORTS {
        let of_kind =
            |name: &&InterfaceName| name.kind().long() == kind && name.subinterface().is_none();
        let count = state.interfaces.names().filter(of_kind).count();
        if count > 0 {
            let s = if count == 1 { "" } else { "s" };
            let _ = writeln!(text, "{count} {words} interface{s}");
        }
    }
    for line in &profile.hardware.memory {
        let _ = writeln!(text, "{line}");
    }
    match profile.role {
        Role::Router => {}
        Role::Switch => text.push_str(&stack(state)),
    }
    text
}

/// The identity of the only member of a stack.
fn stack(state: &State) -> String {
    let profile = state.platform.profile();
    let (model, serial, software) = (&profile.pid, &state.system.serial, &profile.software);
    let mac = state.interfaces.base_mac().map(|mac| mac.colons()).unwrap_or_default();
    let ports = profile.ports().filter(|(_, kind)| kind.switched).count();
    let (version, image) = (&software.version_long, &software.image);
    format!(
        "
Base Ethernet MAC Address          : {mac}
Model Revision Number              : A0
Motherboard Revision Number        : B0
Model Number                       : {model}
System Serial Number               : {serial}


Switch Ports Model              SW Version        SW Image              Mode   
------ ----- -----              ----------        ----------            ----   
*    1 {ports:<5} {model:<18} {version:<17} {image:<21} INSTALL

"
    )
}

/// `1 week, 2 days, 3 hours, 4 minutes`: every unit that is not zero, minutes always.
pub(crate) fn uptime(span: Duration) -> String {
    let minutes = span.as_secs() / 60;
    let units = [
        (minutes / (365 * 24 * 60), "year"),
        (minutes / (7 * 24 * 60) % 52, "week"),
        (minutes / (24 * 60) % 7, "day"),
        (minutes / 60 % 24, "hour"),
        (minutes % 60, "minute"),
    ];
    let shown = units.iter().filter(|(count, unit)| *count > 0 || *unit == "minute");
    let words: Vec<String> = shown
        .map(|(count, unit)| format!("{count} {unit}{}", if *count == 1 { "" } else { "s" }))
        .collect();
    words.join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Goal: the age of a router reads as on one. Method: a table.
    #[test]
    fn uptime_reads_as_words() {
        let table = [
            (59, "0 minutes"),
            (60, "1 minute"),
            (3_660, "1 hour, 1 minute"),
            (86_400, "1 day, 0 minutes"),
            (8 * 86_400 + 7_200, "1 week, 1 day, 2 hours, 0 minutes"),
        ];
        for (secs, want) in table {
            assert_eq!(uptime(Duration::from_secs(secs)), want);
        }
    }
}
