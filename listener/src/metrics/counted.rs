//! What is counted as it happens: facts, answers, commits.

use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use automation::{Config, Depths};
use fact::{Fact, Kind};
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::metrics::histogram::{Histogram, exponential_buckets};
use prometheus_client::metrics::info::Info;
use prometheus_client::registry::{Registry, Unit};
use simtime::Time;

use super::names::{DEVICES_MAX, NAMES_MAX, Names, OTHER};

/// Jobs of which it is remembered when their session was asked for, and stood.
const JOBS_REMEMBERED_MAX: usize = 10_000;

type Labels<const N: usize> = [(&'static str, String); N];
type Counters<const N: usize> = Family<Labels<N>, Counter>;
type Histograms<const N: usize> = Family<Labels<N>, Histogram, fn() -> Histogram>;

#[derive(Debug)]
pub(super) struct Counted {
    names: Mutex<Known>,
    jobs: Mutex<BTreeMap<String, Times>>,
    responses: Counters<1>,
    received: Counters<1>,
    normalized: Counters<1>,
    rejected: Counters<2>,
    lines_lost: Counters<1>,
    duplicates: Counter,
    journalled: Counter,
    decided: Counter,
    rules: Counters<2>,
    queued: Counters<1>,
    approvals: Counters<1>,
    attempts: Counters<1>,
    sessions: Counters<2>,
    breakers: Counters<1>,
    jobs_done: Counters<3>,
    logins: Histogram,
    held: Histogram,
    commands: Histograms<1>,
    commits: Histogram,
    waits: Family<Labels<1>, Gauge>,
    calls: Counters<2>,
    call_seconds: Histograms<1>,
    files: Counter,
    written: Counter,
    record_lines: Counters<1>,
    record_facts_lost: Counter,
}

/// The names that are labels.
#[derive(Debug)]
struct Known {
    sources: Names,
    rules: Names,
    apis: Names,
    devices: Names,
}

/// When a session of a job was asked for, and when it stood.
#[derive(Clone, Copy, Debug)]
struct Times {
    asked: Time,
    stood: Option<Time>,
}

/// Up to two minutes: a login has 15 s, a job 180 s, a command 60 s.
fn device_seconds() -> Histogram {
    Histogram::new(exponential_buckets(0.005, 2.0, 15))
}

/// From a quarter of a millisecond to eight seconds.
fn disk_seconds() -> Histogram {
    Histogram::new(exponential_buckets(0.000_25, 2.0, 16))
}

impl Counted {
    pub(super) fn new(registry: &mut Registry) -> Self {
        let build = Info::new([("version", env!("CARGO_PKG_VERSION"))]);
        registry.register("build", "Which listener this is", build);
        let known = Known {
            sources: Names::up_to(NAMES_MAX),
            rules: Names::up_to(NAMES_MAX),
            apis: Names::up_to(NAMES_MAX),
            devices: Names::up_to(DEVICES_MAX),
        };
        let histograms: Histograms<1> = Family::new_with_constructor(device_seconds);
        let counted = Counted {
            names: Mutex::new(known),
            jobs: Mutex::default(),
            responses: Family::default(),
            received: Family::default(),
            normalized: Family::default(),
            rejected: Family::default(),
            lines_lost: Family::default(),
            duplicates: Counter::default(),
            journalled: Counter::default(),
            decided: Counter::default(),
            rules: Family::default(),
            queued: Family::default(),
            approvals: Family::default(),
            attempts: Family::default(),
            sessions: Family::default(),
            breakers: Family::default(),
            jobs_done: Family::default(),
            logins: device_seconds(),
            held: device_seconds(),
            commands: histograms,
            commits: disk_seconds(),
            waits: Family::default(),
            calls: Family::default(),
            call_seconds: Family::new_with_constructor(device_seconds),
            files: Counter::default(),
            written: Counter::default(),
            record_lines: Family::default(),
            record_facts_lost: Counter::default(),
        };
        counted.register_intake(registry);
        counted.register_jobs(registry);
        counted
    }

    fn register_intake(&self, to: &mut Registry) {
        let responses = self.responses.clone();
        to.register("http_responses", "Requests that were answered, by status", responses);
        let received = self.received.clone();
        to.register("events_received", "Deliveries that were taken in, by source", received);
        let normalized = self.normalized.clone();
        let about = "Deliveries whose body was brought into JSON";
        to.register("events_normalized", about, normalized);
        let rejected = self.rejected.clone();
        let about = "Deliveries that were refused, by source and status";
        to.register("events_rejected", about, rejected);
        let about = "Lines of syslog for which there was no room, by source";
        to.register("syslog_lines_lost", about, self.lines_lost.clone());
        let about = "Deliveries that came again and started nothing";
        to.register("events_duplicate", about, self.duplicates.clone());
        let about = "Events that are on disk and were answered with a 2xx";
        to.register("events_journalled", about, self.journalled.clone());
        let about = "Events about which every rule was asked";
        to.register("events_decided", about, self.decided.clone());
        let about = "Verdicts of each rule: fired, held or skipped";
        to.register("rule_verdicts", about, self.rules.clone());
        let about = "From handing records over to their being on disk";
        let commits = self.commits.clone();
        to.register_with_unit("journal_commit", about, Unit::Seconds, commits);
        to.register("queue_depth", "How much waits, by queue", self.waits.clone());
    }

    fn register_jobs(&self, to: &mut Registry) {
        to.register("jobs_queued", "Jobs that were queued, by rule", self.queued.clone());
        let about = "Jobs that somebody answered, by what was said";
        to.register("jobs_answered", about, self.approvals.clone());
        let about = "Jobs that ended, by device, action and outcome";
        to.register("jobs_done", about, self.jobs_done.clone());
        to.register("attempts", "Tries of jobs, by device", self.attempts.clone());
        let about = "Sessions that were opened or failed, by device";
        to.register("sessions", about, self.sessions.clone());
        let about = "Credentials that a device refused, by device";
        to.register("breakers_opened", about, self.breakers.clone());
        let about = "From asking for a session to its standing";
        to.register_with_unit("session_login", about, Unit::Seconds, self.logins.clone());
        let about = "From a session's standing to the end of its try";
        to.register_with_unit("session_duration", about, Unit::Seconds, self.held.clone());
        let about = "From a command to its whole answer, by whether the device took it";
        to.register_with_unit("command_duration", about, Unit::Seconds, self.commands.clone());
        let about = "Requests to APIs, by API and status; error where there was no answer";
        to.register("api_calls", about, self.calls.clone());
        let about = "From a request to an API to the end of its answer";
        to.register_with_unit("api_call_duration", about, Unit::Seconds, self.call_seconds.clone());
        to.register("files_written", "Files that actions have written", self.files.clone());
        let lines = self.record_lines.clone();
        to.register("record_lines", "Lines of records, by whether they were written", lines);
        let about = "Facts that came too fast for the records";
        to.register("record_facts_lost", about, self.record_facts_lost.clone());
        let about = "What they have written";
        to.register_with_unit("files_written", about, Unit::Bytes, self.written.clone());
    }

    pub(super) fn know(&self, config: &Config) {
        let mut names = lock(&self.names);
        names.sources.know(config.paths());
        names.sources.know(config.collectors().map(|place| place.transport.source()));
        names.rules.know(config.rule_names());
        names.apis.know(config.api_names());
        names.devices.know(config.node_names());
    }

    pub(super) fn responded(&self, status: u16) {
        // The statuses of HTTP are few; no client chooses one of its own.
        self.responses.get_or_create(&[("status", status.to_string())]).inc();
    }

    pub(super) fn committed(&self, took: std::time::Duration) {
        self.commits.observe(took.as_secs_f64());
    }

    pub(super) fn recorded(&self, written: usize, lost: usize) {
        for (result, count) in [("written", written), ("lost", lost)] {
            let counter = self.record_lines.get_or_create(&[("result", result.to_owned())]);
            counter.inc_by(count as u64);
        }
    }

    pub(super) fn unrecorded(&self, facts: u64) {
        self.record_facts_lost.inc_by(facts);
    }

    pub(super) fn waits(&self, depths: Depths, deliveries: usize, lines: usize, batches: usize) {
        let Depths { undecided_events, waiting_jobs, queued_jobs, running_jobs, sessions } = depths;
        for (queue, depth) in [
            ("deliveries", deliveries),
            ("lines of syslog", lines),
            ("undecided events", undecided_events),
            ("journal batches", batches),
            ("jobs that wait for an approval", waiting_jobs),
            ("jobs that wait for their turn", queued_jobs),
            ("jobs that run", running_jobs),
            ("sessions", sessions),
        ] {
            let gauge = self.waits.get_or_create(&[("queue", queue.to_owned())]);
            gauge.set(i64::try_from(depth).unwrap_or(i64::MAX));
        }
    }

    pub(super) fn observe(&self, fact: &Fact) {
        let device = || match &fact.node {
            Some(node) => ("device", lock(&self.names).devices.label(node)),
            None => ("device", OTHER.to_owned()),
        };
        match &fact.kind {
            Kind::Connecting { job, .. } => {
                self.attempts.get_or_create(&[device()]).inc();
                self.asked(job, fact.at);
            }
            Kind::Connected { job, .. } => {
                self.sessions.get_or_create(&[device(), ("result", "opened".into())]).inc();
                self.stood(job, fact.at);
            }
            Kind::ConnectFailed { job, .. } => {
                self.sessions.get_or_create(&[device(), ("result", "failed".into())]).inc();
                self.ended(job, fact.at);
            }
            Kind::CommandDone { ok, took, .. } => {
                let seconds = std::time::Duration::from_micros(took.as_micros()).as_secs_f64();
                self.commands.get_or_create(&[("ok", ok.to_string())]).observe(seconds);
            }
            Kind::ApiCalled { api, status, took, .. } => {
                let api = lock(&self.names).apis.label(api);
                let status = status.map_or_else(|| "error".to_owned(), |status| status.to_string());
                let seconds = std::time::Duration::from_micros(took.as_micros()).as_secs_f64();
                self.call_seconds.get_or_create(&[("api", api.clone())]).observe(seconds);
                self.calls.get_or_create(&[("api", api), ("status", status)]).inc();
            }
            Kind::FileWritten { bytes, .. } => {
                self.files.inc();
                self.written.inc_by(*bytes);
            }
            Kind::BreakerOpened { .. } => drop(self.breakers.get_or_create(&[device()]).inc()),
            Kind::JobQueued { rule, .. } => {
                let rule = lock(&self.names).rules.label(rule);
                self.queued.get_or_create(&[("rule", rule)]).inc();
            }
            Kind::JobAnswered { consent, .. } => {
                self.approvals.get_or_create(&[("consent", consent.clone())]).inc();
            }
            Kind::JobDone { job, action, outcome, .. } => {
                self.ended(job, fact.at);
                let outcome = if outcome == "done" { "done" } else { "failed" };
                let labels = [device(), ("action", action.clone()), ("outcome", outcome.into())];
                self.jobs_done.get_or_create(&labels).inc();
            }
            kind => self.taken_in(kind),
        }
    }

    fn taken_in(&self, kind: &Kind) {
        let source = |path: &str| ("source", lock(&self.names).sources.label(path));
        match kind {
            Kind::Received { source: path, normalized_from, .. } => {
                self.received.get_or_create(&[source(path)]).inc();
                if normalized_from.is_some() {
                    self.normalized.get_or_create(&[source(path)]).inc();
                }
            }
            Kind::Rejected { source: path, status, .. } => {
                let labels = [source(path), ("status", status.to_string())];
                self.rejected.get_or_create(&labels).inc();
            }
            Kind::LinesLost { source: of, lines } => {
                self.lines_lost.get_or_create(&[source(of)]).inc_by(*lines);
            }
            Kind::Duplicate { .. } => drop(self.duplicates.inc()),
            Kind::Journalled { .. } => drop(self.journalled.inc()),
            Kind::Decided { .. } => drop(self.decided.inc()),
            Kind::RuleDecided { rule, matched, fired, .. } => {
                let verdict = match (matched, fired) {
                    (_, true) => "fired",
                    (true, false) => "held",
                    (false, false) => "skipped",
                };
                let rule = lock(&self.names).rules.label(rule);
                self.rules.get_or_create(&[("rule", rule), ("verdict", verdict.into())]).inc();
            }
            _ => {}
        }
    }

    fn asked(&self, job: &str, at: Time) {
        let mut jobs = lock(&self.jobs);
        if jobs.len() < JOBS_REMEMBERED_MAX || jobs.contains_key(job) {
            jobs.insert(job.to_owned(), Times { asked: at, stood: None });
        }
    }

    fn stood(&self, job: &str, at: Time) {
        if let Some(times) = lock(&self.jobs).get_mut(job) {
            times.stood = Some(at);
            self.logins.observe(seconds(at, times.asked));
        }
    }

    /// A try of a job is over, or the whole job.
    fn ended(&self, job: &str, at: Time) {
        let times = lock(&self.jobs).remove(job);
        if let Some(stood) = times.and_then(|times| times.stood) {
            self.held.observe(seconds(at, stood));
        }
    }
}

fn seconds(to: Time, from: Time) -> f64 {
    std::time::Duration::from_micros(to.since(from).as_micros()).as_secs_f64()
}

/// A thread that panicked inside has left what is whole: each change is one step.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
