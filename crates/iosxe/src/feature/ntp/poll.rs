//! Asking: when an association asks, what it makes of an answer, and of none.

use simtime::{Duration, Time};

use super::{Association, LOCAL_CLOCK, Options, Polling, Role, STRATUM_NONE, Sample, select};
use crate::device::{State, Timer};
use crate::feature::logging::Message;
use crate::feature::ping;
use crate::io::{Output, PingId, TimeServed, VrfId};
use crate::turn::Turn;

/// From a line of configuration to the first request.
const FIRST_DELAY: Duration = Duration::from_secs(2);

/// Between the requests of a burst, and how many there are (RFC 5905, section 13: BCOUNT, BTIME).
const BURST_INTERVAL: Duration = Duration::from_secs(2);
const BURST_COUNT: u8 = 8;

/// So many requests are answered before the interval doubles.
const GROWS_AFTER: u32 = 8;

/// A new association begins to ask.
pub(super) fn begin(turn: &mut Turn<'_>, id: u32) {
    set(turn, id, FIRST_DELAY);
    if let Some(association) = turn.state.ntp.get_mut(id) {
        association.polling.poll = association.min_poll();
        association.polling.burst = if association.options.iburst { BURST_COUNT } else { 0 };
    }
}

/// Its options have changed: an interval that is out of bounds now comes back into them.
pub(super) fn bound(association: &mut Association) {
    let (min, max) = (association.min_poll(), association.max_poll());
    association.polling.poll = association.polling.poll.clamp(min, max);
}

/// An association that goes asks nobody any more.
pub(super) fn stop(state: &mut State, polling: &Polling) {
    if let Some(timer) = polling.next {
        state.timers.cancel(timer);
    }
}

fn set(turn: &mut Turn<'_>, id: u32, delay: Duration) {
    // What a server says is no consequence of what made somebody configure it.
    let timer = turn.state.timers.set(turn.now + delay, (None, Timer::Ntp(id)));
    if let Some(association) = turn.state.ntp.get_mut(id) {
        association.polling.next = Some(timer);
    }
}

/// The next request of an association is due.
pub(crate) fn due(turn: &mut Turn<'_>, id: u32) {
    let Some(association) = turn.state.ntp.get_mut(id) else { return };
    let (min, max) = (association.min_poll(), association.max_poll());
    let polling = &mut association.polling;
    let was_reached = polling.reach != 0;
    if polling.waiting.take().is_some() {
        (polling.poll, polling.in_a_row) = (min, 0);
    }
    if polling.in_a_row >= GROWS_AFTER {
        (polling.poll, polling.in_a_row) = ((polling.poll + 1).min(max), 0);
    }
    polling.reach <<= 1;
    let lost = was_reached && polling.reach == 0;
    let delay = match polling.burst {
        0 => Duration::from_secs(1 << polling.poll),
        _ => BURST_INTERVAL,
    };
    polling.burst = polling.burst.saturating_sub(1);
    set(turn, id, delay);
    if lost {
        unreachable(turn, id);
    }
    ask(turn, id);
}

fn ask(turn: &mut Turn<'_>, id: u32) {
    let Some(association) = turn.state.ntp.get(id) else { return };
    if let Role::Local(stratum) = association.role {
        let ahead_us = turn.state.clock.ahead_us();
        let served = TimeServed { stratum, reference: None, ahead_us, proof: None };
        return hear(turn, id, served, turn.now);
    }
    let Some(address) = association.address(turn.state) else { return };
    let vrf = association.vrf.as_ref().map(|name| turn.state.vrfs.id(name));
    // A table that is not there leads nowhere.
    let Some(vrf) = vrf.unwrap_or(Some(VrfId::GLOBAL)) else { return };
    let Options { key, source, .. } = &association.options;
    let (key, wanted) = (*key, source.or(turn.state.ntp.source));
    let source = match wanted {
        None => None,
        Some(name) => match turn.state.interfaces.address_of(&name) {
            Some(address) => Some(address),
            None => return,
        },
    };
    let number = ping::next_id(turn.state);
    let now = turn.now;
    if let Some(association) = turn.state.ntp.get_mut(id) {
        association.polling.waiting = Some((number, now));
        association.polling.sent += 1;
    }
    turn.out.push(Output::TimeAsked { ask: number, vrf, source, address, key });
}

/// A server has answered.
pub(crate) fn answered(turn: &mut Turn<'_>, ask: PingId, served: TimeServed) {
    let asked = |association: &&mut Association| {
        association.polling.waiting.is_some_and(|(number, _)| number == ask)
    };
    let Some(association) = turn.state.ntp.associations.iter_mut().find(asked) else { return };
    let id = association.id;
    let Some((_, sent)) = association.polling.waiting.take() else { return };
    let proof = association.options.key.map(|number| {
        turn.state.ntp.trusted_key(number).and_then(|key| key.proof(ask.0)) == served.proof
            && served.proof.is_some()
    });
    // A key counts where keys are asked for; a server without one is believed all the same.
    let authentic = !turn.state.ntp.authenticate || proof.unwrap_or(true);
    hear_from(turn, id, served, (sent, authentic));
}

fn hear(turn: &mut Turn<'_>, id: u32, served: TimeServed, sent: Time) {
    hear_from(turn, id, served, (sent, true));
}

fn hear_from(turn: &mut Turn<'_>, id: u32, served: TimeServed, (sent, authentic): (Time, bool)) {
    let now = turn.now;
    let offset_us = served.ahead_us.saturating_sub(turn.state.clock.ahead_us());
    let Some(association) = turn.state.ntp.get_mut(id) else { return };
    let polling = &mut association.polling;
    polling.heard += 1;
    let is_first = polling.reach == 0;
    polling.reach |= 1;
    let good = served.stratum < STRATUM_NONE && authentic;
    let counted = |count: u32| if good { count.saturating_add(1) } else { 0 };
    (polling.in_a_row, polling.good) = (counted(polling.in_a_row), counted(polling.good));
    let delay = now.since(sent);
    polling.latest = Some(Sample { at: now, served, delay, offset_us, authentic });
    if is_first && association.role != (Role::Local(served.stratum)) {
        say(turn, id, 6, "PEERREACH", "is reachable");
    }
    select::review(turn, Some(id));
}

/// Eight requests in a row were not answered.
fn unreachable(turn: &mut Turn<'_>, id: u32) {
    if let Some(association) = turn.state.ntp.get_mut(id) {
        (association.polling.latest, association.polling.good) = (None, 0);
        // Whoever is back is asked as at the beginning.
        association.polling.burst = if association.options.iburst { BURST_COUNT } else { 0 };
    }
    say(turn, id, 4, "PEERUNREACH", "is unreachable");
    select::review(turn, None);
}

fn say(turn: &mut Turn<'_>, id: u32, severity: u8, mnemonic: &'static str, what: &str) {
    let Some(association) = turn.state.ntp.get(id) else { return };
    let Some(address) = association.address(turn.state) else { return };
    if turn.state.ntp.logging {
        turn.log(Message::new("NTP", severity, mnemonic, format!("Peer {address} {what}")));
    }
}

/// The address by which the tables call an association.
pub(super) fn called(state: &State, association: &Association) -> String {
    match (association.role, association.address(state), &association.host) {
        (Role::Local(_), ..) => LOCAL_CLOCK.to_string(),
        (_, Some(address), _) => address.to_string(),
        (_, None, super::Host::Address(address)) => address.to_string(),
        (_, None, super::Host::Name(name)) => name.clone(),
    }
}
