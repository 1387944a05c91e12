//! The whole listener in process: HTTP in, journal, rules, a device that answers.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use automation::Config;
use host::{LiveClock, files};
use listener::live::{LiveListener, Options, Port, Trusted, bind, spawn};
use listener::log::Log;
use reqwest::{RequestBuilder, StatusCode};
use serde_json::{Value, json};
use topology::Topology;

use crate::device::{Behaviour, TestDevice, start};

/// The course's curl line, byte for byte.
const SEED_BODY: &str =
    r#"{"event": "InterfaceDown", "device": "Router1", "interface": "GigabitEthernet1"}"#;

/// How long a loop may take here.
const LOOP_BOUND: Duration = Duration::from_secs(20);

/// The rules of these tests: those of the shipped file, and a relay for nobody.
const RULES: &str = r#"
[[sources]]
path = "/events"
auth = ["bearer", "standard-webhooks"]
unauthenticated = "loopback"
[[rules]]
name = "interface down"
when = 'event.name == "InterfaceDown"'
[[rules.actions]]
show = ["show ip interface brief"]
"#;

/// A directory with topology, rules and state; its R1 is the given device.
pub(crate) struct Site {
    pub(crate) dir: tempfile::TempDir,
    lines: Arc<Mutex<Vec<u8>>>,
}

#[derive(Clone)]
struct Shared(Arc<Mutex<Vec<u8>>>);

impl Write for Shared {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }
    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

impl Site {
    /// A site of these two files.
    pub(crate) fn with(topology: &str, rules: &str) -> Self {
        let site = Site { dir: tempfile::tempdir().unwrap(), lines: Arc::default() };
        std::fs::write(site.path("topology.toml"), topology).unwrap();
        std::fs::write(site.path("listener.toml"), rules).unwrap();
        site
    }

    fn new(ssh: &str, pin: &str) -> Self {
        let dir = tempfile::tempdir().unwrap();
        let site = Site { dir, lines: Arc::default() };
        site.set_device(ssh, pin);
        std::fs::write(site.path("listener.toml"), RULES).unwrap();
        site
    }

    pub(crate) fn of(device: &TestDevice) -> Self {
        Site::new(&device.address.to_string(), &device.fingerprint)
    }

    fn set_device(&self, ssh: &str, pin: &str) {
        let text = format!(
            "[defaults.node]\nkind = \"virtual\"\nusername = \"admin\"\npassword = \"admin\"\n\
             [nodes.R1]\naliases = [\"Router1\"]\nssh = \"{ssh}\"\nhost-key = \"{pin}\"\n\
             token = \"token-of-r1\"\n\
             [nodes.R2]\ntoken = \"token-of-r2\"\n"
        );
        std::fs::write(self.path("topology.toml"), text).unwrap();
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.dir.path().join(name)
    }

    pub(crate) async fn listen(&self) -> LiveListener {
        spawn(port().await, self.options()).await.unwrap()
    }

    pub(crate) fn options(&self) -> Options {
        let mut sink = Vec::new();
        let mut nodes = files::open(&self.path("topology.toml")).unwrap();
        let inventory = Topology::load(&nodes.source, &mut nodes.files, &mut sink);
        let inventory = inventory.unwrap_or_else(|| panic!("{sink:?}"));
        let mut rules = files::open(&self.path("listener.toml")).unwrap();
        let config = Config::load(&rules.source, &inventory, &mut rules.files, &mut sink);
        let mut config = config.unwrap_or_else(|| panic!("{sink:?}"));
        listener::settle_files(&mut config, &rules);
        Options {
            config,
            inventory: Arc::new(inventory),
            journal: self.path("journal.sqlite3"),
            trusted: Trusted {
                known_hosts: self.path("known_hosts"),
                authority: self.path("ca.pem"),
            },
            tls: None,
            clock: LiveClock::start(),
            log: Log::to(Shared(Arc::clone(&self.lines))),
            rng: simtime::Rng::from_seed(rand::random()),
            facts: listener::live::feed(),
        }
    }

    pub(crate) fn log(&self) -> String {
        String::from_utf8(self.lines.lock().unwrap().clone()).unwrap()
    }
}

pub(crate) async fn port() -> Port {
    bind("127.0.0.1:0".parse().unwrap()).await.unwrap()
}

