//! Brings the objects in line with what they follow: messages, events, and whatever follows them.
//!
//! A route may follow an object and an object a route, so it goes round until nothing moves.

use simtime::Duration;

use super::{Object, What};
use crate::device::{State, Timer};
use crate::feature::eem;
use crate::feature::logging::Message;
use crate::feature::route::{self, Table};
use crate::feature::routing;
use crate::feature::sla::{self, Code};
use crate::turn::Turn;

/// How often objects may follow each other at one instant: a route that tracks itself never rests.
const ROUNDS_MAX: usize = 32;

/// Something has changed that objects or routes may follow.
pub(crate) fn review(turn: &mut Turn<'_>) {
    // Until the boot is over, nothing is what it will be.
    if turn.state.booted {
        settle(turn);
    }
}

/// The configuration is read and the interfaces are up: each object finds its state.
pub(crate) fn boot(turn: &mut Turn<'_>) {
    settle(turn);
}

fn settle(turn: &mut Turn<'_>) {
    for _ in 0..ROUNDS_MAX {
        let moved = moved(turn.state);
        if moved.is_empty() {
            break;
        }
        for (number, up) in moved {
            begin(turn, number, up);
        }
    }
    route::tell_changes(turn);
    routing::review(turn);
}

/// The delay of a change is over.
pub(crate) fn delay_over(turn: &mut Turn<'_>, number: u32) {
    let Some(object) = turn.state.tracks.all.get_mut(&number) else { return };
    if object.pending.take().is_some() {
        let up = !object.up;
        change(turn, number, up);
        review(turn);
    }
}

/// The objects that are about to change, each with what it is in truth.
fn moved(state: &State) -> Vec<(u32, bool)> {
    if state.tracks.all.is_empty() {
        return Vec::new();
    }
    let table = Table::new(state);
    let truth =
        state.tracks.all.iter().map(|(n, object)| (*n, object, truth(state, &table, object)));
    let moved = truth.filter(|(_, object, up)| (object.up != *up) != object.pending.is_some());
    moved.map(|(number, _, up)| (number, up)).collect()
}

/// What an object is, whatever was told of it.
fn truth(state: &State, table: &Table, object: &Object) -> bool {
    let line = |name| state.interfaces.line(name).is_some_and(|line| line.protocol_up);
    match &object.what {
        What::LineProtocol(name) => line(name),
        What::IpRouting(name) => line(name) && state.interfaces.address_of(name).is_some(),
        What::Route(prefix) => table.get(*prefix).is_some(),
        What::Sla { number, any } => {
            let code = sla::latest(state, *number).map(|(code, _)| code);
            code.is_some_and(|code| code == Code::Ok || (*any && code.is_reached()))
        }
        What::List(list) => list.is_up(&state.tracks, object.up),
        What::Stub { default, set } => set.unwrap_or(*default),
    }
}

/// A change begins, or the one that was held back is not one any more.
fn begin(turn: &mut Turn<'_>, number: u32, up: bool) {
    let Some(object) = turn.state.tracks.all.get_mut(&number) else { return };
    if let Some((_, timer)) = object.pending.take() {
        turn.state.timers.cancel(timer);
        return;
    }
    let secs = if up { object.delay.up_secs } else { object.delay.down_secs };
    if secs == 0 {
        return change(turn, number, up);
    }
    let delay = Duration::from_secs(secs);
    let timer = turn.after(delay, Timer::Track(number));
    if let Some(object) = turn.state.tracks.all.get_mut(&number) {
        object.pending = Some((turn.now + delay, timer));
    }
}

fn change(turn: &mut Turn<'_>, number: u32, up: bool) {
    let now = turn.now;
    let Some(object) = turn.state.tracks.all.get_mut(&number) else { return };
    object.up = up;
    object.changes += 1;
    object.changed = now;
    let way = if up { "Down -> Up" } else { "Up -> Down" };
    let text = format!("{number} {} {way}", object.what);
    turn.log(Message::new("TRACK", 6, "STATE", text));
    if turn.state.booted || turn.state.reload.is_heard() {
        eem::offer(turn, &::eem::Stimulus::Track { number, up });
    }
}
