//! Shipped scenarios, and what can go wrong, over real sockets in real time: the real binary.
//!
//! Each runs for as long as its scenario, so those that take long are shortened by their text, or
//! left out by name: virtual time plays them all.

use std::io::Write as _;
use std::path::PathBuf;
use std::process::{Command, Output, Stdio};
use std::time::{Duration, Instant};

use serde_json::Value;

use crate::support::{Project, Running, has, root, skip, stderr, stdout};

/// How long a run may take, in seconds, with its start and its stop on a busy machine.
const RUN_SECS_MAX: u64 = 120;

/// Shipped scenarios that take minutes or a day (reboots, hold times, quiet mode, penalties that
/// fade), or a machine for a thousand routers.
const TOO_LONG: [&str; 7] = [
    "cpu-threshold",
    "day-in-the-life",
    "device-reload",
    "interface-flap",
    "link-cut",
    "login-bruteforce",
    "storm-1000-routers",
];

/// What it does at an instant between two others of virtual time, no clock can repeat;
/// `a_job_outlives_its_listener` is its counterpart here.
const VIRTUAL_ALONE: [&str; 1] = ["listener-killed"];

/// The others, each with a test below.
const PLAYED: [&str; 6] = [
    "config-change",
    "duplicate-and-reorder",
    "interface-down",
    "listener-outage",
    "remediation",
    "vty-exhaustion",
];

/// Runs a command into which `typed` is typed, and no end of it; one that takes too long is ended,
/// and has failed.
fn bounded(mut command: Command, typed: &str, what: &str) -> Output {
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().unwrap();
    // One that is gone already reads nothing.
    let _ = child.stdin.as_mut().unwrap().write_all(typed.as_bytes());
    let start = Instant::now();
    while child.try_wait().unwrap().is_none() {
        if start.elapsed() > Duration::from_secs(RUN_SECS_MAX) {
            child.kill().unwrap();
            let output = child.wait_with_output().unwrap();
            panic!("{what} takes longer than {RUN_SECS_MAX} s: {}", stdout(&output));
        }
        std::thread::sleep(Duration::from_millis(50));
    }
    child.wait_with_output().unwrap()
}

/// Plays a scenario on the clock, and gives its trace, which is in order of time.
fn play(project: &Project, scenario: &str) -> Vec<Value> {
    project.write("scenarios/real.toml", scenario);
    let line = ["test", "--clock", "real", "--trace", "trace", "scenarios/real.toml"];
    let output = bounded(project.command(&line), "", scenario);
    assert_eq!(output.status.code(), Some(0), "{}{}", stdout(&output), stderr(&output));
    let mut traces = std::fs::read_dir(project.path("trace")).unwrap();
    let trace = std::fs::read_to_string(traces.next().unwrap().unwrap().path()).unwrap();
    let lines: Vec<Value> = trace.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let times: Vec<u64> = lines.iter().map(|line| line["t"].as_u64().unwrap()).collect();
    assert!(times.is_sorted(), "facts are told in the order of their time");
    lines
}

/// Plays a shipped scenario, some of its times shortened.
fn shipped(name: &str, shorter: &[(&str, &str)]) -> Vec<Value> {
    assert!(PLAYED.contains(&name), "{name}");
    let mut text = std::fs::read_to_string(root().join(format!("scenarios/{name}.toml"))).unwrap();
    for (from, to) in shorter {
        text = text.replace(from, to);
    }
    let office = root().join("labs/office");
    play(&Project::new(), &text.replace("../labs/office", office.to_str().unwrap()))
}

fn count(trace: &[Value], fact: &str, field: &str, value: &str) -> usize {
    let is_it = |line: &&Value| {
        let found = &line[field];
        line["fact"] == fact && found.as_str().map_or(found.to_string(), str::to_owned) == value
    };
    trace.iter().filter(is_it).count()
}

/// Goal: no shipped scenario is forgotten here. Method: the directory against the two lists.
#[test]
fn every_shipped_scenario_is_played_or_left_out_by_name() {
    let files = std::fs::read_dir(root().join("scenarios")).unwrap();
    let toml = files.map(|file| file.unwrap().path()).filter(|path| path.extension().is_some());
    let name = |path: PathBuf| path.file_stem().unwrap().to_string_lossy().into_owned();
    let mut shipped: Vec<String> = toml.map(name).collect();
    shipped.sort();
    let left_out = TOO_LONG.into_iter().chain(VIRTUAL_ALONE);
    let mut known: Vec<&str> = PLAYED.into_iter().chain(left_out).collect();
    known.sort_unstable();
    assert_eq!(shipped, known);
}

#[test]
fn interface_down() {
    shipped("interface-down", &[]);
}

#[test]
fn config_change() {
    shipped("config-change", &[("\"30s\"", "\"8s\"")]);
}

#[test]
fn duplicate_and_reorder() {
    let shorter = [
        ("\"10s\"\nevery = \"20s\"", "\"3s\"\nevery = \"6s\""),
        ("\"20s\"\nevery = \"20s\"", "\"6s\"\nevery = \"6s\""),
        ("\"30s\"", "\"15s\""),
        ("\"2m\"", "\"30s\""),
    ];
    shipped("duplicate-and-reorder", &shorter);
}

