//! Jobs: which one has its turn on which device, and how often each is tried.
//!
//! The automation asks; nothing here talks to a device. Jobs of one device run one after the other
//! in the order of their events, so that two never mix and no VTY pool is drained.

mod waiting;

use std::collections::{BTreeMap, VecDeque};

use fact::TraceId;
use simtime::{Duration, Rng, Time, TimerId};

use crate::record::{Action, JobPlan};
use crate::session::Work;

pub(crate) use waiting::{APPROVAL_HOURS_MAX, Waiting};

/// How often a job is tried before it has failed.
pub(crate) const ATTEMPTS_MAX: u32 = 3;
/// How long a job may take from its first try, all tries included, in seconds.
pub(crate) const JOB_SECS_MAX: u64 = 180;
/// How many devices have a session at a time.
pub(crate) const SESSIONS_MAX: usize = 64;
/// How many jobs wait on one device before its deliveries are answered with 503.
pub(crate) const DEVICE_JOBS_MAX: usize = 256;
/// How many jobs wait in all before deliveries are answered with 503.
pub(crate) const JOBS_MAX: usize = 10_000;
/// How long the second try waits, in milliseconds; each later one waits twice as long.
const BACKOFF_MS: u64 = 1_000;

/// One job that has not ended.
#[derive(Clone, Debug)]
pub(crate) struct Job {
    /// What to do, and where.
    pub(crate) plan: JobPlan,
    /// Its event.
    pub(crate) event: String,
    /// The fault behind the event.
    pub(crate) trace: Option<TraceId>,
    /// When it was decided.
    pub(crate) decided_at: Time,
    /// Who approved it, and when.
    pub(crate) approved: Option<(String, Time)>,
    /// The number of its last try, over restarts.
    pub(crate) attempt: u32,
    /// How often it was tried, without the tries that a restart cut short.
    pub(crate) tries: u32,
    /// The first command that is not answered.
    pub(crate) next: usize,
    /// Whether that command may have been sent.
    pub(crate) in_doubt: bool,
    /// What else there is to know about how it ended.
    pub(crate) note: Option<String>,
    /// The first refusal of the device.
    pub(crate) complaint: Option<String>,
    /// What ends it if nothing else does; set at its first try.
    pub(crate) deadline: Option<TimerId>,
}

/// The jobs that have not ended, and whose turn it is.
#[derive(Debug, Default)]
pub(crate) struct Jobs {
    all: BTreeMap<String, Job>,
    lanes: BTreeMap<String, Lane>,
    /// Devices whose next job could run, in the order in which they became so.
    ready: VecDeque<String>,
    busy: usize,
}

/// The jobs of one device.
#[derive(Debug, Default)]
struct Lane {
    queue: VecDeque<String>,
    state: LaneState,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum LaneState {
    /// Nothing to do.
    #[default]
    Idle,
    /// Its first job could run, and waits for a free session.
    Ready,
    /// A job has its turn.
    Busy,
    /// Its first job waits before it is tried again.
    Held,
}

impl Job {
    /// A job that was never tried.
    pub(crate) fn new(
        plan: JobPlan,
        event: &str,
        trace: Option<TraceId>,
        decided_at: Time,
    ) -> Self {
        Job {
            plan,
            event: event.to_owned(),
            trace,
            decided_at,
            approved: None,
            attempt: 0,
            tries: 0,
            next: 0,
            in_doubt: false,
            note: None,
            complaint: None,
            deadline: None,
        }
    }

    /// The commands of the next try, with their places: those that are not answered. Of a
    /// configuration all, since a line means nothing outside of its section.
    pub(crate) fn open_commands(&self) -> Vec<(usize, String)> {
        let commands = self.plan.action.commands().iter().cloned().enumerate();
        commands.skip(self.next).collect()
    }

    /// What the commands are.
    pub(crate) fn work(&self) -> Work {
        match self.plan.action {
            Action::Show(_) => Work::Exec,
            Action::Configure(_) => Work::Configure { in_doubt: self.in_doubt },
        }
    }

    /// Whether nothing is left to do: every command is answered, or the rest of a configuration
    /// must not follow a line that was refused.
    pub(crate) fn is_over(&self) -> bool {
        let is_stopped = self.plan.action.changes() && self.complaint.is_some();
        self.next >= self.plan.action.commands().len() || is_stopped
    }

    /// A try begins: a configuration is begun from its first line.
    pub(crate) fn begin(&mut self) {
        if self.plan.action.changes() {
            self.next = 0;
        }
    }

