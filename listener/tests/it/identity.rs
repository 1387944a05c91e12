//! Who may send, through the real port: published vectors, fresh signatures, one flipped bit, a
//! flood.

use std::sync::Arc;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use automation::Config;
use host::{LiveClock, files};
use listener::live::{LiveListener, Options, Trusted, bind, spawn};
use listener::log::Log;
use serde_json::Value;
use topology::Topology;
use webhook::{basic, github, standard};

/// The keys of the published vectors, each a node's own.
const TOPOLOGY: &str = r#"
[defaults.node]
kind = "virtual"
username = "admin"
password = "admin"
[nodes.R1]
secret = ["whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD"]
hmac-secret = ["It's a Secret to Everybody", "secret"]
token = "token-of-r1"
basic = "r1:password"
[nodes.R2]
token = "token-of-r2"
"#;

const LISTENER: &str = r#"
[[sources]]
path = "/events"
auth = ["bearer", "basic", "github", "standard-webhooks", "header:X-Gitlab-Token"]
[[sources]]
path = "/other"
auth = ["standard-webhooks"]
[[sources]]
path = "/slow"
auth = ["bearer"]
rate = "1/s"
"#;

const FRESH: &str = r#"{"event": "InterfaceDown"}"#;

/// Id, time, body and signature of the published Standard Webhooks vectors.
const STANDARD: [(&str, &str, &str, &str); 2] = [
    (
        "msg_p5jXN8AQM9LWM0D4loKWxJek",
        "1614265330",
        r#"{"test": 2432232314}"#,
        "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
    ),
    (
        "msg_27UH4WbU6Z5A5EzD8u03UvzRbpk",
        "1649367553",
        r#"{"email":"test@example.com","username":"test_user"}"#,
        "v1,tZ1I4/hDygAJgO5TYxiSd6Sd0kDW6hPenDe+bTa3Kkw=",
    ),
];

