//! Loops: facts folded into one record per event, from the fault to the last command's answer.
//!
//! Read by the demo's summary and JSON, and by the test that compares a live run with a virtual
//! one. Nothing is measured here: every time is that of the fact, taken where it happened.

use std::collections::{BTreeMap, BTreeSet};

use fact::{Fact, Kind, TraceId};
use indexmap::IndexMap;
use serde::Serialize;
use simtime::{Duration, Time};

/// Events whose fault is not known yet: people and other tools may post as well.
const STRANGERS_MAX: usize = 1_024;

/// The stages of a loop, in their order.
pub const STAGES: [&str; 9] = [
    "fault",
    "syslog",
    "applet",
    "webhook_sent",
    "received",
    "journalled",
    "rule_matched",
    "ssh_connected",
    "command_done",
];

/// One command that the listener ran, and what came back.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Command {
    /// The command as sent.
    pub command: String,
    /// What the device answered.
    pub output: String,
    /// Whether the device took it.
    pub ok: bool,
}

/// One loop: a fault, and what followed from it.
#[derive(Clone, Debug, Default)]
pub struct Loop {
    /// The listener's event, once there is one.
    pub event_id: Option<String>,
    /// The router on which the fault happened.
    pub device: String,
    /// The interface, from the webhook's body.
    pub interface: Option<String>,
    /// The event's name, from the listener.
    pub event: Option<String>,
    /// When each stage was first reached.
    pub reached: IndexMap<&'static str, Time>,
    /// What was run, in order.
    pub commands: Vec<Command>,
    /// How the job ended, once it has: `done`, or why not.
    pub outcome: Option<String>,
    /// Whether it was decided that nothing follows from the event.
    pub is_ignored: bool,
}

impl Loop {
    /// Each stage that was reached, in order, and the time since the fault.
    pub fn stages(&self) -> impl Iterator<Item = (&'static str, Duration)> {
        let fault = self.reached.get("fault").copied().unwrap_or_default();
        let times = STAGES.iter().filter_map(|stage| Some((*stage, *self.reached.get(stage)?)));
        times.map(move |(stage, at)| (stage, at.since(fault)))
    }

    /// The first stage that was not reached.
    pub fn missing(&self) -> Option<&'static str> {
        STAGES.into_iter().find(|stage| !self.reached.contains_key(stage))
    }

    /// Whether every command has come back and the job is over.
    pub fn is_closed(&self) -> bool {
        self.outcome.is_some() && self.missing().is_none()
    }

    /// Whether something is still to come: an event that no rule wants is a loop of its own kind.
    pub fn is_open(&self) -> bool {
        self.event_id.is_some() && !self.is_closed() && !self.is_ignored
    }

    fn reach(&mut self, stage: &'static str, at: Time) {
        self.reached.entry(stage).or_insert(at);
    }
}

/// The loops of one run, in the order in which their events came.
///
/// One fault may start several applets, and so several loops: each begins as a copy of what the
/// fault's device side had reached when the listener took its event in.
#[derive(Debug, Default)]
pub struct Loops {
    faults: IndexMap<TraceId, Fault>,
    by_event: IndexMap<String, Loop>,
    jobs: BTreeMap<String, String>,
    /// An emulated curl sends no trace header: its event's facts wait here until the answer that
    /// the router gets ties the event to the fault.
    strangers: BTreeMap<String, Vec<Fact>>,
    unanswered: BTreeSet<String>,
    /// Deliveries that the listener had seen before.
    pub duplicates: u64,
}

/// The device side of a fault.
#[derive(Debug, Default)]
struct Fault {
    so_far: Loop,
    last_syslog: Option<Time>,
    has_event: bool,
}

impl Loops {
    /// The loops so far, and the faults of which none came.
    pub fn iter(&self) -> impl Iterator<Item = &Loop> {
        let alone = self.faults.values().filter(|fault| !fault.has_event);
        self.by_event.values().chain(alone.map(|fault| &fault.so_far))
    }

    /// How many webhooks were sent and never accepted.
    pub fn lost(&self) -> usize {
        self.unanswered.len()
    }

    /// Takes one fact in.
    pub fn observe(&mut self, fact: &Fact) {
        self.count(&fact.kind);
        match fact.trace {
            Some(trace) if matches!(fact.kind, Kind::Fault { .. }) => self.begin(trace, fact),
            Some(trace) if self.faults.contains_key(&trace) => self.advance(trace, fact),
            _ => self.follow(fact),
        }
    }

    fn count(&mut self, kind: &Kind) {
        match kind {
            Kind::WebhookSent { delivery, .. } => {
                self.unanswered.insert(delivery.clone());
            }
            Kind::WebhookAnswered { delivery, status: Some(200..=299), .. } => {
                self.unanswered.remove(delivery);
            }
            Kind::Duplicate { .. } => self.duplicates += 1,
            _ => {}
        }
    }

