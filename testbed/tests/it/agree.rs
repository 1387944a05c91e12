//! The listener's three drivers ask one router the same, and hear the same.
//!
//! The router is live, behind its own ports; the listener's rules ask it over SSH, NETCONF and
//! RESTCONF, and change it by each. What the rows of a table say of the answers is compared.

use std::collections::BTreeMap;
use std::time::Duration;

use serde_json::{Value, json};

use crate::support::{Project, Running};
use crate::up::{eventually, post};

const RULES: &str = r#"
inventory = "topology.toml"
[[sources]]
path = "/events"
auth = ["bearer"]
unauthenticated = "loopback"

[[rules]]
name = "ask"
when = 'event.name == "Ask"'
[[rules.actions]]
show = ["show running-config", "show running-config interface GigabitEthernet2",
        "show interfaces GigabitEthernet2"]
[[rules.actions]]
netconf.get.filter = """
<interfaces xmlns="urn:ietf:params:xml:ns:yang:ietf-interfaces"><interface>
<name>GigabitEthernet2</name></interface></interfaces>
<interfaces-state xmlns="urn:ietf:params:xml:ns:yang:ietf-interfaces"><interface>
<name>GigabitEthernet2</name></interface></interfaces-state>
<native xmlns="http://cisco.com/ns/yang/Cisco-IOS-XE-native"><hostname/><version/></native>"""
[[rules.actions]]
restconf.path = "data/ietf-interfaces:interfaces/interface=GigabitEthernet2"
[[rules.actions]]
restconf.path = "data/ietf-interfaces:interfaces-state/interface=GigabitEthernet2"
[[rules.actions]]
restconf.path = "data/Cisco-IOS-XE-native:native"

[[rules]]
name = "by ssh"
when = 'event.name == "BySsh"'
[[rules.actions]]
configure = ["interface GigabitEthernet2", "description by ssh", "shutdown"]
approve = "auto"

[[rules]]
name = "by netconf"
when = 'event.name == "ByNetconf"'
[[rules.actions]]
approve = "auto"
netconf.edit_config.config = """
<interfaces xmlns="urn:ietf:params:xml:ns:yang:ietf-interfaces"><interface>
<name>GigabitEthernet2</name><description>by netconf &amp; é</description><enabled>true</enabled>
<ipv4 xmlns="urn:ietf:params:xml:ns:yang:ietf-ip"
 xmlns:nc="urn:ietf:params:xml:ns:netconf:base:1.0" nc:operation="replace">
<address><ip>10.0.13.9</ip><netmask>255.255.255.128</netmask></address></ipv4>
</interface></interfaces>"""

[[rules]]
name = "by restconf"
when = 'event.name == "ByRestconf"'
[[rules.actions]]
approve = "auto"
[rules.actions.restconf]
method = "PATCH"
path = "data/ietf-interfaces:interfaces/interface=GigabitEthernet2"
[rules.actions.restconf.body."ietf-interfaces:interface"]
name = "GigabitEthernet2"
description = "by restconf"
enabled = false
"#;

/// What one driver says of each field.
type Said = BTreeMap<&'static str, String>;

