//! Entries: when a neighbour becomes known, is refreshed, and is forgotten.
//!
//! A neighbour that falls silent, or whose wire goes dead, is known until the hold time of its last
//! frame is over; one whose protocol is switched off here is forgotten at once.

use std::sync::Arc;

use ::eem::Change;
use cli::InterfaceName;
use fact::Kind;
use simtime::{Duration, Time, TimerId};

use super::{Protocol, event};
use crate::device::{State, Timer};
use crate::io::{Beat, Hello};
use crate::turn::Turn;

/// One neighbour on one port.
#[derive(Clone, Debug)]
pub(super) struct Entry {
    pub(super) hello: Arc<Hello>,
    beat: Beat,
    /// When its first frame came.
    since: Time,
    /// Its last frame, if no other comes, and what will forget it.
    silent: Option<(Time, TimerId)>,
}

impl Entry {
    /// When the last frame came.
    fn heard(&self, now: Time) -> Time {
        match self.silent {
            Some((last, _)) => last,
            None => {
                let every = self.beat.every.as_micros().max(1);
                let frames = now.since(self.since).as_micros() / every;
                self.since + self.beat.every.saturating_mul(frames)
            }
        }
    }

    /// How long each of its frames counts.
    pub(super) fn hold_secs(&self) -> u64 {
        self.beat.hold.as_secs()
    }

    /// For how long it is still believed, in whole seconds as the tables have it.
    pub(super) fn remaining_secs(&self, now: Time) -> u64 {
        let age = now.since(self.heard(now)).as_secs();
        self.beat.hold.as_secs().saturating_sub(age)
    }
}

/// What is sent to a port has changed; `None` is silence.
pub(crate) fn hear(turn: &mut Turn<'_>, interface: &str, hello: Option<Arc<Hello>>) {
    let Some(name) = InterfaceName::parse(interface) else { return };
    let sent_here = &mut turn.state.discovery.sent_here;
    match hello {
        Some(hello) => sent_here.insert(name, hello),
        None => sent_here.remove(&name),
    };
    if !turn.state.reload.is_down() {
        for protocol in [Protocol::Cdp, Protocol::Lldp] {
            follow(turn, protocol, name);
        }
    }
}

/// Something that matters to neighbours may have changed here.
pub(crate) fn review(turn: &mut Turn<'_>) {
    let discovery = &mut turn.state.discovery;
    discovery.revision += 1;
    if discovery.sent_here.is_empty() && discovery.entries.is_empty() {
        return;
    }
    let ports: Vec<InterfaceName> = turn.state.interfaces.names().copied().collect();
    for name in ports {
        for protocol in [Protocol::Cdp, Protocol::Lldp] {
            follow(turn, protocol, name);
        }
    }
}

/// Nothing was heard of a neighbour for its hold time.
pub(crate) fn expire(turn: &mut Turn<'_>, protocol: Protocol, name: InterfaceName) {
    if let Some(entry) = turn.state.discovery.entries.remove(&(protocol, name)) {
        tell(turn, protocol, &name, (Change::Removed, &entry.hello));
    }
}

/// What a port hears by one protocol.
fn heard_now(state: &State, protocol: Protocol, name: &InterfaceName) -> Option<Arc<Hello>> {
    let hello = state.discovery.sent_here.get(name)?;
    let sent = protocol.beat(hello).is_some();
    let up = state.interfaces.port(name).is_some_and(|port| port.up);
    (sent && up && listens(state, protocol, name)).then(|| Arc::clone(hello))
}

/// Whether the configuration lets a port take what it hears.
fn listens(state: &State, protocol: Protocol, name: &InterfaceName) -> bool {
    let port = state.interfaces.port(name);
    state.discovery.speaker(protocol).runs
        && port.is_some_and(|port| port.discovery.hears(protocol))
}

/// Brings one entry in line with what is heard.
fn follow(turn: &mut Turn<'_>, protocol: Protocol, name: InterfaceName) {
    let key = (protocol, name);
    let heard = heard_now(turn.state, protocol, &name);
    let known = turn.state.discovery.entries.get(&key).cloned();
    match (heard, known) {
        (None, None) => {}
        (Some(hello), None) => {
            learn(turn, key, Arc::clone(&hello));
            tell(turn, protocol, &name, (Change::Added, &hello));
        }
        (Some(hello), Some(entry)) => renew(turn, key, hello, entry),
        (None, Some(entry)) if !listens(turn.state, protocol, &name) => {
            let hello = forget(turn, key, entry);
            tell(turn, protocol, &name, (Change::Removed, &hello));
        }
        (None, Some(entry)) => fall_silent(turn, key, entry),
    }
}

fn learn(turn: &mut Turn<'_>, key: (Protocol, InterfaceName), hello: Arc<Hello>) {
    let Some(beat) = key.0.beat(&hello) else { return };
    let entry = Entry { hello, beat, since: turn.now, silent: None };
    turn.state.discovery.entries.insert(key, entry);
}

/// A frame of a neighbour that is known: its content may be new, or it was silent before.
fn renew(turn: &mut Turn<'_>, key: (Protocol, InterfaceName), hello: Arc<Hello>, entry: Entry) {
    if entry.hello == hello && entry.silent.is_none() {
        return;
    }
    let old = forget(turn, key, entry);
    learn(turn, key, Arc::clone(&hello));
    if old.device != hello.device {
        tell(turn, key.0, &key.1, (Change::Removed, &old));
        tell(turn, key.0, &key.1, (Change::Added, &hello));
    } else if old != hello {
        event::entry(turn, key.0, &key.1, (Change::Updated, &hello));
    }
}

fn forget(turn: &mut Turn<'_>, key: (Protocol, InterfaceName), entry: Entry) -> Arc<Hello> {
    if let Some((_, timer)) = entry.silent {
        turn.state.timers.cancel(timer);
    }
    turn.state.discovery.entries.remove(&key);
    entry.hello
}

/// From now on nothing comes: the hold time runs from the last frame.
fn fall_silent(turn: &mut Turn<'_>, key: (Protocol, InterfaceName), mut entry: Entry) {
    if entry.silent.is_some() {
        return;
    }
    let last = entry.heard(turn.now);
    let left = (last + entry.beat.hold).since(turn.now).max(Duration::ZERO);
    let timer = turn.after(left, Timer::Neighbor(key.0, key.1));
    entry.silent = Some((last, timer));
    turn.state.discovery.entries.insert(key, entry);
}

/// An entry has come or is gone.
fn tell(
    turn: &mut Turn<'_>,
    protocol: Protocol,
    name: &InterfaceName,
    (change, hello): (Change, &Hello),
) {
    let (device, interface, up) = (hello.device.clone(), name.long(), change != Change::Removed);
    turn.fact(Kind::Neighbor { protocol: protocol.word().into(), interface, device, up });
    event::entry(turn, protocol, name, (change, hello));
}