    /// A command was answered. A configuration that is broken off is begun again, so that every
    /// line that was sent may be repeated.
    pub(crate) fn answered(&mut self, index: usize, command: &str, complaint: Option<&str>) {
        // What stands on the device is asked behind the lines' places, and never a refusal.
        if index >= self.plan.action.commands().len() {
            return;
        }
        self.next = self.next.max(index + 1);
        self.in_doubt = self.plan.action.changes();
        if let (None, Some(complaint)) = (&self.complaint, complaint) {
            self.complaint = Some(format!("the device refused `{command}`: {complaint}"));
        }
    }

    /// How long to wait before the next try: doubled each time, and up to half as long again, so
    /// that the jobs of one outage do not come back together.
    pub(crate) fn backoff(&self, rng: &mut Rng) -> Duration {
        let doubled = self.tries.saturating_sub(1).min(10);
        let wait = Duration::from_millis(BACKOFF_MS).saturating_mul(1 << doubled);
        wait + rng.up_to(Duration::from_micros(wait.as_micros() / 2))
    }
}

impl Jobs {
    /// Puts a job behind the others of its device.
    pub(crate) fn queue(&mut self, job: Job) {
        let device = job.plan.device.clone();
        let lane = self.lanes.entry(device.clone()).or_default();
        lane.queue.push_back(job.plan.job.clone());
        self.all.insert(job.plan.job.clone(), job);
        self.wake(&device);
    }

    /// The next job whose turn it is, if a session is free for it.
    pub(crate) fn next_turn(&mut self) -> Option<String> {
        if self.busy == SESSIONS_MAX {
            return None;
        }
        let device = self.ready.pop_front()?;
        let lane = self.lanes.get_mut(&device)?;
        let job = lane.queue.pop_front()?;
        lane.state = LaneState::Busy;
        self.busy += 1;
        Some(job)
    }

    /// Gives the turn back for a while: the job stays first on its device.
    pub(crate) fn hold(&mut self, job: &str) {
        let Some(device) = self.all.get(job).map(|job| job.plan.device.clone()) else { return };
        let Some(lane) = self.lanes.get_mut(&device) else { return };
        lane.queue.push_front(job.to_owned());
        lane.state = LaneState::Held;
        self.busy -= 1;
    }

    /// Ends the wait of a job that was held.
    pub(crate) fn release(&mut self, job: &str) {
        let Some(device) = self.all.get(job).map(|job| job.plan.device.clone()) else { return };
        let Some(lane) = self.lanes.get_mut(&device) else { return };
        if lane.state == LaneState::Held {
            lane.state = LaneState::Idle;
            self.wake(&device);
        }
    }

    /// Takes a job away for good. If it has its turn, the device stays taken until [`Jobs::free`].
    pub(crate) fn remove(&mut self, job: &str) -> Option<Job> {
        let job = self.all.remove(job)?;
        let device = job.plan.device.clone();
        let lane = self.lanes.get_mut(&device)?;
        let held = lane.state == LaneState::Held && lane.queue.front() == Some(&job.plan.job);
        lane.queue.retain(|waiting| *waiting != job.plan.job);
        let emptied = lane.state == LaneState::Ready && lane.queue.is_empty();
        if emptied {
            self.ready.retain(|ready| *ready != device);
        }
        if held || emptied {
            lane.state = LaneState::Idle;
            self.wake(&device);
        }
        Some(job)
    }

    /// The turn on a device is over.
    pub(crate) fn free(&mut self, device: &str) {
        let Some(lane) = self.lanes.get_mut(device) else { return };
        if lane.state == LaneState::Busy {
            lane.state = LaneState::Idle;
            self.busy -= 1;
            self.wake(device);
        }
    }

    pub(crate) fn get(&self, job: &str) -> Option<&Job> {
        self.all.get(job)
    }

    pub(crate) fn get_mut(&mut self, job: &str) -> Option<&mut Job> {
        self.all.get_mut(job)
    }

    /// Whether there is no room for more jobs of a device.
    pub(crate) fn full(&self, device: &str) -> bool {
        let waiting = self.lanes.get(device).map_or(0, |lane| lane.queue.len());
        waiting >= DEVICE_JOBS_MAX || self.all.len() >= JOBS_MAX
    }

    fn wake(&mut self, device: &str) {
        let Some(lane) = self.lanes.get_mut(device) else { return };
        if lane.state != LaneState::Idle {
            return;
        }
        if lane.queue.is_empty() {
            self.lanes.remove(device);
        } else {
            lane.state = LaneState::Ready;
            self.ready.push_back(device.to_owned());
        }
    }
}

#[cfg(test)]
#[path = "job_tests.rs"]
mod tests;
