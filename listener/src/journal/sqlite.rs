//! The store of [`automation::store`] over SQLite.
//!
//! One of these writes, owned by the writer's thread; others read. It folds with the automation's
//! own `fold`, so that it tells the story that the model store tells.

use std::collections::BTreeMap;
use std::path::Path;
use std::time::Duration;

use automation::Kept;
use automation::record::Record;
use automation::store::{
    Page, Query, REMEMBERED, REMEMBERED_MAX, Store, StoreError, remembered, replay_from,
};
use automation::story::{Story, Summary, fold};
use rusqlite::types::Value;
use rusqlite::{Connection, OpenFlags, OptionalExtension as _, Row, Transaction, params};
use simtime::Time;
use tracing::debug;

use super::hold::{Place, make};
use super::{JournalError, schema};

/// Pages that are given back to the file system at a time.
const FREED_PAGES: i64 = 1_024;

/// How long a reader may hold up the end of a journal, in milliseconds.
const FOLD_MS_MAX: u64 = 500;

/// How much room a disk that has refused records must have before it is believed again. More than
/// the records of one event take, with the pages of the indexes that they touch.
const PROBE_BYTES: usize = 64 << 10;

/// Events whose records are kept in memory until they are finished, and records of each of them.
const OPEN_EVENTS_MAX: usize = 4_096;
const OPEN_RECORDS_MAX: usize = 64;
/// A larger body is read back instead, in bytes.
const OPEN_EVENT_BYTES_MAX: u64 = 16 << 10;

type Failure = Box<dyn std::error::Error + Send + Sync>;

/// A journal's file.
#[derive(Debug)]
pub struct SqliteStore {
    pub(super) connection: Connection,
    /// `None` for a store that only reads.
    place: Option<Place>,
    open: OpenEvents,
}

/// The records of events that are not finished, as this store has written them: what is refreshed
/// is then not read back from the file. Only what is durable, or about to be.
#[derive(Debug, Default)]
struct OpenEvents(BTreeMap<String, Vec<Record>>);

impl OpenEvents {
    /// All records of an event, if its first one was written by this store and it was not finished
    /// since; with these at their end.
    fn with<'a>(&'a mut self, event: &str, new: &[&Record]) -> Option<&'a [Record]> {
        let begins = matches!(new.first(), Some(Record::Accepted(accepted))
            if accepted.event.bytes <= OPEN_EVENT_BYTES_MAX);
        if begins && self.0.len() < OPEN_EVENTS_MAX {
            self.0.entry(event.to_owned()).or_default();
        }
        if self.0.get(event)?.len() + new.len() > OPEN_RECORDS_MAX {
            self.0.remove(event);
        }
        let records = self.0.get_mut(event)?;
        records.extend(new.iter().map(|record| (*record).clone()));
        Some(records)
    }
}

impl SqliteStore {
    /// Opens or makes the file, to write. The caller holds the lock.
    pub fn open(path: &Path) -> Result<Self, JournalError> {
        drop(make(path)?);
        let failed = |error| JournalError::sqlite(path, error);
        let mut connection = Connection::open(path).map_err(failed)?;
        let ours = schema::prepare(&mut connection).map_err(failed)?;
        ours.map_err(|unusable| JournalError::unusable(path, unusable))?;
        let place = Place::of(path);
        let place = place.map_err(|source| JournalError::Write(path.to_owned(), source))?;
        Ok(SqliteStore { connection, place: Some(place), open: OpenEvents::default() })
    }

    /// Opens an existing file, to read.
    pub fn open_read_only(path: &Path) -> Result<Self, JournalError> {
        let failed = |error| JournalError::sqlite(path, error);
        let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let connection = Connection::open_with_flags(path, flags).map_err(failed)?;
        let ours = schema::prepare_reader(&connection).map_err(failed)?;
        ours.map_err(|unusable| JournalError::unusable(path, unusable))?;
        Ok(SqliteStore { connection, place: None, open: OpenEvents::default() })
    }

    /// Whether the disk would take records: writes [`PROBE_BYTES`] durably and takes them back. One
    /// page would not do: it may fit where the records that were refused did not.
    pub(super) fn probe(&mut self) -> Result<(), StoreError> {
        let forget = "DROP TABLE IF EXISTS probe";
        self.write(|transaction| {
            // A process that was killed in between has left the table.
            let fill = format!("CREATE TABLE probe AS SELECT zeroblob({PROBE_BYTES}) AS room");
            Ok(transaction.execute_batch(&format!("{forget}; {fill}"))?)
        })?;
        // In one commit the pages would be free before they were written.
        self.write(|transaction| Ok(transaction.execute_batch(forget)?))
    }

