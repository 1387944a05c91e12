//! Where records are kept: the trait, and the model store that every other is held against.
//!
//! The listener's rusqlite journal and the virtual run's [`MemoryStore`] implement [`Store`]; the
//! automation itself never calls one, it asks with `Output::Persist`.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::record::Record;
use crate::story::{State, Story, Summary, fold};

/// The most rows that one page has.
pub const PAGE_ROWS_MAX: usize = 1_000;
/// The rows of a page whose query does not say.
pub const PAGE_ROWS_DEFAULT: usize = 50;

/// A journal of records.
pub trait Store {
    /// Puts records on disk, in order, all or none. Durable once it returns.
    fn append(&mut self, records: &[Record]) -> Result<(), StoreError>;

    /// The records to start from, in the order in which they were written: of each event all or
    /// none, of every event that is not finished all, and as many finished ones as the store
    /// keeps for telling duplicates.
    fn recover(&mut self) -> Result<Vec<Record>, StoreError>;

    /// A page of events, newest first.
    fn page(&self, query: &Query) -> Result<Page, StoreError>;

    /// The story of one event; `None` when there is no such event.
    fn story(&self, id: &str) -> Result<Option<Story>, StoreError>;
}

/// Why a store could not do what it was asked.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The records are not on disk.
    #[error("cannot write to the journal")]
    Append(#[source] Box<dyn std::error::Error + Send + Sync>),
    /// The journal cannot be read.
    #[error("cannot read the journal")]
    Read(#[source] Box<dyn std::error::Error + Send + Sync>),
    /// A record is not what it should be.
    #[error("the journal's record {row} is damaged")]
    Damaged {
        /// Its place in the journal, from 1.
        row: u64,
        /// What is wrong with it.
        #[source]
        source: Box<dyn std::error::Error + Send + Sync>,
    },
}

/// Which events a page shows: the parameters of `GET /api/v1/events`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Query {
    /// How many; [`PAGE_ROWS_DEFAULT`] if absent, at most [`PAGE_ROWS_MAX`].
    pub limit: Option<usize>,
    /// Only events older than this one: the `next` of the page before.
    pub after: Option<String>,
    /// Only events of this node.
    pub device: Option<String>,
    /// Only events of this name.
    pub name: Option<String>,
    /// Only events that are this far.
    pub state: Option<State>,
}

/// A page of events, newest first.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Page {
    /// The rows.
    pub events: Vec<Summary>,
    /// What to ask for as `after` to get the next page; `null` on the last one.
    pub next: Option<String>,
}

impl Query {
    /// Whether a row is asked for, its place in the order aside.
    pub fn matches(&self, row: &Summary) -> bool {
        let device = self.device.as_ref().is_none_or(|device| row.device.as_ref() == Some(device));
        let name = self.name.as_ref().is_none_or(|name| row.name == *name);
        device && name && self.state.is_none_or(|state| row.state == state)
    }

    /// How many rows the page has at most.
    pub fn rows(&self) -> usize {
        self.limit.unwrap_or(PAGE_ROWS_DEFAULT).clamp(1, PAGE_ROWS_MAX)
    }
}

/// The model: records in memory, of which a prefix is durable.
///
/// [`Store::append`] writes and syncs. A test that wants to die in between calls
/// [`MemoryStore::write`] and [`MemoryStore::crash`] itself.
#[derive(Clone, Debug, Default)]
pub struct MemoryStore {
    records: Vec<Record>,
    durable: usize,
    by_event: BTreeMap<String, Vec<usize>>,
}

impl MemoryStore {
    /// Takes records in without making them durable.
    pub fn write(&mut self, records: &[Record]) {
        for record in records {
            let rows = self.by_event.entry(record.event().to_owned()).or_default();
            rows.push(self.records.len());
            self.records.push(record.clone());
        }
    }

    /// Makes durable what was written.
    pub fn sync(&mut self) {
        self.durable = self.records.len();
    }

    /// Loses what was written and not synced, as a machine that loses power does.
    pub fn crash(&mut self) {
        self.records.truncate(self.durable);
        let durable = self.durable;
        self.by_event.retain(|_, rows| {
            rows.retain(|&row| row < durable);
            !rows.is_empty()
        });
    }

    /// The records that a crash leaves.
    pub fn durable(&self) -> &[Record] {
        &self.records[..self.durable]
    }

    fn fold(&self, id: &str) -> Option<Story> {
        let rows = self.by_event.get(id)?;
        fold(rows.iter().filter(|&&row| row < self.durable).map(|&row| &self.records[row]))
    }

    fn newest_first(&self) -> impl Iterator<Item = &str> {
        self.durable().iter().rev().filter_map(|record| match record {
            Record::Accepted(accepted) => Some(accepted.event.id.as_str()),
            Record::Decided(_)
            | Record::Approval(_)
            | Record::Attempt(_)
            | Record::Command(_)
            | Record::AttemptFailed(_)
            | Record::JobDone(_) => None,
        })
    }
}

impl Store for MemoryStore {
    fn append(&mut self, records: &[Record]) -> Result<(), StoreError> {
        self.write(records);
        self.sync();
        Ok(())
    }

    fn recover(&mut self) -> Result<Vec<Record>, StoreError> {
        Ok(self.durable().to_vec())
    }

    fn page(&self, query: &Query) -> Result<Page, StoreError> {
        let mut ids = self.newest_first();
        if let Some(after) = &query.after {
            ids.by_ref().find(|id| id == after);
        }
        let rows = ids.filter_map(|id| self.fold(id)).map(|story| story.summary());
        let mut events: Vec<Summary> =
            rows.filter(|row| query.matches(row)).take(query.rows() + 1).collect();
        let more = events.len() > query.rows();
        events.truncate(query.rows());
        let next = events.last().filter(|_| more).map(|row| row.id.clone());
        Ok(Page { events, next })
    }

    fn story(&self, id: &str) -> Result<Option<Story>, StoreError> {
        Ok(self.fold(id))
    }
}
