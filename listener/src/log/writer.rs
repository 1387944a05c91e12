//! A thread that writes log lines, so that a stuck terminal never holds up the live loop.
//!
//! Called by whoever logs; a full queue loses lines and counts them.

use std::io::Write;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::time::Duration;

/// Lines that wait for the terminal.
const LINES_WAITING_MAX: usize = 4_096;
/// How long the end of a program waits for its last lines, in milliseconds.
const FLUSH_MS_MAX: u64 = 500;

/// Where lines go. Cheap to clone; the thread ends with the last one.
#[derive(Clone, Debug)]
pub struct Log {
    to: Option<SyncSender<Item>>,
    lost: Arc<AtomicU64>,
}

#[derive(Debug)]
enum Item {
    Line(String),
    Flush(SyncSender<()>),
}

impl Log {
    /// A log that keeps nothing: `ednm demo` shows the loop in its own way.
    pub fn silent() -> Self {
        Log { to: None, lost: Arc::default() }
    }

    /// The program's stderr.
    pub fn stderr() -> Self {
        Log::to(std::io::stderr())
    }

    /// Any place.
    pub fn to(place: impl Write + Send + 'static) -> Self {
        let (to, items) = sync_channel(LINES_WAITING_MAX);
        let lost = Arc::new(AtomicU64::new(0));
        let counted = Arc::clone(&lost);
        std::thread::spawn(move || write_all(place, &items, &counted));
        Log { to: Some(to), lost }
    }

    /// Waits until what was queued so far is written, within a bound: for the end of a program.
    pub fn flush(&self) {
        let (written, reached) = sync_channel(1);
        if let Some(to) = &self.to
            && to.try_send(Item::Flush(written)).is_ok()
        {
            // A place that is stuck is given up.
            let _ = reached.recv_timeout(Duration::from_millis(FLUSH_MS_MAX));
        }
    }

    /// Queues one line.
    pub fn line(&self, line: String) {
        if let Some(to) = &self.to
            && to.try_send(Item::Line(line)).is_err()
        {
            self.lost.fetch_add(1, Ordering::Relaxed);
        }
    }
}

/// Ends when the last [`Log`] is dropped, or when the place is gone.
fn write_all(mut place: impl Write, items: &Receiver<Item>, lost: &AtomicU64) {
    while let Ok(item) = items.recv() {
        let line = match item {
            Item::Line(line) => line,
            Item::Flush(written) => {
                let _ = written.send(());
                continue;
            }
        };
        let lost = lost.swap(0, Ordering::Relaxed);
        let written = writeln!(place, "{line}");
        let told = match lost {
            0 => Ok(()),
            count => writeln!(place, "{}", lost_line(count, &line)),
        };
        if written.and(told).is_err() {
            return;
        }
    }
}

/// Carries the instant of the line before it: the thread reads no clock of its own.
fn lost_line(count: u64, before: &str) -> String {
    let ts = before.rfind(" ts=").map_or("", |at| &before[at..]);
    format!("LOG_LINES_LOST count={count}{ts}")
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Goal: a place that takes no more lines loses them, without holding the caller up.
    #[test]
    fn a_stuck_place_loses_lines_and_says_how_many() {
        let (queue, lines) = sync_channel(1);
        let log = Log { to: Some(queue), lost: Arc::default() };
        for number in 0..4 {
            log.line(format!("LINE number={number} ts=2026-01-01T00:00:00.000000Z"));
        }
        let lost = Arc::clone(&log.lost);
        drop(log);
        let mut place = Vec::new();
        write_all(&mut place, &lines, &lost);
        let want = "LINE number=0 ts=2026-01-01T00:00:00.000000Z\n\
                    LOG_LINES_LOST count=3 ts=2026-01-01T00:00:00.000000Z\n";
        assert_eq!(String::from_utf8(place).unwrap(), want);
    }
}
