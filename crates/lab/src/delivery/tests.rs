//! The sender through its own door: requests in, posts and outcomes out.

use std::collections::BTreeMap;

use iosxe::{HttpFailure, HttpForm, HttpOutcome, HttpRequest, RequestId};
use simtime::{Duration, Rng, Time};
use webhook::{github, standard};

use super::*;

const SECRET: &str = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
const NOW: Time = Time::VIRTUAL_START;

fn sender(seed: u64, prefix: &str) -> Sender {
    let root = Rng::from_seed(seed);
    let mut sender = Sender::new(&["http://10.0.0.9/".to_owned()], None);
    let credential = Credential {
        prefix: prefix.parse().ok(),
        token: Some("mySecretToken".into()),
        secret: standard::Secret::parse(SECRET).ok(),
        basic: Some("r1:myPassword".into()),
        hmac_secret: github::Secret::new("myHmacSecret").ok(),
    };
    sender.add("R1".into(), credential, (root.child("R1"), root.child("R1")));
    sender
}

fn request(form: HttpForm, url: &str, headers: &[(&str, &str)]) -> HttpRequest {
    let owned = headers.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
    HttpRequest {
        request: RequestId(7),
        form,
        method: "POST".to_owned(),
        url: url.to_owned(),
        headers: owned.collect(),
        body: b"{\"event\": \"InterfaceDown\"}".to_vec(),
        trust: iosxe::HttpTrust::Lab,
        timeout: Duration::from_secs(3),
        trace: "4bf92f3577b34da6a3ce929d0e0e4736".parse().ok(),
    }
}

fn post(effects: &[Effect]) -> &Post {
    let mut posts = effects.iter().filter_map(|effect| match effect {
        Effect::Post(post) => Some(post),
        _ => None,
    });
    posts.next_back().expect("a post among the effects")
}

fn headers(post: &Post) -> BTreeMap<&str, &str> {
    post.headers.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect()
}

fn answer(status: u16, body: &str) -> HttpOutcome {
    HttpOutcome::Answered { status, headers: Vec::new(), body: body.as_bytes().to_vec() }
}

/// Goal: a handed-over form gets what the contract lists, with a signature that verifies, and its
/// bytes stay as they were. Method: one delivery, verified as a receiver would.
#[test]
fn a_form_gets_the_sender_s_headers() {
    let mut sender = sender(1, "http://127.0.0.1:8000/");
    let asked = request(HttpForm::SendData, "http://127.0.0.1:8000/events", &[]);
    let body = asked.body.clone();
    let effects = sender.submit(NOW, NodeId(0), asked);
    let sent = post(&effects);
    let given = headers(sent);
    assert_eq!(sent.body, body);
    assert_eq!(given["content-type"], "application/json");
    assert_eq!(given["authorization"], "Bearer mySecretToken");
    assert_eq!(given["x-ednm-device"], "R1");
    assert!(given["traceparent"].starts_with("00-4bf92f3577b34da6a3ce929d0e0e4736-"));
    let signed = standard::Signed {
        id: given["webhook-id"],
        timestamp: given["webhook-timestamp"],
        signature: given["webhook-signature"],
    };
    let secret = standard::Secret::parse(SECRET).expect("the standard's own");
    assert_eq!(standard::verify(&secret, signed, &body, NOW), Ok(()));
    let secret = github::Secret::new("myHmacSecret").expect("not empty");
    assert!(github::verify(&secret, given["x-hub-signature-256"], &body));
}

/// Goal: a node without a token shows its pair. Method: the header of RFC 7617.
#[test]
fn a_pair_goes_where_a_token_would() {
    let mut sender = sender(1, "http://127.0.0.1:8000/");
    sender.nodes[0].credential.token = None;
    let asked = request(HttpForm::SendData, "http://127.0.0.1:8000/events", &[]);
    let effects = sender.submit(NOW, NodeId(0), asked);
    assert_eq!(headers(post(&effects))["authorization"], "Basic cjE6bXlQYXNzd29yZA==");
    let elsewhere = request(HttpForm::SendData, "http://10.0.0.9/", &[]);
    let effects = sender.submit(NOW, NodeId(0), elsewhere);
    let given = headers(post(&effects));
    assert!(!given.contains_key("authorization") && !given.contains_key("x-hub-signature-256"));
}

