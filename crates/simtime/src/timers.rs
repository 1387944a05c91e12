//! One ordered table of deadlines, in place of a task per timer.

use std::collections::BTreeMap;

use crate::Time;

/// Names one pending timer, so that it can be cancelled.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct TimerId(Time, u64);

/// Pending timers of one owner. Two of one instant fire in the order in which they were set.
#[derive(Clone, Debug)]
pub struct Timers<K> {
    pending: BTreeMap<TimerId, K>,
    next: u64,
}

impl<K> Default for Timers<K> {
    fn default() -> Self {
        Timers { pending: BTreeMap::new(), next: 0 }
    }
}

impl<K> Timers<K> {
    /// Sets a timer that fires at `at`.
    pub fn set(&mut self, at: Time, what: K) -> TimerId {
        let id = TimerId(at, self.next);
        self.next += 1;
        self.pending.insert(id, what);
        id
    }

    /// Takes a timer back; `None` if it has fired.
    pub fn cancel(&mut self, id: TimerId) -> Option<K> {
        self.pending.remove(&id)
    }

    /// When the next timer fires.
    pub fn next_deadline(&self) -> Option<Time> {
        self.pending.first_key_value().map(|(id, _)| id.0)
    }

    /// Takes the first timer that is due at `now`, with the instant for which it was set.
    pub fn pop_due(&mut self, now: Time) -> Option<(Time, K)> {
        let (id, _) = self.pending.first_key_value()?;
        if id.0 > now {
            return None;
        }
        self.pending.pop_first().map(|(id, what)| (id.0, what))
    }

    /// How many timers are pending.
    pub fn len(&self) -> usize {
        self.pending.len()
    }

    /// Whether no timer is pending.
    pub fn is_empty(&self) -> bool {
        self.pending.is_empty()
    }

    /// Drops every pending timer for which `keep` says no.
    pub fn retain(&mut self, mut keep: impl FnMut(&K) -> bool) {
        self.pending.retain(|_, what| keep(what));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Duration;

    /// Goal: order is (instant, order of setting), and a cancelled timer is gone.
    #[test]
    fn timers_fire_in_order() {
        let t = Time::VIRTUAL_START;
        let mut timers = Timers::default();
        timers.set(t + Duration::from_secs(1), "b");
        let gone = timers.set(t, "x");
        timers.set(t + Duration::from_secs(1), "c");
        timers.set(t, "a");
        assert_eq!(timers.cancel(gone), Some("x"));
        assert_eq!(timers.cancel(gone), None);
        assert_eq!(timers.pop_due(t), Some((t, "a")));
        assert_eq!(timers.pop_due(t), None);
        let later = t + Duration::from_secs(5);
        assert_eq!(timers.pop_due(later).map(|(_, k)| k), Some("b"));
        assert_eq!(timers.pop_due(later).map(|(_, k)| k), Some("c"));
        assert!(timers.is_empty());
    }
}
