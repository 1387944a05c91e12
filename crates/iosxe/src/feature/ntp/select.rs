//! Choosing: which association the clock follows, and what follows from a change of that.

use super::{Association, Followed, LOCAL_CLOCK, Role, STRATUM_NONE};
use crate::device::State;
use crate::feature::clock::Follows;
use crate::feature::eem;
use crate::feature::logging::Message;
use crate::turn::Turn;

/// So many answers in a row make a server one that is believed: with the interval of 64 s a router
/// follows one some three minutes after it was told of it, with `iburst` after some eight seconds.
const ANSWERS_MIN: u32 = 4;

impl Association {
    /// Whether its clock could be followed.
    pub(super) fn is_sane(&self, state: &State) -> bool {
        let Some(sample) = &self.polling.latest else { return false };
        // One that follows this router would be followed in a circle.
        let reference = sample.served.reference;
        let in_a_circle = reference.is_some_and(|at| state.interfaces.has_address(at));
        self.polling.reach != 0
            && sample.served.stratum < STRATUM_NONE
            && sample.authentic
            && !in_a_circle
    }

    fn is_believed(&self, state: &State) -> bool {
        self.is_sane(state) && self.polling.good >= ANSWERS_MIN
    }
}

/// Looks which association to follow now; `heard` is the one that has just answered.
pub(super) fn review(turn: &mut Turn<'_>, heard: Option<u32>) {
    let best = best(turn.state);
    let before = turn.state.ntp.system_peer;
    turn.state.ntp.system_peer = best;
    match (before, best) {
        (None, None) => {}
        (Some(old), Some(new)) if old.id == new.id => {
            if heard == Some(new.id) {
                follow(turn, new);
            }
        }
        (None | Some(_), Some(new)) => {
            follow(turn, new);
            say_synced(turn, new);
        }
        (Some(_), None) => lost(turn),
    }
}

fn best(state: &State) -> Option<Followed> {
    let believed = state.ntp.associations.iter().filter(|one| one.is_believed(state));
    let best = believed.min_by_key(|one| {
        let sample = one.polling.latest.as_ref();
        let stratum = sample.map_or(STRATUM_NONE, |sample| sample.served.stratum);
        let delay = sample.map(|sample| sample.delay);
        (!one.options.prefer, stratum, delay, one.id)
    })?;
    let sample = best.polling.latest.as_ref()?;
    let reference = match best.role {
        Role::Local(_) => LOCAL_CLOCK,
        Role::Server | Role::Peer => best.address(state)?,
    };
    Some(Followed { id: best.id, stratum: sample.served.stratum, reference })
}

/// The clock takes the time of whom it follows, at once: no clock drifts here that would need to be
/// slewed.
fn follow(turn: &mut Turn<'_>, followed: Followed) {
    let now = turn.now;
    turn.state.ntp.updated = Some(now);
    let Some(association) = turn.state.ntp.get(followed.id) else { return };
    let ahead_us = association.polling.latest.as_ref().map(|sample| sample.served.ahead_us);
    turn.state.clock.follow(Follows::Server);
    if turn.state.clock.step_to(ahead_us.unwrap_or_default()) {
        eem::clock_was_set(turn);
    }
}

fn lost(turn: &mut Turn<'_>) {
    turn.state.clock.follow(Follows::NobodyYet);
    if turn.state.ntp.logging {
        turn.log(Message::new("NTP", 4, "UNSYNC", "NTP sync is lost"));
    }
}

fn say_synced(turn: &mut Turn<'_>, followed: Followed) {
    if turn.state.ntp.logging {
        let text = format!("NTP synced to peer {}", followed.reference);
        turn.log(Message::new("NTP", 5, "PEERSYNC", text));
    }
}
