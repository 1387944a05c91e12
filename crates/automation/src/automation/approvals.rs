//! Approvals: a job that changes a device waits until somebody says yes.
//!
//! What is said is durable before the job runs. A job that waits holds no turn, so the others of
//! its device go on.

use fact::Kind;
use simtime::{Duration, Time};

use super::steps::Follows;
use super::turns::done;
use super::{Automation, PERSIST_RETRY_MS, Timer, fact};
use crate::io::{Outbox, Output};
use crate::job::{APPROVAL_HOURS_MAX, Job};
use crate::journal::{Ask, Then};
use crate::record::{Approval, Approve, Consent, JobDone, Outcome, Record};

impl Automation {
    /// A job whose decision is durable: it queues, or waits for its approval.
    pub(super) fn admit(&mut self, now: Time, job: Job, out: &mut Outbox) {
        match job.plan.approve {
            Approve::Auto => self.queue(now, job, out),
            Approve::Ask => self.wait(now, job, out),
        }
    }

    fn wait(&mut self, now: Time, job: Job, out: &mut Outbox) {
        let id = job.plan.job.clone();
        let kind = Kind::JobWaiting {
            job: id.clone(),
            event: job.event.clone(),
            rule: job.plan.rule.clone(),
        };
        fact(now, job.plan.device.as_deref(), job.trace, kind, out);
        let expires = job.decided_at + Duration::from_secs(APPROVAL_HOURS_MAX * 3_600);
        let timer = self.timers.set(expires.max(now), Timer::Approval(id));
        self.waiting.hold(job, timer);
    }

    /// Somebody answers a job. It is told so once that is durable.
    pub(super) fn asked(&mut self, now: Time, ask: Ask, out: &mut Outbox) {
        let Some(job) = self.waiting.open(&ask.job) else {
            let answer = Err(self.why_not(&ask.job));
            return out.0.push(Output::Answer { ask: ask.ask, answer });
        };
        if self.journal.is_stopped() {
            let answer = Err("the journal cannot be written".to_owned());
            return out.0.push(Output::Answer { ask: ask.ask, answer });
        }
        let (event, job) = (job.event.clone(), ask.job.clone());
        let (by, consent) = (ask.by.clone(), ask.consent);
        let approval = Approval { event: event.clone(), job: job.clone(), at: now, by, consent };
        let mut records = vec![Record::Approval(approval)];
        if consent == Consent::Denied {
            let outcome = Outcome::Failed(denied_by(&ask.by));
            let ended =
                JobDone { event, job: job.clone(), at: now, outcome, note: None, result: None };
            records.push(Record::JobDone(ended));
        }
        self.waiting.set_answered(&job, true);
        self.journal.persist(records, Then::Consent(Box::new(ask)), out);
    }

    /// The answer is durable: now, and not before, it takes effect.
    pub(super) fn consented(&mut self, now: Time, ask: Ask, out: &mut Outbox) {
        let Ask { ask, job, consent, by } = ask;
        let Some((mut job, expires)) = self.waiting.take(&job) else { return };
        self.timers.cancel(expires);
        let kind = Kind::JobAnswered {
            job: job.plan.job.clone(),
            event: job.event.clone(),
            by: by.clone(),
            consent: consent.as_str().to_owned(),
        };
        fact(now, job.plan.device.as_deref(), job.trace, kind, out);
        out.0.push(Output::Answer { ask, answer: Ok(()) });
        match consent {
            Consent::Approved => {
                job.approved = Some((by, now));
                self.queue(now, job, out);
                self.next_turns(now, out);
            }
            Consent::Denied => {
                let outcome = Outcome::Failed(denied_by(&by));
                done(now, &job, &outcome, out);
                let Follows { records, then, .. } = self.step_ended(now, &job, &outcome, out);
                if !records.is_empty() {
                    self.journal.persist(records, then, out);
                }
            }
        }
    }

    /// The answer is not on disk: the job waits as before.
    pub(super) fn not_consented(&mut self, ask: &Ask, reason: &str, out: &mut Outbox) {
        self.waiting.set_answered(&ask.job, false);
        let answer = Err(format!("the journal cannot be written: {reason}"));
        out.0.push(Output::Answer { ask: ask.ask, answer });
    }

    /// A job has waited for as long as it may.
    pub(super) fn not_approved(&mut self, now: Time, id: &str, out: &mut Outbox) {
        if self.waiting.has(id) && self.waiting.open(id).is_none() {
            // An answer is on its way to the disk; it counts if it gets there.
            let again = now + Duration::from_millis(PERSIST_RETRY_MS);
            let timer = self.timers.set(again, Timer::Approval(id.to_owned()));
            return self.waiting.set_expiry(id, timer);
        }
        let Some((job, _)) = self.waiting.take(id) else { return };
        let why = format!("nobody approved it within {APPROVAL_HOURS_MAX} h");
        self.end(now, job, Outcome::Failed(why), Vec::new(), out);
    }

    fn why_not(&self, job: &str) -> String {
        if self.waiting.has(job) {
            return format!("`{job}` is being answered at this moment");
        }
        match self.jobs.get(job).map(|job| &job.approved) {
            Some(Some((by, at))) => format!("`{job}` was approved already, by {by} at {at}"),
            Some(None) => format!("`{job}` needs no approval"),
            None => format!("no job `{job}` waits for an approval: it has ended, or never was"),
        }
    }
}

pub(super) fn denied_by(by: &str) -> String {
    format!("denied by {by}")
}
