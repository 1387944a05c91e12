//! The tables of the journal, and how a connection is set up.
//!
//! Called when a journal is opened. A schema that is older is brought up to date, one that is not
//! ours or newer is refused, never guessed at.

use automation::story::Summary;
use rusqlite::config::DbConfig;
use rusqlite::{Connection, Transaction, params};

/// `EDNM` in the file's header, so that `file` and a user can tell what it is.
const APPLICATION_ID: i64 = 0x4544_4e4d;
/// Raised with every change of [`TABLES`].
pub(super) const SCHEMA: i64 = 3;
/// The oldest schema that is read, and brought up to date when it is written.
const SCHEMA_OLDEST: i64 = 1;
/// How long to wait for a lock that a reader holds, in milliseconds.
const BUSY_MS_MAX: u64 = 5_000;
/// Pages of write-ahead log before they are moved into the file.
const CHECKPOINT_PAGES: i64 = 4_000;
/// What is left of a log that grew beyond that, in bytes: 64 MiB.
const LOG_BYTES_LEFT_MAX: i64 = 64 << 20;
/// The largest file whose structure is checked when it is opened, in bytes: 256 MiB.
const CHECKED_BYTES_MAX: i64 = 256 << 20;

/// `records` is the truth. `events` is one row per event, made from its records, for paging and
/// retention; its `row` is that of the record that accepted the event, so that it gives the order.
/// `memories` has what replaces itself, and stays when events go.
const TABLES: &str = "
CREATE TABLE records (
    row    INTEGER PRIMARY KEY,
    event  TEXT NOT NULL,
    record TEXT NOT NULL
) STRICT;
CREATE INDEX records_of_event ON records (event, row);
CREATE TABLE events (
    row     INTEGER PRIMARY KEY,
    id      TEXT NOT NULL UNIQUE,
    device  TEXT,
    name    TEXT NOT NULL,
    state   TEXT NOT NULL,
    summary TEXT NOT NULL,
    received_at INTEGER NOT NULL DEFAULT 0,
    finished    INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE INDEX events_of_device ON events (device, row);
CREATE INDEX events_of_name ON events (name, row);
CREATE INDEX events_of_state ON events (state, row);
CREATE INDEX events_of_age ON events (finished, received_at, row);
CREATE TABLE memories (
    keeper TEXT NOT NULL,
    rule   TEXT NOT NULL,
    member TEXT NOT NULL,
    record TEXT NOT NULL,
    PRIMARY KEY (keeper, rule, member)
) STRICT, WITHOUT ROWID;
";

/// What schema 2 added to 1: retention needs an event's age, in microseconds, and whether it ended.
const SINCE_2: &str = "
ALTER TABLE events ADD COLUMN received_at INTEGER NOT NULL DEFAULT 0;
ALTER TABLE events ADD COLUMN finished INTEGER NOT NULL DEFAULT 0;
CREATE INDEX events_of_age ON events (finished, received_at, row);
";

/// What schema 3 added to 2: what the gates of rules remember of each group.
const SINCE_3: &str = "
CREATE TABLE memories (
    keeper TEXT NOT NULL,
    rule   TEXT NOT NULL,
    member TEXT NOT NULL,
    record TEXT NOT NULL,
    PRIMARY KEY (keeper, rule, member)
) STRICT, WITHOUT ROWID;
";

/// What is wrong with a file that SQLite can open.
#[derive(Debug)]
pub(super) enum Unusable {
    /// Another program's.
    Foreign,
    /// A later version's; its schema.
    Newer(i64),
    /// Its structure is broken; what SQLite says.
    Damaged(String),
}

type Outcome = rusqlite::Result<Result<(), Unusable>>;

/// Sets up the connection that writes, and the tables if the file is new.
pub(super) fn prepare(connection: &mut Connection) -> Outcome {
    connection.busy_timeout(std::time::Duration::from_millis(BUSY_MS_MAX))?;
    let found = match schema(connection)? {
        Ok(found) => found,
        Err(unusable) => return Ok(Err(unusable)),
    };
    if found.is_none() {
        // Only before there are tables: freed pages can then be given back to the file system.
        connection.pragma_update(None, "auto_vacuum", "INCREMENTAL")?;
    }
    // What is bound never has a statement compiled anew: each has one plan, whatever the values.
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true)?;
    connection.pragma_update(None, "journal_mode", "WAL")?;
    // FULL: a commit returns only once the log is synced, so that a 202 survives a power cut.
    connection.pragma_update(None, "synchronous", "FULL")?;
    connection.pragma_update(None, "wal_autocheckpoint", CHECKPOINT_PAGES)?;
    connection.pragma_update(None, "journal_size_limit", LOG_BYTES_LEFT_MAX)?;
    if let Err(damage) = check(connection)? {
        return Ok(Err(damage));
    }
    let transaction = connection.transaction()?;
    match found {
        Some(SCHEMA) => {}
        Some(found) => bring_up_to_date(&transaction, found)?,
        None => transaction.execute_batch(TABLES)?,
    }
    if found != Some(SCHEMA) {
        transaction.pragma_update(None, "application_id", APPLICATION_ID)?;
        transaction.pragma_update(None, "user_version", SCHEMA)?;
    }
    transaction.commit()?;
    if found.is_none() {
        // Into the file itself: a log that is lost must not take the tables along.
        connection.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(()))?;
    }
    Ok(Ok(()))
}

