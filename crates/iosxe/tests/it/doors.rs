//! One model behind every door: whichever of them changes the configuration, all of them show it.
//!
//! Changes are random, and so is the door of each: the console, an applet, NETCONF, RESTCONF, the
//! last two by one of two models. What should be there is kept beside the router in the simplest
//! form, and compared with what each door and the show commands say.

use std::collections::BTreeMap;
use std::net::Ipv4Addr;

use iosxe::Input;
use proptest::prelude::*;
use serde_json::{Value, json};
use simtime::Duration;

use crate::programs::Programs;

const STARTUP: &str = "\
hostname R1
username admin privilege 15 password admin
ip http secure-server
netconf-yang
restconf
interface GigabitEthernet1
 description uplink
 ip address 10.0.1.1 255.255.255.0
";
const NATIVE: &str = "http://cisco.com/ns/yang/Cisco-IOS-XE-native";
const IETF: &str = "urn:ietf:params:xml:ns:yang:ietf-interfaces";
const IP: &str = "urn:ietf:params:xml:ns:yang:ietf-ip";
const DELETE: &str = "xmlns:nc=\"urn:ietf:params:xml:ns:netconf:base:1.0\" nc:operation=\"remove\"";
const NATIVE_URL: &str = "/restconf/data/Cisco-IOS-XE-native:native";
const IETF_URL: &str = "/restconf/data/ietf-interfaces:interfaces";
const PORTS: u8 = 4;

/// Where a change comes in, and by which model.
#[derive(Clone, Copy, Debug)]
enum Door {
    Console,
    Applet,
    Netconf { ietf: bool },
    Restconf { ietf: bool },
}

/// Which interface: a port, or a loopback of this number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Name {
    Port(u8),
    Loopback(u8),
}

#[derive(Clone, Debug)]
enum Change {
    Hostname(String),
    Describe(Name, Option<String>),
    Enable(Name, bool),
    Address(Name, Ipv4Addr),
    Remove(u8),
    Route(u8, bool),
}

/// What should be there.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Wanted {
    hostname: String,
    interfaces: BTreeMap<Name, Interface>,
    routes: Vec<u8>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
struct Interface {
    description: Option<String>,
    enabled: bool,
    address: Option<Ipv4Addr>,
}

impl Name {
    fn kind(self) -> &'static str {
        match self {
            Name::Port(_) => "GigabitEthernet",
            Name::Loopback(_) => "Loopback",
        }
    }

    fn number(self) -> u8 {
        match self {
            Name::Port(number) | Name::Loopback(number) => number,
        }
    }

    fn long(self) -> String {
        format!("{}{}", self.kind(), self.number())
    }

    fn key(self) -> Value {
        match self {
            Name::Port(number) => json!(number.to_string()),
            Name::Loopback(number) => json!(number),
        }
    }
}

impl Interface {
    const NEW: Interface = Interface { description: None, enabled: true, address: None };
}

fn name() -> impl Strategy<Value = Name> {
    prop_oneof![(1..=PORTS).prop_map(Name::Port), (0u8..4).prop_map(Name::Loopback)]
}

fn change() -> impl Strategy<Value = Change> {
    let text = "[A-Za-z][a-z0-9<&>\"'/]{0,6}( [a-z&.]{1,6}){0,2}";
    let address = (name(), 1u8..200).prop_map(|(name, host)| {
        // No two interfaces have a network in common.
        let net = match name {
            Name::Port(number) => number,
            Name::Loopback(number) => 100 + number,
        };
        Change::Address(name, Ipv4Addr::new(10, 0, net, host))
    });
    prop_oneof![
        2 => "[A-Z][a-z0-9]{0,9}".prop_map(Change::Hostname),
        5 => (name(), prop::option::of(text)).prop_map(|(name, text)| Change::Describe(name, text)),
        4 => (name(), any::<bool>()).prop_map(|(name, on)| Change::Enable(name, on)),
        5 => address,
        2 => (0u8..4).prop_map(Change::Remove),
        3 => (0u8..5, any::<bool>()).prop_map(|(net, there)| Change::Route(net, there)),
    ]
}

