//! Faults of a scenario that lie in wait: on a router's deliveries, mails and sessions, on
//! the listener.
//!
//! Called by [`crate::Lab`] whenever something passes between a router and the world. A router
//! without a fault costs nothing here and draws nothing; it must never look at another's.

mod delivery;
mod listener;
mod mail;
mod session;

use std::collections::BTreeMap;

use fact::TraceId;
use simtime::{Duration, Rng, Time};

use crate::{NodeId, Post, SessionId};

pub(crate) use delivery::{DELIVERY_FAULTS, DeliveryFault};
pub use listener::ListenerState;
pub(crate) use listener::{LISTENER_FAULTS, ListenerFault};
pub(crate) use mail::{MAIL_FAULTS, MailFault};
pub(crate) use session::{SESSION_FAULTS, SessionFault};

/// Faults of one kind that may lie in wait at one router; the oldest makes room.
const WAITING_MAX: usize = 64;

/// What lies in wait, by router.
#[derive(Debug, Default)]
pub(crate) struct Faults {
    nodes: BTreeMap<NodeId, AtNode>,
    /// How many faults the listener has had: an end ends the newest alone.
    listener: u64,
}

#[derive(Debug, Default)]
struct AtNode {
    delivery: Vec<Waiting<DeliveryFault>>,
    session: Vec<Waiting<SessionFault>>,
    mail: Vec<Waiting<MailFault>>,
    /// A post that the next one overtakes.
    held: Option<(Post, Time)>,
    /// What its sessions say comes out in order, and not before this.
    free_at: Option<Time>,
    /// The session whose connection is gone while the router does what it was told last.
    cut: Option<SessionId>,
}

/// One fault, while it is there.
#[derive(Clone, Debug)]
pub(crate) struct Waiting<F> {
    pub(crate) fault: F,
    pub(crate) until: Time,
    /// How often it can still hit.
    pub(crate) left: Option<u64>,
    /// How many of a hundred it hits.
    pub(crate) percent: u64,
    pub(crate) by: Duration,
    pub(crate) trace: Option<TraceId>,
}

impl<F> Waiting<F> {
    /// Whether it can hit at `now`.
    fn is_there(&self, now: Time) -> bool {
        self.until > now && self.left != Some(0)
    }
}

/// Adds one, and forgets those that are over.
fn add<F>(waiting: &mut Vec<Waiting<F>>, now: Time, new: Waiting<F>) {
    waiting.retain(|one| one.is_there(now));
    if waiting.len() >= WAITING_MAX {
        waiting.remove(0);
    }
    waiting.push(new);
}

/// The first fault that hits, of those that `fits` what passes.
fn hit<F: Copy>(
    waiting: &mut [Waiting<F>],
    now: Time,
    chance: &mut Rng,
    fits: impl Fn(F) -> bool,
) -> Option<Waiting<F>> {
    let there = |one: &&mut Waiting<F>| one.is_there(now) && fits(one.fault);
    for one in waiting.iter_mut().filter(there) {
        if one.percent < 100 && chance.below(100) >= one.percent {
            continue;
        }
        one.left = one.left.map(|left| left.saturating_sub(1));
        return Some(one.clone());
    }
    None
}

impl Faults {
    /// The router has lost its power: nothing that it held back ever leaves it.
    pub(crate) fn forget(&mut self, node: NodeId) {
        if let Some(at) = self.nodes.get_mut(&node) {
            (at.held, at.free_at, at.cut) = (None, None, None);
        }
    }

    /// The router is another one from now on: what lay in wait for the old one is over.
    pub(crate) fn end(&mut self, node: NodeId) {
        self.nodes.remove(&node);
    }
}
