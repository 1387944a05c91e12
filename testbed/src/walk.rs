//! The files that the paths of a command line mean.
//!
//! Used by `test`, `check` and `eem check`. It never leaves the directory that was named: a link
//! out of it is not followed, nor is one to a directory.

use std::fs::DirEntry;
use std::path::{Path, PathBuf};

use host::ExpectedError;

/// Files below one path.
const FILES_MAX: usize = 10_000;
/// How deep directories are looked into.
const DEPTH_MAX: usize = 32;
/// A directory that holds this file is a cache, such as `target`: its files are nobody's own.
const CACHE_TAG: &str = "CACHEDIR.TAG";

/// A file as it is; of a directory each `*.toml` below it, in order, except in hidden directories
/// and caches.
pub(crate) fn toml_files(path: &Path) -> Result<Vec<PathBuf>, ExpectedError> {
    files(path, &["toml"])
}

/// The same with other endings.
pub(crate) fn files(
    path: &Path,
    endings: &'static [&'static str],
) -> Result<Vec<PathBuf>, ExpectedError> {
    if !path.is_dir() {
        return Ok(vec![path.to_owned()]);
    }
    let root = path.canonicalize().map_err(|error| unreadable(path, &error))?;
    let mut walk = Walk { root, endings, files: Vec::new() };
    walk.directory(path, 0)?;
    Ok(walk.files)
}

struct Walk {
    root: PathBuf,
    endings: &'static [&'static str],
    files: Vec<PathBuf>,
}

impl Walk {
    fn directory(&mut self, path: &Path, depth: usize) -> Result<(), ExpectedError> {
        if depth > DEPTH_MAX {
            let text = format!("`{}` is more than {DEPTH_MAX} directories deep", path.display());
            return Err(ExpectedError::environment_message(text));
        }
        let entries = std::fs::read_dir(path).and_then(Iterator::collect::<Result<Vec<_>, _>>);
        let mut entries: Vec<DirEntry> = entries.map_err(|error| unreadable(path, &error))?;
        entries.sort_by_key(DirEntry::file_name);
        for entry in entries {
            let (name, below) = (entry.file_name(), entry.path());
            let hidden = name.as_encoded_bytes().starts_with(b".");
            let kind = entry.file_type().map_err(|error| unreadable(&below, &error))?;
            if kind.is_dir() && !hidden && !below.join(CACHE_TAG).exists() {
                self.directory(&below, depth + 1)?;
            } else if self.is_wanted(&below) && self.is_inside(&below) {
                self.file(path, below)?;
            }
        }
        Ok(())
    }

    fn is_wanted(&self, path: &Path) -> bool {
        path.extension().is_some_and(|ext| self.endings.iter().any(|ending| ext == *ending))
    }

    fn file(&mut self, directory: &Path, path: PathBuf) -> Result<(), ExpectedError> {
        if self.files.len() == FILES_MAX {
            let text = format!("more than {FILES_MAX} files at `{}`", directory.display());
            return Err(ExpectedError::environment_message(text));
        }
        // `./a.toml` is what nobody types.
        self.files.push(path.strip_prefix(".").map(Path::to_owned).unwrap_or(path));
        Ok(())
    }

    /// Whether a file is one of the directory's own, not one that a link leads to elsewhere.
    fn is_inside(&self, path: &Path) -> bool {
        path.canonicalize().is_ok_and(|real| real.is_file() && real.starts_with(&self.root))
    }
}

fn unreadable(path: &Path, error: &std::io::Error) -> ExpectedError {
    ExpectedError::environment_message(format!("cannot read `{}`: {error}", path.display()))
}
