//! `ednm up`: lab and listener on their ports, until Ctrl-C.

use std::path::Path;

use automation::Config;
use host::files::Search;
use host::signal::{HangUp, Termination};
use host::{ExpectedError, LiveClock, StateDir, message};
use listener::exposure::{Exposure, known_secrets};
use listener::log::Log;
use listener::reload::{Fresh, Read, Reloading, Watch};
use listener::tls::{Source, Tls, with_certificate};
use simtime::Time;
use simulator::live::KeyKinds;
use simulator::report::human;
use simulator::report::ready::{Ready, ReadyNode};
use simulator::transport::control;
use topology::{Scheme, Topology};

use crate::args::UpArgs;
use crate::inputs::{self, Inputs};
use crate::live::{Live, LiveArgs, set_addresses};

/// Runs the verb.
pub(crate) async fn run(args: UpArgs) -> Result<(), ExpectedError> {
    let Inputs { topology, mut config, read, mut files, embedded } =
        inputs::load(&args.files, Search::WorkingDirectory)?;
    let bind = listener::address(args.bind, args.files.course_config.as_deref());
    let exposure = Exposure {
        bind,
        require_auth: args.require_auth,
        allow_unauthenticated: args.allow_unauthenticated,
    };
    exposure.apply(&mut config)?;
    args.outward.apply(&mut config);
    known_secrets(&config).iter().for_each(|said| message::warning(said));
    let state = StateDir::open(args.state.as_deref()).map_err(ExpectedError::environment)?;
    let socket = control::bind(&state).await?;
    let approvals = listener::control::bind(&state).await?;
    let mut termination = Termination::listen().map_err(ExpectedError::environment)?;
    let hang_up = HangUp::listen().map_err(ExpectedError::environment)?;
    let source = args.tls.then(|| Source::own(&state, bind.ip()));
    let certificate = certificate(source.as_ref(), &config)?;
    files.extend(source.iter().flat_map(Source::files));
    let watch = Watch::new(files);
    let (tls, renewal) = certificate.unzip();
    let open = exposure.open(&config);
    let log = Log::stderr();
    let live_args = LiveArgs {
        bind,
        state: &state,
        seed: topology.seed,
        keys: KeyKinds::Ed25519AndRsa,
        log: log.clone(),
        tls,
    };
    let example = example(&topology, args.state.is_some().then(|| state.path()));
    let (live, ()) = Live::start(topology, config, live_args, |_| Ok(())).await?;
    let status = |verb, text: &str| message::styled(&human::status(verb, text));
    status("Reading", &read);
    status("State", &state.path().display().to_string());
    for said in open {
        status("Open", &said);
    }
    let control = socket.path().display().to_string();
    let served = tokio::spawn(control::serve(socket, live.remote(), live.lab.nodes().to_vec()));
    let scheme = if source.is_some() { Scheme::Https } else { Scheme::Http };
    let url = format!("{}://{}", scheme.as_str(), live.address);
    let ready = Ready::new(Some(url), Some(control), live.lab.nodes().to_vec());
    live.syslog.iter().for_each(|address| status("Syslog", address));
    say_ready(&ready, &state, example, &args)?;
    let timeline = tokio::spawn(human::follow(live.remote(), live.clock.now()));
    let reader = reader(&args, exposure, live.lab.nodes().to_vec());
    let reader = with_certificate(reader, source, live.clock);
    let (reloading, requests) =
        Reloading::new(reader, watch, embedded, live.to_listener.clone(), live.clock, log.clone());
    let reloading = tokio::spawn(reloading.renewing(renewal.flatten()).run(hang_up));
    let remote = live.to_listener.clone();
    let approving = tokio::spawn(listener::control::serve(approvals, remote, requests));
    termination.requested().await;
    status("Stopping", "lab and listener");
    served.abort();
    approving.abort();
    timeline.abort();
    reloading.abort();
    // They were told to end.
    let _ = (served.await, approving.await, timeline.await, reloading.await);
    live.stop().await;
    log.flush();
    Ok(())
}

/// Reads the listener's half once more. The lab goes on as it is: its nodes stay where they are.
fn reader(args: &UpArgs, exposure: Exposure, nodes: Vec<ReadyNode>) -> Read {
    let (flags, outward) = (args.files.clone(), args.outward.clone());
    Box::new(move || {
        let (inputs, warnings) = inputs::read(&flags, Search::WorkingDirectory)?;
        let Inputs { mut topology, mut config, read, files, embedded } = inputs;
        exposure.apply(&mut config)?;
        outward.apply(&mut config);
        set_addresses(&mut topology, &nodes);
        config.set_addresses(&topology);
        Ok(Fresh { config, inventory: topology, warnings, read, files, embedded, tls: None })
    })
}

/// A certificate, and the authority that routers believe it by.
type Shown = (Tls, String);

/// What the listener shows and what routers believe it by; and when it is to be made anew.
fn certificate(
    source: Option<&Source>,
    config: &Config,
) -> Result<Option<(Shown, Option<Time>)>, ExpectedError> {
    let Some((source, ca)) = source.and_then(|source| Some((source, source.authority()?))) else {
        return Ok(None);
    };
    let read = source.read(LiveClock::start().now(), &config.api().hosts)?;
    let ca = std::fs::read_to_string(ca).map_err(ExpectedError::environment)?;
    Ok(Some(((Tls::new(read.served), ca), read.renewal)))
}

/// Something to try: the first cable's end. A state that a flag named has to be named again.
fn example(topology: &Topology, state: Option<&Path>) -> Option<String> {
    let end = topology.links.first()?.endpoints.first()?;
    let state = state.map(|path| format!(" --state {}", path.display())).unwrap_or_default();
    Some(format!("ednm simulator inject{state} {} shutdown {}", end.node, end.interface))
}

fn say_ready(
    ready: &Ready,
    state: &StateDir,
    example: Option<String>,
    args: &UpArgs,
) -> Result<(), ExpectedError> {
    let status = |verb, text: &str| message::styled(&human::status(verb, text));
    status("Listener", ready.listener.as_deref().unwrap_or("-"));
    for login in ready.logins() {
        status("Ready", &login);
    }
    if ready.has_https() || args.tls {
        status("Trust", &state.authority().display().to_string());
    }
    if let Some(example) = example {
        status("Try", &format!("in another terminal: {example}"));
    }
    if args.format.is_json() { message::data(&ready.to_json()) } else { Ok(()) }
}