#[test]
fn remediation() {
    shipped("remediation", &[("\"30s\"", "\"10s\""), ("\"1m\"", "\"10s\"")]);
}

#[test]
fn vty_exhaustion() {
    let shorter = [("\"20s\"", "\"8s\""), ("\"19s\"", "\"6s\""), ("\"1m\"", "\"30s\"")];
    let trace = shipped("vty-exhaustion", &shorter);
    assert!(count(&trace, "session-fault", "fault", "all lines taken") > 0, "{trace:#?}");
}

#[test]
fn listener_outage() {
    let shorter = [
        ("\"60s\"", "\"6s\""),
        ("\"10s\"", "\"6s\""),
        ("\"30s\"", "\"8s\""),
        ("\"50s\"", "\"4s\""),
        ("\"5m\"", "\"25s\""),
    ];
    let trace = shipped("listener-outage", &shorter);
    assert!(count(&trace, "webhook-answered", "error", "connection refused") > 0, "{trace:#?}");
}

/// Goal: a listener that dies in the middle of a job ends it in its next life, once, and the router
/// notices that its session is gone. Method: a router that is slow to answer, and a step that waits
/// for the command.
#[test]
fn a_job_outlives_its_listener() {
    let scenario = "name = \"job\"\n[[steps]]\nat = \"1s\"\nnode = \"R1\"\n\
        session = { fault = \"slow\", by = \"2s\", for = \"4s\" }\n\
        [[steps]]\nname = \"down\"\nat = \"2s\"\nnode = \"R1\"\nshutdown = \"GigabitEthernet1\"\n\
        [[expect]]\nname = \"asked\"\nwithin = \"20s\"\n\
        commands = { device = \"R1\", by = \"admin\" }\n\
        [[steps]]\nname = \"killed\"\nafter = \"asked\"\ndelay = \"100ms\"\n\
        listener = { fault = \"killed\", for = \"3s\" }\n\
        [[expect]]\nwithin = \"30s\"\nafter = \"killed\"\n\
        job = { device = \"R1\", outcome = \"^done$\", count = 1 }\n";
    let trace = play(&Project::new(), scenario);
    assert_eq!(count(&trace, "job-done", "outcome", "done"), 1, "{trace:#?}");
    let killed = trace.iter().position(|line| line["state"] == "killed").unwrap();
    let login = |lines: &[Value]| lines.iter().filter(|line| line["fact"] == "connected").count();
    assert_eq!(login(&trace[..killed]), 1, "it was at work: {trace:#?}");
    assert_eq!(login(&trace[killed..]), 1, "it came again: {trace:#?}");
}

/// Plays one fault from 1 s on; an interface goes down at 2 s, comes up, and goes down again.
fn fault(fault: &str, within: &str) -> Vec<Value> {
    let node = if fault.starts_with("listener") { "" } else { "node = \"R1\"\n" };
    let scenario = format!(
        "name = \"fault\"\n[[steps]]\nat = \"1s\"\n{node}{fault}\n\
         [[steps]]\nat = \"2s\"\nnode = \"R1\"\nshutdown = \"GigabitEthernet1\"\n\
         [[steps]]\nat = \"3s\"\nnode = \"R1\"\nno-shutdown = \"GigabitEthernet1\"\n\
         [[steps]]\nname = \"again\"\nat = \"4s\"\nnode = \"R1\"\nshutdown = \"GigabitEthernet1\"\n\
         [[expect]]\nwithin = \"{within}\"\nafter = \"again\"\n\
         job = {{ device = \"R1\", outcome = \"^done$\", count-min = 1 }}\n"
    );
    play(&Project::new(), &scenario)
}

/// Goal: what stands before the listener answers for it, and the repeats get through. Method: 500,
/// and 429 with its time, when the first of two events is sent.
#[test]
fn a_listener_in_trouble_is_answered_for() {
    let answers = [("status-500", "500"), ("status-429", "429")];
    let runs = answers.map(|(word, status)| {
        std::thread::spawn(move || {
            let step =
                format!("listener = {{ fault = \"{word}\", for = \"2500ms\", by = \"1s\" }}");
            (status, fault(&step, "12s"))
        })
    });
    for run in runs {
        let (status, trace) = run.join().unwrap();
        assert!(count(&trace, "webhook-answered", "status", status) > 0, "{status}: {trace:#?}");
        assert_eq!(count(&trace, "job-done", "outcome", "done"), 2, "{status}: {trace:#?}");
    }
}

