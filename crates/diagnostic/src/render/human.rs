//! The form for people: rustc's, with carets.

use std::borrow::Cow;
use std::ops::Range;

use annotate_snippets::{AnnotationKind, Group, Level, Origin, Renderer, Snippet};

use super::in_reading_order;
use crate::text::{is_unfit, printable, printable_lines};
use crate::{Diagnostic, Severity};

/// All of them, each followed by an empty line; with ANSI colours if `colour`. No text of theirs
/// can move the reader's cursor: they quote files and what devices said.
pub fn render(diagnostics: &[Diagnostic], colour: bool) -> String {
    let renderer = if colour { Renderer::styled() } else { Renderer::plain() };
    let mut text = String::new();
    let shown = in_reading_order(diagnostics);
    for diagnostic in &shown {
        text.push_str(&renderer.render(&groups(diagnostic)));
        text.push_str("\n\n");
    }
    if shown.len() < diagnostics.len() {
        text.push_str(&format!("... and {} more\n\n", diagnostics.len() - shown.len()));
    }
    text
}

fn groups(diagnostic: &Diagnostic) -> Vec<Group<'_>> {
    let level = match diagnostic.severity {
        Severity::Error => Level::ERROR,
        Severity::Warning => Level::WARNING,
        Severity::Note => Level::NOTE,
    };
    let (lines, first) = lines_of(diagnostic);
    let carets = diagnostic.span.start - lines.start..diagnostic.span.end - lines.start;
    let mut carets = AnnotationKind::Primary.span(carets);
    if !diagnostic.label.is_empty() {
        carets = carets.label(printable_lines(&diagnostic.label));
    }
    let title = level.primary_title(printable_lines(&diagnostic.message)).id(diagnostic.code);
    let name = printable(&diagnostic.source.name);
    let mut groups = vec![if diagnostic.source.text.is_empty() {
        // There is no line to show, nor any place in it.
        title.element(Origin::path(name))
    } else {
        let snippet = Snippet::source(shown(&diagnostic.source.text[lines]));
        title.element(snippet.line_start(first).path(name).annotation(carets))
    }];
    if let Some(help) = &diagnostic.help {
        groups.push(Group::with_title(Level::HELP.secondary_title(printable_lines(help))));
    }
    groups
}

/// The whole lines that a diagnostic is about, and the number of the first: a renderer that is
/// given the whole file goes through all of it.
fn lines_of(diagnostic: &Diagnostic) -> (Range<usize>, usize) {
    let Diagnostic { source, span, .. } = diagnostic;
    let (first, _) = source.line_column(span.start);
    let start = source.text[..span.start].rfind('\n').map_or(0, |newline| newline + 1);
    let end = source.text[span.end..].find('\n').map_or(source.text.len(), |end| span.end + end);
    (start..end, first)
}

/// A file's text with stand-ins, of the same length so that spans hold, for what the renderer lets
/// through although a terminal acts on it: the C1 controls, of which U+009B begins an escape
/// sequence, and invisible marks.
fn shown(text: &str) -> Cow<'_, str> {
    let stand_in = |c: char| match c {
        '\u{80}'..='\u{9f}' => Some('\u{b7}'),
        c if c.len_utf8() == '\u{fffd}'.len_utf8() && is_unfit(c) => Some('\u{fffd}'),
        _ => None,
    };
    if !text.contains(|c| stand_in(c).is_some()) {
        return Cow::Borrowed(text);
    }
    Cow::Owned(text.chars().map(|c| stand_in(c).unwrap_or(c)).collect())
}
