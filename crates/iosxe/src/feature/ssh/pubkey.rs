//! `ip ssh pubkey-chain`: the keys of users, by `key-string` or by `key-hash` (Cisco, "Secure Shell
//! Version 2 Support").

use cli::{Args, Kind, No, Token, kw, one_of, opt, param};

use super::keys::{Full, KINDS, KeyHash, UserKey};
use crate::command::{Command, Handler, Mode, Place, Reply};
use crate::config::ConfigText;
use crate::device::State;
use crate::exec;
use crate::session::Session;
use crate::turn::Turn;

/// The longest text of a key, in bytes: an RSA key of 16,384 bits fits.
const KEY_BYTES_MAX: usize = 4 * 1024;

const HEX: Token = param("hash", Kind::Word, "Key hash in hex format");
const COMMENT: Token = opt(&[param("comment", Kind::Line, "Key comment")]);

/// The commands of this file.
pub(crate) const COMMANDS: &[Command] = &[
    command(
        &[Mode::Config],
        &[
            kw("ip", "Global IP configuration subcommands"),
            kw("ssh", "Configure ssh options"),
            kw("pubkey-chain", "pubkey chain"),
        ],
        chain,
    ),
    command(
        &[Mode::SshKeys],
        &[
            kw("username", "Configure username for public key authentication"),
            param("user", Kind::Word, "SSH username"),
        ],
        user,
    ),
    command(&[Mode::SshUser], &[kw("key-string", "Configure key-string")], key_string),
    command(
        &[Mode::SshUser],
        &[
            kw("key-hash", "Configure key-hash"),
            one_of(&[
                &[kw(KINDS[0], "RSA key"), HEX, COMMENT],
                &[kw(KINDS[1], "ECDSA key on P-256"), HEX, COMMENT],
                &[kw(KINDS[2], "ECDSA key on P-384"), HEX, COMMENT],
                &[kw(KINDS[3], "ECDSA key on P-521"), HEX, COMMENT],
                &[kw(KINDS[4], "Ed25519 key"), HEX, COMMENT],
            ]),
        ],
        key_hash,
    ),
];

const fn command(modes: &'static [Mode], syntax: &'static [Token], run: Handler) -> Command {
    Command { modes, privilege: 15, syntax, no: No::Allowed, run }
}

/// Its part of the running-config, two blanks and three deep as IOS indents it.
pub(super) fn print(state: &State, text: &mut ConfigText) {
    let mut users = state.ssh.keychain.users().peekable();
    if users.peek().is_none() {
        return;
    }
    text.line("ip ssh pubkey-chain");
    for (user, keys) in users {
        text.line(format_args!("  username {user}"));
        for UserKey { hash, comment } in keys {
            let line = format!("   key-hash {hash} {comment}");
            text.line(line.trim_end());
        }
    }
}

fn is_undone(args: &Args) -> bool {
    args.is_no() || args.is_default()
}

fn chain(turn: &mut Turn<'_>, _: &mut Session, args: &Args) -> Reply {
    if is_undone(args) {
        turn.state.ssh.keychain.clear();
        return Reply::Done;
    }
    Reply::Enter(Place::SshKeys)
}

fn user(turn: &mut Turn<'_>, _: &mut Session, args: &Args) -> Reply {
    let Some(user) = args.text("user") else { return Reply::Incomplete };
    if is_undone(args) {
        turn.state.ssh.keychain.remove(user, |_| true);
        return Reply::Done;
    }
    if !turn.state.ssh.keychain.takes_user(user) {
        return full(Full::Users);
    }
    Reply::Enter(Place::SshUser(user.to_owned()))
}

fn full(what: Full) -> Reply {
    Reply::Refused(match what {
        Full::Users => "%SSH: Maximum number of users reached\n".into(),
        Full::Keys => "%SSH: Maximum number of keys for the user reached\n".into(),
    })
}

fn key_hash(turn: &mut Turn<'_>, session: &mut Session, args: &Args) -> Reply {
    let Place::SshUser(user) = session.place().clone() else { return Reply::Done };
    let kind = KINDS.into_iter().find(|kind| args.has(kind));
    let (Some(kind), Some(digits)) = (kind, args.text("hash")) else {
        if is_undone(args) {
            turn.state.ssh.keychain.remove(&user, |_| true);
            return Reply::Done;
        }
        return Reply::Incomplete;
    };
    let Some(hash) = KeyHash::read(kind, digits) else {
        return Reply::Refused("%SSH: Failed to decode the Key Hash\n".into());
    };
    if is_undone(args) {
        turn.state.ssh.keychain.remove(&user, |known| *known == hash);
        return Reply::Done;
    }
    let key = UserKey::new(hash, args.text("comment").unwrap_or_default());
    turn.state.ssh.keychain.add(&user, key).map_or_else(full, |()| Reply::Done)
}

/// The key comes on lines of its own, up to `exit`. Between them stands the prompt of a mode in
/// which there are no other commands.
fn key_string(turn: &mut Turn<'_>, session: &mut Session, args: &Args) -> Reply {
    if is_undone(args) {
        let Place::SshUser(user) = session.place().clone() else { return Reply::Done };
        turn.state.ssh.keychain.remove(&user, |_| true);
        return Reply::Done;
    }
    ask(turn)
}

fn ask(turn: &Turn<'_>) -> Reply {
    let question = exec::config_prompt(turn.state, "conf-ssh-pubkey-data");
    Reply::Ask { question, echo: true, then: more_key }
}

fn more_key(turn: &mut Turn<'_>, session: &mut Session, line: &str) -> Reply {
    let Place::SshUser(user) = session.place().clone() else { return Reply::Done };
    if !["exit", "quit", "end"].contains(&line.trim().to_ascii_lowercase().as_str()) {
        if session.draft.len() + line.len() < KEY_BYTES_MAX {
            session.draft.push_str(line.trim());
            session.draft.push('\n');
        }
        return ask(turn);
    }
    let text = std::mem::take(&mut session.draft);
    match UserKey::from_text(&text) {
        Some(key) => turn.state.ssh.keychain.add(&user, key).map_or_else(full, |()| Reply::Done),
        None => Reply::Refused("%SSH: Failed to decode the Key Value\n".into()),
    }
}
