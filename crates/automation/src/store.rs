//! Where records are kept: the trait, and the model store that every other is held against.
//!
//! The listener's rusqlite journal and the virtual run's [`MemoryStore`] implement [`Store`]; the
//! automation itself never calls one, it asks with `Output::Persist`.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use simtime::Time;

use crate::gate::{Keeper, Kept};
use crate::record::{Accepted, Decided, Record};
use crate::story::{State, Story, Summary, fold};

/// The most rows that one page has.
pub const PAGE_ROWS_MAX: usize = 1_000;
/// The rows of a page whose query does not say.
pub const PAGE_ROWS_DEFAULT: usize = 50;

/// How long a delivery may be repeated with a signature that still holds, in seconds, with room to
/// spare: events of this time before the newest one are not removed for want of room, and a restart
/// remembers them.
pub const REPLAY_SECS: u64 = 900;
/// Finished events that a restart remembers, however old they are.
pub const REMEMBERED: usize = 10_000;
/// Finished events that a restart remembers at most: as many as there can be fresh signed ids. Each
/// takes about a kilobyte of memory while it starts.
pub const REMEMBERED_MAX: usize = 524_288;

/// A journal of records.
pub trait Store {
    /// Puts records on disk, in order, all or none. Durable once it returns.
    fn append(&mut self, records: &[Record]) -> Result<(), StoreError>;

    /// The records to start from. First what the gates remember, the last [`Record::Kept`] of each
    /// group in the order of keeper, rule and group; then, in the order in which they were written:
    /// of every event that is
    /// not finished all, and of finished ones what tells that something repeats them
    /// ([`remembered`]). Of those the newest [`REMEMBERED`], and all that were received within
    /// [`REPLAY_SECS`] before the newest event, up to [`REMEMBERED_MAX`].
    fn recover(&mut self) -> Result<Vec<Record>, StoreError>;

    /// Removes finished events that were received before `before`, oldest first and each whole,
    /// until `records_max` records are gone; all or none. Returns how many events went.
    fn trim(&mut self, before: Time, records_max: usize) -> Result<usize, StoreError>;

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

/// What is remembered of a finished event: that it was accepted, from whom and as which bytes, and
/// that it is decided. Without its data and what followed, so that a start has a bound.
pub fn remembered(mut accepted: Accepted) -> [Record; 2] {
    accepted.event.data = serde_json::Map::new();
    let event = accepted.event.id.clone();
    let at = accepted.event.received_at;
    let decided = Decided { event, at, rules: Vec::new(), jobs: Vec::new(), caused_by: None };
    [Record::Accepted(accepted), Record::Decided(decided)]
}

/// The instant from which on events are within [`REPLAY_SECS`] before the newest one.
pub fn replay_from(newest: Time) -> Time {
    Time::from_micros(newest.as_micros().saturating_sub(REPLAY_SECS * 1_000_000))
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
            // What a gate remembers is no part of an event's story, and stays when that goes.
            if !matches!(record, Record::Kept(_)) {
                let rows = self.by_event.entry(record.event().to_owned()).or_default();
                rows.push(self.records.len());
            }
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

    /// The acceptances, oldest first, and where each lies.
    fn accepted(&self) -> impl DoubleEndedIterator<Item = (usize, &Accepted)> {
        self.durable().iter().enumerate().filter_map(|(row, record)| match record {
            Record::Accepted(accepted) => Some((row, accepted)),
            Record::Decided(_)
            | Record::Stepped(_)
            | Record::Resolved(_)
            | Record::Kept(_)
            | Record::Approval(_)
            | Record::Attempt(_)
            | Record::Command(_)
            | Record::AttemptFailed(_)
            | Record::JobDone(_) => None,
        })
    }

    fn newest_first(&self) -> impl Iterator<Item = &str> {
        self.accepted().rev().map(|(_, accepted)| accepted.event.id.as_str())
    }

    fn is_finished(&self, id: &str) -> bool {
        self.fold(id).is_some_and(|story| story.state.is_finished())
    }

    /// The rows of the finished events that a restart remembers.
    fn remembered_rows(&self) -> Vec<usize> {
        let newest = self.accepted().next_back().map(|(_, accepted)| accepted.event.received_at);
        let Some(newest) = newest else { return Vec::new() };
        let finished = self.accepted().rev().filter(|(_, a)| self.is_finished(&a.event.id));
        let wanted = finished.take(REMEMBERED_MAX).enumerate().filter(|(place, (_, accepted))| {
            *place < REMEMBERED || accepted.event.received_at >= replay_from(newest)
        });
        wanted.map(|(_, (row, _))| row).collect()
    }

    /// What the gates remember, by these records.
    fn kept(records: &[Record]) -> impl Iterator<Item = Kept> + use<> {
        let mut groups: BTreeMap<(Keeper, String, String), Kept> = BTreeMap::new();
        for record in records {
            if let Record::Kept(kept) = record {
                let group = (kept.keeper, kept.rule.clone(), kept.group.clone());
                match kept.memory {
                    Some(_) => groups.insert(group, kept.clone()),
                    None => groups.remove(&group),
                };
            }
        }
        groups.into_values()
    }

    fn remove(&mut self, gone: &[String]) {
        let mut written = std::mem::take(&mut self.records);
        let undurable = written.split_off(self.durable);
        let kept: Vec<Record> = Self::kept(&written).map(Record::Kept).collect();
        written.retain(|record| {
            !matches!(record, Record::Kept(_)) && !gone.iter().any(|id| id == record.event())
        });
        *self = MemoryStore::default();
        self.write(&kept);
        self.write(&written);
        self.sync();
        self.write(&undurable);
    }
}

impl Store for MemoryStore {
    fn append(&mut self, records: &[Record]) -> Result<(), StoreError> {
        self.write(records);
        self.sync();
        Ok(())
    }

    fn recover(&mut self) -> Result<Vec<Record>, StoreError> {
        let rows = self.remembered_rows();
        let mut recovered: Vec<Record> = Self::kept(self.durable()).map(Record::Kept).collect();
        for (row, record) in self.durable().iter().enumerate() {
            match record {
                Record::Kept(_) => {}
                Record::Accepted(accepted) if rows.contains(&row) => {
                    recovered.extend(remembered(accepted.clone()));
                }
                record if !self.is_finished(record.event()) => recovered.push(record.clone()),
                _ => {}
            }
        }
        Ok(recovered)
    }

    fn trim(&mut self, before: Time, records_max: usize) -> Result<usize, StoreError> {
        let old = self.accepted().filter(|(_, accepted)| {
            accepted.event.received_at < before && self.is_finished(&accepted.event.id)
        });
        let mut old: Vec<(Time, usize, String)> =
            old.map(|(row, a)| (a.event.received_at, row, a.event.id.clone())).collect();
        old.sort();
        let (mut gone, mut records) = (Vec::new(), 0);
        for (_, _, id) in old {
            if records >= records_max {
                break;
            }
            records += self.by_event.get(&id).map_or(0, Vec::len);
            gone.push(id);
        }
        self.remove(&gone);
        Ok(gone.len())
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
