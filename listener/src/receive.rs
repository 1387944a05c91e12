//! A request on a source's path becomes a delivery; the automation's reply goes back.
//!
//! Called by axum for every request that is for no route of the listener's own. It refuses only
//! what is no whole HTTP request (too large, too slow), what no source takes, and what there is no
//! room for: type, credentials and content are the automation's business.

use std::future::poll_fn;
use std::net::IpAddr;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use automation::{Reply, Unrouted};
use axum::body::{Body, Bytes, HttpBody as _};
use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::middleware::{self, Next};
use axum::response::{IntoResponse as _, Response};
use axum::routing::get;
use axum::{Extension, Json, Router};
use fact::Kind;
use serde_json::json;
use tokio::sync::{mpsc, oneshot};
use tokio::time::timeout;

use crate::guard::{self, Guard};
use crate::http::{Held, Peer, Place};
use crate::live::{Front, Source, Teller};
use crate::pages;
use crate::problem::Problem;
use crate::ready::Readiness;

/// How long a reply may take, in milliseconds, beside what its source waits for: a commit to a slow
/// disk, mostly.
const REPLY_MS_MAX: u64 = 10_000;

/// One whole request, on its way to the automation.
#[derive(Debug)]
pub(crate) struct Arrival {
    pub(crate) method: restconf::Method,
    pub(crate) path: String,
    pub(crate) query: String,
    pub(crate) peer: IpAddr,
    /// Whether this machine sends it, and by nobody's order.
    pub(crate) local: bool,
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) body: WholeBody,
    pub(crate) reply: oneshot::Sender<Reply>,
}

/// A body, and the room that it takes as long as it is there.
#[derive(Debug)]
pub(crate) struct WholeBody {
    pub(crate) bytes: Bytes,
    _held: Held,
}

/// What the handlers share.
#[derive(Clone, Debug)]
pub(crate) struct Reception {
    pub(crate) front: Front,
    pub(crate) arrivals: mpsc::Sender<Arrival>,
    pub(crate) ready: Arc<Readiness>,
    pub(crate) teller: Teller,
}

impl Reception {
    /// Answers a delivery that does not get to the automation.
    fn refuse(&self, source: &Source, peer: IpAddr, problem: Problem) -> Response {
        let (status, reason) = problem.said();
        let source = source.path.to_string();
        let (reason, peer) = (reason.to_owned(), Some(peer.to_string()));
        self.teller.say(Kind::Rejected { source, status, reason, peer });
        problem.into_response()
    }
}

/// What `/health` calls the service.
const SERVICE: &str = "ednm listener";

/// Health, readiness, the read API, its description, and every source; all behind the guard.
pub(crate) fn router(reception: Reception, api: Router<Reception>, guard: Guard) -> Router {
    let teller = reception.teller.clone();
    Router::new()
        .route("/health", get(health))
        .route("/ready", get(ready))
        .merge(api)
        .merge(pages::router(reception.front.clone()))
        .method_not_allowed_fallback(method_not_allowed)
        .fallback(receive)
        .with_state(reception)
        .layer(middleware::from_fn_with_state(Arc::new(guard), guard::check))
        .layer(middleware::from_fn_with_state(teller, count))
}

/// Counts what is answered, whoever answers.
async fn count(State(teller): State<Teller>, request: Request, next: Next) -> Response {
    let response = next.run(request).await;
    teller.metrics.responded(response.status().as_u16());
    response
}

/// 404 for a path that is nobody's.
pub(crate) fn not_found(path: &str) -> Response {
    Problem::new(StatusCode::NOT_FOUND, format!("nothing is served at `{path}`")).into_response()
}

/// That there is a listener, for everybody: whether it can do its work is `/ready`'s to say.
async fn health() -> Response {
    Json(json!({
        "status": "healthy",
        "message": "the listener answers",
        "version": env!("CARGO_PKG_VERSION"),
        "service": SERVICE,
    }))
    .into_response()
}

async fn ready(State(reception): State<Reception>) -> Response {
    match reception.ready.complaint() {
        None => Json(json!({"status": "ready"})).into_response(),
        Some(complaint) => Problem::busy(&complaint).into_response(),
    }
}

async fn method_not_allowed(request: Request) -> Response {
    not_allowed(request.uri().path(), "GET, HEAD")
}

fn not_allowed(path: &str, allowed: &str) -> Response {
    let detail = format!("`{path}` takes {allowed} alone");
    let problem = Problem::new(StatusCode::METHOD_NOT_ALLOWED, detail);
    let allowed = HeaderValue::from_str(allowed).expect("methods are words");
    problem.with(header::ALLOW, allowed).into_response()
}