fn door() -> impl Strategy<Value = Door> {
    prop_oneof![
        Just(Door::Console),
        Just(Door::Applet),
        any::<bool>().prop_map(|ietf| Door::Netconf { ietf }),
        any::<bool>().prop_map(|ietf| Door::Restconf { ietf }),
    ]
}

impl Wanted {
    fn new() -> Self {
        let uplink = Interface {
            description: Some("uplink".to_owned()),
            address: Some(Ipv4Addr::new(10, 0, 1, 1)),
            ..Interface::NEW
        };
        let ports = (1..=PORTS).map(|number| (Name::Port(number), Interface::NEW));
        let mut interfaces: BTreeMap<Name, Interface> = ports.collect();
        interfaces.insert(Name::Port(1), uplink);
        Wanted { hostname: "R1".to_owned(), interfaces, routes: Vec::new() }
    }

    fn at(&mut self, name: Name) -> &mut Interface {
        self.interfaces.entry(name).or_insert(Interface::NEW)
    }

    fn undergo(&mut self, change: &Change) {
        match change {
            Change::Hostname(name) => self.hostname.clone_from(name),
            Change::Describe(name, text) => self.at(*name).description.clone_from(text),
            Change::Enable(name, on) => self.at(*name).enabled = *on,
            Change::Address(name, address) => self.at(*name).address = Some(*address),
            Change::Remove(number) => {
                self.interfaces.remove(&Name::Loopback(*number));
            }
            Change::Route(net, there) => {
                self.routes.retain(|known| known != net);
                if *there {
                    self.routes.push(*net);
                    self.routes.sort_unstable();
                }
            }
        }
    }
}

/// The lines that a person types.
fn lines(change: &Change) -> Vec<String> {
    let inside = |name: &Name, line: String| vec![format!("interface {}", name.long()), line];
    match change {
        Change::Hostname(name) => vec![format!("hostname {name}")],
        Change::Describe(name, Some(text)) => inside(name, format!("description {text}")),
        Change::Describe(name, None) => inside(name, "no description".to_owned()),
        Change::Enable(name, true) => inside(name, "no shutdown".to_owned()),
        Change::Enable(name, false) => inside(name, "shutdown".to_owned()),
        Change::Address(name, address) => {
            inside(name, format!("ip address {address} 255.255.255.0"))
        }
        Change::Remove(number) => vec![format!("no interface Loopback{number}")],
        Change::Route(net, there) => {
            let no = if *there { "" } else { "no " };
            vec![format!("{no}ip route 172.16.{net}.0 255.255.255.0 Null0")]
        }
    }
}

