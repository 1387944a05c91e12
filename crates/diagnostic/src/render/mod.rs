//! Diagnostics as text: one file per format. Called by the programs and by tests.

mod human;
mod json;

pub use human::render;
pub use json::render_json;

use std::collections::BTreeSet;

use crate::{Diagnostic, Severity};

/// How many mistakes are shown: who has more corrects these first.
const SHOWN_MAX: usize = 200;

/// Reading order: files as they first came up, and each from its top; no more than can be read.
fn in_reading_order(diagnostics: &[Diagnostic]) -> Vec<&Diagnostic> {
    let mut files: Vec<&str> = Vec::new();
    let mut sorted: Vec<(usize, &Diagnostic)> = Vec::with_capacity(diagnostics.len());
    for diagnostic in diagnostics {
        // By its name: the text may have been masked for some of them, or variables filled in.
        let known = files.iter().position(|file| *file == diagnostic.source.name);
        let file = known.unwrap_or(files.len());
        if file == files.len() {
            files.push(&diagnostic.source.name);
        }
        sorted.push((file, diagnostic));
    }
    sorted.sort_by_key(|(file, diagnostic)| (*file, diagnostic.span.start));
    sorted.into_iter().map(|(_, diagnostic)| diagnostic).take(SHOWN_MAX).collect()
}

/// `3 errors, 1 warning in 2 files`; empty when there is nothing to say.
pub fn summary(diagnostics: &[Diagnostic]) -> String {
    let files: BTreeSet<&str> = diagnostics.iter().map(|d| d.source.name.as_str()).collect();
    let of = |severity| diagnostics.iter().filter(|d| d.severity == severity).count();
    let counts = [
        (of(Severity::Error), "error"),
        (of(Severity::Warning), "warning"),
        (of(Severity::Note), "note"),
    ];
    let words = counts.iter().filter(|(count, _)| *count > 0).map(|(n, word)| counted(*n, word));
    match words.collect::<Vec<_>>().join(", ") {
        words if words.is_empty() => words,
        words => format!("{words} in {}", counted(files.len(), "file")),
    }
}

/// `1 file`, `2 files`
fn counted(number: usize, what: &str) -> String {
    format!("{number} {what}{}", if number == 1 { "" } else { "s" })
}
