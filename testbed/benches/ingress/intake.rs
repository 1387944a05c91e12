//! Signed events of 512 bytes: how many are accepted in a second, and how soon.

use std::time::{SystemTime, UNIX_EPOCH};

use crate::load::{self, BODY_BYTES, CONNECTIONS, Round};
use crate::peers::{self, Server};
use crate::{Effort, median};

/// Senders that sign: the listener remembers so many fresh ids of one that five rounds fit.
const SENDERS: u64 = 8;
/// What the load signs with, as all of them do.
const SECRET: &str = "whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD";

/// The aims: ours beside the peer.
const AIMS: [(&str, f64); 3] =
    [(peers::FASTAPI, 5.0), (peers::WEBHOOK, 2.0), (peers::CEILING, 0.5)];

/// What all rounds of one server have shown.
struct Shown {
    server: Server,
    rounds: Vec<Round>,
}

pub(crate) async fn measure(effort: Effort) {
    println!("\nintake: {CONNECTIONS} connections, {BODY_BYTES} bytes, signed; medians of rounds");
    let mut all = Vec::new();
    for start in [listener, peers::ceiling, peers::fastapi, peers::fastapi_bare, peers::webhook] {
        match start() {
            Ok(server) => all.push(Shown { server, rounds: Vec::new() }),
            Err(missing) => println!("skipped: {missing}"),
        }
    }
    let mut first = 0;
    for round in 0..=effort.rounds {
        for shown in &mut all {
            let request = match shown.server.signs_as_github {
                true => by_github,
                false => by_standard,
            };
            let seen = load::run(shown.server.port, effort.round, first, request).await;
            first += seen.took.len() as u64 + 1_000_000;
            // The first one warms up.
            if round > 0 {
                shown.rounds.push(seen);
            } else if shown.server.name == peers::EDNM {
                shown.server.warmed = seen.took.len();
            }
        }
    }
    let ours = tell(&mut all);
    durable(&all);
    aims(ours, &all);
}

/// Ours: every delivery is verified, journalled with a sync of the disk, and decided.
fn listener() -> Result<Server, String> {
    let nodes = (0..SENDERS).map(|n| format!("[nodes.S{n}]\nsecret = \"{}\"\n", secret(n)));
    let topology = format!(
        "[lab]\nname = \"bench\"\n[defaults.node]\nusername = \"admin\"\npassword = \"admin\"\n{}",
        nodes.collect::<String>()
    );
    let rules = "[[sources]]\npath = \"/events\"\nauth = [\"standard-webhooks\"]\n\
                 rate = \"1000000/s\"\n[[rules]]\nname = \"down\"\n\
                 when = 'event.name == \"InterfaceDown\"'\n[[rules.actions]]\n\
                 show = [\"show interfaces {{ event.data.interface | interface }}\"]\n";
    peers::listener(peers::EDNM, &topology, rules, &[])
}

/// A secret of one's own for each sender.
fn secret(sender: u64) -> String {
    let last = char::from(b'A' + u8::try_from(sender).unwrap());
    format!("{}{last}", &SECRET[..SECRET.len() - 1])
}

fn body(number: u64) -> Vec<u8> {
    let head = format!(
        "{{\"event\": \"Reading\", \"interface\": \"GigabitEthernet{}\", \"number\": {number}, \
         \"pad\": \"",
        number % 4
    );
    let pad = "x".repeat(BODY_BYTES - head.len() - 2);
    format!("{head}{pad}\"}}").into_bytes()
}

fn by_standard(number: u64) -> Vec<u8> {
    let body = body(number);
    let secret = webhook::standard::Secret::parse(&secret(number % SENDERS)).unwrap();
    let id = format!("msg_{number}");
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_secs();
    let signature = webhook::standard::sign(&secret, &id, now, &body);
    request(
        "/events",
        &format!(
            "webhook-id: {id}\r\nwebhook-timestamp: {now}\r\nwebhook-signature: {signature}\r\n"
        ),
        &body,
    )
}

fn by_github(number: u64) -> Vec<u8> {
    let body = body(number);
    let secret = webhook::github::Secret::new(SECRET).unwrap();
    let signature = webhook::github::sign(&secret, &body);
    request("/hooks/events", &format!("x-hub-signature-256: {signature}\r\n"), &body)
}

pub(crate) fn request(path: &str, headers: &str, body: &[u8]) -> Vec<u8> {
    let mut request = format!(
        "POST {path} HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\n\
         content-length: {}\r\n{headers}\r\n",
        body.len()
    )
    .into_bytes();
    request.extend_from_slice(body);
    request
}

/// What `webhook` of Debian checks its requests with.
pub(crate) fn shared_secret() -> &'static str {
    SECRET
}

/// Prints each; gives our rate.
fn tell(all: &mut [Shown]) -> f64 {
    let mut ours = f64::NAN;
    for Shown { server, rounds } in all {
        let rate = median(rounds.iter().map(Round::per_second).collect());
        let p50 = median(rounds.iter_mut().map(|round| round.percentile(50)).collect());
        let p99 = median(rounds.iter_mut().map(|round| round.percentile(99)).collect());
        let beside = match server.name == peers::EDNM {
            true => {
                ours = rate;
                String::new()
            }
            false => format!("  (ednm: {:.2} times)", ours / rate),
        };
        println!("  {}: {rate:.0}/s, p50 {p50:.1} ms, p99 {p99:.1} ms{beside}", server.name);
        let other = rounds.iter().flat_map(|round| &round.other);
        for (status, count) in other {
            println!("    {count} answers of {status} in one round");
        }
    }
    ours
}

/// What was accepted is in the journal, and nothing else.
fn durable(all: &[Shown]) {
    let Some(ours) = all.iter().find(|shown| shown.server.name == peers::EDNM) else { return };
    let accepted = ours.rounds.iter().map(|round| round.took.len()).sum::<usize>();
    let accepted = accepted + ours.server.warmed;
    println!("  journal: {} events of {accepted} that were accepted", ours.server.journalled());
    assert!(ours.server.journalled() >= accepted, "an accepted event is not in the journal");
}

fn aims(ours: f64, all: &[Shown]) {
    for (name, aim) in AIMS {
        let Some(peer) = all.iter().find(|shown| shown.server.name == name) else { continue };
        let rate = median(peer.rounds.iter().map(Round::per_second).collect());
        let word = if ours >= aim * rate { "met" } else { "missed" };
        println!("  aim {word}: {aim} times {name}");
    }
}
