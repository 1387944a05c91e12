//! The tables of the journal, and how a connection is set up.
//!
//! Called when a journal is opened. A schema number that is not ours is refused, never guessed at.

use rusqlite::Connection;

/// `EDNM` in the file's header, so that `file` and a user can tell what it is.
const APPLICATION_ID: i64 = 0x4544_4e4d;
/// Raised with every change of [`TABLES`].
const SCHEMA: i64 = 1;
/// How long to wait for a lock that a reader holds, in milliseconds.
const BUSY_MS_MAX: u64 = 5_000;
/// Pages of write-ahead log before they are moved into the file.
const CHECKPOINT_PAGES: i64 = 4_000;

/// `records` is the truth. `events` is one row per event, made from its records, for paging; its
/// `row` is that of the record that accepted the event, so that it gives the order.
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
    summary TEXT NOT NULL
) STRICT;
CREATE INDEX events_of_device ON events (device, row);
CREATE INDEX events_of_name ON events (name, row);
CREATE INDEX events_of_state ON events (state, row);
";

/// Sets up the connection that writes, and the tables if the file is new. The number is that of a
/// schema that is not ours.
pub(super) fn prepare(connection: &mut Connection) -> rusqlite::Result<Result<(), i64>> {
    connection.busy_timeout(std::time::Duration::from_millis(BUSY_MS_MAX))?;
    if let Err(foreign) = number(connection)? {
        return Ok(Err(foreign));
    }
    connection.pragma_update(None, "journal_mode", "WAL")?;
    // FULL: a commit returns only once the log is synced, so that a 202 survives a power cut.
    connection.pragma_update(None, "synchronous", "FULL")?;
    connection.pragma_update(None, "wal_autocheckpoint", CHECKPOINT_PAGES)?;
    let transaction = connection.transaction()?;
    if is_new(&transaction)? {
        transaction.execute_batch(TABLES)?;
        transaction.pragma_update(None, "application_id", APPLICATION_ID)?;
        transaction.pragma_update(None, "user_version", SCHEMA)?;
    }
    transaction.commit()?;
    Ok(Ok(()))
}

/// Sets up a connection that reads.
pub(super) fn prepare_reader(connection: &Connection) -> rusqlite::Result<Result<(), i64>> {
    connection.busy_timeout(std::time::Duration::from_millis(BUSY_MS_MAX))?;
    number(connection)
}

/// `Ok` for a file of ours and for an empty one.
fn number(connection: &Connection) -> rusqlite::Result<Result<(), i64>> {
    let pragma = |name| connection.pragma_query_value(None, name, |row| row.get::<_, i64>(0));
    let (application, schema) = (pragma("application_id")?, pragma("user_version")?);
    let ours = application == APPLICATION_ID && schema == SCHEMA;
    Ok(if ours || is_new(connection)? { Ok(()) } else { Err(schema) })
}

fn is_new(connection: &Connection) -> rusqlite::Result<bool> {
    let tables = "SELECT count(*) FROM sqlite_schema";
    connection.query_row(tables, [], |row| row.get::<_, i64>(0)).map(|count| count == 0)
}