/// Sets up a connection that reads.
pub(super) fn prepare_reader(connection: &Connection) -> Outcome {
    connection.busy_timeout(std::time::Duration::from_millis(BUSY_MS_MAX))?;
    Ok(schema(connection)?.map(|_| ()))
}

/// Goes through every page of the file and of its log.
pub(super) fn check_fully(connection: &Connection) -> Outcome {
    let verdict: String =
        connection.query_row("PRAGMA integrity_check(1)", [], |row| row.get(0))?;
    Ok(if verdict == "ok" { Ok(()) } else { Err(Unusable::Damaged(verdict)) })
}

/// The schema of a journal of ours; `None` for an empty file.
fn schema(connection: &Connection) -> rusqlite::Result<Result<Option<i64>, Unusable>> {
    let (application, found) =
        (pragma(connection, "application_id")?, pragma(connection, "user_version")?);
    Ok(match (application, found) {
        (APPLICATION_ID, SCHEMA_OLDEST..=SCHEMA) => Ok(Some(found)),
        (APPLICATION_ID, newer) if newer > SCHEMA => Err(Unusable::Newer(newer)),
        (0, 0) if is_empty(connection)? => Ok(None),
        _ => Err(Unusable::Foreign),
    })
}

fn check(connection: &Connection) -> Outcome {
    if pragma(connection, "page_count")? * pragma(connection, "page_size")? > CHECKED_BYTES_MAX {
        return Ok(Ok(()));
    }
    let verdict: String = connection.query_row("PRAGMA quick_check(1)", [], |row| row.get(0))?;
    Ok(if verdict == "ok" { Ok(()) } else { Err(Unusable::Damaged(verdict)) })
}

fn bring_up_to_date(transaction: &Transaction<'_>, found: i64) -> rusqlite::Result<()> {
    transaction.execute_batch(SINCE_3)?;
    if found > SCHEMA_OLDEST {
        return Ok(());
    }
    transaction.execute_batch(SINCE_2)?;
    let mut select = transaction.prepare("SELECT row, summary FROM events")?;
    let mut update =
        transaction.prepare("UPDATE events SET received_at = ?2, finished = ?3 WHERE row = ?1")?;
    let mut rows = select.query([])?;
    while let Some(row) = rows.next()? {
        let (number, text): (i64, String) = (row.get(0)?, row.get(1)?);
        let summary: Summary = serde_json::from_str(&text).map_err(|error| {
            rusqlite::Error::FromSqlConversionFailure(
                1,
                rusqlite::types::Type::Text,
                Box::new(error),
            )
        })?;
        update.execute(params![number, age(&summary), summary.state.is_finished()])?;
    }
    Ok(())
}

/// When an event was received, as the column has it.
pub(super) fn age(summary: &Summary) -> i64 {
    i64::try_from(summary.received_at.as_micros()).unwrap_or(i64::MAX)
}

pub(super) fn pragma(connection: &Connection, name: &str) -> rusqlite::Result<i64> {
    connection.pragma_query_value(None, name, |row| row.get(0))
}

fn is_empty(connection: &Connection) -> rusqlite::Result<bool> {
    let tables = "SELECT count(*) FROM sqlite_schema";
    connection.query_row(tables, [], |row| row.get::<_, i64>(0)).map(|count| count == 0)
}
