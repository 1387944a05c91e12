//! Injection: what hostile values do in every field and at every sink. The tables explain.

use std::fmt::Write as _;
use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::process::Stdio;
use std::time::Duration;

use automation::{Automation, Config};
use diagnostic::Source;
use fact::Kind;
use host::files;
use lab::{Lab, LabOptions};
use serde_json::{Value, json};
use simtime::{Rng, Time};
use testbed::virtual_time::{Bench, Exchange};
use topology::Topology;

use crate::support::{Project, Running, stderr, stdout};
use crate::up::{eventually, get};

/// One rule for each typed filter; its event is called like the filter, its field too.
const RULES: &str = r#"
[[sources]]
path = "/events"
auth = ["bearer"]
unauthenticated = "loopback"
[[rules]]
name = "interface"
when = 'event.name == "interface"'
[[rules.actions]]
show = ["show interfaces {{ event.data.interface | interface }}"]
[[rules]]
name = "address"
when = 'event.name == "address"'
[[rules.actions]]
show = ["ping {{ event.data.address | address }}"]
[[rules]]
name = "word"
when = 'event.name == "word"'
[[rules.actions]]
show = ["show ip interface brief | include {{ event.data.word | word }}"]
[[rules]]
name = "number"
when = 'event.name == "number"'
[[rules.actions]]
show = ["show logging | include {{ event.data.number | number }}"]
[[rules]]
name = "configure"
when = 'event.name == "configure"'
[[rules.actions]]
configure = ["interface {{ event.data.configure | interface }}", "no shutdown"]
approve = "auto"
"#;

/// What each rule may send, and nothing else: its fixed words and one harmless value.
const INTENDED: [&str; 6] = [
    "show interfaces ",
    "ping ",
    "show ip interface brief | include ",
    "show logging | include ",
    "interface ",
    "show running-config interface ",
];
/// What a session sends of its own.
const OWN: [&str; 6] =
    ["terminal length 0", "terminal width 512", "configure terminal", "no shutdown", "end", "exit"];

/// Both sides in one queue, with rules for every filter.
struct Range {
    bench: Bench,
    now: Time,
}

impl Range {
    fn new() -> Self {
        let project = Project::new();
        let mut sink = Vec::new();
        let mut nodes = files::open(&project.path("topology.toml")).unwrap();
        let topology = Topology::load(&nodes.source, &mut nodes.files, &mut sink).unwrap();
        let rules = Source::new("listener.toml", RULES);
        let config = Config::load(&rules, &topology, &mut nodes.files, &mut sink);
        let config = config.unwrap_or_else(|| panic!("{sink:?}"));
        let lab = Lab::new(&topology, LabOptions::virtual_time(1), &mut sink).unwrap();
        let automation = Automation::new(config, Rng::from_seed(1).child("automation"));
        Range { bench: Bench::new(lab, automation, topology), now: Time::VIRTUAL_START }
    }

    fn send(&mut self, path: &str, headers: &[(&str, &str)], body: &str) -> Exchange {
        let mut all = vec![("content-type".to_owned(), "application/json".to_owned())];
        all.extend(headers.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())));
        let exchange = self.bench.exchange(self.now, path, &all, body.as_bytes());
        // Behind the time in which an event counts as the effect of a change of ours.
        self.now = exchange.ended + simtime::Duration::from_secs(60);
        exchange
    }
}

/// The status, why, and what the routers received of it: the ledger is theirs.
fn told(exchange: &Exchange) -> String {
    let mut reasons = Vec::new();
    let mut received = Vec::new();
    for fact in &exchange.facts {
        match &fact.kind {
            Kind::Rejected { reason, .. } => reasons.push(reason.clone()),
            Kind::RuleDecided { fired: true, reason, .. } => {
                reasons.push(reason.split("; ").skip(1).collect::<Vec<_>>().join("; "));
            }
            Kind::DeviceCommand { by, line } if by == "admin" => received.push(line.clone()),
            _ => {}
        }
    }
    received.retain(|line| !OWN.contains(&line.as_str()));
    for line in &received {
        assert_harmless(line);
    }
    let status = exchange.status.map_or("no reply".to_owned(), |status| status.to_string());
    let received = if received.is_empty() { "nothing".to_owned() } else { received.join(" + ") };
    let reasons: Vec<String> = reasons.into_iter().filter(|reason| !reason.is_empty()).collect();
    format!("{status} | {received} | {}", reasons.join("; "))
}

