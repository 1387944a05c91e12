//! SSH: one port per router, one task per connection, each bounded in number and time.
//!
//! Started by the live loop. It ferries bytes: what a login or a command means is the lab's.

mod client;
mod config;
pub(crate) mod keys;
mod presence;
mod tap;
mod terminal;

pub(crate) use terminal::Terminal;

use std::io;
use std::net::{IpAddr, Shutdown, SocketAddr};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use lab::{NodeId, SessionId, SshServer};
use russh::Disconnect;
use russh::keys::PrivateKey;
use russh::server::{Config, run_stream};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{Semaphore, oneshot, watch};
use tokio::task::JoinSet;
use tokio::time::{sleep, timeout};
use tracing::{debug, info, warn};

use crate::live::mailbox::{ClientMessage, Mailbox, Message};
use client::{Client, ClientError, Ends, Marks};
use config::Offers;
use presence::{Presence, Present};
use tap::{Proposal, Tap};

/// Connections to one router at a time. The router's own VTY lines are fewer; the rest is for
/// those that have not logged in.
const CONNECTIONS_PER_NODE_MAX: usize = 64;
/// Connections to all routers at a time.
const CONNECTIONS_MAX: usize = 4_096;
/// From the login to the first session, in milliseconds.
const BEGIN_MS_MAX: u64 = 120_000;
/// How long a client may take, after its last session has ended, to read what waits and to go or to
/// begin another, in milliseconds.
const LINGER_MS_MAX: u64 = 10_000;
/// How long a connection may take over the farewell when the lab stops, in milliseconds.
const FAREWELL_MS_MAX: u64 = 2_000;
/// How long to wait after `accept` failed, in milliseconds: out of descriptors, mostly.
const ACCEPT_RETRY_MS: u64 = 50;

/// What all routers' ports share.
#[derive(Clone, Debug)]
pub(crate) struct Shared {
    mailbox: Mailbox,
    room: Arc<Semaphore>,
    next_session: Arc<AtomicU64>,
    stop: watch::Receiver<bool>,
}

impl Shared {
    /// One for a lab; its ports close when `stop` becomes true.
    pub(crate) fn new(mailbox: Mailbox, stop: watch::Receiver<bool>) -> Self {
        let room = Arc::new(Semaphore::new(CONNECTIONS_MAX));
        Shared { mailbox, room, next_session: Arc::default(), stop }
    }
}

/// Serves one router on one port until the stop, then waits for its connections to end.
pub(crate) async fn serve(
    node: NodeId,
    name: Arc<str>,
    listener: TcpListener,
    keys: Vec<PrivateKey>,
    mut shared: Shared,
) {
    let offers = Arc::new(Offers::new(keys));
    let room = Arc::new(Semaphore::new(CONNECTIONS_PER_NODE_MAX));
    let mut connections = JoinSet::new();
    loop {
        let (stream, peer) = tokio::select! {
            () = stopped(&mut shared.stop) => break,
            Some(_) = connections.join_next() => continue,
            accepted = accept(&listener) => accepted,
        };
        // Beyond the bounds a connection is dropped at once, as IOS does without a free line.
        let places =
            (Arc::clone(&room).try_acquire_owned(), Arc::clone(&shared.room).try_acquire_owned());
        let (Ok(own), Ok(common)) = places else {
            info!(node = %name, %peer, "refused: too many SSH connections");
            continue;
        };
        let (offers, shared) = (Arc::clone(&offers), shared.clone());
        let session = SessionId(shared.next_session.fetch_add(1, Ordering::Relaxed));
        debug!(node = %name, %peer, session = session.0, "SSH connection");
        connections.spawn(async move {
            let ends = Ends { node, session, peer: peer.ip() };
            if let Err(error) = connection(offers, stream, ends, shared).await {
                debug!(session = session.0, %error, "the socket is of no use");
            }
            debug!(session = session.0, "SSH connection closed");
            drop((own, common));
        });
    }
    while connections.join_next().await.is_some() {}
}

async fn accept(listener: &TcpListener) -> (TcpStream, SocketAddr) {
    loop {
        match listener.accept().await {
            Ok(accepted) => return accepted,
            Err(error) => {
                warn!(%error, "cannot accept an SSH connection");
                sleep(Duration::from_millis(ACCEPT_RETRY_MS)).await;
            }
        }
    }
}

