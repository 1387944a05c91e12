//! `listener serve`: the listener of one configuration, until it is told to stop.

use std::sync::Arc;

use host::signal::Termination;
use host::{ExpectedError, Line, LiveClock, StateDir, message};
use serde_json::json;

use crate::args::Serve;
use crate::live::{self, Options};
use crate::load::{Loaded, load};
use crate::log::Log;
use crate::{control, journal, open_state};

/// Runs the verb.
pub(crate) async fn run(args: Serve) -> Result<(), ExpectedError> {
    let Loaded { mut config, inventory, warnings, read } = load(&args.files)?;
    message::diagnostics(&warnings);
    // An address that others reach takes no delivery without a credential.
    if args.require_auth || !args.bind.ip().is_loopback() {
        config.require_authentication();
    }
    let state = open_state(args.state.state.as_deref())?;
    let open: Vec<String> = config.unauthenticated_paths().map(str::to_owned).collect();
    let (clock, log) = (LiveClock::start(), Log::stderr());
    let mut termination = Termination::listen().map_err(ExpectedError::environment)?;
    let options = options(config, inventory, &state, clock, log.clone());
    let port = live::bind(args.bind).await?;
    let socket = control::bind(&state).await?;
    let listener = live::spawn(port, options).await?;
    let control = tokio::spawn(control::serve(socket, listener.remote()));
    let url = format!("http://{}", listener.address());
    message::note(&format!("listener: {read}; state in {}", state.path().display()));
    log.line(started(&url, &open).at(clock.now()));
    if args.format.is_json() {
        let ready = json!({"ready": true, "listener": url, "unauthenticated": open});
        message::data(&ready.to_string())?;
    }
    termination.requested().await;
    log.line(Line::new("SERVER_STOPPING").at(clock.now()));
    control.abort();
    let _ = control.await; // it was told to end
    listener.stop().await;
    log.line(Line::new("SERVER_STOPPED").at(clock.now()));
    log.flush();
    Ok(())
}

fn options(
    config: automation::Config,
    inventory: topology::Topology,
    state: &StateDir,
    clock: LiveClock,
    log: Log,
) -> Options {
    Options {
        config,
        inventory: Arc::new(inventory),
        journal: state.path().join(journal::FILE_NAME),
        known_hosts: state.known_hosts(),
        clock,
        log,
        rng: simtime::Rng::from_seed(rand::random()),
    }
}

/// The start-up line: it says when deliveries without a credential are taken, and from where.
fn started(url: &str, open: &[String]) -> Line {
    let line = Line::new("SERVER_STARTED").field("address", url);
    match open {
        [] => line.field("unauthenticated", "none"),
        paths => line
            .field("unauthenticated", "loopback")
            .field("unauthenticated_sources", paths.join(","))
            .field("hint", "plain curl from this machine is accepted; --require-auth ends it"),
    }
}
