//! Reload of the listener's files: by a change, by SIGHUP, by `listener reload`; all or nothing.

use std::time::{Duration, Instant};

use crate::support::{Project, Running, stderr, stdout};
use crate::up::{eventually, get, post};

const EVENT: &str = r#"{"event": "InterfaceDown", "device": "Router1", "interface": "Gi1"}"#;
const JSON: &str = "Content-Type: application/json";

/// Asks until the status is the one that is wanted, within a bound.
pub(crate) fn becomes(running: &Running, path: &str, headers: &[&str], want: u16) {
    let url = format!("{}{path}", running.listener());
    let start = Instant::now();
    loop {
        let (status, answer) = post(&url, headers, EVENT);
        if status == want {
            return;
        }
        assert!(start.elapsed() < Duration::from_secs(20), "{path}: {status}, {answer:#}");
        std::thread::sleep(Duration::from_millis(100));
    }
}

pub(crate) fn status(running: &Running, path: &str, headers: &[&str]) -> u16 {
    post(&format!("{}{path}", running.listener()), headers, EVENT).0
}

/// Waits for words in the log, so many times.
pub(crate) fn said(project: &Project, words: &str, times: usize) {
    let start = Instant::now();
    while project.log().matches(words).count() < times {
        assert!(start.elapsed() < Duration::from_secs(20), "no {words}: {}", project.log());
        std::thread::sleep(Duration::from_millis(50));
    }
}

/// Goal: sources, credentials and mode follow the files, each trigger works, and a mistake changes
/// nothing. Method: `listener serve` with a token from a file.
#[test]
fn serve_follows_its_files() {
    let by_file = [("token = \"mySecretToken\"", "token = \"file:r1.token\"")];
    let project = Project::changed(&by_file);
    project.write("r1.token", "first-token\n");
    let serve = project.start(&["listener", "serve", "--bind", "127.0.0.1:0"]);
    let (first, second) =
        ([JSON, "Authorization: Bearer first-token"], [JSON, "Authorization: Bearer second-token"]);
    assert_eq!(status(&serve, "/events", &first), 202);
    assert_eq!(status(&serve, "/events", &second), 401);

    // A secret's file.
    project.write("r1.token", "second-token\n");
    becomes(&serve, "/events", &second, 202);
    assert_eq!(status(&serve, "/events", &first), 401);

    // A mistake, by every trigger: nothing changes, and it is told.
    let rules = std::fs::read_to_string(project.path("listener.toml")).unwrap();
    let moved = rules.replace("\"/events\"", "\"/hooks\"");
    project.write("listener.toml", &moved.replace("\nname = ", "\nnmae = "));
    said(&project, "RELOAD_FAILED", 1);
    assert!(project.log().contains("--> listener.toml:"), "{}", project.log());
    serve.signal("HUP");
    said(&project, "RELOAD_FAILED", 2);
    let refused = project.run(&["listener", "reload"]);
    let words = stderr(&refused);
    assert_eq!(refused.status.code(), Some(3), "{words}");
    assert!(words.contains("error[TOML00") && words.contains("goes on as it was"), "{words}");
    let refused = project.run(&["listener", "reload", "--format", "json"]);
    assert_eq!(refused.status.code(), Some(3));
    let told: serde_json::Value = serde_json::from_str(&stdout(&refused)).unwrap();
    assert!(told[0]["code"].as_str().unwrap().starts_with("TOML00"), "{told:#}");
    assert_eq!(status(&serve, "/events", &second), 202);
    assert_eq!(status(&serve, "/hooks", &second), 404);

    // All of it at once.
    project.write("listener.toml", &moved.replace("mode = \"act\"", "mode = \"observe\""));
    let done = project.run(&["listener", "reload"]);
    assert_eq!(done.status.code(), Some(0), "{}", stderr(&done));
    assert!(stderr(&done).contains("reloaded: `./listener.toml`"), "{}", stderr(&done));
    assert_eq!(status(&serve, "/hooks", &second), 202);
    assert_eq!(status(&serve, "/events", &second), 404);
    let newest = &get(&format!("{}/api/v1/events?limit=1", serve.listener()))["events"][0];
    let story = format!("{}/api/v1/events/{}", serve.listener(), newest["id"].as_str().unwrap());
    let story = eventually(&story, |story| story["state"] == "done");
    assert!(story["rules"][0]["actions"].to_string().contains("observed only"), "{story:#}");
    said(&project, "RELOADED files=", 2);

    // Who may read.
    project.write("api.token", "sixteen-letters-and-more");
    let list = ["listener", "events", "--listener", serve.listener(), "--token", "file:api.token"];
    assert_eq!(project.run(&list).status.code(), Some(4), "a token that is not known");
    let with_token = format!("{moved}\n[api]\ntoken = \"file:api.token\"\n");
    project.write("listener.toml", &with_token);
    assert_eq!(project.run(&["listener", "reload"]).status.code(), Some(0));
    assert_eq!(project.run(&list).status.code(), Some(0));
}

