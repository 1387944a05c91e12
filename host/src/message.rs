//! Messages to the person at the terminal: on standard error, coloured when that is a terminal.
//!
//! Called by every program. `anstream` honours `NO_COLOR` and `CLICOLOR_FORCE`; data never goes
//! through here, it goes to standard output.

use anstyle::{AnsiColor, Style};
use diagnostic::Diagnostic;

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
        anstream::eprintln!("{}", diagnostic::render(diagnostics, stderr_has_colour()));
    }
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
    anstream::eprintln!();
    labelled(HINT, "hint", text);
}

/// A plain line.
pub fn note(text: &str) {
    anstream::eprintln!("{}", crate::text::printable_lines(text));
}

fn labelled(style: Style, label: &str, text: &str) {
    let text = crate::text::printable_lines(text);
    anstream::eprintln!("{style}{label}{style:#}: {text}");
}
