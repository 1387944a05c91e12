//! `configure terminal lock` and `configuration mode exclusive`: one session configures, the others
//! wait ("Exclusive Configuration Change Access").
//!
//! Asked by `configure terminal`; `exec` tells it when a session leaves configuration mode.

use cli::{Args, No, Token, kw, one_of};

use crate::command::{Command, Mode, Reply};
use crate::config::{ConfigText, Section, order};
use crate::device::State;
use crate::session::{Origin, Session};
use crate::turn::Turn;

/// Who configures alone, and whether everybody does.
#[derive(Clone, Debug, Default)]
pub(crate) struct Lock {
    exclusive: Option<Exclusive>,
    owner: Option<Owner>,
}

/// `configuration mode exclusive`
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Exclusive {
    /// Whoever configures has the lock.
    Auto,
    /// Whoever says `lock` has it.
    Manual,
}

#[derive(Clone, Debug, PartialEq, Eq)]
struct Owner {
    origin: Origin,
    user: String,
    tty: u32,
}

const SHOW: Token = kw("show", "Show running system information");

/// The commands of this file.
pub(crate) const COMMANDS: &[Command] = &[
    Command {
        modes: &[Mode::Config],
        privilege: 15,
        syntax: &[
            kw("configuration", "Configuration access"),
            kw("mode", "Configuration mode"),
            kw("exclusive", "Exclusive access"),
            one_of(&[
                &[kw("auto", "Lock configuration mode automatically")],
                &[kw("manual", "Lock configuration mode on demand")],
            ]),
        ],
        no: No::Allowed,
        run: set,
    },
    Command {
        modes: &[Mode::Exec],
        privilege: 1,
        syntax: &[
            SHOW,
            kw("configuration", "Contents of Non-Volatile memory"),
            kw("lock", "Configuration Lock Parameters"),
        ],
        no: No::Without,
        run: show,
    },
    Command {
        modes: &[Mode::Exec],
        privilege: 15,
        syntax: &[
            kw("clear", "Reset functions"),
            kw("configuration", "Configuration Lock"),
            kw("lock", "Configuration Lock"),
        ],
        no: No::Without,
        run: clear,
    },
];

/// Its part of the running-config.
pub(crate) const SECTIONS: &[Section] = &[Section { order: order::PLATFORM, print }];

impl Lock {
    /// Whether everybody who configures locks.
    pub(crate) fn is_automatic(&self) -> bool {
        self.exclusive == Some(Exclusive::Auto)
    }

    /// A session configures alone from now on.
    pub(crate) fn take(&mut self, session: &Session) {
        let vty = session.origin.vty();
        let tty = vty.map_or(0, |vty| crate::feature::line::VTY_FIRST_NUMBER + vty);
        let user = session.user().unwrap_or("unknown").to_owned();
        self.owner = Some(Owner { origin: session.origin.clone(), user, tty });
    }

    /// A session has left configuration mode.
    pub(crate) fn release(&mut self, session: &Session) {
        self.owner.take_if(|owner| owner.origin == session.origin);
    }
}

/// What a session is told that wants to configure while another one does so alone.
pub(super) fn refusal(state: &State, session: &Session) -> Option<Reply> {
    let owner = state.lock.owner.as_ref().filter(|owner| owner.origin != session.origin)?;
    let Owner { user, tty, .. } = owner;
    Some(Reply::Refused(format!(
        "Configuration mode is locked by process '3' user '{user}' from terminal '{tty}'. Please \
         try later.\n"
    )))
}

fn set(turn: &mut Turn<'_>, _: &mut Session, args: &Args) -> Reply {
    turn.state.lock.exclusive = match () {
        () if args.is_no() || args.is_default() => None,
        () if args.has("auto") => Some(Exclusive::Auto),
        () => Some(Exclusive::Manual),
    };
    Reply::Done
}

fn print(state: &State, text: &mut ConfigText) {
    match state.lock.exclusive {
        None => {}
        Some(Exclusive::Auto) => text.line("configuration mode exclusive auto"),
        Some(Exclusive::Manual) => text.line("configuration mode exclusive manual"),
    }
}

fn clear(turn: &mut Turn<'_>, _: &mut Session, _: &Args) -> Reply {
    turn.state.lock.owner = None;
    Reply::Done
}

fn show(turn: &mut Turn<'_>, _: &mut Session, _: &Args) -> Reply {
    let owner = turn.state.lock.owner.as_ref();
    let (pid, user, tty) =
        owner.map_or(("-1", "unknown", "-1".to_owned()), |o| ("3", &o.user, o.tty.to_string()));
    let (kind, state, class, count) = match owner {
        None => ("NO LOCK", "FREE", "unknown", 0),
        Some(_) => ("EXCLUSIVE", "LOCKED", "EXPOSED", 1),
    };
    let debug = if owner.is_some() { "configure terminal lock" } else { "" };
    Reply::Text(format!(
        "Parser Configure Lock\n---------------------\nOwner PID          : {pid}\n\
         User               : {user}\nTTY                : {tty}\n\
         Type               : {kind}\nState              : {state}\n\
         Class              : {class}\nCount              : {count}\n\
         Pending Requests   : 0\nUser debug info    : {debug}\n"
    ))
}
