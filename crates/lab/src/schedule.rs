//! The one ordered queue of a lab's future: by instant, then node, then order of setting.
//!
//! Used by [`crate::Lab`] alone. The order never depends on how many other nodes there are, so an
//! idle router changes no other router's lines (law L1).

use std::collections::BTreeMap;

use simtime::Time;

use crate::NodeId;

/// Names one entry, so that it can be taken back.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Key(Time, NodeId, u64);

/// What is to happen, and when.
#[derive(Debug)]
pub(crate) struct Schedule<E> {
    pending: BTreeMap<Key, E>,
    next: u64,
}

impl<E> Schedule<E> {
    pub(crate) fn new() -> Self {
        Schedule { pending: BTreeMap::new(), next: 0 }
    }

    pub(crate) fn set(&mut self, at: Time, node: NodeId, event: E) -> Key {
        let key = Key(at, node, self.next);
        self.next += 1;
        self.pending.insert(key, event);
        key
    }

    pub(crate) fn cancel(&mut self, key: Key) {
        self.pending.remove(&key);
    }

    /// Takes back what `is_void` says of the entries of one node.
    pub(crate) fn retract(&mut self, node: NodeId, is_void: impl Fn(&E) -> bool) {
        self.pending.retain(|key, event| key.1 != node || !is_void(event));
    }

    pub(crate) fn next_deadline(&self) -> Option<Time> {
        self.pending.first_key_value().map(|(key, _)| key.0)
    }

    /// Takes the first entry that is due at `now`, with its instant and its node.
    pub(crate) fn pop_due(&mut self, now: Time) -> Option<(Time, NodeId, E)> {
        let (key, _) = self.pending.first_key_value()?;
        if key.0 > now {
            return None;
        }
        let (key, event) = self.pending.pop_first()?;
        Some((key.0, key.1, event))
    }
}

#[cfg(test)]
mod tests {
    use simtime::Duration;

    use super::*;

    /// Goal: order is (instant, node, order of setting). Method: set in another order, take all.
    #[test]
    fn entries_come_in_order() {
        let t = Time::VIRTUAL_START;
        let later = t + Duration::from_millis(1);
        let mut schedule = Schedule::new();
        schedule.set(later, NodeId(0), "d");
        schedule.set(t, NodeId(1), "b");
        let gone = schedule.set(t, NodeId(0), "x");
        schedule.set(t, NodeId(1), "c");
        schedule.set(t, NodeId(0), "a");
        schedule.cancel(gone);
        assert_eq!(schedule.next_deadline(), Some(t));
        let mut taken = String::new();
        while let Some((_, _, event)) = schedule.pop_due(later) {
            taken.push_str(event);
        }
        assert_eq!(taken, "abcd");
    }
}
