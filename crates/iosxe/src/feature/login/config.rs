//! `login on-failure log`, `login on-success log`, `login block-for`.

use cli::{Args, Kind, No, Token, kw, one_of, opt, param};
use simtime::Duration;

use super::{Block, Every, Logins};
use crate::command::{Command, Mode, Reply};
use crate::config::{ConfigText, Section, order};
use crate::device::State;
use crate::session::Session;
use crate::turn::Turn;

/// Seconds, attempts and counts go up to this.
const NUMBER: Kind = Kind::Integer { min: 1, max: 65_535 };

const LOG: Token = one_of(&[&[
    kw("log", "Generate syslogs on logins"),
    opt(&[kw("every", "Periodicity of messages"), param("every", NUMBER, "Number of logins")]),
]]);

/// The commands of this file.
pub(crate) const COMMANDS: &[Command] = &[
    Command {
        modes: &[Mode::Config],
        privilege: 15,
        syntax: &[
            kw("login", "Enable secure login checking"),
            one_of(&[
                &[kw("on-failure", "Set options for failed login attempt"), opt(&[LOG])],
                &[kw("on-success", "Set options for successful login attempt"), opt(&[LOG])],
            ]),
        ],
        no: No::Allowed,
        run: log,
    },
    Command {
        modes: &[Mode::Config],
        privilege: 15,
        syntax: &[
            kw("login", "Enable secure login checking"),
            kw("block-for", "Set quiet-mode active time period"),
            opt(&[
                param("seconds", NUMBER, "Time period in seconds"),
                kw("attempts", "Set max number of fail attempts"),
                param("attempts", NUMBER, "Fail attempts max value"),
                kw("within", "Watch period for fail attempts"),
                param("within", NUMBER, "Time period in seconds"),
            ]),
        ],
        no: No::Allowed,
        run: block_for,
    },
];

/// Its part of the running-config.
pub(crate) const SECTIONS: &[Section] = &[Section { order: order::PLATFORM, print }];

fn print(state: &State, text: &mut ConfigText) {
    let Logins { on_failure, on_success, block, .. } = &state.logins;
    if let Some(Block { quiet, attempts, within }) = block {
        let (quiet, within) = (quiet.as_secs(), within.as_secs());
        text.line(format_args!("login block-for {quiet} attempts {attempts} within {within}"));
    }
    for (word, every) in [("on-failure", on_failure), ("on-success", on_success)] {
        match every {
            None => {}
            Some(Every(1)) => text.line(format_args!("login {word} log")),
            Some(Every(count)) => text.line(format_args!("login {word} log every {count}")),
        }
    }
}

fn log(turn: &mut Turn<'_>, _: &mut Session, args: &Args) -> Reply {
    let count = args.number("every").and_then(|count| u32::try_from(count).ok()).unwrap_or(1);
    let every = (!args.is_no() && !args.is_default()).then_some(Every(count));
    let logins = &mut turn.state.logins;
    if args.has("on-failure") {
        logins.on_failure = every;
    } else {
        logins.on_success = every;
    }
    Reply::Done
}

/// Without it nobody is watched, and a quiet mode that goes on is over.
fn block_for(turn: &mut Turn<'_>, _: &mut Session, args: &Args) -> Reply {
    let logins = &mut turn.state.logins;
    if args.is_no() || args.is_default() {
        (logins.block, logins.quiet_until) = (None, None);
        logins.recent.clear();
        return Reply::Done;
    }
    let seconds = |name| args.number(name).map(Duration::from_secs);
    let attempts = args.number("attempts").and_then(|count| u32::try_from(count).ok());
    let (Some(quiet), Some(attempts), Some(within)) =
        (seconds("seconds"), attempts, seconds("within"))
    else {
        return Reply::Incomplete;
    };
    logins.block = Some(Block { quiet, attempts, within });
    Reply::Done
}
