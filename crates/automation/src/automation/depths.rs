//! How much waits: what a program shows of the automation's queues.

use super::Automation;

/// How much waits, and where.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Depths {
    /// Events that are accepted, and neither durable nor decided yet.
    pub undecided_events: usize,
    /// Jobs that wait for somebody's approval.
    pub waiting_jobs: usize,
    /// Jobs that wait for their turn.
    pub queued_jobs: usize,
    /// Jobs that have their turn on a device.
    pub running_jobs: usize,
    /// Sessions and requests to devices.
    pub sessions: usize,
}

impl Automation {
    /// How much waits at this moment; costs nothing.
    pub fn depths(&self) -> Depths {
        let (queued_jobs, running_jobs) = self.jobs.depths();
        Depths {
            undecided_events: self.intake.events(),
            waiting_jobs: self.waiting.len(),
            queued_jobs,
            running_jobs,
            sessions: self.sessions.len(),
        }
    }
}
