//! The whole story of one event, folded from its records: what `GET /api/v1/events/{id}` gives.
//!
//! Every store folds with [`fold`], so that all tell the same story. The names of the fields are
//! the API: changing one breaks clients. It never decides anything.

use serde::{Deserialize, Serialize};
use simtime::{Duration, Time};
use webhook::{DeviceFrom, Event};

use crate::record::{
    Action, Approve, Attempt, Consent, Outcome, Record, RuleVerdict, Verification,
};

/// All that is known of one event.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Story {
    /// How far it is.
    pub state: State,
    /// The event.
    pub event: Event,
    /// Who sent it, and how that was proved.
    pub verification: Verification,
    /// The sender's own id for the delivery.
    pub webhook_id: Option<String>,
    /// When the rules were asked; `null` while they were not.
    pub decided_at: Option<Stamp>,
    /// The job of ours whose change caused it; `null` when none did.
    #[serde(default)]
    pub caused_by: Option<String>,
    /// What each rule said, and why.
    pub rules: Vec<RuleVerdict>,
    /// The jobs that followed, in order.
    pub jobs: Vec<JobStory>,
    /// Why no job follows whatever the rules say; `null` when one may.
    pub note: Option<String>,
}

/// One job of an event.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct JobStory {
    /// Its id.
    pub job: String,
    /// The rule that asked for it.
    pub rule: String,
    /// The node; `null` for what is done on none.
    pub device: Option<String>,
    /// What it does there: `{"show": [...]}`.
    pub action: Action,
    /// `waiting`, `queued`, `running`, `done` or `failed`.
    pub state: JobState,
    /// Who approved or denied it; `null` when nobody did.
    pub approval: Option<ApprovalStory>,
    /// Why it failed.
    pub error: Option<String>,
    /// What else there is to know about how it ended.
    pub note: Option<String>,
    /// When it ended.
    pub ended_at: Option<Stamp>,
    /// Its tries, in order.
    pub attempts: Vec<AttemptStory>,
}

/// What somebody said about a job that waited.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ApprovalStory {
    /// `approved` or `denied`.
    pub consent: Consent,
    /// Who: the user of the control socket.
    pub by: String,
    /// When.
    #[serde(with = "webhook::stamp")]
    pub at: Time,
}

/// One try of a job.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AttemptStory {
    /// 1 for the first.
    pub attempt: u32,
    /// When it began.
    #[serde(with = "webhook::stamp")]
    pub started_at: Time,
    /// Whether it may repeat a command that an earlier try sent.
    pub in_doubt: bool,
    /// Why it ended early.
    pub error: Option<String>,
    /// The commands that the device answered.
    pub commands: Vec<CommandStory>,
}

/// One command and its answer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CommandStory {
    /// As sent.
    pub command: String,
    /// Without echo and prompt.
    pub output: String,
    /// The same as JSON, where the device answered with data; absent otherwise.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub json: Option<serde_json::Value>,
    /// Whether the device took it.
    pub ok: bool,
    /// When it was sent.
    #[serde(with = "webhook::stamp")]
    pub sent_at: Time,
    /// Until the prompt came back, in microseconds.
    #[serde(rename = "took_us")]
    pub took: Duration,
}

/// An instant that prints as RFC 3339.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Stamp(#[serde(with = "webhook::stamp")] pub Time);

/// How far an event is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum State {
    /// On disk, not decided.
    Accepted,
    /// Decided, and at least one job waits for an approval, or a rule for its window to close; all
    /// else has ended.
    Waiting,
    /// Decided, and at least one job is queued or running.
    Running,
    /// Every job that followed ended well, or none followed.
    Done,
    /// At least one job failed, and all have ended.
    Failed,
}

/// How far a job is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum JobState {
    /// Waits for an approval.
    Waiting,
    /// Never tried.
    Queued,
    /// Tried, not ended.
    Running,
    /// Ended well.
    Done,
    /// Ended otherwise.
    Failed,
}

