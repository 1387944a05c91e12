//! The journal: what must survive a crash, in one SQLite file.
//!
//! Opened by the live loop, which alone may write (a lock file says so); read by the API and by
//! `listener events`. It never answers "stored" before SQLite has synced the commit.

mod schema;
mod sqlite;
mod writer;

pub use sqlite::SqliteStore;
pub use writer::{Persisted, Writer};

use std::fs::{File, OpenOptions, TryLockError};
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};

use automation::overview::{self, JobPage, JobQuery};
use automation::record::Record;
use automation::store::{Page, Query, Store as _, StoreError};
use automation::story::Story;
use tokio::sync::mpsc;

/// The journal's name in the state directory.
pub const FILE_NAME: &str = "journal.sqlite3";

/// Why a journal was not opened.
#[derive(Debug, thiserror::Error)]
pub enum JournalError {
    /// Another process writes it.
    #[error("another listener already uses the journal `{}`", path.display())]
    InUse {
        /// The file.
        path: PathBuf,
    },
    /// There is none.
    #[error("there is no journal `{}`: no listener has run with this state", path.display())]
    Missing {
        /// The file.
        path: PathBuf,
    },
    /// The file, or the lock beside it.
    #[error("cannot write the journal `{}`", path.display())]
    Write {
        /// The file.
        path: PathBuf,
        /// Why.
        #[source]
        source: std::io::Error,
    },
    /// SQLite.
    #[error("cannot open the journal `{}`", path.display())]
    Open {
        /// The file.
        path: PathBuf,
        /// Why.
        #[source]
        source: rusqlite::Error,
    },
    /// It was written by another version of this program, or is no journal at all.
    #[error("`{}` is no journal that this version reads (schema {found})", path.display())]
    Schema {
        /// The file.
        path: PathBuf,
        /// Its schema's number.
        found: i64,
    },
    /// What it holds.
    #[error("cannot read the journal `{}`", path.display())]
    Recover {
        /// The file.
        path: PathBuf,
        /// Why.
        #[source]
        source: StoreError,
    },
}

/// An open journal, in its parts.
#[derive(Debug)]
pub struct Journal {
    /// Takes batches to be written.
    pub writer: Writer,
    /// Says of each batch, in order, whether it is on disk. Ends once the file is closed.
    pub persisted: mpsc::UnboundedReceiver<Persisted>,
    /// Reads beside the writer.
    pub reader: Reader,
    /// What it held when it was opened.
    pub recovered: Vec<Record>,
}

/// Reads a journal, whether a listener writes it at the time or not.
#[derive(Clone, Debug)]
pub struct Reader(Arc<Mutex<SqliteStore>>);

impl Journal {
    /// Opens or makes the journal at `path`, alone.
    pub async fn open(path: &Path) -> Result<Self, JournalError> {
        let path = path.to_owned();
        let opened = tokio::task::spawn_blocking(move || Journal::open_blocking(&path));
        opened.await.expect("opening a journal does not panic")
    }

    fn open_blocking(path: &Path) -> Result<Self, JournalError> {
        let lock = lock(path)?;
        let mut store = SqliteStore::open(path)?;
        let unreadable = |source| JournalError::Recover { path: path.to_owned(), source };
        let recovered = store.recover().map_err(unreadable)?;
        let reader = Reader::open(path)?;
        let (writer, persisted) = writer::start(store, lock);
        Ok(Journal { writer, persisted, reader, recovered })
    }
}

impl Reader {
    /// Opens an existing journal for reading alone.
    pub fn open(path: &Path) -> Result<Self, JournalError> {
        if !path.exists() {
            return Err(JournalError::Missing { path: path.to_owned() });
        }
        SqliteStore::open_read_only(path).map(|store| Reader(Arc::new(Mutex::new(store))))
    }

    /// A page of events, newest first.
    pub async fn page(&self, query: Query) -> Result<Page, StoreError> {
        self.ask(move |store| store.page(&query)).await
    }

    /// The story of one event.
    pub async fn story(&self, id: String) -> Result<Option<Story>, StoreError> {
        self.ask(move |store| store.story(&id)).await
    }

    /// The jobs of all events.
    pub async fn jobs(&self, query: JobQuery) -> Result<JobPage, StoreError> {
        self.ask(move |store| overview::jobs(store, &query)).await
    }

    /// Off the runtime's threads: a disk may be slow.
    async fn ask<T: Send + 'static>(
        &self,
        question: impl FnOnce(&SqliteStore) -> Result<T, StoreError> + Send + 'static,
    ) -> Result<T, StoreError> {
        let store = Arc::clone(&self.0);
        let answer = tokio::task::spawn_blocking(move || {
            // A reader that panicked has changed nothing.
            question(&store.lock().unwrap_or_else(std::sync::PoisonError::into_inner))
        });
        answer.await.unwrap_or_else(|panic| Err(StoreError::Read(Box::new(panic))))
    }
}

/// Held as long as the writer lives; the system lets go of it when the process dies.
fn lock(path: &Path) -> Result<File, JournalError> {
    let failed = |source| JournalError::Write { path: path.to_owned(), source };
    let mut options = OpenOptions::new();
    options.write(true).create(true).truncate(false).mode(0o600);
    let file = options.open(path.with_extension("lock")).map_err(failed)?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(TryLockError::WouldBlock) => Err(JournalError::InUse { path: path.to_owned() }),
        Err(TryLockError::Error(source)) => Err(failed(source)),
    }
}
