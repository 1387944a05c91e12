//! `show users`, `show line`, `show tcp brief`

use std::fmt::Write as _;

use cli::{Args, No, Token, kw, opt};
use simtime::{Duration, Time};

use super::{Lines, Occupant, VTY_FIRST_NUMBER};
use crate::command::{Command, Handler, Mode, Reply};
use crate::session::{Origin, Session};
use crate::turn::Turn;

/// The commands of this file.
pub(crate) const COMMANDS: &[Command] = &[Command {
    modes: &[Mode::Exec],
    privilege: 1,
    syntax: &[
        kw("show", "Show running system information"),
        kw("users", "Display information about terminal lines"),
        opt(&[kw("all", "Include information about inactive ports")]),
    ],
    no: No::Without,
    run: show_users,
}];

/// What else lists who is there.
pub(crate) const OTHERS: &[Command] = &[
    other(&[kw("who", "Display information about terminal lines")], show_users),
    other(&[kw("systat", "Display information about terminal lines")], show_users),
    other(&[kw("where", "List active connections")], no_connections),
    other(
        &[kw("show", "Show running system information"), kw("line", "TTY line information")],
        show_lines,
    ),
    other(
        &[
            kw("show", "Show running system information"),
            kw("tcp", "Status of TCP connections"),
            kw("brief", "Brief display"),
            opt(&[kw("all", "All endpoints")]),
        ],
        show_tcp,
    ),
];

const fn other(syntax: &'static [Token], run: Handler) -> Command {
    Command { modes: &[Mode::Exec], privilege: 1, syntax, no: No::Without, run }
}

fn no_connections(_: &mut Turn<'_>, _: &mut Session, _: &Args) -> Reply {
    Reply::Refused("% No connections open\n".into())
}

fn show_lines(turn: &mut Turn<'_>, session: &mut Session, _: &Args) -> Reply {
    let lines = &turn.state.lines;
    let mut text = String::from(
        "   Tty Typ     Tx/Rx    A Modem  Roty AccO AccI   Uses   Noise  Overruns   Int\n",
    );
    let mut row = |star: char, number: u32, kind: &str, speed: &str, uses: u32| {
        let _ = writeln!(
            text,
            "{star}{number:>6} {kind}  {speed:>10} -    -      -    -    - {uses:>6}       0     \
             0/0      -"
        );
    };
    row(' ', 0, "CTY", "", 0);
    row(' ', 1, "AUX", "9600/9600", 0);
    for vty in (0..).take(lines.vty.len()) {
        let own = session.origin.vty() == Some(vty);
        let taken = lines.taken.contains_key(&vty);
        let star = if own || taken { '*' } else { ' ' };
        row(star, VTY_FIRST_NUMBER + vty, "VTY", "", u32::from(taken));
    }
    Reply::Text(text)
}

/// What `show terminal` says of the line of a session, below its size. What a router of software
/// has no hardware for stands as a VTY of IOS XE 17 shows it.
pub(crate) fn terminal(lines: &Lines, vty: Option<u32>, history: usize, now: Time) -> String {
    let line = vty.map_or(Some(&lines.console), |vty| lines.line(vty)).unwrap_or(&lines.console);
    let clock = |span: Duration| {
        let secs = span.as_secs();
        format!("{:02}:{:02}:{:02}", secs / 3600, secs / 60 % 60, secs % 60)
    };
    let idle = line.exec_timeout.map_or("never".to_owned(), clock);
    let session = line.absolute_timeout.map_or("none".to_owned(), clock);
    let occupant = vty.and_then(|vty| lines.taken.get(&vty));
    let age = occupant.map_or("never".to_owned(), |occupant| clock(now.since(occupant.since)));
    let input = match (vty, line.transport) {
        (None, _) => "none",
        (Some(_), None) => "ssh",
        (Some(_), Some(transport)) => transport.words(),
    };
    let preferred = if line.prefers_none { "none" } else { "telnet" };
    let history = match history {
        0 => "History is disabled".to_owned(),
        size => format!("History is enabled, history size is {size}"),
    };
    format!(
        "Baud rate (TX/RX) is 9600/9600\n\
         Status: PSI Enabled, Ready, Active, No Exit Banner\n\
         Capabilities: none\nModem state: Ready\nGroup codes:    0\n\
         Timeouts:      Idle EXEC    Idle Session   Modem Answer  Session   Dispatch\n\
         \x20              \
         {idle:<12} never                        {session:<9} not set\n\
         Time since activation: {age}\nEditing is enabled.\n{history}.\n\
         DNS resolution in show commands is enabled\nFull user help is disabled\n\
         Allowed input transports are {input}.\nAllowed output transports are telnet ssh.\n\
         Preferred transport is {preferred}.\nShell: disabled\nShell trace: off\n\
         No output characters are padded\nNo special data dispatching characters\n"
    )
}