/// Goal: what the applet gave is not given twice. Method: its own content type and token.
#[test]
fn a_form_s_own_headers_win() {
    let own = [("Content-Type", "text/plain"), ("Authorization", "Bearer other")];
    let mut sender = sender(1, "http://127.0.0.1:8000/");
    let asked = request(HttpForm::HttpPost, "http://127.0.0.1:8000/", &own);
    let effects = sender.submit(NOW, NodeId(0), asked);
    let names: Vec<String> =
        post(&effects).headers.iter().map(|(name, _)| name.to_lowercase()).collect();
    assert_eq!(names.iter().filter(|name| *name == "content-type").count(), 1);
    assert_eq!(names.iter().filter(|name| *name == "authorization").count(), 1);
}

/// Goal: token and signature leave for their prefix alone. Method: URLs near it and far from it.
#[test]
fn credentials_stay_under_their_prefix() {
    let table = [
        ("http://127.0.0.1:8000/events", "http://127.0.0.1:8000/events", true),
        ("http://127.0.0.1:8000/events", "http://127.0.0.1:8000/other", false),
        ("http://127.0.0.1:8000/", "http://127.0.0.1:8001/", false),
        ("http://127.0.0.1:8000/", "http://localhost:8000/", false),
        ("http://127.0.0.1:8000/", "http://10.0.0.9/", false),
        ("no prefix", "http://127.0.0.1:8000/", false),
    ];
    for (prefix, url, want) in table {
        let asked = request(HttpForm::SendData, url, &[]);
        let effects = sender(1, prefix).submit(NOW, NodeId(0), asked);
        let given = headers(post(&effects));
        assert_eq!(given.contains_key("authorization"), want, "{prefix} {url}");
        assert_eq!(given.contains_key("webhook-signature"), want, "{prefix} {url}");
    }
}

