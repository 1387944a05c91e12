//! `show cdp`, `show cdp neighbors [X] [detail]`

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
        syntax: &[kw("show", "Show running system information"), kw("cdp", "CDP information")],
        no: No::Without,
        run: status,
    },
    Command {
        modes: &[Mode::Exec],
        privilege: 1,
        syntax: &[
            kw("show", "Show running system information"),
            kw("cdp", "CDP information"),
            kw("neighbors", "CDP neighbor entries"),
            opt(&[param("interface", Kind::Interface, "Interface")]),
            opt(&[kw("detail", "Show detailed information")]),
        ],
        no: No::Without,
        run: neighbors,
    },
];

/// What IOS says while it does not run.
const OFF: &str = "% CDP is not enabled\n";

const CODES: &str = "\
Capability Codes: R - Router, T - Trans Bridge, B - Source Route Bridge
                  S - Switch, H - Host, I - IGMP, r - Repeater, P - Phone, 
                  D - Remote, C - CVTA, M - Two-port Mac Relay 

Device ID        Local Intrfce     Holdtme    Capability  Platform  Port ID
";

/// The longest name that fits into the first column, in characters.
const DEVICE_CHARS_MAX: usize = 16;

fn status(turn: &mut Turn<'_>, _: &mut Session, _: &Args) -> Reply {
    let Speaker { runs, every_secs, hold_secs } = *turn.state.discovery.speaker(Protocol::Cdp);
    if !runs {
        return Reply::Text(OFF.into());
    }
    Reply::Text(format!(
        "Global CDP information:\n\
         \tSending CDP packets every {every_secs} seconds\n\
         \tSending a holdtime value of {hold_secs} seconds\n\
         \tSending CDPv2 advertisements is  enabled\n"
    ))
}

fn neighbors(turn: &mut Turn<'_>, _: &mut Session, args: &Args) -> Reply {
    let (discovery, now) = (&turn.state.discovery, turn.now);
    if !discovery.speaker(Protocol::Cdp).runs {
        return Reply::Text(OFF.into());
    }
    let wanted = args.interface("interface");
    let known = discovery.known(Protocol::Cdp);
    let known: Vec<_> = known.filter(|(name, _)| wanted.is_none_or(|w| w == *name)).collect();
    let mut text = String::new();
    match args.has("detail") {
        true => known.iter().for_each(|(name, entry)| detail(&mut text, name, entry, now)),
        false => {
            text.push_str(CODES);
            known.iter().for_each(|(name, entry)| row(&mut text, name, entry, now));
        }
    }
    let _ = writeln!(text, "\nTotal cdp entries displayed : {}", known.len());
    Reply::Text(text)
}

fn row(text: &mut String, name: &InterfaceName, entry: &Entry, now: Time) {
    let hello = &entry.hello;
    let (device, hold) = (&hello.device, entry.remaining_secs(now));
    let port = InterfaceName::parse(&hello.port).map_or(hello.port.clone(), |port| three(&port));
    if device.chars().count() > DEVICE_CHARS_MAX {
        let _ = write!(text, "{device}\n{:17}", "");
    } else {
        let _ = write!(text, "{device:<17}");
    }
    let (local, platform) = (three(name), hello.platform);
    let _ = writeln!(text, "{local:<18}{hold:<11}{:>10}  {platform:<10}{port}", "R I");
}

/// `Gig 1`, as only CDP has it.
fn three(name: &InterfaceName) -> String {
    let word: String = name.kind().long().chars().take(3).collect();
    format!("{word} {}", name.number())
}

fn detail(text: &mut String, name: &InterfaceName, entry: &Entry, now: Time) {
    let hello = &entry.hello;
    let (device, platform, version) = (&hello.device, hello.platform, hello.version);
    let (port, hold) = (&hello.port, entry.remaining_secs(now));
    let address = hello.address.map(|address| format!("  IP address: {address}\n"));
    let address = address.unwrap_or_default();
    let _ = write!(
        text,
        "-------------------------
Device ID: {device}
Entry address(es): 
{address}Platform: cisco {platform},  Capabilities: Router IGMP 
Interface: {name},  Port ID (outgoing port): {port}
Holdtime : {hold} sec

Version :
{version}

advertisement version: 2
Duplex: full
Management address(es): 
{address}
"
    );
}
