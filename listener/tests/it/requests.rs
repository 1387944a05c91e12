//! What requests must look like, over real HTTP: methods, schemas, bodies that are no JSON, and
//! what is refused of them.

use listener::live::LiveListener;
use reqwest::{Client, Method, RequestBuilder, Response, StatusCode};
use serde_json::{Value, json};

use crate::serve::Site;

const TOPOLOGY: &str = "[defaults.node]\nusername = \"admin\"\npassword = \"admin\"\n\
    [nodes.R1]\nssh = \"127.0.0.1:2201\"\ntoken = \"token-of-r1\"\n";

const SOURCES: &str = r#"
[[sources]]
path = "/device/{host}"
method = "GET"
name = "DeviceState"
unauthenticated = "loopback"
params.properties.limit = { type = "integer", default = 10 }
device = "{{ event.params.host }}"
[[sources]]
path = "/command"
method = "PUT"
name = "Command"
auth = ["header:X-Webhook-Token"]
body = "tolerant"
empty-body = true
rate = "60/m"
burst = 40
rate-by = "address"
schema = { properties = { command = { type = "string", pattern = "^show " } } }
"#;

struct Desk {
    site: Site,
    listener: LiveListener,
    client: Client,
}

async fn desk() -> Desk {
    let site = Site::with(TOPOLOGY, SOURCES);
    let listener = site.listen().await;
    Desk { site, listener, client: crate::client() }
}

impl Desk {
    fn ask(&self, method: Method, path: &str) -> RequestBuilder {
        self.client.request(method, format!("http://{}{path}", self.listener.address()))
    }

    /// A command of R1, with this type.
    fn put(&self, kind: &str, body: impl Into<reqwest::Body>) -> RequestBuilder {
        let request = self.ask(Method::PUT, "/command").header("x-webhook-token", "token-of-r1");
        request.header("content-type", kind).body(body)
    }

    /// The event of a request that is taken.
    async fn event(&self, request: RequestBuilder) -> Value {
        let response = request.send().await.unwrap();
        assert_eq!(response.status(), StatusCode::ACCEPTED);
        let accepted: Value = response.json().await.unwrap();
        let path = format!("/api/v1/events/{}", accepted["id"].as_str().unwrap());
        let story: Value = self.ask(Method::GET, &path).send().await.unwrap().json().await.unwrap();
        story["event"].clone()
    }

    async fn stop(self) {
        self.listener.stop().await;
        drop(self.site);
    }
}

async fn status(request: RequestBuilder) -> u16 {
    request.send().await.unwrap().status().as_u16()
}

fn header(response: &Response, name: &str) -> String {
    response.headers()[name].to_str().unwrap().to_owned()
}

/// Goal: method and path choose the source; `HEAD` follows `GET`; another method is 405 with
/// `Allow`. Method: one of each.
#[tokio::test]
async fn methods_choose_the_source() {
    let desk = desk().await;
    let event = desk.event(desk.ask(Method::GET, "/device/R1?limit=5&note=a+b")).await;
    assert_eq!(event["name"], "DeviceState");
    assert_eq!(event["device"], "R1");
    assert_eq!(event["source"], "/device/{host}");
    assert_eq!(event["path"], "/device/R1");
    assert_eq!(event["method"], "GET");
    assert_eq!(event["params"], json!({"host": "R1", "limit": 5, "note": "a b"}));
    let head = desk.ask(Method::HEAD, "/device/R1").send().await.unwrap();
    assert_eq!(head.status(), StatusCode::ACCEPTED);
    assert_eq!(head.bytes().await.unwrap().len(), 0);
    for method in [Method::POST, Method::DELETE, Method::OPTIONS] {
        let refused = desk.ask(method, "/device/R1").send().await.unwrap();
        assert_eq!(refused.status(), StatusCode::METHOD_NOT_ALLOWED);
        assert_eq!(header(&refused, "allow"), "GET, HEAD");
    }
    assert_eq!(status(desk.ask(Method::GET, "/command")).await, 405);
    assert_eq!(status(desk.ask(Method::GET, "/device/R1/more")).await, 404);
    desk.stop().await;
}

