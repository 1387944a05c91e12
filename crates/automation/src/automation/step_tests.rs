//! Steps: in order, each with what those before it gave, and answered when they are over.

use serde_json::{Value as Json, json};
use simtime::Duration;

use crate::io::SessionFailure;
use crate::record::Record;
use crate::story::State;
use crate::testkit::{Device, Request, Rig};

const LONG: Duration = Duration::from_secs(400);

/// A source that asks R1 something and says what it heard.
const ASKS: &str = r#"
[[sources]]
path = "/events"
auth = ["bearer"]
respond = "result"
within = "20s"
[[sources.steps]]
register = "look"
on = "{{ event.data.host | default('R1') }}"
login = { username = "{{ request.data.username }}", password = "{{ request.data.password }}" }
show = ["{{ event.data.command | show }}"]
[[sources.steps]]
register = "later"
when = "'twice' in event.data"
on = "R2"
show = ["show clock"]
[[sources.replies]]
when = "result.look.ok"
status = 201
headers = { X-Device = "{{ result.look.device }}" }
[sources.replies.json]
output = "{{ result.look.output }}"
count = "{{ result.look.commands | length }}"
later = "{{ result.later.ok }}"
text = "<{{ event.name }}>"
"#;

fn ask(rig: &mut Rig, body: Json) -> (u16, Json) {
    let body = body.to_string();
    let reply = rig.deliver(&Request::new(&body).token("token-of-r1")).expect("it was waited for");
    (reply.status, serde_json::from_slice(&reply.body).expect("JSON"))
}

fn event(rig: &Rig) -> String {
    rig.records().iter().rev().find_map(accepted).expect("an event")
}

fn accepted(record: &Record) -> Option<String> {
    match record {
        Record::Accepted(accepted) => Some(accepted.event.id.clone()),
        _ => None,
    }
}

/// Goal: a source answers with what its steps gave; values keep their types; the login of the
/// request is used and kept nowhere. Method: one request, its reply, its records.
#[test]
fn steps_are_answered() {
    let mut rig = Rig::new(ASKS);
    let body = json!({
        "event": "Ask", "command": ["show clock", "show version"],
        "username": "ada", "password": "Of-The-Request-1",
    });
    let (status, reply) = ask(&mut rig, body);
    assert_eq!(status, 201);
    assert_eq!(reply, json!({"output": "R1 says so", "count": 2, "later": false, "text": "<Ask>"}));
    let sent: Vec<&str> = rig.lines.iter().map(|(_, line)| line.trim()).collect();
    assert!(sent.contains(&"show clock") && sent.contains(&"show version"), "{sent:?}");
    let kept = serde_json::to_string(rig.records()).expect("records");
    assert!(!kept.contains("Of-The-Request-1"), "{kept}");
    let story = rig.story(&event(&rig));
    assert_eq!((story.state, story.jobs.len()), (State::Done, 1));
}

/// Goal: what cannot be done is answered with its class, and starts nothing. Method: a table.
#[test]
fn failures_have_their_status() {
    let table = [
        (json!({"command": "reload"}), Device::Good, 422, "reads"),
        (json!({"command": "show clock", "host": "198.51.100.9"}), Device::Good, 403, "inventory"),
        (
            json!({"command": "show clock"}),
            Device::Failing(SessionFailure::Refused),
            401,
            "refused",
        ),
        (
            json!({"command": "show clock"}),
            Device::Failing(SessionFailure::Misconfigured("x".into())),
            500,
            "x",
        ),
        (json!({"command": "show clock"}), Device::Refuses("show clock"), 422, "Invalid input"),
    ];
    for (mut body, device, want, words) in table {
        let mut rig = Rig::new(ASKS);
        rig.devices.insert("R1".into(), device);
        body["event"] = "Ask".into();
        let (status, reply) = ask(&mut rig, body.clone());
        assert_eq!(status, want, "{body} {reply}");
        assert!(reply["detail"].as_str().is_some_and(|text| text.contains(words)), "{reply}");
    }
    let mut rig = Rig::new(ASKS);
    rig.devices.insert("R1".into(), Device::Failing(SessionFailure::Unreachable("x".into())));
    let body = json!({"event": "Ask", "command": "show clock"}).to_string();
    assert!(rig.deliver(&Request::new(&body).token("token-of-r1")).is_none(), "it is tried again");
    rig.settle(LONG);
    assert_eq!(rig.replies[0].status, 503);
}

/// Goal: a request that says how to log in is never done with the inventory's credentials instead,
/// when its own are gone. Method: a process that is killed before the decision.
#[test]
fn a_login_that_is_gone_is_not_replaced() {
    let mut rig = Rig::new(ASKS);
    let body = json!({
        "event": "Ask", "command": "show clock", "username": "ada", "password": "hers-1",
    });
    ask(&mut rig, body);
    let accepted = rig.records()[..1].to_vec();
    let mut rig = Rig::new(ASKS);
    rig.store.write(&accepted);
    rig.store.sync();
    rig.restart(ASKS);
    rig.settle(LONG);
    assert!(rig.logins.is_empty(), "{:?}", rig.logins);
    let story = serde_json::to_string(&rig.story(accepted[0].event())).expect("a story");
    assert!(story.contains("no longer known"), "{story}");
}

