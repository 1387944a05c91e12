//! Planted secrets: whatever the programs write, print, answer or dump has none of them.

use std::path::Path;
use std::process::Stdio;

use host::files;
use serde_json::Value;
use testbed::inputs::Inputs;
use topology::Topology;

use crate::support::{Project, Running, has_text, stderr, stdout};
use crate::up::{eventually, get, post};

/// One secret for every place, each found nowhere else.
const PASSWORD: &str = "Planted-Password-01";
const ENABLE: &str = "Planted-Enable-02";
const TOKEN: &str = "Planted-Token-03";
const SIGNING: &str = "whsec_UGxhbnRlZC1TaWduaW5nLUtleS0wNC1QbGFudGVk";
const ENTRY_TOKEN: &str = "Planted-Entry-Token-05";
const ENTRY_SIGNING: &str = "whsec_UGxhbnRlZC1FbnRyeS1TaWduaW5nLTA2LVBsYW50";
const CONFIG_USER: &str = "Planted-Config-User-07";
const APPLET_QUERY: &str = "Planted-Applet-Query-08";
const APPLET_BODY: &str = "Planted-Applet-Body-09";
const BODY: &str = "Planted-Body-10";
const NESTED: &str = "Planted-Nested-11";
const QUERY: &str = "Planted-Query-12";
const URL_USER: &str = "Planted-Url-User-13";
const PATH_QUERY: &str = "Planted-Path-Query-14";
const WRONG_TOKEN: &str = "Planted-Wrong-Token-15";
const WRONG_SIGNATURE: &str = "UGxhbnRlZC1Xcm9uZy1TaWduYXR1cmUtMTYtUGxhbnQ=";
const WRONG_BASIC: &str = "UGxhbnRlZC1Xcm9uZy1CYXNpYy0xNzpQbGFudGVk";
const BASIC_PLAIN: &str = "Planted-Wrong-Basic-17";
const PASTED: &str = "Planted.Pasted.18.bearer";
const COMMUNITY: &str = "Planted-Community-19";

const ENTRY_BASIC: &str = "Planted-Entry-Basic-20";
const ENTRY_HMAC: &str = "Planted-Entry-Hmac-21";

const PLANTED: [&str; 22] = [
    PASSWORD,
    ENABLE,
    TOKEN,
    SIGNING,
    ENTRY_TOKEN,
    ENTRY_SIGNING,
    CONFIG_USER,
    APPLET_QUERY,
    APPLET_BODY,
    BODY,
    NESTED,
    QUERY,
    URL_USER,
    PATH_QUERY,
    WRONG_TOKEN,
    WRONG_SIGNATURE,
    WRONG_BASIC,
    BASIC_PLAIN,
    PASTED,
    COMMUNITY,
    ENTRY_BASIC,
    ENTRY_HMAC,
];

const RULES: &str = r#"
[[sources]]
path = "/events"
auth = ["bearer", "standard-webhooks"]
unauthenticated = "loopback"
[credentials.nms]
token = "env:PLANTED_ENTRY_TOKEN"
secret = ["file:entry.secret"]
basic = "file:entry.basic"
hmac-secret = "file:entry.hmac"
[[rules]]
name = "look"
when = 'event.name == "InterfaceDown" and event.data.password != "x"'
[[rules.actions]]
show = ["show running-config", "show running-config | include {{ event.data.hint | word }}"]
"#;

