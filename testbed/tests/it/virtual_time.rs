//! `ednm test` in virtual time: verdicts, determinism, and names that are not wired in.

use serde_json::Value;

use crate::support::{Project, stderr, stdout};

const SCENARIO: &str = "scenarios/interface-down.toml";

fn document(project: &Project, args: &[&str]) -> Value {
    let mut line = vec!["test", SCENARIO, "--json"];
    line.extend(args);
    let output = project.run(&line);
    serde_json::from_str(&stdout(&output)).unwrap_or_else(|e| panic!("{e}: {}", stderr(&output)))
}

/// Goal: the shipped scenario passes in virtual time. Method: the real binary on the real files.
#[test]
fn the_shipped_scenario_passes() {
    let output = Project::new().run(&["test", SCENARIO]);
    assert!(output.status.success(), "{}{}", stdout(&output), stderr(&output));
    assert!(stdout(&output).contains("1 scenario: 1 passed"), "{}", stdout(&output));
}

/// Goal: law L1. Method: the trace's bytes for two runs of a seed, and for another seed.
#[test]
fn the_same_seed_gives_the_same_trace() {
    let project = Project::new();
    let trace = |seed: &str, into: &str| {
        let output = project.run(&["test", SCENARIO, "--seed", seed, "--trace", into]);
        assert!(output.status.success(), "{}", stderr(&output));
        let name = format!("{into}/interface-down-{seed}.jsonl");
        std::fs::read_to_string(project.path(&name)).unwrap()
    };
    let first = trace("7", "one");
    assert_eq!(first, trace("7", "two"));
    let other = trace("8", "three");
    let differing = first.lines().zip(other.lines()).filter(|(a, b)| a != b).count();
    assert!(differing > 3, "another seed must differ in more than a header: {differing}");
}

/// Goal: the trace never changes unseen, and is the same in debug and release. Method: a golden
/// file, which both kinds of build must reproduce.
#[test]
fn the_trace_is_the_golden_one() {
    let project = Project::new();
    let output = project.run(&["test", SCENARIO, "--seed", "1", "--trace", "trace"]);
    assert!(output.status.success(), "{}", stderr(&output));
    let trace = std::fs::read_to_string(project.path("trace/interface-down-1.jsonl")).unwrap();
    expect_test::expect_file!["golden/interface-down-1.jsonl"].assert_eq(&trace);
}

/// Goal: no shipped scenario changes its trace unseen. Method: each is run as it stands, in virtual
/// time; number of lines and hash are those of `scenarios/golden/NAME.hash`, which
/// `cargo xtask bless` writes.
#[test]
fn shipped_scenarios_have_their_golden_traces() {
    let root = crate::support::root();
    let mut names = Vec::new();
    for entry in std::fs::read_dir(root.join("scenarios")).unwrap() {
        let path = entry.unwrap().path();
        names.extend(path.extension().is_some_and(|end| end == "toml").then_some(path));
    }
    assert!(!names.is_empty());
    for path in names {
        let path = path.strip_prefix(&root).unwrap().display().to_string();
        let line = ["test", &path, "--clock", "virtual", "--json"];
        let output = Project::new().command(&line).current_dir(&root).output().unwrap();
        let document: Value = serde_json::from_str(&stdout(&output))
            .unwrap_or_else(|error| panic!("{path}: {error}: {}", stderr(&output)));
        let trial = &document["scenarios"][0];
        let (lines, hash) = (&trial["trace"]["lines"], trial["trace"]["hash"].as_str().unwrap());
        let told = format!("{lines} lines, seed {}, {}\n{hash}\n", trial["seed"], trial["verdict"]);
        let stem = std::path::Path::new(&path).file_stem().unwrap().to_str().unwrap();
        let golden = root.join("scenarios/golden").join(format!("{stem}.hash"));
        expect_test::expect_file![golden].assert_eq(&told);
    }
}

/// Goal: an idle router changes no other router's lines. Method: R9 added, its lines left out.
#[test]
fn an_idle_router_changes_no_other_lines() {
    let lines = |project: &Project| {
        let output = project.run(&["test", SCENARIO, "--trace", "trace"]);
        assert!(output.status.success(), "{}", stderr(&output));
        let trace = std::fs::read_dir(project.path("trace")).unwrap().next().unwrap().unwrap();
        let text = std::fs::read_to_string(trace.path()).unwrap();
        let kept = text.lines().filter(|line| !line.contains("\"node\":\"R9\""));
        kept.map(str::to_owned).collect::<Vec<_>>()
    };
    let with = Project::changed(&[("[[links]]", "[nodes.R9]\n\n[[links]]")]);
    let text = std::fs::read_to_string(with.path("topology.toml")).unwrap();
    let once =
        text.replacen("[nodes.R9]\n\n[[links]]", "[[links]]", text.matches("R9").count() - 1);
    with.write("topology.toml", &once);
    assert_eq!(lines(&Project::new()), lines(&with));
}

