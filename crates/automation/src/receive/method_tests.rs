//! Every way to prove who one is: alone, beside others, with the new secret and with the old one.

use simtime::Time;
use webhook::{basic, github, standard};

use super::*;
use crate::testkit::{LISTENER, Request, config};

const NOW: Time = Time::VIRTUAL_START;
const BODY: &str = r#"{"event": "X"}"#;
const NEW: &str = "whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD";
const OLD: &str = "whsec_b2xkIHNlY3JldCBvZiByb3V0ZXIgMiEh";
const NOT_ASKED: &str = "401 this source accepts no credential of the kind that was shown";

/// A listener.toml whose one source accepts these methods, and claims from loopback.
fn accepting(methods: &str) -> String {
    let methods = format!("[{methods}]");
    LISTENER.replace("[\"bearer\", \"standard-webhooks\"]", &methods)
}

/// `holder methods`, or `status detail`.
fn outcome(listener: &str, request: &Request) -> String {
    let config = config(listener);
    let sender = authenticate(&config, &mut Rates::default(), NOW, &request.delivery(1));
    match sender {
        Ok(Authenticated { verification, .. }) => {
            let methods: Vec<String> = verification.methods.iter().map(Method::to_string).collect();
            format!("{:?} {}", verification.credential, methods.join("+"))
        }
        Err(refusal) => format!("{} {}", refusal.status, refusal.detail),
    }
}

fn pair(text: &str) -> Request {
    Request::new(BODY).header("authorization", &basic::authorization(text))
}

fn hub(secret: &str) -> Request {
    let secret = github::Secret::new(secret).expect("not empty");
    let signature = github::sign(&secret, BODY.as_bytes());
    Request::new(BODY).header("x-hub-signature-256", &signature)
}

fn signed(request: Request, secret: &str) -> Request {
    let secret = standard::Secret::parse(secret).expect("a secret");
    let signature = standard::sign(&secret, "msg_1", NOW.as_secs(), &request.body);
    let request = request.header("webhook-id", "msg_1").header("webhook-signature", &signature);
    request.header("webhook-timestamp", &NOW.as_secs().to_string())
}

fn in_header(token: &str) -> Request {
    Request::new(BODY).header("x-gitlab-token", token)
}

fn r2(methods: &str) -> String {
    format!("Some(Node(\"R2\")) {methods}")
}

/// Goal: each method holds with the new secret and with the old one, and with nothing near them.
/// Method: a table for each.
#[test]
fn every_method_takes_both_of_a_rotation() {
    let bearer = |token: &str| Request::new(BODY).token(token);
    let standard = |secret| signed(Request::new(BODY), secret);
    let table = [
        ("\"bearer\"", bearer("token-of-r2"), "bearer"),
        ("\"bearer\"", bearer("old-token-of-r2"), "bearer"),
        ("\"basic\"", pair("r2:password-of-r2"), "basic"),
        ("\"basic\"", pair("r2:old-password-of-r2"), "basic"),
        ("\"github\"", hub("hmac-of-r2"), "github"),
        ("\"github\"", hub("old-hmac-of-r2"), "github"),
        ("\"standard-webhooks\"", standard(NEW), "standard-webhooks"),
        ("\"standard-webhooks\"", standard(OLD), "standard-webhooks"),
        ("\"header:X-Gitlab-Token\"", in_header("token-of-r2"), "header:x-gitlab-token"),
        ("\"header:X-Gitlab-Token\"", in_header("old-token-of-r2"), "header:x-gitlab-token"),
    ];
    for (method, request, want) in &table {
        assert_eq!(outcome(&accepting(method), request), r2(want), "{request:?}");
    }
    for (method, wrong) in [
        ("\"basic\"", pair("r2:token-of-r2")),
        ("\"basic\"", pair("r2")),
        ("\"basic\"", pair("R2:password-of-r2")),
        ("\"basic\"", Request::new(BODY).header("authorization", "Basic r2:password-of-r2")),
        ("\"basic\"", Request::new(BODY).token("token-of-r2")),
        ("\"bearer\"", pair("r2:password-of-r2")),
        ("\"bearer\", \"basic\"", Request::new(BODY).header("authorization", "Digest x=y")),
        ("\"github\"", hub("hmac-of-r")),
        ("\"github\"", Request::new(BODY).header("x-hub-signature-256", "")),
        ("\"github\"", Request { body: b"{}".to_vec(), ..hub("hmac-of-r2") }),
        ("\"header:X-Gitlab-Token\"", in_header("Bearer token-of-r2")),
        ("\"header:X-Gitlab-Token\"", in_header("")),
        ("\"header:X-Gitlab-Token\"", in_header("token-of-r2").header("x-gitlab-token", "x")),
    ] {
        let got = outcome(&accepting(method), &wrong);
        assert!(got.starts_with("401 ") && got != NOT_ASKED, "{method} {wrong:?}: {got}");
    }
}

