//! `--watch`: the tests again whenever one of their files has changed, until Ctrl-C.

use std::path::PathBuf;
use std::time::{Duration, SystemTime};

use host::{ExpectedError, message};

use super::{file, once, paths};
use crate::args::EemTestArgs;

/// How often the files are looked at, in milliseconds.
const LOOK_MS: u64 = 200;

/// Runs, waits for a change, runs again. What a run says does not end it.
pub(super) fn watch(args: &EemTestArgs) -> Result<(), ExpectedError> {
    loop {
        let before = stamps(args);
        if let Err(error) = once(args) {
            error.print();
        }
        message::note("waiting for a change (Ctrl-C ends this)");
        while stamps(args) == before {
            std::thread::sleep(Duration::from_millis(LOOK_MS));
        }
    }
}

/// When each file was written.
fn stamps(args: &EemTestArgs) -> Vec<(PathBuf, Option<SystemTime>)> {
    let mut files = paths(&args.paths).unwrap_or_default();
    let read = |path: &PathBuf| file::read(path, &mut Vec::new()).ok().flatten();
    let more: Vec<PathBuf> = files.iter().filter_map(read).flat_map(|suite| suite.files).collect();
    files.extend(more);
    let stamp = |path: PathBuf| {
        let written = std::fs::metadata(&path).and_then(|file| file.modified()).ok();
        (path, written)
    };
    files.into_iter().map(stamp).collect()
}
