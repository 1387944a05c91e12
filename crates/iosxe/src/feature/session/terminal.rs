//! `terminal length`, `terminal width`, `terminal monitor`, `terminal history`, `show history`.

use cli::{Args, HISTORY_LINES_MAX, Kind, No, Token, kw, one_of, opt, param};

use crate::command::{Command, Mode, Reply};
use crate::feature::line::config::TERMINAL_SIZE_MAX;
use crate::io::SessionId;
use crate::session::{Origin, Session};
use crate::turn::Turn;

const SIZE: Kind = Kind::Integer { min: 0, max: TERMINAL_SIZE_MAX };
const HISTORY: Kind = Kind::Integer { min: 0, max: HISTORY_LINES_MAX as u64 };

/// The commands of this file.
pub(crate) const COMMANDS: &[Command] = &[
    Command {
        modes: &[Mode::Exec],
        privilege: 1,
        syntax: &[kw("terminal", "Set terminal line parameters"), SETTING],
        no: No::Without,
        run: set,
    },
    Command {
        modes: &[Mode::Exec],
        privilege: 1,
        syntax: &[
            kw("show", "Show running system information"),
            kw("history", "Display the session command history"),
        ],
        no: No::Without,
        run: show_history,
    },
];

const SETTING: Token = one_of(&[
    &[
        kw("length", "Set number of lines on a screen"),
        param("length", SIZE, "Number of lines on screen (0 for no pausing)"),
    ],
    &[
        kw("width", "Set width of the display terminal"),
        param("width", SIZE, "Number of characters on a screen line"),
    ],
    &[kw("monitor", "Copy debug output to the current terminal line")],
    &[
        kw("history", "Enable and control the command history function"),
        opt(&[
            kw("size", "Set history buffer size"),
            param("lines", HISTORY, "Size of history buffer"),
        ]),
    ],
    &[
        kw("no", "Negate a command or set its defaults"),
        one_of(&[
            &[kw("monitor", "Copy debug output to the current terminal line")],
            &[kw("history", "Enable and control the command history function")],
        ]),
    ],
]);

/// How many lines `terminal history` keeps when it is turned on again.
const HISTORY_LINES_DEFAULT: u64 = 20;

fn set(turn: &mut Turn<'_>, session: &mut Session, args: &Args) -> Reply {
    let size = |name| args.number(name).and_then(|number| u16::try_from(number).ok());
    if let Some(length) = size("length") {
        session.settings.length = length;
    }
    if let Some(width) = size("width") {
        session.settings.width = width;
    }
    if args.has("monitor")
        && let Some(id) = client(session)
    {
        turn.state.terminals.set_monitor(id, !args.has("no"));
    }
    if args.has("history") {
        let lines = if args.has("no") { Some(0) } else { args.number("lines") };
        session.histories.set_size(lines.unwrap_or(HISTORY_LINES_DEFAULT) as usize);
    }
    Reply::Done
}

fn client(session: &Session) -> Option<SessionId> {
    match session.origin {
        Origin::Vty { session, .. } => Some(session),
        Origin::Console | Origin::Memory | Origin::Applet { .. } => None,
    }
}

fn show_history(_: &mut Turn<'_>, session: &mut Session, _: &Args) -> Reply {
    let history = session.histories.of(session.mode() != Mode::Exec);
    Reply::Text(history.lines().map(|line| format!("  {line}\n")).collect())
}
