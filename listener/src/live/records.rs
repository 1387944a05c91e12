//! `[[records]]`: facts become lines of files, on a task of its own beside the live loop.
//!
//! Spawned with the loop; it reads the feed, and ends when the listener has stopped. A disk that is
//! slow holds nobody up: facts wait in the feed; those that it had to drop are counted and said.

use std::sync::Arc;

use automation::records::{Recorder, Records};
use fact::{Fact, Kind};
use host::{Line, LiveClock};
use tokio::sync::broadcast::Receiver;
use tokio::sync::broadcast::error::{RecvError, TryRecvError};
use tokio::sync::watch;

use super::teller::Teller;
use crate::artifact::Files;

/// Facts whose lines are written in one go.
const BATCH_FACTS_MAX: usize = 256;

/// What is written where.
#[derive(Clone, Debug)]
pub(super) struct Wanted {
    pub(super) records: Records,
    pub(super) files: Result<Arc<Files>, String>,
}

/// A line on its way to its file.
struct Entry {
    file: String,
    line: String,
    rotate: u64,
    keep: usize,
}

pub(super) struct Recording {
    pub(super) facts: Receiver<Fact>,
    pub(super) wanted: watch::Receiver<Wanted>,
    pub(super) teller: Teller,
    pub(super) clock: LiveClock,
}

impl Recording {
    /// Until the listener has stopped.
    pub(super) async fn run(mut self) {
        let mut recorder = Recorder::default();
        let mut failing = false;
        let mut is_over = false;
        while !is_over {
            let first = match self.facts.recv().await {
                Ok(fact) => fact,
                Err(RecvError::Lagged(count)) => {
                    self.lost(count);
                    continue;
                }
                Err(RecvError::Closed) => return,
            };
            let wanted = self.wanted.borrow_and_update().clone();
            let mut entries = Vec::new();
            let mut next = Some(first);
            let mut taken = 0;
            while let Some(fact) = next.take() {
                is_over |= fact.kind == Kind::Stopped;
                entries.extend(lines(&mut recorder, &wanted.records, &fact));
                taken += 1;
                if taken < BATCH_FACTS_MAX && !is_over {
                    next = self.another();
                }
            }
            self.write(wanted.files, entries, &mut failing).await;
        }
    }

    /// The next fact, if there is one already.
    fn another(&mut self) -> Option<Fact> {
        loop {
            match self.facts.try_recv() {
                Ok(fact) => return Some(fact),
                Err(TryRecvError::Lagged(count)) => self.lost(count),
                Err(TryRecvError::Empty | TryRecvError::Closed) => return None,
            }
        }
    }

    async fn write(
        &self,
        files: Result<Arc<Files>, String>,
        entries: Vec<Entry>,
        failing: &mut bool,
    ) {
        if entries.is_empty() {
            return;
        }
        let count = entries.len();
        let written = match files {
            Ok(files) => {
                let task = tokio::task::spawn_blocking(move || write_all(&files, &entries));
                task.await.unwrap_or_else(|lost| (count, Some(lost.to_string())))
            }
            Err(why) => (count, Some(why)),
        };
        let (lost, why) = written;
        self.teller.metrics.recorded(count - lost, lost);
        // Said once while it lasts: every line would be a line.
        match why {
            Some(why) if !*failing => {
                let line = Line::new("RECORDS_UNWRITABLE").field("reason", why);
                self.teller.line(line.field("lines_lost", lost).at(self.clock.now()));
            }
            None if *failing => {
                self.teller.line(Line::new("RECORDS_WRITABLE").at(self.clock.now()));
            }
            Some(_) | None => {}
        }
        *failing = lost > 0;
    }

    fn lost(&self, count: u64) {
        self.teller.metrics.unrecorded(count);
        let line = Line::new("RECORDS_LAG").field("facts_lost", count);
        self.teller.line(line.at(self.clock.now()));
    }
}

fn lines(recorder: &mut Recorder, records: &Records, fact: &Fact) -> Vec<Entry> {
    let lines = recorder.lines(records, fact).into_iter();
    lines
        .map(|(record, line)| Entry {
            file: record.file.clone(),
            line: format!("{line}\n"),
            rotate: record.rotate,
            keep: record.keep,
        })
        .collect()
}

/// How many lines were lost, and why the last of them was.
fn write_all(files: &Files, entries: &[Entry]) -> (usize, Option<String>) {
    let mut lost = (0, None);
    for Entry { file, line, rotate, keep } in entries {
        if let Err(error) = files.log(file, line, *rotate, *keep) {
            lost = (lost.0 + 1, Some(error.told()));
        }
    }
    lost
}
