//! The clock of a live run: the host's wall clock at the start, counted on by its steady clock.
//!
//! Called by the live loops; it never goes back, whatever the wall clock is set to meanwhile.

use std::time::{Instant, SystemTime, UNIX_EPOCH};

use simtime::Time;

/// Tells `now` for the pure parts, and turns their deadlines into something to sleep on.
#[derive(Clone, Copy, Debug)]
pub struct LiveClock {
    wall: Time,
    started: Instant,
}

impl LiveClock {
    /// A clock that agrees with the host's wall clock at this moment.
    pub fn start() -> Self {
        LiveClock { wall: wall_time(), started: Instant::now() }
    }

    /// Now. Never earlier than an instant that it gave before.
    pub fn now(&self) -> Time {
        self.wall + simtime::Duration::from_micros(micros(self.started.elapsed()))
    }

    /// Sleeps until `deadline`; forever when there is none.
    pub async fn sleep_until(&self, deadline: Option<Time>) {
        let Some(deadline) = deadline else {
            return std::future::pending().await;
        };
        let span = deadline.since(self.wall);
        let wake = self.started + std::time::Duration::from_micros(span.as_micros());
        tokio::time::sleep_until(wake.into()).await;
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
    use simtime::Duration;

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
}
