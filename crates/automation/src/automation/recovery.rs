//! A restart: what the journal holds is known again, what was not finished goes on.

use std::collections::BTreeMap;

use simtime::Time;
use webhook::Event;

use super::Automation;
use super::approvals::denied_by;
use super::intake::trace;
use crate::gate::Keeper;
use crate::io::Outbox;
use crate::job::{Heard, Job};
use crate::receive::Fingerprint;
use crate::record::{Action, Approve, Command, Consent, JobPlan, Outcome, Record};
use crate::session::{complaint, configuration_complaint};

/// What is not finished, in the order of the journal.
#[derive(Debug, Default)]
struct Unfinished {
    /// Accepted and not decided.
    undecided: Vec<Event>,
    /// The place of each event's trace.
    traces: BTreeMap<String, Option<fact::TraceId>>,
    /// Decided, in the order of the decisions.
    jobs: Vec<Found>,
    places: BTreeMap<String, usize>,
    /// Those that steps can be under way for.
    events: BTreeMap<String, Event>,
    /// Decided but for a window that they have opened.
    pending: BTreeMap<String, Event>,
}

/// A job that the journal tells of.
#[derive(Debug)]
struct Found {
    job: Job,
    /// Whether its next command may have been sent before the last try began.
    doubted: bool,
    /// Who denied it.
    denied: Option<String>,
    ended: bool,
}

impl Automation {
    /// Each event is decided once: one whose decision is on disk is not asked about again.
    pub(super) fn recovered(&mut self, now: Time, records: &[Record], out: &mut Outbox) {
        let mut unfinished = Unfinished::default();
        for record in records {
            if let Record::Accepted(accepted) = record {
                let fingerprint = Fingerprint::of(accepted, &self.config);
                self.seen.remember(&fingerprint, &accepted.event.id);
            }
            if let Record::Kept(kept) = record {
                let rule = self.config.rules.iter().find(|rule| rule.name == kept.rule);
                match kept.keeper {
                    Keeper::Variable => self.variables.recover(kept),
                    Keeper::Change | Keeper::Gate | Keeper::Window => {
                        self.gates.recover(kept, rule.map(|rule| &rule.policy));
                    }
                }
            }
            unfinished.read(record);
        }
        let Unfinished { undecided, jobs, pending, events, .. } = unfinished;
        self.recover_windows(pending);
        self.recover_sequences(records, &events);
        for found in jobs.into_iter().filter(|found| !found.ended) {
            self.go_on(now, found, out);
        }
        for event in undecided {
            self.intake.accepted(0);
            self.decide(now, &event, 0, out);
        }
        self.resume_steps(now, out);
        self.watch_windows(now);
        self.next_turns(now, out);
    }

    fn recover_sequences(&mut self, records: &[Record], events: &BTreeMap<String, Event>) {
        let mut plans: BTreeMap<&str, &JobPlan> = BTreeMap::new();
        for record in records {
            match record {
                Record::Stepped(stepped) => {
                    plans.extend(stepped.jobs.iter().map(|plan| (plan.job.as_str(), plan)));
                    if let Some(event) = events.get(&stepped.event) {
                        self.recover_steps(event.clone(), stepped);
                    }
                }
                Record::JobDone(done) => {
                    if let Some(plan) = plans.get(done.job.as_str()) {
                        self.recover_result(plan, &done.event, done.result.as_ref());
                    }
                }
                _ => {}
            }
        }
    }
}

impl Automation {
    fn go_on(&mut self, now: Time, found: Found, out: &mut Outbox) {
        let Found { job, denied, .. } = found;
        if let Some(by) = denied {
            let outcome = Outcome::Failed(denied_by(&by));
            self.end(now, job, outcome, Vec::new(), out);
        } else if job.approved.is_some() || job.plan.approve == Approve::Auto {
            self.queue(now, job, out);
        } else {
            self.waiting.reserve_again(&job.lane);
            self.admit(now, job, out);
        }
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
                let place = self.undecided.iter().position(|event| event.id == decided.event);
                let event = place.map(|place| self.undecided.remove(place));
                if let Some(event) = &event {
                    self.events.insert(event.id.clone(), event.clone());
                }
                if let Some(event) = event.filter(|_| decided.rules.iter().any(|rule| rule.pending))
                {
                    self.pending.insert(event.id.clone(), event);
                }
                self.plan(&decided.event, decided.at, &decided.jobs);
            }
            Record::Resolved(resolved) => {
                self.plan(&resolved.event, resolved.at, &resolved.jobs);
            }
            Record::Stepped(stepped) => self.plan(&stepped.event, stepped.at, &stepped.jobs),
            Record::Kept(_) => {}
            Record::Approval(approval) => self.job(&approval.job, |found| {
                let by = approval.by.clone();
                match approval.consent {
                    Consent::Approved => found.job.approved = Some((by, approval.at)),
                    Consent::Denied => found.denied = Some(by),
                }
            }),
            // A try without an end may have sent its next command when the process was killed.
            Record::Attempt(attempt) => self.job(&attempt.job, |found| {
                found.doubted = attempt.in_doubt;
                found.job.attempt = attempt.attempt;
                found.job.in_doubt = true;
                found.job.begin();
            }),
            Record::Command(command) => self.job(&command.job, |found| {
                // What only looks, behind the places of the lines, leaves the doubt as it was.
                if command.index < found.job.plan.action.commands().len() {
                    found.doubted = found.job.plan.action.changes();
                }
                let words = match found.job.plan.action {
                    Action::Show(_) => complaint(&command.output),
                    Action::Configure(_) => configuration_complaint(&command.output),
                    Action::Backup(_) => complaint(&command.output),
                    Action::Netconf(_)
                    | Action::Restconf(_)
                    | Action::Http(_)
                    | Action::Save(_)
                    | Action::Log(_) => command.output.lines().next(),
                };
                let words = (!command.ok).then(|| words.unwrap_or_default());
                found.job.answered(command.index, &command.command, words);
                let Command { command: sent, output, json, ok, took, index, .. } = command.clone();
                found.job.hear(index, Heard { command: sent, output, json, ok, took });
                // The try has no end yet, and the next command may have been sent.
                found.job.in_doubt = true;
            }),
            // One that ended before it sent anything leaves the doubt of those before it. It counts
            // as a try; one that was killed does not, or an action might never run.
            Record::AttemptFailed(failed) => self.job(&failed.job, |found| {
                found.job.tries += 1;
                found.job.in_doubt = found.doubted || failed.sent;
            }),
            Record::JobDone(done) => self.job(&done.job, |found| found.ended = true),
        }
    }

    fn plan(&mut self, event: &str, at: Time, plans: &[JobPlan]) {
        let trace = self.traces.get(event).copied().flatten();
        for plan in plans {
            self.places.insert(plan.job.clone(), self.jobs.len());
            let job = Job::new(plan.clone(), event, trace, at);
            self.jobs.push(Found { job, doubted: false, denied: None, ended: false });
        }
    }

    fn job(&mut self, id: &str, change: impl FnOnce(&mut Found)) {
        let place = self.places.get(id).copied();
        place.and_then(|place| self.jobs.get_mut(place)).map(change);
    }
}
