//! What a verdict says when something did not come: the nearest thing that did.

use expect_test::{ExpectFile, expect_file};
use fact::{Fact, Kind};
use lab::Judge;
use simtime::Time;

use crate::{fact, scenario, shipped};

/// Judges hand-made facts by expectations written in TOML, within 5 s of the start.
fn check(expectations: &str, facts: &[Fact], want: &ExpectFile) {
    let scenario = scenario(expectations, &shipped(1));
    let mut judge = Judge::new(&scenario, Time::VIRTUAL_START);
    facts.iter().for_each(|fact| judge.observe(fact));
    let verdict = judge.finish(judge.end());
    want.assert_eq(&diagnostic::render(&verdict.diagnostics(), false));
}

fn syslog(at_ms: u64, node: &str, message: &str) -> Fact {
    fact(at_ms, node, Kind::Syslog { severity: 5, message: message.to_owned() })
}

fn sent(at_ms: u64, node: &str, attempt: u32, body: &str) -> Fact {
    let (form, url) = ("send-data".to_owned(), "http://127.0.0.1:8000/events".to_owned());
    let (delivery, body) = ("msg_1".to_owned(), body.to_owned());
    fact(at_ms, node, Kind::WebhookSent { delivery, attempt, form, url, body })
}

fn done(at_ms: u64, node: &str, command: &str, output: &str) -> Fact {
    let kind = Kind::CommandDone {
        job: "job_1".to_owned(),
        event: "evt_1".to_owned(),
        command: command.to_owned(),
        output: output.to_owned(),
        ok: !output.starts_with('%'),
        took: simtime::Duration::from_millis(5),
    };
    fact(at_ms, node, kind)
}

/// Goal: of several lines the most alike is named, a router's own before another's, and what came
/// late is nearer than either. Method: three expectations.
#[test]
fn the_most_alike_message() {
    let text = "[[expect]]\nwithin = \"5s\"\n\
        syslog = { node = \"R1\", pattern = 'Interface GigabitEthernet1, .* down' }\n\
        [[expect]]\nwithin = \"5s\"\nsyslog = { node = \"R2\", pattern = 'SYS-5-CONFIG_I' }\n\
        [[expect]]\nwithin = \"1s\"\nsyslog = { node = \"R1\", pattern = 'CONFIG_I' }\n\
        [[expect]]\nsyslog = { node = \"R3\", pattern = 'NOTHING' , count = 2 }\n";
    let facts = [
        syslog(10, "R1", "%LINK-3-UPDOWN: Interface GigabitEthernet2, changed state to up"),
        syslog(20, "R1", "%LINK-5-CHANGED: Interface GigabitEthernet3, changed state to down"),
        syslog(1_500, "R1", "%SYS-5-CONFIG_I: Configured from console by console"),
        syslog(2_000, "R3", "NOTHING happened"),
    ];
    check(text, &facts, &expect_file!["snapshots/nearest-message.txt"]);
}

/// Goal: of several webhooks the one with fewest differences is named, and each difference. Method:
/// another field, another router, a retry that must not count, no JSON at all.
#[test]
fn the_webhook_with_fewest_differences() {
    let text = "[[expect]]\nwebhook = { node = \"R1\", event = \"InterfaceDown\", \
        interface = \"Gi1\", data = { x = 1 } }\n\
        [[expect]]\nwebhook = { node = \"R2\", count = 1 }\n\
        [[expect]]\nwebhook = { node = \"R3\", event = \"A\" }\n\
        [[expect]]\nwebhook = { node = \"R1\", event = \"InterfaceDown\", count = 0 }\n";
    let facts = [
        sent(
            10,
            "R1",
            1,
            r#"{"event_type": "InterfaceDown", "interface": "Gi2", "data": {"x": 1}}"#,
        ),
        sent(20, "R1", 1, r#"{"event": "Other"}"#),
        sent(30, "R2", 1, r#"{}"#),
        sent(40, "R2", 2, r#"{}"#),
        sent(50, "R3", 1, "event=A"),
    ];
    check(text, &facts, &expect_file!["snapshots/nearest-webhook.txt"]);
}

/// Goal: an action that did not come is explained by the latest stage that was reached. Method: one
/// expectation for each stage.
#[test]
fn the_latest_stage_of_an_action() {
    let text = "[[expect]]\n\
        action = { device = \"R1\", command = \"show clock\", matches = 'UTC$' }\n\
        [[expect]]\naction = { device = \"R2\", command = \"show clock\" }\n\
        [[expect]]\naction = { device = \"R3\", command = \"show clock\" }\n";
    let decided = Kind::RuleDecided {
        event: "evt_1".to_owned(),
        rule: "interface down".to_owned(),
        matched: false,
        fired: false,
        reason: "the event's name is `Other`".to_owned(),
    };
    let failed = Kind::ConnectFailed {
        job: "job_1".to_owned(),
        attempt: 1,
        error: "the host key has changed".to_owned(),
    };
    let facts = [
        done(10, "R1", "show version", "Cisco IOS XE Software"),
        done(20, "R1", "show clock", "*12:00:00.000 CET\nof Thu Jan 1 2026"),
        fact(30, "R2", decided.clone()),
        fact(40, "R2", failed),
        fact(50, "R3", decided),
    ];
    check(text, &facts, &expect_file!["snapshots/nearest-stage.txt"]);
}
