//! `show event manager ...`: the layouts are the `eem` crate's, the clock is the router's.

use cli::{Args, Kind, No, Token, kw, one_of, opt, param};
use simtime::Time;

use crate::command::{Command, Handler, Mode, Reply};
use crate::session::Session;
use crate::turn::Turn;

const SHOW: Token = kw("show", "Show running system information");
const EVENT: Token = kw("event", "Embedded event related commands");
const MANAGER: Token = kw("manager", "Event manager information");

/// The commands of this file.
pub(crate) const COMMANDS: &[Command] = &[
    command(
        &[
            SHOW,
            EVENT,
            MANAGER,
            kw("policy", "Display the Event Manager policies"),
            kw("registered", "Display the registered Event Manager policies"),
        ],
        policy_registered,
    ),
    command(
        &[
            SHOW,
            EVENT,
            MANAGER,
            kw("history", "Display the event history"),
            kw("events", "Display the history of triggered events"),
        ],
        history_events,
    ),
    command(
        &[
            SHOW,
            EVENT,
            MANAGER,
            kw("environment", "Display the Event Manager environment variables"),
            opt(&[one_of(&[
                &[kw("all", "Display all environment variables")],
                &[param("name", Kind::Word, "Name of the environment variable")],
            ])]),
        ],
        environment,
    ),
];

const fn command(syntax: &'static [Token], run: Handler) -> Command {
    Command { modes: &[Mode::Exec], privilege: 1, syntax, no: No::Without, run }
}

/// `Wed Mar10 13:22:46 2021`: the day in two columns, no blank before it (eem.md, section 6.1).
fn stamp(turn: &Turn<'_>, at: Time) -> String {
    turn.state.clock.local(at).civil.strftime("%a %b%e %H:%M:%S %Y").to_string()
}

fn policy_registered(turn: &mut Turn<'_>, _: &mut Session, _: &Args) -> Reply {
    let director = &turn.state.eem.director;
    Reply::Text(eem::show::policy_registered(director, |at| stamp(turn, at)))
}

fn history_events(turn: &mut Turn<'_>, _: &mut Session, _: &Args) -> Reply {
    let director = &turn.state.eem.director;
    Reply::Text(eem::show::history_events(director, |at| stamp(turn, at)))
}

/// With a name, only the value is printed.
fn environment(turn: &mut Turn<'_>, _: &mut Session, args: &Args) -> Reply {
    let director = &turn.state.eem.director;
    let Some(name) = args.text("name") else {
        return Reply::Text(eem::show::environment(director));
    };
    match director.environment().find(|(known, _)| *known == name) {
        Some((_, value)) => Reply::Text(format!("{value}\n")),
        None => Reply::Refused(format!("Environment variable {name} is not set\n")),
    }
}
