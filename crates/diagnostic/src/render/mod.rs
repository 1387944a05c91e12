//! Diagnostics as text: one file per format. Called by the programs and by tests.

mod human;
mod json;

pub use human::render;
pub use json::render_json;

use crate::Diagnostic;

/// Reading order: files as they first came up, and each from its top.
fn in_reading_order(diagnostics: &[Diagnostic]) -> Vec<&Diagnostic> {
    let file_of = |d: &Diagnostic| diagnostics.iter().position(|o| o.source == d.source);
    let mut sorted: Vec<&Diagnostic> = diagnostics.iter().collect();
    sorted.sort_by_key(|d| (file_of(d), d.span.start));
    sorted
}
