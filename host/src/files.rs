//! Finds and reads the files that a user may give: a flag, else the working directory, else the
//! copy inside the program.
//!
//! Called by each program for `topology.toml`, `listener.toml` and scenarios. What a file refers to
//! is found beside it, on disk or among the embedded ones, never a mixture.

mod defaults;
pub mod profiles;

use std::collections::BTreeMap;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use diagnostic::{Diagnostic, Source};
use topology::generate;

use defaults::DEFAULTS;
pub use defaults::SCENARIO;

/// The largest file that is read, in bytes.
pub const FILE_BYTES_MAX: u64 = 16 * 1024 * 1024;

/// A file cannot be read.
pub const UNREADABLE: &str = "FILE001";
/// A file holds bytes that are no UTF-8 text.
const NOT_TEXT: &str = "FILE002";
/// A file is larger than any of its kind should be.
const TOO_LARGE: &str = "FILE003";

/// Where a file was found; a program says so.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Origin {
    /// A flag named it.
    Flag,
    /// It lay in the working directory.
    WorkingDirectory,
    /// It is the copy inside the program.
    Embedded,
}

/// Where to look when no flag names the file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Search {
    /// The working directory, then the copy inside the program.
    WorkingDirectory,
    /// The copy inside the program alone: a newcomer's first run depends on no file.
    EmbeddedOnly,
}

/// A file that was found.
#[derive(Clone, Debug)]
pub struct Found {
    /// Its name, as the user would write it, and its text.
    pub source: Arc<Source>,
    /// Reads what it refers to.
    pub files: OsFiles,
    /// Where it was found.
    pub origin: Origin,
}

/// Why a file was not read.
#[derive(Debug, thiserror::Error)]
pub enum FileError {
    /// It is not there, or may not be read.
    #[error("cannot read `{}`", path.display())]
    Read {
        /// The file.
        path: PathBuf,
        /// Why.
        #[source]
        source: io::Error,
    },
    /// It is larger than [`FILE_BYTES_MAX`].
    #[error("`{}` is larger than {} MiB", path.display(), FILE_BYTES_MAX / (1024 * 1024))]
    TooLarge {
        /// The file.
        path: PathBuf,
    },
    /// It is no UTF-8 text.
    #[error("`{}` is no UTF-8 text: see line {}", text.name, text.line_column(*at).0)]
    NotText {
        /// What of it is text.
        text: Arc<Source>,
        /// Where the first byte stands that is none.
        at: usize,
    },
    /// There is no lab of that name to be made.
    #[error("cannot make the lab `{name}`: {reason}")]
    Generated {
        /// `generated:ring:1000:7`
        name: String,
        /// Why.
        reason: String,
    },
    /// There is no such profile.
    #[error("`{name}` is neither a profile (there is {known}) nor a directory")]
    NoProfile {
        /// What was asked for.
        name: String,
        /// Those that there are.
        known: String,
    },
    /// The program carries no file of that name.
    #[error("there is no `{name}` here, and the program carries none")]
    NotEmbedded {
        /// Its name.
        name: String,
    },
}

impl FileError {
    /// The same, at its place in the file.
    pub fn diagnostic(&self) -> Diagnostic {
        let nowhere = |path: &Path| Source::new(path.display().to_string(), "");
        let error = |code, file: &Arc<Source>, at: usize| {
            Diagnostic::error(code, crate::exit::chain(self), file, at..at)
        };
        match self {
            FileError::Read { path, .. } => error(UNREADABLE, &nowhere(path), 0),
            FileError::NotEmbedded { name }
            | FileError::NoProfile { name, .. }
            | FileError::Generated { name, .. } => error(UNREADABLE, &nowhere(Path::new(name)), 0),
            FileError::TooLarge { path } => error(TOO_LARGE, &nowhere(path), 0),
            FileError::NotText { text, at } => error(NOT_TEXT, text, *at)
                .label("not UTF-8 from here on")
                .help("save it as UTF-8, for one with `iconv -f latin1 -t utf-8`"),
        }
    }
}

impl Found {
    /// `topology.toml`, with where it came from when the user did not say: for a start-up line.
    pub fn describe(&self) -> String {
        match self.origin {
            Origin::Flag => format!("`{}`", self.source.name),
            Origin::WorkingDirectory => format!("`./{}`", self.source.name),
            Origin::Embedded => format!("the embedded `{}`", self.source.name),
        }
    }
}

