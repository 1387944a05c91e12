//! `occurs N period S`: how many matches, within which time, make one event.

use std::collections::VecDeque;

use simtime::{Duration, Time};

/// The largest `occurs`.
pub(super) const OCCURS_MAX: i64 = 32;

/// Counts matches; of an event that needs one alone there is nothing to count.
#[derive(Debug)]
pub(super) struct Occurrences(Option<Box<Several>>);

/// The matches since the last event that still count.
#[derive(Debug)]
struct Several {
    needed: usize,
    /// Without a period a match counts for ever.
    period: Option<Duration>,
    seen: VecDeque<Time>,
}

impl Occurrences {
    pub(super) fn new(needed: i64, period: Option<Duration>) -> Self {
        let needed = usize::try_from(needed).unwrap_or(1);
        let several = || Box::new(Several { needed, period, seen: VecDeque::new() });
        Occurrences((needed > 1).then(several))
    }

    /// Counts one match: whether it completes an event.
    pub(super) fn count(&mut self, now: Time) -> bool {
        self.0.as_mut().is_none_or(|several| several.count(now))
    }
}

impl Several {
    fn count(&mut self, now: Time) -> bool {
        self.seen.push_back(now);
        if let Some(period) = self.period {
            self.seen.retain(|at| now.since(*at) <= period);
        }
        let is_complete = self.seen.len() >= self.needed;
        if is_complete {
            self.seen.clear();
        }
        is_complete
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Goal: matches outside the period do not count, and an event starts the count anew.
    /// Method: instants in seconds, and what each completes.
    #[test]
    fn occurrences_count_within_the_period() {
        let check = |needed, period: Option<u64>, instants: &[(u64, bool)]| {
            let mut count = Occurrences::new(needed, period.map(Duration::from_secs));
            for (at, want) in instants {
                let now = Time::VIRTUAL_START + Duration::from_secs(*at);
                assert_eq!(count.count(now), *want, "occurs {needed} period {period:?} at {at}");
            }
        };
        check(1, None, &[(0, true), (0, true)]);
        check(3, Some(10), &[(0, false), (5, false), (11, false), (14, true), (15, false)]);
        check(2, None, &[(0, false), (9_999, true), (10_000, false)]);
    }
}
