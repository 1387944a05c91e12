//! `show terminal`, `show aliases`, `terminal exec prompt`, `send`, `telnet`: what a terminal has
//! beside its settings.

use std::fmt::Write as _;

use cli::{Args, Kind, No, Token, kw, opt, param};

use super::alias;
use crate::command::{Command, Handler, Mode, Reply};
use crate::feature::line;
use crate::session::Session;
use crate::turn::Turn;

/// The commands of this file.
pub(crate) const COMMANDS: &[Command] = &[
    exec(&[SHOW, kw("terminal", "Display terminal configuration parameters")], terminal),
    exec(&[SHOW, kw("aliases", "Display alias commands")], aliases),
    exec(
        &[
            kw("terminal", "Set terminal line parameters"),
            opt(&[kw("no", "Negate a command or set its defaults")]),
            kw("exec", "EXEC settings"),
            kw("prompt", "EXEC prompt settings"),
            kw("timestamp", "Print timestamps for show commands"),
        ],
        nothing,
    ),
    exec(&[kw("telnet", "Open a telnet connection"), HOST], connect),
    exec(&[kw("ssh", "Open a secure shell client connection"), HOST], connect),
    exec(&[kw("connect", "Open a terminal connection"), HOST], connect),
];

const HOST: Token = param("host", Kind::Line, "IP address or hostname of a remote system");
const SHOW: Token = kw("show", "Show running system information");

const fn exec(syntax: &'static [Token], run: Handler) -> Command {
    Command { modes: &[Mode::Exec], privilege: 1, syntax, no: No::Without, run }
}

fn terminal(turn: &mut Turn<'_>, session: &mut Session, _: &Args) -> Reply {
    let vty = session.origin.vty();
    let number = vty.map_or(0, |vty| line::VTY_FIRST_NUMBER + vty);
    let lines = &turn.state.lines;
    let history = vty.map(|vty| lines.terminal_defaults(vty)).unwrap_or_default().history;
    let below = line::show::terminal(lines, vty, history, turn.now);
    let (length, width) = (session.settings.length, session.settings.width);
    Reply::Text(format!(
        "Line {number}, Location: \"\", Type: \"xterm\"\n\
         Length: {length} lines, Width: {width} columns\n{below}"
    ))
}

/// The short forms that every router has, and those that are configured.
fn aliases(turn: &mut Turn<'_>, _: &mut Session, _: &Args) -> Reply {
    let mut text = String::from("Exec mode aliases:\n");
    for (short, long) in alias::BUILT_IN {
        let _ = writeln!(text, "  {short:<21} {long}");
    }
    for line in turn.state.inert.lines("alias exec") {
        let (short, long) = line.split_once(' ').unwrap_or((line, ""));
        let _ = writeln!(text, "  {short:<21} {long}");
    }
    Reply::Text(text)
}

fn nothing(_: &mut Turn<'_>, _: &mut Session, _: &Args) -> Reply {
    Reply::Done
}

/// No router here opens a terminal at another one.
fn connect(_: &mut Turn<'_>, _: &mut Session, args: &Args) -> Reply {
    let words: Vec<&str> = args.text("host").unwrap_or_default().split(' ').collect();
    let host = words.iter().rev().find(|word| word.parse::<std::net::Ipv4Addr>().is_ok());
    match host {
        Some(host) => Reply::Refused(format!(
            "Trying {host} ...\n% Connection timed out; remote host not responding\n\n"
        )),
        None => Reply::Refused("% Bad IP address or host name\n".into()),
    }
}
