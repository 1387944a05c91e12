//! Runs of the shipped scenario, and what makes two runs the same.

use fact::{Fact, Kind, TraceWriter};
use lab::{Judge, Lab, LabOptions, State};
use simtime::{Duration, Time};

use crate::{SCENARIO, SHIPPED, accept, configs, kinds, lab_of, play, refuse, scenario, shipped};

const LENGTH: Duration = Duration::from_secs(8);

fn trace(facts: &[Fact]) -> Vec<String> {
    let mut writer = TraceWriter::new(Time::VIRTUAL_START);
    facts.iter().map(|fact| writer.line(fact)).collect()
}

fn run(lab: &mut Lab) -> Vec<Fact> {
    let scenario = scenario(SCENARIO, lab);
    play(lab, &scenario, LENGTH, accept)
}

/// Goal: the loop's device half runs on the seed's own applet: fault, message, applet, POST.
/// Method: the shipped files; the body is the applet's, byte for byte.
#[test]
fn the_shipped_scenario_reaches_the_listener() {
    let mut lab = shipped(1);
    let scenario = scenario(SCENARIO, &lab);
    let mut posts = Vec::new();
    let facts = play(&mut lab, &scenario, LENGTH, |post| {
        posts.push(post.clone());
        accept(post)
    });
    let stages = ["R1 fault", "R1 syslog", "R1 applet-triggered", "R1 webhook-sent"];
    let seen = kinds(&facts);
    let places: Vec<_> = stages.map(|stage| seen.iter().position(|kind| kind == stage)).to_vec();
    assert!(places.iter().all(Option::is_some) && places.is_sorted(), "{seen:#?}");
    assert_eq!(posts.len(), 1);
    assert_eq!(posts[0].url, "http://127.0.0.1:8000/events");
    let body = r#"{"event": "InterfaceDown", "interface": "GigabitEthernet1"}"#;
    assert_eq!(String::from_utf8_lossy(&posts[0].body), body);
    let authorization = posts[0].headers.iter().find(|(name, _)| name == "authorization");
    assert_eq!(authorization.map(|(_, value)| value.as_str()), Some("Bearer mySecretToken"));
    let traces: Vec<_> = facts.iter().filter_map(|fact| fact.trace).collect();
    assert!(traces.len() >= 5 && traces.iter().all(|trace| *trace == traces[0]), "one fault");

    let mut judge = Judge::new(&scenario, Time::VIRTUAL_START).without_listener();
    facts.iter().for_each(|fact| judge.observe(fact));
    let verdict = judge.finish(judge.end());
    let states: Vec<State> = verdict.expectations.iter().map(|outcome| outcome.state).collect();
    assert!(verdict.expectations[..3].iter().all(lab::Outcome::is_met), "{verdict:#?}");
    assert_eq!(states[3], State::NotObserved);
    assert!(!verdict.passed, "what nobody saw did not pass");
}

