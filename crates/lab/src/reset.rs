//! A power cycle: routers start anew from the startup-config of their topology.
//!
//! Called by [`Lab::handle`]. Nothing of a router outlives it: its sessions are cut, what it had
//! put off is void, its deliveries are given up without another word, and faults of a scenario that
//! lie in wait at it are over. Its generators start anew
//! with it, so it has the serial number and the addresses that it had at first; the lab's own (ids
//! of deliveries and of faults) go on, since receivers would take an old id for a repeat.

use fact::{Kind, TraceId};
use iosxe::Device;
use simtime::Time;

use crate::lab::Fate;
use crate::typist::Typists;
use crate::{Lab, NodeId, Outbox, Output};

/// The word of the fact.
const RESET: &str = "reset";

/// The exit status of a session that is cut: what it asked for did not end well.
const STATUS_CUT: u32 = 1;

impl Lab {
    /// Switches routers off and on again, all at this instant. A cable between two of them is dead
    /// only while both are; whoever is at another end of one sees its wire go dead and come alive.
    pub(crate) fn reset(&mut self, now: Time, nodes: &[NodeId], out: &mut Outbox) {
        let mut traces = Vec::new();
        for &node in nodes {
            let trace = TraceId::draw(&mut self.router_mut(node).traces);
            self.say(
                now,
                node,
                Kind::Fault { step: RESET.to_owned(), place: None },
                Some(trace),
                out,
            );
            self.switch_off(node, out);
            traces.push((node, trace));
        }
        for &(node, trace) in &traces {
            self.set_power(now, (node, false), Some(trace), nodes);
        }
        for &node in nodes {
            self.switch_on(now, node);
        }
        for &(node, trace) in &traces {
            self.set_power(now, (node, true), Some(trace), nodes);
        }
        for &node in nodes {
            self.boot_in_the_dark(now, node);
            self.note_deadline(node);
            self.speak(now, node);
            self.repeat_hellos(now, node);
        }
    }

    /// A router went down by itself, or has come up: what it had on its way is given up, and the
    /// other ends of its wires go dead or come alive. Its own boot goes on, and so do its wires.
    pub(crate) fn power(&mut self, now: Time, (node, up): (NodeId, bool), trace: Option<TraceId>) {
        if !up {
            self.sender.forget(node);
            self.letters.forget(node);
            self.faults.forget(node);
            self.schedule.retract(node, |event| event.fate() == Fate::WithPower);
        }
        self.set_power(now, (node, up), trace, &[]);
    }

    fn switch_off(&mut self, node: NodeId, out: &mut Outbox) {
        for session in self.router(node).device.open_sessions() {
            match Typists::is_theirs(session) {
                true => self.typists.forget(session),
                false => {
                    out.0.push(Output::SessionClose { node, session, status: Some(STATUS_CUT) })
                }
            }
        }
        self.sender.forget(node);
        self.letters.forget(node);
        self.faults.end(node);
        self.schedule.retract(node, |event| event.fate() != Fate::Stays);
        self.router_mut(node).deadline = None;
    }

    fn switch_on(&mut self, now: Time, node: NodeId) {
        let router = self.router_mut(node);
        // Its startup-config was read once before, with the same problems.
        let (device, _) = Device::new(router.config.clone(), now);
        router.device = device;
    }
}
