//! The store of [`automation::store`] over SQLite.
//!
//! One of these writes, owned by the writer's thread; others read. It folds with the automation's
//! own `fold`, so that it tells the story that the model store tells.

use std::collections::BTreeMap;
use std::fs::OpenOptions;
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::Path;

use automation::record::Record;
use automation::store::{Page, Query, Store, StoreError};
use automation::story::{Story, Summary, fold};
use rusqlite::types::Value;
use rusqlite::{Connection, OpenFlags, OptionalExtension as _, Row, Transaction, params};

use super::{JournalError, schema};

/// Finished events that are recovered, so that what repeats one of them is known as a duplicate.
const FINISHED_RECOVERED_MAX: i64 = 10_000;

/// A journal's file.
#[derive(Debug)]
pub struct SqliteStore {
    connection: Connection,
}

impl SqliteStore {
    /// Opens or makes the file, to write. The caller holds the lock.
    pub fn open(path: &Path) -> Result<Self, JournalError> {
        // Made first, since SQLite would make it readable to all; its log inherits the mode.
        let mut options = OpenOptions::new();
        let made = options.append(true).create(true).mode(0o600).open(path);
        made.map_err(|source| JournalError::Write { path: path.to_owned(), source })?;
        let failed = |source| JournalError::Open { path: path.to_owned(), source };
        let mut connection = Connection::open(path).map_err(failed)?;
        let ours = schema::prepare(&mut connection).map_err(failed)?;
        ours.map_err(|found| JournalError::Schema { path: path.to_owned(), found })?;
        Ok(SqliteStore { connection })
    }

    /// Opens an existing file, to read.
    pub fn open_read_only(path: &Path) -> Result<Self, JournalError> {
        let failed = |source| JournalError::Open { path: path.to_owned(), source };
        let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let connection = Connection::open_with_flags(path, flags).map_err(failed)?;
        let ours = schema::prepare_reader(&connection).map_err(failed)?;
        ours.map_err(|found| JournalError::Schema { path: path.to_owned(), found })?;
        Ok(SqliteStore { connection })
    }

    /// The row below which a page begins; `None` when `after` names no event.
    fn below(&self, query: &Query) -> Result<Option<i64>, StoreError> {
        let Some(after) = &query.after else { return Ok(Some(i64::MAX)) };
        let row = "SELECT row FROM events WHERE id = ?1";
        let found = self.connection.query_row(row, [after], |row| row.get(0)).optional();
        found.map_err(read_failed)
    }
}

impl Store for SqliteStore {
    fn append(&mut self, records: &[Record]) -> Result<(), StoreError> {
        let mut write = || -> Result<(), Box<dyn std::error::Error + Send + Sync>> {
            let transaction = self.connection.transaction()?;
            let first_rows = insert_records(&transaction, records)?;
            for (event, first_row) in first_rows {
                refresh_event(&transaction, event, first_row)?;
            }
            Ok(transaction.commit()?)
        };
        write().map_err(StoreError::Append)
    }

    fn recover(&mut self) -> Result<Vec<Record>, StoreError> {
        let wanted = "SELECT row, record FROM records WHERE event IN (
                SELECT id FROM events WHERE state IN ('accepted', 'waiting', 'running')
                UNION
                SELECT id FROM (SELECT id FROM events ORDER BY row DESC LIMIT ?1)
            ) ORDER BY row";
        records(&self.connection, wanted, &[Value::from(FINISHED_RECOVERED_MAX)])
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
        let records = records(&self.connection, of_event, &[Value::from(id.to_owned())])?;
        Ok(fold(&records))
    }
}

/// Returns the first new row of each event that the records touch.
fn insert_records<'a>(
    transaction: &Transaction<'_>,
    records: &'a [Record],
) -> Result<BTreeMap<&'a str, i64>, Box<dyn std::error::Error + Send + Sync>> {
    let insert = "INSERT INTO records (event, record) VALUES (?1, ?2)";
    let mut insert = transaction.prepare_cached(insert)?;
    let mut first_rows = BTreeMap::new();
    for record in records {
        let row = insert.insert(params![record.event(), serde_json::to_string(record)?])?;
        first_rows.entry(record.event()).or_insert(row);
    }
    Ok(first_rows)
}

/// Makes the row of one event anew from its records. The row's number is that of the first one,
/// which is the acceptance.
fn refresh_event(
    transaction: &Transaction<'_>,
    event: &str,
    first_row: i64,
) -> Result<(), Box<dyn std::error::Error + Send + Sync>> {
    let of_event = "SELECT row, record FROM records WHERE event = ?1 ORDER BY row";
    let records = records(transaction, of_event, &[Value::from(event.to_owned())])?;
    let Some(story) = fold(&records) else { return Ok(()) };
    let summary = story.summary();
    let text = serde_json::to_string(&summary)?;
    let upsert = "INSERT INTO events (row, id, device, name, state, summary)
        VALUES (?1, ?2, ?3, ?4, ?5, ?6)
        ON CONFLICT (id) DO UPDATE SET state = excluded.state, summary = excluded.summary";
    let Summary { id, device, name, state, .. } = summary;
    let row = params![first_row, id, device, name, state.as_str(), text];
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

fn records(
    connection: &Connection,
    select: &str,
    values: &[Value],
) -> Result<Vec<Record>, StoreError> {
    rows_of(connection, select, values)
}

/// Reads rows of `(row, JSON)`.
fn rows_of<T: serde::de::DeserializeOwned>(
    connection: &Connection,
    select: &str,
    values: &[Value],
) -> Result<Vec<T>, StoreError> {
    let pair = |row: &Row<'_>| Ok((row.get::<_, i64>(0)?, row.get::<_, String>(1)?));
    let mut statement = connection.prepare_cached(select).map_err(read_failed)?;
    let rows =
        statement.query_map(rusqlite::params_from_iter(values), pair).map_err(read_failed)?;
    rows.map(|row| {
        let (row, text) = row.map_err(read_failed)?;
        let row = u64::try_from(row).unwrap_or_default();
        let damaged = |e| StoreError::Damaged { row, source: Box::new(e) };
        serde_json::from_str(&text).map_err(damaged)
    })
    .collect()
}

fn read_failed(error: rusqlite::Error) -> StoreError {
    StoreError::Read(Box::new(error))
}
