//! `show ip ospf`: which table is asked for, and of which processes.

use std::fmt::Write as _;

use cli::{Args, Kind, No, Token, kw, one_of, opt, param};

use super::{Process, database, processes, show_interface, show_process};
use crate::command::{Command, Handler, Mode, Reply};
use crate::feature::routing::tokens::PROCESS;
use crate::session::Session;
use crate::turn::Turn;

const SHOW: Token = kw("show", "Show running system information");
const IP: Token = kw("ip", "IP information");
const OSPF: Token = kw("ospf", "OSPF information");
const NUMBER: Token = opt(&[param("process", PROCESS, "Process ID number")]);

/// The commands of this file.
pub(crate) const COMMANDS: &[Command] = &[
    show(&[SHOW, IP, OSPF, NUMBER], whole),
    show(
        &[
            SHOW,
            IP,
            OSPF,
            NUMBER,
            kw("interface", "Interface information"),
            opt(&[one_of(&[
                &[kw("brief", "Display summary information")],
                &[
                    param("interface", Kind::Interface, "Interface"),
                    opt(&[kw("brief", "Display summary information")]),
                ],
            ])]),
        ],
        interface,
    ),
    show(
        &[
            SHOW,
            IP,
            OSPF,
            NUMBER,
            kw("neighbor", "Neighbor list"),
            opt(&[one_of(&[
                &[kw("detail", "Detail of all neighbors")],
                &[kw("summary", "Summary of all neighbors")],
                &[param("neighbor", Kind::Ipv4, "Neighbor ID"), DETAIL],
                &[param("interface", Kind::Interface, "Interface"), DETAIL],
            ])]),
        ],
        neighbor,
    ),
    show(
        &[
            SHOW,
            IP,
            OSPF,
            NUMBER,
            kw("database", "Database summary"),
            opt(&[one_of(&[
                &[kw("router", "Router link states")],
                &[kw("self-originate", "Self-originated link states")],
                &[kw("network", "Network link states")],
                &[kw("summary", "Network summary link states")],
                &[kw("asbr-summary", "ASBR summary link states")],
                &[kw("external", "External link states")],
                &[kw("nssa-external", "NSSA External link states")],
            ])]),
        ],
        database_of,
    ),
    show(
        &[SHOW, IP, OSPF, NUMBER, kw("border-routers", "Border and Boundary Router Information")],
        border_routers,
    ),
    show(&[SHOW, IP, OSPF, NUMBER, kw("virtual-links", "Virtual link information")], neighbor),
    show(&[SHOW, IP, OSPF, NUMBER, kw("request-list", "Link state request list")], neighbor),
    show(
        &[SHOW, IP, OSPF, NUMBER, kw("retransmission-list", "Link state retransmission list")],
        neighbor,
    ),
];

const DETAIL: Token = opt(&[kw("detail", "Detail of all neighbors")]);

const fn show(syntax: &'static [Token], run: Handler) -> Command {
    Command { modes: &[Mode::Exec], privilege: 1, syntax, no: No::Without, run }
}

/// The processes that are asked for, or what the router says of one that is not there.
fn wanted<'a>(turn: &'a Turn<'_>, args: &Args) -> Result<Vec<Process<'a>>, Reply> {
    let number = args.number("process");
    let is_wanted = |process: &Process<'_>| number.is_none_or(|n| n == u64::from(process.number));
    let found: Vec<Process<'a>> = processes(turn.state).filter(is_wanted).collect();
    match (found.is_empty(), number) {
        (true, Some(number)) => {
            Err(Reply::Refused(format!("%OSPF: No router process {number} is configured\n")))
        }
        (_, _) => Ok(found),
    }
}

fn not_running(process: &Process<'_>) -> String {
    let number = process.number;
    format!("%OSPF: Router process {number} is not running, please configure a router-id\n")
}

fn whole(turn: &mut Turn<'_>, _: &mut Session, args: &Args) -> Reply {
    let found = match wanted(turn, args) {
        Ok(found) => found,
        Err(reply) => return reply,
    };
    let text = |process: &Process<'_>| match process.id() {
        Some(id) => show_process::text(turn, process, id),
        None => not_running(process),
    };
    Reply::Text(found.iter().map(text).collect::<Vec<_>>().join("\n"))
}

fn interface(turn: &mut Turn<'_>, _: &mut Session, args: &Args) -> Reply {
    let found = match wanted(turn, args) {
        Ok(found) => found,
        Err(reply) => return reply,
    };
    let only = args.interface("interface");
    let mut text = String::new();
    for process in &found {
        let mut ports = process.ports(turn.state);
        ports.retain(|port| only.is_none_or(|name| *name == port.link.name));
        for (index, port) in ports.iter().enumerate() {
            if args.has("brief") {
                if text.is_empty() {
                    text.push_str(show_interface::BRIEF_HEAD);
                }
                show_interface::brief(&mut text, turn, process, port);
            } else {
                show_interface::block(&mut text, turn, (process, port), index + 1);
            }
        }
    }
    match only {
        Some(name) if text.is_empty() && turn.state.interfaces.get(name).is_none() => {
            Reply::Invalid { column: args.column("interface") }
        }
        Some(name) if text.is_empty() && !found.is_empty() => {
            Reply::Refused(format!("%OSPF: OSPF not enabled on {name}\n"))
        }
        Some(_) | None => Reply::Text(text),
    }
}

/// There is none.
fn neighbor(turn: &mut Turn<'_>, _: &mut Session, args: &Args) -> Reply {
    match wanted(turn, args) {
        Ok(found) => {
            let silent = found.iter().filter(|process| process.id().is_none());
            Reply::Text(silent.map(not_running).collect())
        }
        Err(reply) => reply,
    }
}

fn border_routers(turn: &mut Turn<'_>, _: &mut Session, args: &Args) -> Reply {
    let found = match wanted(turn, args) {
        Ok(found) => found,
        Err(reply) => return reply,
    };
    let mut text = String::new();
    for process in &found {
        let Some(id) = process.id() else { continue };
        let number = process.number;
        let _ = write!(
            text,
            "\n            OSPF Router with ID ({id}) (Process ID {number})\n\n\n\
             \t\tBase Topology (MTID 0)\n\nInternal Router Routing Table\n\
             Codes: i - Intra-area route, I - Inter-area route\n\n"
        );
    }
    Reply::Text(text)
}

fn database_of(turn: &mut Turn<'_>, _: &mut Session, args: &Args) -> Reply {
    let found = match wanted(turn, args) {
        Ok(found) => found,
        Err(reply) => return reply,
    };
    let kinds = ["network", "summary", "asbr-summary", "external", "nssa-external"];
    let of_others = kinds.iter().any(|kind| args.has(kind));
    let mut text = String::new();
    for process in &found {
        match process.id() {
            Some(id) if args.has("router") => database::routers(&mut text, turn, process, id),
            Some(id) => database::summary(&mut text, turn, (process, id), of_others),
            None => text += &not_running(process),
        }
    }
    Reply::Text(text)
}
