//! Jobs that wait until somebody approves them: bounded, and in no other job's way.
//!
//! Room is taken when an event is decided and given back when its job is approved, denied or
//! given up, so that a decision which is not on disk yet counts too.

use std::collections::BTreeMap;

use simtime::TimerId;

use super::Job;

/// How many jobs wait for an approval in all.
pub(crate) const WAITING_MAX: usize = 1_000;
/// How many of them are of one device: one that flaps must not fill the list.
pub(crate) const DEVICE_WAITING_MAX: usize = 64;
/// How long a job waits for its approval, in hours.
pub(crate) const APPROVAL_HOURS_MAX: u64 = 24;

/// The jobs that wait.
#[derive(Debug, Default)]
pub(crate) struct Waiting {
    jobs: BTreeMap<String, Entry>,
    /// The room that each device has taken.
    taken: BTreeMap<String, usize>,
}

#[derive(Debug)]
struct Entry {
    job: Job,
    expires: TimerId,
    /// Whether an answer is on its way to the disk.
    answered: bool,
}

impl Waiting {
    /// Takes room for a job that will wait, or says why there is none.
    pub(crate) fn reserve(&mut self, device: &str) -> Result<(), String> {
        let of_device = self.taken.get(device).copied().unwrap_or_default();
        if of_device >= DEVICE_WAITING_MAX {
            return Err(format!(
                "{DEVICE_WAITING_MAX} jobs of `{device}` wait for an approval already"
            ));
        }
        if self.taken.values().sum::<usize>() >= WAITING_MAX {
            return Err(format!("{WAITING_MAX} jobs wait for an approval already"));
        }
        self.reserve_again(device);
        Ok(())
    }

    /// Takes room for a job that waited before a restart: it was let in then.
    pub(crate) fn reserve_again(&mut self, device: &str) {
        *self.taken.entry(device.to_owned()).or_default() += 1;
    }

    /// Lets a job wait for which room was taken.
    pub(crate) fn hold(&mut self, job: Job, expires: TimerId) {
        let entry = Entry { expires, answered: false, job };
        self.jobs.insert(entry.job.plan.job.clone(), entry);
    }

    /// The job, if it waits and nobody has answered it.
    pub(crate) fn open(&self, job: &str) -> Option<&Job> {
        self.jobs.get(job).filter(|entry| !entry.answered).map(|entry| &entry.job)
    }

    /// Whether a job waits, answered or not.
    pub(crate) fn has(&self, job: &str) -> bool {
        self.jobs.contains_key(job)
    }

    /// How many wait.
    pub(crate) fn len(&self) -> usize {
        self.jobs.len()
    }

    /// Notes that an answer is on its way to the disk, or that it did not get there.
    pub(crate) fn set_answered(&mut self, job: &str, answered: bool) {
        if let Some(entry) = self.jobs.get_mut(job) {
            entry.answered = answered;
        }
    }

    /// Sets the timer that ends the wait anew.
    pub(crate) fn set_expiry(&mut self, job: &str, expires: TimerId) {
        if let Some(entry) = self.jobs.get_mut(job) {
            entry.expires = expires;
        }
    }

    /// Takes a job out, and gives its room back.
    pub(crate) fn take(&mut self, job: &str) -> Option<(Job, TimerId)> {
        let Entry { job, expires, .. } = self.jobs.remove(job)?;
        if let Some(taken) = self.taken.get_mut(&job.lane) {
            *taken -= 1;
            if *taken == 0 {
                self.taken.remove(&job.lane);
            }
        }
        Some((job, expires))
    }
}