/// The same for the same file, however it is named.
pub fn identity(found: &Found) -> String {
    let name = &found.source.name;
    match found.origin {
        Origin::Embedded => format!("the embedded {name}"),
        Origin::Flag | Origin::WorkingDirectory => match std::fs::canonicalize(name) {
            Ok(path) => path.display().to_string(),
            Err(_) => name.clone(),
        },
    }
}

impl Found {
    /// The files on disk that were read, or were to be read, for what was found: itself, and what
    /// it refers to. None of an embedded one.
    pub fn on_disk(&self) -> Vec<PathBuf> {
        match self.origin {
            Origin::Embedded => Vec::new(),
            Origin::Flag | Origin::WorkingDirectory => {
                let own = PathBuf::from(&self.source.name);
                let own = Some(own).filter(|_| !self.source.name.starts_with(generate::PREFIX));
                own.into_iter().chain(self.files.read.iter().cloned()).collect()
            }
        }
    }
}

/// The names of those that are the copies inside the program.
pub fn embedded(found: &[&Found]) -> Vec<String> {
    let inside = found.iter().filter(|found| found.origin == Origin::Embedded);
    inside.map(|found| found.source.name.clone()).collect()
}

/// Finds the file called `name` and reads it.
pub fn find(flag: Option<&Path>, name: &str, search: Search) -> Result<Found, FileError> {
    if let Some(path) = flag {
        return from_disk(path, Origin::Flag);
    }
    let here = Path::new(name);
    if search == Search::WorkingDirectory && here.exists() {
        return from_disk(here, Origin::WorkingDirectory);
    }
    let text = embedded_text(name);
    let text = text.ok_or_else(|| FileError::NotEmbedded { name: name.to_owned() })?;
    let source = Arc::new(Source { name: name.to_owned(), text: text.to_owned() });
    let base = Base::Embedded(parent_of(name).to_owned());
    Ok(Found { source, files: OsFiles { base, read: Vec::new() }, origin: Origin::Embedded })
}

/// Reads the file at `path`, which the user named.
pub fn open(path: &Path) -> Result<Found, FileError> {
    from_disk(path, Origin::Flag)
}

fn from_disk(path: &Path, origin: Origin) -> Result<Found, FileError> {
    if let Some(name) = path.file_name().and_then(|name| name.to_str())
        && name.starts_with(generate::PREFIX)
    {
        return generated(name, origin);
    }
    let source = Source::new(path.display().to_string(), read_bounded(path)?);
    Ok(Found { source, files: OsFiles::beside(path), origin })
}

/// The topology of a lab that is made from its name, beside the startup-configs that it names.
fn generated(name: &str, origin: Origin) -> Result<Found, FileError> {
    let failed = |reason| FileError::Generated { name: name.to_owned(), reason };
    let plan: generate::Plan = name.parse().map_err(failed)?;
    let mut files = generate::generate(&plan).map_err(failed)?.files.into_iter();
    let (_, text) = files.next().unwrap_or_default();
    let base = Base::Generated(Arc::new(files.collect()));
    Ok(Found { source: Source::new(name, text), files: OsFiles { base, read: Vec::new() }, origin })
}

fn read_bounded(path: &Path) -> Result<String, FileError> {
    use std::io::Read as _;
    let failed = |source| FileError::Read { path: path.to_owned(), source };
    let file = std::fs::File::open(path).map_err(failed)?;
    let mut bytes = Vec::new();
    file.take(FILE_BYTES_MAX + 1).read_to_end(&mut bytes).map_err(failed)?;
    if bytes.len() as u64 > FILE_BYTES_MAX {
        return Err(FileError::TooLarge { path: path.to_owned() });
    }
    String::from_utf8(bytes).map_err(|error| {
        let at = error.utf8_error().valid_up_to();
        let text = String::from_utf8_lossy(error.as_bytes());
        FileError::NotText { text: Source::new(path.display().to_string(), text), at }
    })
}

/// The files beside a file, and the environment.
#[derive(Clone, Debug)]
pub struct OsFiles {
    base: Base,
    /// What was asked for on disk, whether it was there or not.
    read: Vec<PathBuf>,
}

#[derive(Clone, Debug)]
enum Base {
    Directory(PathBuf),
    /// This directory of the embedded files.
    Embedded(String),
    /// The files of a generated lab.
    Generated(Arc<BTreeMap<String, String>>),
}

