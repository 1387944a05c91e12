//! The data models against the router: each leaf of their configuration, one by one.

use std::sync::LazyLock;

use roxmltree::Document;
use yang::{Element, Kind, Node, Schema, Type, read_xml, write_xml};

use crate::programs::Programs;

const TABLES: [&str; 5] = [
    include_str!("../../data/yang/ietf-interfaces.txt"),
    include_str!("../../data/yang/openconfig-interfaces.txt"),
    include_str!("../../data/yang/cisco-native.txt"),
    include_str!("../../data/yang/cisco-oper.txt"),
    include_str!("../../data/yang/ietf-library.txt"),
];
pub(crate) static SCHEMA: LazyLock<Schema> =
    LazyLock::new(|| Schema::read(&TABLES).expect("tables"));

/// What the lines of leaves refer to.
const STARTUP: &str = "\
hostname R1
username admin privilege 15 password admin
netconf-yang
restconf
ip http secure-server
vrf definition V
 address-family ipv4
 address-family ipv6
ip vrf W
logging discriminator D severity drops 4
interface Loopback0
";

/// Values by the end of a path, where any value of the type will not do. The longest end.
const VALUES: &[(&str, &str)] = &[
    ("/interfaces/interface/name", "GigabitEthernet2"),
    ("/TenGigabitEthernet/name", "1/1/1"),
    ("/AppGigabitEthernet/name", "1/0/1"),
    ("/interfaces/interface/type", "ethernetCsmacd"),
    ("/config/type", "ethernetCsmacd"),
    ("/config/name", "GigabitEthernet2"),
    ("/config/mtu", "2000"),
    ("/rd", "65000:1"),
    ("/asn-ip", "65000:2"),
    ("/route-target/target", "65000:2"),
    ("/ge", "25"),
    ("/le", "26"),
    ("/prefix", "192.0.2.0"),
    ("/prefix", "2001:db8::/64"),
    ("/route/address", "192.0.2.0"),
    ("/mask", "255.255.255.0"),
    ("/netmask", "255.255.255.0"),
    ("/ipv6-fwd-list/fwd", "Loopback0"),
    ("/fwd", "Loopback0"),
    ("/link-local-address/address", "fe80::1"),
    ("/vrf/forwarding", "V"),
    ("/vrf", "V"),
    ("/route/vrf/name", "V"),
    ("/host/vrf/vrf-name", "V"),
    ("/name-server/vrf/word", "V"),
    ("/ntp/peer/vrf/name", "V"),
    ("/ntp/server/vrf/name", "V"),
    ("/discriminator/name", "D"),
    ("/discriminator-config", "D"),
    ("/discriminator", "D"),
    ("/server-list/ip-address", "192.0.2.5"),
    ("/server-list/source", "Loopback0"),
    ("/interface-name-non-vrf", "Loopback0"),
    ("/interface-name", "Loopback0"),
    ("/tunnel/source", "Loopback0"),
    ("/tracked-object/interface/name", "Loopback0"),
    ("/routing/network", "192.0.2.0/24"),
    ("/cron-entry", "0 1 * * *"),
    ("/key-hash-value", "0123456789ABCDEF0123456789ABCDEF"),
    ("/tracked-object/interface/protocol", "line-protocol"),
    ("/ace-rule/protocol", "tcp"),
    ("/AppGigabitEthernet/negotiation/auto", "false"),
    ("/TenGigabitEthernet/negotiation/auto", "false"),
    ("/buffered/size-value", "8192"),
    ("/ipv6-host", "2001:db8::9"),
    ("/every", "2"),
    ("/host-config/ip-community/version", "2c"),
    ("/vty/first", "0"),
    ("/vty/last", "4"),
    ("/mtu", "2000"),
    ("/ip/mtu", "1400"),
    ("/ipv6/mtu", "1400"),
    ("/ip-vrf/ip/vrf/forwarding", "W"),
    ("/ace-rule/ipv4-address", "192.0.2.0"),
    ("/ace-rule/dest-ipv4-address", "192.0.2.0"),
    ("/ace-rule/dscp", "ef"),
    ("/ace-rule/precedence", "critical"),
    ("/ace-rule/tos", "min-delay"),
    ("/http/client/source-interface", "Loopback0"),
    ("/http/port", "8080"),
    ("/trusted-key/end-key", "5"),
    ("/default-state", "up"),
    ("/engineID/local", "800000090300525400123456"),
    ("/ipv4-address-prefix", "192.0.2.0"),
    ("/std-ace/mask", "0.0.0.255"),
    ("/ace-rule/mask", "0.0.0.255"),
    ("/dest-mask", "0.0.0.255"),
    ("/transport/input/input", "ssh"),
];

