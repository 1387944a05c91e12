//! The automation's skin: HTTP in, a journal on disk, SSH sessions to devices, log lines.
//!
//! The program `listener` and `ednm` call it. It decides nothing: what a delivery means, which rule
//! fires and what a device is asked is [`automation`]'s; this crate ferries bytes and keeps bounds.

mod api;
pub mod connect;
mod http;
pub mod journal;
pub mod live;
pub mod log;
mod problem;
mod receive;
mod stop;

pub mod args;
mod check;
mod device;
mod events;
mod load;
mod serve;

use std::path::Path;

use host::{ExpectedError, StateDir};

use args::{Args, DeviceVerb, Verb};

pub use receive::BODY_BYTES_MAX;

/// Runs one verb of the command line.
pub async fn run(args: Args) -> Result<(), ExpectedError> {
    match args.verb {
        Verb::Serve(args) => serve::run(args).await,
        Verb::Check(args) => check::run(&args),
        Verb::Events(args) => events::run(args).await,
        Verb::Device(args) => match args.verb {
            DeviceVerb::Check(args) => device::check(args).await,
        },
    }
}

fn open_state(flag: Option<&Path>) -> Result<StateDir, ExpectedError> {
    StateDir::open(flag).map_err(ExpectedError::environment)
}
