//! Jobs: which one has its turn on which device, and how often each is tried.
//!
//! The automation asks; nothing here talks to a device. Jobs of one device run one after the other
//! in the order of their events, so that two never mix and no VTY pool is drained.

mod result;
mod waiting;

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use fact::TraceId;
use simtime::{Duration, Rng, Time, TimerId};

use crate::config::Limits;
use crate::io::Written;
use crate::record::{Action, JobPlan};
use crate::session::Work;

pub(crate) use result::{Heard, Trouble, not_begun, of_items, skipped};
pub(crate) use waiting::{APPROVAL_HOURS_MAX, Waiting};

/// How often a job is tried before it has failed.
pub(crate) const ATTEMPTS_MAX: u32 = 3;
/// How long a job may take from its first try, all tries included, in seconds.
pub(crate) const JOB_SECS_MAX: u64 = 180;
/// How many sessions there are at a time.
pub(crate) const SESSIONS_MAX: usize = 64;
/// How many of them can be allowed on one device: more VTY lines than most have.
pub(crate) const DEVICE_SESSIONS_MAX: usize = 16;
/// How many jobs wait on one device before its deliveries are answered with 503.
pub(crate) const DEVICE_JOBS_MAX: usize = 256;
/// How many jobs wait for the answers of others on one device before it is likewise.
pub(crate) const DEVICE_FOLLOWERS_MAX: usize = 1_024;
/// How many jobs wait in all before deliveries are answered with 503.
pub(crate) const JOBS_MAX: usize = 10_000;
/// How many requests to one API there are at a time.
const API_REQUESTS_MAX: usize = 16;
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
    /// Of which class what went wrong last is.
    pub(crate) trouble: Option<Trouble>,
    /// What was answered, where something is made of it.
    pub(crate) heard: Vec<Heard>,
    /// The status of the last answer over HTTP.
    pub(crate) status: Option<u16>,
    /// What the device said that it can, over NETCONF.
    pub(crate) capabilities: Vec<String>,
    /// What it wrote.
    pub(crate) written: Option<Written>,
    /// When its first try began.
    pub(crate) began_at: Option<Time>,
    /// What ends it if nothing else does; set at its first try.
    pub(crate) deadline: Option<TimerId>,
    /// Where it waits for its turn: a device, or what it is done with.
    pub(crate) lane: String,
    /// Its place among all that were queued.
    turn: u64,
    /// Whether a session was opened for it: what it asked may be answered from before an event that
    /// comes now.
    started: bool,
}

/// The jobs that have not ended, and whose turn it is.
#[derive(Debug)]
pub(crate) struct Jobs {
    limits: Limits,
    all: BTreeMap<String, Job>,
    lanes: BTreeMap<String, Lane>,
    /// Devices whose next job could run, in the order in which they became so.
    ready: VecDeque<String>,
    /// Jobs that ask the same as one that has not begun, by that one.
    followers: BTreeMap<String, Vec<Job>>,
    following: usize,
    busy: usize,
    next_turn: u64,
}

