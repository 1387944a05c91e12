//! `ip ssh` and `ip scp`, and how running-config prints them.

use cli::{Args, Kind, No, Token, any_of, kw, one_of, param};

use super::algorithms::{ALL, List};
use super::{Settings, Ssh, pubkey};
use crate::command::{Command, Handler, Mode, Reply};
use crate::config::{ConfigText, Section, is_word, order};
use crate::device::State;
use crate::session::Session;
use crate::turn::Turn;

const IP: Token = kw("ip", "Global IP configuration subcommands");
const SSH: Token = kw("ssh", "Configure ssh options");
const SERVER: Token = kw("server", "Configure server specific options");

/// The commands of this file.
pub(crate) const COMMANDS: &[Command] = &[
    command(
        &[
            IP,
            SSH,
            kw("version", "Specify protocol version to be supported"),
            param("number", Kind::Integer { min: 1, max: 2 }, "Protocol version"),
        ],
        version,
    ),
    command(
        &[
            IP,
            SSH,
            kw("time-out", "Specify SSH time-out interval"),
            param("number", Kind::Integer { min: 1, max: 120 }, "SSH time-out interval (secs)"),
        ],
        timeout,
    ),
    command(
        &[
            IP,
            SSH,
            kw("authentication-retries", "Specify number of authentication retries"),
            param("number", Kind::Integer { min: 0, max: 5 }, "Number of authentication retries"),
        ],
        retries,
    ),
    command(
        &[
            IP,
            SSH,
            kw("maxstartups", "Maximum concurrent sessions allowed"),
            param("number", Kind::Integer { min: 2, max: 128 }, "Number of concurrent sessions"),
        ],
        startups,
    ),
    command(
        &[
            IP,
            SSH,
            kw("dh", "Diffie-Hellman"),
            kw("min", "Minimum Diffie-Hellman key size"),
            kw("size", "Minimum Diffie-Hellman key size"),
            param(
                "number",
                GROUP_BITS,
                "Minimum Diffie-Hellman key size (1024, 2048 or 4096 bits)",
            ),
        ],
        group_bits,
    ),
    command(
        &[
            IP,
            SSH,
            kw("rsa", "Configure RSA keypair name for SSH"),
            kw("keypair-name", "Specify RSA keypair name"),
            param("name", Kind::Word, "RSA keypair label"),
        ],
        pair,
    ),
    command(
        &[
            IP,
            SSH,
            kw("source-interface", "Specify interface for source address in SSH connections"),
            param("interface", Kind::Interface, "Interface"),
        ],
        source,
    ),
    command(
        &[IP, SSH, kw("logging", "Configure logging for SSH"), kw("events", "Log SSH events")],
        events,
    ),
    command(
        &[IP, kw("scp", "Scp commands"), SERVER, kw("enable", "Enable the SCP server")],
        copies,
    ),
    command(
        &[
            IP,
            SSH,
            SERVER,
            kw("algorithm", "Configure algorithms for SSH server"),
            one_of(&[
                &[kw("authentication", "Configure authentication algorithm"), any_of(METHODS)],
                &[kw("encryption", "Configure encryption algorithm"), any_of(CIPHERS)],
                &[kw("hostkey", "Configure hostkey algorithm"), any_of(HOST_KEYS)],
                &[kw("kex", "Configure DH Group key exchange algorithm"), any_of(KEY_EXCHANGES)],
                &[kw("mac", "Configure MAC algorithm"), any_of(MACS)],
                &[kw("publickey", "Configure publickey algorithm"), any_of(SIGNATURES)],
            ]),
        ],
        algorithms,
    ),
];

const GROUP_BITS: Kind = Kind::Integer { min: 1024, max: 4096 };

const METHODS: &[&[Token]] = &[
    &[kw("keyboard", "Keyboard interactive authentication")],
    &[kw("password", "Password authentication")],
    &[kw("publickey", "Public key authentication")],
];

const CIPHERS: &[&[Token]] = &[
    &[kw("3des-cbc", "Three-key 3DES in CBC mode")],
    &[kw("aes128-cbc", "AES with 128-bit key in CBC mode")],
    &[kw("aes128-ctr", "AES with 128-bit key in CTR mode")],
    &[kw("aes128-gcm", "AES with 128-bit key in GCM mode")],
    &[kw("aes128-gcm@openssh.com", "AES with 128-bit key in GCM mode of OpenSSH")],
    &[kw("aes192-cbc", "AES with 192-bit key in CBC mode")],
    &[kw("aes192-ctr", "AES with 192-bit key in CTR mode")],
    &[kw("aes256-cbc", "AES with 256-bit key in CBC mode")],
    &[kw("aes256-ctr", "AES with 256-bit key in CTR mode")],
    &[kw("aes256-gcm", "AES with 256-bit key in GCM mode")],
    &[kw("aes256-gcm@openssh.com", "AES with 256-bit key in GCM mode of OpenSSH")],
    &[kw("chacha20-poly1305@openssh.com", "ChaCha20 with Poly1305 of OpenSSH")],
];

