//! The course: its suite of requests against the profile, as it is shipped and renamed throughout,
//! and its applets on R1.

use std::io::{Read as _, Write as _};
use std::net::TcpListener;
use std::path::Path;
use std::process::Command;
use std::time::{Duration, Instant};

use crate::support::{Project, Running, has, root, skip, stderr, stdout};
use crate::up::{free_port, post};

/// Artifacts of the graded lab, and words that each holds.
const ARTIFACTS: [(&str, &str); 8] = [
    ("joke.json", "\"joke\""),
    ("joke.txt", " "),
    ("card.json", "\"remaining\""),
    ("card.txt", " of "),
    ("device_cmd.txt", "Version"),
    ("restconf_system.json", "hostname"),
    ("netconf_system.xml", "<hostname>R1</hostname>"),
    ("summary.txt", "netconf"),
];

/// Its markers, as its grader looks for them.
const MARKERS: [&str; 19] = [
    "SERVER_STARTED",
    "SECURITY_VALIDATION=PASS",
    "SECURITY_VALIDATION=FAIL",
    "WEBHOOK_RECEIVED=/joke",
    "JOKE_API_CALLED",
    "RAW_SAVED=joke.json",
    "WEBHOOK_RECEIVED=/card/draw",
    "CARD_API_CALLED",
    "RAW_SAVED=card.json",
    "WEBHOOK_RECEIVED=/device/command",
    "NETWORK_DEVICE_CALLED",
    "CONNECT_OK: NETMIKO",
    "WEBHOOK_RECEIVED=/restconf/system",
    "RESTCONF_CALLED",
    "RAW_SAVED=restconf_system.json",
    "WEBHOOK_RECEIVED=/netconf/system",
    "NETCONF_CALLED",
    "RAW_SAVED=netconf_system.xml",
    "TESTING_COMPLETE",
];

/// What a copy of the profile is called instead: paths, names of events, token, values of payloads.
const RENAMED: [(&str, &str); 21] = [
    (" /joke", " /witz"),
    ("\"/joke", "\"/witz"),
    ("=/joke", "=/witz"),
    ("/card/draw", "/karte/ziehen"),
    ("/cpu-alert", "/alarm/prozessor"),
    ("/netmiko/", "/ssh/"),
    ("\"/events\"", "\"/ereignisse\""),
    ("POST /events ", "POST /ereignisse "),
    ("JokeRequest", "BitteEinWitz"),
    ("lab6-course-token", "noch-ein-geheimnis"),
    ("CardDraw", "KarteBitte"),
    ("\"card_draw\"", "\"karte_ziehen\""),
    ("'card_draw'", "'karte_ziehen'"),
    ("\"joke_request\"", "\"witz_erbeten\""),
    ("'joke_request'", "'witz_erbeten'"),
    ("device_status_check", "geraet_pruefen"),
    ("high_cpu", "hohe_last"),
    ("CoffeeIsReady", "KaffeeIstFertig"),
    ("break-room", "pausenraum"),
    ("lunch", "mittag"),
    ("mon-7", "wache-7"),
];

/// Lab and listener in one process, with the course's profile.
fn up(project: &Project, profile: &str, more: &[&str]) -> Running {
    let files = project.path("files").display().to_string();
    let words = ["up", "--profile", profile, "--files", &files, "--bind", "127.0.0.1:0"];
    project.start(&[&words, more].concat())
}

/// Runs `curl.sh` of a directory; what it printed is the message if it fails.
fn passes_suite(project: &Project, examples: &Path, url: &str, variables: &[(&str, &str)]) {
    let mut command = Command::new("bash");
    command.arg(examples.join("curl.sh")).arg(url).arg(project.path("files/data/curl_tests"));
    let output = command.envs(variables.iter().copied()).output().unwrap();
    let told = format!("{}{}", stdout(&output), stderr(&output));
    assert!(output.status.success(), "{told}\n{}", project.log());
}

/// Whether the tools of the suite are there; says so if not.
fn can_run(test: &str) -> bool {
    for (tool, arg) in [("bash", "--version"), ("curl", "--version"), ("python3", "--version")] {
        if !has(tool, arg) {
            skip(test, tool);
            return false;
        }
    }
    true
}

/// A file of the run, as soon as it is there and holds the words.
fn holds(project: &Project, file: &str, words: &str) {
    let path = project.path("files").join(file);
    let start = Instant::now();
    loop {
        let text = std::fs::read_to_string(&path).unwrap_or_default();
        if text.contains(words) {
            return;
        }
        assert!(start.elapsed() < Duration::from_secs(20), "no `{words}` in {file}: `{text}`");
        std::thread::sleep(Duration::from_millis(50));
    }
}

