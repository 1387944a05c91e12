//! Local users who are locked after too many wrong passwords (Cisco, "Login Password Retry
//! Lockout"). An administrator, a user of level 15, is never locked.

use std::fmt::Write as _;

use cli::{Args, Kind, No, Token, kw, one_of, param};

use crate::command::{Command, Mode, Reply};
use crate::feature::logging::Message;
use crate::session::{PRIVILEGED_LEVEL, Session};
use crate::turn::Turn;

const SHOW: Token = kw("show", "Show running system information");
const SHOW_AAA: Token = kw("aaa", "Show AAA values");
const AAA: Token = kw("aaa", "AAA values");
const LOCAL: Token = kw("local", "AAA Local method");
const USER: Token = kw("user", "AAA Local user");
const LOCKOUT: Token = kw("lockout", "AAA Local locked-out user");

/// The commands of this file.
pub(crate) const COMMANDS: &[Command] = &[
    Command {
        modes: &[Mode::Exec],
        privilege: 1,
        syntax: &[SHOW, SHOW_AAA, LOCAL, USER, LOCKOUT],
        no: No::Without,
        run: show,
    },
    Command {
        modes: &[Mode::Exec],
        privilege: 15,
        syntax: &[
            kw("clear", "Reset functions"),
            AAA,
            LOCAL,
            USER,
            LOCKOUT,
            one_of(&[
                &[kw("all", "All locked-out users")],
                &[kw("username", "A locked-out user"), param("name", Kind::Word, "User name")],
            ]),
        ],
        no: No::Without,
        run: clear,
    },
];

fn show(turn: &mut Turn<'_>, _: &mut Session, _: &Args) -> Reply {
    let mut text = String::from("\n        Local-user          Lock time\n");
    for (name, since) in &turn.state.aaa.locked {
        let at = turn.state.clock.describe(*since);
        let _ = writeln!(text, "        {name:<20}{at}");
    }
    text.push('\n');
    Reply::Text(text)
}

fn clear(turn: &mut Turn<'_>, session: &mut Session, args: &Args) -> Reply {
    let wanted = args.text("name");
    let is_wanted = |name: &&String| wanted.is_none_or(|wanted| wanted == name.as_str());
    let names: Vec<String> = turn.state.aaa.locked.keys().filter(is_wanted).cloned().collect();
    for name in names {
        turn.state.aaa.locked.remove(&name);
        turn.state.aaa.failures.remove(&name);
        let text = format!("User {name} unlocked by {}", session.who());
        turn.log(Message::new("AAA", 5, "USER_UNLOCKED", text));
    }
    Reply::Done
}

/// A login has ended: a wrong password of a local user counts, a right one makes good.
pub(crate) fn tried(turn: &mut Turn<'_>, user: &str, succeeded: bool) {
    let aaa = &mut turn.state.aaa;
    let Some(max) = aaa.max_fail.filter(|_| aaa.new_model == Some(true)) else { return };
    let Some(level) = turn.state.users.level(user) else { return };
    if succeeded {
        aaa.failures.remove(user);
        return;
    }
    if level == Some(PRIVILEGED_LEVEL) || aaa.locked.contains_key(user) {
        return;
    }
    // As many as there are users.
    let count = aaa.failures.entry(user.to_owned()).or_default();
    *count += 1;
    if *count >= max {
        aaa.locked.insert(user.to_owned(), turn.now);
        let text = format!("User {user} locked out on authentication failure");
        turn.log(Message::new("AAA", 5, "USER_LOCKED", text));
    }
}
