//! `username` and `enable secret`.

use cli::{Args, Kind, No, Token, kw, one_of, opt, param};

use super::{Credential, USERS_MAX, User, encryption};
use crate::command::{Command, Mode, Reply};
use crate::config::{ConfigText, Section, order};
use crate::device::State;
use crate::session::{PRIVILEGED_LEVEL, Session};
use crate::turn::Turn;

/// The users' parts of the running-config.
pub(crate) const SECTIONS: &[Section] = &[
    Section { order: order::ENABLE, print: print_enable },
    Section { order: order::USER, print: print_users },
];

const SECRET: &[Token] = &[kw("secret", "Specify the secret for the user"), SECRET_FORMS];

const SECRET_FORMS: Token = one_of(&[
    &[kw("0", "Specifies an UNENCRYPTED secret will follow"), CLEAR],
    &[kw("5", "Specifies a MD5 HASHED secret will follow"), HASH],
    &[kw("8", "Specifies a PBKDF2 HASHED secret will follow"), HASH],
    &[kw("9", "Specifies a SCRYPT HASHED secret will follow"), HASH],
    &[CLEAR],
]);

const PASSWORD: &[Token] = &[kw("password", "Specify the password for the user"), PASSWORD_FORMS];

const PASSWORD_FORMS: Token = one_of(&[
    &[kw("0", "Specifies an UNENCRYPTED password will follow"), CLEAR],
    &[kw("7", "Specifies a HIDDEN password will follow"), HASH],
    &[CLEAR],
]);

/// Which level `enable` then gives; without it, that of privileged EXEC.
const AT_LEVEL: Token = opt(&[
    kw("level", "Set exec level password"),
    param("level", Kind::Integer { min: 1, max: 15 }, "Level number"),
]);

const CLEAR: Token = param("secret", Kind::Line, "The UNENCRYPTED (cleartext) text");
const HASH: Token = param("hash", Kind::Word, "The HIDDEN text");

/// The commands of this file.
pub(crate) const COMMANDS: &[Command] = &[
    Command {
        modes: &[Mode::Config],
        privilege: 15,
        syntax: &[
            kw("username", "Establish User Name Authentication"),
            param("name", Kind::Word, "User name"),
            opt(&[
                kw("privilege", "Set user privilege level"),
                param("level", Kind::Integer { min: 0, max: 15 }, "User privilege level"),
            ]),
            opt(&[one_of(&[SECRET, PASSWORD])]),
        ],
        no: No::Allowed,
        run: username,
    },
    Command {
        modes: &[Mode::Config],
        privilege: 15,
        syntax: &[
            kw("enable", "Modify enable password parameters"),
            one_of(&[
                &[kw("secret", "Assign the privileged level secret"), AT_LEVEL, SECRET_FORMS],
                &[kw("password", "Assign the privileged level password"), AT_LEVEL, PASSWORD_FORMS],
            ]),
        ],
        no: No::Allowed,
        run: enable,
    },
];

fn username(turn: &mut Turn<'_>, _: &mut Session, args: &Args) -> Reply {
    let Some(name) = args.text("name") else { return Reply::Incomplete };
    if args.is_no() || args.is_default() {
        turn.state.users.by_name.shift_remove(name);
        return Reply::Done;
    }
    let credential = match credential(turn.state, name, args) {
        Ok(credential) => credential,
        Err(reply) => return reply,
    };
    let users = &mut turn.state.users.by_name;
    if !users.contains_key(name) && users.len() >= USERS_MAX {
        return Reply::Refused("% Too many users\n".into());
    }
    let level = args.number("level").and_then(|level| u8::try_from(level).ok());
    let user: &mut User = users.entry(name.to_owned()).or_default();
    user.privilege = level.or(user.privilege);
    user.credential = credential.or(user.credential.take());
    Reply::Done
}

fn enable(turn: &mut Turn<'_>, _: &mut Session, args: &Args) -> Reply {
    let level = args.number("level").and_then(|level| u8::try_from(level).ok());
    let level = level.unwrap_or(PRIVILEGED_LEVEL);
    let undone = args.is_no() || args.is_default();
    let owner = enable_owner(level);
    let given = match if undone { Ok(None) } else { credential(turn.state, &owner, args) } {
        Ok(credential) => credential,
        Err(reply) => return reply,
    };
    let users = &mut turn.state.users;
    let by_level = match args.has("secret") {
        true => &mut users.enable_secrets,
        false => &mut users.enable_passwords,
    };
    match given {
        Some(credential) => by_level.insert(level, credential),
        None => by_level.remove(&level),
    };
    Reply::Done
}

/// Whose salt the password of a level has.
pub(super) fn enable_owner(level: u8) -> String {
    if level == PRIVILEGED_LEVEL { "enable".into() } else { format!("enable {level}") }
}

/// The credential that a line gives; `owner` has a salt of his own.
fn credential(state: &State, owner: &str, args: &Args) -> Result<Option<Credential>, Reply> {
    if let Some(text) = args.text("secret") {
        let mut rng = state.rng.child("secret").child(owner);
        let is_secret = args.has("secret");
        return Ok(Some(match is_secret {
            true => Credential::secret(text, &mut rng),
            false => encryption::password(state, text, owner),
        }));
    }
    let Some(hash) = args.text("hash") else { return Ok(None) };
    let read = match () {
        () if args.has("7") => Credential::hidden(hash),
        () if args.has("5") => Credential::hashed(5, hash),
        () if args.has("8") => Credential::hashed(8, hash),
        () => Credential::hashed(9, hash),
    };
    read.map(Some).ok_or(Reply::Invalid { column: args.column("hash") })
}

/// Those of single levels stand above that of privileged EXEC, which names none.
fn print_enable(state: &State, text: &mut ConfigText) {
    let users = &state.users;
    let both = [("secret", &users.enable_secrets), ("password", &users.enable_passwords)];
    for (word, by_level) in both {
        for (level, credential) in by_level {
            let at = match *level {
                PRIVILEGED_LEVEL => String::new(),
                level => format!("level {level} "),
            };
            text.line(format_args!("enable {word} {at}{}", credential.printed()));
        }
    }
}

fn print_users(state: &State, text: &mut ConfigText) {
    for (name, user) in &state.users.by_name {
        let level = user.privilege.map(|level| format!(" privilege {level}")).unwrap_or_default();
        let word = user.credential.as_ref().map(|credential| {
            let word = if credential.is_secret() { "secret" } else { "password" };
            format!(" {word} {}", credential.printed())
        });
        text.line(format_args!("username {name}{level}{}", word.unwrap_or_default()));
    }
    text.separator();
}