/// One connection, from its first byte to its last. The router hears of its end whatever happens.
async fn connection(
    offers: Arc<Offers>,
    stream: TcpStream,
    ends: Ends,
    shared: Shared,
) -> io::Result<()> {
    stream.set_nodelay(true)?;
    // russh keeps the stream for itself; a second handle is how it can be cut.
    let stream = stream.into_std()?;
    let cut = stream.try_clone()?;
    let stream = TcpStream::from_std(stream)?;
    let Ends { node, session, .. } = ends;
    let mailbox = shared.mailbox.clone();
    let knock = |answer| Message::Knock { node, answer };
    let Some(server) = mailbox.ask(knock).await.unwrap_or_default() else {
        debug!(session = session.0, "refused: the router takes no connection");
        return refuse(&stream);
    };
    drive(offers.of(&server), Arc::new(server), stream, ends, shared).await;
    // A client that is gone already has nothing to be cut.
    let _ = cut.shutdown(Shutdown::Both);
    // A lab that has stopped has no session left to close.
    let message = ClientMessage::Left;
    let _ = mailbox.send(Message::Client { node, session, message }).await;
    Ok(())
}

/// A router that is down, has no line free, or is in quiet mode refuses the connection itself; its
/// port here is open all the same, so a reset is what is left.
fn refuse(stream: &TcpStream) -> io::Result<()> {
    stream.set_zero_linger()
}

async fn drive(
    config: Arc<Config>,
    server: Arc<SshServer>,
    stream: TcpStream,
    ends: Ends,
    mut shared: Shared,
) {
    let login_bound = Duration::from_micros(server.timeout.as_micros());
    let session = ends.session;
    let (logged_in, login) = oneshot::channel();
    let (expelled, expulsion) = oneshot::channel();
    let (presence, proposal) = (Presence::new(), Proposal::default());
    let present = presence.watch();
    let stream = Tap::new(stream, proposal.clone());
    let marks = Marks { logged_in, expelled, presence, proposal };
    let common = (server, Arc::clone(&shared.next_session));
    let client = Client::new(ends, shared.mailbox.clone(), common, marks);
    let started = tokio::select! {
        started = timeout(login_bound, run_stream(config, stream, client)) => started,
        () = stopped(&mut shared.stop) => return,
    };
    let mut running = match started {
        Ok(Ok(running)) => running,
        Ok(Err(error)) => return say_broken(session, &error),
        Err(_) => return debug!(session = session.0, "no SSH handshake in time"),
    };
    let handle = running.handle();
    let (reason, text) = tokio::select! {
        // Its error is the client's doing, and told it already.
        ended = &mut running => {
            return if let Err(error) = ended { say_broken(session, &error) };
        }
        () = overdue(login, login_bound, present) => {
            return debug!(session = session.0, "the client took too long");
        }
        Ok(()) = expulsion => {
            (Disconnect::NoMoreAuthMethodsAvailable, "Too many authentication failures")
        }
        () = stopped(&mut shared.stop) => (Disconnect::ByApplication, "the lab stops"),
    };
    let bound = Duration::from_millis(FAREWELL_MS_MAX);
    let farewell = handle.disconnect(reason, text.to_owned(), String::new());
    if let Ok(Ok(())) = timeout(bound, farewell).await {
        let _ = timeout(bound, &mut running).await;
    }
}

fn say_broken(session: SessionId, error: &ClientError) {
    debug!(session = session.0, error = host::exit::chain(error), "the SSH connection broke");
}

/// Waits for the stop, or for the end of whoever could say it.
async fn stopped(stop: &mut watch::Receiver<bool>) {
    let _ = stop.wait_for(|stop| *stop).await;
}

/// Ends when the client has not logged in within the bound, stays without a session, or is cut off.
async fn overdue(
    login: oneshot::Receiver<()>,
    bound: Duration,
    mut present: watch::Receiver<Present>,
) {
    match timeout(bound, login).await {
        Err(_) => return,
        Ok(Ok(())) => {}
        // The connection is over: its own end is about to be seen.
        Ok(Err(_)) => return std::future::pending().await,
    }
    loop {
        let Present { open, began, is_cut } = *present.borrow_and_update();
        let bound = Duration::from_millis(if began { LINGER_MS_MAX } else { BEGIN_MS_MAX });
        let changed = match open {
            _ if is_cut => return,
            0 => match timeout(bound, present.changed()).await {
                Ok(changed) => changed,
                Err(_) => return,
            },
            1.. => present.changed().await,
        };
        if changed.is_err() {
            return std::future::pending().await;
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
