//! `show event manager {policy|history|statistics|scheduler}`: what is registered, waits, runs and
//! has run.

use cli::{Args, Kind, Token, any_of, kw, one_of, opt, param};
use eem::Class;
use eem::show::{Filter, Order};

use super::{EVENT, MANAGER, SHOW, command, stamp};
use crate::command::{Command, Reply};
use crate::session::Session;
use crate::turn::Turn;

const POLICY: Token = kw("policy", "Display the Event Manager policies");
const DETAILED: Token = kw("detailed", "In detail");
const CLASS: &[Token] = &[
    kw("class", "Policies of one class"),
    param("class", Kind::Word, "EEM policy class: default, or a letter A to Z"),
];
const QUEUE: &[Token] = &[
    kw("queue-type", "Policies of one queue"),
    one_of(&[
        &[kw("applet", "Applet policies")],
        &[kw("axp", "AXP policies")],
        &[kw("call-home", "Call Home policies")],
        &[kw("script", "Script policies")],
    ]),
];
const TYPES: [&[Token]; 2] =
    [&[kw("system", "Policies of the system")], &[kw("user", "Policies of the user")]];
const NAME: Token = param("name", Kind::Word, "Name of the policy");
const JOBS: Token = any_of(&[CLASS, QUEUE, &[DETAILED]]);
const HISTORY: Token = kw("history", "Display the event history");
const STATISTICS: Token = kw("statistics", "Display the statistics");

/// The commands of this file.
pub(crate) const COMMANDS: &[Command] = &[
    command(
        &[
            SHOW,
            EVENT,
            MANAGER,
            POLICY,
            kw("registered", "Display the registered Event Manager policies"),
            any_of(&[
                &[DETAILED, NAME],
                &[kw("description", "With their descriptions")],
                &[
                    kw("event-type", "Policies of one type of event"),
                    param("type", Kind::Word, "Type of the event"),
                ],
                CLASS,
                TYPES[0],
                TYPES[1],
                &[kw("name-ordered", "In the order of their names")],
                &[kw("time-ordered", "In the order of their registration")],
            ]),
        ],
        registered,
    ),
    command(
        &[
            SHOW,
            EVENT,
            MANAGER,
            POLICY,
            kw("available", "Display the Event Manager policies that can be registered"),
            any_of(&[
                &[DETAILED, NAME],
                &[kw("description", "With their descriptions")],
                TYPES[0],
                TYPES[1],
            ]),
        ],
        available,
    ),
    command(
        &[SHOW, EVENT, MANAGER, POLICY, kw("active", "Display the policies that run"), JOBS],
        active,
    ),
    command(
        &[SHOW, EVENT, MANAGER, POLICY, kw("pending", "Display the policies that wait"), JOBS],
        pending,
    ),
    command(
        &[
            SHOW,
            EVENT,
            MANAGER,
            HISTORY,
            kw("events", "Display the history of triggered events"),
            opt(&[DETAILED]),
        ],
        history_events,
    ),
    command(
        &[
            SHOW,
            EVENT,
            MANAGER,
            HISTORY,
            kw("traps", "Display the history of traps"),
            opt(&[one_of(&[
                &[kw("policy", "Traps of policies")],
                &[kw("server", "Traps of the server")],
            ])]),
        ],
        history_traps,
    ),
    command(
        &[SHOW, EVENT, MANAGER, STATISTICS, kw("policy", "Of the policies")],
        statistics_policy,
    ),
    command(&[SHOW, EVENT, MANAGER, STATISTICS, kw("server", "Of the server")], statistics_server),
    command(
        &[
            SHOW,
            EVENT,
            MANAGER,
            kw("scheduler", "Display the scheduler"),
            kw("thread", "Display the threads"),
            opt(&[DETAILED]),
        ],
        threads,
    ),
];

fn class(args: &Args) -> Result<Option<Class>, Reply> {
    let parsed = args.text("class").map(str::parse).transpose();
    parsed.map_err(|()| Reply::Invalid { column: args.column("class") })
}

fn registered(turn: &mut Turn<'_>, _: &mut Session, args: &Args) -> Reply {
    let class = match class(args) {
        Ok(class) => class,
        Err(reply) => return reply,
    };
    if args.has("system") {
        // All that is registered here is the user's.
        return Reply::Done;
    }
    let filter = Filter {
        name: args.text("name").map(str::to_owned),
        event: args.text("type").map(str::to_ascii_lowercase),
        class,
        order: if args.has("name-ordered") { Order::Name } else { Order::Time },
        is_described: args.has("description"),
    };
    let director = &turn.state.eem.director;
    Reply::Text(eem::show::policy_registered(director, &filter, |at| stamp(turn, at)))
}

/// The Tcl policies that could be registered. There are none: no Tcl runs here.
fn available(_: &mut Turn<'_>, _: &mut Session, _: &Args) -> Reply {
    Reply::Done
}

/// The class to be listed; none when the queue is one that is always empty.
fn listed(args: &Args) -> Result<Option<Option<Class>>, Reply> {
    let is_empty = args.has("queue-type") && !args.has("applet");
    Ok((!is_empty).then_some(class(args)?))
}

fn active(turn: &mut Turn<'_>, _: &mut Session, args: &Args) -> Reply {
    let director = &turn.state.eem.director;
    match listed(args) {
        Ok(Some(class)) => {
            Reply::Text(eem::show::policy_active(director, class, |at| stamp(turn, at)))
        }
        Ok(None) => Reply::Done,
        Err(reply) => reply,
    }
}

fn pending(turn: &mut Turn<'_>, _: &mut Session, args: &Args) -> Reply {
    let director = &turn.state.eem.director;
    match listed(args) {
        Ok(Some(class)) => {
            Reply::Text(eem::show::policy_pending(director, class, |at| stamp(turn, at)))
        }
        Ok(None) => Reply::Done,
        Err(reply) => reply,
    }
}

fn history_events(turn: &mut Turn<'_>, _: &mut Session, args: &Args) -> Reply {
    let (director, detailed) = (&turn.state.eem.director, args.has("detailed"));
    Reply::Text(eem::show::history_events(director, detailed, |at| stamp(turn, at)))
}

fn history_traps(turn: &mut Turn<'_>, _: &mut Session, args: &Args) -> Reply {
    let traps = turn.state.eem.traps.iter().filter(|trap| match trap.by_policy {
        true => !args.has("server"),
        false => !args.has("policy"),
    });
    Reply::Text(eem::show::history_traps(traps, |at| stamp(turn, at)))
}

fn statistics_policy(turn: &mut Turn<'_>, _: &mut Session, _: &Args) -> Reply {
    Reply::Text(eem::show::statistics_policy(&turn.state.eem.director))
}

fn statistics_server(turn: &mut Turn<'_>, _: &mut Session, _: &Args) -> Reply {
    Reply::Text(eem::show::statistics_server(&turn.state.eem.director))
}

fn threads(turn: &mut Turn<'_>, _: &mut Session, args: &Args) -> Reply {
    Reply::Text(eem::show::scheduler_threads(&turn.state.eem.director, args.has("detailed")))
}
