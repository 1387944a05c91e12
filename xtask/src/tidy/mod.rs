//! Style and structure as a test: what rustfmt and clippy cannot say.
//!
//! Called by `cargo xtask tidy` and `ci`. Each rule is one function from a file to its problems.

mod arrows;
mod codes;
mod docs;
mod source;

use std::fmt;
use std::path::{Path, PathBuf};
use std::process::Command;

/// Copies of other people's sources: they are as they were published.
const FOREIGN: &str = "third_party";

/// One broken rule at one place.
#[derive(Debug)]
pub(crate) struct Problem {
    file: PathBuf,
    line: usize,
    message: String,
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}: {}", self.file.display(), self.line, self.message)
    }
}

/// A file of the repository, as text.
pub(crate) struct File<'a> {
    path: &'a Path,
    text: &'a str,
}

impl File<'_> {
    fn problem(&self, line: usize, message: impl Into<String>) -> Problem {
        Problem { file: self.path.to_path_buf(), line, message: message.into() }
    }
}

/// Every problem of every file that git tracks or would track.
pub(crate) fn check(root: &Path) -> Vec<Problem> {
    let mut problems = Vec::new();
    let mut codes = codes::Codes::default();
    for path in tracked(root).into_iter().filter(|path| !path.starts_with(FOREIGN)) {
        let Ok(text) = std::fs::read_to_string(root.join(&path)) else {
            continue; // deleted, or no text
        };
        let file = File { path: &path, text: &text };
        problems.extend(source::check_any(&file));
        codes.note(&file);
        match path.extension().and_then(|ext| ext.to_str()) {
            Some("rs") => problems.extend(source::check_rust(&file)),
            Some("md") => problems.extend(docs::check(root, &file)),
            Some("toml") if path.ends_with("Cargo.toml") => {
                problems.extend(arrows::check(&file));
            }
            _ => {}
        }
    }
    problems.extend(codes.problems());
    problems
}

fn tracked(root: &Path) -> Vec<PathBuf> {
    let mut git = Command::new("git");
    git.args(["ls-files", "--cached", "--others", "--exclude-standard"]).current_dir(root);
    let listed = git.output().map(|out| String::from_utf8_lossy(&out.stdout).into_owned());
    listed.unwrap_or_default().lines().map(PathBuf::from).collect()
}
