//! `occurs N period S`: how many matches, within which time, make one event.

use std::collections::VecDeque;

use simtime::{Duration, Time};

/// The largest `occurs` of an event.
pub(super) const OCCURS_MAX: i64 = 32;
/// The largest number of matches within a period: the instant of each is remembered.
pub(crate) const REMEMBERED_MAX: u64 = 4_096;

/// Counts matches; of an event that needs one alone there is nothing to count.
#[derive(Debug)]
pub(crate) struct Occurrences(Option<Box<Several>>);

#[derive(Debug)]
struct Several {
    needed: u64,
    seen: Seen,
}

/// The matches since the last event that still count.
#[derive(Debug)]
enum Seen {
    /// Without a period a match counts for ever.
    Number(u64),
    /// At most [`REMEMBERED_MAX`].
    Within(Duration, VecDeque<Time>),
}

impl Occurrences {
    /// With a period, `needed` is at most [`REMEMBERED_MAX`].
    pub(crate) fn new(needed: u64, period: Option<Duration>) -> Self {
        let seen = || period.map_or(Seen::Number(0), |span| Seen::Within(span, VecDeque::new()));
        let several = || Box::new(Several { needed, seen: seen() });
        Occurrences((needed > 1).then(several))
    }

    /// Counts one match: whether it completes an event.
    pub(crate) fn count(&mut self, now: Time) -> bool {
        self.0.as_mut().is_none_or(|several| several.count(now))
    }
}

impl Several {
    fn count(&mut self, now: Time) -> bool {
        let count = match &mut self.seen {
            Seen::Number(count) => {
                *count += 1;
                *count
            }
            Seen::Within(period, instants) => {
                instants.push_back(now);
                instants.retain(|at| now.since(*at) <= *period);
                instants.len() as u64
            }
        };
        let is_complete = count >= self.needed;
        if is_complete {
            match &mut self.seen {
                Seen::Number(count) => *count = 0,
                Seen::Within(_, instants) => instants.clear(),
            }
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
