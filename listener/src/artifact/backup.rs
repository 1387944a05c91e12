//! Backups of configurations: written when something changed, with what was before kept.
//!
//! The text comes without volatile lines and without secrets; the file is for its owner alone all
//! the same. Older ones are in a git repository, or beside it with their date in the name.

use std::io::{self, Read as _};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use automation::backup::{difference, file_name};
use simtime::Time;

use super::{FileError, Files, Readers, WRITE_BYTES_MAX, checked, git};

/// Older configurations of one device that are kept without git; the oldest goes first.
const COPIES_MAX: usize = 20;
/// Where they are, below the directory of the backups.
const COPIES: &str = "history";

/// What is to be kept.
#[derive(Clone, Debug)]
pub struct Backup {
    /// Below the root.
    pub directory: String,
    /// The device.
    pub device: String,
    /// Its configuration.
    pub text: String,
    /// Whether git keeps what was before.
    pub git: bool,
}

/// What became of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Backed {
    /// Below the root.
    pub file: String,
    /// Whether it differs from the last.
    pub changed: bool,
    /// How, as `diff -u` says it; empty where it does not, or is the first.
    pub diff: String,
    /// Its size.
    pub bytes: u64,
}

impl Files {
    /// Compares with the last backup, and writes where there is a difference.
    pub async fn backup(self: Arc<Self>, backup: Backup, now: Time) -> Result<Backed, FileError> {
        let _one_at_a_time = self.backing.lock().await;
        let with_git = backup.git;
        let directory = self.path.join(&backup.directory);
        let (device, files) = (backup.device.clone(), Arc::clone(&self));
        let written = tokio::task::spawn_blocking(move || files.write_backup(&backup, now)).await;
        let backed = written.unwrap_or_else(|lost| {
            let source = io::Error::other(lost);
            Err(FileError::Write { name: device.clone(), source })
        })?;
        if with_git {
            // What an earlier run wrote and did not commit is committed now.
            let inside = Path::new(&backed.file).file_name().unwrap_or_default();
            let committed = git::commit(&directory, Path::new(inside), &device).await;
            let name = backed.file.clone();
            committed.map_err(|source| FileError::Git { name, source })?;
        }
        Ok(backed)
    }

    fn write_backup(&self, backup: &Backup, now: Time) -> Result<Backed, FileError> {
        let file = format!("{}/{}", backup.directory, file_name(&backup.device));
        let path = checked(&file)?;
        self.make_parents(path, &file, Readers::Owner)?;
        let last = self.last(path, &file)?;
        let bytes = backup.text.len() as u64;
        let Some(diff) = difference(last.as_deref(), &backup.text, &backup.device) else {
            return Ok(Backed { file, changed: false, diff: String::new(), bytes });
        };
        if let Some(last) = last.filter(|_| !backup.git) {
            self.keep_copy(backup, &last, now)?;
        }
        self.replace(path, backup.text.as_bytes(), Readers::Owner)?;
        Ok(Backed { file, changed: true, diff, bytes })
    }

    fn last(&self, path: &Path, name: &str) -> Result<Option<String>, FileError> {
        let failed = |source| FileError::Read { name: name.to_owned(), source };
        let known = match self.root.metadata(path) {
            Ok(known) => known,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            Err(source) => return Err(self.refused(name, source)),
        };
        if !known.is_file() {
            return Err(super::no_name(name, "there is something that is no file"));
        }
        let mut bytes = Vec::new();
        let file = self.root.open(path).map_err(failed)?;
        file.take(WRITE_BYTES_MAX as u64).read_to_end(&mut bytes).map_err(failed)?;
        Ok(Some(String::from_utf8_lossy(&bytes).into_owned()))
    }

    /// `history/R1.20261126T120000.000Z.cfg`, and the oldest ones away.
    fn keep_copy(&self, backup: &Backup, last: &str, now: Time) -> Result<(), FileError> {
        let directory = format!("{}/{COPIES}", backup.directory);
        let stem = file_name(&backup.device);
        let stem = stem.strip_suffix(".cfg").unwrap_or(&stem);
        let stamp: String = now.to_string().chars().filter(|c| !matches!(c, '-' | ':')).collect();
        let copy = format!("{directory}/{stem}.{stamp}.cfg");
        let path = checked(&copy)?;
        self.make_parents(path, &copy, Readers::Owner)?;
        self.replace(path, last.as_bytes(), Readers::Owner)?;
        let failed = |source| FileError::Read { name: directory.clone(), source };
        let mut copies: Vec<String> = Vec::new();
        for entry in self.root.read_dir(&directory).map_err(failed)? {
            let name = entry.map_err(failed)?.file_name().to_string_lossy().into_owned();
            if is_copy(&name, stem) {
                copies.push(name);
            }
        }
        // The date sorts.
        copies.sort_unstable();
        let too_many = copies.len().saturating_sub(COPIES_MAX);
        for name in &copies[..too_many] {
            let path = PathBuf::from(&directory).join(name);
            let gone = self.root.remove_file(&path);
            gone.map_err(|source| FileError::Write { name: path.display().to_string(), source })?;
        }
        Ok(())
    }
}

/// Whether a file is an older one of this device, and not of one whose name begins the same.
fn is_copy(name: &str, stem: &str) -> bool {
    let rest = name.strip_prefix(stem).and_then(|rest| rest.strip_prefix('.'));
    let stamp = rest.and_then(|rest| rest.strip_suffix(".cfg"));
    stamp.is_some_and(|stamp| {
        stamp.ends_with('Z') && stamp.bytes().all(|b| b.is_ascii_digit() || b"T.Z".contains(&b))
    })
}
