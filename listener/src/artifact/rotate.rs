//! Logs that begin anew when they are full: `NAME.1` is what was before, `NAME.2` before that.

use std::io;
use std::path::{Path, PathBuf};

use super::{FileError, Files, checked};

impl Files {
    /// Puts one line, with its end, behind those that a log has, by one write. A log that would be
    /// larger than `most` bytes is put aside first, and the oldest of more than `keep` goes.
    pub fn log(&self, name: &str, line: &str, most: u64, keep: usize) -> Result<(), FileError> {
        let path = checked(name)?;
        let size = self.root.metadata(path).map_or(0, |known| known.len());
        if size > 0 && size.saturating_add(line.len() as u64) > most {
            self.put_aside(path, name, keep)?;
        }
        self.save(name, line.as_bytes(), true).map(|_| ())
    }

    fn put_aside(&self, path: &Path, name: &str, keep: usize) -> Result<(), FileError> {
        let numbered = |number: usize| PathBuf::from(format!("{name}.{number}"));
        let done = |done: io::Result<()>| match done {
            Err(error) if error.kind() != io::ErrorKind::NotFound => Err(self.refused(name, error)),
            Ok(()) | Err(_) => Ok(()),
        };
        if keep == 0 {
            return done(self.root.remove_file(path));
        }
        for number in (1..keep).rev() {
            done(self.root.rename(numbered(number), &self.root, numbered(number + 1)))?;
        }
        done(self.root.rename(path, &self.root, numbered(1)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Goal: a full log begins anew, so many former ones stay, and no line is torn. Method: ten
    /// lines, two to a file.
    #[test]
    fn a_full_log_begins_anew() {
        let directory = tempfile::tempdir().unwrap();
        let files = Files::open(directory.path()).unwrap();
        for number in 0..10 {
            files.log("logs/a.log", &format!("line {number}\n"), 14, 2).unwrap();
        }
        let read = |name: &str| std::fs::read_to_string(directory.path().join(name)).ok();
        assert_eq!(read("logs/a.log").as_deref(), Some("line 8\nline 9\n"));
        assert_eq!(read("logs/a.log.1").as_deref(), Some("line 6\nline 7\n"));
        assert_eq!(read("logs/a.log.2").as_deref(), Some("line 4\nline 5\n"));
        assert_eq!(read("logs/a.log.3"), None);
        assert!(files.log("../a.log", "x\n", 14, 2).is_err());
    }
}
