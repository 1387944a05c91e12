//! The HTTP server below axum: accepts connections and bounds them in number and time.
//!
//! Started by the live loop. `axum::serve` sets no bound on slow headers, so this is hyper itself.

use std::sync::Arc;
use std::time::Duration;

use axum::{Extension, Router};
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::service::TowerToHyperService;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Semaphore;
use tokio::task::JoinSet;
use tracing::{debug, warn};

use crate::stop::Stop;

/// Connections that are served at one time; further ones wait in the kernel's queue.
const CONNECTIONS_MAX: usize = 1_024;
/// How long a client may take over its headers, in milliseconds; also how long it may idle.
const HEADERS_MS_MAX: u64 = 10_000;
/// How long to wait after `accept` failed, in milliseconds: out of descriptors, mostly.
const ACCEPT_RETRY_MS: u64 = 50;
/// How long open connections may go on after the stop, in milliseconds.
const DRAIN_MS_MAX: u64 = 2_000;

/// The peer's address, put into each request.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Peer(pub(crate) std::net::SocketAddr);

/// Serves until `stop` changes, then lets requests in hand end, within a bound.
pub(crate) async fn serve(listener: TcpListener, router: Router, mut stop: Stop) {
    let room = Arc::new(Semaphore::new(CONNECTIONS_MAX));
    let mut connections = JoinSet::new();
    let stop_of_each = stop.clone();
    loop {
        // The place first: dropping this future at any await must lose no connection.
        let next = async {
            let place = Arc::clone(&room).acquire_owned().await;
            (listener.accept().await, place)
        };
        tokio::select! {
            () = stop.requested() => break,
            Some(_) = connections.join_next() => {}
            (accepted, place) = next => match accepted {
                Ok((stream, peer)) => {
                    let (router, stop) = (router.clone(), stop_of_each.clone());
                    connections.spawn(async move {
                        connection(stream, Peer(peer), router, stop).await;
                        drop(place);
                    });
                }
                Err(error) => {
                    warn!(%error, "cannot accept an HTTP connection");
                    tokio::time::sleep(Duration::from_millis(ACCEPT_RETRY_MS)).await;
                }
            },
        }
    }
    let drained = async { while connections.join_next().await.is_some() {} };
    let _ = tokio::time::timeout(Duration::from_millis(DRAIN_MS_MAX), drained).await;
}

async fn connection(stream: TcpStream, peer: Peer, router: Router, mut stop: Stop) {
    let service = TowerToHyperService::new(router.layer(Extension(peer)));
    let connection = hyper::server::conn::http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(Duration::from_millis(HEADERS_MS_MAX))
        .serve_connection(TokioIo::new(stream), service);
    tokio::pin!(connection);
    tokio::select! {
        ended = connection.as_mut() => {
            if let Err(error) = ended {
                debug!(peer = %peer.0, error = host::exit::chain(&error), "HTTP connection broke");
            }
            return;
        }
        () = stop.requested() => connection.as_mut().graceful_shutdown(),
    }
    // What a client does to its own connection is no event of ours.
    let _ = connection.await;
}
