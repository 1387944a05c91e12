//! The form for people: rustc's, with carets.

use annotate_snippets::{AnnotationKind, Group, Level, Renderer, Snippet};

use super::in_reading_order;
use crate::{Diagnostic, Severity};

/// All of them, each followed by an empty line; with ANSI colours if `colour`.
pub fn render(diagnostics: &[Diagnostic], colour: bool) -> String {
    let renderer = if colour { Renderer::styled() } else { Renderer::plain() };
    let mut text = String::new();
    for diagnostic in in_reading_order(diagnostics) {
        text.push_str(&renderer.render(&groups(diagnostic)));
        text.push_str("\n\n");
    }
    text
}

fn groups(diagnostic: &Diagnostic) -> Vec<Group<'_>> {
    let level = match diagnostic.severity {
        Severity::Error => Level::ERROR,
        Severity::Warning => Level::WARNING,
    };
    let mut carets = AnnotationKind::Primary.span(diagnostic.span.clone());
    if !diagnostic.label.is_empty() {
        carets = carets.label(diagnostic.label.as_str());
    }
    let snippet = Snippet::source(diagnostic.source.text.as_str())
        .path(diagnostic.source.name.as_str())
        .annotation(carets);
    let title = level.primary_title(diagnostic.message.as_str()).id(diagnostic.code);
    let mut groups = vec![title.element(snippet)];
    if let Some(help) = &diagnostic.help {
        groups.push(Group::with_title(Level::HELP.secondary_title(help.as_str())));
    }
    groups
}