/// Body and signature of the published vectors in GitHub's form.
const GITHUB: [(&str, &str); 3] = [
    ("Hello, World!", "sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17"),
    (r#"{"a": "z"}"#, "sha256=f417af3a21bd70379b5796d5f013915e7029f62c580fb0f500f59a35a6f04c89"),
    ("", "sha256=f9e66e179b6747ae54108f82f8ade8b3c25d76fd30afde6c395822c530196169"),
];

/// A listener on a port of its own, and a client of it.
struct Site {
    listener: LiveListener,
    client: reqwest::Client,
    directory: tempfile::TempDir,
}

/// What came back: status, `detail` or `id`, and the named header.
struct Answer {
    status: u16,
    text: String,
    headers: reqwest::header::HeaderMap,
}

impl Site {
    async fn start() -> Self {
        let directory = tempfile::tempdir().unwrap();
        std::fs::write(directory.path().join("topology.toml"), TOPOLOGY).unwrap();
        std::fs::write(directory.path().join("listener.toml"), LISTENER).unwrap();
        Site::serve(directory).await
    }

    /// The same files and the same journal under a new listener.
    async fn restart(self) -> Self {
        self.listener.stop().await;
        Site::serve(self.directory).await
    }

    async fn serve(directory: tempfile::TempDir) -> Self {
        let path = |name: &str| directory.path().join(name);
        let mut sink = Vec::new();
        let mut nodes = files::open(&path("topology.toml")).unwrap();
        let inventory = Topology::load(&nodes.source, &mut nodes.files, &mut sink).unwrap();
        let mut rules = files::open(&path("listener.toml")).unwrap();
        let config = Config::load(&rules.source, &inventory, &mut rules.files, &mut sink);
        let options = Options {
            config: config.unwrap_or_else(|| panic!("{sink:?}")),
            inventory: Arc::new(inventory),
            journal: path("journal.sqlite3"),
            trusted: Trusted { known_hosts: path("known_hosts"), authority: path("ca.pem") },
            tls: None,
            clock: LiveClock::start(),
            log: Log::to(std::io::sink()),
            rng: simtime::Rng::from_seed(rand::random()),
            facts: listener::live::feed(),
        };
        let port = bind("127.0.0.1:0".parse().unwrap()).await.unwrap();
        let listener = spawn(port, options).await.unwrap();
        Site { listener, client: crate::client(), directory }
    }

    /// One POST of JSON.
    async fn post(&self, path: &str, body: &str, headers: &[(&str, &str)]) -> Answer {
        let url = format!("http://{}{path}", self.listener.address());
        let mut request = self.client.post(url).header("content-type", "application/json");
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let response = request.body(body.to_owned()).send().await.unwrap();
        let (status, headers) = (response.status().as_u16(), response.headers().clone());
        let body: Value = response.json().await.unwrap();
        let text = body.get("detail").or(body.get("id")).and_then(Value::as_str);
        Answer { status, text: text.unwrap_or_default().to_owned(), headers }
    }

    async fn check(&self, body: &str, headers: &[(&str, &str)], want: u16) {
        let Answer { status, text, .. } = self.post("/events", body, headers).await;
        assert_eq!(status, want, "{text}: {body} {headers:?}");
    }
}

/// Unix time.
fn now() -> u64 {
    SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_secs()
}

/// The same text with its last letter but one changed in one bit.
fn flipped(text: &str) -> String {
    let mut bytes = text.as_bytes().to_vec();
    let place = bytes.len() - 2;
    bytes[place] ^= 1;
    String::from_utf8(bytes).unwrap()
}

/// Goal: the published Standard Webhooks vectors are refused for their age; their keys over a
/// fresh event are 202, and one bit of body or signature is 401. Replays are no new events, here
/// or on another path, now or after a restart.
#[tokio::test]
async fn standard_webhooks_through_the_port() {
    let mut site = Site::start().await;
    for (id, timestamp, body, signature) in STANDARD {
        let headers = [
            ("webhook-id", id),
            ("webhook-timestamp", timestamp),
            ("webhook-signature", signature),
        ];
        let answer = site.post("/events", body, &headers).await;
        assert_eq!(
            (answer.status, answer.text.as_str()),
            (401, "the signature is older than 300 s")
        );
    }
    let secrets =
        ["whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD"];
    for (place, secret) in secrets.into_iter().enumerate() {
        let secret = standard::Secret::parse(secret).unwrap();
        let (id, stamp) = (format!("msg_{place}"), now());
        let signature = standard::sign(&secret, &id, stamp, FRESH.as_bytes());
        let stamp = stamp.to_string();
        let with = |signature| {
            [("webhook-id", &*id), ("webhook-timestamp", &*stamp), ("webhook-signature", signature)]
        };
        let bent = flipped(signature.trim_end_matches('=')) + "=";
        site.check(FRESH, &with(&bent), 401).await;
        site.check(&flipped(FRESH), &with(&signature), 401).await;
        site.check(FRESH, &with(&signature), 202).await;
        site.check(FRESH, &with(&signature), 200).await;
        let elsewhere = site.post("/other", FRESH, &with(&signature)).await;
        assert_eq!(elsewhere.status, 200, "{}", elsewhere.text);
        site = site.restart().await;
        for path in ["/events", "/other"] {
            let again = site.post(path, FRESH, &with(&signature)).await;
            assert_eq!((again.status, &again.text), (200, &elsewhere.text));
        }
    }
    site.listener.stop().await;
}

/// Goal: the published vectors in GitHub's form hold, and are bad requests since they are no
/// events; their keys over an event are 202, and one bit of body or signature is 401.
#[tokio::test]
async fn github_signatures_through_the_port() {
    let site = Site::start().await;
    for (body, signature) in GITHUB {
        site.check(body, &[("x-hub-signature-256", signature)], 400).await;
        site.check(body, &[("x-hub-signature-256", &flipped(signature))], 401).await;
        site.check(&format!("{body} "), &[("x-hub-signature-256", signature)], 401).await;
    }
    for secret in ["It's a Secret to Everybody", "secret"] {
        let secret = github::Secret::new(secret).unwrap();
        let signature = github::sign(&secret, FRESH.as_bytes());
        site.check(FRESH, &[("x-hub-signature-256", &signature)], 202).await;
        site.check(FRESH, &[("x-hub-signature-256", &signature)], 202).await;
        site.check(FRESH, &[("x-hub-signature-256", &flipped(&signature))], 401).await;
        site.check(&flipped(FRESH), &[("x-hub-signature-256", &signature)], 401).await;
    }
    site.listener.stop().await;
}

/// Goal: tokens and pairs through the port, and a 401 that says how to do better. Method: a table.
#[tokio::test]
async fn tokens_and_pairs_through_the_port() {
    let site = Site::start().await;
    let pair = basic::authorization("r1:password");
    let table = [
        (("authorization", "Bearer token-of-r1"), 202),
        (("authorization", "Bearer token-of-r9"), 401),
        (("authorization", &*pair), 202),
        (("authorization", &*flipped(&pair)), 401),
        (("x-gitlab-token", "token-of-r2"), 202),
        (("x-gitlab-token", "token-of-r3"), 401),
        (("x-api-key", "token-of-r2"), 401),
    ];
    for (header, want) in table {
        site.check(FRESH, &[header], want).await;
    }
    let refused = site.post("/events", FRESH, &[]).await;
    let how = refused.headers["www-authenticate"].to_str().unwrap();
    let want = "Bearer, Basic realm=\"listener\", charset=\"UTF-8\", \
                Webhook header=\"x-hub-signature-256\", Webhook header=\"webhook-signature\", \
                Webhook header=\"x-gitlab-token\"";
    assert_eq!((refused.status, how), (401, want));
    site.listener.stop().await;
}

/// Goal: a flood is 429 and says truthfully when to come again, while another sender is served.
/// Method: a source that takes one a second, its wait waited for.
#[tokio::test]
async fn a_flood_is_told_to_wait() {
    let site = Site::start().await;
    let r1 = [("authorization", "Bearer token-of-r1")];
    let mut refused = None;
    for _ in 0..20 {
        let answer = site.post("/slow", FRESH, &r1).await;
        if answer.status != 202 {
            refused = Some(answer);
            break;
        }
    }
    let refused = refused.expect("a burst of two and one a second");
    assert_eq!(refused.status, 429, "{}", refused.text);
    assert_eq!(refused.headers["content-type"], "application/problem+json");
    let wait: u64 = refused.headers["retry-after"].to_str().unwrap().parse().unwrap();
    assert_eq!(wait, 1);
    let other = [("authorization", "Bearer token-of-r2")];
    assert_eq!(site.post("/slow", FRESH, &other).await.status, 202);
    assert_eq!(site.post("/slow", FRESH, &[("authorization", "Bearer wrong")]).await.status, 401);
    tokio::time::sleep(Duration::from_secs(wait)).await;
    assert_eq!(site.post("/slow", FRESH, &r1).await.status, 202);
    site.listener.stop().await;
}
