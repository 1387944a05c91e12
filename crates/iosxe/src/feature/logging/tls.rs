//! `logging tls-profile`: how a router greets a collector that speaks TLS.
//!
//! What a profile says is kept, printed and shown. The sender itself takes TLS 1.2 and 1.3 with the
//! suites of its library, and has trust and certificate from the topology (docs/syslog.md).

use cli::{Args, Kind, No, Token, kw, one_of, opt, param};
use indexmap::IndexMap;

use super::Logging;
use crate::command::{Command, Handler, Mode, Place, Reply};
use crate::config::{ConfigText, is_word};
use crate::session::Session;
use crate::turn::Turn;

/// How many profiles one router has.
const PROFILES_MAX: usize = 32;

/// How many cipher suites one profile names.
const SUITES_MAX: usize = 16;

/// Profiles by name, in the order of their making.
pub(super) type TlsProfiles = IndexMap<String, TlsProfile>;

/// One profile.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct TlsProfile {
    trustpoint: Option<String>,
    version: Option<&'static str>,
    suites: Vec<String>,
}

/// The versions that `tls-version` takes.
const VERSIONS: [&str; 4] = ["TLSv1.0", "TLSv1.1", "TLSv1.2", "TLSv1.3"];

/// The commands of this file.
pub(crate) const COMMANDS: &[Command] = &[
    Command {
        modes: &[Mode::Config],
        privilege: 15,
        syntax: &[
            kw("logging", "Modify message logging facilities"),
            kw("tls-profile", "Set tls configuration profile"),
            param("profile", Kind::Word, "Name of the TLS profile"),
        ],
        no: No::Allowed,
        run: enter,
    },
    below(
        &[
            kw("client-id-trustpoint", "Associate a trustpoint for client authentication"),
            param("trustpoint", Kind::Word, "Trustpoint name"),
        ],
        trustpoint,
    ),
    below(
        &[
            kw("tls-version", "TLS version configuration"),
            one_of(&[
                &[kw("tlsv1.0", "TLSv1.0")],
                &[kw("tlsv1.1", "TLSv1.1")],
                &[kw("tlsv1.2", "TLSv1.2")],
                &[kw("tlsv1.3", "TLSv1.3")],
            ]),
        ],
        version,
    ),
    below(
        &[
            kw("ciphersuite", "Ciphersuite configuration"),
            opt(&[param("suites", Kind::Line, "Cipher suites, in order of preference")]),
        ],
        ciphersuite,
    ),
];

const fn below(syntax: &'static [Token], run: Handler) -> Command {
    Command { modes: &[Mode::TlsProfile], privilege: 15, syntax, no: No::Allowed, run }
}

/// The profiles' part of the running-config.
pub(super) fn print(logging: &Logging, text: &mut ConfigText) {
    for (name, TlsProfile { trustpoint, version, suites }) in &logging.profiles {
        text.line(format_args!("logging tls-profile {name}"));
        if !suites.is_empty() {
            text.line(format_args!(" ciphersuite {}", suites.join(" ")));
        }
        if let Some(trustpoint) = trustpoint {
            text.line(format_args!(" client-id-trustpoint {trustpoint}"));
        }
        if let Some(version) = version {
            text.line(format_args!(" tls-version {version}"));
        }
    }
}

/// Their part of `show logging`.
pub(super) fn table(logging: &Logging) -> String {
    let mut text = "    TLS Profiles: \n".to_owned();
    for (name, TlsProfile { trustpoint, version, suites }) in &logging.profiles {
        let suites =
            if suites.is_empty() { "Default".into() } else { format!(" {}", suites.join(" ")) };
        let trustpoint = trustpoint.as_deref().unwrap_or("Default");
        let version = version.unwrap_or("Default");
        text += &format!(
            "        Profile Name: {name}\n              Ciphersuites: {suites}\n              \
             Trustpoint: {trustpoint}\n              TLS version: {version}\n"
        );
    }
    text
}

fn enter(turn: &mut Turn<'_>, _: &mut Session, args: &Args) -> Reply {
    let name = args.text("profile").unwrap_or_default().to_owned();
    if !is_word(&name) {
        return Reply::Invalid { column: args.column("profile") };
    }
    let profiles = &mut turn.state.logging.profiles;
    if args.is_no() || args.is_default() {
        profiles.shift_remove(&name);
        return Reply::Done;
    }
    if !profiles.contains_key(&name) && profiles.len() == PROFILES_MAX {
        return Reply::Refused(format!("% Too many TLS profiles, the limit is {PROFILES_MAX}\n"));
    }
    profiles.entry(name.clone()).or_default();
    Reply::Enter(Place::TlsProfile(name))
}

/// Changes the profile where the session stands, if it is still there.
fn change(turn: &mut Turn<'_>, session: &Session, set: impl FnOnce(&mut TlsProfile)) -> Reply {
    if let Place::TlsProfile(name) = session.place()
        && let Some(profile) = turn.state.logging.profiles.get_mut(name)
    {
        set(profile);
    }
    Reply::Done
}

fn trustpoint(turn: &mut Turn<'_>, session: &mut Session, args: &Args) -> Reply {
    let given = args.text("trustpoint").filter(|_| !args.is_no() && !args.is_default());
    if given.is_some_and(|name| !is_word(name)) {
        return Reply::Invalid { column: args.column("trustpoint") };
    }
    change(turn, session, |profile| profile.trustpoint = given.map(str::to_owned))
}

fn version(turn: &mut Turn<'_>, session: &mut Session, args: &Args) -> Reply {
    let given = VERSIONS.into_iter().find(|version| args.has(&version.to_ascii_lowercase()));
    let given = given.filter(|_| !args.is_no() && !args.is_default());
    change(turn, session, |profile| profile.version = given)
}

fn ciphersuite(turn: &mut Turn<'_>, session: &mut Session, args: &Args) -> Reply {
    let taken = !args.is_no() && !args.is_default();
    let words = args.text("suites").unwrap_or_default().split_whitespace();
    let suites: Vec<String> = words.filter(|_| taken).map(str::to_owned).collect();
    if taken && suites.is_empty() {
        return Reply::Incomplete;
    }
    if suites.len() > SUITES_MAX {
        return Reply::Invalid { column: args.column("suites") };
    }
    change(turn, session, |profile| profile.suites = suites)
}
