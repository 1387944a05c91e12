//! `ednm up`: lab and listener on their ports, until Ctrl-C.

use host::files::Search;
use host::signal::Termination;
use host::{ExpectedError, StateDir, message};
use listener::log::Log;
use simulator::live::KeyKinds;
use simulator::report::ready::Ready;
use simulator::transport::control;

use crate::args::UpArgs;
use crate::inputs::{self, Inputs};
use crate::live::{Live, LiveArgs};

/// Runs the verb.
pub(crate) async fn run(args: UpArgs) -> Result<(), ExpectedError> {
    let Inputs { topology, mut config, read } =
        inputs::load(&args.files, Search::WorkingDirectory)?;
    // An address that others reach takes no delivery without a credential.
    if args.require_auth || !args.bind.ip().is_loopback() {
        config.require_authentication();
    }
    let state = StateDir::open(args.state.as_deref()).map_err(ExpectedError::environment)?;
    let socket = control::bind(&state).await?;
    let mut termination = Termination::listen().map_err(ExpectedError::environment)?;
    let open: Vec<String> = config.unauthenticated_paths().map(str::to_owned).collect();
    let log = Log::stderr();
    let live_args = LiveArgs {
        bind: args.bind,
        state: &state,
        seed: topology.seed,
        keys: KeyKinds::Ed25519AndRsa,
        log: log.clone(),
    };
    let (live, ()) = Live::start(topology, config, live_args, |_| Ok(())).await?;
    message::note(&format!("Read {read}"));
    message::note(&format!("State is in {}", state.path().display()));
    if !open.is_empty() {
        let paths = open.join(", ");
        message::note(&format!(
            "Deliveries without a credential are accepted from this machine on {paths} \
             (`--require-auth` ends it)"
        ));
    }
    let control = socket.path().display().to_string();
    let served = tokio::spawn(control::serve(socket, live.remote(), live.lab.nodes().to_vec()));
    let url = format!("http://{}", live.listener.address());
    say_ready(&Ready::new(Some(url), Some(control), live.lab.nodes().to_vec()), &args)?;
    termination.requested().await;
    message::note("Stopping");
    served.abort();
    let _ = served.await; // it was told to end
    live.stop().await;
    log.flush();
    Ok(())
}

fn say_ready(ready: &Ready, args: &UpArgs) -> Result<(), ExpectedError> {
    message::note(&format!("Listener  {}", ready.listener.as_deref().unwrap_or("-")));
    for login in ready.logins() {
        message::note(&login);
    }
    message::note("Try, in another terminal: simulator inject R1 shutdown GigabitEthernet1");
    if args.format.is_json() { message::data(&ready.to_json()) } else { Ok(()) }
}