pub(crate) fn post(listener: &LiveListener, body: &str) -> RequestBuilder {
    let url = format!("http://{}/events", listener.address());
    crate::client().post(url).body(body.to_owned()).header("content-type", "application/json")
}

pub(crate) async fn answer(request: RequestBuilder) -> (u16, Value) {
    let response = request.send().await.unwrap();
    (response.status().as_u16(), response.json().await.unwrap())
}

async fn get(listener: &LiveListener, path: &str) -> (u16, Value) {
    answer(crate::client().get(format!("http://{}{path}", listener.address()))).await
}

/// The story once it has come to its end.
pub(crate) async fn finished(listener: &LiveListener, id: &str) -> Value {
    let ended = async {
        loop {
            let (status, story) = get(listener, &format!("/api/v1/events/{id}")).await;
            assert_eq!(status, 200, "{story}");
            if matches!(story["state"].as_str(), Some("done" | "failed")) {
                return story;
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    };
    tokio::time::timeout(LOOP_BOUND, ended).await.unwrap()
}

/// Goal: the course's curl line closes the loop, and each stage is in log and story.
#[tokio::test]
async fn the_curl_line_closes_the_loop() {
    let device = start(Behaviour::Password).await;
    let site = Site::of(&device);
    let listener = site.listen().await;
    let (status, reply) = answer(post(&listener, SEED_BODY)).await;
    assert_eq!((status, &reply["status"]), (202, &json!("accepted")));
    let id = reply["id"].as_str().unwrap();
    let story = finished(&listener, id).await;
    assert_eq!(story["event"]["device"], "R1");
    assert_eq!(story["event"]["device_from"], "claimed");
    let command = &story["jobs"][0]["attempts"][0]["commands"][0];
    assert_eq!(command["command"], "show ip interface brief");
    assert!(command["output"].as_str().unwrap().contains("10.0.0.1"), "{command}");
    let (_, page) = get(&listener, "/api/v1/events?state=done&device=R1&limit=1").await;
    assert_eq!((&page["events"][0]["id"], &page["next"]), (&json!(id), &Value::Null));
    listener.stop().await;
    let log = site.log();
    let types = [
        "WEBHOOK_RECEIVED",
        "SECURITY_VALIDATION",
        "EVENT_JOURNALLED",
        "RULE_MATCHED",
        "JOB_QUEUED",
        "NETWORK_DEVICE_CALLED",
        "CONNECT_OK",
        "COMMAND_DONE",
        "JOB_DONE",
    ];
    let of_event = log.lines().filter(|line| line.contains(&format!("event_id={id}")));
    let seen: Vec<_> = of_event.filter_map(|line| line.split(' ').next()).collect();
    assert_eq!(seen, types, "{log}");
}

/// Goal: a node that its inventory entry does not let us reach is one try and a clear story.
#[tokio::test]
async fn a_node_without_an_address_is_tried_once() {
    let device = start(Behaviour::Password).await;
    let site = Site::of(&device);
    let listener = site.listen().await;
    let body = r#"{"event": "InterfaceDown"}"#;
    let (_, reply) = answer(post(&listener, body).bearer_auth("token-of-r2")).await;
    let story = finished(&listener, reply["id"].as_str().unwrap()).await;
    let job = &story["jobs"][0];
    assert_eq!(job["error"], "misconfigured: node `R2` has no `ssh` address");
    assert_eq!(job["attempts"].as_array().map(Vec::len), Some(1), "{job}");
    listener.stop().await;
}

/// Goal: who may not, and what is no delivery, is refused as RFC 9457 says. Method: a table.
#[tokio::test]
async fn refusals() {
    let device = start(Behaviour::Password).await;
    let site = Site::of(&device);
    let listener = site.listen().await;
    let large = "x".repeat(listener::BODY_BYTES_DEFAULT + 1);
    let of_r2 = r#"{"event": "X", "device": "R2"}"#;
    let table = [
        (post(&listener, SEED_BODY).bearer_auth("wrong"), 401),
        (post(&listener, of_r2).bearer_auth("token-of-r1"), 403),
        (post(&listener, "{\"event\": ").bearer_auth("token-of-r1"), 400),
        (post(&listener, &large), 413),
        (at(&listener, "/nothing").body("{}"), 404),
        (crate::client().get(format!("http://{}/events", listener.address())), 405),
        (at(&listener, "/health"), 405),
        (at(&listener, "/api/v1/events"), 405),
    ];
    for (request, want) in table {
        let shown = format!("{request:?}");
        let response = request.send().await.unwrap();
        assert_eq!(response.status(), StatusCode::from_u16(want).unwrap(), "{shown}");
        let kind = response.headers()["content-type"].to_str().unwrap().to_owned();
        assert!(kind.starts_with("application/problem+json"), "{shown}: {kind}");
        let problem: Value = response.json().await.unwrap();
        assert_eq!(problem["status"], want, "{shown}");
        assert!(!problem["detail"].as_str().unwrap().is_empty(), "{shown}");
    }
    assert_eq!(get(&listener, "/api/v1/events").await.1["events"], json!([]));
    assert_eq!(get(&listener, "/api/v1/events/evt_none").await.0, 404);
    assert_eq!(get(&listener, "/api/v1/events?limit=x").await.0, 400);
    assert_eq!(get(&listener, "/health").await.0, 200);
    assert_eq!(get(&listener, "/ready").await.0, 200);
    listener.stop().await;
    assert!(site.log().contains("SECURITY_VALIDATION passed=false"), "{}", site.log());
    assert!(!site.log().contains("wrong\""), "a credential is in the log: {}", site.log());
}

/// Goal: a sender that asks before it sends too much hears 413 instead of "continue".
#[tokio::test]
async fn a_length_that_is_too_large_is_refused_at_once() {
    use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
    let device = start(Behaviour::Password).await;
    let site = Site::of(&device);
    let listener = site.listen().await;
    let mut stream = tokio::net::TcpStream::connect(listener.address()).await.unwrap();
    let length = listener::BODY_BYTES_DEFAULT + 1;
    let head = format!(
        "POST /events HTTP/1.1\r\nHost: localhost\r\nExpect: 100-continue\r\n\
         Content-Length: {length}\r\n\r\n"
    );
    stream.write_all(head.as_bytes()).await.unwrap();
    let mut answer = [0; 12];
    let read = tokio::time::timeout(Duration::from_secs(5), stream.read_exact(&mut answer));
    read.await.unwrap().unwrap();
    assert_eq!(&answer, b"HTTP/1.1 413");
    listener.stop().await;
}

fn at(listener: &LiveListener, path: &str) -> RequestBuilder {
    crate::client().post(format!("http://{}{path}", listener.address()))
}

/// Goal: a restart knows what was accepted: the story, and what repeats it.
#[tokio::test]
async fn a_restart_reads_the_journal() {
    let device = start(Behaviour::Password).await;
    let site = Site::of(&device);
    let listener = site.listen().await;
    let send = |listener: &LiveListener, body: &str| {
        let request = post(listener, body).bearer_auth("token-of-r1");
        answer(request.header("webhook-id", "msg_1"))
    };
    let body = r#"{"event": "InterfaceDown"}"#;
    let (status, reply) = send(&listener, body).await;
    assert_eq!(status, 202, "{reply}");
    let id = reply["id"].as_str().unwrap().to_owned();
    assert_eq!(send(&listener, body).await, (200, json!({"status": "duplicate", "id": id})));
    let before = finished(&listener, &id).await;
    listener.stop().await;

    let listener = site.listen().await;
    assert_eq!(get(&listener, &format!("/api/v1/events/{id}")).await, (200, before));
    assert_eq!(send(&listener, body).await, (200, json!({"status": "duplicate", "id": id})));
    assert_eq!(send(&listener, r#"{"event": "Other"}"#).await.0, 409);
    listener.stop().await;
}

/// Goal: a job that was not finished goes on after a restart. Method: the device is there only the
/// second time.
#[tokio::test]
async fn unfinished_jobs_go_on_after_a_restart() {
    let device = start(Behaviour::Password).await;
    let nowhere = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let closed = nowhere.local_addr().unwrap().to_string();
    drop(nowhere);
    let site = Site::new(&closed, &device.fingerprint);
    let listener = site.listen().await;
    let mut facts = listener.facts();
    let (_, reply) = answer(post(&listener, SEED_BODY)).await;
    let id = reply["id"].as_str().unwrap().to_owned();
    let failed = async {
        while !matches!(facts.recv().await.unwrap().kind, fact::Kind::ConnectFailed { .. }) {}
    };
    tokio::time::timeout(LOOP_BOUND, failed).await.unwrap();
    listener.stop().await;

    site.set_device(&device.address.to_string(), &device.fingerprint);
    let listener = site.listen().await;
    let story = finished(&listener, &id).await;
    assert_eq!(story["state"], "done", "{story}");
    listener.stop().await;
}

/// Goal: one journal, one listener; one port, one listener. Method: a second of each.
#[tokio::test]
async fn a_second_listener_is_refused() {
    let device = start(Behaviour::Password).await;
    let site = Site::of(&device);
    let listener = site.listen().await;
    let error = spawn(port().await, site.options()).await.unwrap_err().to_string();
    assert!(error.contains("another listener already uses the journal"), "{error}");
    let error = bind(listener.address()).await.unwrap_err().to_string();
    assert!(error.contains(&format!("cannot listen on {}", listener.address())), "{error}");
    listener.stop().await;
}

/// Goal: a client that dribbles its body holds up nobody. Method: half a request, then a whole one.
#[tokio::test]
async fn a_slow_client_holds_up_nobody() {
    use tokio::io::AsyncWriteExt as _;
    let device = start(Behaviour::Password).await;
    let site = Site::of(&device);
    let listener = site.listen().await;
    let mut slow = tokio::net::TcpStream::connect(listener.address()).await.unwrap();
    let half = "POST /events HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100\r\n\r\n{";
    slow.write_all(half.as_bytes()).await.unwrap();
    assert_eq!(answer(post(&listener, SEED_BODY)).await.0, 202);
    let stopped = tokio::time::timeout(Duration::from_secs(8), listener.stop()).await;
    stopped.expect("a stop has a bound, whatever clients do");
    drop(slow);
}

/// Goal: the program's verbs and exit codes. Method: the real binary over a site's files.
#[tokio::test(flavor = "multi_thread")]
async fn the_verbs_of_the_program() {
    let device = start(Behaviour::Password).await;
    let site = Site::of(&device);
    let dir = site.dir.path().to_owned();
    let (code, out, err) = program(&dir, &["check"]).await;
    assert_eq!((code, out.contains("1 source")), (0, true), "{out}{err}");
    let (code, out, err) = program(&dir, &["events"]).await;
    assert_eq!((code, out.as_str()), (4, ""), "{err}");
    assert!(err.contains("there is no journal"), "{err}");

    let listener = site.listen().await;
    let (_, reply) = answer(post(&listener, SEED_BODY)).await;
    let id = reply["id"].as_str().unwrap();
    finished(&listener, id).await;
    let url = format!("http://{}", listener.address());
    for place in [vec![], vec!["--listener", &url]] {
        let list = [vec!["events"], place.clone()].concat();
        let (code, out, err) = program(&dir, &list).await;
        assert_eq!((code, out.contains(id)), (0, true), "{out}{err}");
        let show = [vec!["events", "show", id], place.clone()].concat();
        let (code, out, err) = program(&dir, &show).await;
        assert_eq!((code, out.contains("Gi1  10.0.0.1")), (0, true), "{out}{err}");
        let none = [vec!["events", "show", "evt_none"], place].concat();
        assert_eq!(program(&dir, &none).await.0, 1);
    }
    let (code, _, err) = program(&dir, &["serve", "--bind", "127.0.0.1:0"]).await;
    assert_eq!((code, err.contains("hint: stop the other one")), (4, true), "{err}");
    listener.stop().await;

    let (code, out, err) = program(&dir, &["device", "check", "R1"]).await;
    assert_eq!(code, 0, "{out}{err}");
    for (check, found) in [
        ("tcp", device.address.to_string()),
        ("host key", device.fingerprint.clone()),
        ("auth", "user `admin`".into()),
        ("prompt", "R1#".into()),
        ("privilege", "15".into()),
        ("version", "Version 17.12.04".into()),
    ] {
        let ok = |line: &str| line.trim_start().starts_with(check) && line.contains(&found);
        assert!(out.lines().any(|line| ok(line) && line.contains("ok")), "{check}: {out}");
    }
    site.set_device(&device.address.to_string(), &format!("SHA256:{}", "a".repeat(43)));
    let (code, out, err) = program(&dir, &["device", "check", "R1", "--format", "json"]).await;
    let report: Value = serde_json::from_str(&out).unwrap_or_else(|e| panic!("{e}: {out}{err}"));
    assert_eq!((code, &report["ok"]), (1, &json!(false)), "{report}");
    assert_eq!(report["checks"][1]["check"], "host key", "{report}");
    assert_eq!(program(&dir, &["device", "check", "R9"]).await.0, 2);

    std::fs::write(dir.join("listener.toml"), "mode = \"guess\"\n").unwrap();
    let (code, _, err) = program(&dir, &["check"]).await;
    assert_eq!((code, err.contains("listener.toml:1:8")), (3, true), "{err}");
    let (code, out, _) = program(&dir, &["check", "--format", "json"]).await;
    let diagnostics: Value = serde_json::from_str(&out).unwrap();
    assert_eq!((code, diagnostics.is_null()), (3, false), "{out}");
}

/// Runs the program with the site's directory as working and state directory.
pub(crate) async fn program(dir: &Path, arguments: &[&str]) -> (i32, String, String) {
    let mut command = std::process::Command::new(env!("CARGO_BIN_EXE_listener"));
    command.args(arguments).current_dir(dir).env("EDNM_STATE", dir).env("NO_COLOR", "1");
    let run = tokio::task::spawn_blocking(move || command.output().unwrap());
    let output = run.await.unwrap();
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    (output.status.code().unwrap(), text(output.stdout), text(output.stderr))
}

/// Goal: a 202 survives a killed process, and a stop by signal is a success. Method: the real
/// binary, told to listen anywhere, killed after one reply, started again and ended with SIGTERM.
#[tokio::test(flavor = "multi_thread")]
async fn a_killed_process_keeps_what_it_accepted() {
    let device = start(Behaviour::Hang).await;
    let site = Site::of(&device);
    let dir = site.dir.path();
    let (mut child, url) = serve(dir).await;
    let reply = crate::client().post(format!("{url}/events")).body(SEED_BODY);
    let (status, reply) = answer(reply.header("content-type", "application/json")).await;
    assert_eq!(status, 202);
    child.kill().await.unwrap();
    let id = reply["id"].as_str().unwrap();
    let (code, out, err) = program(dir, &["events", "show", id]).await;
    assert_eq!((code, out.contains("InterfaceDown")), (0, true), "{out}{err}");

    let (mut child, url) = serve(dir).await;
    let stories = crate::client().get(format!("{url}/api/v1/events"));
    assert_eq!(answer(stories).await.1["events"][0]["id"], id);
    let pid = child.id().unwrap().to_string();
    let kill = tokio::process::Command::new("kill").args(["-TERM", &pid]).status().await;
    assert!(kill.unwrap().success());
    let ended = tokio::time::timeout(LOOP_BOUND, child.wait()).await.unwrap();
    assert_eq!(ended.unwrap().code(), Some(0));
}

/// Starts the program on a free port; its address comes from the line that says it is ready.
async fn serve(dir: &Path) -> (tokio::process::Child, String) {
    use tokio::io::AsyncBufReadExt as _;
    let mut command = tokio::process::Command::new(env!("CARGO_BIN_EXE_listener"));
    command.args(["serve", "--bind", "127.0.0.1:0", "--format", "json"]);
    command.current_dir(dir).env("EDNM_STATE", dir).kill_on_drop(true);
    command.stdout(std::process::Stdio::piped()).stderr(std::process::Stdio::null());
    let mut child = command.spawn().unwrap();
    let mut lines = tokio::io::BufReader::new(child.stdout.take().unwrap()).lines();
    let ready = tokio::time::timeout(LOOP_BOUND, lines.next_line()).await.unwrap();
    let ready: Value = serde_json::from_str(&ready.unwrap().unwrap()).unwrap();
    assert_eq!(ready["unauthenticated"], json!(["/events"]));
    (child, ready["listener"].as_str().unwrap().to_owned())
}