    /// How many bytes are in use; what was removed is used again.
    pub(super) fn used_bytes(&self) -> Result<u64, StoreError> {
        let pragma = |name| schema::pragma(&self.connection, name).map_err(read_failed);
        let pages = pragma("page_count")? - pragma("freelist_count")?;
        Ok(u64::try_from(pages * pragma("page_size")?).unwrap_or_default())
    }

    /// Gives some of the pages that are free back to the file system. Says whether there are more.
    pub(super) fn shrink(&mut self) -> Result<bool, StoreError> {
        let free = |store: &Self| schema::pragma(&store.connection, "freelist_count");
        let before = free(self).map_err(read_failed)?;
        if before < FREED_PAGES {
            return Ok(false);
        }
        self.write(|transaction| {
            let vacuum = format!("PRAGMA incremental_vacuum({FREED_PAGES})");
            let mut statement = transaction.prepare(&vacuum)?;
            let mut rows = statement.query([])?;
            while rows.next()?.is_some() {}
            Ok(())
        })?;
        // A file of schema 1 cannot be made smaller; its pages are used again.
        let after = free(self).map_err(read_failed)?;
        Ok(after < before && after >= FREED_PAGES)
    }

    /// At the end: moves the log into the file, so that it stands alone and has its size, also
    /// when somebody who only reads closes it last. What cannot be moved now stays in the log.
    pub(super) fn fold_log(&self) {
        let wait = Duration::from_millis(FOLD_MS_MAX);
        let fold = || -> rusqlite::Result<()> {
            self.connection.busy_timeout(wait)?;
            self.connection.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(()))
        };
        if let Err(error) = fold() {
            debug!(%error, "the journal's log stays beside it");
        }
    }

    /// When the newest event was received.
    pub(super) fn newest(&self) -> Result<Option<Time>, StoreError> {
        let newest = "SELECT received_at FROM events ORDER BY row DESC LIMIT 1";
        let found = self.connection.query_row(newest, [], |row| row.get::<_, i64>(0)).optional();
        let at = |micros| Time::from_micros(u64::try_from(micros).unwrap_or_default());
        Ok(found.map_err(read_failed)?.map(at))
    }

    /// All or nothing, synced, and into the file that can be found again under its name.
    fn write<T>(
        &mut self,
        change: impl FnOnce(&Transaction<'_>) -> Result<T, Failure>,
    ) -> Result<T, StoreError> {
        let place = self.place.as_ref();
        let in_place = || place.map_or(Ok(()), Place::check);
        let write = || -> Result<T, Failure> {
            in_place()?;
            let transaction = self.connection.transaction()?;
            let changed = change(&transaction)?;
            transaction.commit()?;
            in_place()?;
            Ok(changed)
        };
        write().map_err(StoreError::Append)
    }

    /// The row below which a page begins; `None` when `after` names no event.
    fn below(&self, query: &Query) -> Result<Option<i64>, StoreError> {
        let Some(after) = &query.after else { return Ok(Some(i64::MAX)) };
        let row = "SELECT row FROM events WHERE id = ?1";
        let found = self.connection.query_row(row, [after], |row| row.get(0)).optional();
        found.map_err(read_failed)
    }

    /// What tells the repeats of finished events, each with its row.
    fn remembered(&self) -> Result<Vec<(i64, Record)>, StoreError> {
        let Some(newest) = self.newest()? else { return Ok(Vec::new()) };
        let finished = "SELECT row, record FROM records WHERE row IN (
                SELECT row FROM (
                    SELECT row FROM events NOT INDEXED WHERE finished = 1
                    ORDER BY row DESC LIMIT ?2
                ) UNION SELECT row FROM (
                    SELECT row FROM events WHERE finished = 1 AND received_at >= ?3
                    ORDER BY row DESC LIMIT ?1
                )
            )";
        let number = |count: usize| Value::from(i64::try_from(count).unwrap_or(i64::MAX));
        let from = i64::try_from(replay_from(newest).as_micros()).unwrap_or(i64::MAX);
        let values = [number(REMEMBERED_MAX), number(REMEMBERED), Value::from(from)];
        let mut found = Vec::new();
        each_row(&self.connection, finished, &values, |row, record| {
            // A journal starts an event with its acceptance; what does not is torn.
            if let Record::Accepted(accepted) = record {
                found.extend(remembered(accepted).map(|record| (row, record)));
            }
        })?;
        Ok(found)
    }
}

impl Store for SqliteStore {
    fn append(&mut self, records: &[Record]) -> Result<(), StoreError> {
        // Taken out, so that what did not become durable is not remembered as if it had.
        let mut open = std::mem::take(&mut self.open);
        self.write(|transaction| {
            for (event, news) in insert_records(transaction, records)? {
                refresh_event(transaction, &mut open, event, news)?;
            }
            Ok(())
        })?;
        self.open = open;
        Ok(())
    }

