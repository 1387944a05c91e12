//! The live loop: one task owns the automation, feeds it and carries out what it asks for.
//!
//! Started by `listener serve` and by `ednm`. It never waits for a device, a disk or a client:
//! those wait for it, each in a queue with a bound, so that none can hold up another.

mod collect;
mod front;
mod hand;
mod outward;
mod records;
mod remote;
mod run;
mod teller;

use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use automation::{Automation, Config, Place};
use fact::{Fact, Kind};
use host::{ExpectedError, LiveClock, StateDir};
use tokio::net::{TcpListener, TcpSocket};
use tokio::sync::{broadcast, mpsc, watch};
use tokio::task::JoinHandle;
use topology::Topology;

use crate::artifact::FileError;
use crate::connect::KnownHosts;
use crate::guard::Guard;
use crate::journal::{Abandon, Journal, JournalError};
use crate::log::Log;
use crate::metrics::Metrics;
use crate::ready::Readiness;
use crate::receive::{self, Reception};
use crate::stop::Stop;
use crate::tls::Tls;
use crate::{api, http};

pub use remote::{Remote, Stopped};

use collect::Collectors;
use hand::{Hand, Reach};
use outward::Outward;
use records::{Recording, Wanted};
use run::Run;

pub(crate) use front::{Front, Source};
pub(crate) use teller::Teller;

/// Deliveries that wait for the automation.
const ARRIVALS_MAX: usize = 1_024;
/// Connections that wait in the kernel's queue; the kernel may have a lower bound of its own.
const BACKLOG_MAX: u32 = 4_096;
/// Events of sessions that wait for the automation; a device behind it is held back.
const SESSION_EVENTS_MAX: usize = 1_024;
/// Questions of people that wait for the automation.
const ASKS_MAX: usize = 16;
/// Facts that a slow reader of the feed may lag behind.
const FACTS_MAX: usize = 16_384;
/// How long a stop may take in all, in milliseconds: what runs on devices, then the disk.
const STOP_MS_MAX: u64 = run::RUNNING_MS_MAX + 3_000;

/// What a live listener is made of.
#[derive(Debug)]
pub struct Options {
    /// What listener.toml says.
    pub config: Config,
    /// The nodes, with the addresses at which they can be reached.
    pub inventory: Arc<Topology>,
    /// The journal's file.
    pub journal: PathBuf,
    /// By what devices are believed.
    pub trusted: Trusted,
    /// What the port shows, if it speaks HTTPS.
    pub tls: Option<Tls>,
    /// The clock of all instants; `ednm` shares one between both halves.
    pub clock: LiveClock,
    /// Where log lines go.
    pub log: Log,
    /// The randomness of ids and jitter.
    pub rng: simtime::Rng,
    /// Where facts go: [`feed`], or that of a listener in whose place this one is started.
    pub facts: broadcast::Sender<Fact>,
}

/// By what devices are believed of which the inventory says nothing. Neither file need be there.
#[derive(Clone, Debug)]
pub struct Trusted {
    /// The host keys that are known.
    pub known_hosts: PathBuf,
    /// The authority of virtual nodes' certificates, in PEM.
    pub authority: PathBuf,
}

impl Trusted {
    /// What a state directory says.
    pub fn of(state: &StateDir) -> Self {
        Trusted { known_hosts: state.known_hosts(), authority: state.authority() }
    }
}

/// A feed of facts for a listener, with nobody at it yet.
pub fn feed() -> broadcast::Sender<Fact> {
    broadcast::channel(FACTS_MAX).0
}

