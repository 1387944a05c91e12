//! The clock of a live run: the host's wall clock, made to go on steadily.
//!
//! Called by the live loops. A process has one, as its host has. It never goes back, whatever the
//! wall clock is set to; it follows forward, so that signatures are judged by the right time after
//! a suspend or a step of NTP.

use std::sync::{Mutex, PoisonError};
use std::time::{Instant, SystemTime, UNIX_EPOCH};

use simtime::{Duration, Time};

/// A difference to the wall clock up to this is made up for slowly, in seconds: no deadline
/// notices.
const SLEWED_SECS_MAX: u64 = 10;
/// By how much the clock runs faster or slower meanwhile: one part of this many.
const SLEW_PARTS: u64 = 10;
/// A jump ahead by more than this is doubted, in seconds (a year): no suspend lasts that long.
const DOUBTED_SECS_MIN: u64 = 365 * 86_400;
/// How long such a jump must last before it is followed, in seconds.
const DOUBT_SECS: u64 = 60;
/// How long a sleep lasts before the clock is looked at again, in milliseconds: what it has jumped
/// over is due.
const SLEEP_MS_MAX: u64 = 1_000;

static CLOCK: Mutex<Option<Followed>> = Mutex::new(None);

/// Tells `now` for the pure parts, and turns their deadlines into something to sleep on.
#[derive(Clone, Copy, Debug)]
pub struct LiveClock(Option<Hurried>);

/// A clock that leaves the host's behind.
#[derive(Clone, Copy, Debug)]
struct Hurried {
    started: Time,
    at: Instant,
    /// How many seconds go by in one of the host's.
    times: u32,
}

impl LiveClock {
    /// The clock of this process; the first one agrees with the host's wall clock.
    pub fn start() -> Self {
        LiveClock(None)
    }

    /// A clock that goes so many times as fast, for tests of what takes a minute on a real one.
    #[must_use]
    pub fn hurried(self, times: u32) -> Self {
        LiveClock(Some(Hurried { started: self.now(), at: Instant::now(), times: times.max(1) }))
    }

    /// How long a span of this clock takes on the host's.
    pub fn span(&self, span: Duration) -> std::time::Duration {
        let times = self.0.map_or(1, |hurried| hurried.times);
        std::time::Duration::from_micros(span.as_micros()) / times
    }

    /// Now. Never earlier than an instant that it gave before.
    pub fn now(&self) -> Time {
        if let Some(Hurried { started, at, times }) = self.0 {
            return started + Duration::from_micros(micros(at.elapsed() * times));
        }
        let mut clock = CLOCK.lock().unwrap_or_else(PoisonError::into_inner);
        let (wall, steady) = (wall_time(), Instant::now());
        clock.get_or_insert_with(|| Followed::new(wall, steady)).read(wall, steady)
    }

    /// By how much it is ahead of the wall clock, which was set back then.
    pub fn ahead(&self) -> Duration {
        // A hurried one is ahead by what it is.
        if self.0.is_some() { Duration::ZERO } else { self.now().since(wall_time()) }
    }

    /// Sleeps until `deadline`; forever when there is none.
    pub async fn sleep_until(&self, deadline: Option<Time>) {
        let Some(deadline) = deadline else {
            return std::future::pending().await;
        };
        loop {
            let left = deadline.since(self.now());
            if left == Duration::ZERO {
                return;
            }
            let nap = self.span(left).min(std::time::Duration::from_millis(SLEEP_MS_MAX));
            tokio::time::sleep(nap).await;
        }
    }
}

/// The last reading, from which the next one follows.
#[derive(Debug)]
struct Followed {
    given: Time,
    at: Instant,
    /// Since when the wall clock is too far ahead to be believed.
    doubted: Option<Instant>,
}

impl Followed {
    fn new(wall: Time, steady: Instant) -> Self {
        Followed { given: wall, at: steady, doubted: None }
    }

