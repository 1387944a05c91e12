//! Jobs over NETCONF and RESTCONF: filled in, approved, run, refused, never done twice by mistake.

use fact::Kind;
use simtime::Duration;

use crate::SessionFailure;
use crate::record::Consent;
use crate::story::{JobState, JobStory};
use crate::testkit::{Device, Request, Rig};

const LONG: Duration = Duration::from_secs(600);

/// A rule with one action.
fn rule(action: &str) -> String {
    format!(
        "[[sources]]\npath = \"/events\"\nauth = [\"bearer\"]\n\
         [[rules]]\nname = \"r\"\nwhen = 'true'\n[[rules.actions]]\n{action}\n"
    )
}

const GET: &str = r#"
netconf.get_config.filter = """
<interfaces xmlns="urn:if"><interface><name>{{ event.data.interface | interface }}</name>
</interface></interfaces>"""
"#;
const EDIT: &str = r#"
approve = "auto"
netconf.edit_config.config = """
<interfaces xmlns="urn:if"><interface><name>{{ event.data.interface | interface }}</name>
<enabled>true</enabled></interface></interfaces>"""
"#;
const RELOAD: &str = "approve = \"auto\"\nnetconf.rpc = '<reload xmlns=\"urn:x\"/>'";
const READ: &str = "restconf.path = \"data/if:interfaces/interface=\
                    {{ event.data.interface | interface }}?depth=2\"";
const PATCH: &str = r#"
approve = "auto"
[rules.actions.restconf]
method = "PATCH"
path = "data/if:interfaces/interface={{ event.data.interface | interface }}"
[rules.actions.restconf.body."if:interface"]
name = "{{ event.data.interface | interface }}"
mtu = "{{ event.data.mtu | number }}"
enabled = true
"#;
const OPERATION: &str = r#"
approve = "auto"
restconf = { method = "POST", path = "/restconf/operations/cisco-ia:save-config" }
"#;

fn down() -> Request {
    let body =
        r#"{"event": "Down", "interface": "GigabitEthernet1/0/1", "mtu": "1400", "bad": "<x/>"}"#;
    Request::new(body).token("token-of-r1")
}

/// Runs a rule's action on R1, which is such a device.
fn run(action: &str, device: Device) -> (Rig, JobStory) {
    let mut rig = Rig::new(&rule(action));
    rig.devices.insert("R1".into(), device);
    let (_, event) = rig.status(&down());
    rig.settle(LONG);
    let job = rig.story(&event).jobs.remove(0);
    (rig, job)
}

/// What R1 was asked.
fn asked(rig: &Rig) -> Vec<&str> {
    rig.lines.iter().map(|(_, line)| line.as_str()).collect()
}

