//! `ednm trace`: shows a trace, tells where two part ways, and what belongs to one id.
//!
//! Traces are read line by line: a day of a thousand routers fits. A file is a stranger's: a line
//! that is no fact is named with its number, and ends nothing but the verb.

mod diff;
mod explain;
mod line;
mod read;
mod show;

use host::ExpectedError;

use crate::args::TraceArgs;

/// Runs the verb.
pub(crate) fn run(args: TraceArgs) -> Result<(), ExpectedError> {
    match args {
        TraceArgs::Show(args) => show::run(&args),
        TraceArgs::Diff(args) => diff::run(&args),
        TraceArgs::Explain(args) => explain::run(&args),
    }
}
