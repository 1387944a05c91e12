//! Jobs that change a device: approved first, configured line by line, never repeated blindly.

use fact::Kind;
use simtime::Duration;

use crate::SessionFailure;
use crate::record::{ActionVerdict, Consent, Record};
use crate::story::{JobState, JobStory, State};
use crate::testkit::{Device, Request, Rig, config_with_password};

const LONG: Duration = Duration::from_secs(600);
const DAY: Duration = Duration::from_secs(24 * 3_600);

/// A rule that repairs, and one that looks.
const REPAIR: &str = r#"
[[sources]]
path = "/events"
auth = ["bearer"]
[[rules]]
name = "repair"
when = 'event.name == "InterfaceDown"'
[[rules.actions]]
configure = ["interface {{ event.data.interface | interface }}", "no shutdown"]
[[rules]]
name = "look"
when = 'event.name == "Look"'
[[rules.actions]]
show = ["show clock"]
"#;

/// What R1 was told once its terminal was set up.
const REPAIRED: [&str; 5] =
    ["configure terminal", "interface GigabitEthernet1", "no shutdown", "end", "exit"];

fn automatic() -> String {
    REPAIR.replace("\"no shutdown\"]", "\"no shutdown\"]\napprove = \"auto\"")
}

fn down(token: &str) -> Request {
    let body = r#"{"event": "InterfaceDown", "interface": "GigabitEthernet1"}"#;
    Request::new(body).token(token)
}