/// Goal: what does not fit is 422 with its place, in a problem document.
#[tokio::test]
async fn what_does_not_fit_has_its_place() {
    let desk = desk().await;
    let refused = desk.ask(Method::GET, "/device/R1?limit=x").send().await.unwrap();
    assert_eq!(refused.status(), StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(header(&refused, "content-type"), "application/problem+json");
    let refused: Value = refused.json().await.unwrap();
    let detail = "the parameter `limit` must be an integer";
    assert_eq!(refused["detail"], detail);
    assert_eq!(refused["errors"], json!([{"detail": detail, "pointer": "#/params/limit"}]));
    let refused = desk.put("application/json", r#"{"command": "reload"}"#).send().await.unwrap();
    let refused: Value = refused.json().await.unwrap();
    assert_eq!(refused["errors"][0]["pointer"], "#/command");
    desk.stop().await;
}

/// Goal: what curl and applets send is taken where the source says so, and marked. Method: one of
/// each kind, the log line of one, and no body at all.
#[tokio::test]
async fn bodies_that_mean_json_are_taken() {
    let desk = desk().await;
    let form = "application/x-www-form-urlencoded";
    let table = [
        ("application/json", r#"{"command": "show clock"}"#, Value::Null),
        ("application/json", "{'command': 'show clock'}", json!("single-quoted")),
        (form, "{'command': 'show clock'}", json!("single-quoted")),
        (form, r#"{"command": "show clock"}"#, json!("form")),
        (form, "command=show+clock", json!("form")),
    ];
    for (kind, body, from) in table {
        let event = desk.event(desk.put(kind, body)).await;
        assert_eq!(event["data"], json!({"command": "show clock"}), "{body}");
        assert_eq!(event["normalized_from"], from, "{body}");
        assert_eq!(event["sender"], "R1");
    }
    let bare = desk.ask(Method::PUT, "/command").header("x-webhook-token", "token-of-r1");
    let event = desk.event(bare).await;
    assert_eq!((&event["data"], &event["bytes"]), (&json!({}), &json!(0)));
    desk.stop().await;
}

/// Goal: hostile requests cost their sender alone: the credential is asked first, every body has
/// its bounds. Method: wrong and missing tokens, oversize, deep and wide bodies, a page of another
/// origin; then the rate of the address, whatever token is shown.
#[tokio::test]
async fn hostile_requests_are_refused() {
    let desk = desk().await;
    let json = "application/json";
    let bare = || desk.ask(Method::PUT, "/command").header("content-type", json);
    let large = vec![b' '; listener::BODY_BYTES_DEFAULT + 1];
    assert_eq!(status(bare().body("{")).await, 401);
    assert_eq!(status(bare().header("x-webhook-token", "wrong").body("{")).await, 401);
    assert_eq!(status(desk.put(json, large)).await, 413);
    assert_eq!(status(desk.put(json, "['a',".repeat(100_000))).await, 400);
    assert_eq!(status(desk.put(json, format!("['a'{}]", ",0".repeat(100_000)))).await, 400);
    assert_eq!(status(desk.put(json, "{'a': 'b")).await, 400);
    assert_eq!(status(desk.put("text/plain", "{}")).await, 415);
    let picture = || desk.ask(Method::GET, "/device/R1").header("sec-fetch-site", "cross-site");
    assert_eq!(status(picture()).await, 403);
    assert_eq!(
        status(desk.ask(Method::GET, "/device/R1").header("sec-fetch-site", "none")).await,
        202
    );
    for _ in 0..64 {
        let response = desk.put(json, "{}").send().await.unwrap();
        if response.status() == StatusCode::TOO_MANY_REQUESTS {
            assert_eq!(header(&response, "retry-after"), "1");
            return desk.stop().await;
        }
        assert_eq!(response.status(), StatusCode::ACCEPTED);
    }
    panic!("more than the burst was taken");
}
