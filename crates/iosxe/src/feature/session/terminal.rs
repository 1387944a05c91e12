//! `terminal length`, `terminal width`, `terminal monitor`, `terminal history`, `show history`.

use cli::{Args, HISTORY_LINES_MAX, Kind, No, Token, kw, one_of, opt, param};

use crate::command::{Command, Mode, Reply};
use crate::feature::line::TerminalDefaults;
use crate::feature::line::config::TERMINAL_SIZE_MAX;
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
            &[
                kw("history", "Enable and control the command history function"),
                opt(&[kw("size", "Set history buffer size")]),
            ],
            &[kw("length", "Set number of lines on a screen")],
            &[kw("width", "Set width of the display terminal")],
            OTHERS,
        ]),
    ],
    OTHERS,
]);

/// What a terminal over SSH has no use for.
const OTHERS: &[Token] = &[one_of(&[
    &[kw("editing", "Enable command line editing")],
    &[kw("full-help", "Provide help to unprivileged user")],
    &[
        kw("escape-character", "Change the current line's escape character"),
        param("character", Kind::Word, "Escape character or its ASCII decimal equivalent"),
    ],
    &[kw("type", "Set the terminal type"), param("type", Kind::Word, "Terminal type")],
])];

/// How many lines `terminal history` keeps when it is turned on again.
const HISTORY_LINES_DEFAULT: u64 = 20;

fn set(turn: &mut Turn<'_>, session: &mut Session, args: &Args) -> Reply {
    let size = |name| args.number(name).and_then(|number| u16::try_from(number).ok());
    let defaults = TerminalDefaults::default().settings;
    if args.has("length") {
        session.settings.length = size("length").unwrap_or(defaults.length);
    }
    if args.has("width") {
        session.settings.width = size("width").unwrap_or(defaults.width);
    }
    if args.has("monitor")
        && let Origin::Vty { session: id, vty, .. } = session.origin
    {
        let terminals = &mut turn.state.terminals;
        if args.has("no") { terminals.monitor_no_more(id) } else { terminals.monitor_at(id, vty) }
    }
    if args.has("history") {
        // `terminal no history` keeps nothing; with `size` behind it, the default again.
        let off = args.has("no") && !args.has("size");
        let lines = if off { Some(0) } else { args.number("lines") };
        session.histories.set_size(lines.unwrap_or(HISTORY_LINES_DEFAULT) as usize);
    }
    Reply::Done
}

fn show_history(_: &mut Turn<'_>, session: &mut Session, _: &Args) -> Reply {
    let history = session.histories.of(session.mode() != Mode::Exec);
    Reply::Text(history.lines().map(|line| format!("  {line}\n")).collect())
}
