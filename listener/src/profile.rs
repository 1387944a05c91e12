//! `listener profile`: the configurations that the program carries, to be read, copied and changed.

use std::fs::{self, OpenOptions};
use std::io::{self, Write as _};
use std::path::Path;

use host::files::profiles;
use host::text::printable;
use host::{ExpectedError, message};
use serde_json::json;

use crate::args::Profile;

/// Path and text of each file of a profile.
type Texts = Vec<(&'static str, &'static str)>;

/// Runs the verb.
pub(crate) fn run(args: &Profile) -> Result<(), ExpectedError> {
    let json = args.format.is_json();
    let Some(name) = &args.name else { return list(json) };
    let texts = profiles::files(name);
    if texts.is_empty() {
        let known = profiles::names().join(", ");
        return Err(ExpectedError::usage(format!("no profile `{name}`; there is {known}")));
    }
    match &args.to {
        Some(directory) => copy(&texts, directory, args.force, json),
        None if json => {
            let files: serde_json::Map<_, _> =
                texts.iter().map(|(path, text)| ((*path).to_owned(), (*text).into())).collect();
            message::data(&json!({"profile": name, "files": files}).to_string())
        }
        None => message::data(printed(&texts).trim_end()),
    }
}

fn list(json: bool) -> Result<(), ExpectedError> {
    let names = profiles::names();
    match json {
        true => message::data(&json!({"profiles": names}).to_string()),
        false => message::data(&names.join("\n")),
    }
}

/// Each file below a line with its name.
fn printed(texts: &Texts) -> String {
    texts.iter().map(|(path, text)| format!("#### {path}\n\n{}\n\n", text.trim_end())).collect()
}

/// Writes all of them, or says which is there already.
fn copy(texts: &Texts, directory: &Path, force: bool, json: bool) -> Result<(), ExpectedError> {
    let shown = printable(&directory.display().to_string()).into_owned();
    let there = texts.iter().map(|(path, _)| directory.join(path)).find(|file| file.exists());
    if let Some(there) = there.filter(|_| !force) {
        let taken = format!("`{}` is there already", there.display());
        return Err(ExpectedError::environment_message(taken).with_hint("`--force` replaces it"));
    }
    for (path, text) in texts {
        let file = directory.join(path);
        write(&file, text, force).map_err(|error| {
            let failed = format!("cannot write `{}`: {error}", file.display());
            ExpectedError::environment_message(failed)
        })?;
    }
    if json {
        let files: Vec<&str> = texts.iter().map(|(path, _)| *path).collect();
        return message::data(&json!({"directory": shown, "files": files}).to_string());
    }
    message::data(&format!("ok: {} in `{shown}`", host::check::count(texts.len(), "file")))?;
    message::note(&format!("`listener serve --profile {shown}/` runs them"));
    Ok(())
}

fn write(file: &Path, text: &str, force: bool) -> io::Result<()> {
    fs::create_dir_all(file.parent().unwrap_or(Path::new("")))?;
    let mut options = OpenOptions::new();
    // What has come meanwhile is not written over.
    let options = options.write(true).create(force).create_new(!force).truncate(force);
    options.open(file)?.write_all(text.as_bytes())
}
