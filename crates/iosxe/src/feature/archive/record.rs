//! One more line of the log, and the message that tells it.
//!
//! Called by `exec` for every line of configuration that was not refused, and by `enable`. Lines
//! that only move a session (`exit`, `end`) or that are of EXEC (`do`) are not logged.

use cli::Args;

use super::{Line, hide};
use crate::feature::logging::Message;
use crate::session::{Origin, Session};
use crate::turn::Turn;

/// Lines that change no configuration.
const UNLOGGED: [&str; 3] = ["do", "end", "exit"];

/// What IOS adds when a line makes or changes a user.
const USERS_CHANGED: &str = "!config: USER TABLE MODIFIED";

/// What IOS logs of a visit of privileged EXEC.
const ENABLE: &str = "!exec: enable";

/// A session has configured something, `nested` places below global configuration.
pub(crate) fn configured(turn: &mut Turn<'_>, session: &mut Session, args: &Args, nested: usize) {
    if !is_logged(turn, session) || !is_change(args) {
        return;
    }
    let log = &mut turn.state.archive.log;
    let visit = *session.visit.get_or_insert_with(|| {
        log.visits += 1;
        log.visits
    });
    let mut command = match log.hides_keys {
        true => hide::without_keys(args),
        false => args.expanded().to_owned(),
    };
    if !args.ends_with_value() {
        command.push(' ');
    }
    record(turn, session, visit, nested, command);
    if first_word(args) == "username" {
        record(turn, session, visit, 0, USERS_CHANGED.to_owned());
    }
}

/// Whether a line configures something, rather than moves a session.
pub(crate) fn is_change(args: &Args) -> bool {
    !UNLOGGED.contains(&first_word(args))
}

fn first_word(args: &Args) -> &str {
    args.expanded().split(' ').next().unwrap_or_default()
}

/// A session has got to privileged EXEC.
pub(crate) fn enabled(turn: &mut Turn<'_>, session: &Session) {
    if is_logged(turn, session) {
        record(turn, session, 0, 0, ENABLE.to_owned());
    }
}

/// A startup-config is nobody's doing.
fn is_logged(turn: &Turn<'_>, session: &Session) -> bool {
    turn.state.archive.log.is_enabled && session.origin != Origin::Memory
}

fn record(turn: &mut Turn<'_>, session: &Session, visit: u32, nested: usize, command: String) {
    let user = user(session).to_owned();
    let text = format!("User:{user}  logged command:{command}");
    let log = &mut turn.state.archive.log;
    log.newest += 1;
    let index = log.newest;
    log.push(Line { index, visit, user, line: line(session), nested, command });
    if log.notify.is_some() {
        turn.log(Message::new("PARSER", 5, "CFGLOG_LOGGEDCMD", text));
    }
}

fn user(session: &Session) -> &str {
    match (session.user(), &session.origin) {
        (Some(user), _) => user,
        (None, Origin::Console | Origin::Memory) => "console",
        (None, Origin::Vty { .. } | Origin::Applet { .. } | Origin::Program(_)) => "unknown user",
    }
}

fn line(session: &Session) -> String {
    match session.origin {
        Origin::Console | Origin::Memory => "console".to_owned(),
        Origin::Program(door) => door.name().to_owned(),
        Origin::Vty { vty, .. } | Origin::Applet { vty, .. } => format!("vty{vty}"),
    }
}
