//! `show ntp associations`, `show ntp status`, `show ntp config`, `show ntp information`, in the
//! layouts of IOS XE 17 (those that the parsers of pyATS read).

use std::fmt::Write as _;

use cli::{Args, No, Token, kw, opt};
use simtime::Time;

use super::{Association, LOCAL_CLOCK, Role, STRATUM_NONE, Sample, poll, print};
use crate::command::{Command, Handler, Mode, Reply};
use crate::device::State;
use crate::feature::clock::Clock;
use crate::session::Session;
use crate::turn::Turn;

const SHOW: Token = kw("show", "Show running system information");
const NTP: Token = kw("ntp", "Network time protocol");

/// What a router says that runs no NTP.
const NOT_ENABLED: &str = "%NTP is not enabled.\n";

/// Dispersion before the first answer, in milliseconds, and what is left of it in the end.
const DISPERSION_MAX_MS: f64 = 16_000.0;
const DISPERSION_MIN_MS: f64 = 62.5;

/// What each hop adds to the dispersion of the root, in milliseconds.
const HOP_DISPERSION_MS: f64 = 1.2;

/// From 1900, where NTP's count begins, to 1970 (RFC 5905, section 6).
const ERA_SECS: u64 = 2_208_988_800;

/// The commands of this file.
pub(crate) const COMMANDS: &[Command] = &[
    show(
        &[SHOW, NTP, kw("associations", "NTP associations"), opt(&[kw("detail", "Show detail")])],
        associations,
    ),
    show(&[SHOW, NTP, kw("status", "NTP status")], status),
    show(&[SHOW, NTP, kw("config", "NTP configuration")], config),
    show(&[SHOW, NTP, kw("information", "NTP information")], information),
];

const fn show(syntax: &'static [Token], run: Handler) -> Command {
    Command { modes: &[Mode::Exec], privilege: 1, syntax, no: No::Without, run }
}

fn associations(turn: &mut Turn<'_>, _: &mut Session, args: &Args) -> Reply {
    let ntp = &turn.state.ntp;
    if ntp.started.is_none() {
        return Reply::Refused(NOT_ENABLED.into());
    }
    if args.has("detail") {
        return Reply::Text(super::detail::all(turn.state));
    }
    let mut text = String::from(
        "\n  address         ref clock       st   when   poll reach  delay  offset   disp\n",
    );
    for association in &ntp.associations {
        let _ = writeln!(text, "{}", row(turn.state, association, turn.now));
    }
    text.push_str(" * sys.peer, # selected, + candidate, - outlyer, x falseticker, ~ configured\n");
    Reply::Text(text)
}

fn row(state: &State, association: &Association, now: Time) -> String {
    let mark = mark(state, association);
    let address = poll::called(state, association);
    // Fifteen characters of an address or a name; a longer one is cut.
    let address: String = address.chars().take(15).collect();
    let stratum = stratum(association);
    let polling = &association.polling;
    let latest = polling.latest.as_ref();
    let when = latest.map_or("-".to_owned(), |s| now.since(s.at).as_secs().to_string());
    let interval = 1_u64 << polling.poll;
    let delay = latest.map_or(0.0, |sample| millis(sample.delay.as_micros()));
    let offset = latest.map_or(0.0, |sample| sample.offset_us as f64 / 1_000.0);
    format!(
        "{mark}~{address:<15} {:<15} {stratum:>2} {when:>6} {interval:>6} {:>5o} {:>6} {:>7.3} \
         {:>6}",
        reference(association),
        polling.reach,
        six(delay),
        offset,
        six(dispersion(association)),
    )
}

/// What a row begins with.
fn mark(state: &State, association: &Association) -> char {
    let is_followed = state.ntp.system_peer.is_some_and(|peer| peer.id == association.id);
    match () {
        () if is_followed => '*',
        () if association.is_sane(state) => '+',
        () => ' ',
    }
}

/// What the other side follows, as tables have it.
pub(super) fn reference(association: &Association) -> String {
    match (association.role, &association.polling.latest) {
        (Role::Local(_), _) => ".LOCL.".to_owned(),
        (Role::Server | Role::Peer, None) => ".INIT.".to_owned(),
        (Role::Server | Role::Peer, Some(Sample { served, .. })) => {
            served.reference.map_or(".INIT.".to_owned(), |address| address.to_string())
        }
    }
}

pub(super) fn stratum(association: &Association) -> u8 {
    match (association.role, &association.polling.latest) {
        (Role::Local(stratum), _) => stratum,
        (Role::Server | Role::Peer, latest) => {
            latest.as_ref().map_or(STRATUM_NONE, |sample| sample.served.stratum)
        }
    }
}

/// It halves with each answer (RFC 5905, section 10), until only the clocks' own is left.
pub(super) fn dispersion(association: &Association) -> f64 {
    let answers = association.polling.reach.count_ones();
    let left = DISPERSION_MAX_MS / f64::from(1_u32 << answers) - DISPERSION_MIN_MS;
    if answers == 0 || left > HOP_DISPERSION_MS { left.min(15_937.5) } else { HOP_DISPERSION_MS }
}