impl OsFiles {
    /// Paths are relative to the directory of the file at `path`.
    pub fn beside(path: &Path) -> Self {
        let directory = path.parent().unwrap_or(Path::new("")).to_owned();
        OsFiles { base: Base::Directory(directory), read: Vec::new() }
    }

    /// The file at `path`, seen from here, with the files beside it in turn.
    pub fn find(&self, path: &str) -> Result<Found, FileError> {
        match &self.base {
            Base::Directory(directory) => from_disk(&directory.join(path), Origin::Flag),
            Base::Embedded(directory) => {
                let name = join_embedded(directory, path);
                find(None, &name, Search::EmbeddedOnly)
            }
            Base::Generated(files) => {
                let text = files.get(path);
                let text = text.ok_or_else(|| FileError::NotEmbedded { name: path.to_owned() })?;
                Ok(Found {
                    source: Source::new(path, text.as_str()),
                    files: self.clone(),
                    origin: Origin::Flag,
                })
            }
        }
    }
}

impl topology::Files for OsFiles {
    fn read(&mut self, path: &str) -> Result<String, String> {
        if let Base::Directory(directory) = &self.base {
            self.read.push(directory.join(path));
        }
        self.find(path).map(|found| found.source.text.clone()).map_err(|error| match &error {
            FileError::Read { source, .. } => source.to_string(),
            FileError::NotEmbedded { .. }
            | FileError::NoProfile { .. }
            | FileError::TooLarge { .. }
            | FileError::NotText { .. }
            | FileError::Generated { .. } => error.to_string(),
        })
    }

    fn env(&mut self, name: &str) -> Option<String> {
        std::env::var(name).ok()
    }
}

fn embedded_text(name: &str) -> Option<&'static str> {
    DEFAULTS.iter().chain(profiles::FILES).find(|(path, _)| *path == name).map(|(_, text)| *text)
}

fn parent_of(name: &str) -> &str {
    name.rsplit_once('/').map_or("", |(directory, _)| directory)
}

/// Joins paths inside the program: `scenarios` and `../topology.toml` give `topology.toml`.
fn join_embedded(directory: &str, path: &str) -> String {
    let mut parts: Vec<&str> = directory.split('/').filter(|part| !part.is_empty()).collect();
    for part in path.split('/') {
        match part {
            "" | "." => {}
            ".." => {
                parts.pop();
            }
            name => parts.push(name),
        }
    }
    parts.join("/")
}

#[cfg(test)]
mod tests {
    use super::*;
    use topology::Files as _;

    /// Goal: an embedded file finds its neighbours inside the program. Method: go round in it.
    #[test]
    fn embedded_files_find_each_other() {
        let mut found = find(None, "topology.toml", Search::EmbeddedOnly).unwrap();
        let topology = found.source.text.clone();
        assert_eq!(found.describe(), "the embedded `topology.toml`");
        assert!(found.files.read("configs/R1.cfg").unwrap().contains("hostname R1"));
        assert!(found.files.read("/etc/passwd").is_err());
        let scenario = found.files.find(&format!("./{SCENARIO}")).unwrap();
        assert_eq!(scenario.files.find("../topology.toml").unwrap().source.text, topology);
    }

    /// Goal: a flag wins, and paths in the file are relative to it. Method: files on disk.
    #[test]
    fn a_flag_wins_and_paths_are_relative_to_the_file() {
        let dir = crate::StateDir::temporary().unwrap();
        let path = dir.path().join("t.toml");
        std::fs::write(&path, "mine").unwrap();
        std::fs::write(dir.path().join("R1.cfg"), "hostname R1").unwrap();
        let mut found = find(Some(&path), "topology.toml", Search::WorkingDirectory).unwrap();
        assert_eq!((found.source.text.as_str(), found.origin), ("mine", Origin::Flag));
        assert_eq!(found.files.read("R1.cfg").as_deref(), Ok("hostname R1"));
        assert!(found.files.read("R2.cfg").unwrap_err().contains("No such file"));
        let beside = |name: &str| dir.path().join(name);
        assert_eq!(found.on_disk(), [path, beside("R1.cfg"), beside("R2.cfg")]);
        let missing = find(Some(&dir.path().join("x")), "topology.toml", Search::EmbeddedOnly);
        assert!(matches!(missing, Err(FileError::Read { .. })));
    }
}
