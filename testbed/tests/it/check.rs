//! `ednm check`, `listener check` and `simulator check`: what is right, exit codes, directories.

use serde_json::Value;

use crate::support::{Project, stderr, stdout};

/// Goal: a sound project is told file by file, by each program. Method: the shipped files.
#[test]
fn what_is_right_is_said() {
    let project = Project::new();
    project.write("Cargo.toml", "[package]\nname = \"x\"\n");
    let output = project.run(&["check"]);
    let want = "ok: `topology.toml`: 3 nodes, 3 links, 3 startup-configs\n\
                ok: `listener.toml`: 1 source, 1 rule\n\
                ok: `scenarios/interface-down.toml`: 1 step, 4 expectations\n";
    let mut lines: Vec<String> = stdout(&output).lines().map(str::to_owned).collect();
    let mut wanted: Vec<&str> = want.lines().collect();
    lines.sort();
    wanted.sort();
    assert_eq!(
        (lines, output.status.code()),
        (wanted.iter().map(|l| l.to_string()).collect(), Some(0))
    );
    assert_eq!(stderr(&output), "passed over 1 file of another kind: Cargo.toml\n");

    let output = project.run(&["simulator", "check", "scenarios/interface-down.toml"]);
    assert_eq!((stdout(&output).lines().count(), output.status.code()), (2, Some(0)));
    let output = project.run(&["listener", "check"]);
    assert_eq!((stdout(&output).lines().count(), output.status.code()), (2, Some(0)));
    let output = project.run(&["check", "configs/R1.cfg"]);
    assert!(stdout(&output).contains("ok: `configs/R1.cfg`: startup-config of R1"));
}

/// Goal: programs get the mistakes as data, and 3 is told from 4. Method: a table.
#[test]
fn mistakes_are_data_and_exit_codes() {
    let project = Project::changed(&[("seed = 7", "sed = 7"), ("at = \"2s\"", "at = \"2\"")]);
    let output = project.run(&["check", "--format", "json"]);
    let found: Vec<Value> = serde_json::from_str(&stdout(&output)).unwrap();
    let codes: Vec<_> = found.iter().map(|d| (d["file"].as_str(), d["line"].as_u64())).collect();
    let wanted =
        [(Some("topology.toml"), Some(5)), (Some("scenarios/interface-down.toml"), Some(8))];
    assert!(wanted.iter().all(|want| codes.contains(want)) && codes.len() == 2, "{codes:?}");
    assert_eq!((stderr(&output).as_str(), output.status.code()), ("", Some(3)));

    let output = Project::new().run(&["check", "none.toml"]);
    assert!(stderr(&output).starts_with("error[FILE001]: cannot read `none.toml`"));
    assert_eq!(output.status.code(), Some(4));

    let project = Project::new();
    project.write("notes/README.md", "nothing of ours");
    let output = project.run(&["check", "notes"]);
    assert!(stderr(&output).contains("nothing to check"), "{}", stderr(&output));
    assert_eq!(output.status.code(), Some(2));
}

/// Goal: a verb that runs a scenario tells the mistakes of all of its files. Method: one in each.
#[test]
fn a_run_tells_all_mistakes() {
    let project = Project::changed(&[
        ("seed = 7", "sed = 7"),
        ("at = \"2s\"", "at = \"2\""),
        ("mode = ", "mod = "),
    ]);
    let scenario = "scenarios/interface-down.toml";
    for (verb, count) in [(vec!["test", scenario], 3), (vec!["simulator", "run", scenario], 2)] {
        let output = project.run(&verb);
        assert_eq!(output.status.code(), Some(3));
        let text = stderr(&output);
        assert!(text.ends_with(&format!("\n\n{count} errors in {count} files\n")), "{text}");
    }
}

/// Goal: a directory is walked to its end and never left. Method: links out of it and round in it,
/// a hidden directory and a cache, each with a file that would be a mistake.
#[test]
fn a_directory_is_never_left() {
    let project = Project::new();
    let outside = tempfile::tempdir().unwrap();
    std::fs::write(outside.path().join("bad.toml"), "[nodes.R1]\nssl = 1\n").unwrap();
    std::os::unix::fs::symlink(outside.path().join("bad.toml"), project.path("out.toml")).unwrap();
    std::os::unix::fs::symlink(outside.path(), project.path("out")).unwrap();
    std::os::unix::fs::symlink(project.path(""), project.path("scenarios/round")).unwrap();
    project.write(".hidden/bad.toml", "[nodes.R1]\n");
    project.write("cache/CACHEDIR.TAG", "");
    project.write("cache/bad.toml", "[nodes.R1]\n");
    let output = project.run(&["check", "."]);
    assert_eq!((stdout(&output).lines().count(), stderr(&output).as_str()), (3, ""));
}

/// Goal: the templates of show commands are read before anything starts. Method: one that is not
/// there, one that is none, and the shipped one.
#[test]
fn templates_are_read_at_the_start() {
    let table = [
        ("configs/none.j2", Some(3), "error[TOP012]: cannot read template `configs/none.j2`"),
        ("configs/wrong.j2", Some(3), "error[LAB007]: the template of `show ports`"),
        ("configs/right.j2", Some(0), ""),
    ];
    for (file, code, want) in table {
        let shows = format!("[nodes.R1.shows]\n\"show ports\" = \"{file}\"\n\n[nodes.R2]");
        let project = Project::changed(&[("[nodes.R2]", &shows)]);
        project.write("configs/wrong.j2", "{{ hostname }}\n{% if %}\n");
        project.write("configs/right.j2", include_str!("../../../configs/shows/ports.j2"));
        let verb = if code == Some(0) { "check" } else { "up" };
        let output = project.run(&["simulator", verb]);
        assert_eq!(output.status.code(), code, "{file}: {}", stderr(&output));
        assert!(stderr(&output).contains(want), "{file}: {}", stderr(&output));
    }
}
