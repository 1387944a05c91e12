//! Jobs: queued, tried, tried again, ended.

use fact::Kind;
use simtime::{Duration, Time};

use super::steps::Follows;
use super::{Automation, Timer, fact};
use crate::decide::LOGIN_GONE;
use crate::gate::OwnChange;
use crate::io::{Door, Login, Outbox, Output, SessionId};
use crate::job::{ATTEMPTS_MAX, Heard, JOB_SECS_MAX, Job, Trouble};
use crate::journal::Then;
use crate::record::{Action, Attempt, AttemptFailed, JobDone, Outcome, Record};
use crate::session::Answered;

/// How long a login may take, in seconds; the program that opens the session holds to it.
const CONNECT_SECS_MAX: u64 = 15;

/// How long a request over RESTCONF may take, its connection included, in seconds; likewise.
const REQUEST_SECS_MAX: u64 = 60;

/// How a try ended early.
#[derive(Debug)]
pub(super) struct Broken {
    pub(super) error: String,
    /// Of which class it is.
    pub(super) trouble: Trouble,
    /// Whether another try could end better.
    pub(super) again: bool,
    /// Whether a command was sent whose answer did not come.
    pub(super) sent: bool,
    /// How long whoever was asked wants to be left alone.
    pub(super) wait: Option<Duration>,
}

impl Broken {
    /// A try that ended before anything was sent.
    pub(super) fn unsent(error: String, trouble: Trouble, again: bool) -> Self {
        Broken { error, trouble, again, sent: false, wait: None }
    }
}

impl Automation {
    pub(super) fn queue(&mut self, now: Time, job: Job, out: &mut Outbox) {
        let kind = Kind::JobQueued {
            job: job.plan.job.clone(),
            event: job.event.clone(),
            rule: job.plan.rule.clone(),
        };
        fact(now, job.plan.device.as_deref(), job.trace, kind, out);
        self.jobs.queue(job);
    }

    /// Starts as many jobs as have their turn and a session.
    pub(super) fn next_turns(&mut self, now: Time, out: &mut Outbox) {
        while !self.stopping
            && let Some(job) = self.jobs.next_turn()
        {
            self.attempt(now, &job, out);
        }
    }

    /// Records a try. Only once that is durable is a session opened for it.
    fn attempt(&mut self, now: Time, id: &str, out: &mut Outbox) {
        let Some(job) = self.jobs.get_mut(id) else { return };
        if job.is_over() {
            // Killed between the last answer and the end of the job: nothing is left to do.
            let lane = job.lane.clone();
            self.job_ended(now, id, None, out);
            return self.jobs.free(&lane);
        }
        let lane = job.lane.clone();
        if let Some((trouble, why)) = self.why_not_tried(id) {
            if let Some(job) = self.jobs.get_mut(id) {
                job.trouble = Some(trouble);
            }
            self.job_ended(now, id, Some(why), out);
            return self.jobs.free(&lane);
        }
        let Some(job) = self.jobs.get_mut(id) else { return };
        job.begin();
        job.attempt += 1;
        job.tries += 1;
        let attempt = Record::Attempt(Attempt {
            event: job.event.clone(),
            job: id.to_owned(),
            attempt: job.attempt,
            at: now,
            in_doubt: job.in_doubt,
        });
        if job.plan.action.changes() {
            let change = OwnChange {
                job: id,
                event: &job.event,
                device: job.plan.device.as_deref().unwrap_or_default(),
                lines: &job.plan.action.touches(),
                trace: job.trace.map(|trace| trace.to_string()),
            };
            self.gates.change_begins(now, &change);
        }
        let mut records = self.kept();
        records.push(attempt);
        self.journal.persist(records, Then::Open(id.to_owned()), out);
    }

    /// Why a job whose turn has come is not tried, if so.
    fn why_not_tried(&mut self, id: &str) -> Option<(Trouble, String)> {
        let job = self.jobs.get(id)?;
        if job.plan.own_login && !self.logins.contains_key(id) {
            return Some((Trouble::Failed, LOGIN_GONE.to_owned()));
        }
        if job.in_doubt && !job.plan.action.is_repeatable() {
            // Killed, or cut off, behind the request: whether it was taken, the device alone knows.
            let error = "it may have been done already, and is not asked for twice";
            return Some((Trouble::Failed, error.to_owned()));
        }
        let device = job.plan.device.clone()?;
        let why = self.breaker(&device, id)?;
        Some((Trouble::Credentials, why))
    }

