//! What must hold in every run: each checker is silent in a sound run, and speaks of a broken one.

use fact::{Fact, Kind};
use lab::{Input, Judge, Outbox, Output, State};
use simtime::Time;

use crate::{accept, fact, play, scenario, shipped};

/// A scenario of 60 s that expects nothing that can fail.
const IDLE: &str = "[[expect]]\nwithin = \"60s\"\n\
    syslog = { node = \"R1\", pattern = \"NOTHING\", count-max = 9 }\n";

/// The codes and texts of what the checkers find in hand-made facts of the shipped lab.
fn findings(facts: &[Fact]) -> Vec<String> {
    let mut judge = Judge::new(&scenario(IDLE, &shipped(1)), Time::VIRTUAL_START);
    facts.iter().for_each(|fact| judge.observe(fact));
    let verdict = judge.finish(judge.end());
    let told: Vec<String> = verdict
        .diagnostics()
        .iter()
        .map(|told| format!("{} {}", told.code, told.message))
        .collect();
    assert_eq!(verdict.passed, told.is_empty(), "{told:#?}");
    told
}

fn port(at_ms: u64, node: &str, number: u32, status: &str, protocol: &str) -> Fact {
    let name = format!("GigabitEthernet{number}");
    let (status, protocol) = (status.to_owned(), protocol.to_owned());
    fact(at_ms, node, Kind::Interface { name, status, protocol })
}

fn carrier(at_ms: u64, node: &str, number: u32, up: bool) -> Fact {
    fact(at_ms, node, Kind::Carrier { interface: format!("GigabitEthernet{number}"), up })
}

fn reloading(at_ms: u64, node: &str) -> Fact {
    fact(at_ms, node, Kind::Reloading { reason: "Reload Command".to_owned() })
}

fn journalled(at_ms: u64) -> Fact {
    fact(at_ms, "R1", Kind::Journalled { event: "evt_1".to_owned() })
}

fn decided(at_ms: u64) -> Fact {
    fact(at_ms, "R1", Kind::Decided { event: "evt_1".to_owned(), jobs: 0 })
}

fn connecting(at_ms: u64, attempt: u32, in_doubt: bool) -> Fact {
    fact(at_ms, "R1", Kind::Connecting { job: "job_1".to_owned(), attempt, in_doubt })
}

fn answered(at_ms: u64) -> Fact {
    let kind = Kind::CommandDone {
        job: "job_1".to_owned(),
        event: "evt_1".to_owned(),
        command: "show clock".to_owned(),
        output: String::new(),
        ok: true,
        took: simtime::Duration::from_millis(5),
    };
    fact(at_ms, "R1", kind)
}

/// Goal: each checker finds its breach, and nothing in the sound run beside it. Method: a table of
/// facts; codes and texts.
#[test]
fn breaches_are_found() {
    let dead = || [carrier(1_000, "R1", 1, false), carrier(1_000, "R2", 1, false)];
    let down = |at_ms| [port(at_ms, "R1", 1, "down", "down"), port(at_ms, "R2", 1, "down", "down")];
    let protocol = "SIM030 `line-protocol-follows-carrier` does not hold at";
    let agree = "SIM031 `both-ends-agree` does not hold at";
    let table: Vec<(&str, Vec<Fact>, Vec<String>)> = vec![
        ("a cable pulled", [dead(), down(2_000)].concat(), vec![]),
        (
            "one end stays up",
            [&dead()[..], &down(2_000)[..1]].concat(),
            vec![
                format!("{protocol} 3.000s: R2 GigabitEthernet1: carrier down, line protocol up"),
                format!("{agree} 5.000s: R1:GigabitEthernet1 is down, R2:GigabitEthernet1 is up"),
            ],
        ),
        (
            "down with a live wire",
            down(2_000).to_vec(),
            ["R1", "R2"]
                .map(|node| {
                    let rest = "carrier up, line protocol down";
                    format!("{protocol} 4.000s: {node} GigabitEthernet1: {rest}")
                })
                .to_vec(),
        ),
        (
            "shut down with a live wire",
            ["R1", "R2"].map(|node| port(1, node, 1, "administratively down", "down")).to_vec(),
            vec![],
        ),
        ("a reload, not told of any port", vec![dead()[0].clone(), reloading(1_500, "R1")], vec![]),
        (
            "wrong after a reload",
            vec![
                reloading(1_000, "R1"),
                carrier(9_000, "R1", 1, false),
                port(9_000, "R1", 1, "up", "up"),
            ],
            vec![format!(
                "{protocol} 11.000s: R1 GigabitEthernet1: carrier down, line protocol up"
            )],
        ),
    ];
    for (what, facts, want) in table {
        assert_eq!(findings(&facts), want, "{what}");
    }
}

