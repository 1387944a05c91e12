//! Who may send what, about which device: the table of the contract, and hostile requests.

use proptest::prelude::*;
use simtime::{Duration, Time};
use webhook::standard;

use super::*;
use crate::testkit::{LISTENER, Request, config};

const SECRET: &str = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
const NOW: Time = Time::VIRTUAL_START;
const DOWN: &str = r#"{"event": "InterfaceDown", "interface": "GigabitEthernet1"}"#;

/// `device device_from name`, or `status detail`.
fn outcome(listener: &str, request: &Request) -> String {
    let config = config(listener);
    let delivery = request.delivery(1);
    let checked = authenticate(&config, &mut Rates::default(), NOW, &delivery)
        .and_then(|sender| check(&config, NOW, &delivery, &sender.verification));
    match checked {
        Ok(checked) => {
            let event = checked.event;
            let device = event.device.as_deref().unwrap_or("-").to_owned();
            format!("{device} {} {}", event.device_from, event.name)
        }
        Err(refusal) => format!("{} {}", refusal.status, refusal.detail),
    }
}

fn naming(device: &str) -> Request {
    Request::new(&format!(r#"{{"event": "X", "device": "{device}"}}"#))
}

/// Signed as R1 does, `age` seconds ago.
fn signed(request: Request, id: &str, age: u64) -> Request {
    let secret = standard::Secret::parse(SECRET).expect("a published secret");
    let timestamp = NOW.as_secs() - age;
    let signature = standard::sign(&secret, id, timestamp, &request.body);
    let request = request.header("webhook-id", id).header("webhook-signature", &signature);
    request.header("webhook-timestamp", &timestamp.to_string())
}

/// Goal: the credential names the device, and a body can only agree. Method: a table.
#[test]
fn the_credential_names_the_device() {
    let table = [
        (Request::new(DOWN).token("token-of-r1"), "R1 credential InterfaceDown"),
        (Request::new(DOWN).token("token-of-r2"), "R2 credential InterfaceDown"),
        (Request::new(DOWN).token("token-of-box"), "box credential InterfaceDown"),
        (naming("R1").token("token-of-r1"), "R1 credential X"),
        (naming("Router1").token("token-of-r1"), "R1 credential X"),
        (naming("stranger").token("token-of-r1"), "R1 credential X"),
        (naming("r1").token("token-of-r1"), "R1 credential X"),
        (naming("r2").token("token-of-r1"), "403 node `R1` may not speak for `r2`"),
        (naming("R2").token("token-of-r1"), "403 node `R1` may not speak for `R2`"),
        (naming("Router1").token("token-of-r2"), "403 node `R2` may not speak for `Router1`"),
        (
            Request::new(DOWN).token("token-of-r1").header("x-ednm-device", "R2"),
            "R1 credential InterfaceDown",
        ),
        (signed(naming("R1"), "msg_1", 0), "R1 credential X"),
        (signed(naming("R2"), "msg_1", 0), "403 node `R1` may not speak for `R2`"),
        (signed(naming("R1"), "msg_1", 0).token("token-of-r1"), "R1 credential X"),
    ];
    for (request, want) in table {
        assert_eq!(outcome(LISTENER, &request), want, "{request:?}");
    }
}

/// Goal: without a credential an event is a claim, from loopback alone. Method: a table.
#[test]
fn claims_come_from_loopback_alone() {
    let from = |peer: &str, local: bool| {
        let peer = peer.parse().expect("an address");
        Request { peer, local, ..naming("Router1") }
    };
    let need = "401 this source needs a credential";
    let table = [
        (naming("Router1"), "R1 claimed X"),
        (naming("box"), "box claimed X"),
        (naming("stranger"), "- unknown X"),
        (Request::new(DOWN), "- unknown InterfaceDown"),
        (Request::new(DOWN).header("x-ednm-device", "R2"), "R2 claimed InterfaceDown"),
        (naming("R1").header("x-ednm-device", "R2"), "R1 claimed X"),
        (from("::1", true), "R1 claimed X"),
        (from("::ffff:127.0.0.1", true), "R1 claimed X"),
        (from("127.0.0.1", false), need),
        (from("192.0.2.7", true), need),
    ];
    for (request, want) in table {
        assert_eq!(outcome(LISTENER, &request), want, "{request:?}");
    }
    let strict = LISTENER.replace("unauthenticated = \"loopback\"", "");
    assert_eq!(outcome(&strict, &naming("R1")), need);
}

/// Goal: a credential that was shown and fails is 401, never "none shown". Method: a table.
#[test]
fn a_wrong_credential_is_401() {
    let other = |name: &str, value: &str| {
        signed(naming("R1"), "msg_1", 0).without(name).header(name, value)
    };
    let table = [
        naming("R1").token("wrong"),
        naming("R1").token(""),
        naming("R1").token("token-of-r1 "[..11].trim_end_matches('1')),
        naming("R1").header("authorization", "Basic YWRtaW46YWRtaW4="),
        naming("R1").header("authorization", "token-of-r1"),
        naming("R1").token("token-of-r1").token("token-of-r1"),
        signed(naming("R1"), "msg_1", 301),
        signed(naming("R1"), "msg_1", 0).without("webhook-id"),
        signed(naming("R1"), "msg_1", 0).without("webhook-timestamp"),
        other("webhook-id", "msg_2"),
        other("webhook-timestamp", "1"),
        other("webhook-signature", "v1,"),
        other("webhook-signature", ""),
        Request { body: b"{}".to_vec(), ..signed(naming("R1"), "msg_1", 0) },
        signed(naming("R1"), "msg_1", 0).token("wrong"),
        naming("R1").token("token-of-r1").header("webhook-signature", "v1,AAAA"),
        signed(naming("R1"), "msg_1", 0).token("token-of-r2"),
    ];
    for request in table {
        let got = outcome(LISTENER, &request);
        assert!(got.starts_with("401 "), "{request:?}: {got}");
        let secret = ["token-of", "MfKQ9r8"].iter().any(|secret| got.contains(secret));
        assert!(!secret, "{got}");
    }
}

/// Goal: a credential of a kind that the source does not ask for proves nothing, harms nothing
/// beside one that it does, and is refused when it fails.
#[test]
fn only_the_asked_kinds_count() {
    let bearer = LISTENER.replace("[\"bearer\", \"standard-webhooks\"]", "[\"bearer\"]");
    let alone = signed(naming("R1"), "msg_1", 0);
    let want = "401 this source accepts no credential of the kind that was shown";
    assert_eq!(outcome(&bearer, &alone), want);
    assert_eq!(outcome(&bearer, &alone.token("token-of-r1")), "R1 credential X");
    let stale = signed(naming("R1"), "msg_1", 900).token("token-of-r1");
    assert_eq!(outcome(&bearer, &stale), "401 the signature is older than 300 s");
    let signature =
        LISTENER.replace("[\"bearer\", \"standard-webhooks\"]", "[\"standard-webhooks\"]");
    let guess = signed(naming("R1"), "msg_1", 0).token("a-guess");
    assert_eq!(outcome(&signature, &guess), "401 the Authorization header does not hold");
}

/// Goal: a relay speaks for others by word only. Method: `relay = true`, and an entry that is no
/// node.
#[test]
fn relays_speak_for_others() {
    let credentials = "[credentials.nms]\ntoken = \"nms-token\"\n";
    let closed = format!("{LISTENER}\n{credentials}");
    let open = closed.replace("unauthenticated =", "relay = true\nunauthenticated =");
    let nms = |device: &str| naming(device).token("nms-token");
    assert_eq!(outcome(&open, &nms("Router1")), "R1 relay X");
    assert_eq!(outcome(&open, &nms("stranger")), "- unknown X");
    assert_eq!(outcome(&open, &naming("R2").token("token-of-r1")), "R2 relay X");
    assert_eq!(outcome(&open, &naming("R1").token("token-of-r1")), "R1 credential X");
    assert_eq!(outcome(&open, &naming("R1")), "R1 claimed X");
    assert_eq!(outcome(&closed, &nms("R1")), "403 credential `nms` may not speak for `R1`");
    assert_eq!(outcome(&closed, &nms("stranger")), "- unknown X");
}

/// Goal: what is no event is refused with its status, cheapest check first. Method: a table.
#[test]
fn requests_that_are_no_events() {
    let kind = |kind: &str| Request::new(DOWN).without("content-type").header("content-type", kind);
    let body = |body: &str| Request::new(body);
    let path = Request { path: "/other".into(), ..body(DOWN) };
    let large = "x".repeat(crate::BODY_BYTES_DEFAULT + 1);
    let not = |kind: &str| format!("415 the Content-Type must be `application/json`, not {kind}");
    let plain = not("text/plain");
    let (near, nothing) = (not("application/jsonx"), not("nothing"));
    let table = [
        (path, "404 nothing is received at `/other`"),
        (body(&large).token("wrong"), "413 the body is larger than 1048576 bytes"),
        (body("{").token("wrong"), "401 the bearer token does not hold"),
        (kind("application/json; charset=utf-8"), "- unknown InterfaceDown"),
        (kind("Application/JSON"), "- unknown InterfaceDown"),
        (kind("application/cloudevents+json"), "- unknown InterfaceDown"),
        (kind("text/plain"), &plain),
        (kind("application/jsonx"), &near),
        (Request::new(DOWN).without("content-type"), &nothing),
        (
            kind("application/json").header("content-type", "text/plain"),
            "400 the header `content-type` comes twice",
        ),
        (body("{\"event\": }"), "400 malformed JSON at line 1 column 11: expected value"),
        (body("[]"), "400 the body must be a JSON object, not an array"),
        (body("{}"), "422 the body names no event: `event`, `event_type` or `type` is missing"),
        (
            body(DOWN).header("webhook-id", ""),
            "400 `webhook-id` must be 1 to 256 visible ASCII characters",
        ),
    ];
    for (request, want) in table {
        assert_eq!(outcome(LISTENER, &request), want);
    }
}

/// Goal: a refusal is a problem document that says how to do better.
#[test]
fn refusals_are_problem_documents() {
    let config = config(LISTENER);
    let request = naming("R1").token("wrong");
    let refusal = authenticate(&config, &mut Rates::default(), NOW, &request.delivery(9));
    let refusal = refusal.expect_err("a wrong token");
    let reply = refusal.reply(DeliveryId(9));
    assert_eq!(reply.status, 401);
    assert_eq!(
        String::from_utf8(reply.body).expect("JSON"),
        concat!(
            r#"{"type":"about:blank","title":"Unauthorized","status":401,"#,
            r#""detail":"the bearer token does not hold"}"#,
        ),
    );
    let header = |name: &str| {
        reply.headers.iter().find(|(known, _)| *known == name).map(|(_, value)| value.as_str())
    };
    assert_eq!(header("content-type"), Some("application/problem+json"));
    let challenge = "Bearer, Webhook header=\"webhook-signature\"";
    assert_eq!(header("www-authenticate"), Some(challenge));
}

proptest! {
    /// Goal: no request makes the door panic, and none without a credential passes from afar.
    /// Method: any headers of the names that count, any body.
    #[test]
    fn any_request_is_answered(
        headers in prop::collection::vec(
            (prop::sample::select(vec![
                "authorization", "webhook-id", "webhook-timestamp", "webhook-signature",
                "x-hub-signature-256", "x-gitlab-token",
                "content-type", "x-ednm-device", "traceparent",
            ]), prop_oneof![any::<String>(), Just("application/json".to_owned()),
                            Just("Bearer x".to_owned())]),
            0..6,
        ),
        body: Vec<u8>,
        far: bool,
    ) {
        let every = "[\"bearer\", \"basic\", \"github\", \"header:X-Gitlab-Token\", ";
        let config = config(&LISTENER.replace("[\"bearer\", ", every));
        let mut request = Request::new("");
        let headers = headers.into_iter().map(|(name, value)| (name.to_owned(), value));
        request.headers = headers.collect();
        request.body = body;
        request.local = !far;
        let delivery = request.delivery(1);
        let now = NOW + Duration::from_secs(1);
        let sender = authenticate(&config, &mut Rates::default(), now, &delivery);
        prop_assert!(!(far && sender.is_ok()));
        if let Ok(sender) = sender {
            let _ = check(&config, NOW, &delivery, &sender.verification);
        }
    }
}
