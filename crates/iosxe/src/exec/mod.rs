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
pub(crate) use prompt::prompt;
pub(crate) use run::{Executed, Next, execute, run_exec};
pub(crate) use screen::{look, refuse, resume, submit};

use std::sync::LazyLock;

use cli::Grammar;

use crate::command::{Handler, Mode};
use crate::feature;
use crate::io::Dialect;

/// The parsers of the two dialects: built once, shared by all routers.
static IOSXE: LazyLock<Grammar<Mode, Handler>> =
    LazyLock::new(|| Grammar::new(feature::commands(Dialect::IosXe)));
static COURSE: LazyLock<Grammar<Mode, Handler>> =
    LazyLock::new(|| Grammar::new(feature::commands(Dialect::Course)));

/// The parser of a router.
pub(crate) fn grammar(dialect: Dialect) -> &'static Grammar<Mode, Handler> {
    match dialect {
        Dialect::IosXe => &IOSXE,
        Dialect::Course => &COURSE,
    }
}
