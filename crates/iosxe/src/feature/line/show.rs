//! `show users`, `show line`, `show tcp brief`

use std::fmt::Write as _;

use cli::{Args, No, Token, kw, opt};
use simtime::Time;

use super::{Occupant, VTY_FIRST_NUMBER};
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
            Origin::Console | Origin::Memory => None,
        }
    }
}
