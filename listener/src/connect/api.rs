//! Requests to the APIs of `[apis.*]`: one connection for each, to an address that was looked at.
//!
//! Called by the live loop for each `Http`. A name is resolved here and nowhere else, and what was
//! looked at is what is connected to. It follows redirects on the same host alone, knows no proxy
//! and no cookie, and takes answers up to a bound.

use std::io;
use std::net::{IpAddr, SocketAddr};
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use automation::{HeaderValue as Configured, Upstream};
use http_body_util::{BodyExt as _, Full, LengthLimitError, Limited};
use hyper::body::{Bytes, Incoming};
use hyper::client::conn::http1;
use hyper::header::{HOST, HeaderName, HeaderValue, LOCATION, USER_AGENT};
use hyper::{Method, Request, Response, StatusCode};
use hyper_util::rt::TokioIo;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpStream;
use tokio::time::timeout;
use tokio_rustls::TlsConnector;
use tokio_rustls::rustls::pki_types::ServerName;
use url::{Host, Url};

use super::certificate;

/// The most of an answer's body that is taken, in bytes.
pub const BODY_BYTES_MAX: usize = 1 << 20;
/// Redirects on the same host that are followed.
const REDIRECTS_MAX: usize = 3;
/// Addresses of a name that are tried.
const ADDRESSES_MAX: usize = 4;
/// Headers of an answer that are taken.
const HEADERS_MAX: usize = 100;

/// What is asked.
#[derive(Clone)]
pub struct Asked {
    /// `GET`
    pub method: String,
    /// Below the API's base.
    pub path_and_query: String,
    /// Beside the API's own; the same name stands in its place.
    pub headers: Vec<(String, String)>,
    /// The body; none is empty.
    pub body: Vec<u8>,
}

/// What came back, whatever its status.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer {
    /// The HTTP status.
    pub status: u16,
    /// Names in lower case; values that are no text are left out.
    pub headers: Vec<(String, String)>,
    /// The body.
    pub body: Vec<u8>,
}

/// Why there is no answer.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Failure {
    /// The file does not allow it, or cannot mean it. Never tried again.
    #[error("misconfigured: {0}")]
    Misconfigured(String),
    /// The name leads where no API may be. Never tried again.
    #[error("{0}")]
    Refused(String),
    /// No connection. Tried again.
    #[error("unreachable: {0}")]
    Unreachable(String),
    /// The server's certificate is not to be trusted. Never tried again.
    #[error("certificate refused: {0}")]
    Certificate(String),
    /// It took longer than its bound.
    #[error("no answer within {0:?}")]
    Timeout(Duration),
    /// The connection broke before the answer was whole.
    #[error("the answer broke off: {0}")]
    Broken(String),
    /// More than is taken. Never tried again.
    #[error("the answer is larger than {BODY_BYTES_MAX} bytes")]
    TooLarge,
}

/// Where names are looked up.
#[derive(Debug)]
pub(super) enum Resolver {
    /// The operating system.
    System,
    /// One answer after the other, as somebody's DNS server would give them.
    #[cfg(test)]
    Script(std::sync::Mutex<std::collections::VecDeque<Vec<IpAddr>>>),
}

/// One try of a request. An error says whether the server may have taken it.
pub async fn request(
    upstream: &Upstream,
    asked: &Asked,
    bound: Duration,
) -> Result<Answer, (Failure, bool)> {
    request_by(&Resolver::System, upstream, asked, bound).await
}

async fn request_by(
    resolver: &Resolver,
    upstream: &Upstream,
    asked: &Asked,
    bound: Duration,
) -> Result<Answer, (Failure, bool)> {
    let sent = AtomicBool::new(false);
    let exchange = Exchange { resolver, upstream, asked, sent: &sent };
    let answer = timeout(bound, exchange.follow()).await;
    let answer = answer.unwrap_or(Err(Failure::Timeout(bound)));
    answer.map_err(|failure| (failure, sent.load(Ordering::Relaxed)))
}

