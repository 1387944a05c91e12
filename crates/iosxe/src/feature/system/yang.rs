//! `show netconf-yang ...`, `show platform software yang-management process`: whether the router
//! is managed by models. `netconf-yang` and `restconf` are kept lines; nobody has a session yet.

use std::fmt::Write as _;

use cli::{Args, No, Token, kw, opt};

use crate::command::{Command, Handler, Mode, Reply};
use crate::device::State;
use crate::session::Session;
use crate::turn::Turn;

const SHOW: Token = kw("show", "Show running system information");
const NETCONF: Token = kw("netconf-yang", "Show netconf-yang");

/// The commands of this file.
pub(crate) const COMMANDS: &[Command] = &[
    show(&[SHOW, NETCONF, kw("sessions", "Show netconf-yang sessions")], sessions),
    show(&[SHOW, NETCONF, kw("datastores", "Show netconf-yang datastores")], datastores),
    show(
        &[
            SHOW,
            kw("platform", "Show platform information"),
            kw("software", "Show platform software information"),
            kw("yang-management", "Show platform software yang-management information"),
            kw("process", "Show platform software yang-management process information"),
            opt(&[kw("state", "Show state of the processes")]),
        ],
        processes,
    ),
];

const fn show(syntax: &'static [Token], run: Handler) -> Command {
    Command { modes: &[Mode::Exec], privilege: 1, syntax, no: No::Without, run }
}

/// Whether this line stands in the configuration.
fn has(state: &State, line: &str) -> bool {
    state.inert.lines(line).any(str::is_empty)
}

fn sessions(_: &mut Turn<'_>, _: &mut Session, _: &Args) -> Reply {
    Reply::Text("There are no active sessions\n".into())
}

fn datastores(turn: &mut Turn<'_>, _: &mut Session, _: &Args) -> Reply {
    let mut text = String::from("Datastore Name             : running\n");
    if has(turn.state, "netconf-yang feature candidate-datastore") {
        text.push_str("Datastore Name             : candidate\n");
    }
    Reply::Text(text)
}

/// The processes, and what starts each.
const PROCESSES: [(&str, &[&str]); 9] = [
    ("confd", &["netconf-yang", "restconf"]),
    ("nesd", &["netconf-yang", "restconf"]),
    ("syncfd", &["netconf-yang", "restconf"]),
    ("ncsshd", &["netconf-yang"]),
    ("dmiauthd", &["netconf-yang", "restconf"]),
    ("nginx", &["ip http server", "ip http secure-server"]),
    ("ndbmand", &["netconf-yang", "restconf"]),
    ("pubd", &["netconf-yang", "restconf"]),
    ("gnmib", &[]),
];

fn processes(turn: &mut Turn<'_>, _: &mut Session, args: &Args) -> Reply {
    let mut text = String::new();
    if args.has("state") {
        text.push_str(
            "Confd Status: Started\n\nProcess                  Status               State     \n\
             -------------------------------------------------------\n",
        );
    }
    for (name, starts) in PROCESSES {
        let runs = starts.iter().any(|line| has(turn.state, line));
        let word = if runs { "Running" } else { "Not Running" };
        let state = if runs { "Active" } else { "Not Applicable" };
        let _ = match args.has("state") {
            true => writeln!(text, "{name:<24} {word:<20} {state:<10}"),
            false => writeln!(text, "{name:<16} : {word}"),
        };
    }
    text.push('\n');
    Reply::Text(text)
}
