//! The applets of a file: every fault of every one told at once, each with its place.
//!
//! The file may be a whole configuration. What is not about applets is left to the router.

use std::path::Path;
use std::sync::Arc;

use diagnostic::{Diagnostic, Source};
use host::{ExpectedError, files};

/// Reads a file.
pub(super) fn open(path: &Path) -> Result<Arc<Source>, ExpectedError> {
    files::open(path).map(|found| found.source).map_err(ExpectedError::file)
}

/// Its applets, and all that is wrong with them.
pub(super) fn read(source: &Arc<Source>, dialect: eem::Dialect) -> (eem::Source, Vec<Diagnostic>) {
    let read = eem::read(&lint::applets_only(&source.text), dialect);
    let faults = read.problems.iter().map(|problem| {
        let line = source.line_span(problem.line + 1);
        let span = line.start + problem.span.start..line.start + problem.span.end;
        let message = problem.fault.to_string();
        let told = Diagnostic::error(problem.fault.code(), message, source, span);
        match is_of_the_course(&source.text[line]) && dialect == eem::Dialect::Ios {
            true => told.help("`http post` is the course's: say `--dialect course`"),
            false => told,
        }
    });
    let faults = faults.collect();
    (read, faults)
}

fn is_of_the_course(line: &str) -> bool {
    let words: Vec<&str> = line.split_whitespace().take(4).collect();
    matches!(words.as_slice(), ["action", _, "http", "post"])
}
