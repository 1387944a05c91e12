//! What a rule sees, and what it says.

use std::ops::Range;
use std::sync::Arc;

use diagnostic::{Diagnostic, Severity, Source};
use eem::{ActionOutline, AppletOutline, Dialect, EventOutline, Outline};

use crate::config::Config;

/// The applets of a text, and the configuration around them.
pub(crate) struct Context<'a> {
    pub(crate) source: &'a Arc<Source>,
    pub(crate) outline: &'a Outline,
    pub(crate) config: &'a Config<'a>,
    pub(crate) dialect: Dialect,
}

/// What is wrong, and where.
pub(crate) struct Finding {
    pub(crate) severity: Severity,
    pub(crate) message: String,
    /// Bytes of the text.
    pub(crate) span: Range<usize>,
    pub(crate) label: String,
    pub(crate) help: Option<String>,
}

impl Finding {
    pub(crate) fn error(span: Range<usize>, message: impl Into<String>) -> Self {
        let (label, help) = (String::new(), None);
        Finding { severity: Severity::Error, message: message.into(), span, label, help }
    }

    pub(crate) fn warning(span: Range<usize>, message: impl Into<String>) -> Self {
        Finding { severity: Severity::Warning, ..Finding::error(span, message) }
    }

    pub(crate) fn note(span: Range<usize>, message: impl Into<String>) -> Self {
        Finding { severity: Severity::Note, ..Finding::error(span, message) }
    }

    pub(crate) fn label(self, label: impl Into<String>) -> Self {
        Finding { label: label.into(), ..self }
    }

    pub(crate) fn help(self, help: impl Into<String>) -> Self {
        Finding { help: Some(help.into()), ..self }
    }

    pub(crate) fn diagnostic(self, code: &'static str, source: &Arc<Source>) -> Diagnostic {
        let Finding { severity, message, span, label, help } = self;
        let whole = Diagnostic::error(code, message, source, span);
        Diagnostic { severity, label, help, ..whole }
    }
}

impl<'a> Context<'a> {
    /// The bytes of a line, without the blanks around it.
    pub(crate) fn line(&self, number: usize) -> Range<usize> {
        let span = self.source.line_span(number + 1);
        let text = &self.source.text[span.clone()];
        let start = span.start + (text.len() - text.trim_start().len());
        start..(span.start + text.trim_end().len()).max(start)
    }

    /// A part of a line.
    pub(crate) fn part(&self, number: usize, part: &Range<usize>) -> Range<usize> {
        let start = self.source.line_span(number + 1).start;
        start + part.start..start + part.end
    }

    /// Where a text stands in a line; the whole line if it does not.
    pub(crate) fn find(&self, number: usize, text: &str) -> Range<usize> {
        let line = self.line(number);
        match self.source.text[line.clone()].find(text) {
            Some(at) if !text.is_empty() => line.start + at..line.start + at + text.len(),
            Some(_) | None => line,
        }
    }

    /// Every action of every applet.
    pub(crate) fn actions(
        &self,
    ) -> impl Iterator<Item = (&'a AppletOutline, &'a ActionOutline)> + use<'a> {
        self.outline.applets.iter().flat_map(|applet| {
            let of_applet = move |action| (applet, action);
            applet.actions.iter().map(of_applet)
        })
    }

    /// Every event of every applet.
    pub(crate) fn events(
        &self,
    ) -> impl Iterator<Item = (&'a AppletOutline, &'a EventOutline)> + use<'a> {
        self.outline.applets.iter().flat_map(|applet| {
            let of_applet = move |event| (applet, event);
            applet.events.iter().map(of_applet)
        })
    }
}

/// The command of `cli command "..."`, as typed; `None` for another action.
pub(crate) fn command(action: &ActionOutline) -> Option<&str> {
    let is_cli = action.keyword == "cli";
    action.words.get(4).filter(|_| is_cli).map(|word| word.text.as_str())
}

/// The text of `syslog msg "..."`.
pub(crate) fn message(action: &ActionOutline) -> Option<&str> {
    if action.keyword != "syslog" {
        return None;
    }
    let at =
        action.words.iter().position(|word| !word.is_quoted && "msg".starts_with(&word.text))?;
    action.words.get(at + 1).map(|word| word.text.as_str())
}
