//! Whole configurations of a listener: those that the program carries, and those in directories;
//! and the files that a listener.toml includes.

use std::process::Stdio;

use crate::reload::{becomes, said, status};
use crate::support::{Project, Running, stderr, stdout};
use crate::up::{free_port, get, post};

const JSON: &str = "Content-Type: application/json";

fn serve(project: &Project, profile: &str) -> Running {
    project.start(&["listener", "serve", "--bind", "127.0.0.1:0", "--profile", profile])
}

/// Whether its description has the path that every generation of the course posts to.
fn has_events(running: &Running) -> bool {
    let document = get(&format!("{}/openapi.json", running.listener()));
    document["paths"]["/events"].get("post").is_some()
}

/// Goal: a profile is listed, shown, run, copied and run from its copy. Method: `lab6`, in a
/// directory with files of its own, which count for nothing.
#[test]
fn a_profile_is_run_and_copied() {
    let project = Project::new();
    project.write("listener.toml", "this is no TOML");
    let listed = project.run(&["listener", "profile"]);
    assert_eq!(stdout(&listed), "lab6\n");
    let shown = stdout(&project.run(&["listener", "profile", "lab6"]));
    assert!(shown.starts_with("#### ") && shown.contains("#### listener.toml\n"), "{shown}");
    let unknown = project.run(&["listener", "profile", "lab7"]);
    assert_eq!(unknown.status.code(), Some(2));
    assert!(stderr(&unknown).contains("no profile `lab7`; there is lab6"), "{}", stderr(&unknown));

    let carried = serve(&project, "lab6");
    assert!(project.log().contains("listener: the embedded `profiles/lab6/listener.toml`"));
    let own = "warning: `LAB6_BASIC` and `LAB6_TOKEN` are not set";
    assert_eq!(project.log().matches("warning").count(), 1, "{}", project.log());
    assert!(project.log().contains(own), "{}", project.log());
    assert!(has_events(&carried));
    carried.terminate();

    let copied = project.run(&["listener", "profile", "lab6", "--to", "lab6"]);
    assert_eq!(copied.status.code(), Some(0), "{}", stderr(&copied));
    let again = project.run(&["listener", "profile", "lab6", "--to", "lab6"]);
    assert!(stderr(&again).contains("is there already"), "{}", stderr(&again));
    assert_eq!(again.status.code(), Some(4));
    let check = project.run(&["listener", "check", "--profile", "lab6/"]);
    assert_eq!(check.status.code(), Some(0), "{}", stderr(&check));
    let copy = serve(&project, "./lab6");
    assert!(has_events(&copy));

    let both = project.run(&["listener", "check", "--profile", "lab6", "--config", "x"]);
    assert_eq!(both.status.code(), Some(2));
    let none = project.run(&["listener", "check", "--profile", "lab"]);
    let words = "`lab` is neither a profile (there is lab6) nor a directory";
    assert!(stderr(&none).contains(words), "{}", stderr(&none));
}

/// Goal: an included file is reloaded when it changes, its mistakes are told at their place in it,
/// and `ednm check` reads it once, with the file that includes it.
#[test]
fn an_included_file_counts_as_one_of_ours() {
    let project = Project::new();
    let rules = std::fs::read_to_string(project.path("listener.toml")).unwrap();
    let extra = "[[sources]]\npath = \"/extra\"\nauth = [\"bearer\"]\n\
                 unauthenticated = \"loopback\"\n";
    project.write("listener.toml", &format!("include = [\"more/extra.toml\"]\n{rules}"));
    project.write("more/extra.toml", extra);
    let check = project.run(&["check"]);
    assert_eq!(check.status.code(), Some(0), "{}", stderr(&check));
    assert!(stdout(&check).contains("`listener.toml`: 2 sources, 1 rule"), "{}", stdout(&check));
    assert!(!stdout(&check).contains("extra.toml"), "{}", stdout(&check));

    let serve = project.start(&["listener", "serve", "--bind", "127.0.0.1:0"]);
    assert_eq!(status(&serve, "/extra", &[JSON]), 202);
    project.write("more/extra.toml", &extra.replace("/extra", "/other"));
    becomes(&serve, "/other", &[JSON], 202);
    let document = get(&format!("{}/openapi.json", serve.listener()));
    assert!(document["paths"].get("/other").is_some() && document["paths"].get("/extra").is_none());
    assert_eq!(status(&serve, "/extra", &[JSON]), 404);
    project.write("more/extra.toml", &extra.replace("path", "pth"));
    said(&project, "RELOAD_FAILED", 1);
    assert!(project.log().contains("--> more/extra.toml:2:1"), "{}", project.log());
    std::fs::remove_file(project.path("more/extra.toml")).unwrap();
    said(&project, "RELOAD_FAILED", 2);
    assert!(project.log().contains("error[LST060]: a file to include"), "{}", project.log());
    assert_eq!(status(&serve, "/other", &[JSON]), 202);
}

