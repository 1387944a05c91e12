//! The commands that set them.

use cli::{Args, Kind, No, Token, any_of, kw, one_of, opt, param};
use eem::HISTORY_EVENTS_MAX;

use super::super::config::{EVENT, MANAGER};
use super::super::schedule;
use super::threads::{self, Threads};
use super::{Directory, SessionUser, Settings, history_events, history_traps};
use crate::command::{Command, Handler, Mode, Reply};
use crate::config::is_word;
use crate::session::Session;
use crate::turn::Turn;

/// How many threads a class may be given.
const THREADS_MAX: u64 = 65_535;

const DIRECTORY: Token = kw("directory", "Set Embedded Event Manager directory information");
const USER: Token = kw("user", "Set a user directory");
const PATH: Token = param("path", Kind::Word, "Path of the directory");
const SCHEDULER: Token = kw("scheduler", "Set Embedded Event Manager scheduler options");
const DETECTOR: Token = kw("detector", "Set Embedded Event Manager event detector options");
const HISTORY: [Token; 2] =
    [kw("history", "Set Embedded Event Manager history size"), kw("size", "Set the size")];
const SIZE: Token = opt(&[param(
    "size",
    Kind::Integer { min: 0, max: HISTORY_EVENTS_MAX as u64 },
    "Number of entries",
)]);

/// What can be scheduled.
const KINDS: [&str; 4] = ["applet", "axp", "call-home", "script"];
const KIND: Token = one_of(&[
    &[kw(KINDS[0], "Applet policies")],
    &[kw(KINDS[1], "AXP policies")],
    &[kw(KINDS[2], "Call Home policies")],
    &[kw(KINDS[3], "Script policies")],
]);
const CLASSES: Token = any_of(&[
    &[kw("default", "The default class")],
    &[kw("range", "A range of classes"), param("range", Kind::Word, "First and last: A-E")],
    &[param("letter", Kind::Word, "One class: A to Z")],
]);

/// The commands of this file.
pub(crate) const COMMANDS: &[Command] = &[
    global(
        &[EVENT, MANAGER, DIRECTORY, USER, kw("policy", "Directory of user policies"), PATH],
        policy_directory,
    ),
    global(
        &[EVENT, MANAGER, DIRECTORY, USER, kw("library", "Directory of the user library"), PATH],
        library_directory,
    ),
    global(
        &[
            EVENT,
            MANAGER,
            DIRECTORY,
            USER,
            kw("repository", "Where user policies are updated from"),
            param("path", Kind::Word, "URL of the repository"),
        ],
        repository,
    ),
    global(
        &[
            EVENT,
            MANAGER,
            kw("session", "Set Embedded Event Manager session options"),
            kw("cli", "CLI session options"),
            kw("username", "User of CLI sessions"),
            param("name", Kind::Word, "Name of the user"),
            opt(&[
                kw("privilege", "Privilege level of the user"),
                param("level", Kind::Integer { min: 0, max: 15 }, "Privilege level"),
            ]),
        ],
        session_user,
    ),
    global(
        &[EVENT, MANAGER, HISTORY[0], HISTORY[1], kw("events", "History of events"), SIZE],
        history_events_size,
    ),
    global(
        &[EVENT, MANAGER, HISTORY[0], HISTORY[1], kw("traps", "History of traps"), SIZE],
        history_traps_size,
    ),
    global(
        &[
            EVENT,
            MANAGER,
            SCHEDULER,
            KIND,
            kw("thread", "Scheduler threads"),
            kw("class", "EEM policy classes"),
            CLASSES,
            kw("number", "Number of scheduler threads"),
            param("number", Kind::Integer { min: 1, max: THREADS_MAX }, "Number of threads"),
        ],
        scheduler_threads,
    ),
    global(
        &[EVENT, MANAGER, SCHEDULER, kw("suspend", "Suspend the scheduling of policies")],
        suspend,
    ),
    global(
        &[
            EVENT,
            MANAGER,
            DETECTOR,
            kw("rpc", "RPC event detector"),
            kw("max-sessions", "Largest number of sessions"),
            param("sessions", Kind::Integer { min: 4, max: 16 }, "Number of sessions"),
        ],
        rpc_sessions,
    ),
    global(
        &[
            EVENT,
            MANAGER,
            DETECTOR,
            kw("routing", "Routing event detector"),
            kw("bootup-delay", "Time after the boot in which no event is published"),
            param("seconds", Kind::Integer { min: 1, max: u32::MAX as u64 }, "Seconds"),
        ],
        routing_delay,
    ),
    global(
        &[
            EVENT,
            MANAGER,
            kw("policy", "Register an Embedded Event Manager policy"),
            param("file", Kind::Word, "Name of the policy's file"),
            any_of(&[
                &[
                    kw("type", "Type of the policy"),
                    one_of(&[
                        &[kw("system", "A policy of the system")],
                        &[kw("user", "A policy of the user")],
                    ]),
                ],
                &[kw("trap", "Generate an SNMP trap when the policy is triggered")],
            ]),
        ],
        tcl_policy,
    ),
];

