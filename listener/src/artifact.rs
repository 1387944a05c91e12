//! The files that actions write: below one directory, whatever their names say.
//!
//! Called by the live loop, on a thread that may wait for a disk. Names hold values of events: each
//! path is walked from the open root, and a `..` or a symbolic link that leads out of it is an
//! error of the action. A file is replaced as a whole or not at all.

mod backup;
mod git;
mod rotate;

use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};

use automation::files::check_name;
use cap_std::ambient_authority;
use cap_std::fs::{Dir, DirBuilder, DirBuilderExt as _, OpenOptions, OpenOptionsExt as _};

pub use backup::{Backed, Backup};
pub use git::GitError;

/// The most that is written at once, in bytes.
pub const WRITE_BYTES_MAX: usize = 8 << 20;
/// How large a file may grow by lines that are added to it, in bytes.
const FILE_BYTES_MAX: u64 = 64 << 20;

/// Whom a file is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Readers {
    /// Whoever the user's mask lets.
    ByMask,
    /// The user alone.
    Owner,
}

/// Why a file was not written.
#[derive(Debug, thiserror::Error)]
pub enum FileError {
    /// The root.
    #[error("cannot use the directory `{}`", path.display())]
    Root {
        /// Which.
        path: PathBuf,
        /// Why.
        #[source]
        source: io::Error,
    },
    /// A name that is none, or leads out of the root.
    #[error("`{name}` is no name of a file below the directory of `[files]`: {why}")]
    Name {
        /// Which.
        name: String,
        /// Why.
        why: &'static str,
    },
    /// More than may be written.
    #[error("`{name}` would be larger than {most} bytes")]
    TooLarge {
        /// Which.
        name: String,
        /// The bound.
        most: u64,
    },
    /// The disk.
    #[error("cannot write `{name}`")]
    Write {
        /// Which.
        name: String,
        /// Why.
        #[source]
        source: io::Error,
    },
    /// What a backup is compared with.
    #[error("cannot read `{name}`")]
    Read {
        /// Which.
        name: String,
        /// Why.
        #[source]
        source: io::Error,
    },
    /// The history of a backup.
    #[error("`{name}` is written, but not committed")]
    Git {
        /// Which.
        name: String,
        /// Why.
        #[source]
        source: GitError,
    },
}

impl FileError {
    /// All of it in one line.
    pub fn told(&self) -> String {
        let mut words = self.to_string();
        let mut next = std::error::Error::source(self);
        while let Some(source) = next {
            words.push_str(": ");
            words.push_str(&source.to_string());
            next = source.source();
        }
        words
    }
}

/// A directory, held open, out of which nothing leads.
#[derive(Debug)]
pub struct Files {
    path: PathBuf,
    root: Dir,
    /// Makes names of unfinished files differ.
    unfinished: AtomicU64,
    /// One backup at a time: it compares before it writes.
    backing: tokio::sync::Mutex<()>,
}

impl Files {
    /// Opens the root, and makes it where it is not there.
    pub fn open(path: &Path) -> Result<Self, FileError> {
        let failed = |source| FileError::Root { path: path.to_owned(), source };
        std::fs::create_dir_all(path).map_err(failed)?;
        let root = Dir::open_ambient_dir(path, ambient_authority()).map_err(failed)?;
        let path = std::fs::canonicalize(path).map_err(failed)?;
        let backing = tokio::sync::Mutex::new(());
        Ok(Files { path, root, unfinished: AtomicU64::new(0), backing })
    }

    /// Where it is.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Puts bytes in the place of a file, or behind what is in it. Gives the file's size.
    pub fn save(&self, name: &str, bytes: &[u8], append: bool) -> Result<u64, FileError> {
        let path = checked(name)?;
        self.make_parents(path, name, Readers::ByMask)?;
        if append {
            self.append(path, name, bytes)
        } else {
            self.replace(path, bytes, Readers::ByMask)
        }
    }

