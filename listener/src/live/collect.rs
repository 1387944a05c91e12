//! Lines of syslog from sockets: each `[[syslog]]` of the configuration has one.
//!
//! Started and told of reloads by the live loop. A datagram for which there is no room is lost, as
//! the network might lose it, and counted; a connection is not read until there is room (a router
//! keeps what it has not sent). What a line says is the automation's business.

use std::collections::BTreeMap;
use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use automation::{Config, Place, Transport};
use fact::Kind;
use host::Line;
use syslog::{Frames, LINE_BYTES_MAX, Unframed};
use tokio::io::AsyncReadExt as _;
use tokio::net::{TcpListener, TcpStream, UdpSocket};
use tokio::sync::{OwnedSemaphorePermit, Semaphore, mpsc};
use tokio::task::JoinSet;
use tokio::time::{Instant, interval_at};

use super::{StartError, Teller};

/// Lines that wait for the automation.
pub(super) const LINES_MAX: usize = 1_024;
/// Connections that one collector has at a time; a further one is closed at once.
const CONNECTIONS_MAX: usize = 1_024;
/// How much of a connection is read at a time, in bytes.
const READ_BYTES_MAX: usize = 16 * 1_024;
/// The largest datagram that is looked at, in bytes; the rest of a larger one is cut off.
const DATAGRAM_BYTES_MAX: usize = LINE_BYTES_MAX;
/// How often losses are told, in milliseconds.
const TELL_MS: u64 = 1_000;
/// How long to wait after `accept` or `recv` failed, in milliseconds.
const RETRY_MS: u64 = 50;

/// One line on its way to the automation.
#[derive(Debug)]
pub(super) struct Heard {
    pub(super) place: Place,
    pub(super) peer: IpAddr,
    pub(super) bytes: Vec<u8>,
}

/// The sockets.
#[derive(Debug)]
pub(super) struct Collectors {
    open: BTreeMap<Place, Collector>,
    lines: mpsc::Sender<Heard>,
    teller: Teller,
}

/// One that is open; it ends when this is dropped.
#[derive(Debug)]
struct Collector {
    address: SocketAddr,
    _tasks: JoinSet<()>,
}

/// What a task of a collector needs.
#[derive(Clone)]
struct Way {
    place: Place,
    lines: mpsc::Sender<Heard>,
    teller: Teller,
}

impl Collectors {
    /// Opens what a configuration names, all or nothing.
    pub(super) async fn open(
        config: &Config,
        lines: mpsc::Sender<Heard>,
        teller: Teller,
    ) -> Result<Self, StartError> {
        let mut collectors = Collectors { open: BTreeMap::new(), lines, teller };
        for place in config.collectors() {
            let failed = |source| StartError::Collect { place, source };
            collectors.add(place).await.map_err(failed)?;
        }
        Ok(collectors)
    }

    /// Where they really listen, as `udp://ADDRESS:PORT`.
    pub(super) fn addresses(&self) -> Vec<String> {
        let address = |(place, open): (&Place, &Collector)| {
            Place { listen: open.address, ..*place }.to_string()
        };
        self.open.iter().map(address).collect()
    }

    /// Those of another configuration: what it no longer names is closed, what it names first is
    /// opened. The log says what could not be; the next reload tries again.
    pub(super) async fn follow(&mut self, config: &Config) -> Vec<Line> {
        let wanted: Vec<Place> = config.collectors().collect();
        self.open.retain(|place, _| wanted.contains(place));
        let mut said = Vec::new();
        for place in wanted {
            if self.open.contains_key(&place) {
                continue;
            }
            said.push(match self.add(place).await {
                Ok(address) => {
                    let address = Place { listen: address, ..place };
                    Line::new("SYSLOG_LISTENING").field("address", address)
                }
                Err(error) => {
                    let line = Line::new("SYSLOG_UNAVAILABLE").field("address", place);
                    line.field("reason", error).field("hint", "the next reload tries again")
                }
            });
        }
        said
    }

    async fn add(&mut self, place: Place) -> std::io::Result<SocketAddr> {
        let way = Way { place, lines: self.lines.clone(), teller: self.teller.clone() };
        let mut tasks = JoinSet::new();
        let address = match place.transport {
            Transport::Udp => {
                let socket = UdpSocket::bind(place.listen).await?;
                let address = socket.local_addr()?;
                tasks.spawn(way.datagrams(socket));
                address
            }
            Transport::Tcp => {
                let listener = super::listen(place.listen)?;
                let address = listener.local_addr()?;
                tasks.spawn(way.connections(listener));
                address
            }
        };
        self.open.insert(place, Collector { address, _tasks: tasks });
        Ok(address)
    }
}

impl Way {
    /// Lines by datagram, each one of its own (RFC 5426, section 3.1).
    async fn datagrams(self, socket: UdpSocket) {
        let mut buffer = vec![0; DATAGRAM_BYTES_MAX];
        let (mut lost, pause) = (0, Duration::from_millis(TELL_MS));
        let mut tell = interval_at(Instant::now() + pause, pause);
        loop {
            let received = tokio::select! {
                received = socket.recv_from(&mut buffer) => received,
                _ = tell.tick(), if lost > 0 => {
                    self.lost(lost);
                    lost = 0;
                    continue;
                }
            };
            match received {
                Ok((length, peer)) => {
                    let bytes = buffer[..length].to_vec();
                    match self.lines.try_send(self.heard(peer, bytes)) {
                        Ok(()) => {}
                        Err(mpsc::error::TrySendError::Full(_)) => lost += 1,
                        Err(mpsc::error::TrySendError::Closed(_)) => return,
                    }
                }
                // An ICMP answer to nothing that was sent from here, or no memory for a moment.
                Err(_) => tokio::time::sleep(Duration::from_millis(RETRY_MS)).await,
            }
        }
    }

