//! The thread that writes: many batches in one commit, and an answer for each once it is synced.
//!
//! Fed by the live loop, which never waits for it. While one commit is under way the next batches
//! gather, so that a slow disk makes commits larger, not the queue longer.

use std::fs::File;
use std::time::Instant;

use automation::PersistId;
use automation::record::Record;
use automation::store::{Store, StoreError};
use tokio::sync::mpsc::{self, error::TrySendError};
use tracing::debug;

use super::SqliteStore;

/// Batches that wait for the disk. The live loop takes no deliveries at half of it.
const BATCHES_WAITING_MAX: usize = 1_024;
/// Batches in one commit: what a crash can take back at most, and what one failure fails.
const BATCHES_PER_COMMIT_MAX: usize = 256;

/// Whether a batch is on disk, or why not.
pub type Persisted = (PersistId, Result<(), String>);

type Batch = (PersistId, Vec<Record>);

/// Takes batches to the thread. The thread ends with the last of these.
#[derive(Clone, Debug)]
pub struct Writer(mpsc::Sender<Batch>);

impl Writer {
    /// Queues a batch; an error says why it will never be written.
    pub fn submit(&self, persist: PersistId, records: Vec<Record>) -> Result<(), String> {
        self.0.try_send((persist, records)).map_err(|refused| match refused {
            TrySendError::Full(_) => "too many records wait for the disk".to_owned(),
            TrySendError::Closed(_) => "the journal is closed".to_owned(),
        })
    }
}

/// Starts the thread. `lock` is let go of after the file is closed.
pub(super) fn start(
    store: SqliteStore,
    lock: File,
) -> (Writer, mpsc::UnboundedReceiver<Persisted>) {
    let (submit, batches) = mpsc::channel(BATCHES_WAITING_MAX);
    // Not longer than the batches that were submitted: each is answered once.
    let (answer, persisted) = mpsc::unbounded_channel();
    std::thread::spawn(move || {
        write_all(store, batches, &answer);
        drop(lock);
    });
    (Writer(submit), persisted)
}

fn write_all(
    mut store: impl Store,
    mut batches: mpsc::Receiver<Batch>,
    answer: &mpsc::UnboundedSender<Persisted>,
) {
    let mut waiting = Vec::new();
    while batches.blocking_recv_many(&mut waiting, BATCHES_PER_COMMIT_MAX) > 0 {
        let (ids, records): (Vec<_>, Vec<_>) = waiting.drain(..).unzip();
        let records: Vec<Record> = records.into_iter().flatten().collect();
        let began = Instant::now();
        let result = store.append(&records).map_err(|error: StoreError| host::exit::chain(&error));
        let took_us = began.elapsed().as_micros();
        debug!(batches = ids.len(), records = records.len(), took_us, "journal commit");
        for persist in ids {
            // Nobody waits any more: the loop is gone, but what was submitted is still written.
            let _ = answer.send((persist, result.clone()));
        }
    }
}
