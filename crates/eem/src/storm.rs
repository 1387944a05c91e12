//! The limit on events of one router, so that an applet that raises itself stays bounded.
//!
//! Ours, not Cisco's: a real router slows down and drops events when its queue is full. Here a
//! storm costs simulated time only, so there is a bound on events per second instead.

use simtime::{Duration, Time};

/// So many events may be published within [`WINDOW`].
pub(crate) const EVENTS_PER_WINDOW_MAX: usize = 100;
/// So many published events may wait for their runs.
pub(crate) const EVENTS_QUEUED_MAX: usize = 256;
/// So many published events may wait when a person raises one: a pasted configuration fits, of
/// which an applet looks at every line. What people type cannot raise itself.
pub(crate) const EVENTS_TYPED_MAX: usize = 4_096;
const WINDOW: Duration = Duration::from_secs(1);
/// For how long events are dropped after the limit was reached.
pub(crate) const HOLD_SECS: u64 = 60;

/// What the guard knows of the last second.
#[derive(Debug, Default)]
pub(crate) struct Guard {
    window_start: Time,
    count: usize,
    held_until: Option<Time>,
}

/// Who raises an event.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Raiser {
    /// The router, perhaps because of an applet.
    Router,
    /// Somebody who types.
    Person,
}

/// What becomes of one event.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Verdict {
    /// It is published.
    Admitted,
    /// It is dropped, and so are those of the next [`HOLD_SECS`]: this is to be said.
    HoldBegins,
    /// It is dropped.
    Held,
}

impl Guard {
    /// Judges one event, with `queued` others that wait.
    pub(crate) fn judge(&mut self, now: Time, queued: usize, raiser: Raiser) -> Verdict {
        if raiser == Raiser::Person && queued < EVENTS_TYPED_MAX {
            return Verdict::Admitted;
        }
        if self.held_until.is_some_and(|until| now < until) {
            return Verdict::Held;
        }
        self.held_until = None;
        if now.since(self.window_start) >= WINDOW {
            self.window_start = now;
            self.count = 0;
        }
        self.count += 1;
        if self.count <= EVENTS_PER_WINDOW_MAX && queued < EVENTS_QUEUED_MAX {
            return Verdict::Admitted;
        }
        self.held_until = Some(now + Duration::from_secs(HOLD_SECS));
        Verdict::HoldBegins
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Goal: the limit holds, is said once, and ends. Method: one event a millisecond.
    #[test]
    fn a_storm_is_held_and_said_once() {
        let mut guard = Guard::default();
        let judged: Vec<Verdict> = (0..70_000)
            .map(|ms| {
                guard.judge(Time::VIRTUAL_START + Duration::from_millis(ms), 0, Raiser::Router)
            })
            .collect();
        let count = |verdict| judged.iter().filter(|v| **v == verdict).count();
        assert_eq!(count(Verdict::Admitted), 2 * EVENTS_PER_WINDOW_MAX);
        assert_eq!(count(Verdict::HoldBegins), 2);
    }

    /// Goal: a full queue drops events too.
    #[test]
    fn a_full_queue_begins_a_hold() {
        let mut guard = Guard::default();
        let mut judge = |raiser| guard.judge(Time::VIRTUAL_START, EVENTS_QUEUED_MAX, raiser);
        assert_eq!(judge(Raiser::Person), Verdict::Admitted);
        assert_eq!(judge(Raiser::Router), Verdict::HoldBegins);
        assert_eq!(judge(Raiser::Person), Verdict::Admitted, "a hold is not for people");
    }
}