async fn receive(
    State(reception): State<Reception>,
    Extension(Peer(peer)): Extension<Peer>,
    Extension(place): Extension<Arc<Place>>,
    request: Request,
) -> Response {
    let path = request.uri().path().to_owned();
    let query = request.uri().query().unwrap_or_default().to_owned();
    let method = restconf::Method::named(request.method().as_str());
    let source = match reception.front.takes(method, &path) {
        Ok(source) => source,
        Err(Unrouted::Path) => return not_found(&path),
        Err(Unrouted::Method(allowed)) => return not_allowed(&path, &allowed),
    };
    if is_fetched_for_another(request.headers()) {
        let detail = "a page of another origin has this fetched";
        return reception.refuse(&source, peer.ip(), Problem::new(StatusCode::FORBIDDEN, detail));
    }
    let headers = pairs(request.headers());
    let local = guard::is_local(peer.ip(), &request);
    let peer = peer.ip().to_canonical();
    let body = match whole_body(request.into_body(), source.body_bytes_max, &place).await {
        Ok(body) => body,
        Err(problem) => return reception.refuse(&source, peer, problem),
    };
    let (reply, replied) = oneshot::channel();
    let arrival = Arrival { method, path, query, peer, local, headers, body, reply };
    if reception.arrivals.try_send(arrival).is_err() {
        let problem = Problem::busy("the listener takes no more deliveries at the moment");
        return reception.refuse(&source, peer, problem);
    }
    match timeout(source.within + Duration::from_millis(REPLY_MS_MAX), replied).await {
        Ok(Ok(reply)) => respond(reply),
        Ok(Err(_)) => Problem::busy("the listener is stopping").into_response(),
        Err(_) => Problem::busy("the delivery could not be stored in time").into_response(),
    }
}

/// Whether a browser fetches this for a page of another origin that it does not name, as it does
/// for pictures and links (Fetch Metadata): a `GET` here is an event, and no page may cause one.
/// Those that name their page have been judged by the guard.
fn is_fetched_for_another(headers: &HeaderMap) -> bool {
    let site = headers.get("sec-fetch-site").map(HeaderValue::as_bytes);
    let is_other = site.is_some_and(|site| site != b"same-origin" && site != b"none");
    is_other && !headers.contains_key(header::ORIGIN)
}

async fn whole_body(body: Body, bytes_max: usize, place: &Place) -> Result<WholeBody, Problem> {
    // A length that is said is believed at once: a sender that asks first (`Expect`) hears it.
    if body.size_hint().lower() > bytes_max as u64 {
        return Err(too_large(bytes_max));
    }
    place.now_sending();
    let read = timeout(place.bounds().body, read(body, bytes_max, place)).await;
    let bytes = read.unwrap_or_else(|_| {
        Err(Problem::new(StatusCode::REQUEST_TIMEOUT, "the body took too long"))
    })?;
    // Nobody hears what a client that gave way is told.
    let held = place.sent().ok_or_else(no_room)?;
    Ok(WholeBody { bytes, _held: held })
}

/// The bytes as they come, each part counted before it is kept.
async fn read(mut body: Body, bytes_max: usize, place: &Place) -> Result<Bytes, Problem> {
    let mut bytes = Vec::new();
    while let Some(frame) = poll_fn(|context| Pin::new(&mut body).poll_frame(context)).await {
        let frame = frame
            .map_err(|_| Problem::new(StatusCode::BAD_REQUEST, "the body did not come whole"))?;
        // Trailers say nothing that we ask for.
        let Ok(data) = frame.into_data() else { continue };
        if bytes.len() + data.len() > bytes_max {
            return Err(too_large(bytes_max));
        }
        if !place.take(data.len()) {
            return Err(no_room());
        }
        bytes.extend_from_slice(&data);
    }
    Ok(bytes.into())
}

fn no_room() -> Problem {
    Problem::busy("too many bodies are being sent at the moment")
}

fn too_large(bytes_max: usize) -> Problem {
    let detail = format!("the body is larger than {bytes_max} bytes");
    Problem::new(StatusCode::PAYLOAD_TOO_LARGE, detail)
}

/// Header names are in lower case already; bytes that are no UTF-8 cannot match anything.
fn pairs(headers: &HeaderMap) -> Vec<(String, String)> {
    let text = |value: &HeaderValue| String::from_utf8_lossy(value.as_bytes()).into_owned();
    headers.iter().map(|(name, value)| (name.as_str().to_owned(), text(value))).collect()
}

fn respond(reply: Reply) -> Response {
    let mut response = Response::new(Body::from(reply.body));
    let status = StatusCode::from_u16(reply.status);
    *response.status_mut() = status.expect("the automation replies with statuses of HTTP");
    for (name, value) in reply.headers {
        let name = header::HeaderName::try_from(name.as_ref());
        if let (Ok(name), Ok(value)) = (name, HeaderValue::from_str(&value)) {
            response.headers_mut().insert(name, value);
        }
    }
    response
}
