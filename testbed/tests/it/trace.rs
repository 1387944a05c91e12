//! `ednm trace`: shown, compared and explained, on traces that `ednm test` wrote.

use crate::support::{Project, stderr, stdout};

const SCENARIO: &str = "scenarios/interface-down.toml";
const ONE: &str = "traces/interface-down-1.jsonl";

/// A project with the traces of two seeds.
fn traced() -> Project {
    let project = Project::new();
    let line = ["test", SCENARIO, "--seed", "1", "--seeds", "2", "--trace", "traces"];
    let output = project.run(&line);
    assert!(output.status.success(), "{}", stderr(&output));
    project
}

/// Goal: what is shown is what was asked for. Method: a table of filters and counts of lines,
/// against the file itself.
#[test]
fn filters_choose_lines() {
    let project = traced();
    let text = std::fs::read_to_string(project.path(ONE)).unwrap();
    let count = |part: &str| text.lines().filter(|line| line.contains(part)).count();
    for (args, want) in [
        (&[][..], text.lines().count()),
        (&["--kind", "syslog"], count("\"fact\":\"syslog\"")),
        (&["--kind", "syslog", "--kind", "fault"], count("\"syslog\"") + count("\"fault\"") - 1),
        (&["--node", "R2"], count("\"node\":\"R2\"")),
        (&["--node", "R9"], 0),
        (&["--from", "2500ms"], count("\"t\":3000000")),
        (&["--to", "2s"], count("\"t\":2000000")),
    ] {
        let output = project.run(&[&["trace", "show", ONE, "--json"], args].concat());
        assert!(output.status.success(), "{}", stderr(&output));
        assert_eq!(stdout(&output).lines().count(), want, "{args:?}");
    }
    let human = stdout(&project.run(&["trace", "show", ONE]));
    assert_eq!(human.lines().count(), text.lines().count(), "{human}");
    let output = project.run(&["trace", "show", ONE, "--kind", "sislog"]);
    assert_eq!(output.status.code(), Some(2));
    assert!(stderr(&output).contains("`syslog`"), "{}", stderr(&output));
}

/// Goal: equal traces are equal, others differ where they do. Method: a file beside itself, and
/// beside a copy with one changed line.
#[test]
fn differences_are_found() {
    let project = traced();
    let output = project.run(&["trace", "diff", ONE, ONE]);
    assert!(output.status.success(), "{}", stdout(&output));
    let text = std::fs::read_to_string(project.path(ONE)).unwrap();
    project.write("changed.jsonl", &text.replace("\"status\":202", "\"status\":500"));
    let output = project.run(&["trace", "diff", ONE, "changed.jsonl"]);
    assert_eq!(output.status.code(), Some(1));
    let told = stdout(&output);
    assert!(told.contains("R1") && told.contains("in  status"), "{told}");
    let output = project.run(&["trace", "diff", ONE, "traces/interface-down-2.jsonl"]);
    assert_eq!(output.status.code(), Some(1));
}

/// Goal: one id leads to the whole story, from either side. Method: the fault's trace id and the
/// listener's event id give the same lines, first the fault and last the end of the job.
#[test]
fn any_id_leads_to_the_whole_story() {
    let project = traced();
    let text = std::fs::read_to_string(project.path(ONE)).unwrap();
    let field = |name: &str| {
        let (_, rest) = text.split_once(&format!("\"{name}\":\"")).unwrap();
        rest.split('"').next().unwrap().to_owned()
    };
    let trace = field("trace");
    let event = text.split("\"event\":\"evt_").nth(1).unwrap().split('"').next().unwrap();
    let story = |id: &str| {
        let output = project.run(&["trace", "explain", id, ONE]);
        assert!(output.status.success(), "{}", stderr(&output));
        stdout(&output)
    };
    let told = story(&trace);
    assert_eq!(told, story(&format!("evt_{event}")));
    assert_eq!(told, story(&trace[..8]));
    let lines: Vec<&str> = told.lines().collect();
    assert!(lines[0].contains("shutdown GigabitEthernet1"), "{told}");
    assert!(told.contains("administratively down down"), "{told}");
    assert!(lines.last().unwrap().contains("the job ended: done"), "{told}");
    let output = project.run(&["trace", "explain", "evt_nobody", ONE]);
    assert_eq!(output.status.code(), Some(1));
}

/// Goal: a file that is no trace is named with its line, not taken for an empty one. Method: a
/// scenario in place of a trace.
#[test]
fn another_file_is_no_trace() {
    let output = Project::new().run(&["trace", "show", SCENARIO]);
    assert_eq!(output.status.code(), Some(4));
    assert!(stderr(&output).contains("line 1"), "{}", stderr(&output));
}