/// What is sent as XML to the model that has it.
fn xml(change: &Change, ietf: bool) -> String {
    let escape = |text: &str| text.replace('&', "&amp;").replace('<', "&lt;");
    let native = |inner: String| format!("<native xmlns=\"{NATIVE}\">{inner}</native>");
    let inside = |name: &Name, of_ietf: String, of_native: String| {
        let (kind, number) = (name.kind(), name.number());
        if ietf {
            let name = name.long();
            format!(
                "<interfaces xmlns=\"{IETF}\"><interface><name>{name}</name>{of_ietf}</interface>\
                 </interfaces>"
            )
        } else {
            let entry = format!("<{kind}><name>{number}</name>{of_native}</{kind}>");
            native(format!("<interface>{entry}</interface>"))
        }
    };
    match change {
        Change::Hostname(name) => native(format!("<hostname>{name}</hostname>")),
        Change::Describe(name, text) => {
            let leaf = match text {
                Some(text) => format!("<description>{}</description>", escape(text)),
                None => format!("<description {DELETE}/>"),
            };
            inside(name, leaf.clone(), leaf)
        }
        Change::Enable(name, on) => {
            let operation = if *on { DELETE } else { "" };
            let of_native = format!("<shutdown {operation}/>");
            inside(name, format!("<enabled>{on}</enabled>"), of_native)
        }
        Change::Address(name, address) => inside(
            name,
            format!(
                "<ipv4 xmlns=\"{IP}\" xmlns:nc=\"urn:ietf:params:xml:ns:netconf:base:1.0\" \
                 nc:operation=\"replace\"><address><ip>{address}</ip>\
                 <netmask>255.255.255.0</netmask></address></ipv4>"
            ),
            format!(
                "<ip><address><primary><address>{address}</address>\
                 <mask>255.255.255.0</mask></primary></address></ip>"
            ),
        ),
        Change::Remove(number) if ietf => format!(
            "<interfaces xmlns=\"{IETF}\"><interface {DELETE}><name>Loopback{number}</name>\
             </interface></interfaces>"
        ),
        Change::Remove(number) => native(format!(
            "<interface><Loopback {DELETE}><name>{number}</name></Loopback></interface>"
        )),
        Change::Route(net, there) => {
            let operation = if *there { "" } else { DELETE };
            native(format!(
                "<ip><route><ip-route-interface-forwarding-list {operation}>\
                 <prefix>172.16.{net}.0</prefix><mask>255.255.255.0</mask>{}\
                 </ip-route-interface-forwarding-list></route></ip>",
                if *there { "<fwd-list><fwd>Null0</fwd></fwd-list>" } else { "" }
            ))
        }
    }
}

/// Method, path and body of the same for RESTCONF.
fn request(change: &Change, ietf: bool) -> (&'static str, String, Value) {
    let at = |name: &Name| match ietf {
        true => format!("{IETF_URL}/interface={}", name.long()),
        false => format!("{NATIVE_URL}/interface/{}={}", name.kind(), name.number()),
    };
    let merge = |name: &Name, of_ietf: Value, of_native: Value| {
        let (url, mut entry, mut more) = match ietf {
            true => (IETF_URL.to_owned(), json!({ "name": name.long() }), of_ietf),
            false => (format!("{NATIVE_URL}/interface"), json!({ "name": name.key() }), of_native),
        };
        if let (Some(entry), Some(more)) = (entry.as_object_mut(), more.as_object_mut()) {
            entry.append(more);
        }
        let body = match ietf {
            true => json!({ "ietf-interfaces:interfaces": { "interface": [entry] } }),
            false => json!({ "Cisco-IOS-XE-native:interface": { name.kind(): [entry] } }),
        };
        ("PATCH", url, body)
    };
    match change {
        Change::Hostname(name) => {
            let body = json!({ "Cisco-IOS-XE-native:hostname": name });
            ("PUT", format!("{NATIVE_URL}/hostname"), body)
        }
        Change::Describe(name, Some(text)) => {
            merge(name, json!({ "description": text }), json!({ "description": text }))
        }
        Change::Describe(name, None) => {
            ("DELETE", format!("{}/description", at(name)), Value::Null)
        }
        Change::Enable(name, true) if !ietf => {
            ("DELETE", format!("{}/shutdown", at(name)), Value::Null)
        }
        Change::Enable(name, on) => {
            merge(name, json!({ "enabled": on }), json!({ "shutdown": [null] }))
        }
        Change::Address(name, address) if ietf => {
            let one = json!({ "ip": address, "netmask": "255.255.255.0" });
            let body = json!({ "ietf-ip:ipv4": { "address": [one] } });
            ("PUT", format!("{}/ietf-ip:ipv4", at(name)), body)
        }
        Change::Address(name, address) => {
            let primary = json!({ "address": address, "mask": "255.255.255.0" });
            merge(name, Value::Null, json!({ "ip": { "address": { "primary": primary } } }))
        }
        Change::Remove(number) => ("DELETE", at(&Name::Loopback(*number)), Value::Null),
        Change::Route(net, there) => {
            let list = "ip-route-interface-forwarding-list";
            let url = format!("{NATIVE_URL}/ip/route");
            if !there {
                let key = format!("172.16.{net}.0,255.255.255.0");
                return ("DELETE", format!("{url}/{list}={key}"), Value::Null);
            }
            let entry = json!({ "prefix": format!("172.16.{net}.0"), "mask": "255.255.255.0",
                "fwd-list": [{ "fwd": "Null0" }] });
            let body = json!({ "Cisco-IOS-XE-native:route": { list: [entry] } });
            ("PATCH", url, body)
        }
    }
}

