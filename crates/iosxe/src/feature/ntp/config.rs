//! `ntp ...` in configuration mode.

use cli::{Args, Kind, No, Token, any_of, kw, one_of, opt, param};
use std::net::IpAddr;

use super::key::{ALGORITHMS, Key};
use super::{
    ASSOCIATIONS_MAX, Association, Host, KEYS_MAX, MASTER_STRATUM_DEFAULT, Options, Polling, Role,
    poll, select,
};
use crate::command::{Command, Handler, Mode, Reply};
use crate::config::is_word;
use crate::feature::clock::Follows;
use crate::feature::logging::Message;
use crate::feature::user::Credential;
use crate::session::Session;
use crate::turn::Turn;

const NTP: Token = kw("ntp", "Configure NTP");
const KEY: Kind = Kind::Integer { min: 1, max: 65_535 };
const POLL: Kind = Kind::Integer { min: 4, max: 17 };

/// The commands of this file.
pub(crate) const COMMANDS: &[Command] = &[
    global(&[NTP, kw("server", "Configure NTP server"), VRF, FAMILY, HOST, OPTIONS], server),
    global(&[NTP, kw("peer", "Configure NTP peer"), VRF, FAMILY, HOST, OPTIONS], peer),
    global(
        &[
            NTP,
            kw("master", "Act as NTP master clock"),
            opt(&[param("stratum", Kind::Integer { min: 1, max: 15 }, "Stratum number")]),
        ],
        master,
    ),
    global(
        &[
            NTP,
            kw("source", "Configure interface for source address"),
            param("interface", Kind::Interface, "Interface"),
        ],
        source,
    ),
    global(
        &[
            NTP,
            one_of(&[
                &[kw("authenticate", "Authenticate time sources")],
                &[kw("logging", "Enable NTP message logging")],
                &[kw("update-calendar", "Periodically update calendar with NTP time")],
            ]),
        ],
        switch,
    ),
    global(
        &[
            NTP,
            kw("authentication-key", "Authentication key for trusted time sources"),
            param("number", KEY, "Key number"),
            one_of(&[
                &[kw("md5", "MD5 authentication"), TEXT],
                &[kw("cmac-aes-128", "CMAC-AES-128 authentication"), TEXT],
                &[kw("hmac-sha1", "HMAC-SHA1 authentication"), TEXT],
                &[kw("hmac-sha2-256", "HMAC-SHA2-256 authentication"), TEXT],
                &[kw("sha1", "SHA1 authentication"), TEXT],
            ]),
            opt(&[param("encryption", Kind::Integer { min: 0, max: 7 }, "Encryption type")]),
        ],
        key,
    ),
    global(
        &[
            NTP,
            kw("trusted-key", "Key numbers for trusted time sources"),
            param("number", KEY, "Key number"),
            opt(&[kw("-", "Range of keys"), param("last", KEY, "Last key number")]),
        ],
        trusted,
    ),
    global(&[NTP], all),
];

const VRF: Token = opt(&[
    kw("vrf", "VPN Routing/Forwarding Information"),
    param("vrf", Kind::Word, "VPN Routing/Forwarding instance name"),
]);

const FAMILY: Token = opt(&[one_of(&[
    &[kw("ip", "Use IP for DNS resolution")],
    &[kw("ipv6", "Use IPv6 for DNS resolution")],
])]);

const HOST: Token = param("host", Kind::Word, "Hostname or IP address of peer");

const TEXT: Token = param("key-text", Kind::Word, "Authentication key");

const OPTIONS: Token = any_of(&[
    &[
        kw("version", "Configure NTP version"),
        param("version", Kind::Integer { min: 1, max: 4 }, "NTP version number"),
    ],
    &[kw("key", "Configure peer authentication key"), param("key", KEY, "Peer key number")],
    &[
        kw("source", "Interface for source address"),
        param("interface", Kind::Interface, "Interface"),
    ],
    &[kw("prefer", "Prefer this peer when possible")],
    &[kw("minpoll", "Minimum poll interval"), param("minpoll", POLL, "Poll value in Log2")],
    &[kw("maxpoll", "Maximum poll interval"), param("maxpoll", POLL, "Poll value in Log2")],
    &[kw("burst", "Send a burst when peer is reachable")],
    &[kw("iburst", "Send a burst when peer is unreachable")],
]);

