//! Whether files have changed: by their time, size and place on the disk, looked at now and then.
//!
//! Used by the reload alone. It reads no file. A file that is being written changes from look to
//! look, and is left alone until it has come to rest.

use std::os::unix::fs::MetadataExt as _;
use std::path::PathBuf;

/// Some files, and how they were.
#[derive(Debug, Default)]
pub struct Watch {
    files: Vec<PathBuf>,
    /// When they were read.
    known: Vec<Mark>,
    /// At the last look.
    seen: Vec<Mark>,
}

/// What tells one state of a file from another; `None` while it is not there.
type Mark = Option<(i64, i64, u64, u64)>;

impl Watch {
    /// Watches these files, as they are now: to be made as soon as they have been read.
    pub fn new(files: Vec<PathBuf>) -> Self {
        let marks = marks(&files);
        Watch { files, known: marks.clone(), seen: marks }
    }

    /// Looks: whether a file is not as it was when it was read, and all are as they were at the
    /// look before.
    pub(super) fn has_changed(&mut self) -> bool {
        let now = marks(&self.files);
        let at_rest = now == self.seen;
        self.seen = now;
        at_rest && self.seen != self.known
    }

    /// Takes the files as they are: they are about to be read.
    pub(super) fn settle(&mut self) {
        self.known = marks(&self.files);
        self.seen.clone_from(&self.known);
    }

    /// Watches other files from now on; those that it watched already keep what is known of them.
    pub(super) fn follow(&mut self, files: Vec<PathBuf>) {
        let known = |file: &PathBuf| {
            let place = self.files.iter().position(|watched| watched == file);
            place.map_or_else(|| mark(file), |place| self.known[place])
        };
        self.known = files.iter().map(known).collect();
        self.seen.clone_from(&self.known);
        self.files = files;
    }
}

fn marks(files: &[PathBuf]) -> Vec<Mark> {
    files.iter().map(mark).collect()
}

fn mark(file: &PathBuf) -> Mark {
    let found = std::fs::metadata(file).ok()?;
    Some((found.mtime(), found.mtime_nsec(), found.size(), found.ino()))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Goal: a change is seen once it has come to rest, and once. Method: write, write on, remove,
    /// and replace a file by another.
    #[test]
    fn a_change_is_seen_when_it_has_come_to_rest() {
        let dir = tempfile::tempdir().unwrap();
        let (file, other) = (dir.path().join("a"), dir.path().join("b"));
        std::fs::write(&file, "1").unwrap();
        let mut watch = Watch::new(vec![file.clone()]);
        assert!(!watch.has_changed());
        std::fs::write(&file, "22").unwrap();
        assert!(!watch.has_changed(), "it may be half written");
        std::fs::write(&file, "333").unwrap();
        assert!(!watch.has_changed(), "it was");
        assert!(watch.has_changed());
        watch.settle();
        assert!(!watch.has_changed());
        // As editors do: another file takes the name.
        std::fs::write(&other, "444").unwrap();
        std::fs::rename(&other, &file).unwrap();
        assert!(!watch.has_changed());
        assert!(watch.has_changed());
        watch.settle();
        std::fs::remove_file(&file).unwrap();
        assert!(!watch.has_changed());
        assert!(watch.has_changed());
        watch.settle();
        watch.follow(vec![file.clone(), other.clone()]);
        assert!(!watch.has_changed());
        std::fs::write(&other, "a secret comes").unwrap();
        assert!(!watch.has_changed());
        assert!(watch.has_changed());
    }
}
