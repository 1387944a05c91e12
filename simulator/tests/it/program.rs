//! The program itself: what it prints, and what it exits with.

use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;
use std::process::{Output, Stdio};

use serde_json::Value;
use tokio::io::{AsyncBufReadExt as _, AsyncReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::net::TcpListener;
use tokio::process::{Child, Command};
use tokio::time::timeout;

use crate::bench::{ONE_ROUTER, R1_CONFIG, WAIT, folder};
use crate::client::connect;

fn simulator(dir: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_simulator"));
    command.args(arguments).arg("--state").arg(dir.join("state")).current_dir(dir);
    command.env("NO_COLOR", "1").stdin(Stdio::null()).kill_on_drop(true);
    // Nobody listens there: whatever went by a proxy would fail.
    for proxy in ["http_proxy", "HTTP_PROXY", "https_proxy", "all_proxy", "ALL_PROXY"] {
        command.env(proxy, "http://127.0.0.1:1/");
    }
    command
}

async fn run(dir: &Path, arguments: &[&str]) -> (i32, String, String) {
    let done = timeout(WAIT, simulator(dir, arguments).output()).await.unwrap().unwrap();
    let Output { status, stdout, stderr } = done;
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    (status.code().unwrap(), text(stdout), text(stderr))
}

/// Starts `up --json` and waits for its line.
async fn up(dir: &Path, arguments: &[&str]) -> (Child, Value) {
    let mut command = simulator(dir, &["up", "--json"]);
    command.args(arguments);
    let mut child = command.stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
    let line = timeout(WAIT, lines.next_line()).await.unwrap().unwrap().unwrap();
    (child, serde_json::from_str(&line).unwrap())
}

/// Goal: a second process changes a running lab and sees it; SIGTERM ends it well.
#[tokio::test]
async fn a_running_lab_is_controlled() {
    let dir = folder(ONE_ROUTER, R1_CONFIG);
    let (mut child, ready) = up(dir.path(), &[]).await;
    assert_eq!(ready["ready"], true);
    assert_eq!(ready["nodes"][0]["name"], "R1");
    let (code, out, errors) = run(dir.path(), &["inspect", "--json"]).await;
    assert_eq!((code, errors.as_str()), (0, ""));
    let nodes: Value = serde_json::from_str(&out).unwrap();
    assert_eq!(nodes[0]["ssh"], ready["nodes"][0]["ssh"]);
    assert_eq!(nodes[0]["interfaces"], serde_json::json!({"up": 4, "total": 4}));
    let (code, _, _) = run(dir.path(), &["inject", "R1", "shutdown", "Gi1"]).await;
    assert_eq!(code, 0);
    let (_, out, _) = run(dir.path(), &["inspect"]).await;
    assert!(out.contains("│ R1   ┆ virtual ┆           3/4 ┆       0 ┆ 127.0.0.1:"), "{out}");
    let (_, out, _) = run(dir.path(), &["inspect", "R1"]).await;
    assert!(
        out.contains("│ GigabitEthernet1 ┆ 192.0.2.1  ┆ administratively down ┆ down"),
        "{out}"
    );
    let (code, _, errors) = run(dir.path(), &["inspect", "R2"]).await;
    assert_eq!((code, errors.contains("did you mean `R1`?")), (2, true), "{errors}");
    let (code, _, errors) = run(dir.path(), &["inject", "R1", "shutdown", "Gi9"]).await;
    assert_eq!(code, 2);
    assert!(errors.contains("Gi9"), "{errors}");
    let (code, _, errors) = run(dir.path(), &["up"]).await;
    assert_eq!(code, 4);
    assert!(errors.contains("already serves the control socket"), "{errors}");
    let id = child.id().unwrap().to_string();
    assert!(Command::new("kill").args(["-TERM", &id]).status().await.unwrap().success());
    assert_eq!(timeout(WAIT, child.wait()).await.unwrap().unwrap().code(), Some(0));
    assert!(!dir.path().join("state/simulator.sock").exists());
}

/// Goal: `--webhook` sends a router's webhook to any receiver, in any path. Method: a bare socket.
#[tokio::test]
async fn webhooks_go_where_the_flag_says() {
    let receiver = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/hook", receiver.local_addr().unwrap());
    let applet = r#"event manager applet DOWN
 event syslog pattern "changed state to admin"
 action 1 http post url "http://192.0.2.9/events" body "{\"event\": \"Down\"}"
end
"#;
    let course = ONE_ROUTER.replace("[nodes.R1]", "[nodes.R1]\ndialect = \"course\"");
    let dir = folder(&course, &R1_CONFIG.replace("end\n", applet));
    let (_child, _ready) = up(dir.path(), &["--webhook", &url]).await;
    assert_eq!(run(dir.path(), &["inject", "R1", "shutdown", "Gi1"]).await.0, 0);
    let (mut stream, _) = timeout(WAIT, receiver.accept()).await.unwrap().unwrap();
    let mut request = Vec::new();
    while !request.ends_with(b"{\"event\": \"Down\"}") {
        let read = timeout(WAIT, stream.read_buf(&mut request)).await.unwrap().unwrap();
        assert_ne!(read, 0, "{}", String::from_utf8_lossy(&request));
    }
    stream.write_all(b"HTTP/1.1 202 Accepted\r\nContent-Length: 0\r\n\r\n").await.unwrap();
    let text = String::from_utf8(request).unwrap().to_ascii_lowercase();
    assert!(text.starts_with("post /hook http/1.1\r\nhost: 127.0.0.1:"), "{text}");
    for header in
        ["content-type: application/json", "webhook-id: ", "x-ednm-device: r1", "traceparent: 00-"]
    {
        assert!(text.contains(&format!("\r\n{header}")), "{header}: {text}");
    }
}

/// Goal: every fact is in the trace, from the first on, readable while the lab runs and by its
/// owner alone. Method: `inject`, the file polled, then a stop.
#[tokio::test]
async fn a_trace_holds_every_fact_as_it_happens() {
    let dir = folder(ONE_ROUTER, R1_CONFIG);
    let (mut child, _) = up(dir.path(), &["--trace", "lab.jsonl"]).await;
    let path = dir.path().join("lab.jsonl");
    assert_eq!(run(dir.path(), &["inject", "R1", "shutdown", "Gi1"]).await.0, 0);
    let told = async {
        while !std::fs::read_to_string(&path).unwrap().contains("administratively down") {
            tokio::time::sleep(std::time::Duration::from_millis(10)).await;
        }
    };
    timeout(WAIT, told).await.expect("the lab still runs, and its trace has the fact");
    let id = child.id().unwrap().to_string();
    assert!(Command::new("kill").args(["-TERM", &id]).status().await.unwrap().success());
    assert_eq!(timeout(WAIT, child.wait()).await.unwrap().unwrap().code(), Some(0));
    let mode = std::fs::metadata(&path).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
    let text = std::fs::read_to_string(&path).unwrap();
    let lines: Vec<Value> = text.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let numbers: Vec<u64> =
        lines.iter().filter(|l| l["node"] == "R1").map(|l| l["n"].as_u64().unwrap()).collect();
    assert!(numbers.iter().copied().eq(1..=numbers.len() as u64), "none is missing: {text}");
    let fault = lines.iter().find(|line| line["fact"] == "fault").unwrap();
    assert_eq!(fault["step"], "shutdown GigabitEthernet1");
}

/// Goal: `EDNM_LOG` shows our side and the library's, on lines of the one form, without the
/// password. Method: a login that fails, read from the program's stderr.
#[tokio::test]
async fn the_log_tells_of_a_login() {
    let dir = folder(ONE_ROUTER, R1_CONFIG);
    let mut command = simulator(dir.path(), &["up", "--json"]);
    command.env("EDNM_LOG", "simulator=debug,russh=debug");
    let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let mut ready = BufReader::new(child.stdout.take().unwrap()).lines();
    let line = timeout(WAIT, ready.next_line()).await.unwrap().unwrap().unwrap();
    let ready: Value = serde_json::from_str(&line).unwrap();
    let address = ready["nodes"][0]["ssh"].as_str().unwrap().parse().unwrap();
    let mut client = connect(address).await;
    let refused = client.authenticate_password("admin", "pa55w0rd").await.unwrap();
    assert!(!refused.success());
    child.kill().await.unwrap();
    let mut text = String::new();
    child.stderr.take().unwrap().read_to_string(&mut text).await.unwrap();
    let lines: Vec<&str> = text.lines().filter(|line| line.starts_with("LOG ")).collect();
    let said = |words: &str| lines.iter().any(|line| line.contains(words));
    assert!(said("message=login session=0 user=admin verdict=Rejected ts="), "{text}");
    assert!(said("LOG level=debug target=russh::"), "{text}");
    assert!(!text.contains("pa55w0rd"), "{text}");
    let (code, _, errors) = {
        let mut command = simulator(dir.path(), &["inspect"]);
        let done = command.env("EDNM_LOG", "russh=loud").output().await.unwrap();
        (done.status.code(), done.stdout, String::from_utf8(done.stderr).unwrap())
    };
    assert_eq!(code, Some(2));
    assert!(errors.contains("EDNM_LOG=russh=loud"), "{errors}");
}

/// Goal: each way to fail has its code and names what is wrong. Method: a table of command lines.
#[tokio::test]
async fn failures_have_their_codes() {
    let dir = folder(ONE_ROUTER, R1_CONFIG);
    std::fs::write(dir.path().join("bad.toml"), "[lab]\nnmae = 1\n").unwrap();
    let table: [(&[&str], i32, &str); 6] = [
        (&["inspect"], 4, "nothing runs behind the control socket"),
        (&["up", "--topology", "none.toml"], 4, "cannot read `none.toml`"),
        (&["up", "--topology", "bad.toml"], 3, "--> bad.toml:2:1"),
        (&["up", "--webhook", "ftp://x/"], 2, "expected `http://` or `https://`"),
        (&["up", "--sed", "1"], 2, "--seed"),
        (&["up", "--trace", "no/t.jsonl"], 4, "cannot write the trace `no/t.jsonl`"),
    ];
    for (arguments, want, words) in table {
        let (code, out, errors) = run(dir.path(), arguments).await;
        assert_eq!((code, out.as_str()), (want, ""), "{arguments:?}: {errors}");
        assert!(errors.contains(words), "{arguments:?}: {errors}");
    }
}

/// Goal: a scenario is judged; what needs a listener is not observed, and fails unless allowed.
#[tokio::test]
async fn a_scenario_is_judged() {
    let dir = folder(ONE_ROUTER, R1_CONFIG);
    let scenario = r#"
        name = "down"
        [[steps]]
        at = "10ms"
        node = "R1"
        shutdown = "Gi1"
        [[expect]]
        within = "5s"
        syslog = { node = "R1", pattern = "LINK-5-CHANGED" }
        [[expect]]
        within = "5s"
        action = { device = "R1", command = "show clock" }
    "#;
    std::fs::write(dir.path().join("s.toml"), scenario).unwrap();
    let (code, out, errors) = run(dir.path(), &["run", "s.toml", "--json"]).await;
    assert_eq!(code, 1, "{errors}");
    let verdict: Value = serde_json::from_str(&out).unwrap();
    assert_eq!(verdict["verdict"], "failed");
    let states: Vec<&Value> =
        verdict["expectations"].as_array().unwrap().iter().map(|e| &e["state"]).collect();
    assert_eq!(states, ["met", "not observed"]);
    assert!(errors.contains("SIM021"), "{errors}");
    let (code, out, errors) = run(dir.path(), &["run", "s.toml", "--allow-unobserved"]).await;
    assert_eq!(code, 0, "{errors}");
    assert!(out.contains("2 expectations: 1 met, 1 not observed"), "{out}");
}

/// Goal: `reset` cuts a client, and the router is as at its start; the lab goes on. Method: a shell
/// over SSH, a port shut, `inspect` before and after.
#[tokio::test]
async fn a_running_lab_is_reset() {
    let dir = folder(ONE_ROUTER, R1_CONFIG);
    let (_child, ready) = up(dir.path(), &[]).await;
    let address = ready["nodes"][0]["ssh"].as_str().unwrap().parse().unwrap();
    let mut client = connect(address).await;
    assert!(client.authenticate_password("admin", "admin").await.unwrap().success());
    let mut channel = client.channel_open_session().await.unwrap();
    channel.request_pty(false, "vt100", 80, 24, 0, 0, &[]).await.unwrap();
    channel.request_shell(false).await.unwrap();
    assert_eq!(run(dir.path(), &["inject", "R1", "shutdown", "Gi1"]).await.0, 0);
    let (_, out, _) = run(dir.path(), &["inspect", "R1", "--json"]).await;
    let node = &serde_json::from_str::<Value>(&out).unwrap()[0];
    assert_eq!(node["interfaces"], serde_json::json!({"up": 3, "total": 4}));
    assert_eq!(node["interface_list"][0]["status"], "administratively down");
    let session = &node["sessions"][0];
    assert_eq!((&session["user"], &session["line"]), (&"admin".into(), &"vty 0".into()));
    assert_eq!(session["from"], "127.0.0.1");
    let (code, _, errors) = run(dir.path(), &["reset", "R1"]).await;
    assert_eq!((code, errors.contains("R1: started anew")), (0, true), "{errors}");
    let gone = async { while channel.wait().await.is_some() {} };
    timeout(WAIT, gone).await.expect("the session is cut");
    let (_, out, _) = run(dir.path(), &["inspect", "--json"]).await;
    let node = &serde_json::from_str::<Value>(&out).unwrap()[0];
    assert_eq!(node["interfaces"], serde_json::json!({"up": 4, "total": 4}));
    assert_eq!(node["sessions"], serde_json::json!([]));
    assert_eq!(run(dir.path(), &["reset"]).await.0, 0);
    let (code, _, errors) = run(dir.path(), &["reset", "R9"]).await;
    assert_eq!((code, errors.contains("unknown node `R9`")), (2, true), "{errors}");
}

/// Goal: strangers cannot log in with what everybody knows. Method: the same lab on every address,
/// by a literal, by the environment, by the startup-config; and with a password of its own.
#[tokio::test]
async fn the_shipped_credentials_stay_on_loopback() {
    let open = ONE_ROUTER.replace("127.0.0.1:0", "0.0.0.0:0");
    let by_env = open.replace("password = \"admin\"", "password = \"env:ROUTER_PASSWORD\"");
    let user = R1_CONFIG.replace("end\n", "username admin secret admin\nend\n");
    for (topology, config) in [(&open, R1_CONFIG), (&by_env, R1_CONFIG), (&by_env, &user)] {
        let dir = folder(topology, config);
        let mut command = simulator(dir.path(), &["up"]);
        let password = if config == user { "another" } else { "admin" };
        let done = timeout(WAIT, command.env("ROUTER_PASSWORD", password).output()).await;
        let done = done.unwrap().unwrap();
        let errors = String::from_utf8(done.stderr).unwrap();
        assert_eq!(done.status.code(), Some(3), "{errors}");
        assert!(errors.contains("error[TOP021]: node `R1` lets `admin` in"), "{errors}");
        assert!(errors.contains(if config == user { "R1.cfg:5:1" } else { "topology.toml:5:" }));
    }
    let dir = folder(&by_env, R1_CONFIG);
    let mut command = simulator(dir.path(), &["up", "--json"]);
    command.env("ROUTER_PASSWORD", "another").stdout(Stdio::piped()).stderr(Stdio::null());
    let mut child = command.spawn().unwrap();
    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
    let line = timeout(WAIT, lines.next_line()).await.unwrap().unwrap().unwrap();
    assert!(line.contains("\"ready\":true"), "{line}");
}