fn assert_harmless(line: &str) {
    let value = INTENDED.iter().find_map(|fixed| line.strip_prefix(fixed));
    let value = value.unwrap_or_else(|| panic!("no rule sends this: {line:?}"));
    let harmless = |c: char| c.is_ascii_alphanumeric() || "/.:_-".contains(c);
    assert!(!value.is_empty() && value.chars().all(harmless), "{line:?}");
}

/// A text as one short word of a table.
fn shown(text: &str) -> String {
    let escaped = text.escape_default().to_string().replace("\\\"", "\"");
    match escaped.char_indices().nth(56) {
        Some((end, _)) => format!("{}... ({} bytes)", &escaped[..end], text.len()),
        None => escaped,
    }
}

/// Through which filter, and what.
fn values() -> Vec<(&'static str, Value)> {
    let long = "x".repeat(100_000);
    vec![
        ("interface", json!("GigabitEthernet1")),
        ("interface", json!("Gi1\nreload")),
        ("interface", json!("Gi1\r\nconfigure terminal\r\nhostname owned")),
        ("interface", json!("Gi1\u{0}")),
        ("interface", json!("Gi1?")),
        ("interface", json!("Gi1 | redirect tftp://192.0.2.9/x")),
        ("interface", json!("Gi1|include x")),
        ("interface", json!("Gi1 | include x")),
        ("interface", json!("Gi1; reload")),
        ("interface", json!("Gi1\u{1b}[2J")),
        ("interface", json!("Gi1\u{8}\u{8}\u{8}reload")),
        ("interface", json!("Gi1\u{2028}reload")),
        ("interface", json!("Gi1\u{85}reload")),
        ("interface", json!("\u{ff27}\u{ff49}\u{ff11}")),
        ("interface", json!("Gi1\treload")),
        ("interface", json!(" Gi1")),
        ("interface", json!("Gi1%0areload")),
        ("interface", json!("Gi1\\nreload")),
        ("interface", json!("{{ 7 * 7 }}")),
        ("interface", json!("{% for x in range(9) %}reload{% endfor %}")),
        ("interface", json!("{{ event.__class__.__mro__ }}")),
        ("interface", json!("__class__")),
        ("interface", json!("' OR 1=1 --")),
        ("interface", json!("../../etc/passwd")),
        ("interface", json!("$(reload)")),
        ("interface", json!(long)),
        ("interface", json!("")),
        ("interface", json!(null)),
        ("interface", json!(1)),
        ("interface", json!(["Gi1", "reload"])),
        ("interface", json!({"name": "Gi1"})),
        ("address", json!("10.0.12.2")),
        ("address", json!("10.0.12.2 repeat 100000")),
        ("address", json!("10.0.12.2\nreload")),
        ("address", json!("10.0.12.2/24")),
        ("address", json!("0x7f.1")),
        ("address", json!("fe80::1%Gi1")),
        ("address", json!("::1 | redirect tftp://192.0.2.9/x")),
        ("address", json!("router.example")),
        ("word", json!("up")),
        ("word", json!("a b")),
        ("word", json!("a|redirect")),
        ("word", json!("-x")),
        ("word", json!("`reload`")),
        ("word", json!("a\u{0}b")),
        ("word", json!("\u{430}dmin")),
        ("word", json!("[redacted]")),
        ("word", json!(long)),
        ("number", json!(7)),
        ("number", json!(-1)),
        ("number", json!("-1")),
        ("number", json!(1.5)),
        ("number", json!(1e99)),
        ("number", json!("1e3")),
        ("number", json!("0x10")),
        ("number", json!("7 | redirect tftp://192.0.2.9/x")),
        ("number", json!("18446744073709551616")),
        ("number", json!(false)),
        ("configure", json!("GigabitEthernet2")),
        ("configure", json!("Gi2\nusername owned privilege 15 secret owned")),
        ("configure", json!("Gi2\r\nend\r\nreload")),
        ("configure", json!("Gi2 | append flash:x")),
        ("configure", json!("Gi2\u{1a}")),
        ("configure", json!("range Gi1 - 4")),
        ("configure", json!("Gi2\u{3}do reload")),
    ]
}

