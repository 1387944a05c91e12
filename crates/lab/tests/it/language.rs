//! The language of scenarios: times, repeats, names, parameters, included files; and who types.

use std::collections::BTreeMap;

use diagnostic::Source;
use fact::{Fact, Kind};
use lab::{Reads, Scenario};
use simtime::{Duration, Time};
use topology::Files;

use crate::{accept, play, scenario, shipped};

struct Texts(BTreeMap<&'static str, &'static str>);

impl Files for Texts {
    fn read(&mut self, name: &str) -> Result<String, String> {
        self.0.get(name).map(|text| (*text).to_owned()).ok_or_else(|| "not found".to_owned())
    }

    fn env(&mut self, _: &str) -> Option<String> {
        None
    }
}

/// When faults came (milliseconds), where, and what they were.
fn faults(facts: &[Fact]) -> Vec<String> {
    let line = |fact: &Fact| {
        let Kind::Fault { step, .. } = &fact.kind else { return None };
        let at = fact.at.since(Time::VIRTUAL_START).as_millis();
        Some(format!("{at} {} {step}", fact.node.as_deref().unwrap_or("-")))
    };
    facts.iter().filter_map(line).collect()
}

fn faults_of(text: &str, seed: u64) -> Vec<String> {
    let mut lab = shipped(seed);
    let scenario = scenario(text, &lab);
    faults(&play(&mut lab, &scenario, Duration::from_secs(600), accept))
}

/// The codes of the mistakes of a scenario that includes one file and is given parameters.
fn codes(text: &str, given: &[(&str, &str)]) -> Vec<&'static str> {
    let mut files = Texts(BTreeMap::from([
        (
            "common.toml",
            "include = [\"a.toml\"]\n[[steps]]\nat = \"1s\"\nnode = \"R1\"\n\
             shutdown = \"{{ port }}\"\n",
        ),
        ("a.toml", "include = [\"common.toml\"]\n"),
    ]));
    let own = |(name, value): &(&str, &str)| ((*name).to_owned(), (*value).to_owned());
    let parameters: Vec<(String, String)> = given.iter().map(own).collect();
    let reads = Reads { files: &mut files, parameters: &parameters };
    let mut sink = Vec::new();
    Scenario::load(&Source::new("s/a.toml", text), &shipped(1), reads, &mut sink);
    sink.iter().map(|diagnostic| diagnostic.code).collect()
}

/// Goal: repeats, patterns and waiting steps come when they should. Method: a table of steps and
/// the faults that follow.
#[test]
fn steps_come_in_their_time() {
    let table = [
        (
            "at = \"1s\"\nevery = \"10s\"\ntimes = 3\nnode = \"R2\"\nshutdown = \"Gi1\"\n",
            &[
                "1000 R2 shutdown GigabitEthernet1",
                "11000 R2 shutdown GigabitEthernet1",
                "21000 R2 shutdown GigabitEthernet1",
            ][..],
        ),
        (
            "at = \"1s\"\nnode = \"R[\"\nshutdown = \"Gi1\"\n".replace("R[", "R?").leak(),
            &[
                "1000 R1 shutdown GigabitEthernet1",
                "1000 R2 shutdown GigabitEthernet1",
                "1000 R3 shutdown GigabitEthernet1",
            ],
        ),
        (
            "name = \"a\"\nat = \"1s\"\nnode = \"R1\"\nshutdown = \"Gi1\"\n[[steps]]\n\
             after = \"a\"\ndelay = \"500ms\"\nnode = \"R1\"\nno-shutdown = \"Gi1\"\n",
            &["1000 R1 shutdown GigabitEthernet1", "1500 R1 no-shutdown GigabitEthernet1"],
        ),
    ];
    for (text, want) in table {
        assert_eq!(faults_of(&format!("[[steps]]\n{text}"), 1), want, "{text}");
    }
}

/// Goal: jitter and storms keep to their bounds, differ by seed and not by run. Method: each twice
/// with one seed, once with another.
#[test]
fn chance_is_the_seeds() {
    let jitter = "[[steps]]\nat = \"1s\"\nevery = \"10s\"\ntimes = 20\njitter = \"3s\"\n\
        node = \"R2\"\nshutdown = \"Gi1\"\n";
    let storm = |pattern: &str, action: &str| {
        format!(
            "[[steps]]\nat = \"1s\"\nnode = \"R*\"\nstorm = {{ interfaces = \"Gi*\", events = 20, \
             over = \"60s\", pattern = \"{pattern}\", action = \"{action}\" }}\n"
        )
    };
    for (text, about) in [
        (jitter.to_owned(), 20..=20),
        (storm("uniform", "flap"), 123..=123),
        (storm("burst", "shutdown"), 63..=63),
        (storm("poisson", "shutdown"), 30..=96),
        (storm("uniform", "cut"), 63..=63),
    ] {
        let first = faults_of(&text, 1);
        assert!(about.contains(&first.len()), "{}: {text}", first.len());
        assert_eq!(first, faults_of(&text, 1), "{text}");
        assert_ne!(first, faults_of(&text, 2), "{text}");
    }
}