    /// The lines of a configuration stand already.
    pub(super) fn stands(&mut self, id: &str) {
        if let Some(job) = self.jobs.get_mut(id) {
            job.note = Some("the lines stood already, and were not sent again".to_owned());
        }
    }

    pub(super) fn open(&mut self, now: Time, id: &str, out: &mut Outbox) {
        let Some(job) = self.jobs.get_mut(id) else { return };
        // From here and not from the record of the try: a disk that is away fails no job.
        if job.deadline.is_none() {
            let deadline = now + Duration::from_secs(JOB_SECS_MAX);
            job.deadline = Some(self.timers.set(deadline, Timer::Job(id.to_owned())));
        }
        job.began_at.get_or_insert(now);
        let session = SessionId(self.next_session);
        self.next_session += 1;
        let Some(device) = job.plan.device.clone() else {
            return self.open_errand(now, session, id, out);
        };
        let (attempt, in_doubt) = (job.attempt, job.in_doubt);
        let kind = Kind::Connecting { job: id.to_owned(), attempt, in_doubt };
        fact(now, Some(&device), job.trace, kind, out);
        let timeout = Duration::from_secs(CONNECT_SECS_MAX);
        let node = device.clone();
        let login = self.logins.get(id).cloned();
        let open = |door, login: Option<Box<Login>>| {
            let node = node.clone();
            Output::OpenSession { session, door, node, login, timeout }
        };
        out.0.push(match &job.plan.action {
            Action::Netconf(_) => open(Door::Netconf, login),
            Action::Restconf(call) => {
                let timeout = Duration::from_secs(REQUEST_SECS_MAX);
                Output::Restconf { session, node, login, request: call.request(), timeout }
            }
            // The others are on no device.
            Action::Show(_)
            | Action::Configure(_)
            | Action::Backup(_)
            | Action::Http(_)
            | Action::Save(_)
            | Action::Log(_) => open(Door::Shell, login),
        });
        self.session_asked(now, session, id, &device);
    }

    pub(super) fn answered(&mut self, now: Time, id: &str, answer: Answered, out: &mut Outbox) {
        let Some(job) = self.jobs.get_mut(id) else { return };
        let Answered { index, command, output, json, complaint, sent_at } = answer;
        let ok = complaint.is_none();
        job.answered(index, &command, complaint.as_deref());
        let took = now.since(sent_at);
        let (said, data) = (output.clone(), json.clone());
        job.hear(index, Heard { command: command.clone(), output: said, json: data, ok, took });
        let kind = Kind::CommandDone {
            job: id.to_owned(),
            event: job.event.clone(),
            command: command.clone(),
            output: output.clone(),
            ok,
            took,
        };
        fact(now, job.plan.device.as_deref(), job.trace, kind, out);
        let record = Record::Command(crate::record::Command {
            event: job.event.clone(),
            job: id.to_owned(),
            attempt: job.attempt,
            index,
            command,
            output,
            json,
            ok,
            sent_at,
            took,
        });
        self.journal.persist(vec![record], Then::Nothing, out);
    }

    /// A try ended early: again later, or never. The session is gone already.
    pub(super) fn attempt_broke(&mut self, now: Time, id: &str, broken: Broken, out: &mut Outbox) {
        let Some(job) = self.jobs.get_mut(id) else { return };
        let Broken { error, trouble, again, sent, wait } = broken;
        job.in_doubt |= sent;
        job.trouble = Some(trouble);
        let again = again && (!job.in_doubt || job.plan.action.is_repeatable());
        let kind =
            Kind::ConnectFailed { job: id.to_owned(), attempt: job.attempt, error: error.clone() };
        fact(now, job.plan.device.as_deref(), job.trace, kind, out);
        let failed = Record::AttemptFailed(AttemptFailed {
            event: job.event.clone(),
            job: id.to_owned(),
            attempt: job.attempt,
            at: now,
            error: error.clone(),
            sent,
        });
        // Of a configuration only the way out may have been still to go.
        let is_over = job.is_over();
        let tries = match &job.plan.action {
            Action::Http(call) => call.tries,
            _ => ATTEMPTS_MAX,
        };
        if again && !is_over && job.tries < tries {
            self.journal.persist(vec![failed], Then::Nothing, out);
            let wait = job.backoff(&mut self.jitter).max(wait.unwrap_or_default());
            self.timers.set(now + wait, Timer::Retry(id.to_owned()));
            self.jobs.hold(id);
        } else {
            let lane = job.lane.clone();
            // In one batch: a kill between the two would have a refused login tried again.
            let error = (!is_over).then_some(error);
            self.job_ended_after(now, id, error, vec![failed], out);
            self.jobs.free(&lane);
        }
        self.next_turns(now, out);
    }