/// A project with every secret in its place.
fn planted() -> Project {
    let project = Project::new();
    let topology = format!(
        "[vars]\nwebhook-server = \"127.0.0.1:8000\"\n\
         [defaults.node]\nkind = \"virtual\"\nusername = \"operator\"\npassword = \"{PASSWORD}\"\n\
         [nodes.R1]\ndialect = \"course\"\nssh = \"127.0.0.1:0\"\n\
         startup-config = \"configs/R1.cfg\"\nenable = \"{ENABLE}\"\ntoken = \"{TOKEN}\"\n\
         secret = \"{SIGNING}\"\n"
    );
    project.write("topology.toml", &topology);
    project.write("listener.toml", RULES);
    project.write("entry.secret", ENTRY_SIGNING);
    project.write("entry.basic", &format!("nms:{ENTRY_BASIC}"));
    project.write("entry.hmac", ENTRY_HMAC);
    let config = format!(
        "hostname R1\nenable secret {ENABLE}\nsnmp-server community {COMMUNITY} RO\n\
         username backup privilege 15 password 0 {CONFIG_USER}\n\
         line vty 0 4\n login local\n transport input ssh\n\
         event manager applet DOWN\n \
         event syslog pattern \"GigabitEthernet1, changed state to administratively down\"\n \
         action 1.0 cli command \"enable\"\n \
         action 2.0 cli command \"event manager action send-data uri \
         http://<webhook-server>/events?token={APPLET_QUERY} method post body \
         {{\\\"event\\\": \\\"InterfaceDown\\\", \\\"hint\\\": \\\"username\\\", \
         \\\"password\\\": \\\"{APPLET_BODY}\\\"}}\"\nend\n"
    );
    project.write("configs/R1.cfg", &config);
    project
}

/// Goal: no planted secret is in anything that `ednm up` writes or answers, in clear, base64 or
/// hexadecimal. Method: the real program with its engineer's log on; bodies, headers and a
/// running-config full of secrets; every byte of every output.
#[test]
fn no_output_holds_a_planted_secret() {
    let project = planted();
    let up = start(&project);
    fire(&project, &up);
    let api = format!("{}/api/v1/events", up.listener());
    let done = |page: &Value| {
        let events = page["events"].as_array().unwrap();
        events.len() == 3 && events.iter().all(|e| e["state"] == "done" || e["jobs"] == 0)
    };
    let page = eventually(&api, done);
    let mut outputs = vec![("the list".to_owned(), page.to_string())];
    for event in page["events"].as_array().unwrap() {
        let id = event["id"].as_str().unwrap();
        let story = get(&format!("{api}/{id}"));
        if event["device_from"] == "credential" {
            let shown = story.to_string();
            assert!(
                shown.contains("username backup privilege 15 password 0 [redacted]"),
                "{shown}"
            );
            assert!(shown.contains("\"password\":\"[redacted]\""), "{shown}");
        }
        outputs.push((format!("the story of {id}"), story.to_string()));
        for format in ["human", "json"] {
            let shown = project.run(&["listener", "events", "show", id, "--format", format]);
            assert!(shown.status.success(), "{}", stderr(&shown));
            outputs.push((format!("events show, {format}"), stdout(&shown) + &stderr(&shown)));
        }
    }
    let list = project.run(&["listener", "events", "list"]);
    outputs.push(("events list".to_owned(), stdout(&list) + &stderr(&list)));
    outputs.push(("the ready line".to_owned(), up.ready.to_string()));
    for (name, text) in &outputs {
        assert_clean(name, text.as_bytes());
    }
    // While it runs, for the log that SQLite writes ahead; then what is left behind.
    assert_files_are_clean(&project.path("state"));
    up.terminate();
    assert_files_are_clean(&project.path("state"));
    let log = std::fs::read(project.path("up.stderr")).unwrap();
    let text = String::from_utf8_lossy(&log);
    assert!(text.contains("LOG level=debug") && text.contains("COMMAND_DONE"), "{text}");
    assert_clean("stderr", &log);
}

fn start(project: &Project) -> Running {
    let log = std::fs::File::create(project.path("up.stderr")).unwrap();
    let mut command = project.command(&["up", "--bind", "127.0.0.1:0", "--format", "json"]);
    command.env("EDNM_LOG", "trace").env("PLANTED_ENTRY_TOKEN", ENTRY_TOKEN);
    Running::spawn(command.stdout(Stdio::piped()).stderr(log))
}

