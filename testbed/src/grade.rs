//! `ednm grade`: asks a running listener, whoever wrote it, what a course asks of it, watches the
//! routers meanwhile, looks at what it leaves behind, and gives points.
//!
//! What is asked and what it is worth are the tables of [`table`]; nothing of a course is in code.

mod ask;
mod bench;
mod look;
mod points;
mod report;
mod run;
mod table;
mod want;

use std::path::Path;
use std::time::Duration;

use host::files::OsFiles;
use host::{ExpectedError, StateDir, message};
use listener::tls;
use tokio::net::TcpStream;
use topology::{Scheme, Secret, Url};

use crate::args::GradeArgs;
use ask::Asker;
use bench::Bench;
use look::Look;
use run::Run;

/// How long a listener may take to take a connection, in milliseconds.
const CONNECT_MS_MAX: u64 = 5_000;

/// Runs the verb.
pub(crate) async fn run(args: GradeArgs) -> Result<(), ExpectedError> {
    let course = table::load(&args.course)?;
    known(&course, &args.only)?;
    let url = listener(&args.url)?;
    let base = format!("{}://{}", url.scheme.as_str(), url.authority);
    let state = StateDir::open(args.state.as_deref()).map_err(ExpectedError::environment)?;
    let authorities = match (&args.ca, url.scheme) {
        (_, Scheme::Http) => None,
        (Some(path), Scheme::Https) => Some(tls::authority(path)?),
        (None, Scheme::Https) => tls::own_authority(&state)?,
    };
    is_there(&url, authorities.as_deref()).await?;
    let token = args.token.as_deref().map(own_token).transpose()?;
    let (topology, shown) = bench::read(args.devices.as_deref(), &url, authorities.as_deref())?;
    let (bench, values) = match topology.virtual_nodes().next() {
        Some(_) => Bench::start(&topology, url, state).await.map(|(b, v)| (Some(b), v))?,
        None => (None, bench::Values::default()),
    };
    let routers = bench.as_ref().map_or("no virtual router".to_owned(), Bench::describe);
    message::note(&format!("Grading {base} by {}, with {routers}", args.course));
    let client = ask::client(authorities.as_deref())?;
    let header = course.head.token_header.clone();
    let asker = Asker::new(client, base.clone(), token.or(shown), header);
    let look = Look::new(&args.directory, &course.head.log);
    let run = Run::new(&course, asker, bench, look, values);
    let graded = run.go(&args.only, Duration::from_micros(args.timeout.as_micros())).await?;
    report::tell(&course, &graded, &base, &args)
}

/// `--only` names areas that there are.
fn known(course: &table::Course, only: &[String]) -> Result<(), ExpectedError> {
    let keys: Vec<&str> = course.areas.iter().map(|area| area.key.as_str()).collect();
    match only.iter().find(|name| !keys.contains(&name.as_str())) {
        None => Ok(()),
        Some(name) => Err(ExpectedError::usage(format!("`--only {name}`: no such area"))
            .with_hint(format!("they are {}", keys.join(", ")))),
    }
}

fn listener(text: &str) -> Result<Url, ExpectedError> {
    let usage = |why: String| ExpectedError::usage(format!("`--url {text}`: {why}"));
    let url: Url = text.parse().map_err(|error: topology::UrlError| usage(error.to_string()))?;
    match url.has_path {
        true => Err(usage("expected no path: the tables have them".to_owned())),
        false => Ok(url),
    }
}

/// Nobody is graded who does not listen.
async fn is_there(url: &Url, authorities: Option<&str>) -> Result<(), ExpectedError> {
    let connect = TcpStream::connect((url.host.as_str(), url.port));
    let within = Duration::from_millis(CONNECT_MS_MAX);
    let why = match tokio::time::timeout(within, connect).await {
        Ok(Ok(_)) => return is_believed(url, authorities).await,
        Ok(Err(error)) => error.to_string(),
        Err(_) => "no answer".to_owned(),
    };
    let base = format!("{}://{}", url.scheme.as_str(), url.authority);
    let said = format!("nobody listens on {base}: {why}");
    Err(ExpectedError::environment_message(said).with_hint(
        "start the server first, say `uvicorn app:app --port 8000` or \
         `ednm listener serve --profile lab6 --offline`; `--url` says where it is",
    ))
}

/// Nor who shows a certificate that nobody vouches for.
async fn is_believed(url: &Url, authorities: Option<&str>) -> Result<(), ExpectedError> {
    if url.scheme == Scheme::Http {
        return Ok(());
    }
    let greet = tls::greet(&url.host, url.port, tls::client(authorities)?);
    let within = Duration::from_millis(CONNECT_MS_MAX);
    let why = match tokio::time::timeout(within, greet).await {
        Ok(Ok(())) => return Ok(()),
        Ok(Err(error)) => error.to_string(),
        Err(_) => "no answer".to_owned(),
    };
    let said = format!("https://{} shows no certificate to believe: {why}", url.authority);
    let hint = "`--ca FILE` names what it is believed by, say the `ca.pem` of its state directory";
    Err(ExpectedError::environment_message(said).with_hint(hint))
}

fn own_token(text: &str) -> Result<String, ExpectedError> {
    let usage = |why: String| ExpectedError::usage(format!("`--token`: {why}"));
    let mut files = OsFiles::beside(Path::new("token"));
    let secret = Secret::resolve(text, &mut files).map_err(|why| usage(why.to_owned()))?;
    let token = secret.expose().map_err(usage)?.to_owned();
    let is_value = !token.is_empty() && token.bytes().all(|byte| (0x21..0x7f).contains(&byte));
    if is_value { Ok(token) } else { Err(usage("it is no header's value".to_owned())) }
}
