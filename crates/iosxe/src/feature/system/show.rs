//! `show version`: what clients learn a router's name, model, release and serial number from
//! (clients.md, sections 3 to 6).

use cli::{Args, No, kw};
use simtime::Duration;

use crate::command::{Command, Mode, Reply};
use crate::device::State;
use crate::io::Platform;
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

/// The release, as its two lines print it.
pub(crate) const RELEASE: &str = "\
Cisco IOS XE Software, Version 17.12.04
Cisco IOS Software [Dublin], Virtual XE Software (X86_64_LINUX_IOSD-UNIVERSALK9-M), \
Version 17.12.4, RELEASE SOFTWARE (fc3)
Technical Support: http://www.cisco.com/techsupport
Copyright (c) 1986-2024 by Cisco Systems, Inc.
Compiled Tue 23-Jul-24 09:39 by mcpre
";

fn show_version(turn: &mut Turn<'_>, _: &mut Session, _: &Args) -> Reply {
    let State { system, clock, .. } = &*turn.state;
    let name = system.hostname();
    let uptime = uptime(turn.now.since(system.started));
    let started = clock.describe(system.started);
    let hardware = hardware(turn.state);
    let (returned, reason) = (turn.state.reload.returned(), turn.state.reload.last_reason());
    Reply::Text(format!(
        "{RELEASE}

ROM: IOS-XE ROMMON

{name} uptime is {uptime}
Uptime for this control processor is {uptime}
System returned to ROM by {returned}
System restarted at {started}
System image file is \"bootflash:packages.conf\"
Last reload reason: {reason}

{hardware}
Configuration register is 0x2102

"
    ))
}

/// The lines that follow `%SYS-5-RESTART: System restarted --`: those of `show version` without its
/// first.
pub(crate) fn banner() -> &'static str {
    RELEASE.split_once('\n').map_or(RELEASE, |(_, rest)| rest).trim_end()
}

fn hardware(state: &State) -> String {
    let serial = &state.system.serial;
    let ports = state.interfaces.names().filter(|name| name.kind().is_physical()).count();
    let chassis = match state.platform {
        Platform::C8000v => "cisco C8000V (VXE) processor (revision VXE)",
    };
    format!(
        "{chassis} with 2028465K/3075K bytes of memory.
Processor board ID {serial}
Router operating mode: Autonomous
{ports} Gigabit Ethernet interfaces
32768K bytes of non-volatile configuration memory.
3965112K bytes of physical memory.
11526144K bytes of virtual hard disk at bootflash:.
"
    )
}

/// `1 week, 2 days, 3 hours, 4 minutes`: every unit that is not zero, minutes always.
fn uptime(span: Duration) -> String {
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
