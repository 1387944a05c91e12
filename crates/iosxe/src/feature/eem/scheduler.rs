//! `event manager scheduler {suspend|resume|hold|release|clear|modify}`, `event manager update user
//! policy`, `clear event manager ...`.

use cli::{Args, Kind, No, Token, kw, one_of, opt, param};
use eem::{Class, Modification, Priority, RunId, Selector};

use super::config::{EVENT, MANAGER};
use super::settings::{no_tcl, set_suspended};
use super::{run, schedule};
use crate::command::{Command, Handler, Mode, Reply};
use crate::session::Session;
use crate::turn::Turn;

const SCHEDULER: Token = kw("scheduler", "Event Manager scheduler commands");
const ALL: &[Token] = &[kw("all", "All policies")];
const JOB: &[Token] = &[
    kw("policy", "One policy"),
    param("job", Kind::Integer { min: 1, max: u32::MAX as u64 }, "Job id of the policy"),
];
const QUEUE: Token = one_of(&[
    &[kw("applet", "Applet policies")],
    &[kw("axp", "AXP policies")],
    &[kw("call-home", "Call Home policies")],
    &[kw("script", "Script policies")],
]);
const CLASS: Token = param("class", Kind::Word, "EEM policy class: default, or a letter A to Z");
const QUEUE_TYPE: Token = kw("queue-type", "The policies of one queue");
const PROCESSOR: Token = opt(&[
    kw("processor", "Where the policies run"),
    one_of(&[
        &[kw("rp_primary", "The primary route processor")],
        &[kw("rp_standby", "The standby route processor")],
    ]),
]);
const WHICH: Token =
    one_of(&[ALL, JOB, &[QUEUE_TYPE, QUEUE, opt(&[kw("class", "Of one class"), CLASS])]]);
const MODIFIED: Token = one_of(&[ALL, JOB, &[QUEUE_TYPE, QUEUE]]);
const CHANGE: Token = one_of(&[
    &[kw("class", "Another class"), CLASS],
    &[
        kw("queue-priority", "Another priority"),
        one_of(&[
            &[kw("high", "High priority")],
            &[kw("last", "Last priority")],
            &[kw("low", "Low priority")],
            &[kw("normal", "Normal priority")],
        ]),
    ],
]);
const UPDATE: [Token; 3] = [
    kw("update", "Update a policy"),
    kw("user", "A policy of the user"),
    kw("policy", "From a repository"),
];
const CLEAR: Token = kw("clear", "Reset functions");
const COUNTERS: Token = kw("counters", "Clear the counters");

/// The commands of this file.
pub(crate) const COMMANDS: &[Command] = &[
    command(&[EVENT, MANAGER, SCHEDULER, kw("suspend", "Suspend the scheduling")], suspend),
    command(&[EVENT, MANAGER, SCHEDULER, kw("resume", "Resume the scheduling")], resume),
    command(
        &[EVENT, MANAGER, SCHEDULER, kw("hold", "Hold waiting policies"), WHICH, PROCESSOR],
        hold,
    ),
    command(
        &[EVENT, MANAGER, SCHEDULER, kw("release", "Release held policies"), WHICH, PROCESSOR],
        release,
    ),
    command(&[EVENT, MANAGER, SCHEDULER, kw("clear", "Clear policies"), WHICH, PROCESSOR], clear),
    command(
        &[
            EVENT,
            MANAGER,
            SCHEDULER,
            kw("modify", "Modify waiting policies"),
            MODIFIED,
            CHANGE,
            PROCESSOR,
        ],
        modify,
    ),
    command(
        &[
            EVENT,
            MANAGER,
            UPDATE[0],
            UPDATE[1],
            UPDATE[2],
            one_of(&[
                &[kw("group", "Policies whose names fit"), NAME],
                &[kw("name", "One policy"), NAME],
            ]),
            opt(&[
                kw("repository", "From another repository"),
                param("url", Kind::Word, "URL of the repository"),
            ]),
        ],
        update,
    ),
    command(
        &[
            CLEAR,
            EVENT,
            MANAGER,
            kw("detector", "Event detectors"),
            opt(&[kw("all", "All of them")]),
            COUNTERS,
        ],
        clear_counters,
    ),
    command(&[CLEAR, EVENT, MANAGER, kw("server", "The server"), COUNTERS], clear_counters),
    command(
        &[
            CLEAR,
            EVENT,
            MANAGER,
            kw("history", "The history"),
            opt(&[one_of(&[&[kw("events", "Of events")], &[kw("traps", "Of traps")]])]),
        ],
        clear_history,
    ),
];

const NAME: Token = param("name", Kind::Word, "Name of the policy");