struct Exchange<'a> {
    resolver: &'a Resolver,
    upstream: &'a Upstream,
    asked: &'a Asked,
    /// Whether a server may have taken the request.
    sent: &'a AtomicBool,
}

impl Exchange<'_> {
    async fn follow(&self) -> Result<Answer, Failure> {
        let outside = || Failure::Misconfigured("the path leaves the API's URL".to_owned());
        let mut url = self.upstream.url(&self.asked.path_and_query).ok_or_else(outside)?;
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
        let reads = matches!(self.asked.method.as_str(), "GET" | "HEAD");
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
    async fn once(&self, url: &Url) -> Result<Response<Incoming>, Failure> {
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
        let no_name = || Failure::Misconfigured(format!("no certificate can be for {url}"));
        let name = name.ok_or_else(no_name)?;
        let trust = certificate::of_authorities().map_err(Failure::Misconfigured)?;
        let tls = TlsConnector::from(trust).connect(name, tcp).await;
        let tls = tls.map_err(|error| self.untrusted(&error))?;
        self.send(tls, request).await
    }

    fn untrusted(&self, error: &io::Error) -> Failure {
        use tokio_rustls::rustls::Error;
        let tls = error.get_ref().and_then(|inner| inner.downcast_ref::<Error>());
        match tls {
            Some(Error::InvalidCertificate(why)) => {
                Failure::Certificate(format!("{}: {why:?}", self.upstream))
            }
            Some(_) | None => Failure::Unreachable(format!("{}: {error}", self.upstream)),
        }
    }

    async fn send<T>(
        &self,
        stream: T,
        request: Request<Full<Bytes>>,
    ) -> Result<Response<Incoming>, Failure>
    where
        T: AsyncRead + AsyncWrite + Send + Unpin + 'static,
    {
        let broken = |error: hyper::Error| Failure::Broken(format!("{}: {error}", self.upstream));
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
    async fn connect(&self, url: &Url) -> Result<TcpStream, Failure> {
        let port = url.port_or_known_default().unwrap_or(443);
        let found = self.resolver.addresses(url).await.map_err(|error| {
            Failure::Unreachable(format!("{}: the name has no address: {error}", self.upstream))
        })?;
        let mut why = Failure::Unreachable(format!("{}: no address", self.upstream));
        let mut tried = 0;
        for address in found {
            if let Err(refusal) = self.upstream.admits(address) {
                // What cannot be reached is no reason to say that it was refused.
                if tried == 0 {
                    why = Failure::Refused(format!("{}: {refusal}", self.upstream));
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
                    why = Failure::Unreachable(format!("{}: {words}", self.upstream));
                }
                Err(error) => why = Failure::Unreachable(format!("{}: {error}", self.upstream)),
            }
        }
        Err(why)
    }

    fn message(&self, url: &Url) -> Result<Request<Full<Bytes>>, Failure> {
        let wrong = |why: String| Failure::Misconfigured(format!("{}: {why}", self.upstream));
        let method = Method::from_bytes(self.asked.method.as_bytes());
        let target = match url.query() {
            Some(query) => format!("{}?{query}", url.path()),
            None => url.path().to_owned(),
        };
        let body = Full::new(Bytes::from(self.asked.body.clone()));
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
        for (name, value) in &self.asked.headers {
            let (name, value) = header(name, value).map_err(wrong)?;
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

async fn whole(response: Response<Incoming>) -> Result<Answer, Failure> {
    let (head, body) = response.into_parts();
    let body = Limited::new(body, BODY_BYTES_MAX).collect().await.map_err(|error| {
        if error.is::<LengthLimitError>() {
            return Failure::TooLarge;
        }
        Failure::Broken(error.to_string())
    })?;
    let texts = head.headers.iter().filter_map(|(name, value)| {
        Some((name.as_str().to_owned(), value.to_str().ok()?.to_owned()))
    });
    Ok(Answer {
        status: head.status.as_u16(),
        headers: texts.collect(),
        body: body.to_bytes().to_vec(),
    })
}

#[cfg(test)]
#[path = "api_tests.rs"]
mod tests;