    /// Ends a job. Whoever holds the device's turn gives it back afterwards.
    pub(super) fn job_ended(
        &mut self,
        now: Time,
        id: &str,
        error: Option<String>,
        out: &mut Outbox,
    ) {
        self.job_ended_after(now, id, error, Vec::new(), out);
    }

    /// Ends a job whose last records are not on their way yet.
    fn job_ended_after(
        &mut self,
        now: Time,
        id: &str,
        error: Option<String>,
        records: Vec<Record>,
        out: &mut Outbox,
    ) {
        let Some(job) = self.jobs.remove(id) else { return };
        if let Some(deadline) = job.deadline {
            self.timers.cancel(deadline);
        }
        self.logins.remove(id);
        let failure = error.or(job.complaint.clone());
        let outcome = failure.map_or(Outcome::Done, Outcome::Failed);
        self.end(now, job, outcome, records, out);
    }

    /// Says and records, behind other records, how a job ended that nothing holds any more.
    pub(super) fn end(
        &mut self,
        now: Time,
        job: Job,
        outcome: Outcome,
        mut records: Vec<Record>,
        out: &mut Outbox,
    ) {
        done(now, &job, &outcome, out);
        if job.plan.action.changes() {
            self.gates.change_ends(now, &job.plan.job, self.config.limits.effects);
            records.extend(self.kept());
        }
        for follower in self.jobs.followers(&job.plan.job) {
            records.push(shared(now, &job, follower, &outcome, out));
        }
        let follows = self.step_ended(now, &job, &outcome, out);
        let Follows { records: steps, result, then } = follows;
        // In one batch: a kill between the two would leave the steps behind it undone.
        records.extend(steps);
        let Job { event, plan, note, .. } = job;
        let done = JobDone { event, job: plan.job, at: now, outcome, note, result };
        records.push(Record::JobDone(done));
        self.journal.persist(records, then, out);
    }

    pub(super) fn job_took_too_long(&mut self, now: Time, id: &str, out: &mut Outbox) {
        let Some(job) = self.jobs.get_mut(id) else { return };
        if self.journal.is_stopped() {
            // It is the disk that took too long: the job's time begins anew.
            let deadline = now + Duration::from_secs(JOB_SECS_MAX);
            job.deadline = Some(self.timers.set(deadline, Timer::Job(id.to_owned())));
            return;
        }
        let lane = job.lane.clone();
        job.trouble = Some(Trouble::Timeout);
        self.abandon(id, out);
        let error = format!("took longer than {JOB_SECS_MAX} s");
        self.job_ended(now, id, Some(error), out);
        self.jobs.free(&lane);
        self.next_turns(now, out);
    }
}

/// Ends a job that asked the same as one that has ended, and shares its answers.
fn shared(now: Time, leader: &Job, job: Job, outcome: &Outcome, out: &mut Outbox) -> Record {
    done(now, &job, outcome, out);
    let (by, event) = (&leader.plan.job, &leader.event);
    let note = format!("answered by {by} of {event}, which asked the same");
    let (outcome, note) = (outcome.clone(), Some(note));
    let (event, job) = (job.event, job.plan.job);
    Record::JobDone(JobDone { event, job, at: now, outcome, note, result: None })
}

/// Says how a job ended.
pub(super) fn done(now: Time, job: &Job, outcome: &Outcome, out: &mut Outbox) {
    let kind = Kind::JobDone {
        job: job.plan.job.clone(),
        event: job.event.clone(),
        action: job.plan.action.word().to_owned(),
        outcome: outcome.to_string(),
    };
    fact(now, job.plan.device.as_deref(), job.trace, kind, out);
}
