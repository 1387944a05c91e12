//! `enable` and `disable`: the privilege level of a session.

use cli::{Args, Kind, No, Token, kw, opt, param};

use crate::command::{Command, Mode, Reply};
use crate::feature::archive;
use crate::feature::logging::Message;
use crate::session::{Origin, PRIVILEGED_LEVEL, Session, USER_LEVEL};
use crate::turn::Turn;

/// How often `enable` asks for the password.
const TRIES_MAX: u8 = 3;

const LEVEL: Token =
    opt(&[param("level", Kind::Integer { min: 0, max: 15 }, "Privilege level to go to")]);

/// The commands of this file.
pub(crate) const COMMANDS: &[Command] = &[
    Command {
        modes: &[Mode::Exec],
        privilege: 0,
        syntax: &[kw("enable", "Turn on privileged commands"), LEVEL],
        no: No::Without,
        run: enable,
    },
    Command {
        modes: &[Mode::Exec],
        privilege: 0,
        syntax: &[kw("disable", "Turn off privileged commands"), LEVEL],
        no: No::Without,
        run: disable,
    },
    Command {
        modes: &[Mode::Exec],
        privilege: 1,
        syntax: &[
            kw("show", "Show running system information"),
            kw("privilege", "Show current privilege level"),
        ],
        no: No::Without,
        run: show_privilege,
    },
];

fn level(args: &Args, default: u8) -> u8 {
    args.number("level").and_then(|level| u8::try_from(level).ok()).unwrap_or(default)
}

/// Going down or staying needs no password; nor do the console and an applet's session.
fn enable(turn: &mut Turn<'_>, session: &mut Session, args: &Args) -> Reply {
    let level = level(args, PRIVILEGED_LEVEL);
    let trusted = match session.origin {
        Origin::Vty { .. } => level <= session.privilege,
        Origin::Console | Origin::Memory | Origin::Program(_) | Origin::Applet { .. } => true,
    };
    if trusted {
        raise(turn, session, level);
        return Reply::Done;
    }
    if turn.state.users.enable_credential(level).is_none() {
        return Reply::Refused("% Error in authentication.\n\n".into());
    }
    session.draft = level.to_string();
    ask()
}

fn ask() -> Reply {
    Reply::Ask { question: "Password: ".into(), echo: false, then: password_given }
}

fn password_given(turn: &mut Turn<'_>, session: &mut Session, password: &str) -> Reply {
    let level = session.draft.parse().unwrap_or(PRIVILEGED_LEVEL);
    let credential = turn.state.users.enable_credential(level);
    if credential.is_some_and(|credential| credential.fits(password)) {
        raise(turn, session, level);
        return Reply::Done;
    }
    session.tries += 1;
    if session.tries < TRIES_MAX {
        return ask();
    }
    if turn.state.logging.tells_of_users() {
        let (level, by) = (&session.draft, session.who());
        // The spelling is Cisco's: `<189>262: *Feb  9 09:45:28 KST: %SYS-5-PRIV_AUTH_FAIL: ...`.
        let text = format!("Authentication to Privilage level {level} failed by {by}");
        turn.log(Message::new("SYS", 5, "PRIV_AUTH_FAIL", text));
    }
    Reply::Refused("% Bad secrets\n\n".into())
}

/// The session has its new level (syslog.md, message 20: `logging userinfo`).
fn raise(turn: &mut Turn<'_>, session: &mut Session, level: u8) {
    session.privilege = level;
    archive::enabled(turn, session);
    if turn.state.logging.tells_of_users() {
        let text = format!("Privilege level set to {level} by {}", session.who());
        turn.log(Message::new("SYS", 5, "PRIV_AUTH_PASS", text));
    }
}

fn disable(_: &mut Turn<'_>, session: &mut Session, args: &Args) -> Reply {
    let level = level(args, USER_LEVEL);
    if level > session.privilege {
        return Reply::Refused(
            "New privilege level must be less than current privilege level\n".into(),
        );
    }
    session.privilege = level;
    Reply::Done
}

fn show_privilege(_: &mut Turn<'_>, session: &mut Session, _: &Args) -> Reply {
    Reply::Text(format!("Current privilege level is {}\n", session.privilege))
}