    fn recover(&mut self) -> Result<Vec<Record>, StoreError> {
        let unfinished = "SELECT row, record FROM records
            WHERE event IN (SELECT id FROM events WHERE finished = 0)";
        let memories = "SELECT 0, record FROM memories ORDER BY keeper, rule, member";
        let mut recovered: Vec<Record> = rows_of(&self.connection, memories, &[])?;
        let mut found = self.remembered()?;
        each_row(&self.connection, unfinished, &[], |row, record| found.push((row, record)))?;
        found.sort_by_key(|(row, _)| *row);
        recovered.extend(found.into_iter().map(|(_, record)| record));
        Ok(recovered)
    }

    fn trim(&mut self, before: Time, records_max: usize) -> Result<usize, StoreError> {
        let old = "SELECT row, id FROM events WHERE finished = 1 AND received_at < ?1
            ORDER BY received_at, row LIMIT ?2";
        let before = i64::try_from(before.as_micros()).unwrap_or(i64::MAX);
        let limit = i64::try_from(records_max).unwrap_or(i64::MAX);
        let ids = |connection: &Connection| -> rusqlite::Result<Vec<(i64, String)>> {
            let mut statement = connection.prepare_cached(old)?;
            let rows =
                statement.query_map([before, limit], |row| Ok((row.get(0)?, row.get(1)?)))?;
            rows.collect()
        };
        let ids = ids(&self.connection).map_err(read_failed)?;
        if ids.is_empty() {
            return Ok(0);
        }
        self.write(|transaction| {
            let (mut events, mut records) = (0, 0);
            for (row, id) in ids {
                if records >= records_max {
                    break;
                }
                let of_event = "DELETE FROM records WHERE event = ?1";
                records += transaction.prepare_cached(of_event)?.execute([&id])?;
                transaction.prepare_cached("DELETE FROM events WHERE row = ?1")?.execute([row])?;
                events += 1;
            }
            Ok(events)
        })
    }

    fn page(&self, query: &Query) -> Result<Page, StoreError> {
        let Some(below) = self.below(query)? else { return Ok(Page::default()) };
        let (conditions, mut values) = conditions(query);
        let rows = query.rows();
        values.push(Value::from(below));
        // One more than asked for says whether there is a next page.
        values.push(Value::from(i64::try_from(rows + 1).unwrap_or(i64::MAX)));
        let select = format!(
            "SELECT row, summary FROM events WHERE {conditions} row < ? ORDER BY row DESC LIMIT ?"
        );
        let mut events: Vec<Summary> = rows_of(&self.connection, &select, &values)?;
        let more = events.len() > rows;
        events.truncate(rows);
        let next = events.last().filter(|_| more).map(|row| row.id.clone());
        Ok(Page { events, next })
    }

    fn story(&self, id: &str) -> Result<Option<Story>, StoreError> {
        let of_event = "SELECT row, record FROM records WHERE event = ?1 ORDER BY row";
        let records: Vec<Record> =
            rows_of(&self.connection, of_event, &[Value::from(id.to_owned())])?;
        Ok(fold(&records))
    }
}

/// What a batch brings of one event.
struct News<'a> {
    first_row: i64,
    /// Those that change the summary.
    records: Vec<&'a Record>,
}

/// Returns what there is new of each event.
fn insert_records<'a>(
    transaction: &Transaction<'_>,
    records: &'a [Record],
) -> Result<BTreeMap<&'a str, News<'a>>, Failure> {
    let insert = "INSERT INTO records (event, record) VALUES (?1, ?2)";
    let mut insert = transaction.prepare_cached(insert)?;
    let mut news = BTreeMap::new();
    for record in records {
        if let Record::Kept(kept) = record {
            keep(transaction, kept, record)?;
            continue;
        }
        let row = insert.insert(params![record.event(), serde_json::to_string(record)?])?;
        let new = News { first_row: row, records: Vec::new() };
        let news: &mut News<'_> = news.entry(record.event()).or_insert(new);
        // Answers are the most and the largest of the records, and change no summary.
        if !matches!(record, Record::Command(_)) {
            news.records.push(record);
        }
    }
    Ok(news)
}

/// What a gate remembers replaces what it remembered before.
fn keep(transaction: &Transaction<'_>, kept: &Kept, record: &Record) -> Result<(), Failure> {
    let (keeper, group) = (kept.keeper.as_str(), &kept.group);
    match kept.memory {
        Some(_) => {
            let upsert = "INSERT INTO memories (keeper, rule, member, record)
                VALUES (?1, ?2, ?3, ?4)
                ON CONFLICT (keeper, rule, member) DO UPDATE SET record = excluded.record";
            let row = params![keeper, kept.rule, group, serde_json::to_string(record)?];
            transaction.prepare_cached(upsert)?.execute(row)?;
        }
        None => {
            let forget = "DELETE FROM memories WHERE keeper = ?1 AND rule = ?2 AND member = ?3";
            transaction.prepare_cached(forget)?.execute(params![keeper, kept.rule, group])?;
        }
    }
    Ok(())
}

