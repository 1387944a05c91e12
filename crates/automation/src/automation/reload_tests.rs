//! Another configuration while events wait and jobs run, and the end of a listener.

use fact::Kind;
use simtime::Duration;

use crate::record::ActionVerdict;
use crate::story::State;
use crate::testkit::{Device, LISTENER, Request, Rig, config, config_with_password};
use crate::{Input, SessionFailure, SessionId};

const DOWN: &str = r#"{"event": "InterfaceDown", "interface": "GigabitEthernet1"}"#;
const LONG: Duration = Duration::from_secs(600);

fn down(token: &str) -> Request {
    Request::new(DOWN).token(token)
}

fn reload(rig: &mut Rig, text: &str) {
    rig.input(Input::Reload(Box::new(config(text))));
}

/// Goal: sources, rules and mode change together, between two deliveries. Method: each before and
/// after.
#[test]
fn all_changes_at_once() {
    let mut rig = Rig::new(LISTENER);
    assert_eq!(rig.status(&down("token-of-r1")).0, 202);
    let lines = rig.lines.len();
    let text = LISTENER.replace("\"/events\"", "\"/hooks\"").replace("\"act\"", "\"observe\"");
    reload(&mut rig, &text);
    assert_eq!(rig.status(&down("token-of-r1")).0, 404);
    let moved = Request { path: "/hooks".into(), ..down("token-of-r1") };
    let (status, event) = rig.status(&moved);
    assert_eq!((status, rig.lines.len()), (202, lines), "observed, and nothing sent");
    let story = rig.story(&event);
    assert!(matches!(&story.rules[0].actions[0], ActionVerdict::Skipped(why)
        if why.starts_with("observed only")));
    reload(&mut rig, LISTENER);
    assert_eq!(rig.status(&down("token-of-r1")).0, 202);
    assert!(rig.lines.len() > lines);
}

/// Goal: a password that is refused after another one was configured says nothing of that one.
/// Method: a login that ends behind a reload.
#[test]
fn a_refusal_is_of_the_password_that_was_shown() {
    let mut rig = Rig::new(LISTENER);
    rig.devices.insert("R1".into(), Device::Slow);
    rig.status(&down("token-of-r1"));
    rig.input(Input::Reload(Box::new(config_with_password(LISTENER, "new"))));
    let failure = SessionFailure::Refused;
    rig.input(Input::SessionFailed { session: SessionId(0), failure });
    rig.devices.insert("R1".into(), Device::Good);
    let (_, event) = rig.status(&down("token-of-r1"));
    rig.settle(LONG);
    assert_eq!((rig.story(&event).state, rig.logins["R1"]), (State::Done, 2));
}

/// Goal: ids that came before are known after. Method: a repeat on the other side of a reload.
#[test]
fn a_repeat_is_known_over_a_reload() {
    let mut rig = Rig::new(LISTENER);
    let request = down("token-of-r1").header("webhook-id", "msg_1");
    let (_, event) = rig.status(&request);
    reload(&mut rig, LISTENER);
    assert_eq!(rig.status(&request), (200, event));
}

/// Goal: an event that is accepted is decided by the rules of the moment of its decision, a job
/// that runs goes on with what was decided. Method: a disk that answers late, a device that hangs.
#[test]
fn what_is_on_its_way_keeps_what_it_has() {
    let mut rig = Rig::new(LISTENER);
    rig.devices.insert("R1".into(), Device::HangsAt("show ip interface brief"));
    let (_, running) = rig.status(&down("token-of-r1"));
    let observe = LISTENER.replace("\"act\"", "\"observe\"");
    reload(&mut rig, &observe);
    rig.devices.remove("R1");
    rig.settle(LONG);
    let story = rig.story(&running);
    assert_eq!(story.state, State::Done, "decided while it was to act: {story:?}");
    assert!(story.jobs[0].attempts[1].in_doubt);
    rig.slow_disk = true;
    reload(&mut rig, LISTENER);
    rig.deliver(&down("token-of-r2"));
    reload(&mut rig, &observe);
    let before = rig.lines.len();
    rig.disk_answers();
    rig.settle(LONG);
    assert_eq!(rig.lines.len(), before, "decided after the reload");
}

/// Goal: a job whose device is gone fails with a reason when its turn comes, and its queue goes on.
/// Method: as the program that opens sessions says it.
#[test]
fn a_job_without_its_device_fails() {
    let mut rig = Rig::new(LISTENER);
    rig.devices.insert("R1".into(), Device::HangsAt("show ip interface brief"));
    rig.status(&down("token-of-r1"));
    let (_, waiting) = rig.status(&down("token-of-r1"));
    reload(&mut rig, LISTENER);
    let gone = "the inventory has no node `R1`".to_owned();
    let failure = SessionFailure::Misconfigured(gone);
    rig.devices.insert("R1".into(), Device::Failing(failure));
    rig.settle(LONG);
    let story = rig.story(&waiting);
    let error = story.jobs[0].error.as_deref();
    assert_eq!(error, Some("misconfigured: the inventory has no node `R1`"));
    assert_eq!(story.jobs[0].attempts.len(), 1, "another try would not mend it");
}

/// Goal: after the word to stop what runs ends, and nothing begins; the next process does the rest,
/// and doubts nothing that was not sent. Method: two jobs of one device, then a restart.
#[test]
fn after_the_stop_no_job_begins() {
    let mut rig = Rig::new(LISTENER);
    rig.slow_disk = true;
    rig.deliver(&down("token-of-r1"));
    rig.deliver(&down("token-of-r1"));
    rig.input(Input::Stop);
    rig.disk_answers();
    rig.settle(LONG);
    assert_eq!(rig.replies.iter().filter(|reply| reply.status == 202).count(), 2);
    assert!(rig.lines.is_empty(), "{:?}", rig.lines);
    rig.restart(LISTENER);
    rig.settle(LONG);
    let outcomes = rig.kinds(|kind| match kind {
        Kind::JobDone { outcome, .. } => Some(outcome.as_str()),
        _ => None,
    });
    assert_eq!(outcomes, ["done", "done"]);
    let doubts = rig.records().iter().filter(
        |record| matches!(record, crate::record::Record::Attempt(attempt) if attempt.in_doubt),
    );
    assert_eq!(doubts.count(), 0);
}
