//! `[[records]]`: logs below the directory of `[files]`, a line for each fact that they ask for.
//!
//! Called by `Config::load`; [`crate::records`] makes the lines.

use std::sync::Arc;

use diagnostic::table::Table;
use diagnostic::{Diagnostic, Source, Spanned};

use super::journal::Size;
use crate::files::check_name;
use crate::records::{Line, On, Record, Records};
use crate::template::{Engine, Mistake};

/// A record that nothing can be written to, or twice.
const BAD_FILE: &str = "LST120";
/// A bound of a record that is beyond its own.
const OUT_OF_BOUNDS: &str = "LST121";
/// A line that cannot be made.
const BAD_LINE: &str = "LST122";

/// What a fact is called in conditions and lines.
const ROOTS: [&str; 1] = ["fact"];
/// When a record begins anew, if the file does not say, in bytes.
const ROTATE_BYTES_DEFAULT: u64 = 10 << 20;
/// The sizes that can be asked for, in bytes: what a file below `[files]` may have bounds it.
const ROTATE_BYTES: std::ops::RangeInclusive<u64> = 1 << 10..=60 << 20;
/// How many former files stay, if the file does not say.
const KEEP_DEFAULT: usize = 5;
/// The most that can be asked for.
const KEEP_MAX: usize = 100;

pub(super) fn load(tables: Vec<Table>, engine: &Engine, sink: &mut Vec<Diagnostic>) -> Records {
    let mut records: Vec<Record> = Vec::new();
    for table in tables {
        let source = Arc::clone(table.source());
        let Some((record, span)) = record(table, engine, sink) else { continue };
        if records.iter().any(|known| known.file == record.file) {
            let message = format!("two records are written to `{}`", record.file);
            let help = "put the lines of both into one `[[records]]`";
            sink.push(Diagnostic::error(BAD_FILE, message, &source, span).help(help));
            continue;
        }
        records.push(record);
    }
    Records::new(records, engine.clone())
}

fn record(
    mut table: Table,
    engine: &Engine,
    sink: &mut Vec<Diagnostic>,
) -> Option<(Record, std::ops::Range<usize>)> {
    let source = Arc::clone(table.source());
    table.require("file", sink);
    let file = table.text("file", sink);
    let rotate = bounded(table.parsed::<Size>("rotate", sink), &source, sink);
    let keep = table.number("keep", sink);
    let keep = keep.map_or(KEEP_DEFAULT, |Spanned { value, span }| {
        let count = usize::try_from(value).ok().filter(|count| *count <= KEEP_MAX);
        if count.is_none() {
            let diagnostic =
                Diagnostic::error(OUT_OF_BOUNDS, "`keep` is out of bounds", &source, span);
            sink.push(diagnostic.label(format!("expected 0 to {KEEP_MAX}")));
        }
        count.unwrap_or(KEEP_DEFAULT)
    });
    let lines = table.tables("lines", sink);
    let lines = lines.into_iter().filter_map(|table| line(table, engine, sink)).collect();
    table.finish(sink);
    let Spanned { value: file, span } = file?;
    if let Err(why) = check_name(&file) {
        let message = format!("`{file}` is no name of a file: {why}");
        sink.push(Diagnostic::error(BAD_FILE, message, &source, span));
        return None;
    }
    Some((Record { file, rotate, keep, lines }, span))
}

fn bounded(rotate: Option<Spanned<Size>>, source: &Arc<Source>, sink: &mut Vec<Diagnostic>) -> u64 {
    let Some(Spanned { value: Size(bytes), span }) = rotate else { return ROTATE_BYTES_DEFAULT };
    if !ROTATE_BYTES.contains(&bytes) {
        let message = "`rotate` is out of bounds";
        let diagnostic = Diagnostic::error(OUT_OF_BOUNDS, message, source, span);
        sink.push(diagnostic.label("expected `1KiB` to `60MiB`"));
    }
    bytes
}

fn line(mut table: Table, engine: &Engine, sink: &mut Vec<Diagnostic>) -> Option<Line> {
    let source = Arc::clone(table.source());
    table.require("on", sink);
    table.require("line", sink);
    let on = table.choice("on", &On::WORDS, sink);
    let (when, line) = (table.text("when", sink), table.text("line", sink));
    table.finish(sink);
    let mut report = |checked: Result<(), Mistake>, text: &Spanned<String>| {
        if let Err(Mistake { message, help, .. }) = checked {
            let mut diagnostic = Diagnostic::error(BAD_LINE, message, &source, text.span.clone());
            diagnostic.help = help;
            sink.push(diagnostic);
        }
    };
    if let Some(when) = &when {
        report(engine.check_expression(&when.value, &ROOTS), when);
    }
    if let Some(line) = &line {
        report(engine.check_data(&line.value, &ROOTS), line);
    }
    Some(Line { on: on?.value, when: when.map(|when| when.value), line: line?.value })
}

#[cfg(test)]
mod tests {
    use diagnostic::table;

    use super::*;

    fn check(text: &str, want: &[&str]) {
        let (source, mut sink) = (Source::new("listener.toml", text), Vec::new());
        let mut root = table::parse(&source, &mut sink).expect("it is TOML");
        load(root.tables("records", &mut sink), &Engine::new(), &mut sink);
        let codes: Vec<&str> = sink.iter().map(|one| one.code).collect();
        assert_eq!(codes, want, "{text}: {sink:?}");
    }

    /// Goal: what a record can be wrong about. Method: a table.
    #[test]
    fn mistakes_of_records() {
        let lines = "[[records.lines]]\non = \"received\"\nline = \"A={{ fact.source }}\"\n";
        check(&format!("[[records]]\nfile = \"logs/a.log\"\n{lines}"), &[]);
        check(&format!("[[records]]\nfile = \"../a.log\"\n{lines}"), &[BAD_FILE]);
        let twice = format!("[[records]]\nfile = \"a\"\n{lines}").repeat(2);
        check(&twice, &[BAD_FILE]);
        check(
            "[[records]]\nfile = \"a\"\nrotate = \"1GiB\"\nkeep = 101\n",
            &[OUT_OF_BOUNDS, OUT_OF_BOUNDS],
        );
        let bad = lines.replace("fact.source", "event.source");
        check(&format!("[[records]]\nfile = \"a\"\n{bad}"), &[BAD_LINE]);
    }
}
