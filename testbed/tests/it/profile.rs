//! Whole configurations of a listener: those that the program carries, and those in directories;
//! and the files that a listener.toml includes.

use std::process::Stdio;

use crate::reload::{becomes, said, status};
use crate::support::{Project, Running, stderr, stdout};
use crate::up::get;

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

/// Goal: what is printed of a profile is no more than a reader takes. Method: `| head -1`.
#[test]
fn a_profile_can_be_read_in_part() {
    let project = Project::new();
    let mut command = project.command(&["listener", "profile", "lab6"]);
    let mut child = command.stdout(Stdio::piped()).spawn().unwrap();
    drop(child.stdout.take());
    assert_eq!(child.wait().unwrap().code(), Some(0));
}