/// Makes the row of one event anew from its records. The row's number is that of the first one,
/// which is the acceptance.
fn refresh_event(
    transaction: &Transaction<'_>,
    open: &mut OpenEvents,
    event: &str,
    news: News<'_>,
) -> Result<(), Failure> {
    if news.records.is_empty() {
        return Ok(());
    }
    let known = open.with(event, &news.records).map(fold);
    let story = match known {
        Some(story) => story,
        None => {
            let of_event = "SELECT row, record FROM records WHERE event = ?1 ORDER BY row";
            let event = Value::from(event.to_owned());
            fold(&rows_of::<Record>(transaction, of_event, &[event])?)
        }
    };
    let Some(story) = story else { return Ok(()) };
    let summary = story.summary();
    if summary.state.is_finished() {
        open.0.remove(event);
    }
    let text = serde_json::to_string(&summary)?;
    let upsert = "INSERT INTO events (row, id, device, name, state, summary, received_at, finished)
        VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)
        ON CONFLICT (id) DO UPDATE SET
            state = excluded.state, summary = excluded.summary, finished = excluded.finished";
    let (age, finished) = (schema::age(&summary), summary.state.is_finished());
    let Summary { id, device, name, state, .. } = summary;
    let row = params![news.first_row, id, device, name, state.as_str(), text, age, finished];
    transaction.prepare_cached(upsert)?.execute(row)?;
    Ok(())
}

/// The `WHERE` of a page, each condition followed by `AND`; values are bound, never spliced.
fn conditions(query: &Query) -> (String, Vec<Value>) {
    let state = query.state.map(|state| state.as_str().to_owned());
    let columns =
        [("device", query.device.clone()), ("name", query.name.clone()), ("state", state)];
    let given = columns.into_iter().filter_map(|(column, value)| Some((column, value?)));
    let (columns, values): (Vec<_>, Vec<_>) = given.unzip();
    let text = columns.iter().map(|column| format!("{column} = ? AND ")).collect();
    (text, values.into_iter().map(Value::from).collect())
}

/// Reads rows of `(row, JSON)`.
fn rows_of<T: serde::de::DeserializeOwned>(
    connection: &Connection,
    select: &str,
    values: &[Value],
) -> Result<Vec<T>, StoreError> {
    let mut found = Vec::new();
    each_row(connection, select, values, |_, document| found.push(document))?;
    Ok(found)
}

/// Reads rows of `(row, JSON)`, one at a time.
fn each_row<T: serde::de::DeserializeOwned>(
    connection: &Connection,
    select: &str,
    values: &[Value],
    mut take: impl FnMut(i64, T),
) -> Result<(), StoreError> {
    let pair = |row: &Row<'_>| Ok((row.get::<_, i64>(0)?, row.get::<_, String>(1)?));
    let mut statement = connection.prepare_cached(select).map_err(read_failed)?;
    let rows =
        statement.query_map(rusqlite::params_from_iter(values), pair).map_err(read_failed)?;
    for found in rows {
        let (row, text) = found.map_err(read_failed)?;
        let place = u64::try_from(row).unwrap_or_default();
        let damaged = |e| StoreError::Damaged { row: place, source: Box::new(e) };
        take(row, serde_json::from_str(&text).map_err(damaged)?);
    }
    Ok(())
}

fn read_failed(error: rusqlite::Error) -> StoreError {
    StoreError::Read(Box::new(error))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Goal: a disk with room for one page is still full, and a probe leaves nothing behind.
    /// Method: a bound on the pages of the file, which lets what needs no new page be written.
    #[test]
    fn a_probe_needs_room() {
        let dir = tempfile::tempdir().expect("a directory");
        let mut store = SqliteStore::open(&dir.path().join("journal")).expect("a journal");
        let pages = schema::pragma(&store.connection, "page_count").expect("a count");
        let bound = |store: &SqliteStore, pages: i64| {
            let pragma = format!("PRAGMA max_page_count = {pages}");
            store.connection.query_row(&pragma, [], |_| Ok(())).expect("a bound");
        };
        bound(&store, pages);
        assert!(store.probe().is_err());
        bound(&store, pages + 100);
        assert!(store.probe().is_ok());
        let tables = "SELECT count(*) FROM sqlite_schema WHERE name = 'probe'";
        let left: i64 = store.connection.query_row(tables, [], |row| row.get(0)).expect("rows");
        assert_eq!(left, 0);
    }
}
