//! Messages to the person at the terminal on standard error, data on standard output.
//!
//! Called by every program. `anstream` colours a terminal alone, and honours `NO_COLOR` and
//! `CLICOLOR_FORCE`. A reader that has gone (`| head`) is no reason to fail.

use std::io::{self, Write as _};

use anstyle::{AnsiColor, Style};
use diagnostic::Diagnostic;

use crate::exit::ExpectedError;
use crate::text::printable_lines;

/// Red and bold: an error.
pub const ERROR: Style = AnsiColor::Red.on_default().bold();
/// Yellow and bold: a warning.
pub const WARNING: Style = AnsiColor::Yellow.on_default().bold();
/// Green and bold: success, and the verbs of a timeline.
pub const SUCCESS: Style = AnsiColor::Green.on_default().bold();
/// Cyan and bold: a hint, a path.
pub const HINT: Style = AnsiColor::Cyan.on_default().bold();
/// Dimmed: what is there to be found, not to be read.
pub const DIM: Style = Style::new().dimmed();

/// Whether standard error takes colours.
pub fn stderr_has_colour() -> bool {
    anstream::AutoStream::choice(&std::io::stderr()) != anstream::ColorChoice::Never
}

/// Prints diagnostics, rustc's way.
pub fn diagnostics(diagnostics: &[Diagnostic]) {
    if !diagnostics.is_empty() {
        let fit: Vec<Diagnostic> = diagnostics.iter().map(fit).collect();
        styled(diagnostic::render(&fit, stderr_has_colour()).trim_end());
    }
}

/// The diagnostic, fit for a terminal: labels and help may quote what a device said, and the
/// renderer leaves control characters in them.
fn fit(diagnostic: &Diagnostic) -> Diagnostic {
    Diagnostic {
        message: printable_lines(&diagnostic.message).into_owned(),
        label: printable_lines(&diagnostic.label).into_owned(),
        help: diagnostic.help.as_deref().map(|help| printable_lines(help).into_owned()),
        ..diagnostic.clone()
    }
}

/// Prints data on standard output, with an end of line.
pub fn data(text: &str) -> Result<(), ExpectedError> {
    let mut out = anstream::stdout().lock();
    match writeln!(out, "{text}").and_then(|()| out.flush()) {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => {
            Err(ExpectedError::environment_message(format!("cannot print the answer: {error}")))
        }
        Ok(()) | Err(_) => Ok(()),
    }
}

/// A line on standard error whose text is ours, colours included.
pub fn styled(text: &str) {
    // Where messages cannot go there is nobody to tell.
    let _ = writeln!(anstream::stderr().lock(), "{text}");
}

/// `error: ...`
pub fn error(text: &str) {
    labelled(ERROR, "error", text);
}

/// `warning: ...`
pub fn warning(text: &str) {
    labelled(WARNING, "warning", text);
}

/// `hint: ...`, after an empty line.
pub fn hint(text: &str) {
    styled("");
    labelled(HINT, "hint", text);
}

/// A plain line.
pub fn note(text: &str) {
    styled(&printable_lines(text));
}

fn labelled(style: Style, label: &str, text: &str) {
    let text = printable_lines(text);
    styled(&format!("{style}{label}{style:#}: {text}"));
}

#[cfg(test)]
mod tests {
    use diagnostic::{Diagnostic, Source};

    /// Goal: what a device said cannot draw on the terminal through a diagnostic. Method: escape
    /// sequences in each of its texts.
    #[test]
    fn a_diagnostic_holds_no_control_character() {
        let file = Source::new("s.toml", "name = \"\u{1b}[2J\"\n");
        let mistake = Diagnostic::error("SIM020", "not met: \u{1b}[2J", &file, 0..4)
            .label("nearest: \u{1b}[2J")
            .help("\u{1b}[2J");
        let text = diagnostic::render(&[super::fit(&mistake)], false);
        assert!(!text.contains(|c: char| c.is_control() && c != '\n'), "{text:?}");
    }
}
