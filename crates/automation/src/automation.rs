//! The automation: one value that takes inputs and gives outputs.
//!
//! Owned by the listener's live loop or by the virtual run's queue, one at a time. Each of its
//! inputs is one method of a file below; what they share is here.

mod approvals;
mod breaker;
mod depths;
mod errands;
mod intake;
mod lines;
mod recovery;
mod reload;
mod replies;
mod requests;
mod sessions;
mod steps;
mod turns;
mod variables;
mod windows;

use std::collections::BTreeMap;

use fact::{Fact, Kind, TraceId};
use simtime::{Duration, Rng, Time, Timers};

use crate::config::Config;
use crate::gate::Gates;
use crate::io::{Input, Login, Outbox, Output, PersistId, SessionId};
use crate::job::{Jobs, Waiting};
use crate::journal::{Ask, Batch, Journal, Then};
use crate::receive::{Rates, Seen};
use crate::redaction::clean;
use crate::upstream::Upstreams;

pub use depths::Depths;

use breaker::Breakers;
use errands::Errand;
use intake::Intake;
use replies::AwaitedReplies;
use sessions::Session;
use steps::Sequences;
use variables::Variables;
use windows::Windows;

/// How long to wait before batches that failed are written again, in milliseconds.
const PERSIST_RETRY_MS: u64 = 1_000;

/// Receives, verifies, decides and acts.
#[derive(Debug)]
pub struct Automation {
    config: Config,
    ids: Rng,
    jitter: Rng,
    seen: Seen,
    rates: Rates,
    intake: Intake,
    journal: Journal,
    jobs: Jobs,
    waiting: Waiting,
    gates: Gates,
    windows: Windows,
    breakers: Breakers,
    sessions: BTreeMap<SessionId, Session>,
    errands: BTreeMap<SessionId, Errand>,
    next_session: u64,
    sequences: Sequences,
    variables: Variables,
    awaited: AwaitedReplies,
    /// Requests as they were sent, until their steps begin: for logins alone, by event.
    requests: BTreeMap<String, serde_json::Value>,
    /// How jobs log in whose request says so, by job.
    logins: BTreeMap<String, Box<Login>>,
    timers: Timers<Timer>,
    /// Whether no further job is begun.
    stopping: bool,
}

/// What a deadline is for.
#[derive(Clone, Debug)]
enum Timer {
    /// Write again what failed.
    Persist,
    /// Try a job again.
    Retry(String),
    /// Nobody approved a job.
    Approval(String),
    /// A job has taken too long.
    Job(String),
    /// The driver of a session waits for something.
    Driver(SessionId),
    /// A session that said `exit` is still there.
    Leave(SessionId),
    /// A window of a rule closes.
    Window,
    /// Somebody has waited long enough for the result of an event.
    Reply(String),
}

impl Automation {
    /// An automation that has seen nothing. `rng` gives ids and jitter: a process that starts on
    /// an old journal needs another seed than the one before, or ids would repeat.
    pub fn new(config: Config, rng: Rng) -> Self {
        let jobs = Jobs::new(config.limits);
        Automation {
            config,
            ids: rng.child("ids"),
            jitter: rng.child("jitter"),
            seen: Seen::default(),
            rates: Rates::default(),
            intake: Intake::default(),
            journal: Journal::default(),
            jobs,
            waiting: Waiting::default(),
            gates: Gates::default(),
            windows: Windows::default(),
            breakers: Breakers::default(),
            sessions: BTreeMap::new(),
            errands: BTreeMap::new(),
            next_session: 0,
            sequences: Sequences::new(),
            variables: Variables::default(),
            awaited: AwaitedReplies::new(),
            requests: BTreeMap::new(),
            logins: BTreeMap::new(),
            timers: Timers::default(),
            stopping: false,
        }
    }

    /// Where the APIs are that [`Output::Http`] asks.
    pub fn upstreams(&self) -> &Upstreams {
        self.config.upstreams()
    }

    /// When [`Input::Deadline`] is due.
    pub fn next_deadline(&self) -> Option<Time> {
        self.timers.next_deadline()
    }

    /// Takes one input. What a session says after it was closed, from either side, is ignored.
    /// No output tells a secret that the configuration knows or that looks like one.
    pub fn handle(&mut self, now: Time, input: Input<'_>, out: &mut Outbox) {
        let before = out.0.len();
        self.take(now, input, out);
        out.0[before..].iter_mut().for_each(|output| clean(&self.config.redactor, output));
    }

