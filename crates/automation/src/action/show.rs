//! `show = ["show ip interface brief", ...]`: commands that only read, in order, on one session.

use std::sync::Arc;

use diagnostic::Diagnostic;
use diagnostic::table::Table;

use super::{COMMANDS_MAX, Template};
use crate::config::rule::{BAD_COMMAND, Loader, NO_ACTION};
use crate::record::Action;
use crate::template::{Engine, Scope, guard};

pub(super) const KEY: &str = "show";

pub(super) fn load(table: &mut Table, loader: &mut Loader<'_>) -> Option<Template> {
    let source = Arc::clone(table.source());
    let span = table.key_span(KEY).unwrap_or_default();
    let commands = table.texts(KEY, loader.sink)?;
    if commands.is_empty() || commands.len() > COMMANDS_MAX {
        let message = format!("`{KEY}` has 1 to {COMMANDS_MAX} commands");
        loader.sink.push(Diagnostic::error(NO_ACTION, message, &source, span));
    }
    for command in &commands {
        let checked = loader.engine.check_command(&command.value);
        loader.report(BAD_COMMAND, checked, command, &source);
    }
    Some(Template::Show(commands.into_iter().map(|command| command.value).collect()))
}

pub(super) fn fill(commands: &[String], engine: &Engine, scope: &Scope) -> Result<Action, String> {
    let mut lines = Vec::new();
    for command in commands {
        // The filter `show` gives a line for each command of a list.
        let rendered = engine.render(command, scope)?;
        for line in rendered.split('\n') {
            guard::reads_only(line).map_err(|refusal| refusal.to_string())?;
            lines.push(line.to_owned());
        }
    }
    match lines.len() {
        0..=COMMANDS_MAX => Ok(Action::Show(lines)),
        count => Err(format!("{count} commands are more than {COMMANDS_MAX}")),
    }
}
