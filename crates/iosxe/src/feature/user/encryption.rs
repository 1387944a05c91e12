//! `service password-encryption`: passwords that would be printed as they are, as type 7.
//!
//! It counts for what is there and for what comes. Taking the line back makes no password readable
//! again (Cisco, "Configuring Security with Passwords, Privileges and Logins"). Those of users, of
//! `enable` and of lines are encoded; keys of routing protocols are kept as they were typed.

use cli::{Args, No, kw};
use simtime::Rng;

use super::Credential;
use crate::command::{Command, Mode, Reply};
use crate::device::State;
use crate::session::Session;
use crate::turn::Turn;

/// The commands of this file.
pub(crate) const COMMANDS: &[Command] = &[Command {
    modes: &[Mode::Config],
    privilege: 15,
    syntax: &[
        kw("service", "Modify use of network based services"),
        kw("password-encryption", "Encrypt system passwords"),
    ],
    no: No::Allowed,
    run: password_encryption,
}];

fn password_encryption(turn: &mut Turn<'_>, _: &mut Session, args: &Args) -> Reply {
    let State { users, lines, rng, .. } = &mut *turn.state;
    users.encrypts = !args.is_no() && !args.is_default();
    if !users.encrypts {
        return Reply::Done;
    }
    for (name, user) in &mut users.by_name {
        user.credential.iter_mut().for_each(|credential| obfuscate(credential, name, rng));
    }
    for (level, credential) in &mut users.enable_passwords {
        obfuscate(credential, &super::config::enable_owner(*level), rng);
    }
    lines.passwords_mut().for_each(|credential| obfuscate(credential, "line", rng));
    Reply::Done
}

fn obfuscate(credential: &mut Credential, owner: &str, rng: &Rng) {
    credential.obfuscate(&mut rng.child("secret").child(owner));
}

/// A password in plain text that is configured now, as the router keeps it.
pub(crate) fn password(state: &State, text: &str, owner: &str) -> Credential {
    let mut credential = Credential::clear(text);
    if state.users.encrypts {
        obfuscate(&mut credential, owner, &state.rng);
    }
    credential
}
