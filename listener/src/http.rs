//! The HTTP server below axum: accepts connections and bounds them in number, time and memory.
//!
//! Started by the live loop. `axum::serve` bounds none of these, so this is hyper itself. When
//! there is no room a new client takes the place of one that does nothing.

use std::convert::Infallible;
use std::future::poll_fn;
use std::io::Write as _;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::extract::Request;
use axum::response::Response;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::Service;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::service::TowerToHyperService;
use rustix::io::Errno;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinSet;
use tokio::time::timeout;
use tracing::{debug, warn};

use crate::stop::Stop;

use host::http::Unstalled;
pub(crate) use host::http::{Bounds, Held, Place, Room};

/// The largest head of a request, in bytes; a larger one is 431.
const HEAD_BYTES_MAX: usize = 32 * 1024;
/// The most headers of a request; more are 431.
const HEADERS_MAX: usize = 100;
/// What a connection buffers at most in each direction, in bytes: a head and a little more.
const BUFFER_BYTES_MAX: usize = 64 * 1024;
/// How long to wait after `accept` failed, in milliseconds: out of descriptors, mostly.
const ACCEPT_RETRY_MS: u64 = 50;
/// How long open connections may go on after the stop, in milliseconds.
const DRAIN_MS_MAX: u64 = 2_000;
/// How long what a client still sends is thrown away after the last answer, in milliseconds: a
/// connection that is closed with bytes unread is reset, and the answer may be lost with it.
const LINGER_MS_MAX: u64 = 1_000;
/// How much of it, in bytes.
const LINGER_BYTES_MAX: u64 = 4 * 1024 * 1024;

/// The answer to a client for which there is no room, whatever it wants.
const NO_ROOM: &[u8] = b"HTTP/1.1 503 Service Unavailable\r\nRetry-After: 1\r\n\
    Connection: close\r\nContent-Length: 0\r\n\r\n";

/// The peer's address, put into each request.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Peer(pub(crate) std::net::SocketAddr);

/// Serves until `stop` changes, then lets requests in hand end, within a bound.
pub(crate) async fn serve(listener: TcpListener, router: Router, room: Arc<Room>, mut stop: Stop) {
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
                        connections.spawn(connection(stream, requests, stop));
                    }
                    None => refuse(stream),
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

/// Every client waits for an answer. This one is told to come again, and not waited for.
fn refuse(stream: TcpStream) {
    if let Ok(mut stream) = stream.into_std() {
        // A fresh socket has room for this line; a client that is gone already needs no answer.
        let _ = stream.write_all(NO_ROOM);
    }
}

/// One client, until it goes, is told to, or has to give way.
async fn connection(stream: TcpStream, requests: Requests, mut stop: Stop) {
    let place = Arc::clone(&requests.place);
    let served = async {
        // Until it says something it costs a task and no buffer, whence the box, too.
        let mut first = [0];
        tokio::select! {
            said = timeout(place.bounds().head, stream.peek(&mut first)) => {
                if matches!(said, Ok(Ok(1..))) {
                    Box::pin(converse(stream, requests, stop)).await;
                }
            }
            () = stop.requested() => {}
        }
    };
    tokio::select! {
        () = served => {}
        () = place.evicted() => debug!("an HTTP connection gave way to a new one"),
    }
}

async fn converse(stream: TcpStream, requests: Requests, mut stop: Stop) {
    let (peer, bounds) = (requests.peer, requests.place.bounds());
    let stream = TokioIo::new(Unstalled::new(stream, bounds.stall));
    let mut connection = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(bounds.head)
        .max_header_size(HEAD_BYTES_MAX)
        .max_headers(HEADERS_MAX)
        .max_buf_size(BUFFER_BYTES_MAX)
        // A client that has said all it has to say may close its side: it still hears the answer.
        .half_close(true)
        .serve_connection(stream, requests);
    let ended = tokio::select! {
        ended = poll_fn(|context| connection.poll_without_shutdown(context)) => ended,
        () = stop.requested() => {
            Pin::new(&mut connection).graceful_shutdown();
            poll_fn(|context| connection.poll_without_shutdown(context)).await
        }
    };
    if let Err(error) = ended {
        // What a client does to its own connection is no event of ours.
        debug!(peer = %peer.0, error = host::exit::chain(&error), "HTTP connection broke");
    }
    linger(connection.into_parts().io.into_inner().into_stream()).await;
}

/// Says that no more comes, and lets the client read that before the connection is gone.
async fn linger(mut stream: TcpStream) {
    let rest = async {
        let _ = stream.shutdown().await;
        let mut rest = stream.take(LINGER_BYTES_MAX);
        let _ = tokio::io::copy(&mut rest, &mut tokio::io::sink()).await;
    };
    let _ = timeout(Duration::from_millis(LINGER_MS_MAX), rest).await;
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
