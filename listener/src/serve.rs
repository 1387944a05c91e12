//! `listener serve`: the listener of one configuration, until it is told to stop.

use std::sync::Arc;

use automation::Config;
use host::signal::{HangUp, Termination};
use host::{ExpectedError, Line, LiveClock, StateDir, message};
use serde_json::json;

use crate::args::{Files, Outward, Serve};
use crate::exposure::{Exposure, known_secrets};
use crate::live::{self, Options, Trusted};
use crate::load::{Loaded, address, load};
use crate::log::Log;
use crate::reload::{Fresh, Read, Reloading, Watch};
use crate::tls::{Source, Tls, with_certificate};
use crate::{control, journal, open_state};

/// Runs the verb.
pub(crate) async fn run(args: Serve) -> Result<(), ExpectedError> {
    let bind = address(args.bind, args.files.course_config.as_deref());
    let exposure = Exposure {
        bind,
        require_auth: args.require_auth,
        allow_unauthenticated: args.allow_unauthenticated,
    };
    let (read, clock) =
        (reader(args.files.clone(), args.outward.clone(), exposure), LiveClock::start());
    let fresh = read()?;
    let state = open_state(args.state.state.as_deref())?;
    let source = Source::of(&args.tls, &state, bind.ip());
    let fresh = fresh.shown_by(source.as_ref(), clock.now())?;
    let Fresh { config, inventory, warnings, read: described, files: watched, embedded, tls } =
        fresh;
    let watch = Watch::new(watched);
    message::diagnostics(&warnings);
    known_secrets(&config).iter().for_each(|said| message::warning(said));
    let open: Vec<String> = config.unauthenticated_paths().map(str::to_owned).collect();
    let port = live::bind(bind).await?;
    let url = format!("{}://{}", scheme(source.as_ref()), port.address());
    let (shown, renewal) = tls.map(|tls| (tls.served, tls.renewal)).unzip();
    let print = shown.as_ref().map(|one| one.shown.fingerprint);
    let started = Line::new("SERVER_STARTED").field("address", &url).maybe("certificate", print);
    let started = exposed(started, &exposure, &config);
    let log = Log::stderr();
    let mut termination = Termination::listen().map_err(ExpectedError::environment)?;
    let hang_up = HangUp::listen().map_err(ExpectedError::environment)?;
    let options = Options {
        tls: shown.map(Tls::new),
        ..options(config, inventory, &state, clock, log.clone())
    };
    let socket = control::bind(&state).await?;
    let listener = live::spawn(port, options).await?;
    let syslog = listener.syslog().to_vec();
    let started = started.maybe("syslog", (!syslog.is_empty()).then(|| syslog.join(",")));
    let ca = source.as_ref().and_then(Source::authority).cloned();
    let read = with_certificate(read, source, clock);
    let (reloading, requests) =
        Reloading::new(read, watch, embedded, listener.remote(), clock, log.clone());
    let reloading = tokio::spawn(reloading.renewing(renewal.flatten()).run(hang_up));
    let control = tokio::spawn(control::serve(socket, listener.remote(), requests));
    message::note(&format!("listener: {described}; state in {}", state.path().display()));
    log.line(started.at(clock.now()));
    if args.format.is_json() {
        let mut ready = json!({"ready": true, "listener": url, "unauthenticated": open});
        if let Some(ca) = ca {
            ready["ca"] = json!(ca);
        }
        if !syslog.is_empty() {
            ready["syslog"] = json!(syslog);
        }
        message::data(&ready.to_string())?;
    }
    termination.requested().await;
    reloading.abort();
    log.line(Line::new("SERVER_STOPPING").at(clock.now()));
    control.abort();
    let _ = control.await; // it was told to end
    listener.stop().await;
    log.line(Line::new("SERVER_STOPPED").at(clock.now()));
    log.flush();
    Ok(())
}

/// Reads the files, at the start and at each reload; what the flags say holds every time.
fn reader(files: Files, outward: Outward, exposure: Exposure) -> Read {
    Box::new(move || {
        let Loaded { mut config, inventory, warnings, read, files, embedded } = load(&files)?;
        exposure.apply(&mut config)?;
        outward.apply(&mut config);
        Ok(Fresh { config, inventory, warnings, read, files, embedded, tls: None })
    })
}

fn scheme(tls: Option<&Source>) -> &'static str {
    if tls.is_some() { "https" } else { "http" }
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
        trusted: Trusted::of(state),
        tls: None,
        clock,
        log,
        rng: simtime::Rng::from_seed(rand::random()),
        facts: live::feed(),
    }
}

/// What the start-up line says of who may send without a credential, and who may read.
fn exposed(line: Line, exposure: &Exposure, config: &Config) -> Line {
    let open: Vec<&str> = config.unauthenticated_paths().collect();
    let line = match (open.as_slice(), exposure.is_loopback()) {
        ([], _) => line.field("unauthenticated", "none"),
        (paths, true) => line
            .field("unauthenticated", "loopback")
            .field("unauthenticated_sources", paths.join(","))
            .field("hint", "plain curl from this machine is accepted; --require-auth ends it"),
        (paths, false) => line
            .field("unauthenticated", "anybody")
            .field("unauthenticated_sources", paths.join(","))
            .field("hint", "whoever reaches this port is believed; it never acts on real nodes"),
    };
    let published = config.published_token().filter(|_| !exposure.is_loopback());
    let line = match published {
        None => line,
        Some(holder) => line
            .field("published_token", holder)
            .field("warning", "the shipped token is known to everybody: `ednm secret new`"),
    };
    let readers = if config.api().has_token() { "loopback,token" } else { "loopback" };
    line.field("read_api", readers)
}
