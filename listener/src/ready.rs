//! Whether the listener can do its work: what `/ready` says.
//!
//! Told by the live loop, asked by the HTTP port. It looks at the clocks when it is asked, so that
//! it sees a disk that says nothing at all.

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Instant;

use host::LiveClock;
use simtime::Duration;

/// How long the disk may take over a commit before the listener is not ready, in seconds.
const DISK_SECS_MAX: u64 = 5;
/// How far the clock may be ahead of the host's, in seconds: fresh signatures fail beyond it.
pub(crate) const AHEAD_SECS_MAX: u64 = 300;

/// What keeps the listener from being ready.
#[derive(Debug)]
pub(crate) struct Readiness {
    clock: LiveClock,
    disk: Mutex<Disk>,
}

#[derive(Debug, Default)]
struct Disk {
    unwritable: Option<String>,
    /// Since when it has not answered.
    waiting: Option<Instant>,
}

impl Readiness {
    pub(crate) fn new(clock: LiveClock) -> Self {
        Readiness { clock, disk: Mutex::default() }
    }

    /// Why the journal cannot be written; `None` when it can.
    pub(crate) fn unwritable(&self, reason: Option<String>) {
        self.disk().unwritable = reason;
    }

    /// The disk has something to answer from now on, or nothing any more.
    pub(crate) fn waits_for_disk(&self, waits: bool) {
        self.disk().waiting = waits.then(Instant::now);
    }

    /// Whether the journal took what it was last given.
    pub(crate) fn is_writable(&self) -> bool {
        self.disk().unwritable.is_none()
    }

    /// Why it is not ready; `None` when it is.
    pub(crate) fn complaint(&self) -> Option<String> {
        let disk = self.disk();
        if let Some(reason) = &disk.unwritable {
            return Some(format!("the journal cannot be written: {reason}"));
        }
        if disk.waiting.is_some_and(|since| since.elapsed().as_secs() >= DISK_SECS_MAX) {
            return Some(format!("the disk has not answered for {DISK_SECS_MAX} s"));
        }
        let ahead = self.clock.ahead();
        (ahead > Duration::from_secs(AHEAD_SECS_MAX)).then(|| {
            let secs = ahead.as_secs();
            format!("the clock is {secs} s ahead of the host's, which was set back: restart")
        })
    }

    fn disk(&self) -> MutexGuard<'_, Disk> {
        self.disk.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Goal: each thing that is wrong is told, and nothing when all is well again. Method: one
    /// after the other; the disk's silence is set back instead of waited for.
    #[test]
    fn what_is_wrong_is_told() {
        let ready = Readiness::new(LiveClock::start());
        assert_eq!(ready.complaint(), None);
        ready.unwritable(Some("no space".to_owned()));
        let complaint = ready.complaint();
        assert_eq!(complaint.as_deref(), Some("the journal cannot be written: no space"));
        ready.unwritable(None);
        ready.waits_for_disk(true);
        assert_eq!(ready.complaint(), None);
        let long_ago = Instant::now().checked_sub(std::time::Duration::from_secs(DISK_SECS_MAX));
        ready.disk().waiting = long_ago;
        assert_eq!(ready.complaint().as_deref(), Some("the disk has not answered for 5 s"));
        ready.waits_for_disk(false);
        assert_eq!(ready.complaint(), None);
    }
}