const fn global(syntax: &'static [Token], run: Handler) -> Command {
    Command { modes: &[Mode::Config], privilege: 15, syntax, no: No::Allowed, run }
}

fn is_undone(args: &Args) -> bool {
    args.is_no() || args.is_default()
}

fn settings<'a>(turn: &'a mut Turn<'_>) -> &'a mut Settings {
    &mut turn.state.eem.settings
}

fn policy_directory(turn: &mut Turn<'_>, _: &mut Session, args: &Args) -> Reply {
    directory(turn, Directory::Policy, args)
}

fn library_directory(turn: &mut Turn<'_>, _: &mut Session, args: &Args) -> Reply {
    directory(turn, Directory::Library, args)
}

fn repository(turn: &mut Turn<'_>, _: &mut Session, args: &Args) -> Reply {
    directory(turn, Directory::Repository, args)
}

fn directory(turn: &mut Turn<'_>, which: Directory, args: &Args) -> Reply {
    let path = args.text("path").filter(|_| !is_undone(args));
    if path.is_some_and(|path| !is_word(path)) {
        return Reply::Invalid { column: args.column("path") };
    }
    *settings(turn).directory_mut(which) = path.map(str::to_owned);
    Reply::Done
}

fn session_user(turn: &mut Turn<'_>, _: &mut Session, args: &Args) -> Reply {
    let name = args.text("name").filter(|_| !is_undone(args));
    if name.is_some_and(|name| !is_word(name)) {
        return Reply::Invalid { column: args.column("name") };
    }
    let privilege = args.number("level").and_then(|level| u8::try_from(level).ok());
    let user = |name: &str| SessionUser { name: name.to_owned(), privilege };
    settings(turn).session = name.map(user);
    Reply::Done
}

fn size(args: &Args) -> Option<usize> {
    let size = args.number("size").filter(|_| !is_undone(args));
    size.and_then(|size| usize::try_from(size).ok())
}

fn history_events_size(turn: &mut Turn<'_>, _: &mut Session, args: &Args) -> Reply {
    let size = history_events(size(args));
    settings(turn).history_events = size;
    turn.state.eem.director.set_history_size(size);
    Reply::Done
}

fn history_traps_size(turn: &mut Turn<'_>, _: &mut Session, args: &Args) -> Reply {
    settings(turn).history_traps = history_traps(size(args));
    turn.state.eem.shorten_traps();
    Reply::Done
}

fn scheduler_threads(turn: &mut Turn<'_>, _: &mut Session, args: &Args) -> Reply {
    let classes = match threads::classes(args) {
        Ok(classes) => classes,
        Err(column) => return Reply::Invalid { column },
    };
    let Some(kind) = KINDS.into_iter().find(|kind| args.has(kind)) else {
        return Reply::Incomplete;
    };
    let number = args.number("number").filter(|_| !is_undone(args));
    let number = number.and_then(|number| u32::try_from(number).ok());
    let settings = settings(turn);
    // What the line says of a class takes the place of what another line said of it.
    for threads in settings.threads.iter_mut().filter(|threads| threads.kind == kind) {
        threads.classes.retain(|class| !classes.contains(class));
    }
    settings.threads.retain(|threads| !threads.classes.is_empty());
    if kind == KINDS[0] {
        let director = &mut turn.state.eem.director;
        classes.iter().for_each(|class| director.set_threads(*class, number));
    }
    let added = number.map(|number| Threads { kind, classes, number });
    self::settings(turn).threads.extend(added);
    schedule(turn);
    Reply::Done
}

fn suspend(turn: &mut Turn<'_>, _: &mut Session, args: &Args) -> Reply {
    set_suspended(turn, !is_undone(args));
    Reply::Done
}

/// Starts no policy any more, or again.
pub(crate) fn set_suspended(turn: &mut Turn<'_>, is_suspended: bool) {
    settings(turn).is_suspended = is_suspended;
    turn.state.eem.director.suspend(is_suspended);
    schedule(turn);
}

fn rpc_sessions(turn: &mut Turn<'_>, _: &mut Session, args: &Args) -> Reply {
    settings(turn).rpc_sessions = args.number("sessions").filter(|_| !is_undone(args));
    Reply::Done
}

fn routing_delay(turn: &mut Turn<'_>, _: &mut Session, args: &Args) -> Reply {
    settings(turn).routing_delay_secs = args.number("seconds").filter(|_| !is_undone(args));
    Reply::Done
}

/// There is no Tcl here. The text is ours; its opening is how IOS begins what it says of an applet.
fn tcl_policy(_: &mut Turn<'_>, _: &mut Session, args: &Args) -> Reply {
    let file = args.text("file").unwrap_or_default();
    if is_undone(args) {
        return Reply::Refused(format!("EEM configuration: policy {file} is not registered\n"));
    }
    Reply::Refused(no_tcl(file))
}

/// What the router says of a Tcl policy.
pub(crate) fn no_tcl(file: &str) -> String {
    format!(
        "EEM configuration: policy {file} is not registered: Tcl policies do not run on this \
         router, applets do\n"
    )
}
