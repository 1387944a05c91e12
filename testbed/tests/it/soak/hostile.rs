//! Mixed hostile traffic beside good events: each of these is accepted, and memory stays as it was.
//!
//! All of it comes from this process over loopback, at rates that are bounded, against the real
//! program. The good events come at their time whatever became of the last one.

use std::collections::BTreeMap;
use std::io::{ErrorKind, Read as _, Write as _};
use std::net::{SocketAddr, TcpStream};
use std::sync::Mutex;
use std::thread::{scope, sleep};
use std::time::{Duration, Instant};

use super::{number, say};
use crate::support::{Project, skip};

/// Good events each second, from so many senders.
const GOOD_PER_SECOND: u64 = 50;
const SENDERS: u64 = 50;
/// The credential of the shipped R1.
const TOKEN: &str = "mySecretToken";
/// Connections that dribble, of each kind.
const DRIBBLING_MAX: usize = 200;
/// How long an attack waits before it comes again, in milliseconds, and a flood.
const ATTACK_MS: u64 = 100;
const FLOOD_MS: u64 = 5;
/// How long anybody waits for an answer.
const ANSWER: Duration = Duration::from_secs(15);
/// How long the program has to let go of what the traffic held.
const SETTLE: Duration = Duration::from_secs(2);
/// By how much memory may have grown over the minute, in percent; and over some seconds, before
/// which the allocator has not seen all of it.
const GROWTH_PERCENT_MAX: u64 = 20;
const GROWTH_SHORT_PERCENT_MAX: u64 = 50;

/// Goal: others are served and memory is bounded, whatever is sent. Method: some seconds of it,
/// after a warm-up.
#[test]
fn hostile_traffic() {
    let plan = Plan { idle: 2_000, warm_up_secs: 1, secs: 3, growth: GROWTH_SHORT_PERCENT_MAX };
    run("hostile_traffic", plan);
}

/// Goal: the same for a minute. Method: the same, after as long a warm-up: the allocator takes its
/// time until it holds all that it will. `EDNM_HOSTILE_SECS` says how long.
#[test]
#[ignore = "takes minutes: `cargo xtask soak hostile`"]
fn hostile_traffic_for_a_minute() {
    let secs = number("EDNM_HOSTILE_SECS", 60);
    let plan = Plan { idle: 10_000, warm_up_secs: secs, secs, growth: GROWTH_PERCENT_MAX };
    run("hostile_traffic_for_a_minute", plan);
}

/// How much of it.
struct Plan {
    /// Connections that say nothing, at most; half of what this process may open, if that is less.
    idle: usize,
    warm_up_secs: u64,
    secs: u64,
    growth: u64,
}

fn run(test: &str, plan: Plan) {
    let Some(descriptors) = descriptors() else { return skip(test, "/proc") };
    let (idle, secs) = (plan.idle.min(descriptors / 2), plan.secs);
    let project = Project::new();
    let serve = ["listener", "serve", "--bind", "127.0.0.1:0", "--require-auth"];
    let program = project.start(&serve);
    let address = program.listener().strip_prefix("http://").unwrap().parse().unwrap();
    let memory = || resident_kib(program.pid());
    let fresh = memory();
    Traffic::new(address, idle, "warm").flow(plan.warm_up_secs);
    sleep(SETTLE);
    let before = memory();
    let traffic = Traffic::new(address, idle, "good");
    traffic.flow(secs);
    sleep(SETTLE);
    let after = memory();
    say(&format!("memory: {fresh} KiB at the start, {before} before, {after} after {secs} s"));
    traffic.report();
    let good = traffic.counts.lock().unwrap().get(&("good", 202)).copied().unwrap_or(0);
    assert_eq!(good, GOOD_PER_SECOND * secs, "every good event is accepted");
    let counts = traffic.counts.lock().unwrap();
    let taken = counts.keys().find(|(name, status)| *name != "good" && (200..300).contains(status));
    assert_eq!(taken, None, "nothing hostile is accepted");
    let bound = before + before * plan.growth / 100;
    assert!(after <= bound, "memory: {before} KiB before, {after} after");
}

