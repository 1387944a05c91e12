//! `event manager ...` and the lines of applet mode. What follows a label or a detector is read by
//! the `eem` crate; its tables give `?` its words.

use cli::{Args, Kind, No, Token, any_of, kw, one_of, opt, param};
use eem::{ACTIONS, Class, DETECTORS, Fault, Options};

use crate::command::{Command, Handler, Mode, Place, Reply};
use crate::config::{ConfigText, Section, is_word, order};
use crate::device::State;
use crate::session::Session;
use crate::turn::Turn;

/// `event manager`
pub(super) const EVENT: Token = kw("event", "Event related configuration commands");
pub(super) const MANAGER: Token = kw("manager", "Event manager configuration commands");
const CLASS: &[Token] = &[
    kw("class", "EEM class"),
    param("class", Kind::Word, "EEM policy class: default, or a letter A to Z"),
];
pub(super) const LABEL: Token = param("label", Kind::Quoted, "Label of action");
const REST: &[Token] = &[OPTIONS];
const OPTIONS: Token = param("rest", Kind::Line, "The options, in the order of the manual");

/// The words of `event manager environment`, in global configuration and in the course's EXEC.
pub(crate) const ENVIRONMENT: &[Token] = &[
    EVENT,
    MANAGER,
    kw("environment", "Set an environment variable"),
    param("name", Kind::Word, "Name of the environment variable"),
    param("value", Kind::Line, "Value of the environment variable"),
];

/// The commands of this file.
pub(crate) const COMMANDS: &[Command] = &[
    global(ENVIRONMENT, environment),
    global(
        &[
            EVENT,
            MANAGER,
            kw("applet", "Register an Event Manager applet"),
            param("name", Kind::Word, "Name of the Event Manager applet"),
            any_of(&[
                &[
                    kw("authorization", "Specify an authorization type for policy"),
                    kw("bypass", "EEM aaa authorization type bypass"),
                ],
                CLASS,
                &[kw("trap", "Generate SNMP trap when applet is triggered")],
            ]),
        ],
        applet,
    ),
    body(&[
        kw("description", "Add or modify an applet description"),
        param("text", Kind::Line, "description"),
    ]),
    body(&[
        kw("set", "Set a variable"),
        LABEL,
        param("rest", Kind::Line, "Name and value of the variable"),
    ]),
];

/// `action` and `event`: the `eem` crate reads what follows their keyword.
pub(crate) static APPLET_LINES: [Command; 2] = [body(&ACTION_LINE), body(&EVENT_LINE)];

/// `trigger`, and the lines of its mode: read by the `eem` crate, too.
pub(crate) static TRIGGER_LINES: [Command; 3] = [
    Command {
        modes: &[Mode::Applet],
        privilege: 15,
        syntax: &[TRIGGER, opt(REST)],
        no: No::Allowed,
        run: trigger,
    },
    in_trigger(&[CORRELATE, OPTIONS]),
    in_trigger(&[ATTRIBUTE, OPTIONS]),
];
pub(super) const TRIGGER: Token = kw("trigger", "Enter trigger configuration mode");
pub(super) const CORRELATE: Token = kw("correlate", "Boolean condition of the events");
pub(super) const ATTRIBUTE: Token = kw("attribute", "Specify an attribute for an event tag");

/// Its parts of the running-config.
pub(crate) const SECTIONS: &[Section] = &[Section { order: order::EVENT_MANAGER, print }];

pub(super) const ACTION: Token = kw("action", "Add or modify an action statement");
pub(super) const DETECTOR: Token = kw("event", "Configure event information");
/// The words in front of a detector: `tag T`, or nothing.
pub(super) const TAG: Token =
    opt(&[kw("tag", "Event tag identifier"), param("tag", Kind::Quoted, "Event tag identifier")]);
static ACTION_LINE: [Token; 3] = [ACTION, LABEL, one_of(&ACTION_FORMS)];
static EVENT_LINE: [Token; 3] = [DETECTOR, TAG, one_of(&DETECTOR_FORMS)];

/// The forms of `action LABEL` that IOS has, from the `eem` crate's own table.
static ACTION_ROWS: [[Token; 2]; IOS_ACTIONS] = action_rows();
static ACTION_FORMS: [&[Token]; IOS_ACTIONS] = forms(&ACTION_ROWS);
const IOS_ACTIONS: usize = ios_actions();

/// The forms of `event`, likewise.
static DETECTOR_ROWS: [[Token; 2]; DETECTORS.len()] = detector_rows();
static DETECTOR_FORMS: [&[Token]; DETECTORS.len()] = forms(&DETECTOR_ROWS);

const fn global(syntax: &'static [Token], run: Handler) -> Command {
    Command { modes: &[Mode::Config], privilege: 15, syntax, no: No::Allowed, run }
}

/// One line of applet mode.
pub(crate) const fn body(syntax: &'static [Token]) -> Command {
    Command { modes: &[Mode::Applet], privilege: 15, syntax, no: No::Allowed, run: applet_line }
}

/// One line of the mode of `trigger`.
pub(super) const fn in_trigger(syntax: &'static [Token]) -> Command {
    Command { modes: &[Mode::Trigger], privilege: 15, syntax, no: No::Allowed, run: applet_line }
}