/// Goal: every mistake of the language has its code. Method: a table of scenarios.
#[test]
fn mistakes_have_codes() {
    let step = |keys: &str| format!("[[steps]]\n{keys}\n");
    let r1 = |keys: &str| step(&format!("at = \"1s\"\nnode = \"R1\"\n{keys}"));
    let state = |line: &str| format!("[[expect]]\nstate = \"{line}\"\n");
    let common = "include = [\"common.toml\"]\n";
    let table = [
        (format!("{common}[parameters]\nport = \"Gi1\"\n"), &[][..], &[][..]),
        (format!("{common}[parameters]\nport = \"Gi1\"\n"), &[("port", "Gi9")], &["SIM012"]),
        (format!("{common}[parameters]\nport = \"Gi1\"\n"), &[("prt", "Gi1")], &["SIM015"]),
        (common.to_owned(), &[], &["SIM015", "SIM012"]),
        ("include = [\"none.toml\"]\n".to_owned() + &r1("shutdown = \"Gi1\""), &[], &["SIM016"]),
        (r1("shutdown = \"{{ port }}\""), &[], &["SIM015", "SIM012"]),
        (step("node = \"R1\"\nshutdown = \"Gi1\""), &[], &["SIM005"]),
        (r1("delay = \"1s\"\nshutdown = \"Gi1\""), &[], &["SIM005"]),
        (r1("every = \"1s\"\nshutdown = \"Gi1\""), &[], &["SIM005"]),
        (r1("every = \"0s\"\ntimes = 2\nshutdown = \"Gi1\""), &[], &["SIM005"]),
        (r1("every = \"1s\"\ntimes = 1000001\nshutdown = \"Gi1\""), &[], &["SIM006"]),
        (step("at = \"1s\"\nshutdown = \"Gi1\""), &[], &["SIM002"]),
        (step("at = \"1s\"\nnode = \"X*\"\nshutdown = \"Gi1\""), &[], &["SIM017"]),
        (step("at = \"1s\"\nlabel = \"edge\"\nshutdown = \"Gi1\""), &[], &["SIM017"]),
        (step("after = \"x\"\nnode = \"R1\"\nshutdown = \"Gi1\""), &[], &["SIM013"]),
        (r1("storm = { events = 0, over = \"60s\" }"), &[], &["SIM006"]),
        (r1("storm = { events = 9, over = \"8us\" }"), &[], &["SIM005"]),
        (r1("storm = { interfaces = \"Te*\", events = 9, over = \"1s\" }"), &[], &["SIM012"]),
        (
            r1("storm = { interfaces = \"Lo*\", events = 9, over = \"1s\", action = \"cut\" }"),
            &[],
            &["SIM012"],
        ),
        (r1("storm = { evnts = 9, over = \"1s\" }"), &[], &["TOML003", "TOML004"]),
        (r1("oir = { slot = \"0/0\", state = \"gone\" }"), &[], &["TOML005"]),
        (state("R1 Gi1 oper-status up"), &[], &[]),
        (state("R1 Gi1 oper-status upp"), &[], &["SIM003"]),
        (state("R1 Gi1 oper up"), &[], &["SIM003"]),
        (state("R1 Gi1 up"), &[], &["SIM003"]),
        (state("R9 Gi1 oper-status up"), &[], &["SIM010"]),
        (state("R1 Gi9 oper-status up"), &[], &["SIM012"]),
    ];
    for (text, given, want) in table {
        assert_eq!(codes(&text, given), want, "{text}");
    }
}

/// Goal: somebody of a scenario types as a person does: logs in, is named by the router, is asked,
/// pages, leaves; all that follows bears the id of the fault. Method: transcripts of the facts.
#[test]
fn people_type() {
    let table = [
        (
            "configure = { user = \"admin\", from = \"192.0.2.7\", \
             lines = [\"interface Gi2\", \"shutdown\"] }",
            &[
                "login admin 192.0.2.7 vty 0",
                "admin: configure terminal",
                "admin: interface Gi2",
                "admin: shutdown",
                "admin: end",
                "%SYS-5-CONFIG_I: Configured from console by admin on vty0 (192.0.2.7)",
            ][..],
        ),
        ("exec = { command = \"show clock\" }", &["console: show clock"]),
        (
            "exec = { user = \"admin\", commands = [\"show running-config\", \"show clock\"] }",
            &["login admin 192.0.2.1 vty 0", "admin: show running-config", "admin: show clock"],
        ),
        (
            "exec = { user = \"admin\", password = \"wrong\", command = \"show clock\" }",
            &["login admin 192.0.2.1 refused"],
        ),
    ];
    for (step, want) in table {
        let mut lab = shipped(1);
        let text = format!("[[steps]]\nat = \"1s\"\nnode = \"R3\"\n{step}\n");
        let scenario = scenario(&text, &lab);
        let facts = play(&mut lab, &scenario, Duration::from_secs(2), accept);
        let of_r3 = facts.iter().filter(|fact| fact.node.as_deref() == Some("R3"));
        let told: Vec<(String, bool)> = of_r3.filter_map(told).collect();
        let lines: Vec<&str> = told.iter().map(|(line, _)| line.as_str()).collect();
        for wanted in want {
            assert!(lines.contains(wanted), "{wanted}: {lines:#?}");
        }
        assert!(told.iter().all(|(_, traced)| *traced), "{told:#?}");
        let typed = |line: &&&str| line.starts_with("admin: ") || line.starts_with("console: ");
        assert_eq!(lines.iter().filter(typed).count(), want.iter().filter(typed).count());
        assert!(lab.nodes().all(|node| node.sessions.is_empty()), "all have left");
    }
}

/// What people see of a fact, and whether it has a fault's id.
fn told(fact: &Fact) -> Option<(String, bool)> {
    let line = match &fact.kind {
        Kind::Login { user, peer, line, .. } => {
            format!("login {user} {peer} {}", line.as_deref().unwrap_or("refused"))
        }
        Kind::DeviceCommand { by, line } => format!("{by}: {line}"),
        Kind::Syslog { message, .. } => message.clone(),
        _ => return None,
    };
    Some((line, fact.trace.is_some()))
}