/// Goal: both doors read, with the event's value in its place; the answer is kept raw and as JSON.
#[test]
fn reads() {
    let data = "<data><interfaces xmlns='urn:if'><interface><name>G</name></interface>\
                </interfaces></data>";
    let (rig, job) = run(GET, Device::Replies(data));
    assert_eq!(job.state, JobState::Done);
    assert!(asked(&rig)[0].contains("<name>GigabitEthernet1/0/1</name>"), "{:?}", asked(&rig));
    let command = &job.attempts[0].commands[0];
    assert_eq!(command.command, "get-config running interfaces");
    assert_eq!(command.output, data);
    let json = serde_json::json!({ "interfaces": { "interface": { "name": "G" } } });
    assert_eq!(command.json, Some(json));

    let (rig, job) = run(READ, Device::Responds(200, r#"{"if:interface": [{"name": "G"}]}"#));
    assert_eq!(job.state, JobState::Done);
    let path = "/restconf/data/if:interfaces/interface=GigabitEthernet1%2F0%2F1";
    assert_eq!(asked(&rig), [format!("Get {path}?depth=2 ")]);
    let command = &job.attempts[0].commands[0];
    assert_eq!(command.command, format!("GET {path}?depth=2"));
    assert_eq!(command.json, Some(serde_json::json!({ "if:interface": [{ "name": "G" }] })));
}

/// Goal: what changes waits for an approval unless the rule says otherwise, and is shown whole.
#[test]
fn changes_wait_for_an_approval() {
    for action in [EDIT, RELOAD, PATCH, OPERATION] {
        let mut rig = Rig::new(&rule(&action.replace("approve = \"auto\"", "")));
        let (_, event) = rig.status(&down());
        rig.settle(Duration::from_secs(5));
        let job = rig.story(&event).jobs.remove(0);
        assert_eq!((job.state, rig.lines.len()), (JobState::Waiting, 0), "{action}");
        rig.answer(&job.job, Consent::Approved).expect("an answer").expect("it waits");
        rig.settle(LONG);
        assert_eq!(rig.story(&event).jobs[0].state, JobState::Done, "{action}");
    }
    let (rig, job) = run(PATCH, Device::Good);
    let body = r#"{"if:interface":{"name":"GigabitEthernet1/0/1","mtu":1400,"enabled":true}}"#;
    let path = "/restconf/data/if:interfaces/interface=GigabitEthernet1%2F0%2F1";
    assert_eq!(asked(&rig), [format!("Patch {path}? {body}")]);
    assert_eq!(*job.action.lines(), [format!("PATCH {path}"), body.to_owned()]);
}

/// Goal: a refusal ends the job with the device's words; one that passes is tried again.
#[test]
fn refusals() {
    let missing = "<rpc-error><error-type>application</error-type><error-tag>data-missing\
                   </error-tag><error-severity>error</error-severity><error-message>gone\
                   </error-message></rpc-error>";
    let in_use = "<rpc-error><error-type>protocol</error-type><error-tag>in-use</error-tag>\
                  <error-severity>error</error-severity></rpc-error>";
    let taken = r#"{"ietf-restconf:errors": {"error": [{"error-tag": "data-exists"}]}}"#;
    let down = SessionFailure::Unreachable("nothing listens there".into());
    let certificate = SessionFailure::Certificate("self-signed".into());
    for (action, device, tries, error) in [
        (
            EDIT,
            Device::Replies(missing),
            1,
            "the device refused `edit-config running interfaces`: \
            data-missing: gone",
        ),
        (EDIT, Device::Replies(in_use), 3, "has to wait: in-use"),
        (PATCH, Device::Responds(409, taken), 1, "HTTP 409: data-exists"),
        (PATCH, Device::Responds(503, ""), 3, "HTTP 503"),
        (READ, Device::Responds(401, ""), 1, "the device refused user and password"),
        (READ, Device::Failing(down.clone()), 3, "unreachable: nothing listens there"),
        (GET, Device::Failing(down), 3, "unreachable: nothing listens there"),
        (READ, Device::Failing(certificate), 1, "certificate refused: self-signed"),
        (GET, Device::Failing(SessionFailure::NoNetconf("off".into())), 3, "no NETCONF: off"),
    ] {
        let (rig, job) = run(action, device);
        let told = job.error.unwrap_or_default();
        assert_eq!(job.state, JobState::Failed, "{action}");
        assert!(told.contains(error), "{told}");
        assert_eq!(rig.logins["R1"], tries, "{action}");
    }
}

/// Goal: a connection that breaks behind a request: what can be repeated is, the rest never.
#[test]
fn doubt() {
    for (action, tries) in [(GET, 3), (EDIT, 3), (PATCH, 3), (RELOAD, 1), (OPERATION, 1)] {
        let (rig, job) = run(
            action,
            Device::DropsAt(match action {
                RELOAD => "reload",
                OPERATION => "save-config",
                _ => "GigabitEthernet1",
            }),
        );
        assert_eq!((job.state, rig.logins["R1"]), (JobState::Failed, tries), "{action}");
    }
    // Killed behind a request, the listener does not know whether it was taken.
    for (action, logins) in [(OPERATION, 1), (PATCH, 2)] {
        let mut rig = Rig::new(&rule(action));
        rig.devices.insert("R1".into(), Device::Slow);
        let (_, event) = rig.status(&down());
        rig.devices.insert("R1".into(), Device::Good);
        rig.restart(&rule(action));
        rig.settle(LONG);
        assert_eq!(rig.logins["R1"], logins, "{action}");
        let job = rig.story(&event).jobs.remove(0);
        let is_done = job.state == JobState::Done;
        assert_eq!(is_done, logins == 2, "{action}: {:?}", job.error);
    }
}

/// Goal: no value of an event adds an element, leaves its key or its text. Method: values that
/// would, in each place; a value that its filter refuses starts no job.
#[test]
fn values_stay_in_their_place() {
    for action in [GET, EDIT, READ, PATCH] {
        for bad in ["</name><x/>", "G1/../../x", "G1\"", "G1?depth=1", "G1,G2", "1", ""] {
            let mut rig = Rig::new(&rule(action));
            let body = serde_json::json!({ "event": "Down", "interface": bad, "mtu": "1400" });
            let (_, event) = rig.status(&Request::new(&body.to_string()).token("token-of-r1"));
            rig.settle(LONG);
            assert_eq!(rig.story(&event).jobs.len(), 0, "{bad}");
            assert_eq!(asked(&rig), [""; 0], "{bad}");
        }
    }
}

/// Goal: our own change over an API is known for what it is when its event comes back.
#[test]
fn own_changes_are_known() {
    for action in [EDIT, PATCH] {
        let mut rig = Rig::new(&rule(action));
        rig.status(&down());
        rig.settle(Duration::from_secs(1));
        let (_, event) = rig.status(&down());
        rig.settle(Duration::from_secs(1));
        let story = rig.story(&event);
        assert!(story.caused_by.is_some() && story.jobs.is_empty(), "{action}");
    }
}

/// Goal: neither the text nor the JSON of an answer keeps a secret.
#[test]
fn answers_keep_no_secret() {
    let data = "<data><native xmlns='urn:x'><enable><secret><type>9</type><secret>$9$planted\
                </secret></secret></enable><note>enable-of-r2</note></native></data>";
    let (rig, netconf) = run(GET, Device::Replies(data));
    let body = r#"{"x:user": {"password": "planted", "note": "enable-of-r2"}}"#;
    let (other, restconf) = run(READ, Device::Responds(200, body));
    let told = format!("{:?}{:?}{:?}{:?}", netconf, restconf, rig.facts, other.facts);
    assert!(told.contains("[redacted]"));
    assert!(!told.contains("planted") && !told.contains("enable-of-r2"), "{told}");
    let refusals = rig.kinds(|kind| match kind {
        Kind::ConnectFailed { error, .. } => Some(error.clone()),
        _ => None,
    });
    assert_eq!(refusals, [""; 0]);
}

/// Goal: same questions that wait at the same time are asked once.
#[test]
fn one_question_is_asked_once() {
    let mut rig = Rig::new(&rule(READ));
    rig.devices.insert("R1".into(), Device::Slow);
    for n in 0..8 {
        let body = format!("{{\"event\": \"Down\", \"interface\": \"Gi1\", \"n\": {n}}}");
        rig.status(&Request::new(&body).token("token-of-r1"));
    }
    assert!(rig.logins["R1"] < 8, "{:?}", rig.logins);
}
