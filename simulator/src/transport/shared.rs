//! What the servers of all routers share: the way to the lab, the numbers of sessions, the stop.
//!
//! Used by the SSH, NETCONF and RESTCONF servers. What it bounds, it bounds for the whole lab.

use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use lab::SessionId;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{Semaphore, watch};
use tokio::time::sleep;
use tracing::warn;

use crate::live::mailbox::Mailbox;

/// SSH connections to all routers at a time, those of NETCONF among them.
const SSH_CONNECTIONS_MAX: usize = 4_096;
/// HTTPS connections to all routers at a time.
const HTTPS_CONNECTIONS_MAX: usize = 4_096;
/// How long to wait after `accept` failed, in milliseconds: out of descriptors, mostly.
const ACCEPT_RETRY_MS: u64 = 50;

/// What all routers' ports share. Cheap to clone.
#[derive(Clone, Debug)]
pub(crate) struct Shared {
    pub(super) mailbox: Mailbox,
    pub(super) ssh_room: Arc<Semaphore>,
    pub(super) https_room: Arc<Semaphore>,
    next_session: Arc<AtomicU64>,
    stop: watch::Receiver<bool>,
}

impl Shared {
    /// One for a lab; its ports close when `stop` becomes true.
    pub(crate) fn new(mailbox: Mailbox, stop: watch::Receiver<bool>) -> Self {
        Shared {
            mailbox,
            ssh_room: Arc::new(Semaphore::new(SSH_CONNECTIONS_MAX)),
            https_room: Arc::new(Semaphore::new(HTTPS_CONNECTIONS_MAX)),
            next_session: Arc::default(),
            stop,
        }
    }

    /// The number of one more session.
    pub(super) fn next_session(&self) -> SessionId {
        SessionId(self.next_session.fetch_add(1, Ordering::Relaxed))
    }

    /// Waits for the stop, or for the end of whoever could say it.
    pub(super) async fn stopped(&mut self) {
        let _ = self.stop.wait_for(|stop| *stop).await;
    }
}

/// The next client of a port.
pub(super) async fn accept(listener: &TcpListener) -> (TcpStream, SocketAddr) {
    loop {
        match listener.accept().await {
            Ok(accepted) => return accepted,
            Err(error) => {
                warn!(%error, "cannot accept a connection");
                sleep(Duration::from_millis(ACCEPT_RETRY_MS)).await;
            }
        }
    }
}

/// The address under which clients on this machine reach a port that is bound to every address.
pub(crate) fn reachable(bound: SocketAddr) -> SocketAddr {
    let ip = match bound.ip() {
        IpAddr::V4(ip) if ip.is_unspecified() => IpAddr::from([127, 0, 0, 1]),
        IpAddr::V6(ip) if ip.is_unspecified() => IpAddr::from([0, 0, 0, 0, 0, 0, 0, 1]),
        ip => ip,
    };
    SocketAddr::new(ip, bound.port())
}
