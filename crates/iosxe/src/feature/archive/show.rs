//! `show archive log config` and `clear archive log config`.

use std::fmt::Write as _;

use cli::{Args, Kind, No, Token, kw, one_of, opt, param};

use super::Line;
use crate::command::{Command, Mode, Reply};
use crate::session::Session;
use crate::turn::Turn;

const INDEX: Kind = Kind::Integer { min: 1, max: 2_147_483_647 };
const ARCHIVE: Token = kw("archive", "Archive of the running configuration information");
const LOG: Token = kw("log", "Summary of logged commands");
const CONFIG: Token = kw("config", "Summary of logged commands");

/// The commands of this file.
pub(crate) const COMMANDS: &[Command] = &[
    Command {
        modes: &[Mode::Exec],
        privilege: 15,
        syntax: &[
            kw("show", "Show running system information"),
            ARCHIVE,
            LOG,
            CONFIG,
            one_of(&[
                &[
                    kw("all", "Display all log entries"),
                    opt(&[kw("provisioning", "Display in provisioning format")]),
                ],
                &[
                    param("first", INDEX, "Starting record number"),
                    opt(&[param("last", INDEX, "Ending record number")]),
                ],
            ]),
        ],
        no: No::Without,
        run: show,
    },
    Command {
        modes: &[Mode::Exec],
        privilege: 15,
        syntax: &[
            kw("clear", "Reset functions"),
            ARCHIVE,
            LOG,
            CONFIG,
            opt(&[kw("force", "Clear without a question")]),
        ],
        no: No::Without,
        run: clear,
    },
];

const HEADER: &str = " idx   sess           user@line      Logged command\n";

fn show(turn: &mut Turn<'_>, _: &mut Session, args: &Args) -> Reply {
    let log = &turn.state.archive.log;
    if !log.is_enabled {
        return Reply::Refused("% Config Logger disabled.\n".into());
    }
    let (first, last) = match (args.number("first"), args.number("last")) {
        (None, _) => (0, u64::MAX),
        (Some(only), None) => (only, only),
        (Some(first), Some(last)) => (first, last),
    };
    let provisioning = args.has("provisioning");
    let mut text = if provisioning { String::new() } else { HEADER.to_owned() };
    let asked = |line: &&Line| (first..=last).contains(&line.index.into());
    for line in log.lines.iter().filter(asked) {
        let Line { nested, command, .. } = line;
        let _ = match provisioning {
            true => writeln!(text, "{:nested$}{command}", ""),
            false => writeln!(text, "{}", row(line)),
        };
    }
    Reply::Text(text)
}

/// `    9     3        console@console  |archive `: the command behind the bar, indented as deep as
/// it was typed.
fn row(line: &Line) -> String {
    let Line { index, visit, user, line, nested, command } = line;
    format!("{index:>5}{visit:>6}{user:>15}@{line:<9}|{:nested$}{command}", "")
}

/// IOS asks unless `force` is said; its own words for the question are not known.
fn clear(turn: &mut Turn<'_>, _: &mut Session, args: &Args) -> Reply {
    if args.has("force") {
        turn.state.archive.log.lines.clear();
        return Reply::Done;
    }
    Reply::Ask { question: "Clear config log [confirm]".into(), echo: true, then: cleared }
}

fn cleared(turn: &mut Turn<'_>, _: &mut Session, answer: &str) -> Reply {
    if matches!(answer.trim(), "" | "y" | "Y" | "yes") {
        turn.state.archive.log.lines.clear();
    }
    Reply::Done
}
