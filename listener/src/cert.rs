//! `listener cert`: the certificate of a state directory, made, renewed or shown.

use host::text::printable;
use host::tls::{Name, Shown, distinct};
use host::{ExpectedError, LiveClock, StateDir, message};
use serde_json::json;
use simtime::Time;

use crate::args::Cert;
use crate::open_state;
use crate::tls::{Own, Source, listed};

/// What was done.
#[derive(Clone, Copy)]
enum Done {
    Made,
    Renewed,
    /// There was one that will do.
    Stood,
}

/// Runs the verb.
pub(crate) async fn run(args: Cert) -> Result<(), ExpectedError> {
    let state = open_state(args.state.state.as_deref())?;
    let Cert { name, ip, renew, format, .. } = args;
    let wanted: Vec<Name> = name.into_iter().chain(ip.into_iter().map(Name::Ip)).collect();
    let now = LiveClock::start().now();
    let work = tokio::task::spawn_blocking(move || make(&state, wanted, renew, now));
    let (own, done) = work.await.map_err(ExpectedError::environment)??;
    let shown = Source::Own(own.clone()).read(now, &[])?.served.shown;
    if format.is_json() {
        return message::data(&described(&own, &shown, done).to_string());
    }
    let verb = match done {
        Done::Made => "made",
        Done::Renewed => "renewed",
        Done::Stood => "there already (`--renew` makes another)",
    };
    let (pair, names) = (own.pair(), listed(&shown.names));
    let line = |label: &str, value: &str| format!("{label:<12}{}\n", printable(value));
    let file = |path: &std::path::Path| path.display().to_string();
    let text = line("certificate", &format!("{}: {verb}", file(&pair.certificate)))
        + &line("key", &file(&pair.key))
        + &line("authority", &file(own.authority()))
        + &line("names", &names)
        + &line("good until", &shown.end.to_string())
        + &line("serial", &shown.serial)
        + &line("fingerprint", &shown.fingerprint.to_string());
    message::data(text.trim_end())
}

fn make(
    state: &StateDir,
    wanted: Vec<Name>,
    renew: bool,
    now: Time,
) -> Result<(Own, Done), ExpectedError> {
    let own = Own::of(state, wanted);
    let authority = own.open(now)?;
    let is_there = own.pair().certificate.exists();
    let known = own.known(&authority)?;
    if renew || !is_there {
        let before = known.map(|known| known.names).unwrap_or_default();
        let names = distinct(own.names().iter().cloned().chain(before));
        own.issue(&authority, &names, now)?;
        return Ok((own, if is_there { Done::Renewed } else { Done::Made }));
    }
    match known.filter(|known| known.renewal > now) {
        Some(known) => match own.lacking(&known) {
            lacking if lacking.is_empty() => Ok((own, Done::Stood)),
            lacking => Err(refused(&own, &format!("is not for {}", listed(&lacking)))),
        },
        None => Err(refused(&own, "is about to end, or of another key or authority")),
    }
}

fn refused(own: &Own, why: &str) -> ExpectedError {
    let file = own.pair().certificate;
    let message = format!("`{}` is there already, and {why}", file.display());
    ExpectedError::environment_message(message).with_hint("`--renew` makes another in its place")
}

fn described(own: &Own, shown: &Shown, done: Done) -> serde_json::Value {
    let pair = own.pair();
    json!({
        "certificate": pair.certificate,
        "key": pair.key,
        "authority": own.authority(),
        "names": shown.names.iter().map(Name::to_string).collect::<Vec<_>>(),
        "good_until": shown.end.to_string(),
        "serial": shown.serial,
        "fingerprint": shown.fingerprint.to_string(),
        "done": match done {
            Done::Made => "made",
            Done::Renewed => "renewed",
            Done::Stood => "stood",
        },
    })
}
