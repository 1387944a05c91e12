//! `ednm test` over many runs: seeds, filters, patterns, jobs, and reports for machines.

use serde_json::Value;

use crate::support::{Project, stderr, stdout};

const SCENARIO: &str = "scenarios/interface-down.toml";

/// A project with a second scenario, which fails.
fn with_failing() -> Project {
    let project = Project::new();
    let text = std::fs::read_to_string(project.path(SCENARIO)).unwrap();
    let text = text.replace("name = \"interface down\"", "name = \"other & worse\"");
    project.write("scenarios/worse.toml", &text.replace("%LINK-5-CHANGED", "%LINK-5-NEVER"));
    project
}

/// Goal: several seeds are several runs, told in order, and the number of threads changes no
/// trace. Method: eight seeds with one job and with four, traces compared.
#[test]
fn jobs_change_no_trace() {
    let project = Project::new();
    let traces = |jobs: &str, into: &str| {
        let line = ["test", SCENARIO, "--seed", "5", "--seeds", "8", "--jobs", jobs];
        let output = project.run(&[&line[..], &["--trace", into]].concat());
        assert!(output.status.success(), "{}", stderr(&output));
        let told = stdout(&output);
        assert!(told.contains("8 runs of 1 scenario: 8 passed"), "{told}");
        let places: Vec<usize> =
            (5..13).map(|seed| told.find(&format!("seed {seed:#x}")).unwrap()).collect();
        assert!(places.is_sorted(), "{told}");
        let read = |seed: u64| project.path(&format!("{into}/interface-down-{seed:x}.jsonl"));
        (5..13).map(|seed| std::fs::read_to_string(read(seed)).unwrap()).collect::<Vec<_>>()
    };
    let one = traces("1", "one");
    assert_eq!(one, traces("4", "four"));
    assert_ne!(one[0], one[1]);
}

/// Goal: directories, patterns and filters choose what runs; nothing chosen is wrong usage.
/// Method: a table of arguments, exit codes and counts.
#[test]
fn paths_and_filters_choose() {
    let project = with_failing();
    for (args, code, says) in [
        (&["scenarios"][..], 1, "2 scenarios: 1 passed, 1 failed"),
        (&["."], 1, "2 scenarios: 1 passed, 1 failed"),
        (&["scenarios/*.toml", "--filter", "interface"], 0, "1 scenario: 1 passed"),
        (&["**/inter*.toml"], 0, "1 scenario: 1 passed"),
        (&["scenarios", "--filter", "^other"], 1, "1 scenario: 0 passed, 1 failed"),
        (&["scenarios", "--filter", "nobody"], 2, ""),
        (&["scenarios", "--filter", "("], 2, ""),
        (&["nowhere/*.toml"], 2, ""),
        (&["scenarios", "--seeds", "0"], 2, ""),
    ] {
        let output = project.run(&[&["test"], args].concat());
        let told = stdout(&output) + &stderr(&output);
        assert_eq!(output.status.code(), Some(code), "{args:?}: {told}");
        assert!(told.contains(says), "{args:?}: {told}");
    }
}

/// Goal: failures are repeated below the summary, with what came nearest and how to run them
/// again. Method: the text after the summary of two scenarios.
#[test]
fn failures_are_repeated_at_the_end() {
    let output = with_failing().run(&["test", "scenarios"]);
    let told = stdout(&output);
    let end = &told[told.find("Summary").unwrap()..];
    for part in ["other & worse", "SIM020 not met", "nearest: ", "reproduce: ednm test --seed"] {
        assert!(end.contains(part), "{part}: {told}");
    }
}

/// Goal: one broken file keeps no other from running, and the exit code says that it is broken.
/// Method: a scenario with a mistake beside a good one.
#[test]
fn a_broken_file_stops_no_other() {
    let project = Project::new();
    project.write(
        "scenarios/broken.toml",
        "[[steps]]\nat = \"2s\"\nnode = \"R0\"\nshutdown = \"x\"\n",
    );
    let output = project.run(&["test", "scenarios"]);
    assert_eq!(output.status.code(), Some(3), "{}", stdout(&output));
    assert!(stdout(&output).contains("1 passed, 1 broken"), "{}", stdout(&output));
    assert!(stderr(&output).contains("SIM010"), "{}", stderr(&output));
}

/// Goal: JUnit, annotations and JSON tell the same verdicts. Method: one run with all three.
#[test]
fn machines_read_the_same_verdicts() {
    let project = with_failing();
    let line = ["test", "scenarios", "--junit", "out/junit.xml", "--github", "--json"];
    let output = project.run(&line);
    assert_eq!(output.status.code(), Some(1));
    let junit = std::fs::read_to_string(project.path("out/junit.xml")).unwrap();
    assert!(junit.contains("tests=\"2\" failures=\"1\" errors=\"0\""), "{junit}");
    assert!(junit.contains("other &amp; worse (seed 0x1)"), "{junit}");
    let annotation = "::error file=scenarios/worse.toml,line=";
    assert!(stderr(&output).contains(annotation), "{}", stderr(&output));
    let document: Value = serde_json::from_str(&stdout(&output)).unwrap();
    assert_eq!((&document["passed"], &document["failed"]), (&1.into(), &1.into()));
    assert_eq!(document["scenarios"][1]["verdict"], "failed");
}

/// Goal: what `gen` writes can be checked as it is. Method: `gen`, then `check`; a second `gen`
/// writes over nothing.
#[test]
fn a_generated_lab_is_checked() {
    let project = Project::new();
    let line = ["gen", "topology", "--shape", "random", "--nodes", "12", "--into", "made"];
    let output = project.run(&line);
    assert!(output.status.success(), "{}", stderr(&output));
    let output = project.run(&["check", "made"]);
    assert!(output.status.success(), "{}{}", stdout(&output), stderr(&output));
    assert_eq!(project.run(&line).status.code(), Some(4));
}

/// Goal: `--set` beats the file's parameter, and the line that runs a
/// failure again has it. Method: a scenario whose interface is a parameter.
#[test]
fn parameters_are_set() {
    let project = Project::new();
    let text = std::fs::read_to_string(project.path(SCENARIO)).unwrap();
    let text = text.replace("shutdown = \"GigabitEthernet1\"", "shutdown = \"{{ port }}\"");
    let text = text.replacen("[[steps]]", "[parameters]\nport = \"Gi1\"\n\n[[steps]]", 1);
    project.write(SCENARIO, &text);
    assert!(project.run(&["test", SCENARIO]).status.success());
    let output = project.run(&["test", SCENARIO, "--set", "port=GigabitEthernet2"]);
    assert_eq!(output.status.code(), Some(1), "{}", stderr(&output));
    let told = stdout(&output);
    assert!(told.contains("--set port=GigabitEthernet2 scenarios/"), "{told}");
    assert_eq!(project.run(&["test", SCENARIO, "--set", "port"]).status.code(), Some(2));
}