/// Goal: all requests of the course are answered as its texts say, and leave its artifacts and
/// markers; R1's own webhook has its applets and its configuration saved. Method: `curl.sh` against
/// `up`.
#[test]
fn the_suite_passes_against_the_profile() {
    if !can_run("the course's suite") {
        return;
    }
    let project = Project::new();
    let up = up(&project, "lab6", &["--offline"]);
    passes_suite(&project, &root().join("examples/lab6"), up.listener(), &[]);
    for (file, words) in ARTIFACTS {
        holds(&project, &format!("data/{file}"), words);
    }
    for marker in MARKERS {
        holds(&project, "logs/lab6.log", marker);
    }
    let (host, port) = up.ssh("R2");
    let shared = format!(
        r#"{{"host": "{host}", "port": {port}, "username": "admin", "password": "admin"}}"#
    );
    let url = format!("{}/network-command?command=show%20clock", up.listener());
    let (status, answer) = post(&url, &["Content-Type: application/json"], &shared);
    assert_eq!((status, &answer["node"]), (200, &"R2".into()), "its port names it: {answer:#}");
    let early = project.path("files/data/eem_config.txt");
    assert!(!early.exists(), "nothing but a router's own webhook makes it");
    let inject = project.run(&["simulator", "inject", "R1", "shutdown", "GigabitEthernet1"]);
    assert!(inject.status.success(), "{}", stderr(&inject));
    holds(&project, "data/eem_config.txt", "event manager applet INTERFACE_DOWN");
    holds(&project, "data/device_running_config.txt", "hostname R1");
    holds(&project, "logs/lab6.log", "EEM_CONFIG_SAVED");
    holds(&project, "logs/lab6.log", "CONFIG_BACKUP_SAVED");
}

/// Goal: the same over HTTPS, the two programs apart. Method: `listener serve --tls`; the authority
/// of the state directory is believed by curl of the listener, and by the listener of the routers.
#[test]
fn the_suite_passes_over_https() {
    let test = "the course's suite over HTTPS";
    if !can_run(test) {
        return;
    }
    let project = Project::new();
    // The listener must know where the routers are, so these ports are fixed.
    let mut text = std::fs::read_to_string(project.path("topology.toml")).unwrap();
    while text.contains("127.0.0.1:0\"") {
        text = text.replacen("127.0.0.1:0\"", &format!("127.0.0.1:{}\"", free_port()), 1);
    }
    project.write("topology.toml", &text);
    let made = project.run(&["listener", "cert"]);
    assert!(made.status.success(), "{}", stderr(&made));
    let _lab = project.start(&["simulator", "up"]);
    let files = project.path("files").display().to_string();
    let words = ["listener", "serve", "--profile", "lab6", "--offline", "--files", &files, "--tls"];
    let listener = project.start(&[&words, &["--bind", "127.0.0.1:0"][..]].concat());
    assert!(listener.listener().starts_with("https://"), "{}", listener.listener());
    let authority = project.path("state/ca.pem").display().to_string();
    passes_suite(
        &project,
        &root().join("examples/lab6"),
        listener.listener(),
        &[("CA", authority.as_str())],
    );
}

/// Goal: nothing of the profile is wired into code. Method: a copy with other paths, names and
/// token passes the suite with the same changes in it, and its jokes come from another address.
#[test]
fn a_renamed_profile_passes_the_renamed_suite() {
    if !can_run("the renamed suite") {
        return;
    }
    let jokes = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = format!("http://{}", jokes.local_addr().unwrap());
    let mut changes = vec![("https://icanhazdadjoke.com", address.as_str())];
    changes.extend(RENAMED);
    let project = Project::course(&changes);
    let profile = project.path("profiles/lab6").display().to_string();
    let offline = up(&project, &profile, &["--offline"]);
    passes_suite(&project, &project.path("examples/lab6"), offline.listener(), &[]);
    let (status, _) = post(&format!("{}/joke", offline.listener()), &[], "");
    assert_eq!(status, 404, "the old path is gone");
    drop(offline);
    let online = up(&project, &profile, &[]);
    let server = std::thread::spawn(move || tell_a_joke(&jokes));
    let token = ["X-Webhook-Token: noch-ein-geheimnis"];
    let (status, answer) = post(&format!("{}/witz", online.listener()), &token, "");
    assert_eq!((status, &answer["joke"]), (200, &"A router walks.".into()), "{answer:#}");
    server.join().unwrap();
}

/// Answers one request with a joke.
fn tell_a_joke(server: &TcpListener) {
    let (mut stream, _) = server.accept().unwrap();
    let mut head = [0; 4096];
    let read = stream.read(&mut head).unwrap();
    assert!(head[..read].starts_with(b"GET / HTTP/1.1"), "{}", head[..read].escape_ascii());
    let body = r#"{"id": "1", "joke": "A router walks.", "status": 200}"#;
    let length = body.len();
    write!(stream, "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n").unwrap();
    write!(stream, "Content-Length: {length}\r\nConnection: close\r\n\r\n{body}").unwrap();
}

/// Goal: the course's applets run on R1 in both forms, and each reaches its path. Method: the
/// shipped scenario, with R1's startup-config of either form.
#[test]
fn the_courses_applets_reach_the_listener() {
    for (config, dialect) in [("R1-course.cfg", "course"), ("R1-portable.cfg", "iosxe")] {
        let dialect = format!("dialect = \"{dialect}\"");
        let changes = [("R1-course.cfg", config), ("dialect = \"course\"", dialect.as_str())];
        let project = Project::course(&changes);
        let output = project.run(&["test", "examples/lab6/applets.toml"]);
        let told = format!("{}{}", stdout(&output), stderr(&output));
        assert!(output.status.success(), "{config}: {told}");
    }
}
