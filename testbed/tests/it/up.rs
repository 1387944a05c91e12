//! `ednm up` and the two programs apart: ports, the course's curl line, inject, files.

use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::time::{Duration, Instant};

use serde_json::Value;

use crate::support::{Project, stderr, stdout};

/// A POST as the course's curl line makes it; the status and the JSON of the answer.
pub(crate) fn post(url: &str, headers: &[&str], body: &str) -> (u16, Value) {
    exchange(url, "POST", headers, body)
}

pub(crate) fn get(url: &str) -> Value {
    exchange(url, "GET", &[], "").1
}

fn exchange(url: &str, method: &str, headers: &[&str], body: &str) -> (u16, Value) {
    let rest = url.strip_prefix("http://").unwrap();
    let (authority, path) = rest.split_once('/').unwrap();
    let mut stream = TcpStream::connect(authority).unwrap();
    stream.set_read_timeout(Some(Duration::from_secs(10))).unwrap();
    let mut request = format!("{method} /{path} HTTP/1.1\r\nHost: {authority}\r\n");
    for header in headers {
        request.push_str(&format!("{header}\r\n"));
    }
    let length = body.len();
    request.push_str(&format!("Connection: close\r\nContent-Length: {length}\r\n\r\n{body}"));
    stream.write_all(request.as_bytes()).unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    let status = answer.split(' ').nth(1).unwrap().parse().unwrap();
    let (_, body) = answer.split_once("\r\n\r\n").unwrap();
    let body = &body[body.find('{').unwrap_or(0)..body.rfind('}').map_or(0, |end| end + 1)];
    (status, serde_json::from_str(body).unwrap_or_else(|e| panic!("{e}: {answer}")))
}

/// Asks until the answer satisfies `is_there`, within a bound.
pub(crate) fn eventually(url: &str, is_there: impl Fn(&Value) -> bool) -> Value {
    let start = Instant::now();
    loop {
        let answer = get(url);
        if is_there(&answer) {
            return answer;
        }
        assert!(start.elapsed() < Duration::from_secs(20), "not in time: {answer:#}");
        std::thread::sleep(Duration::from_millis(50));
    }
}

/// Goal: the course's curl line gets a 2xx, and `inject` closes the loop again and again. Method:
/// `up` on free ports, the API's stories.
#[test]
fn up_takes_the_curl_line_and_injected_steps() {
    let project = Project::new();
    let up = project.start(&["up", "--bind", "127.0.0.1:0"]);
    assert_eq!(up.ready["ready"], true);
    let url = format!("{}/events", up.listener());
    let body =
        r#"{"event": "InterfaceDown", "device": "Router1", "interface": "GigabitEthernet1"}"#;
    let (status, answer) = post(&url, &["Content-Type: application/json"], body);
    assert_eq!((status, &answer["status"]), (202, &"accepted".into()), "{answer:#}");
    let wrong = ["Content-Type: application/json", "Authorization: Bearer wrong"];
    assert_eq!(post(&url, &wrong, body).0, 401, "a wrong credential is refused, loopback or not");
    let api = format!("{}/api/v1/events?device=R1", up.listener());
    for (step, count) in [("shutdown", 1), ("no-shutdown", 1), ("shutdown", 2)] {
        let inject = ["simulator", "inject", "R1", step, "GigabitEthernet1"];
        let output = project.run(&inject);
        assert!(output.status.success(), "{}", stderr(&output));
        let by_credential = |answer: &Value| {
            let events = answer["events"].as_array().unwrap();
            events.iter().filter(|e| e["device_from"] == "credential").count()
        };
        eventually(&api, |answer| by_credential(answer) == count);
    }
    let newest = get(&api)["events"][0]["id"].as_str().unwrap().to_owned();
    let story = format!("{}/api/v1/events/{newest}", up.listener());
    let story = eventually(&story, |s| s.to_string().contains("administratively down"));
    assert!(story.to_string().contains("show ip interface brief"), "{story:#}");
}

/// Goal: words that make no sense get a message and a documented exit code. Method: a table.
#[test]
fn mistakes_at_the_command_line_are_explained() {
    let project = Project::new();
    let nobody = project.run(&["simulator", "inject", "R1", "shutdown", "GigabitEthernet1"]);
    assert_eq!(nobody.status.code(), Some(4), "{}", stderr(&nobody));
    let up = project.start(&["up", "--bind", "127.0.0.1:0"]);
    let check = |args: &[&str], code: i32, word: &str| {
        let output = project.run(args);
        let said = format!("{}{}", stdout(&output), stderr(&output));
        assert_eq!(output.status.code(), Some(code), "{args:?}: {said}");
        assert!(said.contains(word), "{args:?}: {said}");
    };
    check(&["simulator", "inject", "R0", "shutdown", "GigabitEthernet1"], 2, "R0");
    check(&["simulator", "inject", "R1", "shutdown", "GigabitEthernet77"], 2, "GigabitEthernet77");
    check(&["simulator", "inject", "R1", "explode", "now"], 2, "explode");
    check(&["nonsense"], 2, "nonsense");
    check(&["test", "no-such-file.toml"], 4, "no-such-file.toml");
    let taken = up.listener().strip_prefix("http://").unwrap();
    check(&["listener", "serve", "--bind", taken], 4, "cannot");
}

/// Goal: the two programs work apart. Method: `simulator up --webhook` at a `listener serve` that
/// reads the same topology.
#[test]
fn the_two_programs_close_the_loop_apart() {
    let project = Project::new();
    // The listener must know where the routers are, so these ports are fixed: two free ones.
    let ports: Vec<u16> = (0..3).map(|_| free_port()).collect();
    let mut text = std::fs::read_to_string(project.path("topology.toml")).unwrap();
    for port in &ports {
        text = text.replacen("127.0.0.1:0", &format!("127.0.0.1:{port}"), 1);
    }
    project.write("topology.toml", &text);
    let listener = project.start(&["listener", "serve", "--bind", "127.0.0.1:0"]);
    let webhook = format!("{}/events", listener.listener());
    let _lab = project.start(&["simulator", "up", "--webhook", &webhook]);
    let inject = project.run(&["simulator", "inject", "R1", "shutdown", "GigabitEthernet1"]);
    assert!(inject.status.success(), "{}", stderr(&inject));
    let api = format!("{}/api/v1/events?device=R1", listener.listener());
    let events = eventually(&api, |answer| !answer["events"].as_array().unwrap().is_empty());
    let id = events["events"][0]["id"].as_str().unwrap().to_owned();
    let story = format!("{}/api/v1/events/{id}", listener.listener());
    eventually(&story, |story| story.to_string().contains("administratively down"));
}

/// A port that nobody has at this moment.
pub(crate) fn free_port() -> u16 {
    std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port()
}