    fn append(&self, path: &Path, name: &str, bytes: &[u8]) -> Result<u64, FileError> {
        let failed = |source| FileError::Write { name: name.to_owned(), source };
        let before = match self.root.metadata(path) {
            Ok(known) if known.is_file() => known.len(),
            // A pipe would make us wait, and a device do anything.
            Ok(_) => return Err(no_name(name, "there is something that is no file")),
            Err(error) if error.kind() == io::ErrorKind::NotFound => 0,
            Err(source) => return Err(self.refused(name, source)),
        };
        let after = before.saturating_add(bytes.len() as u64);
        if after > FILE_BYTES_MAX {
            return Err(FileError::TooLarge { name: name.to_owned(), most: FILE_BYTES_MAX });
        }
        let mut options = OpenOptions::new();
        options.append(true).create(true);
        let opened = self.root.open_with(path, &options);
        let mut file = opened.map_err(|source| self.refused(name, source))?;
        file.write_all(bytes).map_err(failed)?;
        Ok(after)
    }

    /// By another name first, so that nobody ever reads half of it.
    fn replace(&self, path: &Path, bytes: &[u8], readers: Readers) -> Result<u64, FileError> {
        let name = path.display().to_string();
        if bytes.len() > WRITE_BYTES_MAX {
            return Err(FileError::TooLarge { name, most: WRITE_BYTES_MAX as u64 });
        }
        if self.root.symlink_metadata(path).is_ok_and(|known| known.is_dir()) {
            return Err(no_name(&name, "there is a directory of this name"));
        }
        let number = self.unfinished.fetch_add(1, Ordering::Relaxed);
        let unfinished = format!(".ednm-{}-{number}.tmp", std::process::id());
        let unfinished = path.with_file_name(unfinished);
        let mut options = OpenOptions::new();
        options.write(true).create_new(true);
        if readers == Readers::Owner {
            options.mode(0o600);
        }
        let opened = self.root.open_with(&unfinished, &options);
        let mut file = opened.map_err(|source| self.refused(&name, source))?;
        let written = file.write_all(bytes).and_then(|()| file.sync_data());
        let renamed = written.and_then(|()| self.root.rename(&unfinished, &self.root, path));
        if let Err(source) = renamed {
            // Whether or not it can be taken away, the first error counts.
            let _ = self.root.remove_file(&unfinished);
            return Err(FileError::Write { name, source });
        }
        Ok(bytes.len() as u64)
    }

    fn make_parents(&self, path: &Path, name: &str, readers: Readers) -> Result<(), FileError> {
        let Some(parent) = path.parent().filter(|parent| *parent != Path::new("")) else {
            return Ok(());
        };
        self.make_directory(parent, name, readers)
    }

    fn make_directory(&self, path: &Path, name: &str, readers: Readers) -> Result<(), FileError> {
        let mut builder = DirBuilder::new();
        builder.recursive(true);
        if readers == Readers::Owner {
            builder.mode(0o700);
        }
        let made = self.root.create_dir_with(path, &builder);
        made.map_err(|source| match source.kind() {
            io::ErrorKind::AlreadyExists => {
                no_name(name, "what stands in its way is no directory below it")
            }
            _ => self.refused(name, source),
        })
    }

    /// An error on the way to a file.
    fn refused(&self, name: &str, source: io::Error) -> FileError {
        match source.kind() {
            // What the walk from the root says of a link that leads out of it.
            io::ErrorKind::PermissionDenied if source.raw_os_error().is_none() => {
                no_name(name, "it leads out of it")
            }
            _ => FileError::Write { name: name.to_owned(), source },
        }
    }
}

fn no_name(name: &str, why: &'static str) -> FileError {
    FileError::Name { name: name.to_owned(), why }
}

fn checked(name: &str) -> Result<&Path, FileError> {
    check_name(name).map_err(|why| no_name(name, why))?;
    Ok(Path::new(name))
}

#[cfg(test)]
mod tests;
