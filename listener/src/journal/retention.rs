//! What of the finished events goes, and when: by age and by size, a few at a time.
//!
//! Called by the writer's thread between its commits. A clock that is wrong for a while must not
//! cost what was kept: ages count only while the clock goes on as it should, and room is made
//! without looking at a clock.

use std::time::Instant;

use automation::Retention;
use automation::store::{Store as _, StoreError, replay_from};
use simtime::{Duration, Time};

use super::SqliteStore;

/// Records that go in one step; one more is needed for an event to go whole.
const STEP_RECORDS_MAX: usize = 256;
/// How long between two passes, in seconds.
const PASS_SECS: u64 = 600;
/// The most that the clock may jump, ahead or back, with its ages still believed, in seconds (a
/// day), and at most a tenth of what is kept.
const JUMP_SECS_MAX: u64 = 86_400;
/// After a jump, how long the clock must go on well before ages count again, in seconds (a day),
/// and at most as long as events are kept.
const SETTLE_SECS_MAX: u64 = 86_400;

/// Looks after the journal of one process.
#[derive(Debug)]
pub(super) struct Keeper {
    retention: Retention,
    trust: Trust,
    next_pass: Instant,
    pass: Option<Pass>,
}

/// One pass, which takes several steps.
#[derive(Debug, Default)]
struct Pass {
    /// Events of before are too old. `None` when that is done, or the clock is not believed.
    before: Option<Time>,
    removed: usize,
}

impl Keeper {
    /// The first pass is due at once.
    pub(super) fn new(
        retention: Retention,
        newest: Option<Time>,
        now: Time,
        steady: Instant,
    ) -> Self {
        let trust = Trust::new(retention.keep, newest, now, steady);
        Keeper { retention, trust, next_pass: steady, pass: None }
    }

    /// How long nothing is to be done.
    pub(super) fn pause(&self, steady: Instant) -> std::time::Duration {
        match self.pass {
            Some(_) => std::time::Duration::ZERO,
            None => self.next_pass.saturating_duration_since(steady),
        }
    }

    /// One step, if one is due. At the end of a pass: how many events it removed.
    pub(super) fn step(
        &mut self,
        store: &mut SqliteStore,
        now: Time,
        steady: Instant,
    ) -> Result<usize, StoreError> {
        if !self.pause(steady).is_zero() {
            return Ok(0);
        }
        let mut pass = self.pass.take().unwrap_or_else(|| self.begin(now, steady));
        // A pass that fails is over; the next one begins where it ended.
        if self.remove_some(store, &mut pass)? || store.shrink()? {
            self.pass = Some(pass);
            return Ok(0);
        }
        Ok(pass.removed)
    }

    fn begin(&mut self, now: Time, steady: Instant) -> Pass {
        self.next_pass = steady + std::time::Duration::from_secs(PASS_SECS);
        let oldest = now.as_micros().saturating_sub(self.retention.keep.as_micros());
        let believed = self.trust.look(now, steady);
        Pass { before: believed.then(|| Time::from_micros(oldest)), removed: 0 }
    }

    /// Says whether something was removed, so that there may be more.
    fn remove_some(&self, store: &mut SqliteStore, pass: &mut Pass) -> Result<bool, StoreError> {
        let mut removed = 0;
        if let Some(before) = pass.before {
            removed = store.trim(before, STEP_RECORDS_MAX)?;
        }
        if removed == 0 {
            pass.before = None;
            if store.used_bytes()? > self.retention.size_bytes
                && let Some(newest) = store.newest()?
            {
                removed = store.trim(replay_from(newest), STEP_RECORDS_MAX)?;
            }
        }
        pass.removed += removed;
        Ok(removed > 0)
    }
}

/// Whether ages can be believed: the clock has gone on with the steady one for long enough.
#[derive(Debug)]
struct Trust {
    looked: (Time, Instant),
    from: Instant,
    jump_max: Duration,
    settle: std::time::Duration,
}

impl Trust {
    /// At a start the newest event is the last that is known of the clock.
    fn new(keep: Duration, newest: Option<Time>, now: Time, steady: Instant) -> Self {
        let tenth = Duration::from_micros(keep.as_micros() / 10);
        let jump_max = tenth.min(Duration::from_secs(JUMP_SECS_MAX));
        let settle = keep.min(Duration::from_secs(SETTLE_SECS_MAX));
        let settle = std::time::Duration::from_micros(settle.as_micros());
        let mut trust = Trust { looked: (now, steady), from: steady, jump_max, settle };
        if newest.is_some_and(|newest| apart(newest, now) > jump_max) {
            trust.from = steady + settle;
        }
        trust
    }

    fn look(&mut self, now: Time, steady: Instant) -> bool {
        let passed = steady.saturating_duration_since(self.looked.1).as_micros();
        let passed = Duration::from_micros(u64::try_from(passed).unwrap_or(u64::MAX));
        if apart(self.looked.0 + passed, now) > self.jump_max {
            self.from = steady + self.settle;
        }
        self.looked = (now, steady);
        steady >= self.from
    }
}

fn apart(one: Time, other: Time) -> Duration {
    one.since(other).max(other.since(one))
}

#[cfg(test)]
mod tests {
    use super::*;

    const DAY: u64 = 86_400;

    /// Goal: ages are believed unless the clock jumped, and again once it has settled. Method: a
    /// table of how long ago the newest event was, then of (steady seconds, clock seconds).
    #[test]
    fn a_clock_that_jumped_is_not_believed() {
        let start = Instant::now();
        let now = Time::VIRTUAL_START;
        let check = |keep_days: u64, newest: Option<i64>, readings: &[(u64, u64, bool)]| {
            let at = |secs: i64| {
                let micros = now.as_micros().saturating_add_signed(secs * 1_000_000);
                Time::from_micros(micros)
            };
            let keep = Duration::from_secs(keep_days * DAY);
            let mut trust = Trust::new(keep, newest.map(at), now, start);
            for (steady, clock, want) in readings {
                let steady = start + std::time::Duration::from_secs(*steady);
                let clock = now + Duration::from_secs(*clock);
                assert_eq!(trust.look(clock, steady), *want, "{newest:?} {readings:?}");
            }
        };
        let settled = [(0, 0, false), (DAY - 1, DAY - 1, false), (DAY, DAY, true)];
        check(30, None, &[(0, 0, true), (600, 600, true)]);
        check(30, Some(-86_000), &[(0, 0, true)]);
        check(30, Some(-90_000), &settled);
        check(30, Some(90_000), &settled);
        // A night's suspend is no jump; 2099 is one, and the way back is another.
        check(30, Some(-1), &[(0, 0, true), (600, 30_000, true), (1_200, 30_600, true)]);
        let far = 73 * 365 * DAY;
        let jump = [(0, 0, true), (600, far, false), (1_200, 1_200, false), (90_000, 90_000, true)];
        check(30, Some(-1), &jump);
        // What is kept for a day can do with less.
        check(1, Some(-1), &[(0, 0, true), (600, 10_000, false)]);
    }
}