fn look(token: &str) -> Request {
    Request::new(r#"{"event": "Look"}"#).token(token)
}

fn only_job(rig: &Rig, event: &str) -> JobStory {
    rig.story(event).jobs.remove(0)
}

/// What looks at the interface before and after it is repaired.
const LOOK: &str = "show running-config interface GigabitEthernet1";

/// The lines that R1 was sent, the terminal's setup and looks aside.
fn sent(rig: &Rig) -> Vec<&str> {
    let lines = rig.lines.iter().map(|(_, line)| line.as_str());
    let lines = lines.filter(|line| !line.is_empty() && !line.starts_with("terminal"));
    lines.filter(|line| *line != LOOK).collect()
}

/// Lets time pass until a record of that kind is there.
fn until(rig: &mut Rig, is: impl Fn(&Record) -> bool) {
    while !rig.records().iter().any(&is) {
        let next = rig.automation.next_deadline().expect("a bounded wait");
        rig.settle(next.since(rig.now));
    }
}

/// Goal: a change waits, runs once it is approved and not before, and tells who approved it.
#[test]
fn a_change_waits_for_its_approval() {
    let mut rig = Rig::new(REPAIR);
    let (_, event) = rig.status(&down("token-of-r1"));
    rig.settle(LONG);
    assert_eq!(rig.story(&event).state, State::Waiting);
    let job = only_job(&rig, &event);
    assert_eq!((job.state, sent(&rig).len()), (JobState::Waiting, 0));
    assert_eq!(rig.answer(&job.job, Consent::Approved), Some(Ok(())));
    rig.settle(LONG);
    assert_eq!(sent(&rig), REPAIRED);
    let done = only_job(&rig, &event);
    assert_eq!((rig.story(&event).state, done.state), (State::Done, JobState::Done));
    let approval = done.approval.expect("somebody approved it");
    assert_eq!((approval.by.as_str(), approval.consent), ("ada", Consent::Approved));
    let commands: Vec<&str> =
        done.attempts[0].commands.iter().map(|c| c.command.as_str()).collect();
    assert_eq!(commands, [LOOK, "interface GigabitEthernet1", "no shutdown", LOOK]);
    assert_eq!(rig.automation.next_deadline(), None, "nothing is left to wait for");
    let facts = rig.kinds(|kind| match kind {
        Kind::JobWaiting { .. } => Some("waiting"),
        Kind::JobAnswered { .. } => Some("answered"),
        Kind::JobQueued { .. } => Some("queued"),
        Kind::JobDone { .. } => Some("done"),
        _ => None,
    });
    assert_eq!(facts, ["waiting", "answered", "queued", "done"]);
}

/// Goal: `approve = "auto"` runs at once; `observe` shows the lines and runs nothing.
#[test]
fn changes_can_run_by_themselves_or_not_at_all() {
    let mut rig = Rig::new(&automatic());
    let (_, event) = rig.status(&down("token-of-r1"));
    rig.settle(LONG);
    assert_eq!((rig.story(&event).state, sent(&rig).as_slice()), (State::Done, &REPAIRED[..]));
    let one = automatic().replacen("[[rules.actions]]", "mode = \"observe\"\n[[rules.actions]]", 1);
    for listener in [format!("mode = \"observe\"\n{REPAIR}"), one] {
        let mut rig = Rig::new(&listener);
        let (_, event) = rig.status(&down("token-of-r1"));
        let want = "observed only: `interface GigabitEthernet1`, `no shutdown` would be \
                    configured on `R1`";
        let actions = &rig.story(&event).rules[0].actions;
        assert_eq!(actions, &[ActionVerdict::Skipped(want.to_owned())]);
        assert!(rig.lines.is_empty());
    }
}

/// Goal: a denied job ends as such, and an answer that makes no sense hears why. Method: a table.
#[test]
fn answers_are_given_once() {
    let mut rig = Rig::new(REPAIR);
    rig.devices.insert("R1".into(), Device::HangsAt("terminal length 0"));
    let (_, event) = rig.status(&down("token-of-r1"));
    let (_, other) = rig.status(&down("token-of-r1"));
    let (first, second) = (only_job(&rig, &event).job, only_job(&rig, &other).job);
    let refused =
        |answer: Option<Result<(), String>>| answer.expect("at once").expect_err("refused");
    assert_eq!(rig.answer(&first, Consent::Denied), Some(Ok(())));
    let job = only_job(&rig, &event);
    assert_eq!((job.state, job.error.as_deref()), (JobState::Failed, Some("denied by ada")));
    let why = refused(rig.answer(&first, Consent::Approved));
    let gone = format!("no job `{first}` waits for an approval: it has ended, or never was");
    assert_eq!(why, gone);
    assert!(refused(rig.answer("job_x", Consent::Denied)).contains("it has ended, or never was"));
    assert_eq!(rig.answer(&second, Consent::Approved), Some(Ok(())));
    let why = refused(rig.answer(&second, Consent::Denied));
    assert!(why.contains("was approved already, by ada at 2026-01-01"), "{why}");
    assert_eq!(sent(&rig).len(), 0);
}

/// Goal: an answer takes effect once it is on disk, and not at all when it cannot get there.
#[test]
fn an_answer_is_durable_first() {
    let mut rig = Rig::new(REPAIR);
    let (_, event) = rig.status(&down("token-of-r1"));
    let job = only_job(&rig, &event).job;
    rig.disk = false;
    let answer = rig.answer(&job, Consent::Approved).expect("at once");
    assert_eq!(answer, Err("the journal cannot be written: no space left".to_owned()));
    rig.disk = true;
    assert_eq!(only_job(&rig, &event).state, JobState::Waiting);
    rig.slow_disk = true;
    assert_eq!(rig.answer(&job, Consent::Approved), None);
    let again = rig.answer(&job, Consent::Denied).expect("at once");
    assert_eq!(again, Err(format!("`{job}` is being answered at this moment")));
    assert!(rig.lines.is_empty());
    rig.disk_answers();
    rig.settle(LONG);
    assert_eq!(sent(&rig), REPAIRED);
}

/// Goal: a job that nobody approves ends after a day, counted over restarts.
#[test]
fn nobody_approves() {
    for restart in [false, true] {
        let mut rig = Rig::new(REPAIR);
        let (_, event) = rig.status(&down("token-of-r1"));
        rig.settle(Duration::from_secs(23 * 3_600));
        rig.now += Duration::from_secs(23 * 3_600);
        if restart {
            rig.restart(REPAIR);
        }
        assert_eq!(only_job(&rig, &event).state, JobState::Waiting);
        rig.settle(DAY);
        let job = only_job(&rig, &event);
        assert_eq!(job.error.as_deref(), Some("nobody approved it within 24 h"));
        assert_eq!(rig.now.since(simtime::Time::VIRTUAL_START), DAY);
        assert!(rig.lines.is_empty());
    }
}

/// Goal: a job that waits holds up no other job of its device.
#[test]
fn waiting_holds_up_nobody() {
    let mut rig = Rig::new(REPAIR);
    rig.status(&down("token-of-r1"));
    let (_, event) = rig.status(&look("token-of-r1"));
    assert_eq!(rig.story(&event).state, State::Done);
    assert_eq!(sent(&rig), ["show clock", "exit"]);
}

/// Goal: as many jobs wait as may; what is beyond is named in its verdict, and room comes back.
#[test]
fn the_waiting_are_bounded() {
    let mut rig = Rig::new(REPAIR);
    let events: Vec<String> = (0..65).map(|_| rig.status(&down("token-of-r1")).1).collect();
    let why = "64 jobs of `R1` wait for an approval already".to_owned();
    assert_eq!(rig.story(&events[64]).rules[0].actions, [ActionVerdict::Skipped(why)]);
    assert_eq!(rig.story(&events[64]).state, State::Done);
    let (_, other) = rig.status(&down("token-of-r2"));
    assert_eq!(rig.story(&other).state, State::Waiting, "of another device");
    rig.restart(REPAIR);
    let (_, event) = rig.status(&down("token-of-r1"));
    assert!(rig.story(&event).jobs.is_empty(), "over a restart too");
    let job = only_job(&rig, &events[0]).job;
    assert_eq!(rig.answer(&job, Consent::Denied), Some(Ok(())));
    let (_, event) = rig.status(&down("token-of-r1"));
    assert_eq!(rig.story(&event).state, State::Waiting);
}

/// Goal: the first line that is refused or asks back is the last, is named, and is not tried again.
#[test]
fn a_refused_line_stops_the_rest() {
    let at = "interface GigabitEthernet1";
    let refused = format!("the device refused `{at}`: % Invalid input detected");
    let asked = format!("`{at}` asks `Continue? [yes/no]:`, and nobody is there to answer");
    let table = [
        (Device::Refuses(at), refused, &["configure terminal", at, "end", "exit"][..]),
        (Device::Asks(at, "Continue? [yes/no]: "), asked, &["configure terminal", at][..]),
    ];
    for (device, want, lines) in table {
        let mut rig = Rig::new(&automatic());
        rig.devices.insert("R1".into(), device);
        let (_, event) = rig.status(&down("token-of-r1"));
        rig.settle(LONG);
        let job = only_job(&rig, &event);
        assert_eq!((job.state, job.error), (JobState::Failed, Some(want)));
        assert_eq!((job.attempts.len(), sent(&rig).as_slice()), (1, lines));
    }
}

/// Goal: lines that may have been sent are looked for on the device first: what stands is not sent
/// again, and the story says so; what does not is. Method: drops in the middle, two devices.
#[test]
fn the_state_is_read_before_a_repeat() {
    let up = "!\ninterface GigabitEthernet1\n ip address 192.0.2.1 255.255.255.0\n!\nend\n";
    let shut = up.replace("!\nend", " shutdown\n!\nend");
    for (running, stands) in [(up, true), (shut.as_str(), false), ("", false)] {
        let mut rig = Rig::new(&automatic());
        rig.running = running.to_owned();
        rig.devices.insert("R1".into(), Device::DropsAt("no shutdown"));
        let (_, event) = rig.status(&down("token-of-r1"));
        until(&mut rig, |record| matches!(record, Record::AttemptFailed(_)));
        rig.devices.clear();
        rig.lines.clear();
        rig.settle(LONG);
        let job = only_job(&rig, &event);
        assert_eq!(job.state, JobState::Done, "{running:?}");
        let marks: Vec<bool> = job.attempts.iter().map(|attempt| attempt.in_doubt).collect();
        assert_eq!(marks, [false, true]);
        let first = &job.attempts[1].commands[0];
        assert_eq!((first.command.as_str(), first.ok), ("show running-config", true));
        let note = "the lines stood already, and were not sent again";
        assert_eq!(job.note.as_deref(), stands.then_some(note));
        let mut want = vec!["show running-config"];
        want.extend(if stands { &REPAIRED[4..] } else { &REPAIRED[..] });
        assert_eq!(sent(&rig), want, "{running:?}");
    }
}

/// Goal: a job whose lines were all answered, or one refused, is over although the session broke
/// before it was left.
#[test]
fn what_was_answered_is_not_repeated() {
    for device in [Device::DropsAfter("no shutdown"), Device::HangsAt("end")] {
        let mut rig = Rig::new(&automatic());
        rig.devices.insert("R1".into(), device);
        let (_, event) = rig.status(&down("token-of-r1"));
        rig.settle(LONG);
        let job = only_job(&rig, &event);
        assert_eq!((job.error, job.attempts.len()), (None, 1));
        assert_eq!(rig.logins["R1"], 1);
    }
}

/// Goal: a storm of events for a device that refuses its password makes one login; other devices
/// go on; another credential, or another process, gives a new try. Method: both secrets.
#[test]
fn a_storm_does_not_lock_an_account() {
    let refused = Device::Failing(SessionFailure::Refused);
    let enable = Device::Enable { takes: "another" };
    let enabled = "the device refused the enable secret";
    let table = [("R1", refused, "the device refused user and password"), ("R2", enable, enabled)];
    for (node, device, why) in table {
        let token = format!("token-of-{}", node.to_lowercase());
        let mut rig = Rig::new(REPAIR);
        rig.devices.insert(node.into(), device);
        rig.slow_disk = true;
        for _ in 0..50 {
            rig.deliver(&look(&token));
        }
        rig.disk_answers();
        rig.settle(LONG);
        assert_eq!(rig.logins[node], 1, "{why}");
        let events: Vec<String> = rig.records().iter().map(|r| r.event().to_owned()).collect();
        let (first, last) = (only_job(&rig, &events[0]), only_job(&rig, &events[49]));
        assert_eq!((first.error.as_deref(), first.attempts.len()), (Some(why), 1));
        let want = format!(
            "not tried: {why} at 2026-01-01T00:00:00.000000Z, and its credential is still the same"
        );
        assert_eq!((last.error.as_deref(), last.attempts.len()), (Some(why), 0));
        let note = format!("answered by {} of {}, which asked the same", first.job, events[0]);
        assert_eq!(last.note, Some(note));
        let (_, later) = rig.status(&look(&token));
        let later = only_job(&rig, &later);
        assert_eq!((later.error, later.attempts.len()), (Some(want), 0));
        let opened = rig.kinds(|kind| match kind {
            Kind::BreakerOpened { reason, .. } => Some(reason.as_str()),
            _ => None,
        });
        assert_eq!(opened, [why]);
        let other = if node == "R1" { "token-of-r2" } else { "token-of-r1" };
        let (_, event) = rig.status(&look(other));
        rig.settle(LONG);
        assert_eq!(rig.story(&event).state, State::Done, "another device");
        rig.automation.config = config_with_password(REPAIR, "admin");
        rig.status(&look(&token));
        assert_eq!(rig.logins[node], 1, "the same credential, read again");
        rig.automation.config = config_with_password(REPAIR, "new");
        rig.status(&look(&token));
        assert_eq!(rig.logins[node], 2, "another credential");
        rig.restart(REPAIR);
        rig.status(&look(&token));
        assert_eq!(rig.logins[node], 3, "another process");
    }
}

/// Goal: a device that hangs up on its password is asked three times in a row and no more, whatever
/// comes; one good login in between makes them good. Method: fifty events, then a change of mind.
#[test]
fn hanging_up_on_a_password_is_a_refusal_in_the_end() {
    let mut rig = Rig::new(REPAIR);
    rig.devices.insert("R1".into(), Device::Failing(SessionFailure::HungUp));
    for _ in 0..50 {
        rig.deliver(&look("token-of-r1"));
    }
    rig.settle(LONG);
    assert_eq!(rig.logins["R1"], 3);
    rig.restart(REPAIR);
    for good in [false, true, false, true] {
        let device = if good { Device::Good } else { Device::Failing(SessionFailure::HungUp) };
        rig.devices.insert("R1".into(), device);
        let (_, event) = rig.status(&look("token-of-r1"));
        rig.settle(Duration::from_millis(1));
        if good {
            rig.settle(LONG);
            assert_eq!(rig.story(&event).state, State::Done);
        }
    }
}

/// Goal: a process that is killed anywhere changes the device only after the approval, ends the job
/// once, and never repeats without having looked. Method: kill after every single record.
#[test]
fn killed_anywhere_it_asks_and_looks_first() {
    for consent in [Consent::Approved, Consent::Denied] {
        let mut whole = Rig::new(REPAIR);
        let (_, event) = whole.status(&down("token-of-r1"));
        let job = only_job(&whole, &event).job;
        whole.answer(&job, consent);
        whole.settle(LONG);
        let records = whole.records().to_vec();
        for kept in 1..=records.len() {
            let mut rig = Rig::new(REPAIR);
            rig.store.write(&records[..kept]);
            rig.store.sync();
            rig.restart(REPAIR);
            rig.settle(LONG);
            let approved = records[..kept].iter().any(|r| matches!(r, Record::Approval(_)));
            if !approved {
                assert!(sent(&rig).is_empty(), "killed after record {kept}");
                let job = only_job(&rig, &event).job;
                assert_eq!(rig.answer(&job, consent), Some(Ok(())), "killed after record {kept}");
                rig.settle(LONG);
            }
            let story = only_job(&rig, &event);
            let (want, may) = match consent {
                Consent::Approved => (JobState::Done, true),
                Consent::Denied => (JobState::Failed, false),
            };
            assert_eq!(story.state, want, "killed after record {kept}");
            assert!(may || sent(&rig).is_empty(), "killed after record {kept}");
            let ends = rig.records().iter().filter(|r| matches!(r, Record::JobDone(_))).count();
            assert_eq!(ends, 1, "killed after record {kept}");
            let tried_before = records[..kept].iter().any(|r| matches!(r, Record::Attempt(_)));
            if tried_before && !sent(&rig).is_empty() {
                assert_eq!(sent(&rig)[0], "show running-config", "killed after record {kept}");
            }
        }
    }
}
