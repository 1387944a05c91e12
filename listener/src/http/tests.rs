//! The server over real sockets, with bounds that a test can wait for.

use std::time::Instant;

use automation::{DeliveryId, Reply};
use axum::routing::get;
use host::LiveClock;
use tokio::io::AsyncReadExt as _;
use tokio::sync::{mpsc, watch};

use super::*;
use crate::guard::Guard;
use crate::live::{self, Front, Teller};
use crate::log::Log;
use crate::metrics::Metrics;
use crate::ready::Readiness;
use crate::receive::{self, Arrival, Reception};

/// How long anything here may take that is not meant to wait.
const SOON: Duration = Duration::from_secs(5);
/// The bound that a test reaches.
const SHORT: Duration = Duration::from_millis(300);
/// Deliveries that the stand-in of the automation holds.
const ARRIVALS_MAX: usize = 16;

/// A server, and what comes to the automation behind it.
struct Site {
    address: std::net::SocketAddr,
    arrivals: mpsc::Receiver<Arrival>,
    _stop: watch::Sender<bool>,
}

fn generous() -> Bounds {
    let minute = Duration::from_secs(60);
    Bounds { connections: 64, bodies_bytes: 1 << 20, head: minute, body: minute, stall: minute }
}

async fn site(bounds: Bounds) -> Site {
    site_of(bounds, None).await
}

async fn site_of(bounds: Bounds, tls: Option<Tls>) -> Site {
    let socket = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = socket.local_addr().unwrap();
    let (sender, arrivals) = mpsc::channel(ARRIVALS_MAX);
    let front = Front::of_path("/events");
    let (clock, room) = (LiveClock::start(), Room::new(bounds));
    let ready = Arc::new(Readiness::new(clock));
    let metrics = Metrics::new(Arc::clone(&room), Arc::clone(&ready));
    let reception = Reception {
        front: front.clone(),
        arrivals: sender,
        ready: Arc::clone(&ready),
        teller: Teller::new(live::feed(), Log::silent(), metrics, clock),
    };
    let guard = Guard { bound: address.ip(), front };
    let big = Router::new().route("/big", get(async || vec![b'x'; 64 << 20]));
    let (stop, stopping) = Stop::channel();
    tokio::spawn(serve(socket, tls, receive::router(reception, big, guard), room, stopping));
    Site { address, arrivals, _stop: stop }
}

impl Site {
    /// Sends something, and leaves the connection open.
    async fn say(&self, bytes: &str) -> TcpStream {
        let mut stream = TcpStream::connect(self.address).await.unwrap();
        stream.write_all(bytes.as_bytes()).await.unwrap();
        stream
    }

    /// Answers the next delivery with a bare 202.
    async fn accept(&mut self) {
        let arrival = timeout(SOON, self.arrivals.recv()).await.unwrap().unwrap();
        let reply =
            Reply { delivery: DeliveryId(0), status: 202, headers: Vec::new(), body: Vec::new() };
        arrival.reply.send(reply).unwrap();
    }

    async fn is_healthy(&self) {
        let stream = self.say("GET /health HTTP/1.1\r\nHost: localhost\r\n\r\n").await;
        assert_eq!(status(stream).await, 200);
    }
}

/// The status of the answer; 0 if the connection ends without one.
async fn status(mut stream: TcpStream) -> u16 {
    let mut line = [0; 12];
    match timeout(SOON, stream.read_exact(&mut line)).await.expect("an answer or an end") {
        Ok(_) => String::from_utf8_lossy(&line[9..]).parse().unwrap(),
        Err(_) => 0,
    }
}

fn post(length: usize, sent: usize) -> String {
    let head =
        format!("POST /events HTTP/1.1\r\nHost: localhost\r\nContent-Length: {length}\r\n\r\n");
    head + &"x".repeat(sent)
}