/// One row of `GET /api/v1/events`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Summary {
    /// The event's id.
    pub id: String,
    /// When it was taken in.
    #[serde(with = "webhook::stamp")]
    pub received_at: Time,
    /// The source's path.
    pub source: String,
    /// What happened.
    pub name: String,
    /// The node, if it is known.
    pub device: Option<String>,
    /// How the node was found.
    pub device_from: DeviceFrom,
    /// How far it is.
    pub state: State,
    /// How many jobs followed.
    pub jobs: usize,
}

/// Folds the records of one event; `None` without its [`Record::Accepted`].
pub fn fold<'a>(records: impl IntoIterator<Item = &'a Record>) -> Option<Story> {
    let mut story: Option<Story> = None;
    for record in records {
        match (record, story.as_mut()) {
            (Record::Accepted(accepted), None) => {
                story = Some(Story {
                    state: State::Accepted,
                    note: note(&accepted.event),
                    event: accepted.event.clone(),
                    verification: accepted.verification.clone(),
                    webhook_id: accepted.webhook_id.clone(),
                    decided_at: None,
                    caused_by: None,
                    rules: Vec::new(),
                    jobs: Vec::new(),
                });
            }
            // A journal starts an event with its acceptance; what comes before that is torn.
            (_, None) | (Record::Accepted(_), Some(_)) => {}
            (record, Some(story)) => story.add(record),
        }
    }
    story.map(Story::with_state)
}

impl Story {
    /// The row that stands for it in a list.
    pub fn summary(&self) -> Summary {
        Summary {
            id: self.event.id.clone(),
            received_at: self.event.received_at,
            source: self.event.source.clone(),
            name: self.event.name.clone(),
            device: self.event.device.clone(),
            device_from: self.event.device_from,
            state: self.state,
            jobs: self.jobs.len(),
        }
    }

    /// The commands that devices answered, over all jobs and tries, in order.
    pub fn commands(&self) -> impl Iterator<Item = (&JobStory, &CommandStory)> {
        let attempts = self.jobs.iter().flat_map(|job| job.attempts.iter().map(move |a| (job, a)));
        attempts.flat_map(|(job, attempt)| attempt.commands.iter().map(move |c| (job, c)))
    }

    fn add(&mut self, record: &Record) {
        match record {
            Record::Accepted(_) => {}
            Record::Decided(decided) => {
                self.decided_at = Some(Stamp(decided.at));
                self.caused_by.clone_from(&decided.caused_by);
                self.rules.clone_from(&decided.rules);
                self.jobs = decided.jobs.iter().map(JobStory::new).collect();
            }
            Record::Resolved(resolved) => {
                let mut rules = self.rules.iter_mut();
                let found = rules.find(|rule| rule.pending && rule.rule == resolved.rule.rule);
                if let Some(rule) = found {
                    rule.clone_from(&resolved.rule);
                    self.jobs.extend(resolved.jobs.iter().map(JobStory::new));
                }
            }
            Record::Stepped(stepped) => {
                let mut rules = self.rules.iter_mut();
                if let Some(rule) = rules.find(|rule| rule.rule == stepped.rule) {
                    rule.actions.extend(stepped.actions.iter().cloned());
                }
                self.jobs.extend(stepped.jobs.iter().map(JobStory::new));
            }
            Record::Kept(_) => {}
            Record::Approval(approval) => {
                if let Some(job) = self.job(&approval.job) {
                    let (consent, by, at) = (approval.consent, approval.by.clone(), approval.at);
                    job.approval = Some(ApprovalStory { consent, by, at });
                    if consent == Consent::Approved {
                        job.state = JobState::Queued;
                    }
                }
            }
            Record::Attempt(attempt) => {
                if let Some(job) = self.job(&attempt.job) {
                    job.state = JobState::Running;
                    job.attempts.push(AttemptStory::new(attempt));
                }
            }
            Record::Command(command) => {
                if let Some(attempt) = self.attempt(&command.job, command.attempt) {
                    attempt.commands.push(CommandStory {
                        command: command.command.clone(),
                        output: command.output.clone(),
                        json: command.json.clone(),
                        ok: command.ok,
                        sent_at: command.sent_at,
                        took: command.took,
                    });
                }
            }
            Record::AttemptFailed(failed) => {
                if let Some(attempt) = self.attempt(&failed.job, failed.attempt) {
                    attempt.error = Some(failed.error.clone());
                }
            }
            Record::JobDone(done) => {
                if let Some(job) = self.job(&done.job) {
                    job.ended_at = Some(Stamp(done.at));
                    job.note.clone_from(&done.note);
                    (job.state, job.error) = match &done.outcome {
                        Outcome::Done => (JobState::Done, None),
                        Outcome::Failed(why) => (JobState::Failed, Some(why.clone())),
                    };
                }
            }
        }
    }

