//! SSH: one port per router, one more for NETCONF, one task per connection, each bounded in number
//! and time.
//!
//! Started by the live loop. It ferries bytes: what a login or a command means is the lab's.

mod client;
mod config;
mod greeting;
pub(crate) mod keys;
mod presence;
mod tap;
mod terminal;

pub(crate) use terminal::Terminal;

use std::io;
use std::net::Shutdown;
use std::sync::Arc;
use std::time::Duration;

use host::http::{Bounds, Place, Room};
use lab::{NodeId, SessionId, SshServer};
use russh::Disconnect;
use russh::keys::PrivateKey;
use russh::server::{Config, run_stream};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{oneshot, watch};
use tokio::task::JoinSet;
use tokio::time::timeout;
use tracing::{debug, info};

use super::shared::{Shared, accept};
use crate::live::mailbox::{ClientMessage, Message};
use client::{Client, ClientError, Ends, Marks};
use config::Offers;
use presence::{Presence, Present};
use tap::{Proposal, Tap};

/// Connections to one port of a router at a time. Its VTY lines and NETCONF sessions are fewer; the
/// rest is for those that have not logged in.
const CONNECTIONS_PER_NODE_MAX: usize = 64;
/// From the login to the first session, in milliseconds.
const BEGIN_MS_MAX: u64 = 120_000;
/// How long a client may take, after its last session has ended, to read what waits and to go or to
/// begin another, in milliseconds.
const LINGER_MS_MAX: u64 = 10_000;
/// How long a connection may take over the farewell when the lab stops, in milliseconds.
const FAREWELL_MS_MAX: u64 = 2_000;

/// Which of a router's two SSH ports it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Door {
    /// Terminals, commands and files; programs too, by the subsystem `netconf`.
    Terminals,
    /// Programs alone: NETCONF (RFC 6242).
    Programs,
}

/// A port that is to be served.
#[derive(Debug)]
pub(crate) struct Served {
    pub(crate) node: NodeId,
    pub(crate) name: Arc<str>,
    pub(crate) door: Door,
    pub(crate) listener: TcpListener,
}

/// Serves one router on one port until the stop, then waits for its connections to end.
pub(crate) async fn serve(served: Served, keys: Vec<PrivateKey>, mut shared: Shared) {
    let Served { node, name, door, listener } = served;
    let offers = Arc::new(Offers::new(keys));
    let room = Room::new(Bounds::of(CONNECTIONS_PER_NODE_MAX));
    let mut connections = JoinSet::new();
    loop {
        let (stream, peer) = tokio::select! {
            () = shared.stopped() => break,
            Some(_) = connections.join_next() => continue,
            accepted = accept(&listener) => accepted,
        };
        // Beyond the bounds who has not logged in gives way; a connection for which nobody does is
        // dropped at once, as IOS does without a free line.
        let places = (room.enter(), Arc::clone(&shared.ssh_room).try_acquire_owned());
        let (Some(place), Ok(common)) = places else {
            info!(node = %name, %peer, "refused: too many SSH connections");
            continue;
        };
        let (offers, shared) = (Arc::clone(&offers), shared.clone());
        let session = shared.next_session();
        debug!(node = %name, %peer, session = session.0, ?door, "SSH connection");
        connections.spawn(async move {
            let ends = Ends { node, door, session, peer: peer.ip() };
            if let Err(error) = connection(offers, stream, ends, &place, shared).await {
                debug!(session = session.0, %error, "the socket is of no use");
            }
            debug!(session = session.0, "SSH connection closed");
            drop((place, common));
        });
    }
    while connections.join_next().await.is_some() {}
}

/// One connection, from its first byte to its last. The router hears of its end whatever happens.
async fn connection(
    offers: Arc<Offers>,
    stream: TcpStream,
    ends: Ends,
    place: &Place,
    shared: Shared,
) -> io::Result<()> {
    stream.set_nodelay(true)?;
    // russh keeps the stream for itself; a second handle is how it can be cut.
    let stream = stream.into_std()?;
    let cut = stream.try_clone()?;
    let stream = TcpStream::from_std(stream)?;
    let Ends { node, door, session, .. } = ends;
    let mailbox = shared.mailbox.clone();
    let knock = |answer| Message::Knock { node, door, answer };
    let Some(server) = mailbox.ask(knock).await.unwrap_or_default() else {
        debug!(session = session.0, "refused: the router takes no connection");
        return refuse(&stream);
    };
    tokio::select! {
        () = drive(offers.of(&server), Arc::new(server), stream, ends, place, shared) => {}
        () = place.evicted() => debug!(session = session.0, "gave way to a new connection"),
    }
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
    place: &Place,
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
    let client = Client::new(ends, server, shared.clone(), marks);
    let started = tokio::select! {
        started = timeout(login_bound, run_stream(config, stream, client)) => started,
        () = shared.stopped() => return,
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
        () = overdue(login, login_bound, place, present) => {
            return debug!(session = session.0, "the client took too long");
        }
        Ok(()) = expulsion => {
            (Disconnect::NoMoreAuthMethodsAvailable, "Too many authentication failures")
        }
        () = shared.stopped() => (Disconnect::ByApplication, "the lab stops"),
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

/// Ends when the client has not logged in within the bound, stays without a session, or is cut off.
async fn overdue(
    login: oneshot::Receiver<()>,
    bound: Duration,
    place: &Place,
    mut present: watch::Receiver<Present>,
) {
    match timeout(bound, login).await {
        Err(_) => return,
        // Who is in never gives way; who had to in this very moment is gone.
        Ok(Ok(())) if place.now_served() => {}
        Ok(Ok(())) => return,
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
