//! The trace of a live lab: every fact as one JSON line of a file, as it happens.
//!
//! Started by [`super::spawn`] before the routers, so that no fact is missed. A thread of its own
//! writes: a slow disk holds no router up. The facts that wait for it are those of the lab's feed;
//! what falls out of that is counted, in the file and on standard error.

use std::fs::{File, OpenOptions, Permissions};
use std::io::{self, Write};
use std::os::unix::fs::{OpenOptionsExt as _, PermissionsExt as _};
use std::path::{Path, PathBuf};
use std::time::Duration;

use fact::{Fact, TraceWriter};
use host::message;
use simtime::Time;
use tokio::sync::broadcast::Receiver;
use tokio::sync::broadcast::error::RecvError;
use tokio::sync::oneshot;

/// Whoever owns the file, and nobody else: a fact may hold what a session typed.
const MODE: u32 = 0o600;
/// How long the end of a lab waits for its last lines, in milliseconds.
const END_MS_MAX: u64 = 2_000;

/// A file that was opened for a trace.
#[derive(Debug)]
pub struct TraceFile {
    path: PathBuf,
    file: File,
}

/// Why a trace cannot be written.
#[derive(Debug, thiserror::Error)]
#[error("cannot write the trace `{}`", path.display())]
pub struct TraceError {
    path: PathBuf,
    #[source]
    source: io::Error,
}

/// A trace that is being written.
#[derive(Debug)]
pub(super) struct Tracing(oneshot::Receiver<()>);

impl TraceFile {
    /// Opens the file; what it held is gone.
    pub fn create(path: &Path) -> Result<Self, TraceError> {
        let failed = |source| TraceError { path: path.to_owned(), source };
        let mut options = OpenOptions::new();
        let opened = options.write(true).create(true).truncate(true).mode(MODE).open(path);
        let file = opened.map_err(failed)?;
        // One that was there keeps its mode otherwise; a device or a pipe is not ours to change.
        if file.metadata().map_err(failed)?.is_file() {
            file.set_permissions(Permissions::from_mode(MODE)).map_err(failed)?;
        }
        Ok(TraceFile { path: path.to_owned(), file })
    }

    /// Writes all that the lab says from now on; times count from `start`.
    pub(super) fn follow(self, facts: Receiver<Fact>, start: Time) -> Tracing {
        let (running, ended) = oneshot::channel::<()>();
        std::thread::spawn(move || {
            let TraceFile { path, file } = self;
            if let Err(error) = write_all(file, facts, start) {
                let path = path.display();
                message::warning(&format!("the trace `{path}` ends here: {error}"));
            }
            drop(running);
        });
        Tracing(ended)
    }
}

impl Tracing {
    /// Waits for the last line of a lab that has ended, within a bound.
    pub(super) async fn end(self) {
        let bound = Duration::from_millis(END_MS_MAX);
        if tokio::time::timeout(bound, self.0).await.is_err() {
            message::warning("the trace's disk is too slow: its last lines are not written");
        }
    }
}

/// Ends with the lab, or when the place takes no more. Each line is handed over whole, at once, so
/// that whoever reads the file sees it.
fn write_all(mut place: impl Write, mut facts: Receiver<Fact>, start: Time) -> io::Result<()> {
    let mut lines = TraceWriter::new(start);
    loop {
        let line = match facts.blocking_recv() {
            Ok(fact) => lines.line(&fact),
            Err(RecvError::Lagged(lost)) => {
                message::warning(&format!("the trace's disk is too slow: {lost} lines are lost"));
                format!("{{\"lost\":{lost}}}\n")
            }
            Err(RecvError::Closed) => return Ok(()),
        };
        place.write_all(line.as_bytes())?;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use fact::Kind;
    use tokio::sync::broadcast;

    fn fact(number: u64) -> Fact {
        let at = Time::VIRTUAL_START + simtime::Duration::from_millis(number);
        let kind = Kind::Fault { step: format!("step {number}"), place: None };
        Fact { at, node: Some("R1".into()), trace: None, kind }
    }

    /// Goal: a place that is too slow loses the oldest lines, and the trace says how many.
    /// Method: a feed of four facts that nobody read in time.
    #[test]
    fn what_is_lost_is_counted() {
        let (feed, facts) = broadcast::channel(4);
        (0..7).for_each(|number| drop(feed.send(fact(number))));
        drop(feed);
        let mut place = Vec::new();
        write_all(&mut place, facts, Time::VIRTUAL_START).unwrap();
        let text = String::from_utf8(place).unwrap();
        let want = "{\"lost\":3}\n\
            {\"t\":3000,\"n\":1,\"node\":\"R1\",\"fact\":\"fault\",\"step\":\"step 3\"}\n";
        assert!(text.starts_with(want), "{text}");
        assert_eq!(text.lines().count(), 5);
    }

    /// Goal: nobody else reads a trace, not even in a file that was there before. Method: modes.
    #[test]
    fn the_file_is_its_owners_alone() {
        let state = host::StateDir::temporary().unwrap();
        let path = state.path().join("lab.jsonl");
        std::fs::write(&path, "old").unwrap();
        std::fs::set_permissions(&path, Permissions::from_mode(0o644)).unwrap();
        let _file = TraceFile::create(&path).unwrap();
        let metadata = std::fs::metadata(&path).unwrap();
        assert_eq!((metadata.len(), metadata.permissions().mode() & 0o777), (0, 0o600));
        let error = TraceFile::create(&state.path().join("no/lab.jsonl")).unwrap_err();
        assert!(error.to_string().starts_with("cannot write the trace `"), "{error}");
    }
}
