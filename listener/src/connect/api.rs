//! Requests to the APIs of `[apis.*]`: one connection for each, to an address that was looked at.
//!
//! Called by the live loop for each `Http`. A name is resolved here and nowhere else, and what was
//! looked at is what is connected to. It follows redirects on the same host alone, knows no proxy
//! and no cookie, and takes answers up to a bound.

use std::io;
use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, SystemTime};

use automation::record::HttpCall;
use automation::{HeaderValue as Configured, HttpFailure, HttpResponse, SessionId};
use automation::{Upstream, Upstreams};
use http_body_util::{BodyExt as _, Full, LengthLimitError, Limited};
use hyper::body::{Bytes, Incoming};
use hyper::client::conn::http1;
use hyper::header::{
    CONTENT_TYPE, HOST, HeaderMap, HeaderName, HeaderValue, LOCATION, RETRY_AFTER, USER_AGENT,
};
use hyper::{Method, Request, Response, StatusCode};
use hyper_util::rt::TokioIo;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpStream;
use tokio::sync::mpsc;
use tokio::time::timeout;
use tokio_rustls::TlsConnector;
use tokio_rustls::rustls::pki_types::ServerName;
use tracing::debug;
use url::{Host, Url};

use super::SessionEvent;
use super::certificate;

/// The most of an answer's body that is taken, in bytes.
pub const BODY_BYTES_MAX: usize = 1 << 20;
/// Redirects on the same host that are followed.
const REDIRECTS_MAX: usize = 3;
/// Addresses of a name that are tried.
const ADDRESSES_MAX: usize = 4;
/// Headers of an answer that are taken.
const HEADERS_MAX: usize = 100;

/// Where names are looked up.
#[derive(Debug)]
pub(super) enum Resolver {
    /// The operating system.
    System,
    /// One answer after the other, as somebody's DNS server would give them.
    #[cfg(test)]
    Script(std::sync::Mutex<std::collections::VecDeque<Vec<IpAddr>>>),
}

/// Asks, and tells the answer or why there is none.
pub async fn ask(
    session: SessionId,
    upstreams: Arc<Upstreams>,
    call: HttpCall,
    bound: Duration,
    events: mpsc::Sender<(SessionId, SessionEvent)>,
) {
    let answer = match upstreams.get(&call.api) {
        Some(upstream) => request(upstream, &call, bound).await,
        None => {
            let why = format!("there is no API `{}`", call.api);
            Err((HttpFailure::Misconfigured(why), false))
        }
    };
    let event = match answer {
        Ok(response) => {
            debug!(session = session.0, api = call.api, status = response.status, "answered");
            SessionEvent::HttpAnswered(response)
        }
        Err((failure, sent)) => {
            debug!(session = session.0, api = call.api, %failure, sent, "not answered");
            SessionEvent::HttpNotAnswered { failure, sent }
        }
    };
    // The loop may have ended meanwhile.
    let _ = events.send((session, event)).await;
}

/// One try of a request. An error says whether the server may have taken it.
pub async fn request(
    upstream: &Upstream,
    call: &HttpCall,
    bound: Duration,
) -> Result<HttpResponse, (HttpFailure, bool)> {
    request_by(&Resolver::System, upstream, call, bound).await
}

async fn request_by(
    resolver: &Resolver,
    upstream: &Upstream,
    call: &HttpCall,
    bound: Duration,
) -> Result<HttpResponse, (HttpFailure, bool)> {
    let sent = AtomicBool::new(false);
    let exchange = Exchange { resolver, upstream, call, sent: &sent };
    let answer = timeout(bound, exchange.follow()).await;
    let answer = answer.unwrap_or(Err(HttpFailure::Timeout));
    answer.map_err(|failure| (failure, sent.load(Ordering::Relaxed)))
}

struct Exchange<'a> {
    resolver: &'a Resolver,
    upstream: &'a Upstream,
    call: &'a HttpCall,
    /// Whether a server may have taken the request.
    sent: &'a AtomicBool,
}

