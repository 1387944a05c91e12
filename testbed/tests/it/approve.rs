//! A change on a router, approved by a person: the whole way, in the real program.

use std::time::{Duration, Instant};

use serde_json::Value;

use crate::support::{Project, Running, stderr, stdout};
use crate::up::{eventually, post};

const RULES: &str = r#"
[[sources]]
path = "/events"
auth = ["bearer"]
unauthenticated = "loopback"
[[rules]]
name = "repair"
when = 'event.name == "InterfaceDown"'
[[rules.actions]]
configure = ["interface {{ event.data.interface | interface }}", "no shutdown"]
[[rules]]
name = "look"
when = 'event.name == "Look"'
[[rules.actions]]
show = ["show ip interface brief"]
"#;

/// How long a router may take to bring an interface up.
const UP_BOUND: Duration = Duration::from_secs(20);

fn events(up: &Running, query: &str) -> String {
    format!("{}/api/v1/events{query}", up.listener())
}

/// Runs a verb of the listener: its exit code, and all that it says.
fn listener(project: &Project, args: &[&str]) -> (Option<i32>, String) {
    let output = project.run(&[&["listener"], args].concat());
    (output.status.code(), format!("{}{}", stdout(&output), stderr(&output)))
}

fn jobs(project: &Project, args: &[&str]) -> Vec<Value> {
    let output = project.run(&[&["listener", "jobs", "--format", "json"], args].concat());
    assert!(output.status.success(), "{}", stderr(&output));
    let page: Value = serde_json::from_str(&stdout(&output)).unwrap();
    page["jobs"].as_array().unwrap().clone()
}

/// What `show ip interface brief` says about the interface at last.
fn line_of(up: &Running, interface: &str, is_wanted: impl Fn(&str) -> bool) -> String {
    let start = Instant::now();
    loop {
        let body = r#"{"event": "Look", "device": "R1"}"#;
        let url = format!("{}/events", up.listener());
        let (status, answer) = post(&url, &["Content-Type: application/json"], body);
        assert_eq!(status, 202, "{answer}");
        let story = events(up, &format!("/{}", answer["id"].as_str().unwrap()));
        let story = eventually(&story, |story| story["state"] == "done");
        let output = &story["jobs"][0]["attempts"][0]["commands"][0]["output"];
        let line = output.as_str().unwrap().lines().find(|line| line.starts_with(interface));
        let line = line.expect("the interface is listed").to_owned();
        if is_wanted(&line) {
            return line;
        }
        assert!(start.elapsed() < UP_BOUND, "not in time: {line}");
        std::thread::sleep(Duration::from_millis(200));
    }
}

/// Goal: a change waits, is listed, runs once somebody approves it and really changes the router;
/// another one is denied and changes nothing. Method: `up`, an injected fault, the verbs.
#[test]
fn a_change_is_approved_and_another_denied() {
    let project = Project::new();
    project.write("listener.toml", RULES);
    let (code, said) = listener(&project, &["approve", "job_x"]);
    assert_eq!(code, Some(4), "no listener runs: {said}");
    let up = project.start(&["up", "--bind", "127.0.0.1:0"]);
    for (verb, state, ends_up) in [("approved", "done", true), ("denied", "failed", false)] {
        let inject = project.run(&["simulator", "inject", "R1", "shutdown", "GigabitEthernet1"]);
        assert!(inject.status.success(), "{}", stderr(&inject));
        let waiting = events(&up, "?state=waiting");
        let page = eventually(&waiting, |page| page["events"][0]["id"].is_string());
        let event = page["events"][0]["id"].as_str().unwrap();
        let row = jobs(&project, &["--device", "R1"]).remove(0);
        assert_eq!((&row["state"], &row["event"]), (&"waiting".into(), &event.into()));
        assert_eq!(row["action"]["configure"][1], "no shutdown", "{row}");
        line_of(&up, "GigabitEthernet1", |line| line.contains("administratively down"));
        let job = row["job"].as_str().unwrap();
        let deny: &[&str] = if ends_up { &[] } else { &["--deny"] };
        let (code, said) = listener(&project, &[&["approve", job], deny].concat());
        assert_eq!((code, said.contains(verb)), (Some(0), true), "{said}");
        eventually(&events(&up, &format!("/{event}")), |story| story["state"] == state);
        line_of(&up, "GigabitEthernet1", |line| {
            line.contains("administratively down") != ends_up && line.contains("up") == ends_up
        });
        let (code, said) = listener(&project, &["approve", job]);
        assert_eq!((code, said.contains("it has ended")), (Some(1), true), "{said}");
        let (_, story) = listener(&project, &["events", "show", event]);
        assert!(story.contains(&format!("{verb} by ")), "{story}");
        let from_api = jobs(&project, &["--all", "--listener", up.listener()]);
        assert_eq!(from_api, jobs(&project, &["--all"]));
        assert!(from_api.iter().any(|row| row["job"] == job && row["state"] == state));
    }
    assert_eq!(jobs(&project, &[]), Vec::<Value>::new());
}
