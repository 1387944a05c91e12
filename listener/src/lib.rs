//! The automation's skin: HTTP in, a journal on disk, SSH sessions to devices, log lines.
//!
//! The program `listener` and `ednm` call it. It decides nothing: what a delivery means, which rule
//! fires and what a device is asked is [`automation`]'s; this crate ferries bytes and keeps bounds.
//!
//! In reading order: `serve` loads the files and starts [`live`], which owns the automation;
//! `http`, `guard` and `receive` bring it deliveries, [`journal`] its disk, [`connect`] its
//! devices and APIs, [`artifact`] its files, [`log`] says what happens. The other verbs come last.

pub mod args;
mod load;
mod serve;

mod api;
mod guard;
mod http;
mod openapi;
mod pages;
mod problem;
mod receive;

pub mod exposure;
pub mod live;
mod metrics;
mod ready;
pub mod reload;
mod stop;
pub mod tls;

pub mod control;

pub mod artifact;
pub mod connect;
pub mod journal;
pub mod log;

mod approve;
mod ask_reload;
mod backup;
mod cert;
mod check;
mod device;
mod events;
mod explain;
mod jobs;
mod profile;

use std::path::Path;

use host::{ExpectedError, StateDir};

use args::{Args, DeviceVerb, Verb};

pub use automation::BODY_BYTES_DEFAULT;
pub use check::check_rules;
pub use load::{address, find_course, find_inventory, settle_files};

/// Runs one verb of the command line.
pub async fn run(args: Args) -> Result<(), ExpectedError> {
    match args.verb {
        Verb::Serve(args) => serve::run(args).await,
        Verb::Check(args) => check::run(&args),
        Verb::Events(args) => events::run(args).await,
        Verb::Explain(args) => explain::run(args).await,
        Verb::Jobs(args) => jobs::run(args).await,
        Verb::Approve(args) => approve::run(args).await,
        Verb::Backup(args) => backup::run(args).await,
        Verb::Cert(args) => cert::run(args).await,
        Verb::Reload(args) => ask_reload::run(args).await,
        Verb::Profile(args) => profile::run(&args),
        Verb::Device(args) => match args.verb {
            DeviceVerb::Check(args) => device::check(args).await,
        },
    }
}

fn open_state(flag: Option<&Path>) -> Result<StateDir, ExpectedError> {
    StateDir::open(flag).map_err(ExpectedError::environment)
}