/// Everything that can carry a secret in: three events, and senders that are refused.
fn fire(project: &Project, up: &Running) {
    let inject = project.run(&["simulator", "inject", "R1", "shutdown", "GigabitEthernet1"]);
    assert!(inject.status.success(), "{}", stderr(&inject));
    let url = format!("{}/events?password={PATH_QUERY}&access_token={PATH_QUERY}", up.listener());
    let json = "Content-Type: application/json";
    let body = format!(
        r#"{{"event": "Other", "device": "R1", "Pass_Word": "{BODY}", "token": ["{NESTED}"],
            "list": [{{"deep": {{"api-key": "{NESTED}", "community": "{COMMUNITY}"}}}}],
            "url": "http://u:{URL_USER}@h/x?sig=1&token={QUERY}",
            "text": "snmp-server community {COMMUNITY} RO\ncurl -H 'Authorization: Bearer {PASTED}",
            "known": "{TOKEN} {PASSWORD} {ENABLE} {ENTRY_TOKEN} {SIGNING} {ENTRY_SIGNING}",
            "more": ["{ENTRY_BASIC}", "nms:{ENTRY_BASIC}", "{ENTRY_HMAC}"]}}"#
    );
    assert_eq!(post(&url, &[json], &body).0, 202);
    let entry = format!("Authorization: Bearer {ENTRY_TOKEN}");
    assert_eq!(
        post(&url, &[json, &entry], &body.replace("Other", TOKEN).replace("\"R1\"", "1")).0,
        202
    );
    let wrong = [
        format!("Authorization: Bearer {WRONG_TOKEN}"),
        format!("Authorization: Basic {WRONG_BASIC}"),
        format!("webhook-signature: v1,{WRONG_SIGNATURE}"),
        format!("X-Gitlab-Token: {WRONG_TOKEN}\r\nAuthorization: Bearer {WRONG_TOKEN}"),
    ];
    for header in wrong {
        let id = "webhook-id: msg_1\r\nwebhook-timestamp: 1";
        let (status, _) = post(&url, &[json, id, &header], &body);
        assert!(matches!(status, 400 | 401), "{header}: {status}");
    }
    assert_eq!(post(&url, &[json], &format!("{{\"password\": \"{BODY}\" {BODY}")).0, 400);
    let typed = format!("Content-Type: text/{BASIC_PLAIN}");
    assert!(matches!(post(&url, &[&typed], &body).0, 415 | 400));
}

/// Goal: traces, verdicts and timelines have none, either. Method: the same project, tested.
#[test]
fn no_trace_holds_a_planted_secret() {
    let project = planted();
    project.write(
        "down.toml",
        "[[steps]]\nat = \"1s\"\nnode = \"R1\"\nshutdown = \"GigabitEthernet1\"\n\
         [[expect]]\nwithin = \"5s\"\n\
         action = { device = \"R1\", command = \"show running-config\", matches = \"nothing\" }\n",
    );
    for clock in ["virtual", "real"] {
        let args = ["test", "down.toml", "--trace", "trace", "--clock", clock];
        let mut command = project.command(&args);
        let run = command.env("PLANTED_ENTRY_TOKEN", ENTRY_TOKEN).output().unwrap();
        assert_eq!(run.status.code(), Some(1), "{}", stderr(&run));
        assert_clean("the verdict", &run.stdout);
        assert_clean("the verdict's stderr", &run.stderr);
        assert_files_are_clean(&project.path("trace"));
    }
    let trace = std::fs::read_dir(project.path("trace")).unwrap().next().unwrap().unwrap();
    let trace = std::fs::read_to_string(trace.path()).unwrap();
    assert!(trace.contains("password 0 [redacted]"), "{trace}");
    assert!(trace.contains("webhook-sent") && trace.contains("command-done"), "{trace}");
}