    fn begin(&mut self, trace: TraceId, fact: &Fact) {
        let device = fact.node.as_deref().unwrap_or_default().to_owned();
        let mut so_far = Loop { device, ..Loop::default() };
        so_far.reach("fault", fact.at);
        self.faults.insert(trace, Fault { so_far, ..Fault::default() });
    }

    fn advance(&mut self, trace: TraceId, fact: &Fact) {
        if let Kind::WebhookAnswered { event: Some(event), .. } = &fact.kind {
            self.adopt(trace, event);
        }
        let fault = &mut self.faults[&trace];
        fault.observe(fact);
        if let Kind::Received { event, .. } = &fact.kind {
            self.by_event.insert(event.clone(), fault.start_loop(event));
        }
        self.follow(fact);
    }

    /// Adds a fact of the automation to its event's loop; one of an event whose fault is not known
    /// yet has to wait.
    fn follow(&mut self, fact: &Fact) {
        if let Kind::JobQueued { job, event, .. } = &fact.kind {
            self.jobs.insert(job.clone(), event.clone());
        }
        let of_job = |kind| job_of(kind).and_then(|job| self.jobs.get(job)).map(String::as_str);
        let Some(event) = event_of(&fact.kind).or_else(|| of_job(&fact.kind)) else {
            return;
        };
        if let Some(one) = self.by_event.get_mut(event) {
            one.observe(fact);
        } else if self.strangers.len() < STRANGERS_MAX {
            self.strangers.entry(event.to_owned()).or_default().push(fact.clone());
        }
    }

    /// A waiting event is this fault's.
    fn adopt(&mut self, trace: TraceId, event: &str) {
        let Some(facts) = self.strangers.remove(event) else {
            return;
        };
        let one = self.faults[&trace].start_loop(event);
        self.by_event.insert(event.to_owned(), one);
        facts.iter().for_each(|fact| self.follow(fact));
    }
}

impl Fault {
    /// The loop of an event that this fault led to.
    fn start_loop(&mut self, event: &str) -> Loop {
        self.has_event = true;
        Loop { event_id: Some(event.to_owned()), ..self.so_far.clone() }
    }

    fn observe(&mut self, fact: &Fact) {
        match &fact.kind {
            Kind::Syslog { .. } => {
                self.so_far.reach("syslog", fact.at);
                self.last_syslog = Some(fact.at);
            }
            Kind::AppletTriggered { .. } => {
                if let Some(at) = self.last_syslog {
                    self.so_far.reached.insert("syslog", at);
                }
                self.so_far.reached.insert("applet", fact.at);
            }
            Kind::WebhookSent { body, attempt: 1, .. } => {
                self.so_far.reached.insert("webhook_sent", fact.at);
                self.so_far.interface = interface_in(body);
            }
            _ => {}
        }
    }
}

impl Loop {
    fn observe(&mut self, fact: &Fact) {
        match &fact.kind {
            Kind::Received { .. } => self.reach("received", fact.at),
            Kind::Verified { name, .. } => self.event = Some(name.clone()),
            Kind::Journalled { .. } => self.reach("journalled", fact.at),
            Kind::RuleDecided { fired: true, .. } => self.reach("rule_matched", fact.at),
            Kind::Connected { .. } => self.reach("ssh_connected", fact.at),
            Kind::CommandDone { command, output, ok, .. } => {
                // The last command closes the loop, so a later one moves the stage.
                self.reached.insert("command_done", fact.at);
                let (command, output) = (command.clone(), output.clone());
                self.commands.push(Command { command, output, ok: *ok });
            }
            Kind::Decided { jobs: 0, .. } => self.is_ignored = true,
            Kind::JobDone { outcome, .. } => self.outcome = Some(outcome.clone()),
            _ => {}
        }
    }
}

fn event_of(kind: &Kind) -> Option<&str> {
    match kind {
        Kind::Received { event, .. }
        | Kind::Verified { event, .. }
        | Kind::Journalled { event }
        | Kind::RuleDecided { event, .. }
        | Kind::Decided { event, .. }
        | Kind::JobWaiting { event, .. }
        | Kind::JobAnswered { event, .. }
        | Kind::JobQueued { event, .. }
        | Kind::CommandDone { event, .. }
        | Kind::ApiCalled { event, .. }
        | Kind::FileWritten { event, .. }
        | Kind::JobDone { event, .. } => Some(event),
        _ => None,
    }
}

fn job_of(kind: &Kind) -> Option<&str> {
    match kind {
        Kind::BreakerOpened { job, .. }
        | Kind::Connecting { job, .. }
        | Kind::Connected { job, .. }
        | Kind::ConnectFailed { job, .. } => Some(job),
        _ => None,
    }
}

fn interface_in(body: &str) -> Option<String> {
    let body: serde_json::Value = serde_json::from_str(body).ok()?;
    Some(body.get("interface")?.as_str()?.to_owned())
}
