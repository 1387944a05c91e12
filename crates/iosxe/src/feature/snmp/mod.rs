//! The objects that SNMP would show of this router: read by applets, over no network.
//!
//! Each object is one row of [`OBJECTS`] and reads the model that `show` reads.
//! `snmp-server ...` is configuration: it says what of them is told, and nobody asks for it here.
//! No packet of SNMP is read or written.

mod settings;

pub(crate) mod config;
mod print;
pub(crate) mod tables;
pub(crate) mod traps;

mod objects;
mod oid;
pub(crate) mod show;

pub(crate) use print::SECTIONS;
pub(crate) use settings::Snmp;

use eem::{SnmpValue, Which};
use simtime::Time;

use crate::device::State;
use crate::feature::logging::Message;
use crate::turn::Turn;
use objects::OBJECTS;
use oid::Oid;

/// The router at an instant.
#[derive(Clone, Copy)]
struct Agent<'a> {
    state: &'a State,
    now: Time,
}

/// The object of this name, or the one after it, with its value. A name is in dots, or a word of a
/// MIB with an index: `ifInErrors.2`, `avgBusy5.0`.
pub(crate) fn read(
    state: &State,
    now: Time,
    name: &str,
    which: Which,
) -> Option<(String, SnmpValue)> {
    let agent = Agent { state, now };
    let wanted = parse(name)?;
    let found = match which {
        Which::Exact => exact(&agent, &wanted),
        Which::Next => next(&agent, &wanted),
    };
    found.map(|(oid, value)| (oid.to_string(), value))
}

/// Whether the router sends the traps of the event manager: `snmp-server enable traps`, for all or
/// for these.
pub(crate) fn sends_event_manager_traps(state: &State) -> bool {
    state.snmp.sends("event-manager")
}

/// Whether there is an agent: any line of `snmp-server` makes one.
fn is_on(state: &State) -> bool {
    state.snmp.is_on() || state.inert.lines("snmp-server").next().is_some()
}

/// The agent of a router that has just booted says so (syslog.md, message 18).
pub(crate) fn boot(turn: &mut Turn<'_>) {
    if is_on(turn.state) {
        let name = turn.state.system.hostname();
        let text = format!("SNMP agent on host {name} is undergoing a cold start");
        turn.log(Message::new("SNMP", 5, "COLDSTART", text));
    }
}

fn exact(agent: &Agent<'_>, wanted: &Oid) -> Option<(Oid, SnmpValue)> {
    let object = OBJECTS.iter().find(|object| wanted.begins_with(object.oid))?;
    let mut all = (object.read)(agent).into_iter();
    let (index, value) = all.find(|(index, _)| wanted.is(object.oid, index))?;
    Some((Oid::of(object.oid, &index), value))
}

fn next(agent: &Agent<'_>, after: &Oid) -> Option<(Oid, SnmpValue)> {
    // A table whose every name comes before the wanted one need not be read.
    let may = |object: &&objects::Object| {
        after.begins_with(object.oid) || Oid::of(object.oid, &[]) > *after
    };
    OBJECTS.iter().filter(may).find_map(|object| {
        let all = (object.read)(agent).into_iter();
        let later = all.map(|(index, value)| (Oid::of(object.oid, &index), value));
        later.filter(|(oid, _)| oid > after).min_by(|(a, _), (b, _)| a.cmp(b))
    })
}

/// A name in dots, or in words.
fn parse(name: &str) -> Option<Oid> {
    let name = name.trim().trim_start_matches('.');
    if let Some(oid) = Oid::parse(name) {
        return Some(oid);
    }
    let (word, index) = name.split_once('.').unwrap_or((name, ""));
    let object = OBJECTS.iter().find(|object| object.name.eq_ignore_ascii_case(word))?;
    let index = if index.is_empty() { Oid::default() } else { Oid::parse(index)? };
    Some(Oid::of(object.oid, index.parts()))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Goal: the table can be searched from its front. Method: each name is larger than the one
    /// before, and none begins with another.
    #[test]
    fn the_table_is_in_order() {
        for pair in OBJECTS.windows(2) {
            let [a, b] = pair else { continue };
            assert!(a.oid < b.oid && !b.oid.starts_with(a.oid), "{} {}", a.name, b.name);
        }
    }
}