const HOST_KEYS: &[&[Token]] = &[
    &[kw("rsa-sha2-256", "RSA public key with SHA2-256")],
    &[kw("rsa-sha2-512", "RSA public key with SHA2-512")],
    &[kw("ssh-ed25519", "Ed25519 public key")],
    &[kw("ssh-rsa", "RSA public key")],
    &[kw("x509v3-ssh-rsa", "X.509 certificate with RSA key")],
];

const KEY_EXCHANGES: &[&[Token]] = &[
    &[kw("curve25519-sha256", "Elliptic curve Diffie-Hellman over Curve25519")],
    &[kw("curve25519-sha256@libssh.org", "Elliptic curve Diffie-Hellman over Curve25519")],
    &[kw("diffie-hellman-group14-sha1", "DH_GRP14_SHA1 Diffie-Hellman key exchange")],
    &[kw("diffie-hellman-group14-sha256", "DH_GRP14_SHA256 Diffie-Hellman key exchange")],
    &[kw("diffie-hellman-group16-sha512", "DH_GRP16_SHA512 Diffie-Hellman key exchange")],
    &[kw("ecdh-sha2-nistp256", "ECDH_SHA2_P256 elliptic curve Diffie-Hellman")],
    &[kw("ecdh-sha2-nistp384", "ECDH_SHA2_P384 elliptic curve Diffie-Hellman")],
    &[kw("ecdh-sha2-nistp521", "ECDH_SHA2_P521 elliptic curve Diffie-Hellman")],
];

const MACS: &[&[Token]] = &[
    &[kw("hmac-sha1", "HMAC-SHA1 (digest length = key length = 160 bits)")],
    &[kw("hmac-sha1-96", "HMAC-SHA1-96 (digest length = 96 bits, key length = 160 bits)")],
    &[kw("hmac-sha2-256", "HMAC-SHA2-256 (digest length = key length = 256 bits)")],
    &[kw("hmac-sha2-256-etm@openssh.com", "HMAC-SHA2-256, encrypt then MAC")],
    &[kw("hmac-sha2-512", "HMAC-SHA2-512 (digest length = key length = 512 bits)")],
    &[kw("hmac-sha2-512-etm@openssh.com", "HMAC-SHA2-512, encrypt then MAC")],
];

const SIGNATURES: &[&[Token]] = &[
    &[kw("ecdsa-sha2-nistp256", "ECDSA over P-256")],
    &[kw("ecdsa-sha2-nistp384", "ECDSA over P-384")],
    &[kw("ecdsa-sha2-nistp521", "ECDSA over P-521")],
    &[kw("rsa-sha2-256", "RSA with SHA2-256")],
    &[kw("rsa-sha2-512", "RSA with SHA2-512")],
    &[kw("ssh-ed25519", "Ed25519")],
    &[kw("ssh-rsa", "RSA with SHA1")],
    &[kw("x509v3-ecdsa-sha2-nistp256", "X.509 certificate, ECDSA over P-256")],
    &[kw("x509v3-ecdsa-sha2-nistp384", "X.509 certificate, ECDSA over P-384")],
    &[kw("x509v3-ecdsa-sha2-nistp521", "X.509 certificate, ECDSA over P-521")],
    &[kw("x509v3-rsa2048-sha256", "X.509 certificate, RSA with SHA2-256")],
    &[kw("x509v3-ssh-rsa", "X.509 certificate, RSA with SHA1")],
];

/// Its part of the running-config.
pub(crate) const SECTIONS: &[Section] = &[Section { order: order::IP_SERVICES, print }];

const fn command(syntax: &'static [Token], run: Handler) -> Command {
    Command { modes: &[Mode::Config], privilege: 15, syntax, no: No::Allowed, run }
}

fn print(state: &State, text: &mut ConfigText) {
    let Ssh { settings, lists, .. } = &state.ssh;
    let Settings { version, timeout, retries, startups, group_bits, pair, source, .. } = settings;
    let number = |words: &str, number: Option<u64>| number.map(|n| format!("ip ssh {words} {n}"));
    let before = [
        number("maxstartups", startups.map(|n| n as u64)),
        number("time-out", *timeout),
        number("authentication-retries", retries.map(u64::from)),
        pair.as_ref().map(|name| format!("ip ssh rsa keypair-name {name}")),
        source.as_ref().map(|name| format!("ip ssh source-interface {}", name.long())),
        settings.tells.then(|| "ip ssh logging events".to_owned()),
        number("version", *version),
        number("dh min size", *group_bits),
    ];
    before.iter().flatten().for_each(|line| text.line(line));
    pubkey::print(state, text);
    for list in ALL {
        if let Some(names) = lists.configured(list) {
            let (word, names) = (list.word(), names.join(" "));
            text.line(format_args!("ip ssh server algorithm {word} {names}"));
        }
    }
    if settings.copies {
        text.line("ip scp server enable");
    }
}