/// Goal: the same of what the listener does. Method: a table of facts; codes and texts.
#[test]
fn breaches_of_a_listener_are_found() {
    let once = "SIM032 `every-event-is-decided-once` does not hold at";
    let table: Vec<(&str, Vec<Fact>, Vec<String>)> = vec![
        ("decided", vec![journalled(1_000), decided(1_001)], vec![]),
        ("too late to be asked about", vec![journalled(56_000)], vec![]),
        (
            "never decided",
            vec![journalled(1_000)],
            vec![format!("{once} 1.000s: event `evt_1` was accepted and never decided")],
        ),
        (
            "decided twice",
            vec![journalled(1_000), decided(1_001), decided(1_002)],
            vec![format!("{once} 1.002s: event `evt_1` was decided twice")],
        ),
        (
            "repeated in doubt",
            vec![connecting(1, 1, false), answered(2), connecting(3, 2, true), answered(4)],
            vec![],
        ),
        (
            "repeated without a mark",
            vec![connecting(1, 1, false), answered(2), connecting(3, 2, false), answered(4)],
            vec![
                "SIM033 `repeats-are-in-doubt` does not hold at 0.004s: \
                 job `job_1` ran `show clock` again, not in doubt"
                    .to_owned(),
            ],
        ),
    ];
    for (what, facts, want) in table {
        assert_eq!(findings(&facts), want, "{what}");
    }
}

/// Goal: findings are bounded, and it is said how many are not told. Method: 25 second decisions.
#[test]
fn findings_are_bounded() {
    let facts: Vec<Fact> = (0..26).map(decided).collect();
    let mut judge = Judge::new(&scenario(IDLE, &shipped(1)), Time::VIRTUAL_START);
    facts.iter().for_each(|fact| judge.observe(fact));
    let verdict = judge.finish(judge.end());
    assert_eq!((verdict.findings.len(), verdict.more_findings), (20, 5));
    let text = diagnostic::render(&verdict.diagnostics(), false);
    assert!(text.contains("5 more are not told"), "{text}");
}

/// Goal: a sound lab breaks nothing, through cuts, reloads and shutdowns. Method: the facts of a
/// played scenario.
#[test]
fn a_sound_lab_is_silent() {
    let text = "[[steps]]\nat = \"1s\"\nlink-cut = \"R1:Gi1\"\n\
        [[steps]]\nat = \"10s\"\nlink-restore = \"R1:Gi1\"\n\
        [[steps]]\nat = \"20s\"\nnode = \"R2\"\nreload = { reason = \"x\", boot = \"10s\" }\n\
        [[steps]]\nat = \"50s\"\nnode = \"R3\"\nshutdown = \"Gi1\"\n";
    let mut lab = shipped(1);
    let scenario = scenario(text, &lab);
    let facts = play(&mut lab, &scenario, simtime::Duration::from_secs(70), accept);
    let mut judge = Judge::new(&scenario, Time::VIRTUAL_START);
    facts.iter().for_each(|fact| judge.observe(fact));
    let verdict = judge.finish(Time::VIRTUAL_START + simtime::Duration::from_secs(70));
    assert_eq!(diagnostic::render(&verdict.diagnostics(), false), "");
    assert!(facts.iter().any(|fact| matches!(fact.kind, Kind::Carrier { up: false, .. })));
}

/// Goal: a step waits for an expectation, and the expectation after it counts from there. Method:
/// a driver's loop over judge and lab; the instant of the step, and of what it leads to.
#[test]
fn a_step_waits_for_an_expectation() {
    let text = "[[steps]]\nat = \"1s\"\nnode = \"R1\"\nshutdown = \"Gi1\"\n\
        [[expect]]\nname = \"gone\"\nstate = \"R2 Gi1 oper-status down\"\n\
        [[steps]]\nafter = \"gone\"\ndelay = \"500ms\"\nnode = \"R1\"\nno-shutdown = \"Gi1\"\n\
        [[expect]]\nafter = \"gone\"\nwithin = \"20s\"\nstate = \"R2 Gi1 oper-status up\"\n";
    let mut lab = shipped(1);
    let scenario = scenario(text, &lab);
    let (mut out, mut judge) = (Outbox::default(), Judge::new(&scenario, Time::VIRTUAL_START));
    let mut now = Time::VIRTUAL_START;
    let mut steps = Vec::new();
    lab.handle(now, Input::Play(&scenario), &mut out);
    loop {
        for output in std::mem::take(&mut out.0) {
            let Output::Fact(fact) = output else { continue };
            judge.observe(&fact);
            if matches!(fact.kind, Kind::Fault { .. }) {
                steps.push(fact.at);
            }
        }
        for name in judge.newly_met() {
            assert_eq!(&*name, "gone");
            lab.handle(now, Input::Met(&name), &mut out);
        }
        let Some(next) = lab.next_deadline().filter(|next| *next <= judge.end()) else { break };
        now = next;
        lab.handle(now, Input::Deadline, &mut out);
    }
    let verdict = judge.finish(judge.end());
    let [State::Met { at: gone }, State::Met { at: back }] =
        [verdict.expectations[0].state, verdict.expectations[1].state]
    else {
        panic!("{}", diagnostic::render(&verdict.diagnostics(), false));
    };
    assert_eq!(steps[1], gone + simtime::Duration::from_millis(500));
    assert!(back > steps[1], "{back:?} {:?}", steps[1]);
}