/// The jobs of one device.
#[derive(Debug, Default)]
struct Lane {
    queue: VecDeque<String>,
    /// Jobs that have a turn and no session yet.
    opening: Vec<String>,
    /// Jobs that wait before they are tried again.
    held: BTreeSet<String>,
    /// How many turns are taken.
    running: usize,
    /// Whether the one that is taken changes the device: then it is alone there.
    changing: bool,
    /// Whether it stands in [`Jobs::ready`].
    is_ready: bool,
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
            lane: plan.lane(),
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
            trouble: None,
            heard: Vec::new(),
            status: None,
            capabilities: Vec::new(),
            written: None,
            began_at: None,
            deadline: None,
            turn: 0,
            started: false,
        }
    }

    /// The commands of the next try, with their places: those that are not answered. Of a
    /// configuration all, since a line means nothing outside of its section.
    pub(crate) fn open_commands(&self) -> Vec<(usize, String)> {
        let commands = self.plan.action.commands();
        let asked = match self.plan.action {
            // The last of them is done here, and not there.
            Action::Backup(_) => commands.len() - 1,
            _ => commands.len(),
        };
        commands.iter().cloned().enumerate().take(asked).skip(self.next).collect()
    }

    /// What the commands of a command line are.
    pub(crate) fn work(&self) -> Work {
        match self.plan.action {
            Action::Configure(_) => Work::Configure { in_doubt: self.in_doubt },
            Action::Show(_)
            | Action::Netconf(_)
            | Action::Restconf(_)
            | Action::Http(_)
            | Action::Save(_)
            | Action::Log(_)
            | Action::Backup(_) => Work::Exec,
        }
    }

    /// Whether nothing is left to do: every command is answered, or the rest of a configuration
    /// must not follow a line that was refused.
    pub(crate) fn is_over(&self) -> bool {
        let is_whole = self.plan.action.changes() || matches!(self.plan.action, Action::Backup(_));
        let is_stopped = is_whole && self.complaint.is_some();
        self.next >= self.plan.action.commands().len() || is_stopped
    }

    /// Whether nothing was asked for it yet.
    fn is_fresh(&self) -> bool {
        !self.started && self.attempt <= 1 && self.next == 0
    }

    /// A try begins: a configuration is begun from its first line, and one that is to be kept is
    /// read again.
    pub(crate) fn begin(&mut self) {
        if self.plan.action.changes() || matches!(self.plan.action, Action::Backup(_)) {
            self.next = 0;
            self.heard.clear();
        }
    }

    /// Whether something is made of its answers.
    fn is_heard(&self) -> bool {
        self.plan.step.is_some() || matches!(self.plan.action, Action::Backup(_))
    }

    /// An answer came; those that only look, behind the lines' places, are none of its own.
    pub(crate) fn hear(&mut self, index: usize, heard: Heard) {
        if self.is_heard() && index < self.plan.action.commands().len() {
            self.heard.push(heard);
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
            let who = if self.plan.device.is_some() { "device" } else { "API" };
            self.complaint = Some(format!("the {who} refused `{command}`: {complaint}"));
            self.trouble = Some(match self.plan.action {
                Action::Http(_) => Trouble::Upstream,
                _ => Trouble::Refused,
            });
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
    pub(crate) fn new(limits: Limits) -> Self {
        Jobs {
            limits,
            all: BTreeMap::new(),
            lanes: BTreeMap::new(),
            ready: VecDeque::new(),
            followers: BTreeMap::new(),
            following: 0,
            busy: 0,
            next_turn: 0,
        }
    }

    /// From now on these limits hold; turns that are taken stay.
    pub(crate) fn set_limits(&mut self, limits: Limits) {
        self.limits = limits;
        let devices: Vec<String> = self.lanes.keys().cloned().collect();
        devices.iter().for_each(|device| self.wake(device));
    }

    /// Puts a job behind the others of its device, or with one that will ask the same.
    pub(crate) fn queue(&mut self, mut job: Job) {
        if let Some(leader) = self.leader(&job).map(str::to_owned) {
            self.following += 1;
            self.followers.entry(leader).or_default().push(job);
            return;
        }
        job.turn = self.next_turn;
        self.next_turn += 1;
        let device = job.lane.clone();
        let lane = self.lanes.entry(device.clone()).or_default();
        lane.queue.push_back(job.plan.job.clone());
        self.all.insert(job.plan.job.clone(), job);
        self.wake(&device);
    }

    /// The job whose answers will be those that this one asks for: the same commands, not begun,
    /// and nothing between them that changes the device.
    fn leader(&self, job: &Job) -> Option<&str> {
        let is_own = |job: &Job| job.plan.own_login || job.plan.device.is_none();
        let is_backup = matches!(job.plan.action, Action::Backup(_));
        let is_heard = is_backup || job.plan.step.is_some();
        if job.plan.action.changes() || is_heard || is_own(job) || job.attempt > 0 {
            return None;
        }
        let lane = self.lanes.get(&job.lane)?;
        let before = lane.queue.iter().rev().chain(lane.opening.iter().rev());
        let before = before.filter_map(|id| self.all.get(id));
        let mut before = before.filter(|known| !is_own(known));
        let same = before.find(|known| {
            known.plan.action.changes() || known.plan.action == job.plan.action && known.is_fresh()
        });
        same.filter(|known| !known.plan.action.changes()).map(|known| known.plan.job.as_str())
    }

    /// Takes the jobs that share the answers of one.
    pub(crate) fn followers(&mut self, leader: &str) -> Vec<Job> {
        let followers = self.followers.remove(leader).unwrap_or_default();
        self.following -= followers.len();
        followers
    }

    /// The next job whose turn it is, if a session is free for it.
    pub(crate) fn next_turn(&mut self) -> Option<String> {
        while self.busy < self.limits.sessions {
            let device = self.ready.pop_front()?;
            let Some(lane) = self.lanes.get_mut(&device) else { continue };
            lane.is_ready = false;
            if !self.can_start(&device) {
                continue;
            }
            let Some(lane) = self.lanes.get_mut(&device) else { continue };
            let Some(job) = lane.queue.pop_front() else { continue };
            lane.running += 1;
            lane.opening.push(job.clone());
            lane.changing = self.all.get(&job).is_some_and(|job| job.plan.action.changes());
            self.busy += 1;
            self.wake(&device);
            return Some(job);
        }
        None
    }

    /// A session was opened for a job: its commands are sent from now on.
    pub(crate) fn starts(&mut self, job: &str) {
        let Some(entry) = self.all.get_mut(job) else { return };
        entry.started = true;
        if let Some(lane) = self.lanes.get_mut(&entry.lane) {
            lane.opening.retain(|opening| opening != job);
        }
    }

    /// Gives the turn back for a while: the job stays before those that came after it.
    pub(crate) fn hold(&mut self, job: &str) {
        let Some(entry) = self.all.get(job) else { return };
        let (device, turn) = (entry.lane.clone(), entry.turn);
        let Some(lane) = self.lanes.get_mut(&device) else { return };
        let later = |id: &String| self.all.get(id).is_some_and(|other| other.turn > turn);
        let place = lane.queue.iter().position(later).unwrap_or(lane.queue.len());
        lane.queue.insert(place, job.to_owned());
        lane.opening.retain(|opening| opening != job);
        lane.held.insert(job.to_owned());
        self.give_back(&device);
    }

    /// Ends the wait of a job that was held.
    pub(crate) fn release(&mut self, job: &str) {
        let Some(device) = self.all.get(job).map(|job| job.lane.clone()) else { return };
        let Some(lane) = self.lanes.get_mut(&device) else { return };
        lane.held.remove(job);
        self.wake(&device);
    }

    /// Takes a job away for good. If it has its turn, that stays taken until [`Jobs::free`].
    pub(crate) fn remove(&mut self, job: &str) -> Option<Job> {
        let job = self.all.remove(job)?;
        // The lane is gone where its session ended before what follows from it: a file.
        if let Some(lane) = self.lanes.get_mut(&job.lane) {
            lane.queue.retain(|waiting| *waiting != job.plan.job);
            lane.opening.retain(|opening| *opening != job.plan.job);
            lane.held.remove(&job.plan.job);
        }
        let device = job.lane.clone();
        self.wake(&device);
        Some(job)
    }

    /// A turn on a device is over.
    pub(crate) fn free(&mut self, device: &str) {
        self.give_back(device);
    }

    fn give_back(&mut self, device: &str) {
        let Some(lane) = self.lanes.get_mut(device).filter(|lane| lane.running > 0) else { return };
        lane.running -= 1;
        // What changes a device is alone there.
        lane.changing = false;
        self.busy -= 1;
        self.wake(device);
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
        waiting >= self.limits.queue
            || self.following(device) >= DEVICE_FOLLOWERS_MAX
            || self.all_full()
    }

    /// Whether there is no room for more jobs, whatever they do.
    pub(crate) fn all_full(&self) -> bool {
        self.all.len() + self.following >= JOBS_MAX
    }

    /// How many jobs wait for their turn, and how many have it.
    pub(crate) fn depths(&self) -> (usize, usize) {
        let in_turn = self.busy.min(self.all.len());
        (self.all.len() - in_turn + self.following, in_turn)
    }

    /// How many jobs of a device wait for the answers of others.
    fn following(&self, device: &str) -> usize {
        let lane = self.lanes.get(device).into_iter();
        let leaders = lane.flat_map(|lane| lane.queue.iter().chain(&lane.opening));
        leaders.filter_map(|leader| self.followers.get(leader)).map(Vec::len).sum()
    }

    /// Whether the first job of a device could run, a session of all aside. One that waits before
    /// it is tried again keeps those behind it waiting, too.
    fn can_start(&self, device: &str) -> bool {
        let Some(lane) = self.lanes.get(device) else { return false };
        let Some(job) = lane.queue.front() else { return false };
        let changes = self.all.get(job).is_some_and(|job| job.plan.action.changes());
        let is_free = match changes {
            true => lane.running == 0,
            false => {
                let most = match self.all.get(job).map(|job| &job.plan.action) {
                    Some(Action::Http(_)) => API_REQUESTS_MAX,
                    // Files are written one after the other: what came first stands first.
                    Some(Action::Save(_) | Action::Log(_)) => 1,
                    Some(_) | None => self.limits.device_sessions,
                };
                !lane.changing && lane.running < most
            }
        };
        is_free && !lane.held.contains(job)
    }

    fn wake(&mut self, device: &str) {
        let can_start = self.can_start(device);
        let Some(lane) = self.lanes.get_mut(device) else { return };
        match (can_start, lane.is_ready) {
            (true, false) => {
                lane.is_ready = true;
                self.ready.push_back(device.to_owned());
            }
            (false, true) => {
                lane.is_ready = false;
                self.ready.retain(|ready| ready != device);
            }
            (true, true) | (false, false) => {}
        }
        if !can_start && lane.queue.is_empty() && lane.running == 0 {
            self.lanes.remove(device);
        }
    }
}

#[cfg(test)]
#[path = "job_tests.rs"]
mod tests;