/// Goal: a good signature holds among bad ones, and a flipped bit in it or in the body does not.
#[test]
fn one_bit_of_a_hub_signature_decides() {
    let github = accepting("\"github\"");
    let good = hub("hmac-of-r2").headers.remove(1).1;
    let with = |value: &str| Request::new(BODY).header("x-hub-signature-256", value);
    let bad = format!("sha256={}", "0".repeat(64));
    assert_eq!(outcome(&github, &with(&format!("{bad},{good}"))), r2("github"));
    let last = if good.ends_with('0') { '1' } else { '0' };
    let flipped = format!("{}{last}", &good[..good.len() - 1]);
    assert_eq!(outcome(&github, &with(&flipped)), "401 the `sha256` signature does not hold");
    let body = Request { body: BODY.replace('X', "Y").into_bytes(), ..with(&good) };
    assert_eq!(outcome(&github, &body), "401 the `sha256` signature does not hold");
    let legacy = Request::new(BODY).header("x-hub-signature", "sha1=00");
    assert_eq!(outcome(&github, &legacy), "None ", "the legacy header is not looked at");
}

/// Goal: what is shown and accepted must hold, all of it for one sender. Method: two at a time.
#[test]
fn all_that_is_shown_must_hold() {
    let all = "\"bearer\", \"basic\", \"github\", \"standard-webhooks\", \"header:X-Gitlab-Token\"";
    let all = accepting(all);
    let both = signed(hub("hmac-of-r2"), NEW).token("token-of-r2");
    let both = both.header("x-gitlab-token", "old-token-of-r2");
    let want = r2("bearer+header:x-gitlab-token+github+standard-webhooks");
    assert_eq!(outcome(&all, &both), want);
    let differ = "401 the credentials belong to different senders";
    let table = [
        (hub("hmac-of-r2").token("token-of-r1"), differ),
        (in_header("token-of-r1").token("token-of-r2"), differ),
        (signed(pair("r2:password-of-r2"), "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"), differ),
        (hub("hmac-of-r2").token("wrong"), "401 the bearer token does not hold"),
        (hub("wrong").token("token-of-r2"), "401 the `sha256` signature does not hold"),
        (
            in_header("wrong").token("token-of-r2"),
            "401 the token in `x-gitlab-token` does not hold",
        ),
        (pair("r2:wrong"), "401 the user or its password does not hold"),
    ];
    for (request, want) in table {
        assert_eq!(outcome(&all, &request), want, "{request:?}");
    }
}

/// Goal: a credential that this source does not ask for is no claim without one, and harms nothing
/// beside one that it asks for; so is the token header of another source.
#[test]
fn kinds_that_are_not_asked_for_prove_nothing() {
    let other = "[[sources]]\npath = \"/lab\"\nauth = [\"header:X-Gitlab-Token\"]\n[[rules]]";
    let bearer = accepting("\"bearer\"").replacen("[[rules]]", other, 1);
    for alone in [hub("hmac-of-r2"), signed(Request::new(BODY), NEW), in_header("token-of-r2")] {
        assert_eq!(outcome(&bearer, &alone), NOT_ASKED, "{alone:?}");
        assert_eq!(outcome(&bearer, &alone.token("token-of-r2")), r2("bearer"));
    }
    let github = accepting("\"github\"");
    assert_eq!(outcome(&github, &pair("r2:password-of-r2")), NOT_ASKED);
    assert_eq!(outcome(&github, &in_header("token-of-r2")), "None ", "nobody calls it a token");
}

/// Goal: a 401 asks for what the source accepts. Method: a table.
#[test]
fn a_401_says_how() {
    let table = [
        ("\"bearer\"", "Bearer"),
        ("\"basic\"", "Basic realm=\"listener\", charset=\"UTF-8\""),
        ("\"github\"", "Webhook header=\"x-hub-signature-256\""),
        ("\"bearer\", \"header:X-API-Key\"", "Bearer, Webhook header=\"x-api-key\""),
        ("", "Webhook"),
    ];
    for (methods, want) in table {
        let config = config(&accepting(methods));
        let request = hub("wrong").token("wrong");
        let refusal = authenticate(&config, &mut Rates::default(), NOW, &request.delivery(1));
        let reply = refusal.expect_err("a wrong credential").reply(DeliveryId(1));
        assert_eq!(reply.status, 401);
        let shown = reply.headers.iter().find(|(name, _)| *name == "www-authenticate");
        assert_eq!(shown.map(|(_, value)| value.as_str()), Some(want), "{methods}");
    }
}

/// Goal: what only a signature in GitHub's form vouches for and is no event is a bad request, as
/// malformed bodies are; for all others it is 422. Method: the published bodies.
#[test]
fn foreign_bodies_are_bad_requests() {
    let both = accepting("\"github\", \"bearer\"");
    let status = |body: &str, token: bool| {
        let secret = github::Secret::new("hmac-of-r2").expect("not empty");
        let signature = github::sign(&secret, body.as_bytes());
        let mut request = Request::new(body).header("x-hub-signature-256", &signature);
        if token {
            request = request.token("token-of-r2");
        }
        let config = config(&both);
        let delivery = request.delivery(1);
        let sender = authenticate(&config, &mut Rates::default(), NOW, &delivery);
        let sender = sender.expect("a good signature");
        check(&config, NOW, &delivery, &sender.verification).map_or_else(|e| e.status, |_| 202)
    };
    for (body, alone, beside) in [
        ("Hello, World!", 400, 400),
        (r#"{"a": "z"}"#, 400, 422),
        ("", 400, 400),
        (r#"{"event": 5}"#, 422, 422),
        (BODY, 202, 202),
    ] {
        assert_eq!((status(body, false), status(body, true)), (alone, beside), "{body}");
    }
}