/// The file of the course, with a port, a largest body and a rate.
fn course_file(port: u16, bytes: u64, rate: u64) -> String {
    format!(
        r#"{{
  "server": {{"host": "127.0.0.1", "port": {port}, "reload": true}},
  "apis": {{
    "dad_jokes": {{
      "url": "https://icanhazdadjoke.com/",
      "headers": {{"Accept": "application/json"}}
    }}
  }},
  "security": {{
    "max_payload_size": {bytes},
    "rate_limit": {{"requests_per_minute": {rate}}}
  }},
  "logging": {{"level": "INFO", "format": "%(message)s"}}
}}"#
    )
}

/// Goal: the course's own configuration is put over the profile, is read again when it changes, and
/// gives way to a flag. Method: `listener serve` with a port, a size and a rate of that file.
#[test]
fn a_courses_file_is_put_over_a_profile() {
    let project = Project::new();
    let port = free_port();
    project.write("webhook_config.json", &course_file(port, 1024, 3));
    let words = ["listener", "serve", "--profile", "lab6", "--course-config"];
    let words = [&words[..], &["webhook_config.json", "--offline"]].concat();
    let serve = project.start(&words);
    assert_eq!(serve.listener(), format!("http://127.0.0.1:{port}"));
    for line in ["level", "format"] {
        let said = format!("warning[LST140]: `logging.{line}` is not honoured");
        assert_eq!(project.log().matches(&said).count(), 1, "{}", project.log());
    }
    let echo = format!("{}/echo", serve.listener());
    let large = format!("{{\"data\": \"{}\"}}", "x".repeat(1024));
    let (status, said) = post(&echo, &[JSON], &large);
    assert_eq!((status, &said["detail"]), (413, &"the body is larger than 1024 bytes".into()));
    let statuses = [(); 4].map(|()| post(&echo, &[JSON], "{}").0);
    assert_eq!(statuses, [200, 200, 200, 429]);

    project.write("webhook_config.json", &course_file(port, 4096, 60));
    becomes(&serve, "/echo", &[JSON], 200);
    assert_eq!(post(&echo, &[JSON], &large).0, 200);
    serve.terminate();

    let flagged = project.start(&[&words[..], &["--bind", "127.0.0.1:0"]].concat());
    assert_ne!(flagged.listener(), format!("http://127.0.0.1:{port}"));
}

/// Goal: a mistake in the course's file is told at its place, by every verb that reads it.
#[test]
fn a_mistake_in_a_courses_file_is_told() {
    let project = Project::new();
    project.write("webhook_config.json", &course_file(8000, 1024, 0));
    let course = ["--profile", "lab6", "--course-config", "webhook_config.json"];
    for verb in [&["listener", "serve"][..], &["listener", "check"], &["up"]] {
        let output = project.run(&[verb, &course].concat());
        let said = format!("{}{}", stdout(&output), stderr(&output));
        assert_eq!(output.status.code(), Some(3), "{said}");
        let want = "error[TOML005]: `requests_per_minute` is out of bounds\n  --> \
                    webhook_config.json:11:43\n";
        assert!(said.contains(want), "{said}");
        assert!(said.contains("^ expected 1 to 1000000"), "{said}");
    }
    let output = project.run(&["listener", "check", "--course-config", "none.json"]);
    assert_eq!(output.status.code(), Some(4), "{}", stderr(&output));
}

/// Goal: what is printed of a profile is no more than a reader takes. Method: `| head -1`.
#[test]
fn a_profile_can_be_read_in_part() {
    let project = Project::new();
    let mut command = project.command(&["listener", "profile", "lab6"]);
    let mut child = command.stdout(Stdio::piped()).spawn().unwrap();
    drop(child.stdout.take());
    assert_eq!(child.wait().unwrap().code(), Some(0));
}