    fn take(&mut self, now: Time, input: Input<'_>, out: &mut Outbox) {
        match input {
            Input::Recovered(records) => self.recovered(now, &records, out),
            Input::Delivery(delivery) => self.delivered(now, &delivery, out),
            Input::Line(line) => self.heard(now, &line, out),
            Input::Persisted(persist) => self.persisted(now, persist, out),
            Input::PersistFailed { persist, reason } => {
                self.persist_failed(now, persist, reason, out);
            }
            Input::Approval { ask, job, consent, by } => {
                let (job, by) = (job.to_owned(), by.to_owned());
                self.asked(now, Ask { ask, job, consent, by }, out);
            }
            Input::SessionOpened(session) => self.session_opened(now, session, out),
            Input::SessionFailed { session, failure } => {
                self.session_failed(now, session, &failure, false, out);
            }
            Input::SessionBytes { session, bytes } => self.session_bytes(now, session, bytes, out),
            Input::SessionClosed(session) => self.session_closed(now, session, out),
            Input::RestconfAnswered { session, response } => {
                self.request_answered(now, session, response, out);
            }
            Input::RestconfFailed { session, failure, sent } => {
                self.session_failed(now, session, &failure, sent, out);
            }
            Input::HttpAnswered { session, response } => {
                self.http_answered(now, session, response, out);
            }
            Input::HttpFailed { session, failure, sent } => {
                self.http_failed(now, session, &failure, sent, out);
            }
            Input::Written { session, written } => self.written(now, session, written, out),
            Input::Deadline => self.deadlines(now, out),
            Input::Reload(config) => self.reload(*config),
            Input::Stop => self.stopping = true,
        }
    }

    fn deadlines(&mut self, now: Time, out: &mut Outbox) {
        while let Some((_, timer)) = self.timers.pop_due(now) {
            match timer {
                Timer::Persist => self.journal.resume(out),
                Timer::Retry(job) => {
                    self.jobs.release(&job);
                    self.next_turns(now, out);
                }
                Timer::Approval(job) => self.not_approved(now, &job, out),
                Timer::Job(job) => self.job_took_too_long(now, &job, out),
                Timer::Driver(session) => self.driver_deadline(now, session, out),
                Timer::Leave(session) => self.left(now, session, out),
                Timer::Window => self.windows_due(now, out),
                Timer::Reply(event) => self.reply_is_due(&event, out),
            }
        }
    }

    fn persisted(&mut self, now: Time, persist: PersistId, out: &mut Outbox) {
        let batch = self.journal.durable(persist, out);
        self.pause_if_failed(now, out);
        let Some(Batch { then, .. }) = batch else { return };
        match then {
            Then::Decide(acceptance) => self.durable(now, *acceptance, out),
            Then::Queue { event, jobs, bytes } => {
                self.intake.decided(bytes);
                let kind = Kind::Decided { event: event.id.clone(), jobs: jobs.len() };
                fact(now, event.device.as_deref(), intake::trace(&event), kind, out);
                for job in jobs {
                    self.admit(now, job, out);
                }
                self.next_turns(now, out);
            }
            Then::Admit(jobs) => {
                for job in jobs {
                    self.admit(now, job, out);
                }
                self.next_turns(now, out);
            }
            Then::Consent(ask) => self.consented(now, *ask, out),
            Then::Open(job) => self.open(now, &job, out),
            Then::Nothing => {}
        }
    }

    fn persist_failed(&mut self, now: Time, persist: PersistId, reason: &str, out: &mut Outbox) {
        for then in self.journal.failed(persist) {
            match then {
                Then::Decide(acceptance) => self.not_durable(now, &acceptance, reason, out),
                Then::Consent(ask) => self.not_consented(&ask, reason, out),
                Then::Queue { .. } | Then::Admit(_) | Then::Open(_) | Then::Nothing => {}
            }
        }
        self.pause_if_failed(now, out);
    }

    fn pause_if_failed(&mut self, now: Time, out: &mut Outbox) {
        if self.journal.must_pause(out) {
            self.timers.set(now + Duration::from_millis(PERSIST_RETRY_MS), Timer::Persist);
        }
    }
}

/// Says that something happened.
fn fact(now: Time, device: Option<&str>, trace: Option<TraceId>, kind: Kind, out: &mut Outbox) {
    let node = device.map(Into::into);
    out.0.push(Output::Fact(Fact { at: now, node, trace, kind }));
}

#[cfg(test)]
#[path = "automation/api_tests.rs"]
mod api_tests;
#[cfg(test)]
#[path = "automation/change_tests.rs"]
mod change_tests;
#[cfg(test)]
#[path = "automation/errand_tests.rs"]
mod errand_tests;
#[cfg(test)]
#[path = "automation/gate_tests.rs"]
mod gate_tests;
#[cfg(test)]
#[path = "automation/loop_tests.rs"]
mod loop_tests;
#[cfg(test)]
#[path = "automation/repeat_tests.rs"]
mod repeat_tests;
#[cfg(test)]
#[path = "automation/step_tests.rs"]
mod step_tests;
#[cfg(test)]
#[path = "automation/tests.rs"]
mod tests;
