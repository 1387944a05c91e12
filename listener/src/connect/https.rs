//! Requests over HTTPS: one client a node, which keeps its connections for the next request.
//!
//! Called by the live loop for each `Restconf` and by `device check`. It follows no redirect, sends
//! the password to a server whose certificate is trusted alone, and takes answers up to a bound.

use std::collections::BTreeMap;
use std::error::Error as _;
use std::fmt;
use std::path::PathBuf;
use std::time::Duration;

use automation::session::OUTPUT_BYTES_MAX;
use automation::{GuestKey, Login, SessionFailure, SessionId};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use http_body_util::{BodyExt as _, Full, LengthLimitError, Limited};
use hyper::body::{Bytes, Incoming};
use hyper::header::{ACCEPT, AUTHORIZATION, CONTENT_TYPE, HeaderValue, LOCATION};
use hyper_rustls::{HttpsConnector, HttpsConnectorBuilder};
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::client::legacy::{Client, Error};
use hyper_util::rt::{TokioExecutor, TokioTimer};
use restconf::{Method, Request, Response};
use secrecy::{ExposeSecret as _, SecretString};
use tokio::sync::mpsc;
use tokio::time::timeout;
use tokio_rustls::rustls;
use topology::{Address, HttpsTrust, Node, NodeKind};
use tracing::debug;

use super::certificate::{self, Distrust};
use super::session::SessionEvent;
use super::target::TargetError;

/// Where HTTPS is when nobody says otherwise.
const HTTPS_PORT: u16 = 443;
/// How long a connection may take to stand, in seconds.
const CONNECT_SECS_MAX: u64 = 15;
/// Connections of one node that are kept for the next request.
const IDLE_MAX: usize = 2;
/// How long they are kept, in seconds: less than servers of devices do.
const IDLE_SECS_MAX: u64 = 30;

type Https = Client<HttpsConnector<HttpConnector>, Full<Bytes>>;

/// The clients of an inventory, made when they are needed.
#[derive(Debug)]
pub struct Clients {
    by_node: BTreeMap<String, Https>,
    /// Whose certificates virtual nodes show, as `known_hosts` has their keys: a file in PEM, which
    /// is there once a lab has been up.
    authority: PathBuf,
}

/// Where and as whom to ask, and with which client.
#[derive(Clone)]
pub struct RestTarget {
    /// The node's name in the inventory.
    pub node: String,
    /// Where its HTTPS server listens.
    pub address: Address,
    username: String,
    password: SecretString,
    authorization: HeaderValue,
    client: Https,
}

impl RestTarget {
    /// What a request says in place of the inventory.
    pub(crate) fn log_in_as(&mut self, login: &Login) {
        if let Some(username) = &login.username {
            self.username.clone_from(username);
        }
        if let Some(password) = &login.password {
            self.password = password.clone();
        }
        self.authorization = basic(&self.username, &self.password);
    }
}

impl fmt::Debug for RestTarget {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RestTarget").field("node", &self.node).finish_non_exhaustive()
    }
}

/// `R1 (127.0.0.1:8443)`, as messages name it.
impl fmt::Display for RestTarget {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "`{}` ({})", self.node, self.address)
    }
}

impl Clients {
    /// None yet. Virtual nodes are believed by the authority of this file, unless the inventory
    /// says otherwise.
    pub fn of_lab(authority: PathBuf) -> Self {
        Clients { by_node: BTreeMap::new(), authority }
    }