/// Goal: no value of an event reaches a router as anything but one value of the intended command.
/// Method: each attack through each typed filter; what the routers say that they received.
#[test]
fn values_become_one_word_or_nothing() {
    let mut range = Range::new();
    let mut table = String::from("field | attack | status | the router received | why not\n");
    for (field, attack) in values() {
        let body = json!({"event": field, "device": "R1", (field): attack}).to_string();
        let told = told(&range.send("/events", &[], &body));
        let attack = attack.as_str().map_or(attack.to_string(), shown);
        writeln!(table, "{field} | {attack} | {told}").unwrap();
    }
    expect_test::expect_file!["snapshots/attacks-values.txt"].assert_eq(&table);
}

/// What, on which path, with which headers beside the type, with which body.
type Row = (&'static str, &'static str, Vec<(&'static str, &'static str)>, String);

fn requests() -> Vec<Row> {
    let of = |device: Value| json!({"event": "interface", "device": device, "interface": "Gi1"});
    let named = |name: Value| json!({"event": name, "device": "R1", "interface": "Gi1"});
    let bearer = ("authorization", "Bearer mySecretToken");
    let plain = of(json!("R1"));
    let twice = r#"{"event":"interface","device":"R1","interface":"Gi1","interface":"Gi1|x"}"#;
    let deep = format!(r#"{{"event":"interface","x":{}"#, "[".repeat(100_000));
    vec![
        ("device: of another", "/events", vec![bearer], of(json!("R2")).to_string()),
        ("device: other case", "/events", vec![], of(json!("r1")).to_string()),
        ("device: a line", "/events", vec![], of(json!("R1\nreload")).to_string()),
        ("device: a path", "/events", vec![], of(json!("../R1")).to_string()),
        ("device: a number", "/events", vec![], of(json!(1)).to_string()),
        ("device: a list", "/events", vec![], of(json!(["R1", "R2"])).to_string()),
        ("device: a template", "/events", vec![], of(json!("{{ 'R1' }}")).to_string()),
        (
            "event: two lines",
            "/events",
            vec![],
            named(json!("interface\nX passed=true")).to_string(),
        ),
        ("event: an escape", "/events", vec![], named(json!("\u{1b}[2Jinterface")).to_string()),
        ("event: a list", "/events", vec![], named(json!(["interface"])).to_string()),
        ("event: a template", "/events", vec![], named(json!("{{ 'interface' }}")).to_string()),
        ("event: full width", "/events", vec![], named(json!("\u{ff49}nterface")).to_string()),
        ("event: huge", "/events", vec![], named(json!("x".repeat(100_000))).to_string()),
        ("body: a key twice", "/events", vec![], twice.to_owned()),
        ("body: too deep", "/events", vec![], deep),
        ("body: a list", "/events", vec![], "[{\"event\":\"interface\"}]".to_owned()),
        ("body: two objects", "/events", vec![], "{\"event\":\"x\"}{\"event\":\"y\"}".to_owned()),
        ("body: __proto__", "/events", vec![], r#"{"__proto__":{"event":"interface"}}"#.to_owned()),
        ("path: upper case", "/EVENTS", vec![], plain.to_string()),
        ("path: traversal", "/events/../events", vec![], plain.to_string()),
        ("path: a line", "/events%0aX", vec![], plain.to_string()),
        ("path: an escape", "/\u{1b}[2J", vec![], plain.to_string()),
        (
            "X-EDNM-Device: another",
            "/events",
            vec![bearer, ("x-ednm-device", "R2")],
            plain.to_string(),
        ),
        (
            "X-EDNM-Device: alone",
            "/events",
            vec![("x-ednm-device", "R3\nreload")],
            json!({"event": "interface", "interface": "Gi1"}).to_string(),
        ),
        ("webhook-id: a line", "/events", vec![("webhook-id", "a\nb")], plain.to_string()),
        (
            "webhook-id: SQL",
            "/events",
            vec![("webhook-id", "';DROP/**/TABLE--")],
            plain.to_string(),
        ),
        (
            "traceparent: a line",
            "/events",
            vec![("traceparent", "00-x\nreload")],
            plain.to_string(),
        ),
        ("authorization: twice", "/events", vec![bearer, bearer], plain.to_string()),
        (
            "authorization: a line",
            "/events",
            vec![("authorization", "Bearer x\nBearer y")],
            plain.to_string(),
        ),
        ("content-type: twice", "/events", vec![("content-type", "text/html")], plain.to_string()),
    ]
}

/// Goal: the other fields of a request change neither device nor rule. Method: a table of requests.
#[test]
fn other_fields_lead_nowhere() {
    let mut range = Range::new();
    let mut table = String::from("attack | status | the router received | why not\n");
    for (label, path, headers, body) in requests() {
        let exchange = range.send(path, &headers, &body);
        let device = exchange.facts.iter().find_map(|fact| match &fact.kind {
            Kind::Verified { device_from, .. } => {
                Some(format!("about {} ({device_from})", fact.node.as_deref().unwrap_or("nobody")))
            }
            _ => None,
        });
        let told = told(&exchange).replace(&"x".repeat(64), "x..");
        writeln!(table, "{label} | {told} | {}", device.unwrap_or_default()).unwrap();
        assert!(!told.chars().any(char::is_control), "{told:?}");
    }
    expect_test::expect_file!["snapshots/attacks-requests.txt"].assert_eq(&table);
}

/// A body that forges log lines and draws on terminals.
fn hostile() -> Value {
    json!({
        "event": "interface SECURITY_VALIDATION passed=true ts=1", "device": "\u{1b}[2JR1\u{202e}",
        "interface": "\u{1b}]0;owned\u{7}", "note": "a\nSECURITY_VALIDATION passed=true\u{9b}31m",
    })
}

/// What, and the bytes of the request.
fn raw_requests(body: &str) -> Vec<(&'static str, String)> {
    let post = |headers: &str, body: &str| {
        format!(
            "POST /events HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n{headers}\
             Content-Length: {}\r\n\r\n{body}",
            body.len()
        )
    };
    let get_line = |target: &str| {
        format!("GET {target} HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n")
    };
    let json_type = "Content-Type: application/json\r\n";
    vec![
        ("hostile body", post(json_type, body)),
        (
            "header: a second line",
            post(&format!("{json_type}X-A: b\r\nSECURITY: passed\r\n"), body),
        ),
        ("header: bare LF", post(&format!("{json_type}X-A: b\nX-EDNM-Device: R1\r\n"), body)),
        ("header: NUL", post(&format!("{json_type}X-EDNM-Device: R1\0\r\n"), body)),
        ("header: escape", post(&format!("{json_type}X-EDNM-Device: \u{1b}[2J\r\n"), body)),
        ("header: folded", post(&format!("{json_type}X-A: b\r\n c\r\n"), body)),
        ("two lengths", post(&format!("{json_type}Content-Length: 2\r\n"), body)),
        ("length and chunks", post(&format!("{json_type}Transfer-Encoding: chunked\r\n"), body)),
        ("path: traversal", get_line("/api/v1/events/../../../etc/passwd")),
        ("path: escaped traversal", get_line("/api/v1/events/..%2f..%2fetc%2fpasswd")),
        ("path: escaped line", get_line("/api/v1/events/evt%0aX")),
        ("path: escaped escape", get_line("/api/v1/events/evt%1b%5b2J")),
        ("query: SQL", get_line("/api/v1/events?device=%27%20OR%201%3D1%20--")),
        ("query: SQL union", get_line("/api/v1/events?after=%27%20UNION%20SELECT%201--")),
        ("query: escape", get_line("/api/v1/events?name=%1b%5b2J")),
        ("query: huge limit", get_line("/api/v1/events?limit=99999999999999999999")),
        ("query: negative limit", get_line("/api/v1/events?limit=-1")),
        ("query: state and a line", get_line("/api/v1/events?state=done%0a")),
        ("query: unknown", get_line("/api/v1/events?%3Cscript%3E=1")),
    ]
}

/// Goal: the sinks of the real program: HTTP, SQL, the log, the terminal. Method: raw requests to
/// `ednm up`; what it answers, prints and shows afterwards.
#[test]
fn sinks_of_the_real_program() {
    let project = Project::new();
    project.write("listener.toml", RULES);
    let log = std::fs::File::create(project.path("up.stderr")).unwrap();
    let mut command = project.command(&["up", "--bind", "127.0.0.1:0", "--format", "json"]);
    let up = Running::spawn(command.stdout(Stdio::piped()).stderr(log));
    let hostile = hostile();
    let mut table = String::from("attack | what the listener answered\n");
    for (label, request) in raw_requests(&hostile.to_string()) {
        let answer = raw(up.listener(), &request);
        assert!(!answer.contains('\u{1b}'), "{label}: {answer:?}");
        writeln!(table, "{label} | {answer}").unwrap();
    }
    expect_test::expect_file!["snapshots/attacks-http.txt"].assert_eq(&table);
    let api = format!("{}/api/v1/events", up.listener());
    let page = eventually(&api, |page| page["events"].as_array().is_some_and(|e| !e.is_empty()));
    let id = page["events"][0]["id"].as_str().unwrap();
    assert_eq!(get(&format!("{api}/{id}"))["event"]["data"], hostile, "data is kept as sent");
    for args in [vec!["listener", "events", "list"], vec!["listener", "events", "show", id]] {
        let output = project.run(&args);
        assert_printable(&stdout(&output));
    }
    for id in ["../../x", "' OR 1=1 --", "evt_\u{1b}[2J", "evt\nx"] {
        let output = project.run(&["listener", "events", "show", id]);
        assert_eq!(output.status.code(), Some(1), "{id:?}: {}", stderr(&output));
        assert_printable(&stderr(&output));
    }
    up.terminate();
    let log = std::fs::read_to_string(project.path("up.stderr")).unwrap();
    assert_printable(&log);
    let forged = log.lines().filter(|line| {
        line.starts_with("SECURITY_VALIDATION passed=true") && !line.contains(" event_id=evt_")
    });
    assert_eq!(forged.count(), 0, "{log}");
}

/// Nothing that moves a cursor, colours, or reorders a line.
fn assert_printable(text: &str) {
    let hostile =
        |c: &char| (c.is_control() && *c != '\n') || ('\u{202a}'..='\u{202e}').contains(c);
    assert!(!text.chars().any(|c| hostile(&c)), "{text:?}");
}

/// One request as bytes; the status and what matters of the body.
fn raw(listener: &str, request: &str) -> String {
    let mut stream = TcpStream::connect(listener.strip_prefix("http://").unwrap()).unwrap();
    stream.set_read_timeout(Some(Duration::from_secs(10))).unwrap();
    stream.write_all(request.as_bytes()).unwrap();
    let mut answer = Vec::new();
    let _ = stream.read_to_end(&mut answer); // a refusal may reset the connection
    let answer = String::from_utf8_lossy(&answer).into_owned();
    let status = answer.split(' ').nth(1).unwrap_or("closed").to_owned();
    let body = answer.split_once("\r\n\r\n").map_or("", |(_, body)| body);
    let told = match serde_json::from_str::<Value>(body) {
        Ok(json) if json["detail"].is_string() => json["detail"].as_str().unwrap().to_owned(),
        Ok(json) if json["events"].is_array() => {
            format!("{} events", json["events"].as_array().unwrap().len())
        }
        Ok(json) => json["status"].as_str().unwrap_or("-").to_owned(),
        Err(_) => shown(body),
    };
    format!("{status} {}", shown(&told))
}
