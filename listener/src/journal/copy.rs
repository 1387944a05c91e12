//! A copy of a journal, taken while a listener may be writing it.
//!
//! Called by `listener backup`. The copy has its name only once it is whole, checked and synced.

use std::fs::File;
use std::io;
use std::path::Path;

use automation::store::Store as _;
use rusqlite::{Connection, OpenFlags};
use tempfile::Builder;

use super::{JournalError, SqliteStore, schema};

/// Copies the journal at `from` to `to`, which is replaced if `replace` says so. Returns the number
/// of bytes.
pub fn copy(from: &Path, to: &Path, replace: bool) -> Result<u64, JournalError> {
    if !from.exists() {
        return Err(JournalError::Missing(from.to_owned()));
    }
    if !replace && to.symlink_metadata().is_ok() {
        return Err(JournalError::Exists(to.to_owned()));
    }
    if same_file(from, to) {
        let why = io::Error::other("it is the journal itself");
        return Err(JournalError::Copy(to.to_owned(), why));
    }
    let failed = |source| JournalError::Copy(to.to_owned(), source);
    let folder = match to.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        _ => Path::new("."),
    };
    // Made for its owner alone (mode 0600), and removed if anything goes wrong.
    let made = Builder::new().prefix(".journal-").suffix(".partial").tempfile_in(folder);
    let made = made.map_err(failed)?;
    let source = SqliteStore::open_read_only(from)?;
    // One transaction that reads: what the copy holds was on disk together at one moment.
    let name = made.path().to_string_lossy();
    let written = source.connection.execute("VACUUM INTO ?1", [&*name]);
    written.map_err(|error| cannot_copy(from, to, error))?;
    check(made.path(), to)?;
    made.as_file().sync_all().map_err(failed)?;
    let bytes = made.as_file().metadata().map_err(failed)?.len();
    let kept = if replace { made.persist(to) } else { made.persist_noclobber(to) };
    kept.map_err(|refused| match refused.error.kind() {
        io::ErrorKind::AlreadyExists => JournalError::Exists(to.to_owned()),
        _ => failed(refused.error),
    })?;
    File::open(folder).and_then(|folder| folder.sync_all()).map_err(failed)?;
    Ok(bytes)
}

/// The journal's fault or the copy's.
fn cannot_copy(from: &Path, to: &Path, error: rusqlite::Error) -> JournalError {
    match JournalError::sqlite(from, error) {
        JournalError::Open(_, error) => JournalError::Copy(to.to_owned(), io::Error::other(error)),
        damaged => damaged,
    }
}

/// Whether the copy is a journal that can be read from its first record to its last.
fn check(copy: &Path, to: &Path) -> Result<(), JournalError> {
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let failed = |error| JournalError::sqlite(to, error);
    let connection = Connection::open_with_flags(copy, flags).map_err(failed)?;
    let whole = schema::check_fully(&connection).map_err(failed)?;
    whole.map_err(|unusable| JournalError::unusable(to, unusable))?;
    drop(connection);
    let mut store = SqliteStore::open_read_only(copy)?;
    store.recover().map(drop).map_err(|error| JournalError::Recover(to.to_owned(), error))
}

fn same_file(from: &Path, to: &Path) -> bool {
    matches!((from.canonicalize(), to.canonicalize()), (Ok(from), Ok(to)) if from == to)
}