/// What a leaf needs beside it that no table says: the end of its path, and what comes with it.
const COMPANIONS: &[(&str, &[(&str, &str)])] = &[
    ("/interface/routing", &[("protocol", "ip")]),
    ("/secondary/address", PRIMARY),
    ("/secondary/mask", PRIMARY),
    ("/secondary/secondary", PRIMARY),
    ("/ace-rule/named-msg-type", &[("protocol", "icmp")]),
    ("/threshold/weight/up", WEIGHT),
    ("/threshold/weight/down", WEIGHT),
    ("/threshold/percentage/up", &[("../../list/threshold-config", "percentage")]),
    ("/threshold/percentage/down", &[("../../list/threshold-config", "percentage")]),
    ("/tracked-object/default-state", &[("stub-object", "")]),
    ("/tracked-object/object/number", &[("../list/boolean-config", "and")]),
    ("/tracked-object/object/not", &[("../list/boolean-config", "and")]),
    ("/tracked-object/object/weight", &[("../list/threshold-config", "weight")]),
    ("/ip-community/security-level", &[("version", "3")]),
];

/// Interfaces that another platform has.
const PLATFORMS: &[(&str, &str)] = &[
    ("/TenGigabitEthernet", "cat9k"),
    ("/AppGigabitEthernet", "cat9k"),
    ("interface/Vlan", "cat9k"),
];

const PRIMARY: &[(&str, &str)] =
    &[("../primary/address", "192.0.2.129"), ("../primary/mask", "255.255.255.128")];
const WEIGHT: &[(&str, &str)] = &[("../../list/threshold-config", "weight")];

/// The end of a path, and why the leaf cannot be configured like the others.
const EXCEPTIONS: &[(&str, &str)] = &[
    ("/interface/Ethernet/", "no platform here has one"),
    ("/interface/FastEthernet/", "no platform here has one"),
    ("/interface/TwoGigabitEthernet/", "no platform here has one"),
    ("/interface/FiveGigabitEthernet/", "no platform here has one"),
    ("/interface/TwentyFiveGigE/", "no platform here has one"),
    ("/interface/FortyGigabitEthernet/", "no platform here has one"),
    ("/interface/HundredGigE/", "no platform here has one"),
    ("/enable/secret/", "the router keeps a hash"),
    ("/username/secret/", "the router keeps a hash"),
    ("/ntp/authentication-key/", "the router encrypts it"),
    ("/ip/vrf/route-target/", "`both` is two lines"),
    ("/pubkey-chain/username/name", "a user without a key is none"),
    ("/speed/auto", "shows in no line: the default"),
    ("/duplex", "shows in no line: the default"),
    ("/logging/trap", "shows in no line: the default"),
    ("/authorization/exec/default", "shows in no line: the default"),
    ("/transport/input/all", "all are telnet and ssh here"),
    ("/native/version", "the release, which nobody sets"),
];

/// The same of taking it away again.
const KEPT: &[(&str, &str)] = &[
    ("/interface/ipv4", "every interface has it"),
    ("/interface/ipv6", "every interface has it"),
    ("/config/name", "the name of the entry"),
    ("/config/type", "what the interface is"),
    ("/password/type", "shows always: 0 is the default"),
    ("/password/encryption", "shows always: 0 is the default"),
    ("/notify/syslog/contenttype", "shows always: plaintext is the default"),
    ("/discriminator/severity/drops", "a discriminator without a rule is refused"),
    ("/discriminator/severity/includes", "a discriminator without a rule is refused"),
    ("/aaa/new-model", "shuts programs out that no list lets in"),
    ("/tracked-object/interface/routing", "`ip` alone is no command"),
    ("/ip-community/security-level", "version 3 wants one"),
    ("/vty/last", "the first five lines stay"),
];

