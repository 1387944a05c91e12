//! `simulator up`: the routers until Ctrl-C, with their timeline.

use host::signal::Termination;
use host::{ExpectedError, StateDir, message};

use super::lab::{accept, boot, find_topology, open_state};
use crate::args::Up;
use crate::live::{LiveLab, TraceFile, spawn};
use crate::report::human;
use crate::report::ready::Ready;
use crate::transport::control;

/// Runs the lab until it is told to stop.
pub(super) async fn up(args: Up) -> Result<(), ExpectedError> {
    let mut sink = Vec::new();
    let found = find_topology(&args.lab).map_err(ExpectedError::file)?;
    let booted = boot(found, &args.lab, None, &mut sink)?;
    let mut booted = accept(Some(booted), &mut sink)?;
    booted.announce();
    let state = open_state(args.state.state.as_deref())?;
    let socket = control::bind(&state).await?;
    let listening = Termination::listen();
    let mut termination = listening.map_err(ExpectedError::environment)?;
    let trace = args.trace.as_deref().map(TraceFile::create).transpose();
    booted.options.trace = trace.map_err(ExpectedError::environment)?;
    booted.options.record = args.record.as_deref().map(|path| booted.record(path)).transpose()?;
    let live = spawn(booted.lab, &booted.topology, &state, booted.options).await?;
    let control = socket.path().display().to_string();
    let ready = Ready::new(None, Some(control), live.nodes().to_vec());
    let timeline = tokio::spawn(human::follow(live.remote(), live.clock().now()));
    let served = tokio::spawn(control::serve(socket, live.remote(), live.nodes().to_vec()));
    say_ready(&ready, &state, args.format.is_json())?;
    termination.requested().await;
    end(live).await;
    // Both end with the lab; what they still hold must be gone before the state directory is.
    served.abort();
    timeline.abort();
    let _ = (served.await, timeline.await);
    Ok(())
}

fn say_ready(ready: &Ready, state: &StateDir, json: bool) -> Result<(), ExpectedError> {
    for login in ready.logins() {
        message::styled(&human::status("Ready", &login));
    }
    if ready.has_https() {
        message::styled(&human::status("Trust", &state.authority().display().to_string()));
    }
    if let Some(control) = &ready.control {
        message::styled(&human::status("Control", control));
    }
    if json { message::data(&ready.to_json()) } else { Ok(()) }
}

async fn end(live: LiveLab) {
    message::styled(&human::status("Stopping", "the lab"));
    live.stop().await;
}