/// Carries a change out. An interface that is not there is made first by whoever can only change
/// one that is.
fn carry_out(programs: &mut Programs, wanted: &Wanted, door: Door, change: &Change) {
    let of_new = match change {
        Change::Describe(name, _) | Change::Enable(name, _) | Change::Address(name, _) => {
            !wanted.interfaces.contains_key(name)
        }
        Change::Hostname(_) | Change::Remove(_) | Change::Route(..) => false,
    };
    let text = lines(change);
    let typed: Vec<&str> = text.iter().map(String::as_str).collect();
    match door {
        Door::Console => programs.router.configure(&typed),
        // A quotation mark cannot stand in a command of an applet.
        Door::Applet if text.iter().all(|line| !line.contains('"')) => {
            by_applet(programs, &text);
        }
        Door::Applet => programs.router.configure(&typed),
        Door::Restconf { .. } if of_new => programs.router.configure(&typed),
        Door::Netconf { ietf } => {
            let reply = programs.rpc(
                1,
                &format!(
                    "<edit-config><target><running/></target><config>{}</config></edit-config>",
                    xml(change, ietf)
                ),
            );
            assert!(reply.contains("<ok/>"), "{change:?} {reply}");
        }
        Door::Restconf { ietf } => {
            let (method, url, body) = request(change, ietf);
            let body = if body.is_null() { String::new() } else { body.to_string() };
            let response = programs.ask(method, &url, &body);
            // What is not there cannot be deleted.
            let is_fine = [201, 204].contains(&response.status)
                || (method == "DELETE" && response.status == 404);
            assert!(is_fine, "{change:?} {method} {url} {body} {response:?}");
        }
    }
}

fn by_applet(programs: &mut Programs, lines: &[String]) {
    let mut applet = vec![
        "event manager applet CHANGE authorization bypass".to_owned(),
        "event none".to_owned(),
        "action 010 cli command \"enable\"".to_owned(),
        "action 020 cli command \"configure terminal\"".to_owned(),
    ];
    for (line, number) in lines.iter().zip(3..) {
        let line = line.replace('$', "$$");
        applet.push(format!("action 0{number}0 cli command \"{line}\""));
    }
    applet.push("action 900 cli command \"end\"".to_owned());
    let typed: Vec<&str> = applet.iter().map(String::as_str).collect();
    programs.router.configure(&typed);
    programs.router.exec("event manager run CHANGE");
    programs.router.advance(Duration::from_secs(5));
    programs.router.configure(&["no event manager applet CHANGE"]);
}

/// The running-config in the same form.
fn by_running_config(programs: &mut Programs) -> Wanted {
    let text = programs.router.exec("show running-config");
    let mut seen =
        Wanted { hostname: String::new(), interfaces: BTreeMap::new(), routes: Vec::new() };
    let mut name = None;
    for line in text.lines() {
        if let Some(rest) = line.strip_prefix("hostname ") {
            seen.hostname = rest.to_owned();
        } else if let Some(rest) = line.strip_prefix("interface ") {
            let found = named(rest);
            seen.interfaces.insert(found, Interface::NEW);
            name = Some(found);
        } else if let Some(rest) = line.strip_prefix("ip route 172.16.") {
            seen.routes.push(rest.split('.').next().unwrap_or_default().parse().expect("a net"));
        }
        let Some(interface) = name.and_then(|name| seen.interfaces.get_mut(&name)) else {
            continue;
        };
        if let Some(rest) = line.strip_prefix(" description ") {
            interface.description = Some(rest.to_owned());
        } else if let Some(rest) = line.strip_prefix(" ip address ") {
            let address = rest.split(' ').next().unwrap_or_default();
            interface.address = Some(address.parse().expect("an address"));
        } else if line == " shutdown" {
            interface.enabled = false;
        } else if !line.starts_with(' ') && !line.starts_with("interface") {
            name = None;
        }
    }
    seen.routes.sort_unstable();
    seen
}