const fn global(syntax: &'static [Token], run: Handler) -> Command {
    Command { modes: &[Mode::Config], privilege: 15, syntax, no: No::Allowed, run }
}

fn server(turn: &mut Turn<'_>, _: &mut Session, args: &Args) -> Reply {
    associate(turn, Role::Server, args)
}

fn peer(turn: &mut Turn<'_>, _: &mut Session, args: &Args) -> Reply {
    associate(turn, Role::Peer, args)
}

fn associate(turn: &mut Turn<'_>, role: Role, args: &Args) -> Reply {
    let is_off = args.is_no() || args.is_default();
    let Some(word) = args.text("host") else {
        remove(turn, |association| association.role == role);
        return Reply::Done;
    };
    if !is_word(word) {
        return Reply::Invalid { column: args.column("host") };
    }
    let host = match word.parse::<IpAddr>() {
        Ok(address) if is_no_host(address) => {
            return Reply::Refused("% Invalid NTP server address\n".into());
        }
        Ok(address) => Host::Address(address),
        Err(_) if looks_like_an_address(word) => {
            return Reply::Invalid { column: args.column("host") };
        }
        Err(_) => Host::Name(word.to_owned()),
    };
    let vrf = args.text("vrf").map(str::to_owned);
    if is_off {
        remove(turn, |one| one.role == role && one.host == host && one.vrf == vrf);
        return Reply::Done;
    }
    let new = options(args);
    if new.minpoll.zip(new.maxpoll).is_some_and(|(min, max)| min > max) {
        return Reply::Refused("% minpoll must not be larger than maxpoll\n".into());
    }
    put(turn, role, vrf, host, new)
}

/// Adds an association, or gives one that is there other options.
fn put(
    turn: &mut Turn<'_>,
    role: Role,
    vrf: Option<String>,
    host: Host,
    options: Options,
) -> Reply {
    let ntp = &mut turn.state.ntp;
    let same = |one: &&mut Association| one.host == host && one.vrf == vrf;
    if let Some(known) = ntp.associations.iter_mut().find(same) {
        (known.role, known.options) = (role, options);
        poll::bound(known);
        return Reply::Done;
    }
    if ntp.associations.len() >= ASSOCIATIONS_MAX {
        return Reply::Refused("% Maximum number of NTP associations reached\n".into());
    }
    ntp.last += 1;
    let id = ntp.last;
    let polling = Polling::default();
    ntp.associations.push(Association { id, role, vrf, host, options, polling });
    start(turn);
    poll::begin(turn, id);
    Reply::Done
}

fn options(args: &Args) -> Options {
    let byte = |name| args.number(name).and_then(|number| u8::try_from(number).ok());
    Options {
        version: byte("version"),
        key: args.number("key").and_then(|key| u32::try_from(key).ok()),
        source: args.interface("interface").copied(),
        prefer: args.has("prefer"),
        minpoll: byte("minpoll"),
        maxpoll: byte("maxpoll"),
        burst: args.has("burst"),
        iburst: args.has("iburst"),
    }
}

/// An address that nobody has alone.
fn is_no_host(address: IpAddr) -> bool {
    let local = matches!(address, IpAddr::V4(v4) if v4.octets()[0] == 127 || v4.octets()[0] == 0);
    let broadcast = matches!(address, IpAddr::V4(v4) if v4.is_broadcast());
    local || broadcast || address.is_unspecified() || address.is_multicast()
}

/// `10.0.0.300` is no name.
fn looks_like_an_address(word: &str) -> bool {
    word.contains(':') || word.bytes().all(|b| b.is_ascii_digit() || b == b'.')
}

/// `ntp master` is an association with the own clock.
fn master(turn: &mut Turn<'_>, _: &mut Session, args: &Args) -> Reply {
    remove(turn, |association| matches!(association.role, Role::Local(_)));
    if args.is_no() || args.is_default() {
        return Reply::Done;
    }
    let given = args.number("stratum").and_then(|stratum| u8::try_from(stratum).ok());
    let stratum = given.unwrap_or(MASTER_STRATUM_DEFAULT).saturating_sub(1);
    let host = Host::Address(super::LOCAL_CLOCK.into());
    put(turn, Role::Local(stratum), None, host, Options::default())
}

