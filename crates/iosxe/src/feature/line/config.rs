//! `line con 0`, `line vty 0 4`, and what stands below them.

use cli::{Args, HISTORY_LINES_MAX, Kind, No, any_of, kw, one_of, opt, param};
use simtime::Duration;

use super::{
    EXEC_TIMEOUT_DEFAULT, HISTORY_LINES_DEFAULT, LENGTH_DEFAULT, Line, LineKind, Lines, Login,
    Synchronous, Transport, VTY_COUNT_DEFAULT, VTY_COUNT_MAX, WIDTH_DEFAULT,
};
use crate::command::{Command, Mode, Place, Reply};
use crate::feature::user::{Credential, encryption};
use crate::session::Session;
use crate::turn::Turn;

/// `exec-timeout` takes minutes up to this.
const EXEC_TIMEOUT_MINUTES_MAX: u64 = 35_791;

/// A terminal has at most so many lines and columns.
pub(crate) const TERMINAL_SIZE_MAX: u64 = 512;

/// The commands of this file.
pub(crate) const COMMANDS: &[Command] = &[
    Command {
        modes: &[Mode::Config],
        privilege: 15,
        syntax: &[
            kw("line", "Configure a terminal line"),
            one_of(&[
                &[kw("console", "Primary terminal line"), param("first", ONLY_ZERO, "Line number")],
                &[kw("con", "Primary terminal line"), param("first", ONLY_ZERO, "Line number")],
                &[kw("aux", "Auxiliary line"), param("first", ONLY_ZERO, "Line number")],
                &[
                    kw("vty", "Virtual terminal"),
                    param("first", VTY_NUMBER, "First Line number"),
                    opt(&[param("last", VTY_NUMBER, "Last Line number")]),
                ],
            ]),
        ],
        no: No::Allowed,
        run: enter,
    },
    in_line(
        &[kw("login", "Enable password checking"), opt(&[kw("local", "Local password checking")])],
        login,
    ),
    in_line(
        &[
            kw("login", "Enable password checking"),
            kw("authentication", "Authentication parameters."),
            LIST,
        ],
        login_list,
    ),
    in_line(
        &[
            kw("authorization", "Authorization parameters"),
            kw("exec", "For starting an exec (shell)"),
            LIST,
        ],
        exec_list,
    ),
    in_line(
        &[
            kw("password", "Set a password"),
            one_of(&[
                &[
                    kw("0", "Specifies an UNENCRYPTED password will follow"),
                    param("secret", Kind::Line, "The UNENCRYPTED (cleartext) line password"),
                ],
                &[
                    kw("7", "Specifies a HIDDEN password will follow"),
                    param("secret7", Kind::Word, "The HIDDEN line password string"),
                ],
                &[param("secret", Kind::Line, "The UNENCRYPTED (cleartext) line password")],
            ]),
        ],
        password,
    ),
    in_line(
        &[
            kw("privilege", "Change privilege level for line"),
            kw("level", "Assign default privilege level for line"),
            param("level", Kind::Integer { min: 0, max: 15 }, "Default privilege level for line"),
        ],
        privilege,
    ),
    in_line(
        &[
            kw("transport", "Define transport protocols for line"),
            kw("input", "Define which protocols to use when connecting to the terminal server"),
            one_of(&[
                &[kw("all", "All protocols")],
                &[kw("none", "No protocols")],
                &[kw("ssh", "TCP/IP SSH protocol"), opt(&[kw("telnet", "TCP/IP Telnet protocol")])],
                &[kw("telnet", "TCP/IP Telnet protocol"), opt(&[kw("ssh", "TCP/IP SSH protocol")])],
            ]),
        ],
        transport_input,
    ),
    in_line(
        &[
            kw("transport", "Define transport protocols for line"),
            kw("preferred", "Specify the preferred protocol to use"),
            kw("none", "No protocols"),
        ],
        transport_preferred,
    ),
    in_line(
        &[
            kw("exec-timeout", "Set the EXEC timeout"),
            param("minutes", MINUTES, "Timeout in minutes"),
            opt(&[param("seconds", SECONDS, "Timeout in seconds")]),
        ],
        exec_timeout,
    ),
    in_line(
        &[
            kw("absolute-timeout", "Set absolute timeout for line disconnection"),
            param("number", ABSOLUTE, "Absolute timeout interval in minutes"),
        ],
        absolute_timeout,
    ),
    in_line(
        &[
            kw("logging", "Modify message logging facilities"),
            kw("synchronous", "Synchronized message output"),
            any_of(&[
                &[
                    kw("level", "Severity level to output asynchronously"),
                    one_of(&[
                        &[kw("all", "All severity levels")],
                        &[param("level", Kind::Integer { min: 0, max: 7 }, "Severity level")],
                    ]),
                ],
                &[
                    kw("limit", "Messages queue size"),
                    param("limit", Kind::Integer { min: 0, max: 2_147_483_647 }, "Messages"),
                ],
            ]),
        ],
        synchronous,
    ),
    in_line(
        &[
            kw("length", "Set number of lines on a screen"),
            param("number", SIZE, "Number of lines on screen (0 for no pausing)"),
        ],
        length,
    ),
    in_line(
        &[
            kw("width", "Set width of the display terminal"),
            param("number", SIZE, "Number of characters on a screen line"),
        ],
        width,
    ),
    in_line(
        &[
            kw("history", "Enable and control the command history function"),
            kw("size", "Set history buffer size"),
            param("number", HISTORY, "Size of history buffer"),
        ],
        history,
    ),
    in_line(
        &[
            kw("stopbits", "Set async line stop bits"),
            param("number", Kind::Integer { min: 1, max: 2 }, "Stop bits"),
        ],
        stop_bits,
    ),
];