/// A number of milliseconds in six characters.
fn six(value: f64) -> String {
    let digits = match value {
        value if value < 100.0 => 3,
        value if value < 1_000.0 => 2,
        value if value < 10_000.0 => 1,
        _ => return format!("{}.", value.trunc()),
    };
    format!("{value:.digits$}")
}

pub(super) fn millis(micros: u64) -> f64 {
    micros as f64 / 1_000.0
}

/// What the way to the source of all time adds up to, in milliseconds: delay and dispersion.
pub(super) fn root(association: &Association) -> (f64, f64) {
    let delay = association.polling.latest.as_ref().map_or(0.0, |s| millis(s.delay.as_micros()));
    (delay, f64::from(stratum(association).min(15)) * HOP_DISPERSION_MS)
}

fn status(turn: &mut Turn<'_>, _: &mut Session, _: &Args) -> Reply {
    let State { ntp, clock, .. } = &*turn.state;
    let Some(started) = ntp.started else { return Reply::Refused(NOT_ENABLED.into()) };
    let followed = ntp.system_peer.and_then(|peer| Some((peer, ntp.get(peer.id)?)));
    let mut text = match followed {
        Some((peer, _)) => format!(
            "Clock is synchronized, stratum {}, reference is {:<15}\n",
            ntp.stratum(),
            peer.reference
        ),
        None => "Clock is unsynchronized, stratum 16, no reference clock\n".to_owned(),
    };
    let updated = ntp.updated;
    let reference = updated.map_or_else(epoch, |at| stamp(clock, at));
    let uptime = turn.now.since(started).as_millis() / 10;
    let (delay, dispersion) = followed.map_or((0.0, 0.0), |(_, one)| root(one));
    let peer_dispersion = followed.map_or(0.0, |(_, one)| self::dispersion(one));
    let offset = followed.and_then(|(_, one)| one.polling.latest.as_ref());
    let offset = offset.map_or(0.0, |sample| sample.offset_us as f64 / 1_000.0);
    let interval = 1_u64 << followed.map_or(super::MIN_POLL_DEFAULT, |(_, one)| one.polling.poll);
    let loop_state = match (followed, updated) {
        (Some(_), _) => "'CTRL' (Normal Controlled Loop)",
        (None, Some(_)) => "'SPIK' (Spike)",
        (None, None) => "'FSET' (Drift set from file)",
    };
    let _ = write!(
        text,
        "nominal freq is 250.0000 Hz, actual freq is 250.0000 Hz, precision is 2**10\n\
         ntp uptime is {uptime} (1/100 of seconds), resolution is 4000\n\
         reference time is {reference}\n\
         clock offset is {offset:.4} msec, root delay is {delay:.2} msec\n\
         root dispersion is {dispersion:.2} msec, peer dispersion is {peer_dispersion:.2} msec\n\
         loopfilter state is {loop_state}, drift is 0.000000000 s/s\n"
    );
    let _ = match updated {
        Some(at) => {
            let ago = turn.now.since(at).as_secs();
            writeln!(text, "system poll interval is {interval}, last update was {ago} sec ago.")
        }
        None => writeln!(text, "system poll interval is {interval}, never updated."),
    };
    Reply::Text(text)
}

/// An instant as NTP counts it, in hexadecimal seconds since 1900, and in words.
pub(super) fn stamp(clock: &Clock, at: Time) -> String {
    let own = clock.own(at);
    let (secs, micros) = (own.as_secs() + ERA_SECS, own.as_micros() % 1_000_000);
    let fraction = (micros << 32) / 1_000_000;
    let reading = clock.local(at);
    let (time, zone) = (reading.civil.strftime("%H:%M:%S"), reading.zone);
    let (millis, date) = (reading.millis(), reading.date());
    // The count begins anew in 2036.
    let secs = secs & u64::from(u32::MAX);
    format!("{secs:08X}.{fraction:08X} ({time}.{millis:03} {zone} {date})")
}

/// The instant of a clock that was never set.
pub(super) fn epoch() -> String {
    "00000000.00000000 (00:00:00.000 UTC Mon Jan 1 1900)".to_owned()
}

fn config(turn: &mut Turn<'_>, _: &mut Session, _: &Args) -> Reply {
    let lines = print::lines(&turn.state.ntp.associations);
    Reply::Text(lines.map(|line| format!(" {line}\n")).collect())
}

fn information(turn: &mut Turn<'_>, _: &mut Session, _: &Args) -> Reply {
    if turn.state.ntp.started.is_none() {
        return Reply::Refused(NOT_ENABLED.into());
    }
    let local = turn.state.ntp.system_peer.is_some_and(|peer| peer.reference == LOCAL_CLOCK);
    let source = if local { "local clock" } else { "network" };
    Reply::Text(format!(
        "Ntp Software Name          : Cisco-ntpv4\nNtp Software Version       : Cisco-ntpv4-1.0\n\
         Ntp Software Vendor        : CISCO\nNtp System Type            : Cisco IOS / {source}\n"
    ))
}
