//! Repeats, replays and floods through the one value, over restarts too.

use simtime::{Duration, Time};
use webhook::{github, standard};

use crate::testkit::{LISTENER, Request, Rig};

const DOWN: &str = r#"{"event": "InterfaceDown", "interface": "GigabitEthernet1"}"#;
const OTHER: &str = r#"{"event": "InterfaceDown", "interface": "GigabitEthernet2"}"#;
const SECRET: &str = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
const SECOND_SOURCE: &str =
    "[[sources]]\npath = \"/other\"\nauth = [\"bearer\", \"standard-webhooks\"]\n[[rules]]";

fn two_sources() -> String {
    LISTENER.replacen("[[rules]]", SECOND_SOURCE, 1)
}

/// Signed as R1 does at `at`.
fn signed(body: &str, id: &str, at: Time) -> Request {
    let secret = standard::Secret::parse(SECRET).expect("a published secret");
    let signature = standard::sign(&secret, id, at.as_secs(), body.as_bytes());
    let request = Request::new(body).header("webhook-id", id);
    let request = request.header("webhook-timestamp", &at.as_secs().to_string());
    request.header("webhook-signature", &signature)
}

fn at(path: &str, request: Request) -> Request {
    Request { path: path.into(), ..request }
}

fn hub(body: &str) -> Request {
    let secret = github::Secret::new("hmac-of-r2").expect("not empty");
    let signature = github::sign(&secret, body.as_bytes());
    Request::new(body).header("x-hub-signature-256", &signature)
}

/// Goal: a captured signed delivery starts nothing, wherever and whenever it is sent again: on
/// another path, without its bearer token, after a restart, until its signature is stale. Method:
/// the same bytes, in all these ways.
#[test]
fn a_signed_delivery_counts_once() {
    let listener = two_sources();
    let mut rig = Rig::new(&listener);
    // The sender's clock is ahead by all that is tolerated: its signature lives longest.
    let stamp = rig.now + Duration::from_secs(300);
    let captured = signed(DOWN, "msg_1", stamp);
    let (status, first) = rig.status(&captured.clone().token("token-of-r1"));
    assert_eq!(status, 202);
    let again = |rig: &mut Rig, why: &str| {
        for path in ["/events", "/other"] {
            let request = at(path, captured.clone());
            assert_eq!(rig.status(&request), (200, first.clone()), "{path} {why}");
            let bent = at(path, signed(OTHER, "msg_1", stamp));
            assert_eq!(rig.status(&bent).0, 409, "{path} {why}");
        }
    };
    again(&mut rig, "at once");
    rig.restart(&listener);
    again(&mut rig, "after a restart");
    rig.settle(Duration::from_secs(5));
    rig.now = stamp + Duration::from_secs(300);
    again(&mut rig, "at the end of its life");
    rig.now = stamp + Duration::from_secs(301);
    assert_eq!(rig.status(&captured).0, 401, "its signature is stale");
    let jobs = rig.kinds(|kind| matches!(kind, fact::Kind::JobQueued { .. }).then_some(()));
    assert_eq!(jobs.len(), 1);
}

/// Goal: an id that nothing signs counts within one source and one sender. Method: a table.
#[test]
fn an_unsigned_id_counts_on_its_source() {
    let mut rig = Rig::new(&two_sources());
    let with = |token: &str| Request::new(DOWN).token(token).header("webhook-id", "a");
    assert_eq!(rig.status(&with("token-of-r1")).0, 202);
    assert_eq!(rig.status(&with("token-of-r1")).0, 200);
    assert_eq!(rig.status(&at("/other", with("token-of-r1"))).0, 202);
    assert_eq!(rig.status(&with("token-of-r2")).0, 202);
    assert_eq!(rig.status(&with("old-token-of-r2")).0, 200, "one sender, whichever his token");
}

/// Goal: repeats under a bare body signature are new events, unless the source says `dedup`; then
/// they start nothing for that span, over a restart too. Method: the same bytes at some instants.
#[test]
fn dedup_tells_repeats_by_their_body() {
    let plain = LISTENER.replace("\"bearer\", ", "\"github\", \"bearer\", ");
    let mut rig = Rig::new(&plain);
    assert_eq!(rig.status(&hub(DOWN)).0, 202);
    assert_eq!(rig.status(&hub(DOWN)).0, 202, "a bare signature says nothing of when");

    let dedup = plain.replace("path =", "dedup = \"10m\"\npath =");
    let mut rig = Rig::new(&dedup);
    let start = rig.now;
    let (status, first) = rig.status(&hub(DOWN));
    assert_eq!(status, 202);
    assert_eq!(rig.status(&hub(DOWN)), (200, first.clone()));
    assert_eq!(rig.status(&hub(OTHER)).0, 202);
    assert_eq!(rig.status(&Request::new(DOWN).token("token-of-r1")).0, 202, "another sender");
    rig.settle(Duration::from_secs(60));
    rig.restart(&dedup);
    rig.now = start + Duration::from_secs(600);
    assert_eq!(rig.status(&hub(DOWN)), (200, first));
    rig.now = start + Duration::from_secs(601);
    assert_eq!(rig.status(&hub(DOWN)).0, 202);
    rig.disk = false;
    assert_eq!(rig.status(&hub(r#"{"event": "Lost"}"#)).0, 503);
    rig.disk = true;
    assert_eq!(rig.status(&hub(r#"{"event": "Lost"}"#)).0, 202, "what was not kept is no repeat");
}

/// Goal: a flood is 429 with a wait that is true, before its body is parsed; a wrong credential
/// stays 401, and others are served. Method: 1/s, and its burst of two.
#[test]
fn a_flood_is_429() {
    let mut rig = Rig::new(&LISTENER.replace("path =", "rate = \"1/s\"\npath ="));
    let good = |id: &str| Request::new(DOWN).token("token-of-r1").header("webhook-id", id);
    assert_eq!(rig.status(&good("a")).0, 202);
    assert_eq!(rig.status(&good("a")).0, 200, "a repeat counts");
    let reply = rig.deliver(&good("b")).expect("at once");
    assert_eq!(reply.status, 429);
    assert_eq!(reply.headers[1], ("retry-after".into(), "1".to_owned()));
    let body = String::from_utf8(reply.body).expect("JSON");
    assert!(body.contains("Too Many Requests") && body.contains("takes 1/s of one sender"));
    let malformed = Request { body: b"{".to_vec(), ..good("b") };
    assert_eq!(rig.status(&malformed).0, 429);
    assert_eq!(rig.status(&Request::new(DOWN).token("wrong")).0, 401);
    assert_eq!(rig.status(&Request::new(DOWN).token("token-of-r2")).0, 202);
    assert_eq!(rig.status(&Request::new(DOWN)).0, 202, "nor does it take the share of strangers");
    rig.now += Duration::from_secs(1);
    assert_eq!(rig.status(&good("b")).0, 202);
    assert_eq!(rig.status(&good("c")).0, 429);
}
