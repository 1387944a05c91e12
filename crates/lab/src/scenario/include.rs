//! `include = ["common.toml"]`: the steps and expectations of other files, before the file's own.
//!
//! Called by `load`. Paths are relative to the file that names them; a file is read once.

use std::sync::Arc;

use diagnostic::table::Table;
use diagnostic::{Diagnostic, Source};
use topology::Files;

/// How many files one scenario can include, those of included files too.
const INCLUDED_MAX: usize = 64;

/// The files that a scenario is read from.
pub(super) struct Includes<'a> {
    files: &'a mut dyn Files,
    /// The directory of the scenario, as the reader of files sees it.
    names: Vec<String>,
}

impl<'a> Includes<'a> {
    pub(super) fn new(files: &'a mut dyn Files) -> Self {
        Includes { files, names: Vec::new() }
    }

    /// Reads what `include` of a file names. `directory` is that of the file, relative to the
    /// scenario's: empty for the scenario itself.
    pub(super) fn read(
        &mut self,
        table: &mut Table,
        directory: &str,
        sink: &mut Vec<Diagnostic>,
    ) -> Vec<(String, Arc<Source>)> {
        let source = Arc::clone(table.source());
        let mut found = Vec::new();
        for path in table.texts("include", sink).unwrap_or_default() {
            let name = join(directory, &path.value);
            if self.names.contains(&name) {
                continue;
            }
            let read = match self.names.len() {
                INCLUDED_MAX => Err(format!("more than {INCLUDED_MAX} files are included")),
                _ => self.files.read(&name),
            };
            self.names.push(name.clone());
            match read {
                Ok(text) => {
                    let shown = join(directory_of(&source.name), &path.value);
                    found.push((directory_of(&name).to_owned(), Source::new(shown, text)));
                }
                Err(why) => {
                    let message = format!("cannot include `{}`", path.value);
                    let span = path.part(&source, 0..path.value.len());
                    sink.push(Diagnostic::error("SIM016", message, &source, span).label(why));
                }
            }
        }
        found
    }
}

fn directory_of(path: &str) -> &str {
    path.rsplit_once('/').map_or("", |(directory, _)| directory)
}

fn join(directory: &str, path: &str) -> String {
    if directory.is_empty() || path.starts_with('/') {
        path.to_owned()
    } else {
        format!("{directory}/{path}")
    }
}