/// Why a listener did not start.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// The address.
    #[error("cannot listen on {address}")]
    Bind {
        /// Which.
        address: SocketAddr,
        /// Why.
        #[source]
        source: std::io::Error,
    },
    /// The address of a `[[syslog]]`.
    #[error("cannot listen on {place}")]
    Collect {
        /// Which.
        place: Place,
        /// Why.
        #[source]
        source: std::io::Error,
    },
    /// The journal.
    #[error(transparent)]
    Journal(#[from] JournalError),
    /// The directory below which actions write.
    #[error(transparent)]
    Files(#[from] FileError),
}

impl From<StartError> for ExpectedError {
    /// With what to do about it.
    fn from(error: StartError) -> Self {
        match error {
            StartError::Bind { .. } => {
                ExpectedError::environment(error).with_hint("choose another address with `--bind`")
            }
            StartError::Collect { .. } => {
                let hint = "ports below 1024 are the administrator's, and two cannot share one: \
                            choose another `listen` in `[[syslog]]`";
                ExpectedError::environment(error).with_hint(hint)
            }
            StartError::Journal(error) => error.into(),
            StartError::Files(_) => {
                ExpectedError::environment(error).with_hint("choose another one with `--files`")
            }
        }
    }
}

/// A port that is taken, and not yet served.
#[derive(Debug)]
pub struct Port {
    socket: TcpListener,
    address: SocketAddr,
}

impl Port {
    /// Where it really is.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// The port itself, for whoever stands in front of a listener.
    pub fn into_socket(self) -> TcpListener {
        self.socket
    }
}

/// A listener that runs.
#[derive(Debug)]
pub struct LiveListener {
    address: SocketAddr,
    syslog: Vec<String>,
    facts: broadcast::Sender<Fact>,
    remote: Remote,
    stop: watch::Sender<bool>,
    tasks: [JoinHandle<()>; 3],
    journal: Abandon,
}

impl LiveListener {
    /// Where it really listens.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Where it takes lines of syslog at its start, as `udp://ADDRESS:PORT`.
    pub fn syslog(&self) -> &[String] {
        &self.syslog
    }

    /// What happens from now on.
    pub fn facts(&self) -> broadcast::Receiver<Fact> {
        self.facts.subscribe()
    }

    /// A way to it for the tasks beside it.
    pub fn remote(&self) -> Remote {
        self.remote.clone()
    }

    /// Takes no more deliveries, lets those in hand be answered and what runs on devices end, and
    /// gives up after a bound: what is not done then is done after the next start.
    pub async fn stop(self) {
        self.stop.send_replace(true);
        for mut task in self.tasks {
            let ended = tokio::time::timeout(Duration::from_millis(STOP_MS_MAX), &mut task).await;
            if ended.is_err() {
                task.abort();
            }
        }
    }

    /// Ends it as a crash of its process does: no answer, no farewell to a device, and what is not
    /// in the journal yet never comes there. Returns once another can take its place.
    pub async fn kill(self) {
        for task in &self.tasks {
            task.abort();
        }
        self.journal.now().await;
        for task in self.tasks {
            let _ = task.await; // it was told to end
        }
    }
}

/// Takes the port of a listener; port 0 lets the system choose. Apart from [`spawn`], since routers
/// must be told the port before the listener can be told where the routers are.
pub async fn bind(address: SocketAddr) -> Result<Port, StartError> {
    let failed = |source| StartError::Bind { address, source };
    let socket = listen(address).map_err(failed)?;
    let address = socket.local_addr().map_err(failed)?;
    Ok(Port { socket, address })
}

fn listen(address: SocketAddr) -> std::io::Result<TcpListener> {
    let socket = if address.is_ipv4() { TcpSocket::new_v4() } else { TcpSocket::new_v6() }?;
    // A restart finds the connections of the last run still closing.
    socket.set_reuseaddr(true)?;
    socket.bind(address)?;
    socket.listen(BACKLOG_MAX)
}

/// Opens the journal, re-queues what it holds, and serves the port.
pub async fn spawn(port: Port, options: Options) -> Result<LiveListener, StartError> {
    let Options { config, inventory, journal, trusted, tls, clock, log, rng, facts } = options;
    let outward = Outward::new(&config, rng.child("stand-ins"))?;
    let wanted = Wanted { records: config.records().clone(), files: outward.files() };
    let (records, wanted) = watch::channel(wanted);
    let journal = Journal::open(&journal, config.retention).await?;
    let abandon = journal.abandon;
    let Port { socket, address } = port;
    let (arrivals, arrived) = mpsc::channel(ARRIVALS_MAX);
    let (session_events, session_queue) = mpsc::channel(SESSION_EVENTS_MAX);
    let (asks, asked) = mpsc::channel(ASKS_MAX);
    let (stop, stopping) = Stop::channel();
    let ready = Arc::new(Readiness::new(clock));
    let front = Front::of(&config);
    let room = http::Room::new(http::Bounds::of_this_process());
    let metrics = Metrics::new(Arc::clone(&room), Arc::clone(&ready));
    metrics.know(&config);
    let teller = Teller::new(facts.clone(), log, metrics.clone(), clock);
    let (lines, heard) = mpsc::channel(collect::LINES_MAX);
    let collectors = Collectors::open(&config, lines, teller.clone()).await?;
    let syslog = collectors.addresses();
    let reception = Reception {
        front: front.clone(),
        arrivals,
        ready: Arc::clone(&ready),
        teller: teller.clone(),
    };
    let guard = Guard { bound: address.ip(), front: front.clone() };
    let api = api::router(journal.reader, front.clone(), metrics);
    let router = receive::router(reception, api, guard);
    let reach = Reach {
        inventory,
        known: KnownHosts::at(trusted.known_hosts),
        authority: trusted.authority,
        guest_key: config.guests.host_key,
        journal: journal.writer,
        session_events,
        teller: teller.clone(),
        clock,
    };
    let run = Run {
        automation: Automation::new(config, rng),
        clock,
        loopback_only: address.ip().to_canonical().is_loopback(),
        hand: Hand::new(reach, outward, ready),
        clock_ahead: false,
        arrived,
        collectors,
        heard,
        reports: journal.reports,
        session_queue,
        asked,
        front,
        records,
        stopping: stopping.clone(),
        deliveries: 0,
        asks: 0,
    };
    let recording = Recording { facts: facts.subscribe(), wanted, teller: teller.clone(), clock };
    let recording = tokio::spawn(recording.run());
    teller.say(Kind::Started {
        address: format!("{}://{address}", if tls.is_some() { "https" } else { "http" }),
        port: address.port(),
    });
    let running = tokio::spawn(run.until_stopped(journal.recovered));
    let serving = tokio::spawn(http::serve(socket, tls.clone(), router, room, stopping));
    let remote = Remote::over(asks, tls);
    let tasks = [serving, running, recording];
    Ok(LiveListener { address, syslog, facts, remote, stop, tasks, journal: abandon })
}