    /// Lines by connection (RFC 6587).
    async fn connections(self, listener: TcpListener) {
        let room = Arc::new(Semaphore::new(CONNECTIONS_MAX));
        let mut served = JoinSet::new();
        loop {
            tokio::select! {
                Some(_) = served.join_next() => {}
                accepted = listener.accept() => match accepted {
                    Ok((stream, peer)) => match Arc::clone(&room).try_acquire_owned() {
                        Ok(place) => {
                            served.spawn(self.clone().connection(stream, peer, place));
                        }
                        Err(_) => self.closed(peer, "too many connections"),
                    },
                    Err(_) => tokio::time::sleep(Duration::from_millis(RETRY_MS)).await,
                },
            }
        }
    }

    async fn connection(self, mut stream: TcpStream, peer: SocketAddr, _: OwnedSemaphorePermit) {
        let (mut frames, mut buffer) = (Frames::default(), vec![0; READ_BYTES_MAX]);
        loop {
            match stream.read(&mut buffer).await {
                Ok(0) | Err(_) => break,
                Ok(length) => frames.push(&buffer[..length]),
            }
            loop {
                match frames.take() {
                    Ok(Some(line)) => {
                        if self.lines.send(self.heard(peer, line)).await.is_err() {
                            return;
                        }
                    }
                    Ok(None) => break,
                    Err(Unframed) => return self.closed(peer, "this is no syslog (RFC 6587)"),
                }
            }
        }
        if let Some(line) = frames.last() {
            // The listener may be stopping.
            let _ = self.lines.send(self.heard(peer, line)).await;
        }
    }

    fn heard(&self, peer: SocketAddr, bytes: Vec<u8>) -> Heard {
        Heard { place: self.place, peer: peer.ip(), bytes }
    }

    fn lost(&self, lines: u64) {
        let source = self.place.transport.source().to_owned();
        self.teller.say(Kind::LinesLost { source, lines });
    }

    fn closed(&self, peer: SocketAddr, reason: &str) {
        let line = Line::new("SYSLOG_CONNECTION_CLOSED").field("peer", peer);
        self.teller.remark(line.field("reason", reason));
    }
}

#[cfg(test)]
mod tests {
    use fact::Fact;
    use host::LiveClock;
    use tokio::io::AsyncWriteExt as _;
    use tokio::sync::broadcast;

    use super::*;
    use crate::http::{Bounds, Room};
    use crate::log::Log;
    use crate::metrics::Metrics;
    use crate::ready::Readiness;

    async fn open(
        transport: &str,
    ) -> (Collectors, mpsc::Receiver<Heard>, broadcast::Receiver<Fact>) {
        let text = format!("[[syslog]]\ntransport = \"{transport}\"\nlisten = \"127.0.0.1:0\"\n");
        let source = diagnostic::Source::new("listener.toml", text);
        let nobody = topology::Topology::empty(&source);
        let mut files = topology::NoFiles;
        let config = Config::load(&source, &nobody, &mut files, &mut Vec::new());
        let (clock, room) = (LiveClock::start(), Room::new(Bounds::of_this_process()));
        let metrics = Metrics::new(room, Arc::new(Readiness::new(clock)));
        let (facts, told) = broadcast::channel(16);
        let teller = Teller::new(facts, Log::silent(), metrics, clock);
        let (lines, heard) = mpsc::channel(2);
        let collectors = Collectors::open(&config.expect("it loads"), lines, teller).await;
        (collectors.expect("loopback has ports"), heard, told)
    }

    fn port(collectors: &Collectors) -> SocketAddr {
        collectors.open.values().next().expect("there is one").address
    }

    /// Goal: what nobody has room for is lost and counted, and every other line comes. Method: more
    /// datagrams than fit, and nobody who takes them.
    #[tokio::test]
    async fn datagrams_without_room_are_counted() {
        let (collectors, mut heard, mut told) = open("udp").await;
        let sender = UdpSocket::bind("127.0.0.1:0").await.expect("a port");
        for number in 0..7 {
            let line = format!("line {number}");
            sender.send_to(line.as_bytes(), port(&collectors)).await.expect("it is sent");
        }
        let fact = told.recv().await.expect("a loss is told");
        let Kind::LinesLost { source, lines } = fact.kind else { panic!("{fact:?}") };
        assert_eq!((source.as_str(), lines), ("syslog-udp", 5));
        for number in 0..2 {
            let line = heard.recv().await.expect("it came");
            assert_eq!(line.bytes, format!("line {number}").into_bytes());
        }
    }

    /// Goal: a connection loses nothing, however slowly its lines are taken. Method: many lines,
    /// of which two have room at a time.
    #[tokio::test]
    async fn connections_are_held_back() {
        let (collectors, mut heard, _told) = open("tcp").await;
        let mut stream = TcpStream::connect(port(&collectors)).await.expect("it listens");
        let sending = tokio::spawn(async move {
            for number in 0..5_000 {
                let line = format!("line {number} {}\n", "x".repeat(100));
                stream.write_all(line.as_bytes()).await.expect("it is taken");
            }
        });
        for number in 0..5_000 {
            let line = heard.recv().await.expect("it came").bytes;
            assert!(line.starts_with(format!("line {number} ").as_bytes()), "{number}");
        }
        sending.await.expect("all is sent");
    }
}
