//! The report of a check of files: what is right, every mistake once, a summary, an exit code.
//!
//! Filled by `listener check`, `simulator check` and `ednm check`, which know what files mean.

use std::collections::BTreeSet;

use diagnostic::{Diagnostic, Severity, has_errors, render_json, summary};

use crate::files::{self, FileError, Found};
use crate::{ExpectedError, message};

/// What a check has found so far.
#[derive(Debug, Default)]
pub struct Report {
    files: Vec<Looked>,
    /// Every mistake, in the order in which the files were looked at.
    pub sink: Vec<Diagnostic>,
}

/// A file that was looked at.
#[derive(Debug)]
struct Looked {
    /// Its name in diagnostics, whose text may have been masked.
    source: String,
    name: String,
    what: String,
}

impl Report {
    /// Says what a file is: printed as `ok`, unless there is an error in it.
    pub fn file(&mut self, found: &Found, what: impl Into<String>) {
        let (source, name) = (found.source.name.clone(), found.describe());
        self.files.push(Looked { source, name, what: what.into() });
    }

    /// Notes that a file could not be read.
    pub fn unreadable(&mut self, error: &FileError) {
        self.sink.push(error.diagnostic());
    }

    /// Whether nothing was looked at.
    pub fn is_empty(&self) -> bool {
        self.files.is_empty() && self.sink.is_empty()
    }

    /// Prints the report: what is right on stdout and mistakes on stderr, or the mistakes as JSON
    /// on stdout. An error among them becomes the exit code.
    pub fn finish(mut self, json: bool) -> Result<(), ExpectedError> {
        self.forget_repeated();
        if json {
            message::data(render_json(&self.sink).trim_end())?;
            return self.outcome().map_err(ExpectedError::without_diagnostics);
        }
        for Looked { name, what, .. } in self.files.iter().filter(|file| self.is_right(file)) {
            message::data(&format!("ok: {name}: {what}"))?;
        }
        if !has_errors(&self.sink) && !self.sink.is_empty() {
            message::diagnostics(&self.sink);
            message::note(&format!("\n{}", summary(&self.sink)));
        }
        self.outcome()
    }

    /// Two files can refer to a third, whose mistakes are then found twice.
    fn forget_repeated(&mut self) {
        let mut seen = BTreeSet::new();
        self.sink.retain(|d| {
            let place = (d.source.name.clone(), d.span.start, d.span.end);
            seen.insert((place, d.code, d.message.clone()))
        });
    }

    fn is_right(&self, file: &Looked) -> bool {
        let is_error =
            |d: &&Diagnostic| d.severity == Severity::Error && d.source.name == file.source;
        !self.sink.iter().any(|diagnostic| is_error(&diagnostic))
    }

    fn outcome(self) -> Result<(), ExpectedError> {
        let errors = || self.sink.iter().filter(|d| d.severity == Severity::Error);
        if errors().count() == 0 {
            return Ok(());
        }
        match errors().all(|d| d.code == files::UNREADABLE) {
            true => Err(ExpectedError::Unavailable(self.sink)),
            false => Err(ExpectedError::InvalidFile(self.sink)),
        }
    }
}

/// `1 node`, `2 nodes`
pub fn count(number: usize, what: &str) -> String {
    format!("{number} {what}{}", if number == 1 { "" } else { "s" })
}
