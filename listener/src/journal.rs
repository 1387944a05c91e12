//! The journal: what must survive a crash, in one SQLite file.
//!
//! Opened by the live loop, which alone may write (a lock file says so); read by the API and by
//! `listener events`. It never answers "stored" before SQLite has synced the commit.

mod copy;
mod error;
mod hold;
mod retention;
mod schema;
mod sqlite;
mod writer;

pub use copy::copy;
pub use error::JournalError;
pub use sqlite::SqliteStore;
pub use writer::{Abandon, Report, Writer};

use std::path::Path;
use std::sync::{Arc, Mutex};
use std::time::Instant;

use automation::Retention;
use automation::overview::{self, JobPage, JobQuery};
use automation::record::Record;
use automation::store::{Page, Query, Store as _, StoreError};
use automation::story::Story;
use host::LiveClock;
use tokio::sync::mpsc;

use hold::Hold;
use retention::Keeper;

/// The journal's name in the state directory.
pub const FILE_NAME: &str = "journal.sqlite3";

/// An open journal, in its parts.
#[derive(Debug)]
pub struct Journal {
    /// Takes batches to be written.
    pub writer: Writer,
    /// Says of each batch, in order, whether it is on disk, and how the disk is. Ends once the file
    /// is closed.
    pub reports: mpsc::UnboundedReceiver<Report>,
    /// Reads beside the writer.
    pub reader: Reader,
    /// What it held when it was opened.
    pub recovered: Vec<Record>,
    /// Lets go of it as a crash does.
    pub abandon: Abandon,
}

/// Reads a journal, whether a listener writes it at the time or not.
#[derive(Clone, Debug)]
pub struct Reader(Arc<Mutex<SqliteStore>>);

impl Journal {
    /// Opens or makes the journal at `path`, alone, and keeps of its events what `retention` says.
    pub async fn open(path: &Path, retention: Retention) -> Result<Self, JournalError> {
        let path = path.to_owned();
        let opened = tokio::task::spawn_blocking(move || Journal::open_blocking(&path, retention));
        opened.await.expect("opening a journal does not panic")
    }

    fn open_blocking(path: &Path, retention: Retention) -> Result<Self, JournalError> {
        let mut hold = Hold::take(path)?;
        let path = hold.path.clone();
        let mut store = SqliteStore::open(&path)?;
        let unreadable = |source| JournalError::Recover(path.clone(), source);
        let recovered = store.recover().map_err(unreadable)?;
        let newest = store.newest().map_err(unreadable)?;
        hold.used()?;
        let reader = Reader::open(&path)?;
        let now = LiveClock::start().now();
        let keeper = Keeper::new(retention, newest, now, Instant::now());
        let (writer, reports, abandon) = writer::start(store, hold, keeper);
        Ok(Journal { writer, reports, reader, recovered, abandon })
    }
}

impl Reader {
    /// Opens an existing journal for reading alone.
    pub fn open(path: &Path) -> Result<Self, JournalError> {
        if !path.exists() {
            return Err(JournalError::Missing(path.to_owned()));
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
