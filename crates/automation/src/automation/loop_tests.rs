//! Loops, storms and bounds of rules: what our own changes cause, what is asked at once.

use simtime::Duration;

use super::gate_tests::{pass, request, rules};
use crate::record::Record;
use crate::story::State;
use crate::testkit::{Device, Request, Rig};

/// A rule that repairs by itself.
const REPAIR: &str = r#"
[[sources]]
path = "/events"
auth = ["bearer"]
[limits]
effects = "20s"
[[rules]]
name = "repair"
when = 'event.name == "Down"'
[[rules.actions]]
configure = ["interface {{ event.data.interface | interface }}", "no shutdown"]
approve = "auto"
"#;

/// Goal: what our own change causes is marked and not answered; what only looks like it is. The
/// mark survives a restart, and the rule can say otherwise. Method: a table of what comes after a
/// repair of Gi1 on R1, each with and without a restart before it.
#[test]
fn a_loop_is_broken() {
    let traced = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
    let config = r#"{"event": "Down", "interface": "Gi9", "text": "%SYS-5-CONFIG_I: Configured"}"#;
    let table = [
        ("the same interface", request("1 R1 Down Gi1"), true),
        ("its long name", request("1 R1 Down GigabitEthernet1"), true),
        ("at the end of the effects", request("20 R1 Down Gi1"), true),
        ("after the effects", request("21 R1 Down Gi1"), false),
        ("another interface", request("1 R1 Down Gi2"), false),
        ("another device", request("1 R2 Down Gi1"), false),
        (
            "a message about a configuration",
            { (Duration::from_secs(1), Request::new(config).token("token-of-r1")) },
            true,
        ),
        (
            "another fault, by its trace",
            {
                let (at, request) = request("1 R1 Down Gi1");
                (at, request.header("traceparent", traced))
            },
            false,
        ),
    ];
    for (why, (at, request_after), is_ours) in table {
        for restarts in [false, true] {
            let mut rig = Rig::new(REPAIR);
            let (_, first) = rig.status(&request("0 R1 Down Gi1").1);
            let job = rig.story(&first).jobs[0].job.clone();
            assert_eq!(rig.story(&first).state, State::Done);
            if restarts {
                rig.restart(REPAIR);
            }
            let until = rig.now + at;
            pass(&mut rig, until);
            let (_, event) = rig.status(&request_after);
            let story = rig.story(&event);
            let want = is_ours.then_some(job.as_str());
            assert_eq!(story.caused_by.as_deref(), want, "{why} {restarts}");
            assert_eq!(story.rules[0].fired(), !is_ours, "{why} {restarts}");
            let held = is_ours.then(|| format!("our own change caused the event ({job})"));
            assert_eq!(story.rules[0].held, held, "{why} {restarts}");
            assert_eq!(story.jobs.len(), usize::from(!is_ours), "{why} {restarts}");
        }
    }
    let answer = REPAIR.replace("when =", "own-changes = \"answer\"\nwhen =");
    let mut rig = Rig::new(&answer);
    rig.status(&request("0 R1 Down Gi1").1);
    let (_, event) = rig.status(&request("0 R1 Down Gi1").1);
    let story = rig.story(&event);
    assert!(story.caused_by.is_some() && story.rules[0].fired());
}

/// Goal: a change that is denied or only waits is no change yet.
#[test]
fn what_waits_for_an_approval_causes_nothing() {
    let mut rig = Rig::new(&REPAIR.replace("approve = \"auto\"", ""));
    rig.status(&request("0 R1 Down Gi1").1);
    let (_, event) = rig.status(&request("0 R1 Down Gi1").1);
    let story = rig.story(&event);
    assert_eq!((story.caused_by, story.jobs.len()), (None, 1));
}

/// Goal: a storm of one question is answered by one session, and the stories say whose; a process
/// that is killed in it ends every job. Method: a device that hangs, and a restart.
#[test]
fn a_storm_of_one_question_is_answered_together() {
    let rule = "when = 'event.name == \"Down\"'";
    let mut rig = Rig::new(&rules(rule));
    rig.devices.insert("R1".into(), Device::HangsAt("show clock"));
    let mut events = Vec::new();
    for _ in 0..50 {
        events.push(rig.status(&request("0 R1 Down").1).1);
    }
    rig.devices.clear();
    rig.restart(&rules(rule));
    assert_eq!(rig.logins["R1"], 2, "one that hung; after the restart all of them together");
    let stories: Vec<_> = events.iter().map(|event| rig.story(event)).collect();
    assert!(stories.iter().all(|story| story.state == State::Done));
    let leader = &stories[0].jobs[0];
    let note = format!("answered by {} of {}, which asked the same", leader.job, events[0]);
    for story in &stories[1..] {
        assert_eq!(story.jobs[0].note.as_ref(), Some(&note));
        assert!(story.jobs[0].attempts.is_empty());
    }
}

/// Goal: what is remembered has a bound: groups that are over make room, their records go, and
/// while there is none a rule is held rather than let loose. Method: more groups than fit.
#[test]
fn groups_are_bounded() {
    let rule = "when = 'event.name == \"Down\"'\n\
                throttle = { once_within = \"10s\", group_by = [\"event.data.interface\"] }";
    let listener = rules(rule).replace("path =", "rate = \"50000/s\"\npath =");
    let mut rig =
        Rig::new(&listener.replace("[[rules.actions]]", "mode = \"observe\"\n[[rules.actions]]"));
    for group in 0..10_000 {
        rig.status(&request(&format!("0 R1 Down Gi{group}")).1);
    }
    let (_, event) = rig.status(&request("0 R1 Down Te1").1);
    let held = rig.story(&event).rules[0].held.clone();
    assert_eq!(held.as_deref(), Some("10000 groups are remembered already"));
    let later = rig.now + Duration::from_secs(11);
    pass(&mut rig, later);
    let (_, event) = rig.status(&request("0 R1 Down Te1").1);
    assert!(rig.story(&event).rules[0].fired());
    let kept = |record: &&Record| matches!(record, Record::Kept(_));
    let recovered = crate::store::Store::recover(&mut rig.store).expect("memory");
    assert_eq!(recovered.iter().filter(kept).count(), 1);
}