fn named(text: &str) -> Name {
    let split = text.find(|c: char| c.is_ascii_digit()).expect("a number");
    let number = text[split..].parse().expect("a number");
    if text.starts_with('L') { Name::Loopback(number) } else { Name::Port(number) }
}

fn text_of(value: &Value) -> Option<String> {
    value.as_str().map(str::to_owned)
}

/// What the native model says of interfaces, hostname and routes.
fn by_native(native: &Value) -> Wanted {
    let mut seen = Wanted {
        hostname: text_of(&native["hostname"]).unwrap_or_default(),
        interfaces: BTreeMap::new(),
        routes: Vec::new(),
    };
    for kind in ["GigabitEthernet", "Loopback"] {
        for entry in native["interface"][kind].as_array().into_iter().flatten() {
            let number = entry["name"].to_string().trim_matches('"').to_owned();
            let address = text_of(&entry["ip"]["address"]["primary"]["address"]);
            let interface = Interface {
                description: text_of(&entry["description"]),
                enabled: entry.get("shutdown").is_none(),
                address: address.map(|address| address.parse().expect("an address")),
            };
            seen.interfaces.insert(named(&format!("{kind}{number}")), interface);
        }
    }
    let list = &native["ip"]["route"]["ip-route-interface-forwarding-list"];
    for entry in list.as_array().into_iter().flatten() {
        let prefix = text_of(&entry["prefix"]).unwrap_or_default();
        seen.routes.push(prefix.split('.').nth(2).unwrap_or_default().parse().expect("a net"));
    }
    seen.routes.sort_unstable();
    seen
}

/// What ietf-interfaces says of interfaces.
fn by_ietf(interfaces: &Value) -> BTreeMap<Name, Interface> {
    let entries = interfaces["interface"].as_array().into_iter().flatten();
    let one = |entry: &Value| {
        let address = text_of(&entry["ietf-ip:ipv4"]["address"][0]["ip"]);
        let interface = Interface {
            description: text_of(&entry["description"]),
            enabled: entry["enabled"] == json!(true),
            address: address.map(|address| address.parse().expect("an address")),
        };
        (named(entry["name"].as_str().expect("a name")), interface)
    };
    entries.map(one).collect()
}

/// What `show ip interface brief` and `show interfaces description` say.
fn by_shows(programs: &mut Programs) -> BTreeMap<Name, (Option<Ipv4Addr>, bool)> {
    let text = programs.router.exec("show ip interface brief");
    let row = |line: &str| {
        let words: Vec<&str> = line.split_whitespace().collect();
        let is_down = line.contains("administratively down");
        (named(words[0]), (words[1].parse().ok(), !is_down))
    };
    text.lines().skip_while(|line| !line.starts_with("Interface")).skip(1).map(row).collect()
}

/// JSON of the XML of a reply, by asking for the same data over both doors.
fn compare(programs: &mut Programs, wanted: &Wanted, after: &str) {
    assert_eq!(by_running_config(programs), *wanted, "running-config after {after}");
    let get = |programs: &mut Programs, url: &str| -> Value {
        let response = programs.ask("GET", url, "");
        assert_eq!(response.status, 200, "{}", response.body);
        serde_json::from_str(&response.body).expect("JSON")
    };
    let native = get(programs, NATIVE_URL);
    let native = &native["Cisco-IOS-XE-native:native"];
    assert_eq!(by_native(native), *wanted, "RESTCONF, native, after {after}");
    let ietf = get(programs, IETF_URL);
    let ietf = &ietf["ietf-interfaces:interfaces"];
    assert_eq!(by_ietf(ietf), wanted.interfaces, "RESTCONF, ietf, after {after}");
    let shown = by_shows(programs);
    let brief: BTreeMap<Name, (Option<Ipv4Addr>, bool)> = wanted
        .interfaces
        .iter()
        .map(|(name, interface)| (*name, (interface.address, interface.enabled)))
        .collect();
    assert_eq!(shown, brief, "show ip interface brief after {after}");
    by_netconf(programs, wanted, after);
}

