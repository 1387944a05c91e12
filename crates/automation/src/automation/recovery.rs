//! A restart: what the journal holds is known again, what was not finished goes on.

use std::collections::BTreeMap;

use simtime::Time;
use webhook::Event;

use super::Automation;
use super::intake::trace;
use crate::io::Outbox;
use crate::job::Job;
use crate::receive::Fingerprint;
use crate::record::Record;

/// What is not finished, in the order of the journal.
#[derive(Debug, Default)]
struct Unfinished {
    /// Accepted and not decided.
    undecided: Vec<Event>,
    /// The place of each event's trace.
    traces: BTreeMap<String, Option<fact::TraceId>>,
    /// Decided and not ended.
    jobs: Vec<Job>,
    places: BTreeMap<String, usize>,
    ended: Vec<bool>,
}

impl Automation {
    /// Each event is decided once: one whose decision is on disk is not asked about again.
    pub(super) fn recovered(&mut self, now: Time, records: &[Record], out: &mut Outbox) {
        let mut unfinished = Unfinished::default();
        for record in records {
            if let Record::Accepted(accepted) = record {
                self.seen.remember(&Fingerprint::of(accepted), &accepted.event.id);
            }
            unfinished.read(record);
        }
        let Unfinished { undecided, jobs, ended, .. } = unfinished;
        for (job, ended) in jobs.into_iter().zip(ended) {
            if !ended {
                self.queue(now, job, out);
            }
        }
        for event in undecided {
            self.intake.accepted(0);
            self.decide(now, &event, 0, out);
        }
        self.next_turns(now, out);
    }
}

impl Unfinished {
    fn read(&mut self, record: &Record) {
        match record {
            Record::Accepted(accepted) => {
                self.traces.insert(accepted.event.id.clone(), trace(&accepted.event));
                self.undecided.push(accepted.event.clone());
            }
            Record::Decided(decided) => {
                self.undecided.retain(|event| event.id != decided.event);
                let trace = self.traces.get(&decided.event).copied().flatten();
                for plan in &decided.jobs {
                    self.places.insert(plan.job.clone(), self.jobs.len());
                    self.jobs.push(Job::new(plan.clone(), &decided.event, trace));
                    self.ended.push(false);
                }
            }
            // A try without an end may have sent its next command when the process was killed.
            Record::Attempt(attempt) => self.job(&attempt.job, |job| {
                job.attempt = attempt.attempt;
                job.in_doubt = true;
            }),
            Record::Command(command) => self.job(&command.job, |job| {
                job.next = job.next.max(command.index + 1);
                if !command.ok && job.complaint.is_none() {
                    job.complaint = Some(format!("the device refused `{}`", command.command));
                }
            }),
            Record::AttemptFailed(failed) => {
                self.job(&failed.job, |job| job.in_doubt = failed.sent);
            }
            Record::JobDone(done) => {
                if let Some(place) = self.places.get(&done.job) {
                    self.ended[*place] = true;
                }
            }
        }
    }

    fn job(&mut self, id: &str, change: impl FnOnce(&mut Job)) {
        let place = self.places.get(id).copied();
        place.and_then(|place| self.jobs.get_mut(place)).map(change);
    }
}
