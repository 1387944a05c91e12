//! HTTP out: makes one request of a router, once, as the lab gave it.
//!
//! Called by the live loop, one task per request. It follows no redirect, knows no proxy, tries
//! nothing twice, and looks at the addresses that a name has before it connects to one of them.

mod client;
mod trickle;
mod trust;

use std::sync::Arc;
use std::time::Duration;

use lab::{Egress, HTTP_ANSWER_BYTES_MAX, HttpFailure, HttpOutcome, HttpTrust, Post, Way};
use reqwest::header::{
    CONTENT_LENGTH, HOST, HeaderMap, HeaderName, HeaderValue, TRANSFER_ENCODING,
};
use reqwest::{Client, Request, Response};
use tokio::sync::Semaphore;
use topology::Url;
use tracing::debug;
use trickle::Trickle;

/// Requests of all routers that are under way at a time; others wait, within their own timeout.
const REQUESTS_MAX: usize = 256;

/// Sends for all routers of a lab. Cheap to clone.
#[derive(Clone, Debug)]
pub(crate) struct Sender {
    egress: Egress,
    room: Arc<Semaphore>,
    /// The authorities that the topology names, in PEM.
    ca: Option<Arc<str>>,
    /// Believe those.
    lab: Clients,
    /// Believe anybody.
    anybody: Clients,
}

/// Those that believe by one rule.
#[derive(Clone, Debug)]
struct Clients {
    /// Connects to loopback alone, whatever a name says.
    confined: Client,
    /// Connects wherever a name leads: for what the allow-list covers.
    free: Client,
}

impl Clients {
    fn new(trust: &HttpTrust, ca: Option<&str>) -> Self {
        let config = trust::config(trust, ca);
        Clients { confined: client::confined(config.clone()), free: client::free(config) }
    }
}

impl Sender {
    /// One that sends where the lab's rule allows it, and believes over https what `ca` vouches
    /// for.
    pub(crate) fn new(egress: Egress, ca: Option<&str>) -> Self {
        Sender {
            egress,
            room: Arc::new(Semaphore::new(REQUESTS_MAX)),
            ca: ca.map(Arc::from),
            lab: Clients::new(&HttpTrust::Lab, ca),
            anybody: Clients::new(&HttpTrust::Anybody, None),
        }
    }

    /// Makes the request and waits for its answer, within the bound that it has.
    pub(crate) async fn send(&self, post: &Post) -> HttpOutcome {
        let bound = Duration::from_micros(post.timeout.as_micros());
        let sending = async {
            let _place = self.room.acquire().await.map_err(|_| HttpFailure::Broken)?;
            self.exchange(post).await
        };
        let sent = tokio::time::timeout(bound, sending).await;
        let outcome = sent.unwrap_or(Err(HttpFailure::Timeout));
        let outcome = outcome.unwrap_or_else(HttpOutcome::Failed);
        say(post, &outcome);
        outcome
    }

    async fn exchange(&self, post: &Post) -> Result<HttpOutcome, HttpFailure> {
        let target: reqwest::Url = post.url.parse().map_err(|_| HttpFailure::NotAllowed)?;
        // Read again from what will be sent: two readers of one URL must not disagree about where
        // it leads.
        let url: Url = target.as_str().parse().map_err(|_| HttpFailure::NotAllowed)?;
        let client = self.client_for(&url, &post.trust)?;
        let request = request(post, &url, target).ok_or(HttpFailure::Broken)?;
        let response = client.execute(request).await.map_err(|error| client::failure(&error))?;
        read(response).await
    }

    /// The client that reaches no further than the rule says.
    fn client_for(&self, url: &Url, trust: &HttpTrust) -> Result<Client, HttpFailure> {
        let way = self.egress.url(url).ok_or(HttpFailure::NotAllowed)?;
        let clients = match trust {
            HttpTrust::Lab => self.lab.clone(),
            HttpTrust::Anybody => self.anybody.clone(),
            // One that is told whom to believe makes a connection of its own, as curl does.
            HttpTrust::Authorities(_) => Clients::new(trust, self.ca.as_deref()),
        };
        Ok(match way {
            Way::Anywhere => clients.free,
            Way::Loopback => clients.confined,
        })
    }
}

/// Neither URL nor headers: both may hold secrets. The number ties it to the lab's own facts.
fn say(post: &Post, outcome: &HttpOutcome) {
    let (post, method) = (post.post.0, &post.method);
    match outcome {
        HttpOutcome::Answered { status, .. } => debug!(post, method, status, "webhook answered"),
        HttpOutcome::Failed(failure) => debug!(post, method, %failure, "webhook not answered"),
    }
}

/// The request, its headers in the order given. Framing is ours: a length or encoding that an
/// applet wrote would let it say one thing and send another. Only where the length stands is the
/// router's, since real clients differ in that.
fn request(post: &Post, url: &Url, target: reqwest::Url) -> Option<Request> {
    let mut headers = HeaderMap::new();
    // First, as every client sends it; a header that was given takes its place.
    headers.insert(HOST, HeaderValue::from_str(&url.authority).ok()?);
    for (name, value) in &post.headers {
        let name = HeaderName::from_bytes(name.as_bytes()).ok()?;
        let value = HeaderValue::from_str(value).ok()?;
        match name {
            CONTENT_LENGTH => drop(headers.insert(name, post.body.len().into())),
            TRANSFER_ENCODING => {}
            HOST => drop(headers.insert(name, value)),
            _ => drop(headers.append(name, value)),
        }
    }
    let mut request = Request::new(post.method.parse().ok()?, target);
    *request.headers_mut() = headers;
    let body = post.body.clone();
    *request.body_mut() = Some(match post.pace {
        None => body.into(),
        Some(pace) => reqwest::Body::wrap(Trickle::new(body, pace)),
    });
    Some(request)
}

/// The answer, its body cut at the bound.
async fn read(mut response: Response) -> Result<HttpOutcome, HttpFailure> {
    let status = response.status().as_u16();
    let text = |value: &HeaderValue| String::from_utf8_lossy(value.as_bytes()).into_owned();
    let headers = response.headers().iter();
    let headers = headers.map(|(name, value)| (name.as_str().to_owned(), text(value))).collect();
    let mut body = Vec::new();
    while body.len() < HTTP_ANSWER_BYTES_MAX {
        let chunk = response.chunk().await.map_err(|error| client::failure(&error))?;
        let Some(chunk) = chunk else { break };
        body.extend_from_slice(&chunk);
    }
    body.truncate(HTTP_ANSWER_BYTES_MAX);
    Ok(HttpOutcome::Answered { status, headers, body })
}

#[cfg(test)]
mod tests;
