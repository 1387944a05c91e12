//! `ednm eem`: applets checked, tried on a virtual router, and rendered for a real one.
//!
//! `run` joins a lab to nothing but its own clock; `render` changes text alone. What an applet does
//! is decided by the router, never here.

mod bench;
mod changes;
mod check;
mod event;
mod file;
mod graph;
mod new;
mod record;
mod render;
mod report;
mod router;
mod run;
pub(crate) mod unit;

use host::ExpectedError;

use crate::args::EemArgs;

/// Runs a verb.
pub(crate) fn run(args: &EemArgs) -> Result<(), ExpectedError> {
    match args {
        EemArgs::Run(args) => run::run(args),
        EemArgs::Render(args) => render::run(args),
        EemArgs::Check(args) => check::run(args),
        EemArgs::Graph(args) => graph::run(args),
        EemArgs::Test(args) => unit::run(args),
        EemArgs::New(args) => new::run(args),
    }
}