/// Goal: clients that do nothing cost others nothing. Method: as many as there may be, then one
/// that wants something; those that gave way find their connection closed.
#[tokio::test]
async fn idle_clients_give_way() {
    let mut site = site(Bounds { connections: 4, ..generous() }).await;
    let mut idle = Vec::new();
    for half in ["", "GET /hea", "GET /health HTTP/1.1\r\nHost:", &post(9, 1)] {
        idle.push(site.say(half).await);
        // In the order in which they are to give way.
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    for _ in 0..4 {
        let good = site.say(&post(2, 2)).await;
        site.accept().await;
        assert_eq!(status(good).await, 202);
    }
    assert_eq!(status(idle.remove(0)).await, 0, "the first to come was the first to go");
}

/// Goal: who is served stays, and who finds no place is told so. Method: requests that are not
/// answered, as many as there may be, then one more; answers after all.
#[tokio::test]
async fn served_clients_stay() {
    let mut site = site(Bounds { connections: 2, ..generous() }).await;
    let served = [site.say(&post(2, 2)).await, site.say(&post(2, 2)).await];
    while site.arrivals.len() < 2 {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    assert_eq!(status(site.say("").await).await, 503);
    site.accept().await;
    site.accept().await;
    for stream in served {
        assert_eq!(status(stream).await, 202);
    }
    site.is_healthy().await;
}

/// Goal: nobody may be slow for ever. Method: nothing, half a head, a head whose blank line never
/// comes, half a body, each with the answer it gets in its time.
#[tokio::test]
async fn slow_clients_are_ended() {
    let site = site(Bounds { head: SHORT, body: SHORT, ..generous() }).await;
    let dribble = "GET /health HTTP/1.1\r\nHost: localhost\r\nX: y";
    let table = [("", 0), ("POST", 0), (dribble, 0), (&post(9, 1), 408)];
    for (half, want) in table {
        let start = Instant::now();
        assert_eq!(status(site.say(half).await).await, want, "{half}");
        assert!(start.elapsed() >= SHORT, "{half}: not before its time");
    }
    site.is_healthy().await;
}

/// Goal: who sends a body byte by byte has no more time for it than others, and holds none of them
/// up. Method: a byte at a time, each well within the bound, to a source that others use meanwhile;
/// the bounds of the program itself are read.
#[tokio::test]
async fn a_dripping_body_ends_in_its_time() {
    let mut site = site(Bounds { body: SHORT * 2, ..generous() }).await;
    let (mut from, mut to) = site.say(&post(1_000, 1)).await.into_split();
    let start = Instant::now();
    let dripping = tokio::spawn(async move {
        while to.write_all(b" ").await.is_ok() {
            tokio::time::sleep(SHORT / 6).await;
        }
    });
    let other = site.say(&post(9, 9)).await;
    site.accept().await;
    assert_eq!(status(other).await, 202);
    let mut answer = [0; 12];
    timeout(SOON, from.read_exact(&mut answer)).await.unwrap().unwrap();
    assert_eq!(&answer, b"HTTP/1.1 408");
    assert!(start.elapsed() >= SHORT * 2, "not before its time");
    dripping.abort();
    let own = Bounds::of_this_process();
    assert_eq!((own.head.as_secs(), own.body.as_secs()), (10, 30));
}

/// Goal: a client that does not take its answer does not keep it in memory for ever. Method: ask
/// for more than sockets hold, take nothing until the bound is over, then read to the end.
#[tokio::test]
async fn an_answer_must_be_taken() {
    let site = site(Bounds { stall: SHORT, ..generous() }).await;
    let mut stream = site.say("GET /big HTTP/1.1\r\nHost: localhost\r\n\r\n").await;
    tokio::time::sleep(SHORT * 3).await;
    let mut taken = Vec::new();
    let ended = timeout(SOON, stream.read_to_end(&mut taken)).await.expect("it ended");
    assert!(ended.is_err() || taken.len() < 64 << 20, "it went on");
}

/// Goal: bodies have one bound in all, and a slow one gives way. Method: a slow one that holds
/// most of it, a whole one that needs it, then more than fits at once.
#[tokio::test]
async fn bodies_share_one_bound() {
    let mut site = site(Bounds { bodies_bytes: 100_000, ..generous() }).await;
    let slow = site.say(&post(90_000, 80_000)).await;
    tokio::time::sleep(Duration::from_millis(50)).await;
    let whole = site.say(&post(50_000, 50_000)).await;
    assert_eq!(status(slow).await, 0, "it gave way");
    while site.arrivals.is_empty() {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    assert_eq!(status(site.say(&post(60_000, 60_000)).await).await, 503, "what waits counts");
    site.accept().await;
    assert_eq!(status(whole).await, 202);
    let next = site.say(&post(90_000, 90_000)).await;
    site.accept().await;
    assert_eq!(status(next).await, 202);
}

/// Goal: requests that come in one piece are answered in order. Method: three in one write.
#[tokio::test]
async fn pipelined_requests_are_answered_in_order() {
    let site = site(generous()).await;
    let ask =
        |path: &str, more: &str| format!("GET {path} HTTP/1.1\r\nHost: localhost\r\n{more}\r\n");
    let all = ask("/health", "") + &ask("/none", "") + &ask("/ready", "Connection: close\r\n");
    let mut answer = String::new();
    let mut stream = site.say(&all).await;
    timeout(SOON, stream.read_to_string(&mut answer)).await.unwrap().unwrap();
    let statuses: Vec<&str> = answer.split("HTTP/1.1 ").skip(1).map(|one| &one[..3]).collect();
    assert_eq!(statuses, ["200", "404", "200"], "{answer}");
}

/// A port with a certificate, and how a client greets it.
fn certified() -> (Tls, tokio_rustls::TlsConnector) {
    let state = host::StateDir::temporary().unwrap();
    let source = crate::tls::Source::own(&state, [127, 0, 0, 1].into());
    let read = source.read(LiveClock::start().now(), &[]).unwrap();
    let ca = std::fs::read_to_string(state.authority()).unwrap();
    (Tls::new(read.served), Arc::new(crate::tls::client(Some(&ca)).unwrap()).into())
}

/// Goal: the port speaks HTTPS and says so to who does not; a handshake that stalls is ended in its
/// time, and gives way before. Method: a request over TLS, one without, silent halves of one.
#[tokio::test]
async fn https_is_spoken_and_nothing_else() {
    let (tls, connector) = certified();
    let bounds = Bounds { connections: 2, head: SHORT * 3, ..generous() };
    let site = site_of(bounds, Some(tls)).await;
    let ask = b"GET /health HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";
    let healthy = async || {
        let tcp = TcpStream::connect(site.address).await.unwrap();
        let name = "localhost".try_into().unwrap();
        let mut stream = connector.connect(name, tcp).await.unwrap();
        stream.write_all(ask).await.unwrap();
        let mut answer = String::new();
        let read = timeout(SOON, stream.read_to_string(&mut answer)).await;
        read.expect("in time").expect("a whole answer, and a farewell");
        assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
    };
    healthy().await;
    let mut plain = site.say("GET /health HTTP/1.1\r\nHost: localhost\r\n\r\n").await;
    let mut answer = String::new();
    timeout(SOON, plain.read_to_string(&mut answer)).await.unwrap().unwrap();
    let (head, body) = answer.split_once("\r\n\r\n").unwrap();
    assert!(head.starts_with("HTTP/1.1 400"), "{answer}");
    assert!(head.contains(&format!("Content-Length: {}", body.len())), "{answer}");
    let problem: serde_json::Value = serde_json::from_str(body).unwrap();
    assert_eq!(problem["detail"], "this port speaks HTTPS: use https://");
    let start = Instant::now();
    assert_eq!(status(site.say("\u{16}\u{3}\u{1}").await).await, 0);
    assert!(start.elapsed() >= SHORT * 3, "not before its time");
    let stalled = [site.say("\u{16}\u{3}").await, site.say("\u{16}").await];
    tokio::time::sleep(Duration::from_millis(50)).await;
    healthy().await;
    assert!(start.elapsed() < SHORT * 6, "it need not wait for them");
    drop(stalled);
}
