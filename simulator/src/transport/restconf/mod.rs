//! RESTCONF: one HTTPS port per router, one task per connection, each bounded in number, time and
//! memory.
//!
//! Started by the live loop. It ferries requests: who may ask and what is answered is the lab's. A
//! client for which there is no room takes the place of one that does nothing.

mod request;

use std::io;
use std::net::IpAddr;
use std::sync::Arc;
use std::time::Duration;

use host::LiveClock;
use host::http::{Bounds, Place, Room};
use host::tls::{Authority, CertificateError, Identity, Name};
use hyper::service::service_fn;
use lab::NodeId;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Mutex;
use tokio::task::JoinSet;
use tokio::time::timeout;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::ServerConfig;
use tokio_rustls::server::TlsStream;
use tracing::{debug, info, warn};

use super::shared::{Shared, accept};
use crate::live::mailbox::Message;
use request::Asker;

/// Connections to one router at a time.
const CONNECTIONS_PER_NODE_MAX: usize = 256;
/// Bytes of bodies of one router that are being read or answered at a time.
const BODIES_BYTES_MAX: usize = 32 * 1024 * 1024;
/// How long a client may take over the TLS handshake, in milliseconds.
const HANDSHAKE_MS_MAX: u64 = 10_000;
/// How long a client may be silent between two requests, and take over the head of one, in
/// milliseconds: what nginx gives those that keep a connection.
const HEAD_MS_MAX: u64 = 75_000;
/// How long a client may take over a body, in milliseconds.
const BODY_MS_MAX: u64 = 30_000;
/// How long a client may take nothing of an answer, in milliseconds.
const STALL_MS_MAX: u64 = 30_000;

/// A router that is to be served.
#[derive(Debug)]
pub(crate) struct Served {
    pub(crate) node: NodeId,
    pub(crate) name: Arc<str>,
    pub(crate) listener: TcpListener,
    /// What the topology calls its host.
    pub(crate) host: String,
    /// How clients on this machine reach it.
    pub(crate) reached: IpAddr,
}

/// Makes a router's certificate when the first client comes, and anew before it ends.
#[derive(Debug)]
struct Certified {
    authority: Arc<Authority>,
    clock: LiveClock,
    name: Arc<str>,
    names: Vec<Name>,
    known: Mutex<Option<Identity>>,
}

impl Certified {
    async fn config(&self) -> Result<Arc<ServerConfig>, CertificateError> {
        let mut known = self.known.lock().await;
        let now = self.clock.now();
        if let Some(known) = known.as_ref().filter(|known| known.renewal > now) {
            return Ok(Arc::clone(&known.config));
        }
        let (authority, name) = (Arc::clone(&self.authority), Arc::clone(&self.name));
        let names = self.names.clone();
        let work = tokio::task::spawn_blocking(move || authority.identity(&name, &names, now));
        let made = work.await.expect("making a certificate neither panics nor is cancelled")?;
        Ok(Arc::clone(&known.insert(made).config))
    }
}

/// Serves one router on one port until the stop, then waits for its connections to end.
pub(crate) async fn serve(
    served: Served,
    authority: Arc<Authority>,
    clock: LiveClock,
    mut shared: Shared,
) {
    let Served { node, name, listener, host, reached } = served;
    let names = host::tls::router_names(&name, &host, reached);
    let known = Mutex::new(None);
    let own = Certified { authority, clock, name: Arc::clone(&name), names, known };
    let (own, room) = (Arc::new(own), Room::new(bounds()));
    let mut connections = JoinSet::new();
    loop {
        let (stream, peer) = tokio::select! {
            () = shared.stopped() => break,
            Some(_) = connections.join_next() => continue,
            accepted = accept(&listener) => accepted,
        };
        let places = (room.enter(), Arc::clone(&shared.https_room).try_acquire_owned());
        let (Some(place), Ok(common)) = places else {
            info!(node = %name, %peer, "refused: too many HTTPS connections");
            continue;
        };
        let session = shared.next_session();
        debug!(node = %name, %peer, session = session.0, "HTTPS connection");
        let asker = Asker { node, session, peer: peer.ip(), mailbox: shared.mailbox.clone() };
        let (own, shared) = (Arc::clone(&own), shared.clone());
        let mailbox = shared.mailbox.clone();
        connections.spawn(async move {
            let served = Box::pin(connection(stream, &own, asker, Arc::clone(&place), shared));
            let ended = tokio::select! {
                ended = served => ended,
                () = place.evicted() => Err(io::Error::other("it gave way to a new one")),
            };
            if let Err(error) = ended {
                debug!(session = session.0, error = host::exit::chain(&error), "HTTPS broke");
            }
            // A request that is not answered is forgotten. A lab that has stopped has none.
            let _ = mailbox.send(Message::Closed { node, session }).await;
            drop(common);
        });
    }
    while connections.join_next().await.is_some() {}
}

fn bounds() -> Bounds {
    Bounds {
        connections: CONNECTIONS_PER_NODE_MAX,
        bodies_bytes: BODIES_BYTES_MAX,
        head: Duration::from_millis(HEAD_MS_MAX),
        body: Duration::from_millis(BODY_MS_MAX),
        stall: Duration::from_millis(STALL_MS_MAX),
    }
}

/// One connection, from its first byte to its last.
async fn connection(
    stream: TcpStream,
    own: &Certified,
    asker: Asker,
    place: Arc<Place>,
    mut shared: Shared,
) -> io::Result<()> {
    let node = asker.node;
    let knock = |answer| Message::KnockRestconf { node, answer };
    if !shared.mailbox.ask(knock).await.unwrap_or_default() {
        debug!(session = asker.session.0, "refused: the router takes no connection");
        // Its port here is open all the same, so a reset is what is left.
        return stream.set_zero_linger();
    }
    stream.set_nodelay(true)?;
    let config = own.config().await.map_err(|error| {
        warn!(node = %own.name, error = host::exit::chain(&error), "RESTCONF has no certificate");
        io::Error::other(error)
    })?;
    let bound = Duration::from_millis(HANDSHAKE_MS_MAX);
    let stream = tokio::select! {
        greeted = timeout(bound, TlsAcceptor::from(config).accept(stream)) => greeted??,
        () = shared.stopped() => return Ok(()),
    };
    converse(stream, asker, place, shared).await
}

async fn converse(
    stream: TlsStream<TcpStream>,
    asker: Asker,
    place: Arc<Place>,
    mut shared: Shared,
) -> io::Result<()> {
    let bounds = place.bounds();
    let service = service_fn(move |request| {
        let (asker, place) = (asker.clone(), Arc::clone(&place));
        Box::pin(async move { request::answer(request, &asker, &place).await })
    });
    let ended = host::http::converse(stream, service, bounds, shared.stopped()).await;
    ended.map_err(io::Error::other)
}
