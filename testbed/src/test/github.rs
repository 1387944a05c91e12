//! Failures as annotations of a GitHub workflow: they appear at their line in the pull request.
//!
//! Called for each failure. Texts are escaped as the workflow commands ask
//! (docs.github.com, "Workflow commands", toolkit `command.ts`): a text can open no second command.

use diagnostic::{Diagnostic, Severity};
use host::message;

/// Writes one workflow command for each.
pub(super) fn annotate(diagnostics: &[Diagnostic]) {
    for diagnostic in diagnostics {
        // On standard error, where a runner reads them too: standard output is for the verdicts.
        message::styled(&command(diagnostic));
    }
}

/// One annotation.
pub(crate) fn command(diagnostic: &Diagnostic) -> String {
    let Diagnostic { code, message, source, span, label, severity, .. } = diagnostic;
    let (line, column) = source.line_column(span.start);
    let (end, _) = source.line_column(span.end.saturating_sub(1).max(span.start));
    let word = match severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Note => "notice",
    };
    let text = if label.is_empty() { message.clone() } else { format!("{message}\n{label}") };
    format!(
        "::{word} file={},line={line},endLine={end},col={column},title={}::{}",
        property(&source.name),
        property(code),
        data(&text)
    )
}

fn data(text: &str) -> String {
    text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}

#[cfg(test)]
mod tests {
    use super::*;
    use diagnostic::Source;

    /// Goal: no text ends its command early or opens another. Method: a hostile name and message.
    #[test]
    fn texts_are_escaped() {
        let source = Source::new("a,b:c.toml", "one\ntwo\n");
        let diagnostic =
            Diagnostic::error("SIM020", "100%\n::error::x", &source, 4..7).label("nearest: y");
        assert_eq!(
            command(&diagnostic),
            "::error file=a%2Cb%3Ac.toml,line=2,endLine=2,col=1,title=SIM020::\
             100%25%0A::error::x%0Anearest: y"
        );
    }
}