/// Goal: a failed try is made again with the same id and body and a new signature, until it is
/// taken. Method: refused, 503, 202.
#[test]
fn a_delivery_is_tried_until_it_is_taken() {
    let mut sender = sender(1, "http://127.0.0.1:8000/");
    let asked = request(HttpForm::SendData, "http://127.0.0.1:8000/events", &[]);
    let mut now = NOW;
    let mut effects = sender.submit(now, NodeId(0), asked);
    let mut seen = Vec::new();
    let refused = HttpOutcome::Failed(HttpFailure::Refused);
    let outcomes = [refused, answer(503, ""), answer(202, r#"{"id":"evt_1"}"#)];
    for outcome in outcomes {
        let sent = post(&effects);
        let given = headers(sent);
        seen.push((given["webhook-id"].to_owned(), given["webhook-signature"].to_owned()));
        effects = sender.answered(now, sent.post, outcome);
        if let Some(Effect::RetryAt { at, delivery, .. }) = effects.last() {
            assert!(*at > now);
            now = *at + Duration::from_secs(1);
            effects = sender.retry(now, *delivery);
        }
    }
    let ids: Vec<&String> = seen.iter().map(|(id, _)| id).collect();
    assert!(ids.iter().all(|id| *id == ids[0]), "{seen:?}");
    assert_ne!(seen[0].1, seen[1].1, "the signature covers the time");
    let ended = |effect: &Effect| {
        matches!(effect, Effect::Done { request: RequestId(7), outcome, .. }
            if matches!(outcome, HttpOutcome::Answered { status: 202, .. }))
    };
    assert!(effects.iter().any(ended), "{effects:?}");
    let named = |effect: &Effect| {
        matches!(effect, Effect::Fact { kind: Kind::WebhookAnswered { event, attempt: 3, .. }, .. }
            if event.as_deref() == Some("evt_1"))
    };
    assert!(effects.iter().any(named), "{effects:?}");
}

/// Goal: an emulated curl goes out once, exactly as it is. Method: one that is refused.
#[test]
fn a_curl_goes_out_once_as_it_is() {
    let own = [("User-Agent", "curl/8.5.0"), ("Accept", "*/*")];
    let mut sender = sender(1, "http://127.0.0.1:8000/");
    let asked = request(HttpForm::Curl, "http://127.0.0.1:8000/events", &own);
    let effects = sender.submit(NOW, NodeId(0), asked.clone());
    let sent = post(&effects);
    assert_eq!((&sent.headers, &sent.body), (&asked.headers, &asked.body));
    assert_eq!(sent.timeout, asked.timeout);
    let refused = HttpOutcome::Failed(HttpFailure::Refused);
    let effects = sender.answered(NOW, sent.post, refused);
    assert!(matches!(effects.last(), Some(Effect::Done { .. })), "{effects:?}");
}

/// Goal: what may not leave ends at once, with an outcome for the router. Method: a foreign URL, a
/// header with a line break, one delivery too many.
#[test]
fn what_may_not_leave_ends_at_once() {
    let check = |sender: &mut Sender, asked: HttpRequest, want: HttpFailure| {
        let effects = sender.submit(NOW, NodeId(0), asked);
        assert!(effects.iter().all(|effect| !matches!(effect, Effect::Post(_))), "{effects:?}");
        let outcome = HttpOutcome::Failed(want);
        let done = Effect::Done { node: NodeId(0), request: RequestId(7), outcome };
        assert_eq!(effects.last(), Some(&done));
    };
    let mut sender = sender(1, "http://127.0.0.1:8000/");
    let foreign = request(HttpForm::SendData, "http://192.0.2.1/", &[]);
    check(&mut sender, foreign, HttpFailure::NotAllowed);
    let split = [("X-A", "b\r\nX-Evil: c")];
    let split = request(HttpForm::Curl, "http://127.0.0.1:8000/", &split);
    check(&mut sender, split, HttpFailure::Broken);
    let local = request(HttpForm::Curl, "http://127.0.0.1:8000/", &[]);
    for _ in 0..PENDING_MAX {
        let effects = sender.submit(NOW, NodeId(0), local.clone());
        assert!(matches!(effects.last(), Some(Effect::Post(_))));
    }
    check(&mut sender, local, HttpFailure::Broken);
}

/// Goal: ids come from the seed, and no two are alike. Method: two senders of one seed, one of
/// another.
#[test]
fn ids_come_from_the_seed() {
    let ids = |seed| {
        let mut sender = sender(seed, "http://127.0.0.1:8000/");
        let mut next = || {
            let asked = request(HttpForm::SendData, "http://127.0.0.1:8000/", &[]);
            let effects = sender.submit(NOW, NodeId(0), asked);
            headers(post(&effects))["webhook-id"].to_owned()
        };
        (next(), next())
    };
    assert_eq!(ids(1), ids(1));
    assert_ne!(ids(1), ids(2));
    assert_ne!(ids(1).0, ids(1).1);
}

/// Goal: nothing that is printed shows a credential. Method: the `Debug` of the sender and of
/// what it sends.
#[test]
fn debug_shows_no_credential() {
    let mut sender = sender(1, "http://127.0.0.1:8000/");
    let asked = request(HttpForm::SendData, "http://127.0.0.1:8000/events", &[]);
    let effects = sender.submit(NOW, NodeId(0), asked);
    assert!(headers(post(&effects)).contains_key("authorization"));
    let printed = format!("{sender:?} {effects:?}");
    assert!(
        !["mySecretToken", "MfKQ9", "myPassword", "cjE6", "myHmac"]
            .iter()
            .any(|secret| printed.contains(secret)),
        "{printed}"
    );
}

/// Goal: `--webhook` moves the course's forms, and allows no curl what it did not allow before.
/// Method: one of each to an address that only the flag allows.
#[test]
fn the_webhook_flag_moves_the_forms_and_no_curl() {
    let webhook: Url = "http://10.0.0.8/hook".parse().expect("a URL");
    let mut sender = Sender::new(&[], Some(webhook));
    let root = Rng::from_seed(1);
    let credential =
        Credential { prefix: None, token: None, secret: None, basic: None, hmac_secret: None };
    sender.add("R1".into(), credential, (root.child("a"), root.child("b")));
    let form = request(HttpForm::SendData, "http://192.0.2.1/events", &[]);
    assert_eq!(post(&sender.submit(NOW, NodeId(0), form)).url, "http://10.0.0.8/hook");
    let curl = request(HttpForm::Curl, "http://192.0.2.1/events", &[]);
    let effects = sender.submit(NOW, NodeId(0), curl);
    assert!(effects.iter().all(|effect| !matches!(effect, Effect::Post(_))), "{effects:?}");
}