/// A field: its name, the words in front of it and behind it at the CLI, and the paths of it in
/// the answers of NETCONF and RESTCONF, which are below one name each.
type Row = (&'static str, &'static [&'static str], &'static str, &'static str);

const PORT: &str = "interfaces/interface";
const STATE: &str = "interfaces-state/interface";

/// The answers of the shows come first, second and third.
const ROWS: &[Row] = &[
    ("hostname", &["0", "hostname ", "\n"], "native/hostname", "2/native/hostname"),
    ("version", &["0", "version ", "\n"], "native/version", "2/native/version"),
    ("name", &["1", "interface ", "\n"], "PORT/name", "0/interface/name"),
    ("description", &["1", " description ", "\n"], "PORT/description", "0/interface/description"),
    ("address", &["1", " ip address ", " "], "PORT/ipv4/address/ip", "0/interface/ipv4/address/ip"),
    (
        "mask",
        &["1", " ip address * ", "\n"],
        "PORT/ipv4/address/netmask",
        "0/interface/ipv4/address/netmask",
    ),
    ("admin", &["2", " is ", ","], "STATE/admin-status", "1/interface/admin-status"),
    ("oper", &["2", "line protocol is ", "\n"], "STATE/oper-status", "1/interface/oper-status"),
    ("mac", &["2", "address is ", " "], "STATE/phys-address", "1/interface/phys-address"),
    ("speed", &["2", "BW ", " Kbit"], "STATE/speed", "1/interface/speed"),
    (
        "input",
        &["2", "packets input, ", " bytes"],
        "STATE/statistics/in-octets",
        "1/interface/statistics/in-octets",
    ),
];

/// The commands' outputs and data of the jobs of an event, in their order, once all are done.
fn outcome(up: &Running, event: &str, round: u32) -> Vec<Value> {
    let body = json!({ "event": event, "device": "R1", "round": round }).to_string();
    let url = format!("{}/events", up.listener());
    let (status, answer) = post(&url, &["Content-Type: application/json"], &body);
    assert_eq!(status, 202, "{answer:#}");
    let story = format!("{}/api/v1/events/{}", up.listener(), answer["id"].as_str().unwrap());
    let over =
        |story: &Value| ["done", "failed", "dead"].contains(&story["state"].as_str().unwrap());
    let story = eventually(&story, over);
    assert_eq!(story["state"], "done", "{story:#}");
    let jobs = story["jobs"].as_array().unwrap().iter();
    jobs.map(|job| job["attempts"][0]["commands"].clone()).collect()
}

fn by_cli(outputs: &Value) -> Said {
    let field = |words: &[&str]| {
        let at: usize = words[0].parse().unwrap();
        let text = outputs[at]["output"].as_str().unwrap().replace('\r', "") + "\n";
        let (front, skipped) = match words[1].split_once("* ") {
            Some((front, _)) => (front, 1),
            None => (words[1], 0),
        };
        // A word of the configuration begins its line.
        let front = if at < 2 { format!("\n{front}") } else { front.to_owned() };
        let text = format!("\n{text}");
        let (_, rest) = text.split_once(&front).unwrap_or(("", ""));
        let rest = (0..skipped).fold(rest, |rest, _| rest.split_once(' ').map_or("", |(_, r)| r));
        rest.split_once(words[2]).map_or("", |(value, _)| value).trim().to_owned()
    };
    ROWS.iter().map(|(name, words, ..)| (*name, plain(name, &field(words)))).collect()
}

/// A value below these names, which may have a module in front; of a list the first entry.
fn below(data: &Value, path: &str) -> String {
    let step = |data: &Value, name: &str| -> Value {
        let data = if let Value::Array(all) = data { all[0].clone() } else { data.clone() };
        let members = data.as_object().into_iter().flatten();
        let mut found = members.filter(|(key, _)| key.rsplit(':').next() == Some(name));
        found.next().map_or(Value::Null, |(_, value)| value.clone())
    };
    let found = path.split('/').fold(data.clone(), |data, name| step(&data, name));
    found.as_str().map_or_else(|| found.to_string(), str::to_owned)
}

fn by_netconf(commands: &Value) -> Said {
    let path = |path: &str| path.replace("PORT", PORT).replace("STATE", STATE);
    let of = |at: &str| below(&commands[0]["json"], &path(at));
    ROWS.iter().map(|(name, _, at, _)| (*name, plain(name, &of(at)))).collect()
}

fn by_restconf(answers: &[Value]) -> Said {
    let of = |at: &str| {
        let (number, path) = at.split_once('/').unwrap();
        below(&answers[number.parse::<usize>().unwrap()][0]["json"], path)
    };
    ROWS.iter().map(|(name, _, _, at)| (*name, plain(name, &of(at)))).collect()
}

/// Each door has a form of its own for a few fields.
fn plain(name: &str, value: &str) -> String {
    match name {
        "mac" => value.replace(['.', ':'], ""),
        "admin" if value == "administratively down" => "down".to_owned(),
        "oper" => value.split(' ').next().unwrap_or_default().to_owned(),
        // The CLI counts kilobits.
        "speed" if value.len() > 8 => value[..value.len() - 3].to_owned(),
        _ => value.to_owned(),
    }
}

/// Goal: every field that all three doors can show is the same behind each, before and after a
/// change by each. Method: rules with all three actions at a live router; a table of fields.
#[test]
fn three_drivers_agree() {
    let project = Project::new();
    project.write("listener.toml", RULES);
    let up = project.start(&["up", "--bind", "127.0.0.1:0"]);
    let rounds = [
        (None, "to R3", "up", "10.0.13.1"),
        (Some("BySsh"), "by ssh", "down", "10.0.13.1"),
        (Some("ByNetconf"), "by netconf & é", "up", "10.0.13.9"),
        (Some("ByRestconf"), "by restconf", "down", "10.0.13.9"),
    ];
    for ((change, description, admin, address), round) in rounds.into_iter().zip(0..) {
        if let Some(change) = change {
            outcome(&up, change, round);
            // The line protocol follows a second later.
            std::thread::sleep(Duration::from_millis(1_500));
        }
        let answers = outcome(&up, "Ask", round);
        let cli = by_cli(&answers[0]);
        assert_eq!(by_netconf(&answers[1]), cli, "NETCONF and the CLI, round {round}");
        assert_eq!(by_restconf(&answers[2..]), cli, "RESTCONF and the CLI, round {round}");
        let told = [cli["description"].as_str(), &cli["admin"], &cli["address"], &cli["hostname"]];
        assert_eq!(told, [description, admin, address, "R1"], "round {round}");
        assert!(cli.values().all(|value| !value.is_empty() && value != "null"), "{cli:?}");
    }
}