/// What is sent, and what came of it.
struct Traffic {
    address: SocketAddr,
    idle: usize,
    /// Makes the ids of its good events new.
    run: &'static str,
    /// By what was sent and the status of the answer; 0 is a connection that ended without one.
    counts: Mutex<BTreeMap<(&'static str, u16), u64>>,
    /// How long each good event took.
    took: Mutex<Vec<Duration>>,
}

impl Traffic {
    fn new(address: SocketAddr, idle: usize, run: &'static str) -> Self {
        Traffic { address, idle, run, counts: Mutex::default(), took: Mutex::default() }
    }

    /// All of it at the same time, each in a thread of its own.
    fn flow(&self, secs: u64) {
        let start = Instant::now();
        let end = start + Duration::from_secs(secs);
        let attacks = attacks();
        let known = delivery("", r#"{"event": "Tick"}"#);
        let (none, wrong) = (known.replace(&bearer(TOKEN), ""), known.replace(TOKEN, "wrong"));
        scope(|threads| {
            for sender in 0..SENDERS {
                threads.spawn(move || self.send_good(sender, start, secs));
            }
            threads.spawn(|| self.idle(end));
            threads.spawn(|| self.dribble("slow head", "GET /health HTTP/1.1\r\nX: ", end));
            threads.spawn(|| self.dribble("slow body", &head("Content-Length: 9999"), end));
            for (name, bytes) in &attacks {
                threads.spawn(|| self.attack(name, bytes, ATTACK_MS, end));
            }
            threads.spawn(|| self.attack("no credential", none.as_bytes(), FLOOD_MS, end));
            threads.spawn(|| self.attack("wrong credential", wrong.as_bytes(), FLOOD_MS, end));
        });
    }

    /// Each at its time, as a device would: a connection of its own, one answer.
    fn send_good(&self, sender: u64, start: Instant, secs: u64) {
        for n in (sender..GOOD_PER_SECOND * secs).step_by(SENDERS as usize) {
            let due = start + Duration::from_millis(n * 1_000 / GOOD_PER_SECOND);
            sleep(due.saturating_duration_since(Instant::now()));
            let id = format!("webhook-id: {}-{n}\r\n", self.run);
            let body = format!(r#"{{"event": "Tick", "n": {n}}}"#);
            let status = exchange(self.address, delivery(&id, &body).as_bytes());
            self.took.lock().unwrap().push(due.elapsed());
            self.count("good", status);
        }
    }

    /// Holds connections that say nothing, and opens new ones in place of the oldest.
    fn idle(&self, end: Instant) {
        let mut held = std::collections::VecDeque::new();
        while Instant::now() < end {
            for _ in 0..10 {
                if let Ok(stream) = TcpStream::connect_timeout(&self.address, ANSWER) {
                    self.count("idle connections opened", 0);
                    held.push_back(stream);
                }
                if held.len() > self.idle {
                    held.pop_front();
                }
            }
            sleep(Duration::from_millis(10));
        }
        *self.counts.lock().unwrap().entry(("idle connections held", 0)).or_default() =
            held.len() as u64;
    }

    /// Holds connections that say a byte from time to time.
    fn dribble(&self, name: &'static str, first: &str, end: Instant) {
        let mut held: Vec<TcpStream> = Vec::new();
        while Instant::now() < end {
            held.retain_mut(|stream| match peeked(stream) {
                None => stream.write_all(b"x").is_ok(),
                Some(status) => {
                    self.count(name, status);
                    false
                }
            });
            for _ in 0..20.min(DRIBBLING_MAX - held.len()) {
                let Ok(mut stream) = TcpStream::connect_timeout(&self.address, ANSWER) else {
                    continue;
                };
                if stream.write_all(first.as_bytes()).is_ok() {
                    stream.set_nonblocking(true).unwrap();
                    held.push(stream);
                }
            }
            sleep(Duration::from_millis(200));
        }
    }

    fn attack(&self, name: &'static str, bytes: &[u8], pause_ms: u64, end: Instant) {
        while Instant::now() < end {
            self.count(name, exchange(self.address, bytes));
            sleep(Duration::from_millis(pause_ms));
        }
    }

    fn count(&self, name: &'static str, status: u16) {
        *self.counts.lock().unwrap().entry((name, status)).or_default() += 1;
    }

    fn report(&self) {
        let mut took = self.took.lock().unwrap().clone();
        took.sort();
        let at = |percent: usize| took[(took.len() - 1) * percent / 100].as_millis();
        let times = (at(50), at(99), at(100));
        say(&format!(
            "good events: median {} ms, p99 {} ms, longest {} ms",
            times.0, times.1, times.2
        ));
        for ((name, status), count) in self.counts.lock().unwrap().iter() {
            let status = if *status == 0 { "-".to_owned() } else { status.to_string() };
            say(&format!("{name:>24}  {status:>3}  {count}"));
        }
    }
}

/// One of each shape; `hostile.rs` of the listener's tests has the whole table.
fn attacks() -> Vec<(&'static str, Vec<u8>)> {
    let json = |body: &str| delivery("", body).into_bytes();
    let large = "x".repeat(1024 * 1024 + 1);
    let chunked = format!("{}{:x}\r\n{large}", head("Transfer-Encoding: chunked"), large.len());
    let deep = format!(r#"{{"event": "X", "data": {}"#, "[".repeat(9_000));
    let wide = format!(r#"{{"event": "X", "data": [0{}]}}"#, ",0".repeat(500_000));
    let typed = delivery("", "{}").replace("application/json", "text/xml");
    let garbage: Vec<u8> = (0..=255).rev().collect::<Vec<u8>>().repeat(16);
    let headers = format!("GET / HTTP/1.1\r\nX: {}", "y".repeat(1024 * 1024));
    vec![
        ("oversize", json(&large)),
        ("oversize, not said", chunked.into_bytes()),
        ("deep JSON", json(&deep)),
        ("wide JSON", json(&wide)),
        ("wrong type", typed.into_bytes()),
        ("malformed", json("{\"event\": ")),
        ("missing event", json("{\"evnt\": 1}")),
        ("garbage", garbage),
        ("large head", headers.into_bytes()),
        ("foreign Host", b"GET /health HTTP/1.1\r\nHost: evil.example\r\n\r\n".to_vec()),
    ]
}

fn bearer(token: &str) -> String {
    format!("Authorization: Bearer {token}\r\n")
}

/// The head of a delivery that is as good as its body.
fn head(header: &str) -> String {
    format!(
        "POST /events HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n{}\
         Connection: close\r\n{header}\r\n\r\n",
        bearer(TOKEN)
    )
}

fn delivery(header: &str, body: &str) -> String {
    let length = body.len();
    head(&format!("{header}Content-Length: {length}")) + body
}

/// The status of the answer, 0 without one. The program may have heard enough before all is said.
fn exchange(address: SocketAddr, bytes: &[u8]) -> u16 {
    let Ok(mut stream) = TcpStream::connect_timeout(&address, ANSWER) else { return 0 };
    stream.set_read_timeout(Some(ANSWER)).unwrap();
    stream.set_write_timeout(Some(ANSWER)).unwrap();
    let _ = stream.write_all(bytes);
    let mut line = [0; 12];
    if stream.read_exact(&mut line).is_ok() { status(&line) } else { 0 }
}

fn status(line: &[u8]) -> u16 {
    std::str::from_utf8(line).ok().and_then(|line| line.get(9..12)?.parse().ok()).unwrap_or(0)
}

/// The status of an answer that has come, 0 if the connection has ended; nothing until then.
fn peeked(stream: &TcpStream) -> Option<u16> {
    let mut line = [0; 12];
    match stream.peek(&mut line) {
        Ok(count) => Some(status(&line[..count])),
        Err(error) => (error.kind() != ErrorKind::WouldBlock).then_some(0),
    }
}

/// How many files this process may open.
fn descriptors() -> Option<usize> {
    let limits = std::fs::read_to_string("/proc/self/limits").ok()?;
    let line = limits.lines().find(|line| line.starts_with("Max open files"))?;
    line.split_whitespace().nth(3)?.parse().ok()
}

/// What a process holds in memory.
fn resident_kib(pid: u32) -> u64 {
    let status = std::fs::read_to_string(format!("/proc/{pid}/status")).unwrap();
    let line = status.lines().find(|line| line.starts_with("VmRSS:")).unwrap();
    line.split_whitespace().nth(1).unwrap().parse().unwrap()
}
