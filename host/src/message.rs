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
        styled(diagnostic::render(diagnostics, stderr_has_colour()).trim_end());
    }
}

/// Prints data on standard output, with an end of line.
pub fn data(text: &str) -> Result<(), ExpectedError> {
    stream(text).map(|_| ())
}

/// The same, for a program that goes on printing: whether somebody still reads.
pub fn stream(text: &str) -> Result<bool, ExpectedError> {
    let mut out = anstream::stdout().lock();
    match writeln!(out, "{text}").and_then(|()| out.flush()) {
        Ok(()) => Ok(true),
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(false),
        Err(error) => {
            Err(ExpectedError::environment_message(format!("cannot print the answer: {error}")))
        }
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