    /// Resolves a node's address, credentials and rule for certificates.
    pub fn target(&mut self, name: &str, node: &Node) -> Result<RestTarget, TargetError> {
        let no_address = || TargetError::NoAddress { node: name.to_owned(), key: "restconf" };
        let address = node.restconf_server().ok_or_else(no_address)?;
        let wrong = |what: &'static str, reason: String| TargetError::Secret {
            what,
            node: name.to_owned(),
            reason,
        };
        let user = node.username.expose().map_err(|reason| wrong("username", reason))?;
        let password = node.password.expose().map_err(|reason| wrong("password", reason))?;
        let (username, password) = (user.to_owned(), SecretString::from(password));
        let authorization = basic(user, &password);
        let client = match self.by_node.get(name) {
            Some(client) => client.clone(),
            None => {
                let trust = self.trust(node);
                // A lab that comes up later is believed then.
                let is_settled = node.kind != NodeKind::Virtual || trust != HttpsTrust::System;
                let tls = certificate::client(name, &trust);
                let client = client(tls.map_err(|reason| wrong("restconf-ca", reason))?);
                if is_settled {
                    self.by_node.insert(name.to_owned(), client.clone());
                }
                client
            }
        };
        let node = name.to_owned();
        Ok(RestTarget { node, address, username, password, authorization, client })
    }

    /// By what a node's certificate is believed.
    fn trust(&self, node: &Node) -> HttpsTrust {
        match (node.kind, &node.https_trust) {
            (NodeKind::Virtual, HttpsTrust::System) => {
                let authority = std::fs::read_to_string(&self.authority);
                authority.map_or(HttpsTrust::System, HttpsTrust::Authority)
            }
            (_, trust) => trust.clone(),
        }
    }

    /// A host that a request names, and nobody's credentials yet.
    pub(crate) fn guest(
        &mut self,
        host: &str,
        port: Option<u16>,
        key: GuestKey,
    ) -> Result<RestTarget, TargetError> {
        let trust = match key {
            GuestKey::Strict | GuestKey::AcceptNew => HttpsTrust::System,
            GuestKey::Insecure => HttpsTrust::Insecure,
        };
        let wrong = |reason| {
            let (what, node) = ("certificate rule", host.to_owned());
            TargetError::Secret { what, node, reason }
        };
        let client = client(certificate::client(host, &trust).map_err(wrong)?);
        let address = Address { host: host.to_owned(), port: port.unwrap_or(HTTPS_PORT) };
        let authorization = basic("", &SecretString::default());
        Ok(RestTarget {
            node: host.to_owned(),
            address,
            username: String::new(),
            password: SecretString::default(),
            authorization,
            client,
        })
    }

    /// Another inventory: its nodes may be elsewhere, and trusted otherwise.
    pub fn forget(&mut self) {
        self.by_node.clear();
    }
}

/// RFC 7617.
fn basic(user: &str, password: &SecretString) -> HeaderValue {
    let pair = format!("{user}:{}", password.expose_secret());
    let value = format!("Basic {}", BASE64.encode(pair));
    // Base64 has no letter that a header cannot have.
    let mut value = HeaderValue::from_str(&value).unwrap_or(HeaderValue::from_static(""));
    value.set_sensitive(true);
    value
}

fn client(tls: rustls::ClientConfig) -> Https {
    let mut tcp = HttpConnector::new();
    tcp.enforce_http(false);
    tcp.set_nodelay(true);
    tcp.set_connect_timeout(Some(Duration::from_secs(CONNECT_SECS_MAX)));
    let https = HttpsConnectorBuilder::new().with_tls_config(tls).https_only().enable_http1();
    Client::builder(TokioExecutor::new())
        .pool_max_idle_per_host(IDLE_MAX)
        .pool_idle_timeout(Duration::from_secs(IDLE_SECS_MAX))
        .pool_timer(TokioTimer::new())
        .build(https.wrap_connector(tcp))
}

/// Asks, and tells the answer or why there is none.
pub async fn ask(
    session: SessionId,
    target: RestTarget,
    asked: Request,
    bound: Duration,
    events: mpsc::Sender<(SessionId, SessionEvent)>,
) {
    let event = match request(&target, &asked, bound).await {
        Ok(response) => {
            debug!(session = session.0, %target, status = response.status, "answered");
            SessionEvent::Answered(response)
        }
        Err((failure, sent)) => {
            debug!(session = session.0, %target, %failure, sent, "not answered");
            SessionEvent::NotAnswered { failure, sent }
        }
    };
    // The loop may have ended meanwhile.
    let _ = events.send((session, event)).await;
}

/// One request and its answer. An error says whether the device may have taken the request.
pub async fn request(
    target: &RestTarget,
    asked: &Request,
    bound: Duration,
) -> Result<Response, (SessionFailure, bool)> {
    let request = http_request(target, asked).map_err(|failure| (failure, false))?;
    let answer = async {
        let response = target.client.request(request).await;
        let response = response.map_err(|error| failure(target, &error))?;
        read(target, response).await.map_err(|failure| (failure, true))
    };
    timeout(bound, answer).await.unwrap_or(Err((SessionFailure::Timeout, true)))
}

