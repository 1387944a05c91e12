//! The last events that started a policy, as `show event manager history events` lists them.

use std::collections::VecDeque;
use std::fmt;
use std::sync::Arc;

use simtime::Time;

use crate::RunId;

/// How many events the history keeps: the default of `event manager history size events`.
pub const HISTORY_EVENTS_MAX: usize = 10;

/// How a run ended. What `exit` gave does not matter here, as on IOS.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Status {
    /// It came to its end or to an `exit`.
    Success,
    /// An action failed, or `maxrun` expired.
    Abort,
}

/// One event that started a run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Record {
    /// The run.
    pub run: RunId,
    /// How it ended.
    pub status: Status,
    /// When the event was published.
    pub published: Time,
    /// `syslog`, `none`, ...
    pub event: &'static str,
    /// The applet.
    pub applet: Arc<str>,
}

/// The newest records, oldest first.
#[derive(Clone, Debug, Default)]
pub(crate) struct History(VecDeque<Record>);

impl History {
    pub(crate) fn push(&mut self, record: Record) {
        if self.0.len() == HISTORY_EVENTS_MAX {
            self.0.pop_front();
        }
        self.0.push_back(record);
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = &Record> {
        self.0.iter()
    }
}

impl fmt::Display for Status {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Status::Success => "success",
            Status::Abort => "abort",
        })
    }
}
