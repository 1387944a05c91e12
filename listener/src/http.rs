//! The HTTP server below axum: accepts connections and bounds them in number, time and memory.
//!
//! Started by the live loop. `axum::serve` bounds none of these, so this is hyper itself. When
//! there is no room a new client takes the place of one that does nothing.

use std::convert::Infallible;
use std::io::Write as _;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::extract::Request;
use axum::response::Response;
use hyper::body::Incoming;
use hyper::service::Service;
use hyper_util::service::TowerToHyperService;
use rustix::io::Errno;
use tokio::io::AsyncWriteExt as _;
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinSet;
use tokio::time::timeout;
use tracing::{debug, warn};

use crate::stop::Stop;
use crate::tls::Tls;

pub(crate) use host::http::{Bounds, Held, Place, Room};
use host::http::{Wire, converse, linger};

/// How long to wait after `accept` failed, in milliseconds: out of descriptors, mostly.
const ACCEPT_RETRY_MS: u64 = 50;
/// How long open connections may go on after the stop, in milliseconds.
const DRAIN_MS_MAX: u64 = 2_000;
/// The answer to a client for which there is no room, whatever it wants.
const NO_ROOM: &[u8] = b"HTTP/1.1 503 Service Unavailable\r\nRetry-After: 1\r\n\
    Connection: close\r\nContent-Length: 0\r\n\r\n";

/// What a handshake of TLS begins with: a record of the kind `handshake` (RFC 8446, section 5.1).
const HANDSHAKE: u8 = 22;

/// The answer to a client that begins with anything else where TLS is spoken.
const SPEAKS_HTTPS: &[u8] = b"HTTP/1.1 400 Bad Request\r\n\
    Content-Type: application/problem+json\r\nContent-Length: 105\r\nConnection: close\r\n\r\n\
    {\"type\":\"about:blank\",\"title\":\"Bad Request\",\"status\":400,\
    \"detail\":\"this port speaks HTTPS: use https://\"}";

/// The peer's address, put into each request.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Peer(pub(crate) std::net::SocketAddr);

/// Serves until `stop` changes, then lets requests in hand end, within a bound.
pub(crate) async fn serve(
    listener: TcpListener,
    tls: Option<Tls>,
    router: Router,
    room: Arc<Room>,
    mut stop: Stop,
) {
    let mut connections = JoinSet::new();
    let stop_of_each = stop.clone();
    loop {
        tokio::select! {
            () = stop.requested() => break,
            Some(_) = connections.join_next() => {}
            accepted = listener.accept() => match accepted {
                Ok((stream, peer)) => match room.enter() {
                    Some(place) => {
                        let (router, stop) = (router.clone(), stop_of_each.clone());
                        let requests = Requests { router, place, peer: Peer(peer) };
                        connections.spawn(connection(stream, tls.clone(), requests, stop));
                    }
                    None => refuse(stream, tls.is_some()),
                },
                Err(error) => {
                    warn!(%error, "cannot accept an HTTP connection");
                    let errno = Errno::from_io_error(&error);
                    if matches!(errno, Some(Errno::MFILE | Errno::NFILE)) {
                        room.evict_one();
                    }
                    tokio::time::sleep(Duration::from_millis(ACCEPT_RETRY_MS)).await;
                }
            },
        }
    }
    let drained = async { while connections.join_next().await.is_some() {} };
    let _ = timeout(Duration::from_millis(DRAIN_MS_MAX), drained).await;
}

/// Every client waits for an answer. This one is told to come again, and not waited for: one that
/// speaks TLS is hung up on, since a handshake would be waiting.
fn refuse(stream: TcpStream, tls: bool) {
    if let Ok(mut stream) = stream.into_std()
        && !tls
    {
        // A fresh socket has room for this line; a client that is gone already needs no answer.
        let _ = stream.write_all(NO_ROOM);
    }
}

/// One client, until it goes, is told to, or has to give way.
async fn connection(stream: TcpStream, tls: Option<Tls>, requests: Requests, mut stop: Stop) {
    let place = Arc::clone(&requests.place);
    let served = async {
        // Until it says something it costs a task and no buffer, whence the box, too.
        let mut first = [0];
        tokio::select! {
            said = timeout(place.bounds().head, stream.peek(&mut first)) => {
                if !matches!(said, Ok(Ok(1..))) {
                    return;
                }
            }
            () = stop.requested() => return,
        }
        match tls {
            None => Box::pin(speak(stream, requests, stop)).await,
            Some(tls) if first == [HANDSHAKE] => Box::pin(greet(stream, tls, requests, stop)).await,
            Some(_) => Box::pin(tell_to_greet(stream)).await,
        }
    };
    tokio::select! {
        () = served => {}
        () = place.evicted() => debug!("an HTTP connection gave way to a new one"),
    }
}

/// The handshake, which may take as long as a head. Until it is over the client is idle, and gives
/// way as those do.
async fn greet(stream: TcpStream, tls: Tls, requests: Requests, mut stop: Stop) {
    let peer = requests.peer.0;
    let _ = stream.set_nodelay(true); // what cannot be quick is slow
    let greeting = timeout(requests.place.bounds().head, tls.acceptor().accept(stream));
    tokio::select! {
        greeted = greeting => match greeted {
            Ok(Ok(stream)) => speak(stream, requests, stop).await,
            Ok(Err(error)) => {
                debug!(%peer, error = host::exit::chain(&error), "TLS handshake failed");
            }
            Err(_) => debug!(%peer, "TLS handshake took too long"),
        },
        () = stop.requested() => {}
    }
}

/// Somebody speaks plain HTTP to a port that does not.
async fn tell_to_greet(mut stream: TcpStream) {
    if stream.write_all(SPEAKS_HTTPS).await.is_ok() {
        linger(stream).await;
    }
}

async fn speak(stream: impl Wire, requests: Requests, mut stop: Stop) {
    let (peer, bounds) = (requests.peer, requests.place.bounds());
    if let Err(error) = converse(stream, requests, bounds, stop.requested()).await {
        // What a client does to its own connection is no event of ours.
        debug!(peer = %peer.0, error = host::exit::chain(&error), "HTTP connection broke");
    }
}

/// The requests of one connection, each marked with where it comes from.
struct Requests {
    router: Router,
    place: Arc<Place>,
    peer: Peer,
}

impl Service<Request<Incoming>> for Requests {
    type Response = Response;
    type Error = Infallible;
    type Future = Pin<Box<dyn Future<Output = Result<Response, Infallible>> + Send>>;

    fn call(&self, mut request: Request<Incoming>) -> Self::Future {
        let place = Arc::clone(&self.place);
        request.extensions_mut().insert(self.peer);
        request.extensions_mut().insert(Arc::clone(&place));
        let router = TowerToHyperService::new(self.router.clone());
        Box::pin(async move {
            if !place.now_served() {
                // It gave way in this very moment: the task is about to be dropped.
                std::future::pending::<()>().await;
            }
            let response = router.call(request).await;
            place.now_idle();
            response
        })
    }
}

#[cfg(test)]
#[path = "http/tests.rs"]
mod tests;
