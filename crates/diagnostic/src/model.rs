//! What is wrong, where, and what to do about it.

use std::ops::Range;
use std::sync::Arc;

use crate::Source;

/// How bad it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// The file cannot be used.
    Error,
    /// The file can be used; its author should look.
    Warning,
    /// Nothing is wrong that can be seen here; its author may want to know.
    Note,
}

/// One mistake in one file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Diagnostic {
    /// Names the kind of mistake, as `docs/diagnostics.md` lists it: `TOP003`.
    pub code: &'static str,
    /// How bad it is.
    pub severity: Severity,
    /// What is wrong, in one phrase without a full stop; literals in backticks.
    pub message: String,
    /// The file.
    pub source: Arc<Source>,
    /// The bytes of the file that are wrong; always inside it.
    pub span: Range<usize>,
    /// What stands beside the carets; may be empty.
    pub label: String,
    /// What to do about it.
    pub help: Option<String>,
}

/// A value of a file, and where it stood.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Spanned<T> {
    /// The value.
    pub value: T,
    /// Its bytes in the file.
    pub span: Range<usize>,
}

impl Diagnostic {
    /// A mistake that makes the file useless.
    pub fn error(
        code: &'static str,
        message: impl Into<String>,
        source: &Arc<Source>,
        span: Range<usize>,
    ) -> Self {
        Diagnostic {
            code,
            severity: Severity::Error,
            message: message.into(),
            source: Arc::clone(source),
            span: source.clamp(span),
            label: String::new(),
            help: None,
        }
    }

    /// Something that its author should look at.
    pub fn warning(
        code: &'static str,
        message: impl Into<String>,
        source: &Arc<Source>,
        span: Range<usize>,
    ) -> Self {
        Diagnostic { severity: Severity::Warning, ..Diagnostic::error(code, message, source, span) }
    }

    /// The same, with a text beside the carets.
    #[must_use]
    pub fn label(self, label: impl Into<String>) -> Self {
        Diagnostic { label: label.into(), ..self }
    }

    /// The same, with advice.
    #[must_use]
    pub fn help(self, help: impl Into<String>) -> Self {
        Diagnostic { help: Some(help.into()), ..self }
    }

    /// The same, with "did you mean" when one of `candidates` is near `word`.
    #[must_use]
    pub fn did_you_mean<'a>(
        self,
        word: &str,
        candidates: impl IntoIterator<Item = &'a str>,
    ) -> Self {
        match crate::nearest(word, candidates) {
            Some(near) => self.help(format!("did you mean `{near}`?")),
            None => self,
        }
    }
}

impl<T> Spanned<T> {
    /// A value and its place.
    pub fn new(value: T, span: Range<usize>) -> Self {
        Spanned { value, span }
    }

    /// Another value at the same place.
    pub fn map<U>(self, change: impl FnOnce(T) -> U) -> Spanned<U> {
        Spanned { value: change(self.value), span: self.span }
    }
}

impl Spanned<String> {
    /// Where a part of the text stands in the file; the whole, if the file writes it with escapes.
    pub fn part(&self, source: &Source, part: Range<usize>) -> Range<usize> {
        let written = &source.text[source.clamp(self.span.clone())];
        match written.find(&self.value) {
            Some(quote) => {
                let start = self.span.start + quote;
                source.clamp(start + part.start..start + part.end)
            }
            None => self.span.clone(),
        }
    }
}

/// Whether at least one of them is an error.
pub fn has_errors(diagnostics: &[Diagnostic]) -> bool {
    diagnostics.iter().any(|d| d.severity == Severity::Error)
}

/// Masks the secrets that stand in a file wherever one of its diagnostics would show them; gives
/// the file as it may be shown.
pub fn mask(
    diagnostics: &mut [Diagnostic],
    source: &Arc<Source>,
    secrets: &[Range<usize>],
) -> Arc<Source> {
    let masked = source.masking(secrets);
    for diagnostic in diagnostics.iter_mut().filter(|d| Arc::ptr_eq(&d.source, source)) {
        diagnostic.source = Arc::clone(&masked);
    }
    masked
}