/// The number of a line; none for its `no` and `default` forms, and for the default itself.
fn given(args: &Args, default: u64) -> Option<u64> {
    let number = args.number("number").filter(|_| !is_undone(args));
    number.filter(|number| *number != default)
}

fn is_undone(args: &Args) -> bool {
    args.is_no() || args.is_default()
}

fn version(turn: &mut Turn<'_>, _: &mut Session, args: &Args) -> Reply {
    turn.state.ssh.settings.version = given(args, 0);
    Reply::Done
}

fn timeout(turn: &mut Turn<'_>, _: &mut Session, args: &Args) -> Reply {
    turn.state.ssh.settings.timeout = given(args, super::TIMEOUT_SECONDS_DEFAULT);
    Reply::Done
}

fn retries(turn: &mut Turn<'_>, _: &mut Session, args: &Args) -> Reply {
    let given = given(args, super::RETRIES_DEFAULT.into());
    turn.state.ssh.settings.retries = given.and_then(|number| u32::try_from(number).ok());
    Reply::Done
}

fn startups(turn: &mut Turn<'_>, _: &mut Session, args: &Args) -> Reply {
    let given = given(args, super::STARTUPS_DEFAULT as u64);
    turn.state.ssh.settings.startups = given.and_then(|number| usize::try_from(number).ok());
    Reply::Done
}

fn group_bits(turn: &mut Turn<'_>, _: &mut Session, args: &Args) -> Reply {
    let given = given(args, super::GROUP_BITS_DEFAULT);
    if given.is_some_and(|bits| ![1024, 4096].contains(&bits)) {
        return Reply::Invalid { column: args.column("number") };
    }
    turn.state.ssh.settings.group_bits = given;
    Reply::Done
}

/// A name that no key has yet is taken, with a word of warning: SSH would be off until it has one.
fn pair(turn: &mut Turn<'_>, _: &mut Session, args: &Args) -> Reply {
    if is_undone(args) {
        turn.state.ssh.settings.pair = None;
        return Reply::Done;
    }
    let Some(name) = args.text("name") else { return Reply::Incomplete };
    if !is_word(name) {
        return Reply::Invalid { column: args.column("name") };
    }
    turn.state.ssh.settings.pair = Some(name.to_owned());
    if turn.state.keys.has(name) || !turn.state.booted {
        return Reply::Done;
    }
    Reply::Text("Please create RSA keys to enable SSH.\n".into())
}

fn source(turn: &mut Turn<'_>, _: &mut Session, args: &Args) -> Reply {
    if !is_undone(args) && args.interface("interface").is_none() {
        return Reply::Incomplete;
    }
    let given = args.interface("interface").filter(|_| !is_undone(args)).copied();
    turn.state.ssh.settings.source = given;
    Reply::Done
}

fn events(turn: &mut Turn<'_>, _: &mut Session, args: &Args) -> Reply {
    turn.state.ssh.settings.tells = !is_undone(args);
    Reply::Done
}

fn copies(turn: &mut Turn<'_>, _: &mut Session, args: &Args) -> Reply {
    turn.state.ssh.settings.copies = !is_undone(args);
    Reply::Done
}

/// Names replace the list; after `no` they leave it, and without any the default is back.
fn algorithms(turn: &mut Turn<'_>, _: &mut Session, args: &Args) -> Reply {
    let Some(list) = ALL.into_iter().find(|list| args.has(list.word())) else {
        return Reply::Incomplete;
    };
    let lists = &mut turn.state.ssh.lists;
    let typed = names(list, args);
    match (typed.is_empty(), args.is_no(), args.is_default()) {
        (_, _, true) | (true, true, false) => lists.reset(list),
        (true, false, false) => return Reply::Incomplete,
        (false, false, false) => lists.set(list, typed),
        (false, true, false) => {
            let left = lists.of(list).iter().filter(|name| !typed.contains(name));
            let left: Vec<_> = left.copied().collect();
            if left.is_empty() {
                let what = list.word();
                return Reply::Refused(format!(
                    "% SSH command rejected: All {what} algorithms cannot be disabled\n"
                ));
            }
            lists.set(list, left);
        }
    }
    Reply::Done
}

/// The names of a line, in the order in which they were typed.
fn names(list: List, args: &Args) -> Vec<&'static str> {
    let known = match list {
        List::Methods => METHODS,
        List::Ciphers => CIPHERS,
        List::HostKeys => HOST_KEYS,
        List::KeyExchanges => KEY_EXCHANGES,
        List::Macs => MACS,
        List::Signatures => SIGNATURES,
    };
    let words = args.expanded().split(' ').skip_while(|word| *word != list.word()).skip(1);
    let all = known.iter().flat_map(|tokens| tokens.iter()).filter_map(|token| token.keyword());
    let all: Vec<&'static str> = all.collect();
    let name = |word: &str| all.iter().copied().find(|name| *name == word);
    words.filter_map(name).collect()
}
