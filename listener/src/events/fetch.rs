//! Where events are read from: the journal's file, or a running listener's API.

use std::path::Path;
use std::time::Duration;

use automation::overview::{JobPage, JobQuery};
use automation::store::{Page, Query};
use automation::story::Story;
use host::{ExpectedError, files, message};
use reqwest::header::{AUTHORIZATION, HeaderMap, HeaderValue};
use reqwest::{Response, StatusCode, redirect};

use topology::Secret;

use crate::args::Place;
use crate::journal::{FILE_NAME, Reader};
use crate::{open_state, tls};

/// How long a listener may take over an answer, in milliseconds.
const ANSWER_MS_MAX: u64 = 10_000;

/// Where the token is, if the command line does not say.
const TOKEN_VARIABLE: &str = "EDNM_API_TOKEN";

/// An opened place.
pub(crate) enum Origin {
    Journal(Reader),
    Listener { client: reqwest::Client, api: String },
}

impl Origin {
    pub(crate) fn open(place: &Place) -> Result<Self, ExpectedError> {
        let Some(url) = &place.listener else {
            let state = open_state(place.state.as_deref())?;
            let reader = Reader::open(&state.path().join(FILE_NAME));
            return reader.map(Origin::Journal).map_err(ExpectedError::from);
        };
        // Neither proxies nor redirects: the answer is that listener's or none.
        let client = reqwest::Client::builder()
            .no_proxy()
            .redirect(redirect::Policy::none())
            .timeout(Duration::from_millis(ANSWER_MS_MAX))
            .default_headers(credential(place)?)
            .tls_backend_preconfigured(tls::client(authorities(place, url)?.as_deref())?)
            .build()
            .map_err(ExpectedError::environment)?;
        let api = format!("{}/api/v1", url.trim_end_matches('/'));
        Ok(Origin::Listener { client, api })
    }

    pub(super) async fn page(&self, query: Query) -> Result<Page, ExpectedError> {
        match self {
            Origin::Journal(reader) => reader.page(query).await.map_err(ExpectedError::environment),
            Origin::Listener { client, api } => {
                let request = client.get(format!("{api}/events")).query(&pairs(&query));
                let response = request.send().await.map_err(ExpectedError::environment)?;
                let response = succeeded(response).await?;
                response.json().await.map_err(ExpectedError::environment)
            }
        }
    }

    pub(crate) async fn jobs(&self, query: JobQuery) -> Result<JobPage, ExpectedError> {
        match self {
            Origin::Journal(reader) => reader.jobs(query).await.map_err(ExpectedError::environment),
            Origin::Listener { client, api } => {
                let JobQuery { all, device, limit } = query;
                let mut pairs = vec![("all", all.to_string())];
                pairs.extend(device.map(|device| ("device", device)));
                pairs.extend(limit.map(|limit| ("limit", limit.to_string())));
                let request = client.get(format!("{api}/jobs")).query(&pairs);
                let response = request.send().await.map_err(ExpectedError::environment)?;
                let response = succeeded(response).await?;
                response.json().await.map_err(ExpectedError::environment)
            }
        }
    }

    pub(crate) async fn story(&self, id: &str) -> Result<Option<Story>, ExpectedError> {
        match self {
            Origin::Journal(reader) => {
                reader.story(id.to_owned()).await.map_err(ExpectedError::environment)
            }
            Origin::Listener { client, api } => {
                let events = format!("{api}/events");
                let mut url: reqwest::Url = events.parse().map_err(ExpectedError::usage)?;
                // As one segment: an id with a slash in it must not name another resource.
                if let Ok(mut segments) = url.path_segments_mut() {
                    segments.push(id);
                }
                let response = client.get(url).send().await.map_err(ExpectedError::environment)?;
                if response.status() == StatusCode::NOT_FOUND {
                    return Ok(None);
                }
                let response = succeeded(response).await?;
                response.json().await.map(Some).map_err(ExpectedError::environment)
            }
        }
    }
}

/// Whom to believe at an `https://` URL; nobody is named by any other.
fn authorities(place: &Place, url: &str) -> Result<Option<String>, ExpectedError> {
    if !url.starts_with("https://") {
        return Ok(None);
    }
    match &place.ca {
        Some(path) => tls::authority(path).map(Some),
        None => tls::own_authority(&open_state(place.state.as_deref())?),
    }
}

/// The token of the read API. It goes to the listener that was named, and nowhere else.
fn credential(place: &Place) -> Result<HeaderMap, ExpectedError> {
    let mut headers = HeaderMap::new();
    let token = match &place.token {
        Some(reference) => Some(resolve(reference)?),
        None => std::env::var(TOKEN_VARIABLE).ok().filter(|token| !token.is_empty()),
    };
    if let Some(token) = token {
        let value = HeaderValue::from_str(&format!("Bearer {token}"));
        let mut value =
            value.map_err(|_| ExpectedError::usage("the token is no header's value"))?;
        value.set_sensitive(true);
        headers.insert(AUTHORIZATION, value);
    }
    Ok(headers)
}

/// As listener.toml has it; a path is relative to the working directory.
fn resolve(reference: &str) -> Result<String, ExpectedError> {
    let mut files = files::OsFiles::beside(Path::new("token"));
    let secret = Secret::resolve(reference, &mut files).map_err(ExpectedError::usage)?;
    if secret.is_in_file() {
        message::warning("a token on the command line is seen by everybody on this machine");
        message::hint("write `env:NAME` or `file:PATH`");
    }
    let token = secret.expose().map_err(ExpectedError::environment_message)?;
    Ok(token.to_owned())
}

fn pairs(query: &Query) -> Vec<(&'static str, String)> {
    let pairs = [
        ("limit", query.limit.map(|limit| limit.to_string())),
        ("after", query.after.clone()),
        ("device", query.device.clone()),
        ("name", query.name.clone()),
        ("state", query.state.map(|state| state.as_str().to_owned())),
    ];
    pairs.into_iter().filter_map(|(name, value)| Some((name, value?))).collect()
}

/// An error's `detail`, where the listener gave one.
async fn succeeded(response: Response) -> Result<Response, ExpectedError> {
    if response.status().is_success() {
        return Ok(response);
    }
    let status = response.status();
    let document: Option<serde_json::Value> = response.json().await.ok();
    let detail = document.as_ref().and_then(|document| document["detail"].as_str());
    let detail = detail.unwrap_or("no detail given");
    Err(ExpectedError::environment_message(format!("the listener answered {status}: {detail}")))
}
