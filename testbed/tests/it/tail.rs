//! `listener events tail`, from the journal's file and from a listener.

use std::io::{BufRead as _, BufReader};
use std::process::{Child, ChildStdout, Stdio};
use std::time::{Duration, Instant};

use crate::support::Project;
use crate::up::post;

const EVENT: &str = r#"{"event": "InterfaceDown", "device": "Router1", "interface": "Gi1"}"#;

/// A tail, and its lines.
struct Tail {
    child: Child,
    lines: BufReader<ChildStdout>,
}

impl Tail {
    fn start(project: &Project, args: &[&str]) -> Self {
        let mut command = project.command(&["listener", "events", "tail"]);
        let mut child = command.args(args).stdout(Stdio::piped()).spawn().unwrap();
        let lines = BufReader::new(child.stdout.take().unwrap());
        Tail { child, lines }
    }

    fn next(&mut self) -> String {
        let mut line = String::new();
        self.lines.read_line(&mut line).unwrap();
        line.trim_end().to_owned()
    }
}

impl Drop for Tail {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Goal: both origins tell each event until it is done, no state twice; a filter filters; Ctrl-C
/// ends it well. Method: events one after the other while three tails run.
#[test]
fn tails_tell_each_state_once() {
    let project = Project::new();
    let up = project.start(&["up", "--bind", "127.0.0.1:0"]);
    let url = format!("{}/events", up.listener());
    let raise = |body: &str| {
        let (status, answer) = post(&url, &["Content-Type: application/json"], body);
        assert_eq!(status, 202, "{answer:#}");
        answer["id"].as_str().unwrap().to_owned()
    };
    let old = raise(EVENT);
    std::thread::sleep(Duration::from_millis(1_500));
    let mut by_file = Tail::start(&project, &["--limit", "1"]);
    let mut by_api = Tail::start(&project, &["--listener", up.listener(), "--json"]);
    let mut filtered = Tail::start(&project, &["--name", "Other", "--only", "done"]);
    assert!(by_file.next().starts_with(&format!("{old}  ")), "one that was there");
    std::thread::sleep(Duration::from_millis(1_500));
    let first = raise(EVENT);
    let until_done = |next: &mut dyn FnMut() -> (String, String)| {
        let start = Instant::now();
        let mut states = Vec::new();
        while states.last().is_none_or(|state| state != "done") {
            let (id, state) = next();
            if id == old {
                continue; // a slow machine finishes it late
            }
            assert_eq!(id, first);
            assert!(!states.contains(&state), "{state} twice");
            states.push(state);
            assert!(start.elapsed() < Duration::from_secs(20));
        }
        states
    };
    let states = until_done(&mut || {
        let line = by_file.next();
        let columns: Vec<&str> = line.split_whitespace().collect();
        assert_eq!(columns[2..5], ["InterfaceDown", "R1", "claimed"], "{line}");
        (columns[0].to_owned(), columns[6].to_owned())
    });
    assert!(!states.is_empty());
    until_done(&mut || {
        let line: serde_json::Value = serde_json::from_str(&by_api.next()).unwrap();
        let text = |key: &str| line[key].as_str().unwrap().to_owned();
        (text("id"), text("state"))
    });
    let other = raise(r#"{"event": "Other", "device": "Router1"}"#);
    let line = filtered.next();
    assert!(line.starts_with(&other) && line.ends_with("done"), "{line}");
    let id = by_file.child.id().to_string();
    assert!(std::process::Command::new("kill").args(["-INT", &id]).status().unwrap().success());
    assert_eq!(by_file.child.wait().unwrap().code(), Some(0));
}

/// Goal: `| head -1` ends it quietly. Method: a reader that goes after one line.
#[test]
fn a_reader_that_goes_ends_it() {
    let project = Project::new();
    let up = project.start(&["up", "--bind", "127.0.0.1:0"]);
    let url = format!("{}/events", up.listener());
    let raise = || post(&url, &["Content-Type: application/json"], EVENT).0;
    assert_eq!(raise(), 202);
    let mut command = project.command(&["listener", "events", "tail", "--limit", "1"]);
    let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let mut lines = BufReader::new(child.stdout.take().unwrap());
    lines.read_line(&mut String::new()).unwrap();
    drop(lines);
    assert_eq!(raise(), 202);
    let output = child.wait_with_output().unwrap();
    assert_eq!(output.status.code(), Some(0));
    assert_eq!(String::from_utf8(output.stderr).unwrap(), "");
}
