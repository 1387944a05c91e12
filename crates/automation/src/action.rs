//! What a rule can do: one file and one line of [`REGISTRY`] for each action.
//!
//! `config` asks which action a table holds, `decide` fills an event's values in. Running it is the
//! job's business, which sends the lines of [`crate::record::Action`].

mod backup;
mod configure;
mod http;
pub(crate) mod log;
mod netconf;
mod restconf;
mod save;
mod show;

use std::sync::Arc;

use diagnostic::Diagnostic;
use diagnostic::table::Table;

use crate::config::rule::{Loader, NO_ACTION};
use crate::record::{Action, NetconfCall};
use crate::template::{Engine, Scope};

/// How many commands one action can have.
pub(crate) const COMMANDS_MAX: usize = 32;

/// Reads an action from its table, if the table holds its key.
type Load = fn(&mut Table, &mut Loader<'_>) -> Option<Template>;

/// Every action: its key in `[[rules.actions]]`, and who reads it.
const REGISTRY: [(&str, Load); 8] = [
    (show::KEY, show::load),
    (configure::KEY, configure::load),
    (netconf::KEY, netconf::load),
    (restconf::KEY, restconf::load),
    (http::KEY, http::load),
    (save::KEY, save::load),
    (log::KEY, log::load),
    (backup::KEY, backup::load),
];

/// An action as a rule has it: values of events not filled in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Template {
    /// Commands that only read.
    Show(Vec<String>),
    /// Lines for the configuration mode.
    Configure(Vec<String>),
    /// An operation over NETCONF; its texts are templates.
    Netconf(NetconfCall),
    /// A request over RESTCONF.
    Restconf(restconf::Request),
    /// A request to an API.
    Http(Box<http::Request>),
    /// A file.
    Save(save::Save),
    /// A line of a log.
    Log(log::Log),
    /// The device's configuration, kept.
    Backup(backup::Backup),
}

/// Reads the one action of a table.
pub(crate) fn load(table: &mut Table, loader: &mut Loader<'_>) -> Option<Template> {
    let present = REGISTRY.iter().filter(|(key, _)| table.key_span(key).is_some()).count();
    let loaded: Vec<Template> =
        REGISTRY.iter().filter_map(|(_, load)| load(table, loader)).collect();
    if present != 1 {
        let keys: Vec<&str> = REGISTRY.iter().map(|(key, _)| *key).collect();
        let message = format!("an action has exactly one of: {}", keys.join(", "));
        let source = Arc::clone(table.source());
        loader.sink.push(Diagnostic::error(NO_ACTION, message, &source, table.span()));
    }
    loaded.into_iter().next()
}

impl Template {
    /// The action with an event's values filled in, or why it cannot be run.
    pub(crate) fn fill(&self, engine: &Engine, scope: &Scope) -> Result<Action, String> {
        match self {
            Template::Show(commands) => show::fill(commands, engine, scope),
            Template::Configure(lines) => configure::fill(lines, engine, scope),
            Template::Netconf(call) => netconf::fill(call, engine, scope),
            Template::Restconf(request) => restconf::fill(request, engine, scope),
            Template::Http(request) => http::fill(request, engine, scope),
            Template::Save(save) => save::fill(save, engine, scope),
            Template::Log(log) => log::fill(log, engine, scope),
            Template::Backup(backup) => backup::fill(backup, engine, scope),
        }
    }

    /// Whether it is done on a device.
    pub(crate) fn is_on_device(&self) -> bool {
        match self {
            Template::Show(_)
            | Template::Configure(_)
            | Template::Netconf(_)
            | Template::Restconf(_)
            | Template::Backup(_) => true,
            Template::Http(_) | Template::Save(_) | Template::Log(_) => false,
        }
    }

    /// Whether it changes the device.
    pub(crate) fn changes(&self) -> bool {
        match self {
            Template::Show(_) => false,
            Template::Configure(_) => true,
            Template::Netconf(call) => call.changes(),
            Template::Restconf(request) => request.changes(),
            Template::Http(_) | Template::Save(_) | Template::Log(_) | Template::Backup(_) => false,
        }
    }
}