    fn read(&mut self, wall: Time, steady: Instant) -> Time {
        let passed = micros(steady.saturating_duration_since(self.at));
        let expected = self.given + Duration::from_micros(passed);
        let ahead = wall.since(expected);
        let far = ahead > Duration::from_secs(DOUBTED_SECS_MIN);
        let since = if far { *self.doubted.get_or_insert(steady) } else { steady };
        let lasted = steady.saturating_duration_since(since).as_secs();
        self.doubted = self.doubted.filter(|_| far && lasted < DOUBT_SECS);
        let slew = Duration::from_micros(passed / SLEW_PARTS);
        self.given = if self.doubted.is_some() {
            expected
        } else if ahead > Duration::from_secs(SLEWED_SECS_MAX) {
            wall
        } else if wall >= expected {
            wall.min(expected + slew)
        } else {
            let slowed = Time::from_micros(expected.as_micros() - slew.as_micros());
            wall.max(slowed)
        };
        // By whole microseconds, so that a clock that is read often loses nothing.
        self.at += std::time::Duration::from_micros(passed);
        self.given
    }
}

/// What the host's wall clock says.
pub(crate) fn wall_time() -> Time {
    // Before 1970 the host's clock is plainly not set; time then starts at 1970.
    let since_epoch = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    Time::from_micros(micros(since_epoch))
}

fn micros(span: std::time::Duration) -> u64 {
    u64::try_from(span.as_micros()).unwrap_or(u64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    const YEAR: u64 = 365 * 86_400;

    /// Goal: a sleep ends at its deadline, not before, and time goes on. Method: 20 ms of it.
    #[tokio::test]
    async fn sleeps_until_the_deadline() {
        let clock = LiveClock::start();
        let deadline = clock.now() + Duration::from_millis(20);
        clock.sleep_until(Some(deadline)).await;
        assert!(clock.now() >= deadline);
        clock.sleep_until(Some(deadline)).await;
        let forever = clock.sleep_until(None);
        let bound = std::time::Duration::from_millis(20);
        assert!(tokio::time::timeout(bound, forever).await.is_err());
    }

    /// Goal: forward the wall clock is followed, back never; what is hardly believed must last.
    /// Method: a table of (steady seconds, wall seconds) and what is given, from the same start.
    #[test]
    fn a_jumping_wall_clock_is_followed_forward() {
        let base = 1_000_000;
        type Readings = &'static [(u64, u64, u64)];
        let table: [(&str, Readings); 7] = [
            ("steady", &[(1, 1, 1), (10, 10, 10)]),
            ("a suspend of an hour", &[(1, 3_601, 3_601), (2, 3_602, 3_602)]),
            ("a small step is made up for slowly", &[(10, 15, 11), (20, 25, 22), (90, 95, 95)]),
            ("an hour back: nine tenths of the time", &[(10, 10, 10), (110, 0, 100)]),
            ("and until they meet", &[(100, 80, 90), (200, 180, 180), (300, 280, 280)]),
            ("2099 and back", &[(1, 73 * YEAR, 1), (50, 73 * YEAR + 49, 50), (59, 59, 59)]),
            ("ten years, for good", &[(1, 10 * YEAR, 1), (61, 10 * YEAR + 60, 10 * YEAR + 60)]),
        ];
        for (name, readings) in table {
            let start = Instant::now();
            let mut clock = Followed::new(Time::from_micros(base * 1_000_000), start);
            for (steady, wall, want) in readings {
                let steady = start + std::time::Duration::from_secs(*steady);
                let wall = Time::from_micros((base + wall) * 1_000_000);
                let given = clock.read(wall, steady).as_secs() - base;
                assert_eq!(given, *want, "{name}");
            }
        }
    }

    /// Goal: it never goes back, and reading it often does not slow it down. Method: a million
    /// readings 300 ns apart, while the wall clock is set back in between.
    #[test]
    fn it_never_goes_back() {
        let start = Instant::now();
        let mut clock = Followed::new(Time::from_micros(5_000_000), start);
        let mut last = Time::from_micros(0);
        for step in 0..1_000_000_u64 {
            let wall = 5_000_000 + step * 3 / 10 - if step > 500_000 { 2_000_000 } else { 0 };
            let steady = start + std::time::Duration::from_nanos(step * 300);
            let given = clock.read(Time::from_micros(wall), steady);
            assert!(given >= last, "{step}");
            last = given;
        }
        assert!(last.as_micros() >= 5_285_000, "{last}");
    }
}