    fn job(&mut self, job: &str) -> Option<&mut JobStory> {
        self.jobs.iter_mut().find(|story| story.job == job)
    }

    fn attempt(&mut self, job: &str, attempt: u32) -> Option<&mut AttemptStory> {
        self.job(job)?.attempts.iter_mut().find(|story| story.attempt == attempt)
    }

    fn with_state(mut self) -> Self {
        let any = |state: JobState| self.jobs.iter().any(|job| job.state == state);
        self.state = if self.decided_at.is_none() {
            State::Accepted
        } else if any(JobState::Queued) || any(JobState::Running) {
            State::Running
        } else if any(JobState::Waiting) || self.rules.iter().any(|rule| rule.pending) {
            State::Waiting
        } else if any(JobState::Failed) {
            State::Failed
        } else {
            State::Done
        };
        self
    }
}

impl JobStory {
    fn new(plan: &crate::record::JobPlan) -> Self {
        JobStory {
            job: plan.job.clone(),
            rule: plan.rule.clone(),
            device: plan.device.clone(),
            action: plan.action.clone(),
            state: match plan.approve {
                Approve::Auto => JobState::Queued,
                Approve::Ask => JobState::Waiting,
            },
            approval: None,
            error: None,
            note: None,
            ended_at: None,
            attempts: Vec::new(),
        }
    }
}

impl AttemptStory {
    fn new(attempt: &Attempt) -> Self {
        AttemptStory {
            attempt: attempt.attempt,
            started_at: attempt.at,
            in_doubt: attempt.in_doubt,
            error: None,
            commands: Vec::new(),
        }
    }
}

impl JobState {
    /// The word in JSON.
    pub fn as_str(self) -> &'static str {
        match self {
            JobState::Waiting => "waiting",
            JobState::Queued => "queued",
            JobState::Running => "running",
            JobState::Done => "done",
            JobState::Failed => "failed",
        }
    }

    /// Whether it waits for an approval.
    pub fn is_waiting(self) -> bool {
        self == JobState::Waiting
    }

    /// Whether nothing more comes of it.
    pub fn is_final(self) -> bool {
        matches!(self, JobState::Done | JobState::Failed)
    }
}

impl State {
    /// Every state, in the order in which an event goes through them.
    pub const ALL: [State; 5] =
        [State::Accepted, State::Waiting, State::Running, State::Done, State::Failed];

    /// The word in JSON and in `?state=`.
    pub fn as_str(self) -> &'static str {
        match self {
            State::Accepted => "accepted",
            State::Waiting => "waiting",
            State::Running => "running",
            State::Done => "done",
            State::Failed => "failed",
        }
    }

    /// Whether nothing more will happen to the event.
    pub fn is_finished(self) -> bool {
        match self {
            State::Accepted | State::Waiting | State::Running => false,
            State::Done | State::Failed => true,
        }
    }

    /// The state that a word names.
    pub fn from_word(word: &str) -> Option<Self> {
        State::ALL.into_iter().find(|state| state.as_str() == word)
    }
}

fn note(event: &Event) -> Option<String> {
    let unknown = event.device_from == DeviceFrom::Unknown;
    unknown.then(|| "unknown device: stored, starts no job".to_owned())
}