const LIST: cli::Token = opt(&[one_of(&[
    &[kw("default", "Use the default authentication list.")],
    &[param("list", Kind::Word, "Use an authentication list with this name.")],
])]);

const ONLY_ZERO: Kind = Kind::Integer { min: 0, max: 0 };
const VTY_NUMBER: Kind = Kind::Integer { min: 0, max: VTY_COUNT_MAX as u64 - 1 };
const MINUTES: Kind = Kind::Integer { min: 0, max: EXEC_TIMEOUT_MINUTES_MAX };
const SECONDS: Kind = Kind::Integer { min: 0, max: 2_147_483 };
const ABSOLUTE: Kind = Kind::Integer { min: 0, max: 10_000 };
const SIZE: Kind = Kind::Integer { min: 0, max: TERMINAL_SIZE_MAX };
const HISTORY: Kind = Kind::Integer { min: 0, max: HISTORY_LINES_MAX as u64 };

const fn in_line(syntax: &'static [cli::Token], run: crate::command::Handler) -> Command {
    Command { modes: &[Mode::Line], privilege: 15, syntax, no: No::Allowed, run }
}

fn enter(turn: &mut Turn<'_>, _: &mut Session, args: &Args) -> Reply {
    let kind = match () {
        () if args.has("vty") => LineKind::Vty,
        () if args.has("aux") => LineKind::Auxiliary,
        () => LineKind::Console,
    };
    let Some(first) = number(args, "first") else { return Reply::Incomplete };
    let last = number(args, "last").unwrap_or(first);
    if last < first {
        return Reply::Refused("% Bad line number - VTY lines must be given in order\n".into());
    }
    if args.is_no() || args.is_default() {
        return remove(&mut turn.state.lines, kind, first);
    }
    turn.state.lines.lines_mut(kind, first..=last);
    Reply::Enter(Place::Line { kind, first, last })
}

/// `no line vty 5` takes away all from there on. The first five stay, and so do lines in use: IOS
/// names them busy.
fn remove(lines: &mut Lines, kind: LineKind, first: u32) -> Reply {
    let first = first as usize;
    let busy = lines.taken.last_key_value().is_some_and(|(vty, _)| *vty as usize >= first);
    if kind != LineKind::Vty || first < VTY_COUNT_DEFAULT || busy {
        return Reply::Refused("% Can't delete last 5 VTY lines, or lines in use\n".into());
    }
    lines.vty.truncate(first);
    Reply::Done
}

fn number(args: &Args, name: &str) -> Option<u32> {
    args.number(name).and_then(|number| u32::try_from(number).ok())
}

/// Changes every line of the place; `no` and `default` set what a line has to begin with.
fn each(
    turn: &mut Turn<'_>,
    session: &Session,
    args: &Args,
    set: impl Fn(&mut Line),
    reset: impl Fn(&mut Line),
) -> Reply {
    if let Place::Line { kind, first, last } = *session.place() {
        for line in turn.state.lines.lines_mut(kind, first..=last) {
            if args.is_no() || args.is_default() { reset(line) } else { set(line) }
        }
    }
    Reply::Done
}

fn login_list(turn: &mut Turn<'_>, session: &mut Session, args: &Args) -> Reply {
    let list = args.text("list").map(str::to_owned);
    let set = |line: &mut Line| line.lists.login.clone_from(&list);
    each(turn, session, args, set, |line| line.lists.login = None)
}

fn exec_list(turn: &mut Turn<'_>, session: &mut Session, args: &Args) -> Reply {
    let list = args.text("list").map(str::to_owned);
    let set = |line: &mut Line| line.lists.exec.clone_from(&list);
    each(turn, session, args, set, |line| line.lists.exec = None)
}

