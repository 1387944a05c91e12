//! HTTP out: makes one request of a router, once, exactly as the lab gave it.
//!
//! Called by the live loop, one task per request. It adds `Host` and `Content-Length` and nothing
//! else, and checks the address once more after the name is resolved, against a name that moves.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use http_body_util::Full;
use hyper::Request;
use hyper::body::Bytes;
use hyper::header::{CONTENT_LENGTH, HOST, HeaderMap, HeaderName, HeaderValue, TRANSFER_ENCODING};
use lab::{HTTP_ANSWER_BYTES_MAX, HttpFailure, HttpOutcome, Post};
use tokio::sync::Semaphore;
use topology::{Scheme, Url};

use super::http;

/// Requests of all routers that are under way at a time; others wait, within their own timeout.
const REQUESTS_MAX: usize = 256;
/// Sends for all routers of a lab. Cheap to clone.
#[derive(Clone, Debug)]
pub(crate) struct Sender {
    allow: Arc<[Url]>,
    room: Arc<Semaphore>,
}

impl Sender {
    /// One that sends to loopback, and to what these prefixes cover.
    pub(crate) fn new(allow: impl IntoIterator<Item = Url>) -> Self {
        let room = Arc::new(Semaphore::new(REQUESTS_MAX));
        Sender { allow: allow.into_iter().collect(), room }
    }

    /// Makes the request and waits for its answer, within the bound that it has.
    pub(crate) async fn send(&self, post: &Post) -> HttpOutcome {
        let bound = Duration::from_micros(post.timeout.as_micros());
        let sending = async {
            let _place = self.room.acquire().await.map_err(|_| HttpFailure::Broken)?;
            self.exchange(post).await
        };
        match tokio::time::timeout(bound, sending).await {
            Ok(Ok(answer)) => answer,
            Ok(Err(failure)) => HttpOutcome::Failed(failure),
            Err(_) => HttpOutcome::Failed(HttpFailure::Timeout),
        }
    }

    async fn exchange(&self, post: &Post) -> Result<HttpOutcome, HttpFailure> {
        let url: Url = post.url.parse().map_err(|_| HttpFailure::NotAllowed)?;
        if url.scheme == Scheme::Https {
            // There is no TLS in the routers yet: no connection is the honest answer.
            return Err(HttpFailure::Broken);
        }
        let request = request(post, &url).ok_or(HttpFailure::Broken)?;
        let addresses = self.addresses(&url).await?;
        http::exchange(&addresses, request, HTTP_ANSWER_BYTES_MAX).await
    }

    /// Where the URL leads, as far as a router may go there.
    async fn addresses(&self, url: &Url) -> Result<Vec<SocketAddr>, HttpFailure> {
        let found = tokio::net::lookup_host((url.host.as_str(), url.port)).await;
        let found: Vec<SocketAddr> = found.map_err(|_| HttpFailure::Resolve)?.collect();
        if found.is_empty() {
            return Err(HttpFailure::Resolve);
        }
        let anywhere = self.allow.iter().any(|prefix| prefix.covers(url));
        let allowed = found.into_iter().filter(|address| anywhere || address.ip().is_loopback());
        let allowed: Vec<SocketAddr> = allowed.collect();
        if allowed.is_empty() { Err(HttpFailure::NotAllowed) } else { Ok(allowed) }
    }
}

/// The request, its headers in the order given. Framing is ours: a length or encoding that an
/// applet wrote would let it say one thing and send another.
fn request(post: &Post, url: &Url) -> Option<Request<Full<Bytes>>> {
    let given = || {
        let is_ours = |name: &str| {
            let ours = [CONTENT_LENGTH, TRANSFER_ENCODING];
            ours.iter().any(|ours| name.eq_ignore_ascii_case(ours.as_str()))
        };
        post.headers.iter().filter(move |(name, _)| !is_ours(name))
    };
    let mut headers = HeaderMap::new();
    if !given().any(|(name, _)| name.eq_ignore_ascii_case(HOST.as_str())) {
        headers.insert(HOST, HeaderValue::from_str(&url.authority).ok()?);
    }
    for (name, value) in given() {
        let name = HeaderName::from_bytes(name.as_bytes()).ok()?;
        headers.append(name, HeaderValue::from_str(value).ok()?);
    }
    let target = format!("{}{}", url.path, url.query);
    let body = Full::new(Bytes::copy_from_slice(&post.body));
    let request = Request::builder().method(post.method.as_str()).uri(target);
    let mut request = request.body(body).ok()?;
    *request.headers_mut() = headers;
    Some(request)
}

#[cfg(test)]
mod tests;
