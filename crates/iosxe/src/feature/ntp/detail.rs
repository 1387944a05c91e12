//! `show ntp associations detail`

use std::fmt::Write as _;

use super::show::{dispersion, epoch, millis, reference, root, stamp, stratum};
use super::{Association, Role, poll};
use crate::device::State;

/// How many answers a filter remembers (RFC 5905, section 10).
const FILTER: usize = 8;

/// Every association, each after an empty line.
pub(super) fn all(state: &State) -> String {
    let all = state.ntp.associations.iter();
    all.map(|association| one(state, association)).collect()
}

fn one(state: &State, association: &Association) -> String {
    let polling = &association.polling;
    let latest = polling.latest.as_ref();
    let (address, stratum) = (poll::called(state, association), stratum(association));
    let mut text =
        format!("{address} configured, ipv4, {}, stratum {stratum}\n", words(state, association));
    let reference = reference(association);
    let heard = latest.map(|sample| stamp(&state.clock, sample.at));
    let time = heard.clone().unwrap_or_else(epoch);
    let _ = writeln!(text, "ref ID {reference:<15}, time {time}");
    let (mode, other) = match association.role {
        Role::Server | Role::Local(_) => ("client", "server"),
        Role::Peer => ("active", "passive"),
    };
    let interval = 1_u64 << polling.poll;
    let _ = writeln!(
        text,
        "our mode {mode}, peer mode {other}, our poll intvl {interval}, peer poll intvl {interval}"
    );
    let ((root_delay, root_dispersion), dispersion) = (root(association), dispersion(association));
    let distance = root_delay / 2.0 + root_dispersion + dispersion;
    let _ = writeln!(
        text,
        "root delay {root_delay:.2} msec, root disp {root_dispersion:.2}, reach {:o}, sync dist \
         {distance:.2}",
        polling.reach
    );
    let delay = latest.map_or(0.0, |sample| millis(sample.delay.as_micros()));
    let offset = latest.map_or(0.0, |sample| sample.offset_us as f64 / 1_000.0);
    let _ = writeln!(
        text,
        "delay {delay:.2} msec, offset {offset:.4} msec, dispersion {dispersion:.2}, jitter 0.00 \
         msec"
    );
    let version = association.options.version.unwrap_or(4);
    let _ = writeln!(text, "precision 2**10, version {version}");
    let _ = writeln!(text, "assoc id {}, assoc name {address}", association.id);
    let _ = writeln!(
        text,
        "assoc in packets {}, assoc out packets {}, assoc error packets 0",
        polling.heard,
        polling.sent.max(polling.heard)
    );
    let sent = polling.waiting.map(|(_, at)| stamp(&state.clock, at)).or_else(|| heard.clone());
    let _ = writeln!(text, "org time {}", epoch());
    let _ = writeln!(text, "rec time {}", heard.unwrap_or_else(epoch));
    let _ = writeln!(text, "xmt time {}", sent.unwrap_or_else(epoch));
    filter(association, delay, offset, &mut text);
    let (min, max) = (association.min_poll(), association.max_poll());
    let _ = write!(text, "minpoll = {min}, maxpoll = {max}\n\n");
    text
}

/// What stands between `configured` and the stratum.
fn words(state: &State, association: &Association) -> String {
    let is_sane = association.is_sane(state);
    let is_followed = state.ntp.system_peer.is_some_and(|peer| peer.id == association.id);
    let mut words = Vec::new();
    if association.options.key.is_some()
        && association.polling.latest.as_ref().is_some_and(|s| s.authentic)
    {
        words.push("authenticated");
    }
    if is_followed {
        words.push("our_master");
    }
    words.extend(if is_sane { ["sane", "valid"] } else { ["insane", "invalid"] });
    if !is_sane && stratum(association) >= super::STRATUM_NONE {
        words.push("unsynced");
    }
    words.join(", ")
}

/// The last answers, the latest first. Wires here take the same time again and again.
fn filter(association: &Association, delay: f64, offset: f64, text: &mut String) {
    let polling = &association.polling;
    let answers = (polling.reach.count_ones() as usize).min(FILTER);
    let interval = f64::from(1_u32 << polling.poll);
    let row = |value: f64, grows: f64, none: &str| {
        let cell = |at: usize| match at < answers {
            true => format!("{:>8.2}", value + grows * at as f64),
            false => format!("{none:>8}"),
        };
        (0..FILTER).map(cell).collect::<String>()
    };
    // The error of an answer grows by 15 microseconds a second (RFC 5905: PHI).
    let _ = writeln!(text, "filtdelay = {}", row(delay, 0.0, "0.00"));
    let _ = writeln!(text, "filtoffset ={}", row(offset, 0.0, "0.00"));
    let _ = writeln!(text, "filterror = {}", row(1.95, interval * 0.015, "16000.0"));
}
