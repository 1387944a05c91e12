//! The thread that writes: many batches in one commit, and an answer for each once it is synced.
//!
//! Fed by the live loop, which never waits for it. While one commit is under way the next batches
//! gather, so that a slow disk makes commits larger, not the queue longer. After a commit that
//! failed, what was submitted before the loop knew of it fails too, so that nothing overtakes what
//! will be submitted again. While nothing is to be written it looks after the file.

use std::convert::Infallible;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError, SyncSender, TrySendError, sync_channel};
use std::time::{Duration, Instant};

use automation::record::Record;
use automation::store::{Store as _, StoreError};
use automation::{BATCHES_IN_FLIGHT_MAX, PersistId};
use host::LiveClock;
use tokio::sync::mpsc::{self, UnboundedReceiver, UnboundedSender};
use tokio::sync::oneshot;
use tracing::debug;

use super::SqliteStore;
use super::hold::Hold;
use super::retention::Keeper;

/// Batches that wait for the disk. The automation has half as many under way.
const BATCHES_WAITING_MAX: usize = 2 * BATCHES_IN_FLIGHT_MAX;
/// Batches in one commit: what a crash can take back at most, and what one failure fails.
const BATCHES_PER_COMMIT_MAX: usize = 256;
/// How long between two tries to write to a disk that took nothing, in milliseconds.
const PROBE_MS: u64 = 1_000;

/// What the thread says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Report {
    /// A batch is on disk.
    Persisted(PersistId),
    /// A batch is not, and will not be unless it is submitted again.
    Failed {
        /// Which.
        persist: PersistId,
        /// Why.
        reason: String,
        /// How many commits have failed: to be told to [`Writer::saw_failure`].
        failures: u64,
    },
    /// From now on the disk takes nothing, for this reason.
    Unwritable(String),
    /// The disk takes records again.
    Writable,
    /// So many finished events were removed, since they were too old or took too much room.
    Removed(usize),
}

/// A batch, and how many failures its sender knew of.
type Batch = (PersistId, Vec<Record>, u64);

/// Takes batches to the thread, which ends when this is dropped.
#[derive(Debug)]
pub struct Writer {
    batches: SyncSender<Batch>,
    failures: u64,
}

impl Writer {
    /// Queues a batch; an error says why it will never be written.
    pub fn submit(&self, persist: PersistId, records: Vec<Record>) -> Result<(), String> {
        let sent = self.batches.try_send((persist, records, self.failures));
        sent.map_err(|refused| match refused {
            TrySendError::Full(_) => "too many records wait for the disk".to_owned(),
            TrySendError::Disconnected(_) => "the journal is closed".to_owned(),
        })
    }

    /// The sender knows of this many failures: what it submits from now on is written.
    pub fn saw_failure(&mut self, failures: u64) {
        self.failures = failures;
    }
}

/// Lets go of a journal as the end of its process does.
#[derive(Debug)]
pub struct Abandon {
    asked: Arc<AtomicBool>,
    ended: oneshot::Receiver<Infallible>,
}

impl Abandon {
    /// What waits for the disk is not written; a commit that is under way ends. Returns once the
    /// file is free. Only when the writer is dropped, too.
    pub async fn now(self) {
        self.asked.store(true, Ordering::Relaxed);
        let _ = self.ended.await; // nothing is ever sent
    }
}

/// Starts the thread.
pub(super) fn start(
    store: SqliteStore,
    hold: Hold,
    keeper: Keeper,
) -> (Writer, UnboundedReceiver<Report>, Abandon) {
    let (submit, batches) = sync_channel(BATCHES_WAITING_MAX);
    // Not longer than the batches that were submitted, each of which is answered once, and a few
    // words each second at most.
    let (reports, reported) = mpsc::unbounded_channel();
    let (alive, ended) = oneshot::channel();
    let asked = Arc::new(AtomicBool::new(false));
    let thread = Thread {
        store,
        _hold: hold,
        _alive: alive,
        keeper,
        batches,
        failures: 0,
        broken: None,
        abandoned: Arc::clone(&asked),
        reports,
    };
    std::thread::spawn(move || thread.run());
    (Writer { batches: submit, failures: 0 }, reported, Abandon { asked, ended })
}