/// Goal: a slow listener, and a slow sender, are late by as much as is said; nothing is lost.
/// Method: the times of the trace.
#[test]
fn what_is_slow_is_late() {
    let steps = [
        "listener = { fault = \"slow\", for = \"2500ms\", by = \"700ms\" }",
        "delivery = { fault = \"slow-sender\", for = \"2500ms\", by = \"700ms\" }",
    ];
    for run in steps.map(|step| std::thread::spawn(move || fault(step, "8s"))) {
        let trace = run.join().unwrap();
        let first = |fact: &str| trace.iter().find(|line| line["fact"] == fact).unwrap();
        let [sent, received] = ["webhook-sent", "received"].map(|fact| first(fact)["t"].as_u64());
        let late = received.unwrap() - sent.unwrap();
        assert!((700_000..5_000_000).contains(&late), "{late}: {trace:#?}");
        assert_eq!(count(&trace, "job-done", "outcome", "done"), 2, "{trace:#?}");
    }
}

/// Goal: the demo plays a scenario in which the listener dies. Method: its document.
#[test]
fn the_demo_shows_a_listener_that_dies() {
    let project = Project::new();
    let scenario = "name = \"dies\"\n[[steps]]\nat = \"1s\"\n\
        listener = { fault = \"killed\", for = \"3s\" }\n\
        [[steps]]\nname = \"down\"\nat = \"2s\"\nnode = \"R1\"\nshutdown = \"GigabitEthernet1\"\n\
        [[expect]]\nwithin = \"20s\"\njob = { device = \"R1\" }\n";
    project.write("scenarios/dies.toml", scenario);
    let line = ["demo", "--scenario", "scenarios/dies.toml", "--json"];
    let output = bounded(project.command(&line), "", "the demo");
    assert!(output.status.success(), "{}{}", stdout(&output), stderr(&output));
    let document: Value = serde_json::from_str(&stdout(&output)).unwrap();
    assert_eq!(document["verdict"], "passed");
    let stages = &document["loops"][0]["stages"];
    assert!(stages["received"].as_f64().unwrap() > 1_000.0, "{document:#}");
}

/// Goal: a program without a listener of its own tells no false story of one. Method: `simulator
/// run` and `inject` of such a step.
#[test]
fn a_lab_alone_has_no_listener_to_trouble() {
    let project = Project::new();
    let scenario = "name = \"s\"\n[[steps]]\nat = \"1s\"\nlistener = { fault = \"killed\" }\n";
    project.write("scenarios/s.toml", scenario);
    let output = project.run(&["simulator", "run", "scenarios/s.toml"]);
    assert_eq!(output.status.code(), Some(3), "{}", stdout(&output));
    let said = stderr(&output);
    assert!(said.contains("SIM023") && said.contains("scenarios/s.toml:2:1"), "{said}");
    let _up = project.start(&["simulator", "up"]);
    let output = project.run(&["simulator", "inject", "R1", "listener", "fault=killed"]);
    assert_eq!(output.status.code(), Some(2));
    assert!(stderr(&output).contains("is done to the listener, by a scenario"));
}

/// What OpenSSH says to a session that types `show clock` on R1.
fn ssh(project: &Project, up: &Running) -> Output {
    let (host, port) = up.ssh("R1");
    let askpass = project.path("askpass");
    project.write("askpass", "#!/bin/sh\necho admin\n");
    let executable = std::os::unix::fs::PermissionsExt::from_mode(0o700);
    std::fs::set_permissions(&askpass, executable).unwrap();
    let mut ssh = Command::new("ssh");
    ssh.args(["-F", "/dev/null", "-tt", "-p", &port, "-o", "StrictHostKeyChecking=no"]);
    ssh.args(["-o", "UserKnownHostsFile=/dev/null", &format!("admin@{host}")]);
    ssh.env("SSH_ASKPASS", &askpass).env("SSH_ASKPASS_REQUIRE", "force").env("DISPLAY", ":0");
    bounded(ssh, "show clock\nexit\n", "ssh")
}

/// Goal: faults of sessions meet a real client as they meet one of a real router: no line free and
/// a router that is down refuse the connection, a session that breaks ends without a word, a wrong
/// password is asked for again. Method: OpenSSH against `up`, a fault injected before each.
#[test]
fn openssh_meets_the_faults_of_sessions() {
    if !has("ssh", "-V") {
        return skip("openssh_meets_the_faults_of_sessions", "ssh");
    }
    let project = Project::new();
    let up = project.start(&["up", "--bind", "127.0.0.1:0"]);
    let check = |step: &[&str], code: i32, said: &str| {
        let line = [&["simulator", "inject", "R1"], step].concat();
        let output = project.run(&line);
        assert!(output.status.success(), "{step:?}: {}", stderr(&output));
        let output = ssh(&project, &up);
        let all = format!("{}{}", stdout(&output), stderr(&output));
        assert_eq!(output.status.code(), Some(code), "{step:?}: {all}");
        assert!(all.contains(said), "{step:?}: {all}");
    };
    check(&["session", "fault=slow", "count=2", "by=100ms"], 0, "UTC");
    check(&["session", "fault=vty-full", "count=1"], 255, "onnection reset");
    check(&["session", "fault=drop", "for=20s"], 255, "closed by remote host");
    check(&["session", "fault=auth-failing", "count=1"], 0, "UTC");
    check(&["session", "fault=auth-failing", "for=30s"], 255, "Permission denied");
    check(&["reload", "reason=test", "boot=30s"], 255, "onnection reset");
}
