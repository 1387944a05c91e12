//! `simulator up --record` and `ednm replay`: a live run, and the same again from its inputs.

use crate::support::{Project, stderr, stdout};

const UP: [&str; 5] = ["simulator", "up", "--record", "lab.rec", "--state"];

/// Records a lab to which a few things are done.
fn recorded() -> Project {
    let project = Project::new();
    let running = project.start(&[&UP[..], &["state"]].concat());
    for step in [&["R1", "shutdown", "Gi1"][..], &["R1", "no-shutdown", "Gi1"]] {
        let line = [&["simulator", "inject"], step, &["--state", "state"]].concat();
        let output = project.run(&line);
        assert!(output.status.success(), "{}", stderr(&output));
    }
    assert!(project.run(&["simulator", "reset", "R2", "--state", "state"]).status.success());
    running.terminate();
    project
}

/// Goal: law L2. Method: the recording of a live lab, replayed; then with one line of it changed,
/// and with an input left out.
#[test]
fn a_recording_is_replayed() {
    let project = recorded();
    let output = project.run(&["replay", "lab.rec"]);
    assert!(output.status.success(), "{}{}", stdout(&output), stderr(&output));
    assert!(stdout(&output).contains("Equal"), "{}", stdout(&output));
    let text = std::fs::read_to_string(project.path("lab.rec")).unwrap();
    project.write("changed.rec", &text.replace("changed state to admin", "changed state to adm"));
    let output = project.run(&["replay", "changed.rec"]);
    assert_eq!(output.status.code(), Some(1), "{}", stdout(&output));
    assert!(stdout(&output).contains("changed state to adm"), "{}", stdout(&output));
    let less: Vec<&str> = text.lines().filter(|line| !line.contains("\"in\":\"reset\"")).collect();
    assert_ne!(less.len(), text.lines().count());
    project.write("less.rec", &(less.join("\n") + "\n"));
    let output = project.run(&["replay", "less.rec"]);
    assert_eq!(output.status.code(), Some(1), "{}", stdout(&output));
}

/// Goal: nobody else reads a recording, a changed lab is refused, and another file is no
/// recording. Method: its mode; the topology with another name; a scenario.
#[test]
fn a_recording_is_its_own_labs() {
    use std::os::unix::fs::PermissionsExt as _;
    let project = recorded();
    let mode = std::fs::metadata(project.path("lab.rec")).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
    let topology = std::fs::read_to_string(project.path("topology.toml")).unwrap();
    project.write("topology.toml", &topology.replace("triangle", "square"));
    let output = project.run(&["replay", "lab.rec"]);
    assert_eq!(output.status.code(), Some(4), "{}", stdout(&output));
    let output = project.run(&["replay", "topology.toml"]);
    assert!(stderr(&output).contains("line 1"), "{}", stderr(&output));
}

/// Goal: what programs do is replayed, too, and the recording has no password of theirs. Method:
/// an edit by NETCONF and one by RESTCONF, each with a secret in it, by the checks' own scripts.
#[test]
fn programs_are_replayed() {
    let python = match crate::clients::python() {
        Ok(python) => python,
        Err(missing) => return crate::support::skip("programs_are_replayed", missing),
    };
    let project = Project::new();
    let running = project.start(&[&UP[..], &["state"]].concat());
    let ca = project.path("state/ca.pem").display().to_string();
    let at = |service: &str| running.server("R1", service).1;
    let script = crate::clients::script("programs_secrets.py");
    let mut command = std::process::Command::new(python);
    command.arg(script).args(["127.0.0.1", &at("netconf"), &at("restconf"), "admin", "admin", &ca]);
    let output = command.output().unwrap();
    assert!(output.status.success(), "{}", stderr(&output));
    running.terminate();
    let text = std::fs::read_to_string(project.path("lab.rec")).unwrap();
    assert!(!text.contains("hunter2"), "the recording holds a password");
    for kind in ["\"in\":\"message\"", "\"in\":\"restconf\"", "\"chunked\"", "\"ended\""] {
        assert!(text.contains(kind), "{kind}: {text}");
    }
    let output = project.run(&["replay", "lab.rec"]);
    assert!(output.status.success(), "{}{}", stdout(&output), stderr(&output));
    assert!(stdout(&output).contains("Equal"), "{}", stdout(&output));
}