const fn is_ios(entry: &eem::ActionEntry) -> bool {
    matches!(entry.dialect, eem::Dialect::Ios)
}

const fn ios_actions() -> usize {
    let (mut at, mut count) = (0, 0);
    while at < ACTIONS.len() {
        count += is_ios(&ACTIONS[at]) as usize;
        at += 1;
    }
    count
}

const fn action_rows() -> [[Token; 2]; IOS_ACTIONS] {
    let mut rows = [const { [kw("", ""), opt(REST)] }; IOS_ACTIONS];
    let (mut at, mut row) = (0, 0);
    while at < ACTIONS.len() {
        if is_ios(&ACTIONS[at]) {
            rows[row] = [kw(ACTIONS[at].name, ACTIONS[at].help), opt(REST)];
            row += 1;
        }
        at += 1;
    }
    rows
}

const fn detector_rows() -> [[Token; 2]; DETECTORS.len()] {
    let mut rows = [const { [kw("", ""), opt(REST)] }; DETECTORS.len()];
    let mut at = 0;
    while at < DETECTORS.len() {
        rows[at] = [kw(DETECTORS[at].name, DETECTORS[at].help), opt(REST)];
        at += 1;
    }
    rows
}

const fn forms<const N: usize>(rows: &'static [[Token; 2]; N]) -> [&'static [Token]; N] {
    let mut forms: [&[Token]; N] = [&[]; N];
    let mut at = 0;
    while at < N {
        forms[at] = &rows[at];
        at += 1;
    }
    forms
}

/// In the order of eem.md, section 6.2.
fn print(state: &State, text: &mut ConfigText) {
    let eem = &state.eem;
    text.separator();
    for (name, value) in eem.director.environment() {
        text.line(format_args!("event manager environment {name} {value}"));
    }
    eem.settings.print(text);
    eem.director.applets_config().to_string().lines().for_each(|line| text.line(line));
    text.separator();
}

fn is_undone(args: &Args) -> bool {
    args.is_no() || args.is_default()
}

/// `event manager environment NAME VALUE`
pub(crate) fn environment(turn: &mut Turn<'_>, _: &mut Session, args: &Args) -> Reply {
    let name = args.text("name").unwrap_or_default();
    match args.text("value") {
        _ if is_undone(args) => {
            turn.state.eem.director.remove_environment(name);
            Reply::Done
        }
        Some(value) => {
            turn.state.eem.director.set_environment(name, value);
            Reply::Done
        }
        None => Reply::Incomplete,
    }
}

fn applet(turn: &mut Turn<'_>, _: &mut Session, args: &Args) -> Reply {
    let name = args.text("name").unwrap_or_default();
    if is_undone(args) {
        if turn.state.eem.director.remove_applet(name) {
            return Reply::Done;
        }
        // Text of ours: what IOS says of an applet that it does not have is not known.
        return Reply::Refused(format!("EEM configuration: applet {name} is not configured\n"));
    }
    if !is_word(name) {
        return Reply::Invalid { column: args.column("name") };
    }
    let class = match args.text("class").map(str::parse) {
        None => Class::Default,
        Some(Ok(class)) => class,
        Some(Err(())) => return Reply::Invalid { column: args.column("class") },
    };
    let options =
        Options { authorization_bypass: args.has("authorization"), class, trap: args.has("trap") };
    turn.state.eem.director.enter_applet(name, options);
    Reply::Enter(Place::Applet(name.to_owned()))
}

/// A line of applet mode, whole: `action ...`, `no action ...`, `event ...`, `description ...`.
fn applet_line(turn: &mut Turn<'_>, session: &mut Session, args: &Args) -> Reply {
    let (Place::Applet(name) | Place::Trigger(name)) = session.place() else {
        return Reply::Invalid { column: 0 };
    };
    let typed = args.line().trim_end();
    let line = match typed.trim_start().split_once([' ', '\t']) {
        Some((_, rest)) if args.is_default() => format!("no {rest}"),
        _ => typed.to_owned(),
    };
    match turn.state.eem.director.applet_line(name, &line) {
        Ok(()) => Reply::Done,
        Err(problem) => refuse(&problem.fault, problem.span.start, typed),
    }
}

/// `trigger [OPTIONS]`: a line of the applet, and the mode of what stands under it.
fn trigger(turn: &mut Turn<'_>, session: &mut Session, args: &Args) -> Reply {
    let reply = applet_line(turn, session, args);
    match (&reply, session.place()) {
        (Reply::Done, Place::Applet(name)) if !is_undone(args) => {
            Reply::Enter(Place::Trigger(name.clone()))
        }
        _ => reply,
    }
}

/// What the router says of a line with a fault.
fn refuse(fault: &Fault, column: usize, line: &str) -> Reply {
    match fault {
        Fault::Incomplete => Reply::Incomplete,
        Fault::Ambiguous => Reply::Refused(format!("% Ambiguous command:  \"{line}\"\n")),
        // IOS's own words for a bad expression are not known.
        Fault::Pattern(error) => {
            Reply::Refused(format!("% Error in regular expression: {error}\n"))
        }
        Fault::Invalid
        | Fault::UnterminatedQuote
        | Fault::Block(_)
        | Fault::UnknownTag(_)
        | Fault::NeverSet(_)
        | Fault::NoEvent => Reply::Invalid { column },
    }
}