impl Exchange<'_> {
    async fn follow(&self) -> Result<HttpResponse, HttpFailure> {
        let outside = || HttpFailure::Misconfigured("the path leaves the API's URL".to_owned());
        let mut url = self.upstream.url(&self.call.path).ok_or_else(outside)?;
        for _ in 0..REDIRECTS_MAX {
            let response = self.once(&url).await?;
            match self.redirect(&url, &response) {
                Some(next) => url = next,
                None => return whole(response).await,
            }
        }
        whole(self.once(&url).await?).await
    }

    /// Where to ask instead: on the same host, and only for who reads. Elsewhere the headers would
    /// go along, and the address was not looked at.
    fn redirect(&self, url: &Url, response: &Response<Incoming>) -> Option<Url> {
        let moved = matches!(
            response.status(),
            StatusCode::MOVED_PERMANENTLY
                | StatusCode::FOUND
                | StatusCode::TEMPORARY_REDIRECT
                | StatusCode::PERMANENT_REDIRECT
        );
        let reads = matches!(self.call.method.as_str(), "GET" | "HEAD");
        if !moved || !reads {
            return None;
        }
        let location = response.headers().get(LOCATION)?.to_str().ok()?;
        let next = url.join(location).ok()?;
        let stays = next.origin() == url.origin()
            && next.username().is_empty()
            && next.password().is_none();
        stays.then_some(next)
    }

    /// One connection, one request.
    async fn once(&self, url: &Url) -> Result<Response<Incoming>, HttpFailure> {
        let request = self.message(url)?;
        let tcp = self.connect(url).await?;
        if url.scheme() == "http" {
            return self.send(tcp, request).await;
        }
        let name = match url.host() {
            Some(Host::Domain(name)) => ServerName::try_from(name.to_owned()).ok(),
            Some(Host::Ipv4(address)) => Some(IpAddr::from(address).into()),
            Some(Host::Ipv6(address)) => Some(IpAddr::from(address).into()),
            None => None,
        };
        let no_name = || HttpFailure::Misconfigured(format!("no certificate can be for {url}"));
        let name = name.ok_or_else(no_name)?;
        let trust = match &self.upstream.ca {
            Some(pem) => certificate::of_authority(pem),
            None => certificate::of_authorities(),
        };
        let wrong = |why| HttpFailure::Misconfigured(format!("{}: {why}", self.upstream));
        let trust = trust.map_err(wrong)?;
        let tls = TlsConnector::from(trust).connect(name, tcp).await;
        let tls = tls.map_err(|error| self.untrusted(&error))?;
        self.send(tls, request).await
    }

    fn untrusted(&self, error: &io::Error) -> HttpFailure {
        use tokio_rustls::rustls::Error;
        let tls = error.get_ref().and_then(|inner| inner.downcast_ref::<Error>());
        match tls {
            Some(Error::InvalidCertificate(why)) => HttpFailure::Misconfigured(format!(
                "the certificate of {} is refused: {}; `ca = \"file:...\"` of the API names the \
                 authority that is to be believed",
                self.upstream,
                certificate::why(why)
            )),
            Some(_) | None => HttpFailure::Unreachable(format!("{}: {error}", self.upstream)),
        }
    }

    async fn send<T>(
        &self,
        stream: T,
        request: Request<Full<Bytes>>,
    ) -> Result<Response<Incoming>, HttpFailure>
    where
        T: AsyncRead + AsyncWrite + Send + Unpin + 'static,
    {
        let broken = |error: hyper::Error| {
            let words = format!("{}: no whole answer: {error}", self.upstream);
            HttpFailure::Unreachable(words)
        };
        let mut builder = http1::Builder::new();
        builder.max_headers(HEADERS_MAX);
        let handshake = builder.handshake(TokioIo::new(stream)).await;
        let (mut sender, connection) = handshake.map_err(broken)?;
        // It ends with the answer: the sender is dropped, and the body's end closes it.
        tokio::spawn(connection);
        self.sent.store(true, Ordering::Relaxed);
        sender.send_request(request).await.map_err(broken)
    }

    /// To the first of the name's addresses that is allowed and answers.
    async fn connect(&self, url: &Url) -> Result<TcpStream, HttpFailure> {
        let port = url.port_or_known_default().unwrap_or(443);
        let found = self.resolver.addresses(url).await.map_err(|error| {
            HttpFailure::Unreachable(format!("{}: the name has no address: {error}", self.upstream))
        })?;
        let mut why = HttpFailure::Unreachable(format!("{}: no address", self.upstream));
        let mut tried = 0;
        for address in found {
            if let Err(refusal) = self.upstream.admits(address) {
                // What cannot be reached is no reason to say that it was refused.
                if tried == 0 {
                    why = HttpFailure::RefusedAddress(format!("{}: {refusal}", self.upstream));
                }
                continue;
            }
            if tried == ADDRESSES_MAX {
                break;
            }
            tried += 1;
            match TcpStream::connect(SocketAddr::new(address, port)).await {
                Ok(stream) => {
                    let _ = stream.set_nodelay(true); // slower without it, no more
                    return Ok(stream);
                }
                Err(error) if error.kind() == io::ErrorKind::ConnectionRefused => {
                    let words = "nothing listens there";
                    why = HttpFailure::Unreachable(format!("{}: {words}", self.upstream));
                }
                Err(error) => why = HttpFailure::Unreachable(format!("{}: {error}", self.upstream)),
            }
        }
        Err(why)
    }

    fn message(&self, url: &Url) -> Result<Request<Full<Bytes>>, HttpFailure> {
        let wrong = |why: String| HttpFailure::Misconfigured(format!("{}: {why}", self.upstream));
        let method = Method::from_bytes(self.call.method.as_bytes());
        let target = match url.query() {
            Some(query) => format!("{}?{query}", url.path()),
            None => url.path().to_owned(),
        };
        let body = Full::new(Bytes::from(self.call.body.clone().unwrap_or_default()));
        let mut request = Request::new(body);
        *request.method_mut() = method.map_err(|error| wrong(error.to_string()))?;
        *request.uri_mut() = target.parse().map_err(|error| wrong(format!("{error}")))?;
        let host = match (url.host_str(), url.port()) {
            (Some(host), Some(port)) => format!("{host}:{port}"),
            (Some(host), None) => host.to_owned(),
            (None, _) => return Err(wrong("the URL names no host".to_owned())),
        };
        let agent = concat!("ednm-listener/", env!("CARGO_PKG_VERSION"));
        let headers = request.headers_mut();
        headers.insert(HOST, HeaderValue::from_str(&host).map_err(|e| wrong(e.to_string()))?);
        headers.insert(USER_AGENT, HeaderValue::from_static(agent));
        for (name, value) in &self.upstream.headers {
            let (value, secret) = match value {
                Configured::Plain(value) => (value.as_str(), false),
                Configured::Secret(secret) => (secret.expose().map_err(wrong)?, true),
            };
            let (name, mut value) = header(name, value).map_err(wrong)?;
            value.set_sensitive(secret);
            headers.insert(name, value);
        }
        for (name, value) in &self.call.headers {
            let (name, value) = header(name, value).map_err(wrong)?;
            headers.insert(name, value);
        }
        if let Some(value) = &self.call.content_type {
            let (name, value) = header(CONTENT_TYPE.as_str(), value).map_err(wrong)?;
            headers.insert(name, value);
        }
        Ok(request)
    }
}

