//! The journal's file, held by one process and kept an eye on.
//!
//! Used when a journal is opened to be written, and by its store before and after each commit. It
//! reads and writes nothing of the file itself.

use std::fs::{File, Metadata, OpenOptions, TryLockError};
use std::io::Write as _;
use std::os::unix::fs::{MetadataExt as _, OpenOptionsExt as _};
use std::path::{Path, PathBuf};

use super::JournalError;

/// What the lock file says once there was a journal beside it.
const USED: &[u8] = b"a journal of ednm\n";

/// A file that no other process writes. The system lets go of it when this one dies.
#[derive(Debug)]
pub(super) struct Hold {
    /// Where it is, links resolved: another way to the same file finds the same lock and log.
    pub(super) path: PathBuf,
    lock: File,
    /// The file itself is locked too, for it may have other names. It is closed after SQLite's
    /// connection: a process that closes a file gives up its record locks on it.
    _file: File,
}

impl Hold {
    /// Makes the file if there is none, and holds it.
    pub(super) fn take(path: &Path) -> Result<Self, JournalError> {
        let existed = path.exists();
        if !existed && log(path).metadata().is_ok_and(|log| log.len() > 0) {
            let what = "its log is there, and it is not".to_owned();
            return Err(JournalError::Damaged(path.to_owned(), what));
        }
        let file = make(path)?;
        let failed = |source| JournalError::Write(path.to_owned(), source);
        let real = path.canonicalize().map_err(failed)?;
        let mut options = OpenOptions::new();
        options.read(true).append(true).create(true).mode(0o600);
        let lock = options.open(real.with_extension("lock")).map_err(failed)?;
        for held in [&lock, &file] {
            held.try_lock().map_err(|refused| match refused {
                TryLockError::WouldBlock => JournalError::InUse(path.to_owned()),
                TryLockError::Error(source) => failed(source),
            })?;
        }
        let used = lock.metadata().map_err(failed)?.len() > 0 || log(&real).exists();
        if existed && used && file.metadata().map_err(failed)?.len() == 0 {
            return Err(JournalError::Damaged(path.to_owned(), "it is empty".to_owned()));
        }
        Ok(Hold { path: real, lock, _file: file })
    }

    /// Notes that there is a journal now: a file that is empty later has lost what it held.
    pub(super) fn used(&mut self) -> Result<(), JournalError> {
        let failed = |source| JournalError::Write(self.path.clone(), source);
        if self.lock.metadata().map_err(failed)?.len() == 0 {
            self.lock.write_all(USED).map_err(failed)?;
        }
        Ok(())
    }
}

/// Opens the file, made if there is none. Not by SQLite, which would make it readable to all; its
/// log inherits the mode.
pub(super) fn make(path: &Path) -> Result<File, JournalError> {
    // A pipe would be waited for.
    if path.metadata().is_ok_and(|found| !found.is_file()) {
        return Err(JournalError::NoFile(path.to_owned()));
    }
    let mut options = OpenOptions::new();
    let made = options.append(true).create(true).mode(0o600).open(path);
    made.map_err(|source| JournalError::Write(path.to_owned(), source))
}

/// The file and its log as they were when they were opened.
#[derive(Debug)]
pub(super) struct Place(Vec<(PathBuf, (u64, u64))>);

impl Place {
    /// Remembers which files they are.
    pub(super) fn of(path: &Path) -> std::io::Result<Self> {
        let files = [path.to_owned(), log(path)].map(|path| {
            let metadata = path.metadata()?;
            Ok((path, inode(&metadata)))
        });
        files.into_iter().collect::<std::io::Result<_>>().map(Place)
    }

    /// An error if one of them is not there any more. It can still be written, but nobody could
    /// read it again.
    pub(super) fn check(&self) -> std::io::Result<()> {
        for (path, opened) in &self.0 {
            if !path.metadata().is_ok_and(|metadata| inode(&metadata) == *opened) {
                let shown = path.display();
                let what = format!("`{shown}` was removed or replaced while it was in use");
                return Err(std::io::Error::other(what));
            }
        }
        Ok(())
    }
}

fn inode(metadata: &Metadata) -> (u64, u64) {
    (metadata.dev(), metadata.ino())
}

fn log(path: &Path) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push("-wal");
    name.into()
}
