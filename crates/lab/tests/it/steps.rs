//! Words and keys of steps, and how scenarios keep time.

use diagnostic::Source;
use fact::Kind;
use lab::{Clock, Input, Outbox, Output, Scenario, Step};
use simtime::{Duration, Time};

use crate::{accept, play, scenario, shipped};

fn words(text: &str) -> Vec<String> {
    text.split(' ').map(str::to_owned).collect()
}

/// Goal: `inject`'s words mean what a scenario's keys mean, and mistakes are explained. Method: a
/// table.
#[test]
fn words_are_steps() {
    let lab = shipped(1);
    let table = [
        ("R1", "shutdown GigabitEthernet1", Ok("shutdown GigabitEthernet1")),
        ("R1", "no-shutdown gi 2", Ok("no-shutdown GigabitEthernet2")),
        ("R1", "storm events=20 over=60s interfaces=Gi2", Ok("storm interfaces=Gi2 events=20")),
        ("R1", "exec commands=conf commands=end", Ok("exec commands=conf; end")),
        ("R1", "storm events=many over=60s", Err("`events` must be a number")),
        ("R1", "storm events=2 over=60s until=9", Err("unknown key `until`")),
        ("R9", "shutdown Gi1", Err("unknown node `R9`")),
        ("R1", "shutdown Gi9", Err("unknown interface `Gi9` on node `R1`")),
        ("R1", "shutdown", Err("needs INTERFACE")),
        ("R1", "shutdwn Gi1", Err("did you mean `shutdown`?")),
    ];
    for (node, text, want) in table {
        let got = Step::from_words(node, &words(text), &lab).map(|step| step.to_string());
        match (&got, want) {
            (Ok(got), Ok(want)) => assert!(got.starts_with(want), "{got}"),
            (Err(got), Err(want)) => assert!(got.contains(want), "{got}"),
            (got, want) => panic!("{text}: {got:?}, not {want:?}"),
        }
    }
    let step = Step::from_words("R1", &words("shutdown Gi1"), &lab).expect("from the table");
    let mut lab = shipped(1);
    let mut out = Outbox::default();
    lab.handle(Time::VIRTUAL_START, Input::Inject(&step), &mut out);
    let fault = out.0.iter().find_map(|output| match output {
        Output::Fact(fact) => Some(fact),
        _ => None,
    });
    let fault = fault.expect("the first fact is the fault");
    assert_eq!(
        fault.kind,
        Kind::Fault { step: "shutdown GigabitEthernet1".to_owned(), place: None }
    );
    assert!(fault.trace.is_some());
}

/// Goal: the header alone says which lab to make. Method: a scenario whose steps no lab could take.
#[test]
fn the_header_stands_alone() {
    let text = "seed = 18446744073709551615\ntopology = \"t.toml\"\nclock = \"real\"\n\
                [[steps]]\nnode = \"nowhere\"\n";
    let header = Scenario::header(&Source::new("s/link-flap.toml", text));
    assert_eq!(header.name, "link-flap");
    assert_eq!(header.seed, Some(u64::MAX));
    assert_eq!(header.topology.as_deref(), Some("t.toml"));
    assert_eq!(header.clock, Some(Clock::Real));
}

/// Goal: `within` counts from the latest step before it in the file, or from the named one; steps
/// happen in the order of their times. Method: three steps, expectations between them.
#[test]
fn within_counts_from_its_step() {
    let text = "[[steps]]\nname = \"first\"\nat = \"1s\"\nnode = \"R1\"\nshutdown = \"Gi3\"\n\
        [[expect]]\nwithin = \"10ms\"\nsyslog = { node = \"R3\", pattern = \"GigabitEthernet4\" }\n\
        [[steps]]\nat = \"5s\"\nnode = \"R3\"\nno-shutdown = \"Gi4\"\n\
        [[expect]]\nwithin = \"10ms\"\nsyslog = { node = \"R3\", pattern = \"GigabitEthernet4\" }\n\
        [[expect]]\nwithin = \"4010ms\"\nafter = \"first\"\n\
        syslog = { node = \"R3\", pattern = \"LINK-3-UPDOWN\", count = 1 }\n";
    let mut lab = shipped(1);
    let scenario = scenario(text, &lab);
    let facts = play(&mut lab, &scenario, Duration::from_secs(9), accept);
    let mut judge = lab::Judge::new(&scenario, Time::VIRTUAL_START);
    facts.iter().for_each(|fact| judge.observe(fact));
    let verdict = judge.finish(judge.end());
    let met: Vec<bool> = verdict
        .expectations
        .iter()
        .map(|outcome| matches!(outcome.state, lab::State::Met { .. }))
        .collect();
    assert_eq!(met, [false, true, true], "{:#?}", verdict.expectations);
    let late = verdict.expectations[0].nearest.as_deref();
    assert!(late.is_some_and(|late| late.contains("too late")), "{late:?}");
}

/// Goal: a run can stop as soon as nothing can change, and no earlier. Method: the shipped steps
/// with one thing that must come, then with one that must not.
#[test]
fn a_verdict_is_decided_when_nothing_can_change() {
    let step = "[[steps]]\nat = \"1s\"\nnode = \"R1\"\nshutdown = \"Gi1\"\n[[expect]]\n";
    let table = [
        ("syslog = { node = \"R1\", pattern = \"LINK-5-CHANGED\" }", Some(0), true),
        ("syslog = { node = \"R1\", pattern = \"LINK-5-CHANGED\", count = 0 }", Some(0), false),
        ("syslog = { node = \"R1\", pattern = \"LINK-5-CHANGED\", count = 1 }", None, true),
        ("syslog = { node = \"R2\", pattern = \"LINK-5-CHANGED\", count = 0 }", None, true),
    ];
    for (expectation, decided_after_ms, passes) in table {
        let mut lab = shipped(1);
        let scenario = scenario(&format!("{step}{expectation}\n"), &lab);
        let facts = play(&mut lab, &scenario, Duration::from_secs(3), accept);
        let mut judge = lab::Judge::new(&scenario, Time::VIRTUAL_START);
        let mut decided = None;
        for fact in &facts {
            assert_eq!(judge.next_deadline(), decided.is_none().then_some(judge.end()));
            judge.observe(fact);
            if judge.is_decided(fact.at) && decided.is_none() {
                let fault = Time::VIRTUAL_START + Duration::from_secs(1);
                decided = Some(fact.at.since(fault).as_millis());
            }
        }
        assert_eq!(decided, decided_after_ms, "{expectation}");
        assert!(judge.is_decided(judge.end() + Duration::from_micros(1)), "{expectation}");
        let after = judge.end() + Duration::from_micros(1);
        assert!(judge.is_decided(after), "no fact counts after the end: {expectation}");
        assert_eq!(judge.finish(judge.end()).passed, passes, "{expectation}");
    }
}
