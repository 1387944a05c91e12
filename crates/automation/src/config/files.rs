//! `[files]`: below which directory everything is written, and what the command line says of it.
//!
//! Read by `Config::load`; the skin makes a path of it, and opens it once.

use diagnostic::Diagnostic;
use diagnostic::table::{BAD_VALUE, Table};

/// Where files are written if the file does not say: beside it.
const DIRECTORY_DEFAULT: &str = ".";

/// Reads the directory, relative to the file.
pub(super) fn load(table: Option<Table>, sink: &mut Vec<Diagnostic>) -> String {
    let Some(mut table) = table else { return DIRECTORY_DEFAULT.to_owned() };
    let directory = table.text("directory", sink);
    if let Some(directory) = directory.as_ref().filter(|directory| directory.value.is_empty()) {
        let message = "`directory` is empty";
        let span = directory.span.clone();
        let diagnostic = Diagnostic::error(BAD_VALUE, message, table.source(), span);
        sink.push(diagnostic.label("write `.` for the directory of this file"));
    }
    table.finish(sink);
    directory.map_or_else(|| DIRECTORY_DEFAULT.to_owned(), |directory| directory.value)
}