/// Goal: the same of links, faults, rules and people, and of steps for every node. Method: an idle
/// router in the office, its lines left out of each scenario's trace.
#[test]
fn an_idle_router_changes_no_line_of_an_office() {
    const SCENARIOS: [&str; 6] = [
        "link-cut",
        "interface-flap",
        "duplicate-and-reorder",
        "config-change",
        "device-reload",
        "listener-killed",
    ];
    let lines = |project: &Project| {
        let paths = SCENARIOS.map(|name| format!("scenarios/{name}.toml"));
        let mut args = vec!["test", "--trace", "trace"];
        args.extend(paths.iter().map(String::as_str));
        let output = project.run(&args);
        assert!(output.status.success(), "{}{}", stdout(&output), stderr(&output));
        let traces = std::fs::read_dir(project.path("trace")).unwrap();
        let mut all: Vec<(String, Vec<String>)> = traces
            .map(|entry| {
                let path = entry.unwrap().path();
                let text = std::fs::read_to_string(&path).unwrap();
                let kept = text.lines().filter(|line| !line.contains("\"node\":\"idle\""));
                (path.display().to_string(), kept.map(str::to_owned).collect())
            })
            .collect();
        all.sort();
        all.into_iter().map(|(_, lines)| lines).collect::<Vec<_>>()
    };
    let idle =
        Project::whole(&[("[nodes.east]\nstartup", "[nodes.idle]\n\n[nodes.east]\nstartup")]);
    let topology = std::fs::read_to_string(idle.path("labs/office/topology.toml")).unwrap();
    assert!(topology.contains("[nodes.idle]"));
    assert_eq!(lines(&Project::whole(&[])), lines(&idle));
}

/// Goal: nothing is wired to the shipped names. Method: router, interface and event renamed.
#[test]
fn renamed_copies_pass() {
    let project = Project::changed(&[
        ("R1", "edge-7"),
        ("GigabitEthernet2", "GigabitEthernetX"),
        ("GigabitEthernet1", "GigabitEthernet2"),
        ("GigabitEthernetX", "GigabitEthernet1"),
        ("InterfaceDown", "PortLost"),
        ("INTERFACE_DOWN", "PORT-LOST"),
    ]);
    std::fs::rename(project.path("configs/R1.cfg"), project.path("configs/edge-7.cfg")).unwrap();
    let document = document(&project, &[]);
    assert_eq!(document["passed"], 1, "{document:#}");
}

/// Goal: a broken applet fails the build, and the report says what came nearest. Method: a pattern
/// that cannot match.
#[test]
fn a_broken_pattern_fails_and_says_what_came_nearest() {
    let project = Project::changed(&[(
        "event syslog pattern \"Interface GigabitEthernet1, changed",
        "event syslog pattern \"Interface GigabitEthernet9, changed",
    )]);
    let output = project.run(&["test", SCENARIO]);
    assert_eq!(output.status.code(), Some(1), "{}", stdout(&output));
    let report = stderr(&output);
    assert!(report.contains("not met"), "{report}");
    assert!(report.contains("interface-down.toml:"), "{report}");
    assert!(stdout(&output).contains("reproduce: ednm test --seed"), "{}", stdout(&output));
}

/// Goal: a mistake in any of the files is exit code 3 and a caret. Method: one mistake each.
#[test]
fn mistakes_are_shown_with_a_caret() {
    let cases = [
        ("node = \"R1\"", "node = \"R0\"", "R0"),
        ("shutdown = \"GigabitEthernet1\"", "shutdown = \"GigabitEthernet77\"", "77"),
        ("[[rules]]", "[[ruels]]", "ruels"),
        ("dialect = \"course\"", "dialect = \"corse\"", "course"),
    ];
    for (from, to, word) in cases {
        let output = Project::changed(&[(from, to)]).run(&["test", SCENARIO]);
        let report = stderr(&output);
        assert_eq!(output.status.code(), Some(3), "{to}: {report}");
        assert!(report.contains(word) && report.contains("^"), "{to}: {report}");
        assert!(report.contains(".toml:"), "{to}: {report}");
    }
}
