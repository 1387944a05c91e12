//! What the journal keeps: one record for each step of an event that must survive a crash.
//!
//! Made by the automation, written by a store in the order in which they come, and read back by
//! [`crate::story`] and after a restart. A record is never changed.

mod action;
mod method;
mod touched;

use serde::{Deserialize, Serialize};
use simtime::{Duration, Time};
use webhook::Event;

use crate::gate::Kept;

pub use action::{
    Action, BackupCall, Datastore, DefaultOperation, Edit, ErrorOption, HttpCall, LogCall,
    NetconfCall, RestconfCall, RestconfMethod, SaveCall, Select, TestOption, WithDefaults,
};
pub use method::{Method, MethodError};

/// One record.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "record", rename_all = "kebab-case")]
pub enum Record {
    /// An event was taken in. Durable before its 202.
    Accepted(Accepted),
    /// Every rule was asked about it, once. Durable before any of its jobs starts.
    Decided(Decided),
    /// The next step of a rule that has steps was decided. Durable before its jobs start.
    Stepped(Stepped),
    /// A window of a rule has closed, after the decision of the event that had opened it.
    Resolved(Resolved),
    /// What a gate remembers of one group; it replaces what it remembered before. Durable with the
    /// decision that changed it.
    Kept(Kept),
    /// Somebody approved or denied a job that waits for that. Durable before it runs.
    Approval(Approval),
    /// A job is about to be tried. Durable before the first byte is sent.
    Attempt(Attempt),
    /// A device answered one command.
    Command(Command),
    /// A try ended without answering all commands.
    AttemptFailed(AttemptFailed),
    /// A job ended.
    JobDone(JobDone),
}

/// See [`Record::Accepted`].
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Accepted {
    /// The event.
    pub event: Event,
    /// What was verified.
    pub verification: Verification,
    /// The sender's own id for the delivery.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub webhook_id: Option<String>,
    /// SHA-256 of the body, in hexadecimal.
    pub body_sha256: String,
}

/// Who sent a delivery, and how that was proved.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Verification {
    /// The credentials that held; empty when none was shown and the source allows that.
    pub methods: Vec<Method>,
    /// Whose they are: a node of the inventory or an entry of `[credentials]`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub credential: Option<Holder>,
}

/// Whose a credential is.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Holder {
    /// A node of the inventory: its events are about it.
    Node(String),
    /// An entry of `[credentials]` in listener.toml: a collector, a person.
    Entry(String),
}

/// See [`Record::Decided`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Decided {
    /// The event.
    pub event: String,
    /// When.
    #[serde(with = "webhook::stamp")]
    pub at: Time,
    /// What each rule said, in the order of the file.
    pub rules: Vec<RuleVerdict>,
    /// The jobs that follow.
    pub jobs: Vec<JobPlan>,
    /// The job of ours whose change caused the event.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub caused_by: Option<String>,
}

/// See [`Record::Stepped`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Stepped {
    /// The event.
    pub event: String,
    /// The rule.
    pub rule: String,
    /// When.
    #[serde(with = "webhook::stamp")]
    pub at: Time,
    /// The step whose jobs these are, from 0; behind the last one when it is over.
    pub index: usize,
    /// The results of steps that started no job: skipped, or refused.
    #[serde(default, skip_serializing_if = "serde_json::Map::is_empty")]
    pub results: serde_json::Map<String, serde_json::Value>,
    /// What became of each of them.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub actions: Vec<ActionVerdict>,
    /// The jobs that follow.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub jobs: Vec<JobPlan>,
}

/// See [`Record::Resolved`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Resolved {
    /// The event that had opened the window.
    pub event: String,
    /// When.
    #[serde(with = "webhook::stamp")]
    pub at: Time,
    /// What the rule says now.
    pub rule: RuleVerdict,
    /// The jobs that follow.
    pub jobs: Vec<JobPlan>,
}

/// What one rule said about one event.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RuleVerdict {
    /// The rule's name.
    pub rule: String,
    /// Whether its condition is true.
    pub matched: bool,
    /// Why, or why not.
    pub reason: String,
    /// Why it does not fire although its condition is true: a throttle, a window, a change of ours.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub held: Option<String>,
    /// Whether that is decided later, when the window that the event has opened closes.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub pending: bool,
    /// What became of each of its actions; empty when it did not match.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub actions: Vec<ActionVerdict>,
}

/// What became of one action of a rule that matched.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum ActionVerdict {
    /// It is this job.
    Job(String),
    /// Nothing is run, for this reason.
    Skipped(String),
}

/// One action on one device, with its event's values filled in: a repeat sends the same.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct JobPlan {
    /// Its id: `job_...`.
    pub job: String,
    /// The rule that asked for it.
    pub rule: String,
    /// The node in the inventory, or the host that a request names; nothing for what is done on
    /// no device.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub device: Option<String>,
    /// What to do there.
    pub action: Action,
    /// Whether somebody must approve it first.
    #[serde(default, skip_serializing_if = "Approve::is_auto")]
    pub approve: Approve,
    /// Its place among the steps of its rule, if that has steps.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub step: Option<StepPlace>,
    /// Whether it logs in as its request says, which is stored nowhere.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub own_login: bool,
}