fn http_request(
    target: &RestTarget,
    asked: &Request,
) -> Result<hyper::Request<Full<Bytes>>, SessionFailure> {
    let query = if asked.query.is_empty() { String::new() } else { format!("?{}", asked.query) };
    let uri = format!("https://{}{}{query}", target.address, asked.path);
    let mut builder = hyper::Request::builder().method(method(asked.method)).uri(uri);
    for (name, value) in [(ACCEPT, &asked.accept), (CONTENT_TYPE, &asked.content_type)] {
        if let Some(value) = value {
            builder = builder.header(name, value);
        }
    }
    builder = builder.header(AUTHORIZATION, target.authorization.clone());
    let request = builder.body(Full::new(Bytes::from(asked.body.clone())));
    request.map_err(|error| SessionFailure::Misconfigured(format!("no request: {error}")))
}

fn method(method: Method) -> hyper::Method {
    match method {
        Method::Get | Method::Other => hyper::Method::GET,
        Method::Head => hyper::Method::HEAD,
        Method::Options => hyper::Method::OPTIONS,
        Method::Post => hyper::Method::POST,
        Method::Put => hyper::Method::PUT,
        Method::Patch => hyper::Method::PATCH,
        Method::Delete => hyper::Method::DELETE,
    }
}

async fn read(
    target: &RestTarget,
    response: hyper::Response<Incoming>,
) -> Result<Response, SessionFailure> {
    let (head, body) = response.into_parts();
    let body = Limited::new(body, OUTPUT_BYTES_MAX).collect().await.map_err(|error| {
        if error.is::<LengthLimitError>() {
            return SessionFailure::TooLarge(OUTPUT_BYTES_MAX);
        }
        SessionFailure::Unreachable(format!("{target}: the answer broke off: {error}"))
    })?;
    let header = |name: &'static str, key| {
        let value = head.headers.get(key).and_then(|value: &HeaderValue| value.to_str().ok());
        value.map(|value| (name, value.to_owned()))
    };
    let headers = [header("content-type", CONTENT_TYPE), header("location", LOCATION)];
    Ok(Response {
        status: head.status.as_u16(),
        headers: headers.into_iter().flatten().collect(),
        body: String::from_utf8_lossy(&body.to_bytes()).into_owned(),
    })
}

/// A failure of the connection or of the protocol, in the automation's words.
fn failure(target: &RestTarget, error: &Error) -> (SessionFailure, bool) {
    let mut deepest: &dyn std::error::Error = error;
    loop {
        if let Some(rustls::Error::InvalidCertificate(why)) = tls_error(deepest) {
            let words = match why {
                rustls::CertificateError::Other(other) => {
                    match other.0.downcast_ref::<Distrust>() {
                        Some(distrust) => distrust.to_string(),
                        None => other.to_string(),
                    }
                }
                other => format!("{other:?}"),
            };
            return (SessionFailure::Certificate(words), false);
        }
        match deepest.source() {
            Some(source) => deepest = source,
            None => break,
        }
    }
    let words = match io_kind(error) {
        Some(std::io::ErrorKind::ConnectionRefused) => "nothing listens there".to_owned(),
        Some(_) | None => deepest.to_string(),
    };
    let words = match error.is_connect() {
        true => format!("{target}: {words}"),
        false => format!("{target}: the connection broke before the answer: {words}"),
    };
    (SessionFailure::Unreachable(words), !error.is_connect())
}

/// An error of TLS, bare or in errors of input and output, one in the other: what such an error
/// holds is not its source.
fn tls_error<'a>(error: &'a (dyn std::error::Error + 'static)) -> Option<&'a rustls::Error> {
    let inner = || tls_error(error.downcast_ref::<std::io::Error>()?.get_ref()?);
    error.downcast_ref().or_else(inner)
}

fn io_kind(error: &Error) -> Option<std::io::ErrorKind> {
    let mut next = error.source();
    while let Some(error) = next {
        if let Some(error) = error.downcast_ref::<std::io::Error>() {
            return Some(error.kind());
        }
        next = error.source();
    }
    None
}
