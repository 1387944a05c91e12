//! `ednm config check`: the transcript of its document, its formats, its exit codes.

use expect_test::expect_file;
use serde_json::Value;

use crate::support::{Project, stderr, stdout};

const BRANCH: &str = "\
hostname BRANCH
username admin secret 0 hunter2
interface GigabitEthernet1
 ip address 10.0.0.1 255.255.255.0
 ip nat outside
interface GigabitEthernet9
 shutdown
ip routt 0.0.0.0 0.0.0.0 10.0.0.2
banner motd ^C
 Authorized use only
^C
line vty 0 4
 login local
end
";

/// Goal: the document shows what the program prints. Method: run it; `UPDATE_EXPECT=1` writes it.
#[test]
fn the_document_shows_a_real_transcript() {
    let project = Project::new();
    project.write("branch.cfg", BRANCH);
    let output = project.run(&["config", "check", "branch.cfg"]);
    assert_eq!((stderr(&output).as_str(), output.status.code()), ("", Some(1)));
    let text = include_str!("../../../docs/simulator.md");
    let (open, close) = ("<!-- config check -->\n```\n", "```\n<!-- /config check -->");
    let start = text.find(open).unwrap() + open.len();
    let end = start + text[start..].find(close).unwrap();
    let shown = format!("$ ednm config check branch.cfg\n{}", stdout(&output));
    let made = format!("{}{shown}{}", &text[..start], &text[end..]);
    expect_file!["../../../docs/simulator.md"].assert_eq(&made);
}

/// Goal: each format says where, and no secret. Method: a file with one line of each kind.
#[test]
fn formats_and_exit_codes() {
    let project = Project::new();
    project.write("branch.cfg", BRANCH);
    let output = project.run(&["config", "check", "branch.cfg", "--format", "concise"]);
    let text = stdout(&output);
    assert!(text.contains("branch.cfg:8:8: refused: ip routt"), "{text}");
    assert!(!text.contains("hunter2") && !text.contains("BRANCH"), "{text}");
    let output = project.run(&["config", "check", "branch.cfg", "--format", "json"]);
    let files: Value = serde_json::from_str(&stdout(&output)).unwrap();
    let counts = ["modelled", "kept", "refused"].map(|word| files[0][word].as_u64());
    assert_eq!((counts, output.status.code()), ([Some(7), Some(1), Some(3)], Some(1)));

    let output = project.run(&["config", "check", "configs/R1.cfg"]);
    assert_eq!(output.status.code(), Some(0), "{}", stdout(&output));
    let output = project.run(&["config", "check", "none.cfg"]);
    assert_eq!(output.status.code(), Some(4));
    let output = project.run(&["config", "check"]);
    assert_eq!(output.status.code(), Some(2));
}
