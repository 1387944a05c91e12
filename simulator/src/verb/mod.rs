//! The verbs of `simulator`, one file each.
//!
//! Called by `main` and by `ednm simulator`; a verb answers with an exit code by its error.

mod check;
mod inject;
mod inspect;
mod lab;
mod reset;
mod run;
mod up;

use host::ExpectedError;

use crate::args::Args;
pub use check::{Bench, bench_of, topology_of};
pub use lab::find_topology;

/// Does what the command line asks for.
pub async fn run(args: Args) -> Result<(), ExpectedError> {
    match args {
        Args::Up(args) => up::up(args).await,
        Args::Run(args) => run::run(args).await,
        Args::Inject(args) => inject::inject(args).await,
        Args::Inspect(args) => inspect::inspect(args).await,
        Args::Check(args) => check::check(&args),
        Args::Reset(args) => reset::reset(args).await,
    }
}