/// What NETCONF says, leaf by leaf.
fn by_netconf(programs: &mut Programs, wanted: &Wanted, after: &str) {
    let reply = programs.rpc(1, "<get-config><source><running/></source></get-config>");
    let document = roxmltree::Document::parse(&reply).expect("XML");
    let of = |namespace: &str| {
        let top = document.descendants().filter(move |node| {
            node.tag_name().namespace() == Some(namespace) && node.parent_element().is_some()
        });
        top.filter(|node| ["native", "interfaces"].contains(&node.tag_name().name()))
            .collect::<Vec<_>>()
    };
    let leaf = |node: roxmltree::Node<'_, '_>, path: &[&str]| {
        let mut at = node;
        for name in path {
            at = at.children().find(|child| child.tag_name().name() == *name)?;
        }
        Some(at.text().unwrap_or_default().to_owned())
    };
    let ietf: BTreeMap<Name, Interface> = of(IETF)[0]
        .children()
        .filter(roxmltree::Node::is_element)
        .map(|entry| {
            let address = leaf(entry, &["ipv4", "address", "ip"]);
            let interface = Interface {
                description: leaf(entry, &["description"]),
                enabled: leaf(entry, &["enabled"]).as_deref() == Some("true"),
                address: address.map(|address| address.parse().expect("an address")),
            };
            (named(&leaf(entry, &["name"]).expect("a name")), interface)
        })
        .collect();
    assert_eq!(ietf, wanted.interfaces, "get-config, ietf, after {after}");
    let native = of(NATIVE)[0];
    let hostname = leaf(native, &["hostname"]);
    assert_eq!(hostname.as_ref(), Some(&wanted.hostname), "get-config after {after}");
    let interfaces = native.children().find(|node| node.tag_name().name() == "interface");
    let entries = interfaces.expect("interfaces").children().filter(roxmltree::Node::is_element);
    let native: BTreeMap<Name, Interface> = entries
        .map(|entry| {
            let kind = entry.tag_name().name();
            let address = leaf(entry, &["ip", "address", "primary", "address"]);
            let interface = Interface {
                description: leaf(entry, &["description"]),
                enabled: leaf(entry, &["shutdown"]).is_none(),
                address: address.map(|address| address.parse().expect("an address")),
            };
            let number = leaf(entry, &["name"]).expect("a name");
            (named(&format!("{kind}{number}")), interface)
        })
        .collect();
    assert_eq!(native, wanted.interfaces, "get-config, native, after {after}");
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 20, ..ProptestConfig::default() })]

    /// Goal: a change by any door shows at every door, and is there after a restart from what was
    /// saved. Method: some 800 random changes, 200 a door; after each, all doors are asked.
    #[test]
    fn every_door_shows_the_same(all in prop::collection::vec((door(), change()), 30..50)) {
        let mut programs = Programs::new(STARTUP);
        programs.open(1);
        let mut wanted = Wanted::new();
        for (door, change) in &all {
            carry_out(&mut programs, &wanted, *door, change);
            wanted.undergo(change);
            compare(&mut programs, &wanted, &format!("{change:?} by {door:?}"));
        }
        let saved = programs.rpc(1, "<save-config xmlns=\"http://cisco.com/yang/cisco-ia\"/>");
        prop_assert!(saved.contains("<ok/>"), "{saved}");
        let boot = Some(Duration::from_secs(30));
        programs.router.tell(Input::Reload { reason: "", boot, trace: None });
        programs.router.advance(Duration::from_secs(60));
        programs.open(1);
        compare(&mut programs, &wanted, "a restart");
    }
}