type Trail = Vec<&'static Node>;

fn path_of(trail: &[&Node]) -> String {
    trail.iter().map(|node| format!("/{}", node.name)).collect()
}

/// The value that a leaf gets.
fn value(trail: &[&Node]) -> String {
    let path = path_of(trail);
    let leaf = trail[trail.len() - 1].leaf_type().expect("a leaf");
    let known = VALUES.iter().filter(|(end, _)| path.ends_with(end));
    let known = known.filter_map(|(end, value)| Some((end.len(), leaf.canonical(value)?)));
    if let Some((_, value)) = known.max_by_key(|(length, _)| *length) {
        return value;
    }
    let words = |all: &[&str]| all.iter().map(|word| (*word).to_owned()).collect();
    let mut examples: Vec<String> = match leaf {
        Type::Boolean => words(&["true", "false"]),
        Type::Empty => words(&[""]),
        Type::Enumeration(all) => all.clone(),
        Type::Severity => words(&["errors"]),
        Type::Identity { names, .. } => names.clone(),
        Type::Unsigned(_, ranges) => {
            let starts = ranges.iter().map(|range| *range.start()).filter(|start| *start > 0);
            let starts = starts.flat_map(|start| [start, start + 1]);
            starts.map(|number| number.to_string()).collect()
        }
        _ => Vec::new(),
    };
    examples.extend(words(&["X1", "2", "3", "192.0.2.1", "192.0.2.0/24", "2001:db8::1"]));
    examples.extend(words(&["2001:db8::/64", "1.1", "A", "ABCDEF123456"]));
    // What is the default anyway shows in no line.
    let is_new = |value: &String| trail[trail.len() - 1].default.as_ref() != Some(value);
    let all: Vec<String> = examples.iter().filter_map(|text| leaf.canonical(text)).collect();
    let found = all.iter().find(|value| is_new(value)).or(all.first()).cloned();
    found.unwrap_or_else(|| panic!("{path}: no value"))
}

/// An element in all that stands above it, each with its keys.
fn whole(trail: &[&'static Node], leaf: Element) -> Element {
    let mut inner = leaf;
    for at in (0..trail.len() - 1).rev() {
        let node = trail[at];
        let mut all: Vec<Element> = Vec::new();
        for key in node.keys() {
            let key = node.children.iter().find(|child| child.name == *key).expect("a key");
            if *inner.node == *key {
                continue;
            }
            let mut below = trail[..=at].to_vec();
            below.push(key);
            all.push(Element::leaf(key, value(&below)));
        }
        all.push(inner);
        inner = Element::branch(node, all);
    }
    inner
}

fn example(trail: &[&'static Node]) -> Element {
    let node = trail[trail.len() - 1];
    let own = match node.leaf_type() {
        Some(_) => Element::leaf(node, value(trail)),
        None => Element::branch(node, Vec::new()),
    };
    whole(trail, own)
}

/// The trail that a path with predicates leads to.
fn trail_of(path: &str) -> Option<Trail> {
    let mut trail = Trail::new();
    let mut text = String::new();
    let mut depth = 0;
    // Without what stands in brackets, which may hold slashes.
    for c in path.chars() {
        depth += i32::from(c == '[') - i32::from(c == ']');
        if depth == 0 && c != ']' {
            text.push(c);
        }
    }
    for step in text.split('/').filter(|step| !step.is_empty()) {
        let name = step.rsplit(':').next().unwrap_or(step);
        let nodes = trail.last().map_or(&SCHEMA.top, |above| &above.children);
        trail.push(nodes.iter().find(|node| node.name == name && node.is_config)?);
    }
    Some(trail)
}

fn tag<'a>(xml: &'a str, name: &str) -> Option<&'a str> {
    let start = xml.find(&format!("<{name}"))?;
    let rest = &xml[start..];
    let rest = &rest[rest.find('>')? + 1..];
    Some(&rest[..rest.find("</")?])
}