/// Goal: a file that vanishes is a mistake, not the embedded file in its place, and its return is
/// seen. Method: rename each away and back, as editors and deployments do.
#[test]
fn a_file_that_vanishes_changes_nothing() {
    let project = Project::new();
    let rules = std::fs::read_to_string(project.path("listener.toml")).unwrap();
    project.write("listener.toml", &rules.replace("unauthenticated = ", "# unauthenticated = "));
    let serve = project.start(&["listener", "serve", "--bind", "127.0.0.1:0"]);
    for (times, file) in [(1, "listener.toml"), (2, "topology.toml")] {
        assert_eq!(status(&serve, "/events", &[JSON]), 401);
        std::fs::rename(project.path(file), project.path("away")).unwrap();
        said(&project, &format!("RELOAD_FAILED reason=\"`{file}` is gone\""), 1);
        let refused = project.run(&["listener", "reload"]);
        assert_eq!(refused.status.code(), Some(3), "{}", stderr(&refused));
        assert_eq!(status(&serve, "/events", &[JSON]), 401, "{file}");
        std::fs::rename(project.path("away"), project.path(file)).unwrap();
        said(&project, "RELOADED files=", times);
    }
}

/// Goal: what a flag says stays in force over a reload. Method: `--require-auth`, the file saying
/// otherwise before and after.
#[test]
fn flags_stay_in_force() {
    let project = Project::new();
    let flags = ["listener", "serve", "--bind", "127.0.0.1:0", "--require-auth"];
    let serve = project.start(&flags);
    assert_eq!(status(&serve, "/events", &[JSON]), 401);
    serve.signal("HUP");
    said(&project, "RELOADED files=", 1);
    assert_eq!(status(&serve, "/events", &[JSON]), 401);
    let token = [JSON, "Authorization: Bearer mySecretToken"];
    assert_eq!(status(&serve, "/events", &token), 202);
}

/// Goal: the listener's half of `ednm up` follows its files too, and still reaches the routers of
/// its own lab. Method: another rule, then an event that it answers on R2.
#[test]
fn up_follows_its_files() {
    let project = Project::new();
    let up = project.start(&["up", "--bind", "127.0.0.1:0"]);
    let rules = std::fs::read_to_string(project.path("listener.toml")).unwrap();
    let from = rules.find("show = ").unwrap();
    project.write(
        "listener.toml",
        &format!("{}on = \"R2\"\nshow = [\"show clock\"]\n", &rules[..from]),
    );
    said(&project, "RELOADED files=", 1);
    let url = format!("{}/events", up.listener());
    let (code, answer) = post(&url, &[JSON], EVENT);
    assert_eq!(code, 202, "{answer:#}");
    let id = answer["id"].as_str().unwrap();
    let story = format!("{}/api/v1/events/{id}", up.listener());
    let story = eventually(&story, |story| story["state"] == "done");
    assert_eq!(story["jobs"][0]["device"], "R2", "{story:#}");
    assert_eq!(story["jobs"][0]["attempts"][0]["commands"][0]["command"], "show clock");
}