const fn command(syntax: &'static [Token], run: Handler) -> Command {
    Command { modes: &[Mode::Exec], privilege: 15, syntax, no: No::Without, run }
}

fn suspend(turn: &mut Turn<'_>, _: &mut Session, _: &Args) -> Reply {
    set_suspended(turn, true);
    Reply::Done
}

fn resume(turn: &mut Turn<'_>, _: &mut Session, _: &Args) -> Reply {
    set_suspended(turn, false);
    Reply::Done
}

/// What the words are about. Of the queues only that of the applets has anything in it.
fn selector(args: &Args) -> Result<Option<Selector>, Reply> {
    if let Some(job) = args.number("job") {
        return Ok(Some(Selector::Job(RunId(job))));
    }
    if args.has("queue-type") && !args.has("applet") {
        return Ok(None);
    }
    if !args.has("queue-type") {
        return Ok(Some(Selector::All));
    }
    Ok(Some(Selector::Applets(None)))
}

fn class(args: &Args) -> Result<Option<Class>, Reply> {
    let parsed = args.text("class").map(str::parse).transpose();
    parsed.map_err(|()| Reply::Invalid { column: args.column("class") })
}

/// As [`selector`], for the commands in which `class` says which policies.
fn selector_of_class(args: &Args) -> Result<Option<Selector>, Reply> {
    let class = class(args)?;
    Ok(selector(args)?.map(|selector| match selector {
        Selector::Applets(_) => Selector::Applets(class),
        Selector::All | Selector::Job(_) => selector,
    }))
}

/// A job that does not wait, by its number, is worth a word. The text is ours.
fn counted(selector: Selector, count: usize) -> Reply {
    match selector {
        Selector::Job(RunId(job)) if count == 0 => {
            Reply::Refused(format!("Embedded Event Manager job {job} not found\n"))
        }
        Selector::All | Selector::Job(_) | Selector::Applets(_) => Reply::Done,
    }
}

/// Does `body` to what is selected, and looks at what may start now.
fn steer(
    turn: &mut Turn<'_>,
    selected: Result<Option<Selector>, Reply>,
    body: impl FnOnce(&mut Turn<'_>, Selector) -> usize,
) -> Reply {
    match selected {
        Ok(Some(selector)) => {
            let count = body(turn, selector);
            schedule(turn);
            counted(selector, count)
        }
        Ok(None) => Reply::Done,
        Err(reply) => reply,
    }
}

fn hold(turn: &mut Turn<'_>, _: &mut Session, args: &Args) -> Reply {
    steer(turn, selector_of_class(args), |turn, which| turn.state.eem.director.hold(which))
}

fn release(turn: &mut Turn<'_>, _: &mut Session, args: &Args) -> Reply {
    steer(turn, selector_of_class(args), |turn, which| turn.state.eem.director.release(which))
}

fn clear(turn: &mut Turn<'_>, _: &mut Session, args: &Args) -> Reply {
    steer(turn, selector_of_class(args), |turn, which| {
        let running = turn.state.eem.director.active().filter(|job| which.takes(job)).count();
        let dropped = turn.state.eem.director.clear(which);
        // A line that waited for the run is not carried out, as when a run sets no exit status.
        dropped.iter().for_each(|id| run::finish(turn, *id, 0));
        dropped.len() + running
    })
}

fn modify(turn: &mut Turn<'_>, _: &mut Session, args: &Args) -> Reply {
    let class = match class(args) {
        Ok(class) => class,
        Err(reply) => return reply,
    };
    let priorities = [
        ("high", Priority::High),
        ("last", Priority::Last),
        ("low", Priority::Low),
        ("normal", Priority::Normal),
    ];
    let priority = priorities.iter().find(|(word, _)| args.has(word));
    let change = class.map(Modification::Class);
    let change = change.or(priority.map(|(_, priority)| Modification::Priority(*priority)));
    let Some(change) = change else { return Reply::Incomplete };
    steer(turn, selector(args), |turn, which| turn.state.eem.director.modify(which, change))
}

fn update(_: &mut Turn<'_>, _: &mut Session, args: &Args) -> Reply {
    Reply::Refused(no_tcl(args.text("name").unwrap_or_default()))
}

fn clear_counters(turn: &mut Turn<'_>, _: &mut Session, _: &Args) -> Reply {
    turn.state.eem.director.clear_statistics();
    Reply::Done
}

fn clear_history(turn: &mut Turn<'_>, _: &mut Session, args: &Args) -> Reply {
    if !args.has("traps") {
        turn.state.eem.director.clear_history();
    }
    if !args.has("events") {
        turn.state.eem.traps.clear();
    }
    Reply::Done
}
