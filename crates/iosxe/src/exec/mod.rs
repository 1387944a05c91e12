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
pub(crate) use leave::{close, to_config, unseen};
pub(crate) use prompt::{config_prompt, prompt};
pub(crate) use run::{Executed, Next, execute, run_exec};
pub(crate) use screen::{look, refuse, resume, submit};

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

use cli::Grammar;

use crate::command::{Handler, Mode};
use crate::device::State;
use crate::feature;
use crate::feature::template::{self, Shows};
use crate::io::Dialect;
use crate::platform::Role;

/// What knows the commands of a router.
pub(crate) type Parser = Grammar<Mode, Handler>;

/// What routers that are alike have in common: the commands of templates by their words.
type Kin = (Dialect, Role, Vec<Vec<String>>);

/// The parsers that some router needs: each built once, shared by all routers that are alike.
static PARSERS: Mutex<BTreeMap<Kin, &'static Parser>> = Mutex::new(BTreeMap::new());

/// The parser of routers that are alike. What a template shows comes before the router's own.
pub(crate) fn parser(dialect: Dialect, role: Role, shows: &Shows) -> &'static Parser {
    let mut parsers = PARSERS.lock().unwrap_or_else(PoisonError::into_inner);
    let kin = (dialect, role, shows.words().map(<[String]>::to_vec).collect());
    parsers.entry(kin).or_insert_with(|| {
        let own = template::commands(shows).into_iter();
        Box::leak(Box::new(Grammar::new(own.chain(feature::commands(dialect, role)))))
    })
}

/// The parser of a router.
pub(crate) fn grammar(state: &State) -> &'static Parser {
    state.parser
}
