//! `backup = { directory = "data/backups", git = true }`: the device's configuration, kept in a
//! file below the directory of `[files]`.
//!
//! Written when it differs from the last one, without what is another at each look, and without
//! secrets.

use diagnostic::table::Table;

use super::Template;
use super::save::filled_name;
use crate::config::rule::Loader;
use crate::record::{Action, BackupCall};
use crate::template::{Engine, Scope};

pub(super) const KEY: &str = "backup";

/// A backup as a rule has it: values not filled in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Backup {
    directory: String,
    git: bool,
}

pub(super) fn load(table: &mut Table, loader: &mut Loader<'_>) -> Option<Template> {
    let mut inner = table.table(KEY, loader.sink)?;
    let directory = loader.file_name(&mut inner, "directory");
    let git = inner.flag("git", loader.sink).is_some_and(|git| git.value);
    inner.finish(loader.sink);
    Some(Template::Backup(Backup { directory: directory?, git }))
}

pub(super) fn fill(backup: &Backup, engine: &Engine, scope: &Scope) -> Result<Action, String> {
    let directory = filled_name(&backup.directory, engine, scope)?;
    Ok(Action::Backup(BackupCall { directory, git: backup.git }))
}
