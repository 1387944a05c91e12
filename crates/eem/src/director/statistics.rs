//! What each registered applet has done so far: `show event manager statistics policy`.

use simtime::Duration;

/// The counters of one registered applet. They begin anew when it is registered again.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Statistics {
    /// Events that started a run.
    pub triggered: u64,
    /// Events that `ratelimit` or the limit of the router dropped.
    pub suppressed: u64,
    /// Runs that are over.
    pub finished: u64,
    /// How long they took together.
    pub total: Duration,
    /// The longest of them.
    pub longest: Duration,
}

impl Statistics {
    pub(super) fn ran(&mut self, span: Duration) {
        self.finished += 1;
        self.total = self.total + span;
        self.longest = self.longest.max(span);
    }

    /// How long a run takes.
    pub fn average(&self) -> Duration {
        Duration::from_micros(self.total.as_micros().checked_div(self.finished).unwrap_or(0))
    }
}
