//! `configure = ["interface {{ ... | interface }}", "no shutdown"]`: lines for the configuration
//! mode, in order, on one session. It changes the device, so it waits for an approval unless the
//! rule says otherwise.

use std::sync::Arc;

use diagnostic::Diagnostic;
use diagnostic::table::Table;

use super::{COMMANDS_MAX, Template};
use crate::config::rule::{BAD_COMMAND, Loader, NO_ACTION};
use crate::record::Action;
use crate::template::{Engine, Scope, guard};

pub(super) const KEY: &str = "configure";

pub(super) fn load(table: &mut Table, loader: &mut Loader<'_>) -> Option<Template> {
    let source = Arc::clone(table.source());
    let span = table.key_span(KEY).unwrap_or_default();
    let lines = table.texts(KEY, loader.sink)?;
    if lines.is_empty() || lines.len() > COMMANDS_MAX {
        let message = format!("`{KEY}` has 1 to {COMMANDS_MAX} lines");
        loader.sink.push(Diagnostic::error(NO_ACTION, message, &source, span));
    }
    let last = lines.len().saturating_sub(1);
    for (place, line) in lines.iter().enumerate() {
        let checked = loader.engine.check_configuration(&line.value, place == last);
        loader.report(BAD_COMMAND, checked, line, &source);
    }
    Some(Template::Configure(lines.into_iter().map(|line| line.value).collect()))
}

pub(super) fn fill(lines: &[String], engine: &Engine, scope: &Scope) -> Result<Action, String> {
    let last = lines.len().saturating_sub(1);
    let filled = lines.iter().enumerate().map(|(place, line)| {
        let line = engine.render(line, scope)?;
        guard::configures(&line, place == last).map_err(|refusal| refusal.to_string())?;
        Ok(line)
    });
    filled.collect::<Result<_, String>>().map(Action::Configure)
}
