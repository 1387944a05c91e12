//! What a request must look like, and what of it an event has.

use serde_json::{Value, json};
use simtime::Time;

use super::*;
use crate::testkit::{Request, Rig, config};

const NOW: Time = Time::VIRTUAL_START;

/// Sources of one path and of several methods.
const DEVICES: &str = r#"
[[sources]]
path = "/device/{host}"
method = "GET"
name = "DeviceState"
unauthenticated = "loopback"
[[sources]]
path = "/device/info"
method = "GET"
name = "Info"
auth = ["basic"]
[[sources]]
path = "/device/{host}"
unauthenticated = "loopback"
empty-body = true
name = "DeviceCommand"
"#;

/// The event of a request, or `status detail`.
pub(super) fn event(config: &Config, request: &Request) -> Result<Event, String> {
    let delivery = request.delivery(1);
    authenticate(config, &mut Rates::default(), NOW, &delivery)
        .and_then(|sender| check(config, NOW, &delivery, &sender.verification))
        .map(|checked| checked.event)
        .map_err(|refusal| format!("{} {}", refusal.status, refusal.detail))
}

/// Goal: method and path choose the source, and a request without a body is an event where there is
/// nothing to say. Method: a table.
#[test]
fn method_and_path_choose_the_source() {
    let config = config(DEVICES);
    let posted = |path: &str, body: &str| Request { path: path.into(), ..Request::new(body) };
    let table = [
        (Request::bare("GET", "/device/R1"), "DeviceState {\"host\":\"R1\"} {}"),
        (Request::bare("HEAD", "/device/R1"), "DeviceState {\"host\":\"R1\"} {}"),
        (
            Request::bare("GET", "/device/a%2Fb?x=1&y=a+b"),
            "DeviceState {\"host\":\"a/b\",\"x\":\"1\",\"y\":\"a b\"} {}",
        ),
        (Request::bare("GET", "/device/info"), "401 this source needs a credential"),
        (Request::bare("POST", "/device/R1"), "DeviceCommand {\"host\":\"R1\"} {}"),
        (
            posted("/device/R1", "{\"command\": \"x\"}"),
            "DeviceCommand {\"host\":\"R1\"} {\"command\":\"x\"}",
        ),
        (posted("/device/R1", "{\"event\": \"Own\"}"), "Own {\"host\":\"R1\"} {\"event\":\"Own\"}"),
        (Request::bare("PUT", "/device/R1"), "405 `/device/R1` takes GET, HEAD, POST alone"),
        (Request::bare("GET", "/device"), "404 nothing is received at `/device`"),
        (Request::bare("GET", "/device/%ff"), "400 the path is no UTF-8"),
        (Request::bare("GET", "/device/R1?x=%ff"), "400 the query: it is no UTF-8"),
        (Request::bare("GET", "/device/R1?x=1&x=2"), "400 the parameter `x` comes twice"),
        (Request::bare("GET", "/device/R1?host=R2"), "400 the parameter `host` comes twice"),
    ];
    for (request, want) in table {
        let got = event(&config, &request).map(|event| {
            let values = [event.params, event.data].map(Value::Object);
            format!("{} {} {}", event.name, values[0], values[1])
        });
        assert_eq!(got.unwrap_or_else(|refusal| refusal), want, "{request:?}");
    }
}

/// Goal: a 405 says what is allowed (RFC 9110, section 15.5.6).
#[test]
fn what_is_allowed_is_said() {
    let config = config(DEVICES);
    let request = Request::bare("DELETE", "/device/R1");
    let refusal = authenticate(&config, &mut Rates::default(), NOW, &request.delivery(1));
    let reply = refusal.expect_err("no such method").reply(DeliveryId(1));
    assert_eq!(reply.status, 405);
    assert!(reply.headers.contains(&("allow".into(), "GET, HEAD, POST".to_owned())), "{reply:?}");
}

/// Goal: an event says what was asked, by whom and from where, and no secret of it. Method: one
/// request with a secret in every place, and the journal's own copy.
#[test]
fn an_event_says_how_it_came() {
    let mut rig = Rig::new(DEVICES);
    // `r2:password-of-r2`
    let basic = "Basic cjI6cGFzc3dvcmQtb2YtcjI=";
    let path = "/device/info?username=ann&password=of-the-query&note=token-of-r2";
    let request = Request::bare("GET", path).header("authorization", basic);
    let (status, id) = rig.status(&request);
    assert_eq!(status, 202, "{id}");
    let story = serde_json::to_value(rig.story(&id)).expect("JSON");
    let event = &story["event"];
    let of = |key: &str| event[key].clone();
    assert_eq!(of("source"), "/device/info");
    assert_eq!(of("method"), "GET");
    assert_eq!(of("path"), "/device/info");
    assert_eq!(of("sender"), "r2");
    assert_eq!(of("peer"), "127.0.0.1");
    assert_eq!(of("bytes"), 0);
    assert_eq!(of("normalized_from"), Value::Null);
    let redacted = "[redacted]";
    assert_eq!(of("params"), json!({"username": "ann", "password": redacted, "note": redacted}));
}

/// Goal: what path and query say tells requests apart, as a body does. Method: one id, several
/// requests.
#[test]
fn path_and_query_tell_requests_apart() {
    let mut rig = Rig::new(DEVICES);
    let mut status = |method: &str, path: &str| {
        rig.status(&Request::bare(method, path).header("webhook-id", "1")).0
    };
    assert_eq!(status("GET", "/device/R1"), 202);
    assert_eq!(status("GET", "/device/R1"), 200);
    assert_eq!(status("HEAD", "/device/R1"), 200);
    assert_eq!(status("GET", "/device/R2"), 409);
    assert_eq!(status("GET", "/device/R1?a=1"), 409);
    assert_eq!(status("POST", "/device/R1"), 202, "another source");
}

/// Goal: `rate-by` says whose bucket it is, `burst` how deep it is. Method: two credentials of one
/// address.
#[test]
fn an_address_has_a_bucket_of_its_own() {
    let source = "[[sources]]\npath = \"/events\"\nauth = [\"bearer\"]\nrate = \"1/m\"\n";
    let statuses = |more: &str| {
        let mut rig = Rig::new(&format!("{source}{more}"));
        let tokens = ["token-of-r1", "token-of-r1", "token-of-r2", "token-of-r2"];
        let request = |token| Request::new("{\"event\": \"X\"}").token(token);
        tokens.map(|token| rig.status(&request(token)).0)
    };
    assert_eq!(statuses(""), [202, 429, 202, 429]);
    assert_eq!(statuses("rate-by = \"address\""), [202, 429, 429, 429]);
    assert_eq!(statuses("rate-by = \"address\"\nburst = 3"), [202, 202, 202, 429]);
    assert_eq!(statuses("burst = 2"), [202, 202, 202, 202]);
}