/// NTP runs from the first association on.
fn start(turn: &mut Turn<'_>) {
    if turn.state.ntp.started.is_some() {
        return;
    }
    turn.state.ntp.started = Some(turn.now);
    turn.state.clock.follow(Follows::NobodyYet);
    if turn.state.ntp.logging {
        turn.log(Message::new("NTP", 6, "RESTART", "NTP process starts"));
    }
}

fn remove(turn: &mut Turn<'_>, goes: impl Fn(&Association) -> bool) {
    let all = std::mem::take(&mut turn.state.ntp.associations);
    let (gone, kept): (Vec<_>, Vec<_>) = all.into_iter().partition(|one| goes(one));
    turn.state.ntp.associations = kept;
    gone.iter().for_each(|association| poll::stop(turn.state, &association.polling));
    if gone.is_empty() {
        return;
    }
    select::review(turn, None);
    if turn.state.ntp.associations.is_empty() {
        turn.state.ntp.started = None;
        turn.state.clock.follow(Follows::Nobody);
        if turn.state.ntp.logging {
            turn.log(Message::new("NTP", 6, "STOP", "NTP process stops"));
        }
    }
}

fn source(turn: &mut Turn<'_>, _: &mut Session, args: &Args) -> Reply {
    let given = args.interface("interface").copied();
    turn.state.ntp.source = given.filter(|_| !args.is_no() && !args.is_default());
    Reply::Done
}

fn switch(turn: &mut Turn<'_>, _: &mut Session, args: &Args) -> Reply {
    let on = !args.is_no() && !args.is_default();
    let ntp = &mut turn.state.ntp;
    let switch = match () {
        () if args.has("authenticate") => &mut ntp.authenticate,
        () if args.has("logging") => &mut ntp.logging,
        () => &mut ntp.update_calendar,
    };
    *switch = on;
    Reply::Done
}

/// A key is printed as type 7, however it was typed; a number behind it that is not 0 says that it
/// was typed so.
fn key(turn: &mut Turn<'_>, _: &mut Session, args: &Args) -> Reply {
    let Some(number) = args.number("number").and_then(|number| u32::try_from(number).ok()) else {
        return Reply::Incomplete;
    };
    if args.is_no() || args.is_default() {
        turn.state.ntp.keys.remove(&number);
        return Reply::Done;
    }
    let algorithm = ALGORITHMS.into_iter().find(|word| args.has(word)).unwrap_or(ALGORITHMS[0]);
    let Some(text) = args.text("key-text") else { return Reply::Incomplete };
    let secret = match args.number("encryption") {
        None | Some(0) => {
            let mut rng = turn.state.rng.child("ntp key").child(&number.to_string());
            Some(Credential::obfuscated(text, &mut rng))
        }
        Some(_) => Credential::hidden(text),
    };
    let Some(secret) = secret else { return Reply::Invalid { column: args.column("key-text") } };
    let keys = &mut turn.state.ntp.keys;
    if keys.len() >= KEYS_MAX && !keys.contains_key(&number) {
        return Reply::Refused("% Too many NTP authentication keys\n".into());
    }
    keys.insert(number, Key { algorithm, secret });
    Reply::Done
}

fn trusted(turn: &mut Turn<'_>, _: &mut Session, args: &Args) -> Reply {
    let number = |name| args.number(name).and_then(|number| u32::try_from(number).ok());
    let trusted = &mut turn.state.ntp.trusted;
    let Some(first) = number("number") else {
        trusted.clear();
        return Reply::Done;
    };
    let range = (first, number("last").unwrap_or(first));
    if range.1 < range.0 {
        return Reply::Invalid { column: args.column("last") };
    }
    if args.is_no() || args.is_default() {
        trusted.remove(&range);
    } else if trusted.len() < KEYS_MAX {
        trusted.insert(range);
    }
    Reply::Done
}

/// `no ntp`: all of it goes.
fn all(turn: &mut Turn<'_>, _: &mut Session, args: &Args) -> Reply {
    if !args.is_no() {
        return Reply::Incomplete;
    }
    remove(turn, |_| true);
    turn.state.ntp = super::Ntp { last: turn.state.ntp.last, ..super::Ntp::default() };
    turn.state.inert.forget("ntp");
    Reply::Done
}