/// Which of a rule's steps a job is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct StepPlace {
    /// From 0.
    pub index: usize,
    /// Under which name its result is known to the later ones.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub register: Option<String>,
    /// Which of the step's items it is for, from 0.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub item: Option<usize>,
}

impl JobPlan {
    /// Where it waits for its turn: its device, or what it is done with.
    pub(crate) fn lane(&self) -> String {
        self.device.clone().unwrap_or_else(|| self.action.lane())
    }
}

/// Whether a job runs by itself.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Approve {
    /// It does: it changes nothing, or its rule says so.
    #[default]
    Auto,
    /// It waits until somebody approves it.
    Ask,
}

/// See [`Record::Approval`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Approval {
    /// The event.
    pub event: String,
    /// The job.
    pub job: String,
    /// When.
    #[serde(with = "webhook::stamp")]
    pub at: Time,
    /// Who said so: the user of the control socket.
    pub by: String,
    /// What was said.
    pub consent: Consent,
}

/// What somebody says about a job that waits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Consent {
    /// Run it.
    Approved,
    /// Do not run it.
    Denied,
}

/// See [`Record::Attempt`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Attempt {
    /// The event.
    pub event: String,
    /// The job.
    pub job: String,
    /// 1 for the first try.
    pub attempt: u32,
    /// When.
    #[serde(with = "webhook::stamp")]
    pub at: Time,
    /// Whether an earlier try may have sent a command whose answer is not recorded, so that this
    /// one may repeat it.
    pub in_doubt: bool,
}

/// See [`Record::Command`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Command {
    /// The event.
    pub event: String,
    /// The job.
    pub job: String,
    /// Which try.
    pub attempt: u32,
    /// Its place among the job's commands, from 0.
    pub index: usize,
    /// The command as sent.
    pub command: String,
    /// What the device answered, without echo and prompt.
    pub output: String,
    /// The same as JSON, where the device answers with data and not with text.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub json: Option<serde_json::Value>,
    /// Whether the device took it: no `% ` error.
    pub ok: bool,
    /// When it was sent.
    #[serde(with = "webhook::stamp")]
    pub sent_at: Time,
    /// From sending the line to its prompt, in microseconds.
    #[serde(rename = "took_us")]
    pub took: Duration,
}

/// See [`Record::AttemptFailed`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AttemptFailed {
    /// The event.
    pub event: String,
    /// The job.
    pub job: String,
    /// Which try.
    pub attempt: u32,
    /// When.
    #[serde(with = "webhook::stamp")]
    pub at: Time,
    /// Why.
    pub error: String,
    /// Whether a command was sent whose answer did not come.
    pub sent: bool,
}

/// See [`Record::JobDone`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct JobDone {
    /// The event.
    pub event: String,
    /// The job.
    pub job: String,
    /// When.
    #[serde(with = "webhook::stamp")]
    pub at: Time,
    /// How.
    pub outcome: Outcome,
    /// What else there is to know about how it ended.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
    /// What it gave, for the steps behind it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub result: Option<serde_json::Value>,
}

/// How a job ended.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Outcome {
    /// Every command was answered and taken.
    Done,
    /// Why not.
    Failed(String),
}

impl Record {
    /// The id of the event to which it belongs.
    pub fn event(&self) -> &str {
        match self {
            Record::Accepted(accepted) => &accepted.event.id,
            Record::Decided(decided) => &decided.event,
            Record::Resolved(resolved) => &resolved.event,
            Record::Stepped(stepped) => &stepped.event,
            Record::Kept(kept) => &kept.event,
            Record::Approval(approval) => &approval.event,
            Record::Attempt(attempt) => &attempt.event,
            Record::Command(command) => &command.event,
            Record::AttemptFailed(failed) => &failed.event,
            Record::JobDone(done) => &done.event,
        }
    }
}

impl RuleVerdict {
    /// Whether its actions follow.
    pub fn fired(&self) -> bool {
        self.matched && self.held.is_none()
    }
}

impl Approve {
    /// The words of `approve` in listener.toml.
    pub(crate) const WORDS: [(&'static str, Approve); 2] =
        [("auto", Approve::Auto), ("ask", Approve::Ask)];

    fn is_auto(&self) -> bool {
        *self == Approve::Auto
    }
}

impl Consent {
    /// `approved` or `denied`.
    pub fn as_str(self) -> &'static str {
        match self {
            Consent::Approved => "approved",
            Consent::Denied => "denied",
        }
    }
}

/// `done`, or `failed: ` and why.
impl std::fmt::Display for Outcome {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Outcome::Done => f.write_str("done"),
            Outcome::Failed(why) => write!(f, "failed: {why}"),
        }
    }
}