/// At the end its parts go in this order: the file is closed, then let go of, then the reports end.
struct Thread {
    store: SqliteStore,
    _hold: Hold,
    _alive: oneshot::Sender<Infallible>,
    keeper: Keeper,
    batches: Receiver<Batch>,
    failures: u64,
    broken: Option<Broken>,
    abandoned: Arc<AtomicBool>,
    reports: UnboundedSender<Report>,
}

/// The disk takes nothing.
struct Broken {
    reason: String,
    next_probe: Instant,
}

impl Thread {
    fn run(mut self) {
        while let Some(batches) = self.gather() {
            if self.is_abandoned() {
                return;
            }
            let (news, stale): (Vec<_>, Vec<_>) =
                batches.into_iter().partition(|(_, _, failures)| *failures == self.failures);
            for (persist, _, _) in stale {
                self.fail(persist);
            }
            if !news.is_empty() {
                self.commit(news);
            }
            self.look_after();
        }
        if !self.is_abandoned() {
            self.store.fold_log();
        }
    }

    fn is_abandoned(&self) -> bool {
        self.abandoned.load(Ordering::Relaxed)
    }

    /// What waits, or nothing when something else is due. `None` once nobody submits any more.
    fn gather(&self) -> Option<Vec<Batch>> {
        let now = Instant::now();
        let pause = match &self.broken {
            Some(broken) => broken.next_probe.saturating_duration_since(now),
            None => self.keeper.pause(now),
        };
        match self.batches.recv_timeout(pause) {
            Ok(first) => {
                let more = self.batches.try_iter().take(BATCHES_PER_COMMIT_MAX - 1);
                Some(std::iter::once(first).chain(more).collect())
            }
            Err(RecvTimeoutError::Timeout) => Some(Vec::new()),
            Err(RecvTimeoutError::Disconnected) => None,
        }
    }

    fn commit(&mut self, batches: Vec<Batch>) {
        let (ids, records): (Vec<_>, Vec<_>) =
            batches.into_iter().map(|(persist, records, _)| (persist, records)).unzip();
        let records: Vec<Record> = records.into_iter().flatten().collect();
        let began = Instant::now();
        let result = self.store.append(&records);
        let took_us = began.elapsed().as_micros();
        debug!(batches = ids.len(), records = records.len(), took_us, "journal commit");
        let written = result.is_ok();
        self.note(result);
        if !written {
            self.failures += 1;
        }
        for persist in ids {
            match written {
                true => self.report(Report::Persisted(persist)),
                false => self.fail(persist),
            }
        }
    }

    fn fail(&self, persist: PersistId) {
        let reason = self.broken.as_ref().map(|broken| broken.reason.clone());
        let reason = reason.unwrap_or_else(|| "an earlier write failed".to_owned());
        self.report(Report::Failed { persist, reason, failures: self.failures });
    }

    /// One thing at a time, so that batches need not wait long.
    fn look_after(&mut self) {
        let now = Instant::now();
        match &self.broken {
            Some(broken) if now < broken.next_probe => {}
            Some(_) => {
                let result = self.store.probe();
                self.note(result);
            }
            None => match self.keeper.step(&mut self.store, LiveClock::start().now(), now) {
                Ok(0) => {}
                Ok(removed) => self.report(Report::Removed(removed)),
                Err(error) => self.note(Err(error)),
            },
        }
    }

    /// Says so when the disk begins or ceases to take what it is given.
    fn note(&mut self, result: Result<(), StoreError>) {
        let next_probe = Instant::now() + Duration::from_millis(PROBE_MS);
        match (result, &mut self.broken) {
            (Ok(()), None) => {}
            (Ok(()), Some(_)) => {
                self.broken = None;
                self.report(Report::Writable);
            }
            (Err(error), known) => {
                let reason = reason(&error);
                let is_news = known.is_none();
                *known = Some(Broken { reason: reason.clone(), next_probe });
                if is_news {
                    self.report(Report::Unwritable(reason));
                }
            }
        }
    }

    fn report(&self, report: Report) {
        // Nobody listens any more: the loop is gone, but what was submitted is still written.
        let _ = self.reports.send(report);
    }
}

/// SQLite's own words, since whoever passes them on says what could not be done.
fn reason(error: &StoreError) -> String {
    match error {
        StoreError::Append(cause) => cause.to_string(),
        StoreError::Read(_) | StoreError::Damaged { .. } => host::exit::chain(error),
    }
}
