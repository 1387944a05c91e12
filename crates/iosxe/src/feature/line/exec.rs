//! `clear line`: a session of somebody else is cut.

use cli::{Args, Kind, No, kw, one_of, param};

use super::VTY_FIRST_NUMBER;
use crate::command::{Command, Mode, Reply};
use crate::session::Session;
use crate::terminal;
use crate::turn::Turn;

/// The commands of this file.
pub(crate) const COMMANDS: &[Command] = &[Command {
    modes: &[Mode::Exec],
    privilege: 15,
    syntax: &[
        kw("clear", "Reset functions"),
        kw("line", "Reset a terminal line"),
        one_of(&[
            &[
                kw("vty", "Virtual terminal"),
                param("vty", Kind::Integer { min: 0, max: 97 }, "Line number"),
            ],
            &[
                kw("console", "Primary terminal line"),
                param("console", Kind::Integer { min: 0, max: 0 }, "Line number"),
            ],
            &[param("line", Kind::Integer { min: 0, max: 99 }, "Line number")],
        ]),
    ],
    no: No::Without,
    run: clear,
}];

/// The dialogue keeps the VTY, or nothing for another line.
fn clear(turn: &mut Turn<'_>, session: &mut Session, args: &Args) -> Reply {
    let line = args.number("line").and_then(|line| line.checked_sub(VTY_FIRST_NUMBER.into()));
    let vty = args.number("vty").or(line);
    let count = turn.state.lines.vty.len();
    if vty.is_some_and(|vty| usize::try_from(vty).map_or(true, |vty| vty >= count)) {
        return Reply::Invalid { column: args.column("vty").min(args.column("line")) };
    }
    if vty.is_some() && session.origin.vty().map(u64::from) == vty {
        return Reply::Refused("% Not allowed to clear current line\n".into());
    }
    session.draft = vty.map(|vty| vty.to_string()).unwrap_or_default();
    Reply::Ask { question: "[confirm]".into(), echo: true, then: confirmed }
}

fn confirmed(turn: &mut Turn<'_>, session: &mut Session, answer: &str) -> Reply {
    if !matches!(answer.trim(), "" | "y" | "Y" | "yes") {
        return Reply::Done;
    }
    if let Ok(vty) = session.draft.parse() {
        terminal::cut(turn, vty);
    }
    Reply::Text(" [OK]\n".into())
}