/// Goal: law L1, first half: one seed, one trace; another seed, another in more than its header.
/// Method: a receiver that is away at first, so that jitter shows.
#[test]
fn one_seed_is_one_trace() {
    let run = |seed| {
        let mut lab = shipped(seed);
        let scenario = scenario(SCENARIO, &lab);
        let mut away = 2;
        let facts = play(&mut lab, &scenario, LENGTH, |post| {
            away -= 1;
            if away >= 0 { refuse(post) } else { accept(post) }
        });
        trace(&facts)
    };
    let (first, again, other) = (run(1), run(1), run(2));
    assert_eq!(first, again);
    let differ = first.iter().zip(&other).filter(|(a, b)| a != b).count();
    assert!(differ > first.len() / 2, "{differ} of {}", first.len());
    let when = |lines: &[String]| {
        let sent: Vec<String> =
            lines.iter().filter(|line| line.contains("webhook-sent")).cloned().collect();
        sent.iter().map(|line| line[..line.find(',').unwrap_or(0)].to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(when(&first).len(), 3);
    assert_ne!(when(&first), when(&other), "jitter comes from the seed");
}

/// Goal: law L1, second half: an idle router changes no other router's lines. Method: one more
/// router, first in the file.
#[test]
fn an_idle_router_changes_no_line() {
    let idle = "[nodes.R0]\nssh = \"127.0.0.1:2200\"\n[nodes.R1]";
    let wider = crate::topology(&SHIPPED.replacen("[nodes.R1]", idle, 1), configs());
    let (lab, sink) = lab_of(&wider, LabOptions::virtual_time(1));
    assert!(sink.is_empty(), "{}", diagnostic::render(&sink, false));
    let lines = |facts: &[Fact]| {
        let mut lines = trace(facts);
        lines.retain(|line| !line.contains("\"node\":\"R0\""));
        lines
    };
    let wide = lines(&run(&mut lab.expect("no diagnostic")));
    assert_eq!(wide, lines(&run(&mut shipped(1))));
}

/// Goal: a listener that is away loses nothing: the delivery is tried again under one id. Method: a
/// receiver that refuses twice.
#[test]
fn a_listener_that_is_away_gets_it_later() {
    let mut lab = shipped(1);
    let scenario = scenario(SCENARIO, &lab);
    let mut away = 2;
    let facts = play(&mut lab, &scenario, LENGTH, |post| {
        away -= 1;
        if away >= 0 { refuse(post) } else { accept(post) }
    });
    let sent: Vec<(&str, u32)> = facts
        .iter()
        .filter_map(|fact| match &fact.kind {
            Kind::WebhookSent { delivery, attempt, .. } => Some((delivery.as_str(), *attempt)),
            _ => None,
        })
        .collect();
    assert_eq!(sent.iter().map(|(_, attempt)| *attempt).collect::<Vec<_>>(), [1, 2, 3]);
    assert!(sent.iter().all(|(id, _)| *id == sent[0].0), "{sent:?}");
}

/// Goal: with the pattern broken, the verdict says which expectation was not met and what came
/// nearest. Method: the shipped lab with another interface in the applet's pattern.
#[test]
fn a_broken_pattern_is_named() {
    let mut files = configs();
    let r1 = files["configs/R1.cfg"].replace("Interface GigabitEthernet1,", "Interface Gigabit1,");
    files.insert("configs/R1.cfg", r1);
    let topology = crate::topology(SHIPPED, files);
    let (lab, _) = lab_of(&topology, LabOptions::virtual_time(1));
    let mut lab = lab.expect("the configuration is whole");
    let scenario = scenario(SCENARIO, &lab);
    let facts = play(&mut lab, &scenario, LENGTH, accept);
    let mut judge = Judge::new(&scenario, Time::VIRTUAL_START);
    facts.iter().for_each(|fact| judge.observe(fact));
    let verdict = judge.finish(judge.end());
    let states: Vec<bool> = verdict
        .expectations
        .iter()
        .map(|outcome| matches!(outcome.state, State::Met { .. }))
        .collect();
    assert_eq!(states, [true, false, false, false]);
    let said = "R1 logged `%LINK-5-CHANGED: Interface GigabitEthernet1, changed state to \
                administratively down`";
    let nearest = verdict.expectations[1].nearest.as_deref().unwrap_or_default();
    assert!(nearest.contains(said), "{nearest}");
}

/// Goal: R2's applet does what works on a real box: one curl, as its arguments say, with nothing of
/// the sender's. Method: the shipped configuration.
#[test]
fn r2_sends_as_a_real_router_would() {
    let mut lab = shipped(1);
    let step = "[[steps]]\nat = \"2s\"\nnode = \"R2\"\nshutdown = \"Gi2\"\n";
    let scenario = scenario(step, &lab);
    let mut posts = Vec::new();
    let facts = play(&mut lab, &scenario, LENGTH, |post| {
        posts.push(post.clone());
        accept(post)
    });
    assert_eq!(posts.len(), 1, "{:#?}", kinds(&facts));
    let body = r#"{"event": "InterfaceDown", "device": "R2", "interface": "GigabitEthernet2"}"#;
    assert_eq!(String::from_utf8_lossy(&posts[0].body), body);
    let names: Vec<String> = posts[0].headers.iter().map(|(name, _)| name.to_lowercase()).collect();
    assert!(names.iter().any(|name| name == "user-agent"), "{names:?}");
    assert!(names.iter().all(|name| !name.starts_with("webhook-") && name != "traceparent"));
    let finished = Kind::AppletFinished { applet: "LINK_DOWN".into(), result: "success".into() };
    assert!(facts.iter().any(|fact| fact.kind == finished), "{:#?}", kinds(&facts));
}
