//! Why a journal was not opened or copied, and what to do about it.
//!
//! Returned by everything in [`super`] that opens a file; the verbs turn it into exit code 4.

use std::path::{Path, PathBuf};

use automation::store::StoreError;
use host::ExpectedError;

use super::schema::Unusable;

/// Why a journal was not opened or copied. The path is that of the file.
#[derive(Debug, thiserror::Error)]
pub enum JournalError {
    /// Another process writes it.
    #[error("another listener already uses the journal `{}`", .0.display())]
    InUse(PathBuf),
    /// There is none.
    #[error("there is no journal `{}`: no listener has run with this state", .0.display())]
    Missing(PathBuf),
    /// A directory, a pipe, a device.
    #[error("`{}` is no file, so it cannot be the journal", .0.display())]
    NoFile(PathBuf),
    /// The file, or the lock beside it.
    #[error("cannot write the journal `{}`", .0.display())]
    Write(PathBuf, #[source] std::io::Error),
    /// SQLite.
    #[error("cannot open the journal `{}`", .0.display())]
    Open(PathBuf, #[source] rusqlite::Error),
    /// Another program's file.
    #[error("`{}` belongs to another program: it is no journal", .0.display())]
    Foreign(PathBuf),
    /// It was written by a later version of this program.
    #[error("the journal `{}` is of a newer version (schema {found})", path.display())]
    Newer {
        /// The file.
        path: PathBuf,
        /// Its schema's number.
        found: i64,
    },
    /// It is not what a listener left.
    #[error("the journal `{}` is damaged: {}", .0.display(), .1)]
    Damaged(PathBuf, String),
    /// What it holds.
    #[error("cannot read the journal `{}`", .0.display())]
    Recover(PathBuf, #[source] StoreError),
    /// A copy would replace a file.
    #[error("`{}` exists", .0.display())]
    Exists(PathBuf),
    /// The copy.
    #[error("cannot write the copy `{}`", .0.display())]
    Copy(PathBuf, #[source] std::io::Error),
}

impl JournalError {
    pub(super) fn sqlite(path: &Path, error: rusqlite::Error) -> Self {
        use rusqlite::ErrorCode::{DatabaseCorrupt, NotADatabase};
        match error.sqlite_error_code() {
            Some(DatabaseCorrupt | NotADatabase) => {
                JournalError::Damaged(path.to_owned(), error.to_string())
            }
            _ => JournalError::Open(path.to_owned(), error),
        }
    }

    pub(super) fn unusable(path: &Path, unusable: Unusable) -> Self {
        let path = path.to_owned();
        match unusable {
            Unusable::Foreign => JournalError::Foreign(path),
            Unusable::Newer(found) => JournalError::Newer { path, found },
            Unusable::Damaged(what) => JournalError::Damaged(path, what),
        }
    }

    /// What helps.
    fn hint(&self) -> Option<&'static str> {
        match self {
            JournalError::InUse(_) => {
                Some("stop the other one, or give this one a place of its own with `--state`")
            }
            JournalError::Damaged(..) | JournalError::Recover(..) => Some(
                "move it away with its `-wal` and `-shm`; put a copy that `listener backup` made \
                 in its place, or start without",
            ),
            JournalError::NoFile(_) | JournalError::Foreign(_) => {
                Some("move it away, or give the listener a place of its own with `--state`")
            }
            JournalError::Newer { .. } => Some("use the newer version"),
            JournalError::Write(..) | JournalError::Open(..) => {
                Some("the state directory must be writable, and its disk must have room")
            }
            JournalError::Exists(_) => Some("choose another name, or replace it with `--force`"),
            JournalError::Missing(_) | JournalError::Copy(..) => None,
        }
    }
}

impl From<JournalError> for ExpectedError {
    fn from(error: JournalError) -> Self {
        let hint = error.hint();
        let error = ExpectedError::environment(error);
        match hint {
            Some(hint) => error.with_hint(hint),
            None => error,
        }
    }
}
