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

/// One source with a schema of its body, and of path and query.
const COMMAND: &str = r#"
[[sources]]
path = "/device/{port}/command"
name = "DeviceCommand"
unauthenticated = "loopback"
[sources.schema]
type = "object"
required = ["command"]
properties = { command = { type = "string", pattern = "^show " }, timeout = { type = "integer" } }
[sources.params.properties]
port = { type = "integer", maximum = 65535 }
format = { enum = ["json", "text"], default = "json" }
"#;

/// Goal: what does not fit the schema is 422, with the fields in words and as pointers (RFC 9457,
/// RFC 6901). Method: a table, and one whole document.
#[test]
fn what_does_not_fit_is_422() {
    let config = config(COMMAND);
    let to = |path: &str, body: &str| Request { path: path.into(), ..Request::new(body) };
    let good = r#"{"command": "show clock"}"#;
    let table = [
        (to("/device/22/command", good), "22 \"json\""),
        (to("/device/22/command?format=text", good), "22 \"text\""),
        (to("/device/22/command", "{}"), "422 `command` is missing"),
        (to("/device/22/command", "[]"), "422 the body must be an object"),
        (to("/device/22/command", r#"{"command": 5}"#), "422 `command` must be a string"),
        (to("/device/x/command", good), "422 the parameter `port` must be an integer"),
        (to("/device/99999/command", good), "422 the parameter `port` must be at most 65535"),
        (
            to("/device/x/command", "{"),
            "400 malformed JSON at line 1 column 1: EOF while parsing an object",
        ),
        (
            to("/device/22/command", "{}").token("wrong"),
            "401 the Authorization header does not hold",
        ),
    ];
    for (request, want) in table {
        let got = event(&config, &request);
        let got = got.map(|event| format!("{} {}", event.params["port"], event.params["format"]));
        assert_eq!(got.unwrap_or_else(|refusal| refusal), want, "{request:?}");
    }
    let mut rig = Rig::new(COMMAND);
    let path = "/device/x/command?format=xml";
    let reply = rig.deliver(&to(path, r#"{"command": "reload", "timeout": "5"}"#));
    let reply: Value = serde_json::from_slice(&reply.expect("a reply").body).expect("JSON");
    let want = json!({
        "type": "about:blank",
        "title": "Unprocessable Content",
        "status": 422,
        "detail": "the parameter `format` must be \"json\" or \"text\"; 3 more",
        "errors": [
            {"detail": "the parameter `format` must be \"json\" or \"text\"",
             "pointer": "#/params/format"},
            {"detail": "the parameter `port` must be an integer", "pointer": "#/params/port"},
            {"detail": "`command` must match `^show `", "pointer": "#/command"},
            {"detail": "`timeout` must be an integer", "pointer": "#/timeout"},
        ],
    });
    assert_eq!(reply, want);
}

/// Goal: a refusal stays short, however much is wrong. Method: more wrong values than it names.
#[test]
fn a_refusal_names_so_many() {
    let source = "[[sources]]\npath = \"/events\"\nunauthenticated = \"loopback\"\n\
                  schema.additionalProperties = { type = \"null\" }\n";
    let body: Vec<String> = (0..9_000).map(|n| format!("\"k{n:04}\": \"secret\"")).collect();
    let reply = Rig::new(source).deliver(&Request::new(&format!("{{{}}}", body.join(","))));
    let reply = reply.expect("a reply").body;
    assert!(!String::from_utf8_lossy(&reply).contains("secret"));
    let reply: Value = serde_json::from_slice(&reply).expect("JSON");
    assert_eq!(reply["errors"].as_array().expect("a list").len(), 16);
    assert_eq!(reply["detail"], "`k0000` must be null; 255 more");
}

/// Goal: a body that is no object is one where the schema says so, and then has a name in the data.
#[test]
fn lists_and_values_are_data_where_the_schema_says_so() {
    let source = "[[sources]]\npath = \"/events\"\nunauthenticated = \"loopback\"\n\
                  name = \"Bulk\"\n";
    let data = |schema: &str, body: &str| {
        let config = config(&format!("{source}{schema}"));
        let event = event(&config, &Request::new(body));
        event.map_or_else(|refusal| refusal, |event| Value::Object(event.data).to_string())
    };
    let list = "schema = { type = \"array\", items = { type = \"object\" } }";
    assert_eq!(data(list, r#"[{"a": 1}]"#), r#"{"items":[{"a":1}]}"#);
    assert_eq!(data(list, "[1]"), "422 `0` must be an object");
    assert_eq!(data(list, "{}"), "422 the body must be a list");
    assert_eq!(data("schema = true", "5"), r#"{"value":5}"#);
    assert_eq!(data("schema = true", "{\"value\": 5}"), r#"{"value":5}"#);
    assert_eq!(data("", "[1]"), "400 the body must be a JSON object, not an array");
}

/// Goal: the course's bodies are taken where the source says so, and marked; elsewhere the refusal
/// names the cause. Method: each kind of body, at both kinds of source.
#[test]
fn tolerant_sources_take_what_applets_send() {
    let strict = "[[sources]]\npath = \"/events\"\nunauthenticated = \"loopback\"\n";
    let tolerant = format!("{strict}body = \"tolerant\"\n");
    let (strict, tolerant) = (config(strict), config(&tolerant));
    let typed = |kind: &str, body: &str| {
        Request::new(body).without("content-type").header("content-type", kind)
    };
    let got = |config: &Config, request: &Request| {
        let event = event(config, request)?;
        let from = event.normalized_from.map_or("json", webhook::Normalized::as_str);
        Ok(format!("{from} {}", Value::Object(event.data)))
    };
    let form = "application/x-www-form-urlencoded";
    let curl = "415 the Content-Type must be `application/json`, not \
                application/x-www-form-urlencoded, which curl sends unless told otherwise: add \
                `-H 'Content-Type: application/json'`";
    let quotes = "400 malformed JSON at line 1 column 2: this is single-quoted, JSON wants double \
                  quotes; `body = \"tolerant\"` takes it";
    let table = [
        (Request::new("{\"event\":\"X\"}"), "json {\"event\":\"X\"}", None),
        (Request::new("{'event':'it's'}"), "single-quoted {\"event\":\"it's\"}", Some(quotes)),
        (typed(form, "{'event':'X'}"), "single-quoted {\"event\":\"X\"}", Some(curl)),
        (typed(form, "{\"event\":\"X\"}"), "form {\"event\":\"X\"}", Some(curl)),
        (typed(form, "event=X&n=1"), "form {\"event\":\"X\",\"n\":\"1\"}", Some(curl)),
    ];
    for (request, want, refused) in table {
        assert_eq!(got(&tolerant, &request), Ok(want.to_owned()), "{request:?}");
        let refused = refused.map_or(Ok(want), Err);
        assert_eq!(got(&strict, &request), refused.map(str::to_owned).map_err(str::to_owned));
    }
    let text = got(&tolerant, &typed("text/plain", "{'event':'X'}"));
    let want = "415 the Content-Type must be `application/json`, not text/plain";
    assert_eq!(text, Err(want.to_owned()));
}

/// Goal: `device` says whom an event concerns: by name, alias, address or address and port; a
/// credential of a node is not led astray by an address that others share. Method: a table; R1 and
/// R2 stand at one address.
#[test]
fn the_source_says_whom_an_event_concerns() {
    let source = "[[sources]]\npath = \"/d/{host}\"\nname = \"X\"\nauth = [\"bearer\"]\n\
                  unauthenticated = \"loopback\"\ndevice = \"{{ event.params.host }}\"\n";
    let (own, relay) = (config(source), config(&format!("{source}relay = true\n")));
    let whom = |config: &Config, host: &str, token: Option<&str>| {
        let request =
            Request { path: format!("/d/{host}"), ..Request::new("{\"device\": \"R2\"}") };
        let request = token.map_or(request.clone(), |token| request.token(token));
        let event = event(config, &request);
        event.map_or_else(
            |refusal| refusal,
            |event| format!("{} {}", event.device.as_deref().unwrap_or("-"), event.device_from),
        )
    };
    for (host, want) in [
        ("R1", "R1 claimed"),
        ("router1", "R1 claimed"),
        ("192.0.2.1", "box claimed"),
        ("127.0.0.1:2202", "R2 claimed"),
        ("127.0.0.1", "R1 claimed"),
        ("198.51.100.1", "- unknown"),
    ] {
        assert_eq!(whom(&own, host, None), want, "{host}");
    }
    let r2 = Some("token-of-r2");
    assert_eq!(whom(&own, "127.0.0.1", r2), "R2 credential");
    assert_eq!(whom(&own, "198.51.100.1", r2), "R2 credential");
    let refused = "403 node `R2` may not speak for `127.0.0.1:2201`";
    assert_eq!(whom(&own, "127.0.0.1:2201", r2), refused);
    assert_eq!(whom(&relay, "127.0.0.1:2201", r2), "R1 relay");
    let nobody = config(&source.replace("event.params.host", "event.data.nobody.host"));
    assert_eq!(whom(&nobody, "R1", None), "- unknown");
}