/// Goal: a host that `[devices]` allows is reached at the port that is written behind it; any other
/// is not. Method: a table of what a request names.
#[test]
fn guests_can_have_a_port() {
    let text = format!("{ASKS}\n[devices]\nallow = [\"192.0.2.0/24\"]\n");
    for (host, want) in
        [("192.0.2.7", 201), ("192.0.2.7:2222", 201), ("192.0.3.7:2222", 403), ("192.0.2.7:x", 403)]
    {
        let mut rig = Rig::new(&text);
        let body = json!({
            "event": "Ask", "command": "show clock", "host": host, "username": "a",
            "password": "b",
        });
        assert_eq!(ask(&mut rig, body).0, want, "{host}");
    }
}

/// Goal: nobody waits for longer than the bound, and the steps go on. Method: a slow device.
#[test]
fn a_reply_has_a_bound() {
    let mut rig = Rig::new(ASKS);
    rig.devices.insert("R1".into(), Device::HangsAt("show clock"));
    let body = json!({"event": "Ask", "command": "show clock"}).to_string();
    assert!(rig.deliver(&Request::new(&body).token("token-of-r1")).is_none());
    rig.settle(Duration::from_secs(21));
    assert_eq!(rig.replies[0].status, 504);
    let event = event(&rig);
    assert_eq!(rig.story(&event).state, State::Running);
    rig.settle(LONG);
    assert_eq!((rig.story(&event).state, rig.replies.len()), (State::Failed, 1));
}

/// Goal: a wrong password of a request closes the door for that password, never for the device.
/// Method: two passwords, one of which the device refuses.
#[test]
fn a_breaker_is_the_credential_s_own() {
    let mut rig = Rig::new(ASKS);
    rig.devices.insert("R1".into(), Device::Failing(SessionFailure::Refused));
    let body = |password: &str| {
        json!({
            "event": "Ask", "command": "show clock", "username": "a", "password": password,
        })
    };
    assert_eq!(ask(&mut rig, body("wrong")).0, 401);
    rig.devices.insert("R1".into(), Device::Good);
    let logins = rig.logins["R1"];
    assert_eq!(ask(&mut rig, body("wrong")).0, 401, "it is not shown again");
    assert_eq!(rig.logins["R1"], logins);
    assert_eq!(ask(&mut rig, body("right")).0, 201);
    assert_eq!(ask(&mut rig, json!({"event": "Ask", "command": "show clock"})).0, 201);
}

const MANY: &str = r#"
[[sources]]
path = "/events"
auth = ["bearer"]
[[rules]]
name = "many"
when = 'event.name == "Many"'
[[rules.steps]]
register = "all"
for_each = "event.data.nodes"
on = "{{ item }}"
show = ["show clock"]
[[rules.steps]]
set.last = "{{ result.all['items'] | length }}"
set.seen = "{{ (vars.seen | default(0)) + 1 }}"
[[rules.steps]]
when = "result.all.ok"
on = "R2"
show = ["show version"]
"#;

/// Goal: a step is done for each item, and the next when all have ended; variables outlive the
/// process; a process that is killed anywhere goes on at the same step, and does each once.
/// Method: kill after every batch of records.
#[test]
fn killed_anywhere_the_steps_go_on() {
    let body = json!({"event": "Many", "nodes": ["R1", "Router1", "R2"]}).to_string();
    let request = Request::new(&body).token("token-of-r1");
    let mut whole = Rig::new(MANY);
    assert_eq!(whole.status(&request).0, 202);
    let records = whole.records().to_vec();
    assert_eq!(whole.story(records[0].event()).jobs.len(), 4);
    let ends_batch = |kept: &usize| match (&records[kept - 1], records.get(*kept)) {
        (Record::Kept(_), _)
        | (Record::Decided(_), Some(Record::Stepped(_)))
        | (Record::Stepped(_), Some(Record::JobDone(_))) => false,
        (_, _) => true,
    };
    for kept in (1..=records.len()).filter(ends_batch) {
        let mut rig = Rig::new(MANY);
        rig.store.write(&records[..kept]);
        rig.store.sync();
        rig.restart(MANY);
        rig.settle(LONG);
        let story = rig.story(records[0].event());
        let devices: Vec<&str> =
            story.jobs.iter().filter_map(|job| job.device.as_deref()).collect();
        assert_eq!(devices, ["R1", "R1", "R2", "R2"], "killed after record {kept}");
        assert_eq!(story.state, State::Done, "killed after record {kept}");
        rig.status(&request);
        let seen = rig.records().iter().rev().find_map(|record| match record {
            Record::Kept(kept) if kept.group == "seen" => kept.memory.clone()?.value,
            _ => None,
        });
        assert_eq!(seen, Some(json!(2)), "killed after record {kept}");
    }
}

/// Goal: an item that cannot be done fails the step, and those behind it are not done.
#[test]
fn a_failed_item_stops() {
    let mut rig = Rig::new(MANY);
    let body = json!({"event": "Many", "nodes": ["R1", "R9"]}).to_string();
    rig.status(&Request::new(&body).token("token-of-r1"));
    let story = rig.story(&event(&rig));
    assert_eq!(story.jobs.len(), 1);
    assert!(!rig.lines.iter().any(|(_, line)| line.contains("version")));
}
