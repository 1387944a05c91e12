//! What a line does: finds its command in the session's mode, runs it, gives the text that a router
//! prints.
//!
//! Called by terminals, by the console of a scenario, by the loader of a startup-config and by the
//! CLI sessions of applets, so that all of them speak one language. It must not know who asks
//! beyond the [`Session`](crate::session::Session).

mod error;
mod help;
mod leave;
mod prompt;
mod run;
mod screen;

pub(crate) use help::{complete, help};
pub(crate) use leave::close;
pub(crate) use prompt::{config_prompt, prompt};
pub(crate) use run::{Executed, Next, execute, run_exec};
pub(crate) use screen::{look, refuse, resume, submit};

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

use cli::Grammar;

use crate::command::{Handler, Mode};
use crate::device::State;
use crate::feature;
use crate::io::Dialect;
use crate::platform::Role;

/// What knows the commands of a router.
pub(crate) type Parser = Grammar<Mode, Handler>;

/// The parsers that some router needs: each built once, shared by all routers that are alike.
static PARSERS: Mutex<BTreeMap<(Dialect, Role), &'static Parser>> = Mutex::new(BTreeMap::new());

/// The parser of routers that are alike.
pub(crate) fn parser(dialect: Dialect, role: Role) -> &'static Parser {
    let mut parsers = PARSERS.lock().unwrap_or_else(PoisonError::into_inner);
    let make = || &*Box::leak(Box::new(Grammar::new(feature::commands(dialect, role))));
    parsers.entry((dialect, role)).or_insert_with(make)
}

/// The parser of a router.
pub(crate) fn grammar(state: &State) -> &'static Parser {
    state.parser
}
