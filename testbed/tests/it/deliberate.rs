//! The shipped scenarios find what they are there to find: each deliberate fault, in an applet, a
//! rule, a delivery or a device, makes the scenario fail that is named for it.

use crate::support::{Project, stderr, stdout};

/// A fault: what it is, where it is made (from, to), the scenario that must fail, and a part of
/// what it must say.
type Fault = (&'static str, (&'static str, &'static str), &'static str, &'static str);

const FAULTS: &[Fault] = &[
    (
        "applet: its pattern misses the capital letter",
        ("pattern \"Interface GigabitEthernet1,", "pattern \"interface GigabitEthernet1,"),
        "interface-down",
        "applet `INTERFACE_DOWN` runs on R1",
    ),
    (
        "applet: it knows a shutdown, and no lost carrier",
        ("\"%LINK-[35]-(UPDOWN|CHANGED): Interface\"", "\"%LINK-5-CHANGED: Interface\""),
        "interface-flap",
        "rule `link down`",
    ),
    (
        "applet: it waits longer than it may run",
        (
            " event syslog pattern \"%SYS-5-CONFIG_I: Configured from\"\n",
            " event syslog pattern \"%SYS-5-CONFIG_I: Configured from\" maxrun 1\n \
             action 0.5 wait 3\n",
        ),
        "config-change",
        "east sends a webhook with `event` = `ConfigChanged`",
    ),
    (
        "applet: its regexp takes the source for the user",
        ("match source user", "match user source"),
        "config-change",
        "`user` = `bob`",
    ),
    (
        "applet: it is never allowed to run again",
        ("event syslog pattern \"%SYS-5-RESTART\"", "event syslog pattern \"SYS-5-RELOAD\""),
        "device-reload",
        "east sends a webhook with `event` = `Restarted`",
    ),
    (
        "rule: its condition is of another event",
        ("event.data.edge == \"RISING\"", "event.data.edge == \"FALLING\""),
        "cpu-threshold",
        "show processes cpu sorted",
    ),
    (
        "rule: nothing dampens it",
        ("dampen = { half-life = \"1m\", suppress = 2500, reuse = 1000 }\n", ""),
        "interface-flap",
        "rule `link down` fires for hub, 2 to 4 times",
    ),
    (
        "rule: it waits for the wrong end",
        ("event.device == \"east\"'", "event.device == \"west\"'"),
        "link-cut",
        "rule `link lost at both ends` fires",
    ),
    (
        "rule: it answers every second failure",
        ("accumulate_within = \"1m\", events = 3,", "accumulate_within = \"1m\", events = 2,"),
        "login-bruteforce",
        "rule `logins fail` fires for east, exactly once",
    ),
    (
        "rule: it fights whoever insists",
        ("cool-down = \"2m\"\n", ""),
        "remediation",
        "rule `bring the uplink up` is held back",
    ),
    (
        "rule: it answers its own hand",
        ("cool-down = \"2m\"\n", "own-changes = \"answer\"\n"),
        "remediation",
        "held back",
    ),
    (
        "rule: it changes before it looks",
        ("show = [\"show interfaces {{", "show = [\"show ip route | include {{"),
        "remediation",
        "`show interfaces GigabitEthernet2` on hub",
    ),
    (
        "delivery: its token is for another server",
        ("token = \"east-token\"", "token = \"east-token\"\ntoken-for = \"http://127.0.0.1:9/\""),
        "config-change",
        "the listener refused a delivery: 401",
    ),
    (
        "delivery: the second half is lost",
        (
            "[[steps]]\nname = \"cut\"",
            "[[steps]]\nat = \"1s\"\nnode = \"*\"\n\
             delivery = { fault = \"drop\", for = \"10m\" }\n\n[[steps]]\nname = \"cut\"",
        ),
        "listener-outage",
        "the listener accepts a delivery of hub",
    ),
    (
        "delivery: its body arrives damaged",
        (
            "[[steps]]\nname = \"bob\"",
            "[[steps]]\nat = \"1s\"\nnode = \"east\"\n\
             delivery = { fault = \"corrupt\", for = \"10m\" }\n\n[[steps]]\nname = \"bob\"",
        ),
        "config-change",
        "show archive log config all",
    ),
    (
        "device: it hangs in the middle of an answer",
        (
            "[[steps]]\nname = \"runs away\"",
            "[[steps]]\nat = \"80s\"\nnode = \"west\"\n\
             session = { fault = \"hang\", for = \"5m\" }\n\n[[steps]]\nname = \"runs away\"",
        ),
        "cpu-threshold",
        "show processes cpu sorted",
    ),
    (
        "device: it refuses every login",
        (
            "[[steps]]\nname = \"cut\"",
            "[[steps]]\nat = \"1s\"\nnode = \"*\"\n\
             session = { fault = \"auth-failing\", for = \"10m\", count = 100 }\n\n\
             [[steps]]\nname = \"cut\"",
        ),
        "vty-exhaustion",
        "a job on hub ends",
    ),
    (
        "device: its lines never come free",
        ("fault = \"vty-full\", for = \"20s\"", "fault = \"vty-full\", for = \"20m\""),
        "vty-exhaustion",
        "a job on hub ends",
    ),
    (
        "device: a wire does not tell the other end",
        (
            "endpoints = [\"hub:GigabitEthernet1\", \"east:GigabitEthernet1\"]",
            "endpoints = [\"hub:GigabitEthernet1\", \"east:GigabitEthernet1\"]\n\
             carrier = \"virtual\"",
        ),
        "device-reload",
        "hub GigabitEthernet1 oper-status down",
    ),
    (
        "device: it never goes quiet",
        ("login block-for 60 attempts 5 within 60\n", ""),
        "login-bruteforce",
        "QUIET_MODE_ON",
    ),
];

/// Goal: a fault is found, by the scenario that is named, at the expectation that is about it.
/// Method: the table; each scenario passes without its fault, which another test holds.
#[test]
fn every_deliberate_fault_is_found() {
    let mut missed = Vec::new();
    for (what, change, scenario, says) in FAULTS {
        let project = Project::whole(&[*change]);
        let output = project.run(&["test", &format!("scenarios/{scenario}.toml")]);
        let report = format!("{}{}", stdout(&output), stderr(&output));
        if output.status.code() != Some(1) || !report.contains(says) {
            missed.push(format!("{what}: {scenario}: {:?}\n{report}", output.status.code()));
        }
    }
    assert!(missed.is_empty(), "{} missed:\n{}", missed.len(), missed.join("\n----\n"));
}

/// Goal: all shipped scenarios pass, whichever directory they are in. Method: `ednm test` of the
/// directory, but for the two that take longest.
#[test]
fn the_shipped_scenarios_pass() {
    let project = Project::whole(&[]);
    for slow in ["storm-1000-routers", "day-in-the-life"] {
        std::fs::remove_file(project.path(&format!("scenarios/{slow}.toml"))).unwrap();
    }
    let output = project.run(&["test", "scenarios", "--jobs", "2"]);
    let report = format!("{}{}", stdout(&output), stderr(&output));
    assert!(output.status.success(), "{report}");
    assert!(!report.contains("LAB003"), "a router refuses a line of its configuration: {report}");
}