/// Goal: no panic message can hold one. Method: the `Debug` of all that lives long.
#[test]
fn no_debug_holds_a_planted_secret() {
    let project = planted();
    let listener = RULES.replace("env:PLANTED_ENTRY_TOKEN", ENTRY_TOKEN);
    project.write("listener.toml", &listener);
    let mut sink = Vec::new();
    let mut nodes = files::open(&project.path("topology.toml")).unwrap();
    let topology = Topology::load(&nodes.source, &mut nodes.files, &mut sink).unwrap();
    let mut rules = files::open(&project.path("listener.toml")).unwrap();
    let config =
        automation::Config::load(&rules.source, &topology, &mut rules.files, &mut sink).unwrap();
    let lab = lab::Lab::new(&topology, lab::LabOptions::virtual_time(1), &mut sink).unwrap();
    let automation = automation::Automation::new(config.clone(), simtime::Rng::from_seed(1));
    let target =
        listener::connect::Target::of("R1", &topology.nodes["R1"], automation::Door::Shell)
            .unwrap();
    let headers = [("authorization".to_owned(), format!("Bearer {TOKEN}"))];
    let delivery = automation::Delivery {
        delivery: automation::DeliveryId(1),
        method: restconf::Method::Post,
        path: "/events",
        query: "",
        peer: "127.0.0.1".parse().unwrap(),
        local: true,
        headers: &headers,
        body: BODY.as_bytes(),
    };
    let bytes = automation::Input::SessionBytes {
        session: automation::SessionId(1),
        bytes: PASSWORD.as_bytes(),
    };
    let answer = automation::Output::SessionBytes {
        session: automation::SessionId(1),
        bytes: ENABLE.as_bytes().to_vec(),
    };
    let read = String::new();
    let shown = [
        format!("{sink:?}"),
        format!("{topology:?}"),
        format!("{lab:?}"),
        format!("{automation:?}"),
        format!("{target:?}"),
        format!("{delivery:?} {bytes:?} {answer:?} {nodes:?} {rules:?}"),
        format!("{:?}", Inputs { topology, config, read, files: Vec::new(), embedded: Vec::new() }),
    ];
    for text in shown {
        assert_clean("Debug", text.as_bytes());
        let listed = format!("{:?}", PASSWORD.as_bytes());
        assert!(!text.contains(&listed[1..listed.len() - 1]), "{text}");
    }
}

fn assert_files_are_clean(directory: &Path) {
    let entries = std::fs::read_dir(directory).unwrap();
    let mut count = 0;
    for path in entries.map(|entry| entry.unwrap().path()) {
        if path.is_dir() {
            assert_files_are_clean(&path);
        } else if path.is_file() {
            assert_clean(&path.display().to_string(), &std::fs::read(&path).unwrap());
        }
        count += 1;
    }
    assert!(count > 0, "nothing was written to {}", directory.display());
}

/// In clear, in base64 and in hexadecimal of either case.
fn assert_clean(what: &str, bytes: &[u8]) {
    for secret in PLANTED {
        let hex: String = secret.bytes().map(|byte| format!("{byte:02x}")).collect();
        let key = secret.strip_prefix("whsec_").unwrap_or(secret);
        let forms = [secret.to_owned(), key.to_owned(), base64(secret), hex.to_uppercase(), hex];
        for form in forms {
            if let Some(at) = has_text(bytes, &form) {
                let from = at.saturating_sub(120);
                let around = String::from_utf8_lossy(&bytes[from..bytes.len().min(at + 80)]);
                panic!("{what} holds {secret} as {form}: ...{around}...");
            }
        }
    }
}

/// RFC 4648, without padding: what a longer text would have in common with it.
fn base64(text: &str) -> String {
    const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let whole = text.as_bytes().chunks_exact(3);
    let digits = whole.flat_map(|three| {
        let bits = three.iter().fold(0_usize, |bits, &byte| (bits << 8) | usize::from(byte));
        [18, 12, 6, 0].map(|shift| char::from(DIGITS[(bits >> shift) & 63]))
    });
    digits.collect()
}

/// Goal: the search itself finds what it looks for. Method: each form, in the middle of bytes.
#[test]
fn the_search_finds_every_form() {
    let token = base64(TOKEN);
    assert_eq!(token, "UGxhbnRlZC1Ub2tlbi0w");
    for form in [TOKEN, &token, "506c616e7465642d546f6b656e2d3033"] {
        let text = format!("\0x{form}y\0");
        let caught = std::panic::catch_unwind(|| assert_clean("x", text.as_bytes()));
        assert!(caught.is_err(), "{form}");
    }
}