impl Resolver {
    async fn addresses(&self, url: &Url) -> io::Result<Vec<IpAddr>> {
        match (url.host(), self) {
            (Some(Host::Ipv4(address)), _) => Ok(vec![address.into()]),
            (Some(Host::Ipv6(address)), _) => Ok(vec![address.into()]),
            (Some(Host::Domain(name)), Resolver::System) => {
                let found = tokio::net::lookup_host((name, 0)).await?;
                Ok(found.map(|address| address.ip()).collect())
            }
            #[cfg(test)]
            (Some(Host::Domain(_)), Resolver::Script(script)) => {
                let next = script.lock().expect("one test").pop_front();
                Ok(next.unwrap_or_default())
            }
            (None, _) => Ok(Vec::new()),
        }
    }
}

fn header(name: &str, value: &str) -> Result<(HeaderName, HeaderValue), String> {
    let no_header = |why: String| format!("the header `{name}` cannot be sent: {why}");
    let key = HeaderName::from_bytes(name.as_bytes()).map_err(|e| no_header(e.to_string()))?;
    let value = HeaderValue::from_str(value).map_err(|e| no_header(e.to_string()))?;
    Ok((key, value))
}

async fn whole(response: Response<Incoming>) -> Result<HttpResponse, HttpFailure> {
    let (head, body) = response.into_parts();
    let body = Limited::new(body, BODY_BYTES_MAX).collect().await.map_err(|error| {
        if error.is::<LengthLimitError>() {
            return HttpFailure::TooLarge(BODY_BYTES_MAX);
        }
        HttpFailure::Unreachable(format!("the answer broke off: {error}"))
    })?;
    Ok(HttpResponse {
        status: head.status.as_u16(),
        content_type: text(&head.headers, &CONTENT_TYPE)
            .map(|value| value.split(';').next().unwrap_or_default().trim().to_ascii_lowercase()),
        retry_after: text(&head.headers, &RETRY_AFTER).and_then(retry_after),
        body: body.to_bytes().to_vec(),
    })
}

fn text<'a>(headers: &'a HeaderMap, name: &HeaderName) -> Option<&'a str> {
    headers.get(name).and_then(|value| value.to_str().ok())
}

/// RFC 9110 section 10.2.3: seconds, or an instant.
fn retry_after(value: &str) -> Option<u64> {
    let value = value.trim();
    value.parse().ok().or_else(|| {
        let at = httpdate::parse_http_date(value).ok()?;
        let wait = at.duration_since(SystemTime::now()).unwrap_or_default();
        Some(wait.as_secs() + u64::from(wait.subsec_nanos() > 0))
    })
}

#[cfg(test)]
#[path = "api_tests.rs"]
mod tests;
