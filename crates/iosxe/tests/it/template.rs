//! Show commands that a user adds by templates; the first is the one of docs/simulator.md.

use iosxe::{SessionKind, ShowMistake, ShowTemplate, Shows};

use crate::driver::Router;

const PORTS: &str = include_str!("../../../../configs/shows/ports.j2");
const DOCUMENTED: &str = include_str!("../../../../docs/simulator.md");

const STARTUP: &str = "hostname edge\nusername ops privilege 5 password x\n\
    interface Gi1\n ip address 10.0.0.1 255.255.255.0\n";

/// Goal: a template is a command like any other: abbreviated, piped, listed by `?`, and its values
/// follow the model. Method: one of its own words, with a change in between.
#[test]
fn a_template_is_a_command() {
    let mut router = Router::showing(STARTUP, &[("show ports brief", PORTS)]);
    assert!(PORTS.lines().all(|line| DOCUMENTED.contains(line)), "docs/simulator.md quotes it");
    let shown = router.exec("sh por br");
    let want = "edge (C8000V, 17.12.4), up 0 minutes\n\
                GigabitEthernet1     10.0.0.1/24        up\n";
    assert_eq!(shown, want);
    router.configure(&["interface Gi1", "shutdown"]);
    let shown = router.exec("show ports brief | include Ethernet1");
    assert_eq!(shown, "GigabitEthernet1     10.0.0.1/24        administratively down\n");
    let session = router.open(SessionKind::Shell);
    let help = router.typed(session, "show por?");
    assert!(help.contains("ports"), "{help}");
}

/// Goal: a template stands in for a command of the router, and takes words. Method: both, and a
/// line that no placeholder takes.
#[test]
fn a_template_overrides_and_takes_words() {
    let templates = [
        ("show clock", "{{ hostname }}: noon\n"),
        ("show asset WORD", "{{ args.word }} of {{ serial }}"),
        ("show asset all", "all {{ users|map(attribute=\"name\")|join(\",\") }}"),
    ];
    let mut router = Router::showing(STARTUP, &templates);
    assert_eq!(router.exec("show clock"), "edge: noon\n");
    assert!(router.exec("show clock detail").contains("Time source"), "the router's own");
    assert!(router.exec("show asset Rack7").starts_with("Rack7 of 9"));
    assert_eq!(router.exec("show asset all"), "all ops,admin\n");
    assert!(router.exec("show asset").contains("% Incomplete command."));
}

/// Goal: a template that runs on, prints on, or asks for what is not there is told. Method: one
/// of each.
#[test]
fn a_template_is_bounded() {
    let templates = [
        ("show a", "{% for i in range(9999) %}{% for j in range(9999) %}{% endfor %}{% endfor %}"),
        ("show b", "{% for i in range(9999) %}{{ config }}{% endfor %}"),
        ("show c", "one\n{{ interfaces[99].name }}\n"),
    ];
    let mut router = Router::showing(STARTUP, &templates);
    let table = [
        ("show a", "engine ran out of fuel"),
        ("show b", "it prints more than 262144 bytes"),
        ("show c", "% Template shows/a.j2:2: undefined value"),
    ];
    for (line, want) in table {
        let shown = router.exec(line);
        assert!(shown.contains(want), "{line}: {shown}");
    }
}

/// Goal: what is wrong with a template is told when it is loaded, with its line. Method: a table.
#[test]
fn mistakes_are_told_at_load() {
    let table = [
        ("show a", "one\n{% for %}\n", Some(2)),
        ("show a", "one\ntwo {{ hostnam }}\n", Some(2)),
        ("clear a", "one", None),
    ];
    for (command, text, line) in table {
        let (command, text) = (command.to_owned(), text.to_owned());
        let template = ShowTemplate { command, file: "a.j2".into(), text };
        let mistakes = Shows::new(vec![template]).expect_err("a mistake");
        match &mistakes[0].1 {
            ShowMistake::Template { line: at, .. } => assert_eq!(Some(*at), line),
            ShowMistake::Command(_) => assert_eq!(line, None),
        }
    }
}
