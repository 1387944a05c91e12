//! `log = { file = "logs/lab6.log", line = "CARD_API_CALLED" }`: one line of a log below the
//! directory of `[files]`.
//!
//! A value can make neither a second line nor another field: what controls a terminal is escaped,
//! and what has blanks, `=` or quotation marks stands in quotes. The instant at which the line is
//! written stands at its end, unless the line says `ts=` itself.

use diagnostic::logfmt;
use diagnostic::table::Table;
use simtime::Time;

use super::Template;
use super::save::filled_name;
use crate::config::rule::Loader;
use crate::record::{Action, LogCall};
use crate::template::{Engine, Scope};

pub(super) const KEY: &str = "log";

/// How long a line may be, in bytes; what is behind it is cut.
const LINE_BYTES_MAX: usize = 8_192;

/// A line as a rule has it: values not filled in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Log {
    file: String,
    line: String,
}

pub(super) fn load(table: &mut Table, loader: &mut Loader<'_>) -> Option<Template> {
    let mut inner = table.table(KEY, loader.sink)?;
    let file = loader.file_name(&mut inner, "file");
    inner.require("line", loader.sink);
    let line = loader.template(&mut inner, "line");
    inner.finish(loader.sink);
    Some(Template::Log(Log { file: file?, line: line?.value }))
}

pub(super) fn fill(log: &Log, engine: &Engine, scope: &Scope) -> Result<Action, String> {
    let file = filled_name(&log.file, engine, scope)?;
    let line = one_line(&engine.line(&log.line, scope)?);
    Ok(Action::Log(LogCall { file, line }))
}

/// A text as one line of a log, cut where it is too long.
pub(crate) fn one_line(text: &str) -> String {
    let mut line = escaped(text);
    if line.len() > LINE_BYTES_MAX {
        line.truncate(line.floor_char_boundary(LINE_BYTES_MAX));
        // Quotes that are cut end with the cut: what follows is no part of that value.
        line.truncate(line.trim_end_matches('\\').len());
        if logfmt::is_open(&line) {
            line.push('"');
        }
    }
    line
}

/// A text in one line.
fn escaped(text: &str) -> String {
    let mut line = String::with_capacity(text.len());
    for letter in text.trim_end_matches(['\r', '\n']).chars() {
        match letter {
            // These end a line for some programs.
            '\u{2028}' | '\u{2029}' => line.extend(letter.escape_unicode()),
            letter if letter.is_control() => line.extend(letter.escape_default()),
            letter => line.push(letter),
        }
    }
    line
}

/// The line with the instant at its end, unless it has one.
pub(crate) fn stamped(line: &str, now: Time) -> String {
    let outside = logfmt::unquoted(line);
    let has_one = outside.starts_with("ts=") || outside.contains(" ts=");
    if has_one { line.to_owned() } else { format!("{line} ts={now}") }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Goal: a line that is cut within quotes ends them. Method: cuts around an escape.
    #[test]
    fn a_cut_ends_its_quotes() {
        for length in LINE_BYTES_MAX - 8..LINE_BYTES_MAX + 8 {
            let text = format!("A b=\"{}\\\\\" c=1", "x".repeat(length));
            let line = one_line(&text);
            assert!(line.len() <= LINE_BYTES_MAX + 1 && !logfmt::is_open(&line), "{length}");
        }
        assert_eq!(one_line(&"é".repeat(LINE_BYTES_MAX)).len(), LINE_BYTES_MAX);
    }

    /// Goal: a line is one line, and has one instant. Method: a table.
    #[test]
    fn a_line_is_one_line() {
        for (text, want) in [
            ("A b=1", "A b=1"),
            ("A\n", "A"),
            ("A\r\nFAKE=1", "A\\r\\nFAKE=1"),
            ("\u{1b}[2Jü\t\u{85}\u{2028}", "\\u{1b}[2Jü\\t\\u{85}\\u{2028}"),
        ] {
            assert_eq!(escaped(text), want, "{text:?}");
        }
        let now = Time::VIRTUAL_START;
        assert_eq!(stamped("A", now), "A ts=2026-01-01T00:00:00.000000Z");
        assert_eq!(stamped("A ts=x b", now), "A ts=x b");
        assert_eq!(stamped("ts=x A", now), "ts=x A");
        let forged = "A b=\"c ts=1\"";
        assert_eq!(stamped(forged, now), format!("{forged} ts=2026-01-01T00:00:00.000000Z"));
        assert_eq!(stamped("A counts=3", now), "A counts=3 ts=2026-01-01T00:00:00.000000Z");
    }
}
