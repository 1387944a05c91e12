//! The sender: keeps deliveries in flight, and sends each again until it has a 2xx.
//!
//! One thread per delivery in flight. Its list of answers is the first ledger.

use std::collections::BTreeMap;
use std::io::{Read as _, Write as _};
use std::net::{SocketAddr, TcpStream};
use std::sync::{Arc, Condvar, Mutex, MutexGuard};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use serde_json::Value;

use super::programs::{node, token};

/// Deliveries that are in flight at a time.
pub(super) const IN_FLIGHT: u64 = 64;
/// How long one delivery may take until its 2xx, all tries included, in seconds.
const DELIVERY_SECS_MAX: u64 = 300;
/// How often one delivery is sent.
const TRIES_MAX: u64 = 20_000;
/// How long a sender waits before it sends again, in milliseconds.
const AGAIN_MS: u64 = 20;
/// How long one answer may take, in milliseconds.
const ANSWER_MS_MAX: u64 = 15_000;

/// Senders that run.
pub(super) struct Sender {
    shared: Arc<Shared>,
    threads: Vec<JoinHandle<()>>,
}

/// The sender's ledger.
#[derive(Debug, Default)]
pub(super) struct Answers {
    /// The event that the 2xx named, by the delivery's number.
    pub(super) accepted: BTreeMap<u64, String>,
    /// Requests, repeats included.
    pub(super) sent: u64,
    /// 2xx that said `duplicate`.
    pub(super) duplicates: u64,
}

#[derive(Default)]
struct Shared {
    state: Mutex<State>,
    /// Somewhere to send to, something to send, or the end.
    changed: Condvar,
}

#[derive(Default)]
struct State {
    address: Option<SocketAddr>,
    next: u64,
    /// Numbers below this may be sent.
    offered: u64,
    ended: bool,
    answers: Answers,
}

impl Sender {
    pub(super) fn start() -> Self {
        let shared = Arc::new(Shared::default());
        let spawn = |_| {
            let shared = Arc::clone(&shared);
            std::thread::spawn(move || shared.run())
        };
        let threads = (0..IN_FLIGHT).map(spawn).collect();
        Sender { shared, threads }
    }

    /// Where the listener is now; nowhere while it is dead.
    pub(super) fn aim(&self, address: Option<SocketAddr>) {
        self.shared.change(|state| state.address = address);
    }

    /// Allows so many new deliveries, and waits for the first request after that.
    pub(super) fn offer(&self, new: u64) {
        let before = self.shared.change(|state| {
            state.offered += new;
            state.answers.sent
        });
        let _state = self.shared.wait(|state| state.answers.sent > before);
    }

    /// Waits until every delivery that was offered has its 2xx.
    pub(super) fn finish(self) -> Answers {
        self.shared.change(|state| state.ended = true);
        for thread in self.threads {
            thread.join().expect("every delivery gets its 2xx");
        }
        std::mem::take(&mut self.shared.lock().answers)
    }
}

impl Shared {
    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().expect("no sender has failed")
    }

    fn change<T>(&self, change: impl FnOnce(&mut State) -> T) -> T {
        let changed = change(&mut self.lock());
        self.changed.notify_all();
        changed
    }

    fn wait(&self, is_there: impl Fn(&State) -> bool) -> MutexGuard<'_, State> {
        let bound = Duration::from_secs(DELIVERY_SECS_MAX);
        let waited = self.changed.wait_timeout_while(self.lock(), bound, |s| !is_there(s));
        let (state, timeout) = waited.expect("no sender has failed");
        assert!(!timeout.timed_out(), "nothing to do for {DELIVERY_SECS_MAX} s");
        state
    }

    fn run(&self) {
        loop {
            let mut state = self.wait(|state| state.next < state.offered || state.ended);
            if state.next >= state.offered {
                return;
            }
            let number = state.next;
            state.next += 1;
            drop(state);
            self.deliver(number);
        }
    }

    /// Sends one delivery until it has a 2xx.
    fn deliver(&self, number: u64) {
        let began = Instant::now();
        for _ in 0..TRIES_MAX {
            assert!(began.elapsed().as_secs() < DELIVERY_SECS_MAX, "{number}: no 2xx in time");
            let address = self.wait(|state| state.address.is_some()).address;
            self.change(|state| state.answers.sent += 1);
            let answer = address.map(|address| post(address, number));
            match answer {
                Some(Ok((202 | 200, body))) => return self.accepted(number, &body),
                // Dead, or it has no room: the same delivery again.
                Some(Ok((429 | 503, _)) | Err(_)) | None => {
                    std::thread::sleep(Duration::from_millis(AGAIN_MS));
                }
                Some(Ok((status, body))) => panic!("{number}: {status} {body}"),
            }
        }
        panic!("{number}: no 2xx in {TRIES_MAX} tries");
    }

    fn accepted(&self, number: u64, body: &str) {
        // A listener that is killed while it answers may cut the body, not the promise.
        let body: Value = serde_json::from_str(body).unwrap_or_default();
        let event = body["id"].as_str().unwrap_or_default().to_owned();
        self.change(|state| {
            state.answers.duplicates += u64::from(body["status"] == "duplicate");
            state.answers.accepted.insert(number, event);
        });
    }
}

/// One request on one connection; status and body.
fn post(address: SocketAddr, number: u64) -> std::io::Result<(u16, String)> {
    let bound = Duration::from_millis(ANSWER_MS_MAX);
    let mut stream = TcpStream::connect_timeout(&address, bound)?;
    stream.set_read_timeout(Some(bound))?;
    stream.set_write_timeout(Some(bound))?;
    let body = format!("{{\"event\":\"Soak\",\"n\":{number}}}");
    let token = token(&node(number));
    let request = format!(
        "POST /events HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\
         Content-Type: application/json\r\nAuthorization: Bearer {token}\r\n\
         webhook-id: {}\r\nContent-Length: {}\r\n\r\n{body}",
        webhook_id(number),
        body.len()
    );
    stream.write_all(request.as_bytes())?;
    let mut answer = Vec::new();
    let read = stream.read_to_end(&mut answer);
    let answer = String::from_utf8_lossy(&answer);
    let status = answer.strip_prefix("HTTP/1.1 ").and_then(|rest| rest.get(..3)?.parse().ok());
    match (status, read) {
        (Some(status), _) => {
            let body = answer.split_once("\r\n\r\n").map_or("", |(_, body)| body);
            Ok((status, body.to_owned()))
        }
        (None, Err(error)) => Err(error),
        (None, Ok(_)) => Err(std::io::ErrorKind::UnexpectedEof.into()),
    }
}

/// The id of a delivery, the same however often it is sent.
pub(super) fn webhook_id(number: u64) -> String {
    format!("soak-{number}")
}
