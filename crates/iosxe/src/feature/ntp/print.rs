//! NTP's part of the running-config.

use std::fmt::Write as _;

use super::{Association, Host, MASTER_STRATUM_DEFAULT, Ntp, Role};
use crate::config::{ConfigText, Section, order};
use crate::device::State;

/// Its parts of the running-config.
pub(crate) const SECTIONS: &[Section] = &[Section { order: order::NTP, print }];

fn print(state: &State, text: &mut ConfigText) {
    let Ntp { associations, source, authenticate, logging, update_calendar, .. } = &state.ntp;
    if *logging {
        text.line("ntp logging");
    }
    for (number, key) in &state.ntp.keys {
        let (algorithm, hidden) = (key.algorithm, key.secret.printed());
        let hidden = hidden.split_once(' ').map_or("", |(_, hex)| hex);
        text.line(format_args!("ntp authentication-key {number} {algorithm} {hidden} 7"));
    }
    if *authenticate {
        text.line("ntp authenticate");
    }
    for (first, last) in &state.ntp.trusted {
        match first == last {
            true => text.line(format_args!("ntp trusted-key {first}")),
            false => text.line(format_args!("ntp trusted-key {first} - {last}")),
        }
    }
    if let Some(source) = source {
        text.line(format_args!("ntp source {source}"));
    }
    if *update_calendar {
        text.line("ntp update-calendar");
    }
    lines(associations).for_each(|line| text.line(line));
}

/// One line each: the own clock, then peers, then servers.
pub(super) fn lines(associations: &[Association]) -> impl Iterator<Item = String> {
    let of = |wanted: fn(Role) -> bool| associations.iter().filter(move |one| wanted(one.role));
    of(|role| matches!(role, Role::Local(_)))
        .chain(of(|role| role == Role::Peer))
        .chain(of(|role| role == Role::Server))
        .map(line)
}

fn line(association: &Association) -> String {
    let word = match association.role {
        Role::Local(stratum) if stratum + 1 == MASTER_STRATUM_DEFAULT => {
            return "ntp master".into();
        }
        Role::Local(stratum) => return format!("ntp master {}", stratum + 1),
        Role::Server => "server",
        Role::Peer => "peer",
    };
    let mut line = format!("ntp {word}");
    if let Some(vrf) = &association.vrf {
        let _ = write!(line, " vrf {vrf}");
    }
    let _ = match &association.host {
        Host::Address(address) => write!(line, " {address}"),
        Host::Name(name) => write!(line, " {name}"),
    };
    let options = &association.options;
    let numbers = [
        ("version", options.version.map(u32::from)),
        ("key", options.key),
        ("minpoll", options.minpoll.map(u32::from)),
        ("maxpoll", options.maxpoll.map(u32::from)),
    ];
    for (word, number) in numbers {
        if let Some(number) = number {
            let _ = write!(line, " {word} {number}");
        }
    }
    let words = [
        (options.source.map(|source| format!(" source {source}")), true),
        (Some(" prefer".to_owned()), options.prefer),
        (Some(" burst".to_owned()), options.burst),
        (Some(" iburst".to_owned()), options.iburst),
    ];
    words.into_iter().filter(|(_, on)| *on).for_each(|(word, _)| {
        line.push_str(word.as_deref().unwrap_or_default());
    });
    line
}