fn show_tcp(turn: &mut Turn<'_>, _: &mut Session, args: &Args) -> Reply {
    let own = turn.state.interfaces.source_address(None);
    let own = own.map_or("0.0.0.0".to_owned(), |own| own.to_string());
    let mut text =
        String::from("TCB       Local Address               Foreign Address             (state)\n");
    let mut row = |number: u32, local: String, foreign: &str, state: &str| {
        let _ = writeln!(text, "{number:08X}  {local:<27} {foreign:<27} {state}");
    };
    for (vty, occupant) in &turn.state.lines.taken {
        if !occupant.location.starts_with("EEM:") {
            let foreign = format!("{}.{}", occupant.location, 50_000 + vty);
            row(0x1000 + vty, format!("{own}.22"), &foreign, "ESTAB");
        }
    }
    if args.has("all") {
        row(0xFFF, "*.22".to_owned(), "*.*", "LISTEN");
    }
    Reply::Text(text)
}

/// Above the rows of lines, and below them: the second table lists PPP and the like, of which there
/// is none here.
const HEADER: &str = "    Line       User       Host(s)              Idle       Location\n";
const FOOTER: &str = "\n  Interface    User               Mode         Idle     Peer Address\n\n";

fn show_users(turn: &mut Turn<'_>, session: &mut Session, args: &Args) -> Reply {
    let lines = &turn.state.lines;
    let mut text = HEADER.to_owned();
    if args.has("all") {
        row(&mut text, false, 0, "con 0", None, turn.now);
        row(&mut text, false, 1, "aux 0", None, turn.now);
    }
    for vty in (0..).take(lines.vty.len()) {
        let occupant = lines.taken.get(&vty);
        if occupant.is_some() || args.has("all") {
            let own = session.origin.vty() == Some(vty);
            let name = format!("vty {vty}");
            row(&mut text, own, VTY_FIRST_NUMBER + vty, &name, occupant, turn.now);
        }
    }
    Reply::Text(text + FOOTER)
}

/// One line of the table, its columns those of IOS XE 17; the own line has a star.
fn row(
    text: &mut String,
    own: bool,
    number: u32,
    name: &str,
    occupant: Option<&Occupant>,
    now: Time,
) {
    let star = if own { '*' } else { ' ' };
    let (user, location) = occupant.map_or(("", ""), |o| (o.user.as_str(), o.location.as_str()));
    let host = if occupant.is_some() { "idle" } else { "" };
    let idle = occupant.map_or(0, |occupant| now.since(occupant.active).as_secs());
    let (hours, minutes, seconds) = (idle / 3600, idle / 60 % 60, idle % 60);
    let idle = format!("{hours:02}:{minutes:02}:{seconds:02}");
    writeln!(text, "{star}{number:3} {name:9} {user:10} {host:20} {idle} {location}")
        .expect("writing to a String does not fail");
}

impl Origin {
    /// The VTY of a session that has one.
    pub(crate) fn vty(&self) -> Option<u32> {
        match self {
            Origin::Vty { vty, .. } | Origin::Applet { vty, .. } => Some(*vty),
            Origin::Console | Origin::Memory | Origin::Program(_) => None,
        }
    }
}