/// With `aaa new-model` the method lists count, and this changes nothing.
fn login(turn: &mut Turn<'_>, session: &mut Session, args: &Args) -> Reply {
    if turn.state.aaa.is_on() {
        return Reply::Done;
    }
    let login = if args.has("local") { Login::Local } else { Login::Password };
    each(turn, session, args, |line| line.login = login, |line| line.login = Login::None)
}

fn password(turn: &mut Turn<'_>, session: &mut Session, args: &Args) -> Reply {
    let clear = args.text("secret").map(|text| encryption::password(turn.state, text, "line"));
    let hidden = args.text("secret7").map(Credential::hidden);
    if args.text("secret7").is_some() && hidden == Some(None) {
        return Reply::Invalid { column: args.column("secret7") };
    }
    let given = clear.or(hidden.flatten());
    each(turn, session, args, |line| line.password = given.clone(), |line| line.password = None)
}

fn privilege(turn: &mut Turn<'_>, session: &mut Session, args: &Args) -> Reply {
    let level = args.number("level").and_then(|level| u8::try_from(level).ok());
    each(turn, session, args, |line| line.privilege = level, |line| line.privilege = None)
}

fn transport_input(turn: &mut Turn<'_>, session: &mut Session, args: &Args) -> Reply {
    let all = args.has("all");
    let transport = Transport { ssh: all || args.has("ssh"), telnet: all || args.has("telnet") };
    each(turn, session, args, |line| line.transport = Some(transport), |line| line.transport = None)
}

fn transport_preferred(turn: &mut Turn<'_>, session: &mut Session, args: &Args) -> Reply {
    each(turn, session, args, |line| line.prefers_none = true, |line| line.prefers_none = false)
}

/// `exec-timeout 0` never closes, and prints as `exec-timeout 0 0`.
fn exec_timeout(turn: &mut Turn<'_>, session: &mut Session, args: &Args) -> Reply {
    let minutes = args.number("minutes").unwrap_or(0);
    let most = EXEC_TIMEOUT_MINUTES_MAX * 60 + 59;
    let seconds = (minutes * 60 + args.number("seconds").unwrap_or(0)).min(most);
    let timeout = (seconds > 0).then(|| Duration::from_secs(seconds));
    let default = Some(EXEC_TIMEOUT_DEFAULT);
    let reset = if args.is_no() { None } else { default };
    each(turn, session, args, |line| line.exec_timeout = timeout, |line| line.exec_timeout = reset)
}

/// 0 is none. It counts for the sessions that begin from now on.
fn absolute_timeout(turn: &mut Turn<'_>, session: &mut Session, args: &Args) -> Reply {
    let minutes = args.number("number").filter(|minutes| *minutes > 0);
    let given = minutes.map(|minutes| Duration::from_secs(minutes * 60));
    let set = |line: &mut Line| line.absolute_timeout = given;
    each(turn, session, args, set, |line| line.absolute_timeout = None)
}

fn synchronous(turn: &mut Turn<'_>, session: &mut Session, args: &Args) -> Reply {
    let Synchronous { level, limit } = Synchronous::default();
    let all = args.has("all").then_some(0);
    let given = args.number("level").and_then(|level| u8::try_from(level).ok());
    let level = all.or(given).unwrap_or(level);
    let limit = number(args, "limit").unwrap_or(limit);
    let wanted = Some(Synchronous { level, limit });
    each(turn, session, args, |line| line.synchronous = wanted, |line| line.synchronous = None)
}

fn length(turn: &mut Turn<'_>, session: &mut Session, args: &Args) -> Reply {
    let given = size(args, LENGTH_DEFAULT);
    let set = |line: &mut Line, length| line.terminal.settings.length = length;
    each(turn, session, args, |line| set(line, given), |line| set(line, LENGTH_DEFAULT))
}

fn width(turn: &mut Turn<'_>, session: &mut Session, args: &Args) -> Reply {
    let given = size(args, WIDTH_DEFAULT);
    let set = |line: &mut Line, width| line.terminal.settings.width = width;
    each(turn, session, args, |line| set(line, given), |line| set(line, WIDTH_DEFAULT))
}

fn history(turn: &mut Turn<'_>, session: &mut Session, args: &Args) -> Reply {
    let given = args.number("number").map_or(HISTORY_LINES_DEFAULT, |number| number as usize);
    let set = |line: &mut Line, lines| line.terminal.history = lines;
    each(turn, session, args, |line| set(line, given), |line| set(line, HISTORY_LINES_DEFAULT))
}

fn stop_bits(turn: &mut Turn<'_>, session: &mut Session, args: &Args) -> Reply {
    let bits = args.number("number").and_then(|bits| u8::try_from(bits).ok());
    each(turn, session, args, |line| line.stop_bits = bits, |line| line.stop_bits = None)
}

fn size(args: &Args, default: u16) -> u16 {
    args.number("number").and_then(|number| u16::try_from(number).ok()).unwrap_or(default)
}
