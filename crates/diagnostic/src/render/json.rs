//! The form for programs: one JSON array, a fixed order of keys.

use serde::Serialize;

use super::in_reading_order;
use crate::{Diagnostic, Severity};

#[derive(Serialize)]
struct Entry<'a> {
    code: &'a str,
    severity: &'a str,
    message: &'a str,
    file: &'a str,
    line: usize,
    column: usize,
    end_line: usize,
    end_column: usize,
    label: &'a str,
    help: Option<&'a str>,
}

/// All of them, as far as people are shown them, as one JSON array with a newline at its end. Lines
/// and columns count from 1.
pub fn render_json(diagnostics: &[Diagnostic]) -> String {
    let sorted = in_reading_order(diagnostics);
    let entries: Vec<Entry<'_>> = sorted.into_iter().map(entry).collect();
    let mut text =
        serde_json::to_string(&entries).expect("an entry has only string keys and plain values");
    text.push('\n');
    text
}

fn entry(diagnostic: &Diagnostic) -> Entry<'_> {
    let (line, column) = diagnostic.source.line_column(diagnostic.span.start);
    let (end_line, end_column) = diagnostic.source.line_column(diagnostic.span.end);
    Entry {
        code: diagnostic.code,
        severity: match diagnostic.severity {
            Severity::Error => "error",
            Severity::Warning => "warning",
            Severity::Note => "note",
        },
        message: &diagnostic.message,
        file: &diagnostic.source.name,
        line,
        column,
        end_line,
        end_column,
        label: &diagnostic.label,
        help: diagnostic.help.as_deref(),
    }
}
