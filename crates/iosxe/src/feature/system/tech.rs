//! `show tech-support`: what the router's other commands print, one after the other.

use cli::{Args, Kind, No, kw, opt, param};

use crate::command::{Command, Mode, Reply};
use crate::exec;
use crate::session::Session;
use crate::turn::Turn;

/// The commands of this file.
pub(crate) const COMMANDS: &[Command] = &[Command {
    modes: &[Mode::Exec],
    privilege: 15,
    syntax: &[
        kw("show", "Show running system information"),
        kw("tech-support", "Show system information for Tech-Support"),
        opt(&[param("part", Kind::Line, "A part of it")]),
    ],
    no: No::Without,
    run: show,
}];

/// What it is made of.
const PARTS: [&str; 14] = [
    "show clock",
    "show version",
    "show running-config",
    "show inventory",
    "show ip interface brief",
    "show interfaces",
    "show ip route",
    "show ip arp",
    "show cdp neighbors detail",
    "show processes cpu sorted",
    "show processes memory sorted",
    "show environment all",
    "dir",
    "show logging",
];

fn show(turn: &mut Turn<'_>, session: &mut Session, _: &Args) -> Reply {
    let mut text = String::new();
    for part in PARTS {
        text.push_str(&format!("\n------------------ {part} ------------------\n\n"));
        match exec::run_exec(turn, session, part, 0) {
            Reply::Text(said) | Reply::Refused(said) => text.push_str(&said),
            Reply::Done
            | Reply::Invalid { .. }
            | Reply::Incomplete
            | Reply::Enter(_)
            | Reply::Ask { .. }
            | Reply::Pending
            | Reply::Logout => {}
        }
    }
    Reply::Text(text)
}