/// Whether all leaves of `wanted` stand in `found`.
fn holds(found: &[Element], wanted: &Element) -> bool {
    found.iter().any(|element| {
        element.is_same(wanted)
            && match wanted.node.leaf_type() {
                Some(_) => element.value() == wanted.value(),
                None => wanted.elements().iter().all(|below| holds(element.elements(), below)),
            }
    })
}

fn data(programs: &mut Programs, top: &Node) -> Vec<Element> {
    let namespace = &SCHEMA.module(top).namespace;
    let reply = programs.rpc(
        1,
        &format!(
            "<get-config><source><running/></source><filter><{0} xmlns=\"{namespace}\"/></filter>\
             </get-config>",
            top.name
        ),
    );
    let document = Document::parse(&reply).expect("XML");
    let data = document.root_element().children().find(|node| node.has_tag_name("data"));
    let data = data.or_else(|| document.descendants().find(|n| n.tag_name().name() == "data"));
    read_xml(&SCHEMA, data.unwrap_or_else(|| panic!("{reply}"))).expect("data")
}

/// Configures a leaf and reads it back; what is wrong, if something is.
fn round_trip(trail: &[&'static Node]) -> Result<(), String> {
    let path = path_of(trail);
    let is_on = |(words, _): &&(&str, &str)| path.contains(words);
    let platform = PLATFORMS.iter().find(is_on).map_or("c8000v", |(_, platform)| platform);
    let mut programs = Programs::on(platform, STARTUP);
    programs.open(1);
    let mut wanted = example(trail);
    let companions = COMPANIONS.iter().filter(|(end, _)| path.ends_with(end));
    for (other, text) in companions.flat_map(|(_, all)| all.iter()) {
        let mut beside = trail[..trail.len() - 1].to_vec();
        for name in other.split('/') {
            if name == ".." {
                beside.pop();
                continue;
            }
            let above = beside[beside.len() - 1];
            beside.push(above.children.iter().find(|node| node.name == name).expect(other));
        }
        let leaf = beside[beside.len() - 1];
        wanted.add(whole(&beside, Element::leaf(leaf, *text)));
    }
    let mut last = String::new();
    for _ in 0..8 {
        let mut xml = String::new();
        write_xml(&SCHEMA, std::slice::from_ref(&wanted), &mut xml);
        let reply = programs.rpc(
            1,
            &format!(
                "<edit-config><target><running/></target><config>{xml}</config></edit-config>"
            ),
        );
        if reply.contains("<ok/>") {
            let found = data(&mut programs, trail[0]);
            if holds(&found, &wanted) {
                return by_restconf(&mut programs, trail);
            }
            let mut text = String::new();
            write_xml(&SCHEMA, &found, &mut text);
            let config = programs.router.exec("show running-config");
            return Err(format!("was accepted and is not there\n{xml}\n{text}\n{config}"));
        }
        let said = tag(&reply, "error-message").unwrap_or(&reply).to_owned();
        if tag(&reply, "error-tag") != Some("missing-element") {
            return Err(format!("{said}\n{xml}"));
        }
        let at = tag(&reply, "error-path").unwrap_or_default().replace("&apos;", "'");
        let name = tag(&reply, "bad-element").unwrap_or_default();
        let mut beside = trail_of(&at).ok_or_else(|| format!("no path {at}: {reply}"))?;
        let Some(found) = deep(&mut beside, name) else {
            return Err(format!("{said}: nothing there; {reply}"));
        };
        wanted.add(filled(&found));
        last = reply;
    }
    Err(format!("something is always missing\n{last}"))
}

/// Reads the leaf by its path, and takes it away.
fn by_restconf(programs: &mut Programs, trail: &[&'static Node]) -> Result<(), String> {
    let path = path_of(trail);
    if KEPT.iter().any(|(end, _)| path.ends_with(end)) {
        return Ok(());
    }
    let node = trail[trail.len() - 1];
    let mut url = "/restconf/data".to_owned();
    let mut module = None;
    for (at, step) in trail.iter().enumerate() {
        let front = match module == Some(step.module) {
            true => String::new(),
            false => format!("{}:", SCHEMA.module(step).name),
        };
        module = Some(step.module);
        url += &format!("/{front}{}", step.name);
        let keys = step.keys().iter().filter_map(|name| {
            let key = step.children.iter().find(|child| child.name == *name)?;
            Some(encoded(&value(&[&trail[..=at], &[key]].concat())))
        });
        let keys: Vec<String> = match step.kind {
            Kind::LeafList(_) => vec![encoded(&value(&trail[..=at]))],
            _ => keys.collect(),
        };
        if !keys.is_empty() {
            url += &format!("={}", keys.join(","));
        }
    }
    let there = programs.ask("GET", &url, "");
    if there.status != 200 {
        return Err(format!("GET {url}: {} {}", there.status, there.body));
    }
    let is_key = trail.len() > 1 && trail[trail.len() - 2].is_key(node);
    if is_key || node.is_mandatory {
        return Ok(());
    }
    let gone = programs.ask("DELETE", &url, "");
    if gone.status == 400 && gone.body.contains("missing-element") {
        return Ok(());
    }
    if gone.status != 204 {
        return Err(format!("DELETE {url}: {} {}", gone.status, gone.body));
    }
    let after = programs.ask("GET", &url, "");
    if after.status == 200 && after.body == there.body {
        let config = programs.router.exec("show running-config");
        return Err(format!("DELETE {url}: is there still\n{config}"));
    }
    Ok(())
}

fn encoded(text: &str) -> String {
    let one = |byte: u8| match byte {
        b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => {
            char::from(byte).to_string()
        }
        byte => format!("%{byte:02X}"),
    };
    text.bytes().map(one).collect()
}

/// The node of this name, at once or deeper.
fn deep(above: &mut Trail, name: &str) -> Option<Trail> {
    let node = above[above.len() - 1];
    if let Some(child) = node.children.iter().find(|child| child.name == name) {
        above.push(child);
        return Some(above.clone());
    }
    for child in node.children.iter().filter(|child| child.kind == Kind::Container) {
        above.push(child);
        if let Some(found) = deep(above, name) {
            return Some(found);
        }
        above.pop();
    }
    None
}

/// An element that says something: a leaf, an entry with its keys, or the first of a container.
fn filled(trail: &[&'static Node]) -> Element {
    let node = trail[trail.len() - 1];
    let child = match &node.kind {
        Kind::List(keys) => node.children.iter().find(|child| child.name == keys[0]),
        Kind::Container => {
            let named = node.children.iter().find(|child| child.name == node.name);
            named.or(node.children.iter().find(|child| child.is_config))
        }
        _ => None,
    };
    match child {
        None => example(trail),
        Some(child) => filled(&[trail, &[child]].concat()),
    }
}

/// Goal: every leaf of the configuration can be set, alone or with what the model says it needs, is
/// read back by both ways, and can be taken away. Method: a router for each, one edit by NETCONF
/// with a value of the leaf's type, then RESTCONF's GET and DELETE of its path.
#[test]
fn each_leaf_is_set_and_read() {
    let walked = SCHEMA.walk();
    let trails = walked.into_iter().filter_map(|(above, node)| {
        let trail: Trail = [&above[..], &[node]].concat();
        let is_set = node.leaf_type().is_some() || node.kind == Kind::Presence;
        let path = path_of(&trail);
        let is_exception = EXCEPTIONS.iter().any(|(words, _)| path.contains(words));
        (node.is_config && is_set && !is_exception).then_some(trail)
    });
    let trails: Vec<Trail> = trails.collect();
    let tried = |part: &[Trail]| -> Vec<String> {
        let failure = |trail: &Trail| {
            let why = round_trip(trail).err()?;
            Some(format!("{}: {why}", path_of(trail)))
        };
        part.iter().filter_map(failure).collect()
    };
    let failed: Vec<String> = std::thread::scope(|scope| {
        let parts = trails.chunks(trails.len().div_ceil(4));
        let threads: Vec<_> = parts.map(|part| scope.spawn(move || tried(part))).collect();
        threads.into_iter().flat_map(|thread| thread.join().expect("a part")).collect()
    });
    assert!(failed.is_empty(), "{} of {}:\n{}", failed.len(), trails.len(), failed.join("\n\n"));
}
