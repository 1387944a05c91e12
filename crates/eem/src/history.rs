//! The last events that started a policy, as `show event manager history events` lists them.

use std::collections::VecDeque;
use std::fmt;
use std::sync::Arc;

use simtime::{Duration, Time};

use crate::RunId;

/// How many events the history keeps unless `event manager history size events` says another.
pub const HISTORY_EVENTS_DEFAULT: usize = 10;
/// The most that it can be told to keep.
pub const HISTORY_EVENTS_MAX: usize = 50;

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
    /// How long it ran.
    pub took: Duration,
    /// `syslog`, `none`, ...
    pub event: &'static str,
    /// The applet.
    pub applet: Arc<str>,
}

/// The newest records, oldest first.
#[derive(Clone, Debug)]
pub(crate) struct History {
    records: VecDeque<Record>,
    size: usize,
}

impl Default for History {
    fn default() -> Self {
        History { records: VecDeque::new(), size: HISTORY_EVENTS_DEFAULT }
    }
}

impl History {
    pub(crate) fn push(&mut self, record: Record) {
        self.records.push_back(record);
        self.shorten();
    }

    /// Keeps so many from now on.
    pub(crate) fn resize(&mut self, size: usize) {
        self.size = size.min(HISTORY_EVENTS_MAX);
        self.shorten();
    }

    pub(crate) fn clear(&mut self) {
        self.records.clear();
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = &Record> {
        self.records.iter()
    }

    fn shorten(&mut self) {
        let excess = self.records.len().saturating_sub(self.size);
        self.records.drain(..excess);
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
