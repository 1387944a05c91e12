//! The end of `ednm up`: what runs on a router when it comes, and a second signal.

use std::time::Duration;

use serde_json::Value;

use crate::support::{Project, Running, stdout};
use crate::up::{eventually, post};

const EVENT: &str = r#"{"event": "InterfaceDown", "device": "Router1", "interface": "Gi1"}"#;

/// A project whose rule sends this line first: an address that nobody has takes 2 s a ping.
fn project(ping: &str) -> Project {
    let shown =
        r#"["show ip interface brief", "show interfaces {{ event.data.interface | interface }}"]"#;
    let slow = format!("[\"{ping}\", \"show clock\"]");
    let project = Project::changed(&[(shown, &slow)]);
    assert!(std::fs::read_to_string(project.path("listener.toml")).unwrap().contains(ping));
    project
}

/// Starts it and raises an event; returns while the first command runs on the router.
fn in_mid_command(project: &Project) -> (Running, String) {
    let up = project.start(&["up", "--bind", "127.0.0.1:0"]);
    let url = format!("{}/events", up.listener());
    let (status, answer) = post(&url, &["Content-Type: application/json"], EVENT);
    assert_eq!(status, 202, "{answer:#}");
    let id = answer["id"].as_str().unwrap().to_owned();
    let story = format!("{}/api/v1/events/{id}", up.listener());
    eventually(&story, |story| !story["jobs"][0]["attempts"][0].is_null());
    // From the attempt to its command: a login on loopback.
    std::thread::sleep(Duration::from_millis(700));
    (up, id)
}

fn story(project: &Project, id: &str) -> Value {
    let output = project.run(&["listener", "events", "show", id, "--format", "json"]);
    serde_json::from_str(&stdout(&output)).unwrap()
}

/// Goal: a command that runs when the stop comes ends, and with it its job, though there is another
/// command behind it. Method: SIGTERM during a ping of 2 s.
#[test]
fn a_short_command_is_finished() {
    let project = project("ping 10.0.99.9 repeat 1");
    let (mut up, id) = in_mid_command(&project);
    up.signal("TERM");
    let (code, took) = up.ended();
    assert_eq!(code, Some(0), "{}", project.log());
    assert!(took < Duration::from_secs(8), "{took:?}");
    let story = story(&project, &id);
    assert_eq!(story["state"], "done", "{story:#}");
    let commands = story["jobs"][0]["attempts"][0]["commands"].as_array().unwrap();
    assert_eq!(commands.len(), 2, "{story:#}");
    assert!(!project.path("state/listener.sock").exists());
    assert!(!project.path("state/simulator.sock").exists());
}

/// Goal: a command that takes longer than the bound is given up, its job is run again after the
/// next start, and that it may be a repeat is said. Method: SIGTERM during a ping of 12 s.
#[test]
fn a_long_command_is_run_again_in_doubt() {
    let project = project("ping 10.0.99.9 repeat 6");
    let (mut up, id) = in_mid_command(&project);
    up.signal("TERM");
    let (code, took) = up.ended();
    assert_eq!(code, Some(0), "{}", project.log());
    assert!(took < Duration::from_secs(10), "{took:?}");
    let before = story(&project, &id);
    assert_eq!(before["state"], "running", "{before:#}");
    assert_eq!(before["jobs"][0]["attempts"].as_array().unwrap().len(), 1, "{before:#}");
    let again = project.start(&["up", "--bind", "127.0.0.1:0"]);
    let url = format!("{}/api/v1/events/{id}", again.listener());
    let after = eventually(&url, |story| story["state"] == "done");
    let attempts = after["jobs"][0]["attempts"].as_array().unwrap();
    let doubts: Vec<&Value> = attempts.iter().map(|attempt| &attempt["in_doubt"]).collect();
    assert_eq!(doubts, [false, true], "{after:#}");
}

/// Goal: whoever does not want to wait need not. Method: two signals during a ping of 12 s.
#[test]
fn a_second_signal_ends_at_once() {
    let project = project("ping 10.0.99.9 repeat 6");
    let (mut up, _) = in_mid_command(&project);
    up.signal("TERM");
    std::thread::sleep(Duration::from_millis(300));
    up.signal("INT");
    let (code, took) = up.ended();
    assert_eq!(code, Some(130), "{}", project.log());
    assert!(took < Duration::from_secs(2), "{took:?}");
    assert!(project.log().contains("warning: stopped at once"), "{}", project.log());
}
