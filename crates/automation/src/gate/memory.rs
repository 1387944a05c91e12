//! What a gate remembers of one group, as it lies in the journal.
//!
//! Written in the same batch as the decision that it followed from, and read back at the start. It
//! is bounded: one small value for each rule and group, the newest of which replaces the others.

use serde::{Deserialize, Serialize};
use simtime::Time;

/// The memory of one group after an event: a record that replaces the one before it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Kept {
    /// What for.
    pub keeper: Keeper,
    /// The rule; empty for a change of our own.
    pub rule: String,
    /// The values that keep the group apart, or the job that changes a device.
    pub group: String,
    /// The event that changed it last.
    pub event: String,
    /// What is remembered; `None`: it is forgotten.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub memory: Option<Memory>,
}

/// What a memory is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Keeper {
    /// What a job of ours changes on a device.
    Change,
    /// Throttle, dampening, cool-down.
    Gate,
    /// A variable that a step set.
    Variable,
    /// Which conditions of a window were met.
    Window,
}

impl Keeper {
    /// The word in the journal; the words sort as their keepers do.
    pub fn as_str(self) -> &'static str {
        match self {
            Keeper::Change => "change",
            Keeper::Gate => "gate",
            Keeper::Variable => "variable",
            Keeper::Window => "window",
        }
    }
}

/// What is remembered of one group.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Memory {
    /// When each condition of a window was last met.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub met: Vec<Option<Time>>,
    /// The window that is open.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub open: Option<Opened>,
    /// The penalty of its flaps.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub penalty: Option<Penalty>,
    /// When the rule last fired.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fired: Option<Time>,
    /// What a job of ours changes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub change: Option<Change>,
    /// The value of a variable.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub value: Option<serde_json::Value>,
}

/// A window that is open.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Opened {
    /// The event that opened it.
    pub event: String,
    /// Since when.
    pub since: Time,
    /// How many events it has seen.
    pub count: u32,
    /// When it closes and something follows; `None` when nothing does.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub closes: Option<Time>,
}

/// A penalty, in thousandths, as it was at an instant.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Penalty {
    /// How much.
    pub milli: u64,
    /// When.
    pub at: Time,
    /// Whether the rule is quiet.
    pub suppressed: bool,
}

/// What a job of ours changes on a device, and when.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Change {
    /// The node.
    pub device: String,
    /// The lines.
    pub lines: Vec<String>,
    /// The fault behind the event that it answers.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub trace: Option<String>,
    /// When its first line could be sent.
    pub since: Time,
    /// Until when its effects can arrive; `None` while it goes on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until: Option<Time>,
}

impl Memory {
    /// The last instant that it tells of.
    pub(super) fn newest(&self) -> Option<Time> {
        let met = self.met.iter().copied().flatten();
        let open = self.open.as_ref().map(|open| open.closes.unwrap_or(open.since));
        let change = self.change.as_ref().map(|change| change.until.unwrap_or(change.since));
        let rest = [open, self.penalty.map(|penalty| penalty.at), self.fired, change];
        met.chain(rest.into_iter().flatten()).max()
    }
}
