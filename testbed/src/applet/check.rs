//! `ednm eem check PATH...`: what is wrong with applets, and `--fix`.
//!
//! The rules are `lint`'s; here files are found, findings printed, and labels written back.

use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use diagnostic::{Diagnostic, Severity, Source, render, render_json, summary};
use host::check::count;
use host::{ExpectedError, message};
use similar::TextDiff;

use super::file;
use crate::args::{Deny, EemCheckArgs, EemCheckFormat};
use crate::test::github;
use crate::walk;

/// What files of applets end in, in a directory.
const ENDINGS: &[&str] = &["cfg", "conf", "eem", "txt"];
/// The lines of a difference around what was changed.
const CONTEXT_LINES: usize = 1;

/// Runs the verb.
pub(super) fn run(args: &EemCheckArgs) -> Result<(), ExpectedError> {
    let format = if args.json { EemCheckFormat::Json } else { args.format };
    let dialect = args.dialect.of_eem();
    let mut all: Vec<Diagnostic> = Vec::new();
    let mut checked = 0;
    for (path, mut source) in sources(&args.paths)? {
        if args.fix
            && let Some(fixed) = lint::fix(&source, dialect)
        {
            show(&source, &fixed, format)?;
            if !args.dry_run {
                write(&path, &fixed)?;
            }
            source = Source::new(source.name.clone(), fixed);
        }
        checked += 1;
        let found = lint::check(&source, dialect);
        print(&found, format)?;
        all.extend(found);
    }
    finish(&all, checked, format, args.deny)
}

/// The files, each with its text; of a directory those that have an applet.
pub(super) fn sources(paths: &[PathBuf]) -> Result<Vec<(PathBuf, Arc<Source>)>, ExpectedError> {
    let mut found = Vec::new();
    for path in paths {
        let is_directory = path.is_dir();
        for path in walk::files(path, ENDINGS)? {
            let source = file::open(&path)?;
            let has_applet = lint::applets_only(&source.text).contains("applet");
            if has_applet || !is_directory {
                if !has_applet {
                    message::note(&format!("`{}` has no applet", source.name));
                }
                found.push((path, source));
            }
        }
    }
    match found.is_empty() {
        true => Err(ExpectedError::usage("there is no applet in the given directories")),
        false => Ok(found),
    }
}

/// Prints what was found in one file. All of it together is one JSON array.
fn print(found: &[Diagnostic], format: EemCheckFormat) -> Result<(), ExpectedError> {
    match format {
        EemCheckFormat::Full if found.is_empty() => Ok(()),
        EemCheckFormat::Full => {
            // Its colours go where standard output is no terminal.
            message::data(&format!("{}\n", render(found, true).trim_end()))
        }
        EemCheckFormat::Concise => found.iter().try_for_each(|one| message::data(&concise(one))),
        EemCheckFormat::Github => {
            found.iter().try_for_each(|one| message::data(&github::command(one)))
        }
        EemCheckFormat::Json => Ok(()),
    }
}

fn concise(one: &Diagnostic) -> String {
    let (line, column) = one.source.line_column(one.span.start);
    let word = match one.severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Note => "note",
    };
    format!("{}:{line}:{column}: {word}[{}] {}", one.source.name, one.code, one.message)
}

fn finish(
    all: &[Diagnostic],
    checked: usize,
    format: EemCheckFormat,
    deny: Option<Deny>,
) -> Result<(), ExpectedError> {
    if format == EemCheckFormat::Json {
        message::data(render_json(all).trim_end())?;
    } else {
        let said = summary(all);
        message::note(&match said.is_empty() {
            true => format!("{}: nothing is wrong", count(checked, "file")),
            false => said,
        });
    }
    let is_wrong = |one: &Diagnostic| match one.severity {
        Severity::Error => true,
        Severity::Warning => deny == Some(Deny::Warnings),
        Severity::Note => false,
    };
    if all.iter().any(is_wrong) { Err(ExpectedError::AnsweredNo) } else { Ok(()) }
}

/// Shows what is changed, as a unified difference; for programs on standard error.
fn show(source: &Source, fixed: &str, format: EemCheckFormat) -> Result<(), ExpectedError> {
    let diff = TextDiff::from_lines(source.text.as_str(), fixed);
    let mut unified = diff.unified_diff();
    let name = source.name.as_str();
    let text = unified.context_radius(CONTEXT_LINES).header(name, name).to_string();
    match format {
        EemCheckFormat::Full => message::data(text.trim_end()),
        EemCheckFormat::Concise | EemCheckFormat::Json | EemCheckFormat::Github => {
            message::note(text.trim_end());
            Ok(())
        }
    }
}

/// Whole or not at all, with the mode of what was there.
fn write(path: &Path, text: &str) -> Result<(), ExpectedError> {
    let real = path.canonicalize().map_err(ExpectedError::environment)?;
    let failed = |error: std::io::Error| {
        ExpectedError::environment_message(format!("cannot write `{}`: {error}", path.display()))
    };
    let folder = real.parent().unwrap_or(Path::new("."));
    let mode = std::fs::metadata(&real).map_err(failed)?.permissions();
    let mut file = tempfile::NamedTempFile::new_in(folder).map_err(failed)?;
    file.write_all(text.as_bytes()).map_err(failed)?;
    file.as_file().set_permissions(mode).map_err(failed)?;
    file.persist(&real).map_err(|error| failed(error.error))?;
    Ok(())
}
