//! `ednm demo`: the loop over real sockets, from outside.

use std::process::Stdio;

use serde_json::Value;

use crate::support::{Project, stderr, stdout};

const STAGES: [&str; 9] = [
    "fault",
    "syslog",
    "applet",
    "webhook_sent",
    "received",
    "journalled",
    "rule_matched",
    "ssh_connected",
    "command_done",
];

fn check_document(document: &Value, device: &str, interface: &str, event: &str) {
    assert_eq!(document["verdict"], "passed", "{document:#}");
    assert_eq!((&document["lost"], &document["duplicates"]), (&0.into(), &0.into()));
    let one = &document["loops"][0];
    assert_eq!(one["device"], device);
    assert_eq!(one["interface"], interface);
    assert_eq!(one["event"], event);
    assert!(one["event_id"].is_string());
    let stages = one["stages"].as_object().unwrap();
    assert_eq!(stages.keys().collect::<Vec<_>>(), STAGES);
    let times: Vec<f64> = stages.values().map(|ms| ms.as_f64().unwrap()).collect();
    assert!(times.is_sorted(), "each stage follows the one before: {times:?}");
    let commands = one["commands"].as_array().unwrap();
    let brief = commands.iter().find(|c| c["command"] == "show ip interface brief").unwrap();
    assert_eq!(brief["ok"], true);
    let output = brief["output"].as_str().unwrap();
    let row = output.lines().find(|line| line.starts_with(&format!("{interface} "))).unwrap();
    assert!(row.contains("administratively down"), "{output}");
}

/// Goal: `demo` closes the loop twice in a row, and twice at once. Method: the real binary.
#[test]
fn the_demo_works_again_and_beside_itself() {
    let project = Project::new();
    for _ in 0..2 {
        let start = || {
            let mut command = project.command(&["demo", "--json"]);
            command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap()
        };
        for child in [start(), start()] {
            let output = child.wait_with_output().unwrap();
            assert!(output.status.success(), "{}", stderr(&output));
            let document = serde_json::from_str(&stdout(&output)).unwrap();
            check_document(&document, "R1", "GigabitEthernet1", "InterfaceDown");
        }
    }
}

/// Goal: the demo shows the loop to a person and ends with the proof. Method: its text.
#[test]
fn the_demo_ends_with_the_row_that_proves_it() {
    let output = Project::new().run(&["demo"]);
    let text = stdout(&output);
    assert!(output.status.success(), "{text}{}", stderr(&output));
    for word in ["Fault", "Syslog", "Applet", "Webhook", "Verified", "Journalled", "Rule"] {
        assert!(text.contains(word), "no `{word}` in:\n{text}");
    }
    let row = text.lines().find(|line| line.trim_start().starts_with("GigabitEthernet1 ")).unwrap();
    assert!(row.contains("administratively down"), "{row}");
}

/// Goal: names are not wired in. Method: renamed copies by flags, from another directory.
#[test]
fn renamed_files_show_their_own_names() {
    let project = Project::changed(&[
        ("R1", "leaf"),
        ("GigabitEthernet2", "GigabitEthernetX"),
        ("GigabitEthernet1", "GigabitEthernet2"),
        ("GigabitEthernetX", "GigabitEthernet1"),
        ("InterfaceDown", "LinkGone"),
    ]);
    std::fs::rename(project.path("configs/R1.cfg"), project.path("configs/leaf.cfg")).unwrap();
    let elsewhere = Project::new();
    let path = |name: &str| project.path(name).display().to_string();
    let output = elsewhere.run(&[
        "demo",
        "--json",
        "--topology",
        &path("topology.toml"),
        "--config",
        &path("listener.toml"),
        "--scenario",
        &path("scenarios/interface-down.toml"),
    ]);
    assert!(output.status.success(), "{}", stderr(&output));
    let document = serde_json::from_str(&stdout(&output)).unwrap();
    check_document(&document, "leaf", "GigabitEthernet2", "LinkGone");
}

/// Goal: a stage that does not come is named, and the exit code is 1. Method: a broken pattern.
#[test]
fn a_missing_stage_is_named() {
    let project =
        Project::changed(&[("event syslog pattern \"Interface", "event syslog pattern \"X")]);
    let topology = project.path("topology.toml").display().to_string();
    let output = project.run(&["demo", "--topology", &topology]);
    assert_eq!(output.status.code(), Some(1), "{}", stdout(&output));
    assert!(stderr(&output).contains("`applet`"), "{}", stderr(&output));
}
