//! Facts of two sides, in the order of their time.
//!
//! Used by [`super::Live`]. What a lab was due to do it says with the instant at which it was due,
//! which is before the one at which it says it: so each fact waits a little for those before it.

use std::collections::BTreeMap;

use fact::Fact;
use simtime::{Duration, Time};

/// How long a fact waits for those before it, in milliseconds: a busy machine wakes no sooner.
const SETTLE_MS: u64 = 150;
/// Facts that wait; beyond them the oldest goes on as it is.
const WAITING_MAX: usize = 65_536;

/// Those that wait.
#[derive(Debug, Default)]
pub(super) struct Order {
    waiting: BTreeMap<(Time, u64), Fact>,
    count: u64,
}

impl Order {
    /// Takes one; of those of an instant the first to come is first.
    pub(super) fn take(&mut self, fact: Fact) {
        self.count += 1;
        self.waiting.insert((fact.at, self.count), fact);
    }

    /// When the first of them has waited for long enough.
    pub(super) fn due(&self) -> Option<Time> {
        let (at, _) = self.waiting.first_key_value()?.0;
        Some(*at + Duration::from_millis(SETTLE_MS))
    }

    /// Those that have waited for long enough.
    pub(super) fn settled(&mut self, now: Time) -> Vec<Fact> {
        let mut settled = Vec::new();
        while self.waiting.len() > WAITING_MAX || self.due().is_some_and(|due| due <= now) {
            settled.extend(self.waiting.pop_first().map(|(_, fact)| fact));
        }
        settled
    }

    /// All that wait.
    pub(super) fn rest(&mut self) -> Vec<Fact> {
        std::mem::take(&mut self.waiting).into_values().collect()
    }
}

/// Up to when all facts have been given, at `now`.
pub(super) fn seen_until(now: Time) -> Time {
    let settle = Duration::from_millis(SETTLE_MS);
    Time::from_micros(now.as_micros().saturating_sub(settle.as_micros()))
}

#[cfg(test)]
mod tests {
    use fact::Kind;

    use super::*;

    /// Goal: a fact that is told late takes its place before one that was told earlier. Method: two
    /// facts, the later one first.
    #[test]
    fn what_is_told_late_comes_in_its_place() {
        let at = |ms| Time::VIRTUAL_START + Duration::from_millis(ms);
        let kind = || Kind::ListenerFault { state: "killed".into() };
        let fact = |ms| Fact { at: at(ms), node: None, trace: None, kind: kind() };
        let mut order = Order::default();
        order.take(fact(30));
        order.take(fact(20));
        assert_eq!(order.due(), Some(at(20 + SETTLE_MS)));
        assert_eq!(order.settled(at(20 + SETTLE_MS)), [fact(20)]);
        assert_eq!(order.settled(at(20 + SETTLE_MS)), []);
        assert_eq!(order.rest(), [fact(30)]);
        assert_eq!(seen_until(at(30 + SETTLE_MS)), at(30));
    }
}
