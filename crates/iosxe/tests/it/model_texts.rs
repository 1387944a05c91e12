//! The texts of the models, and data against them, as `yanglint` of libyang judges both.

#![expect(clippy::disallowed_methods, reason = "another program judges the texts, from files")]

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use roxmltree::Document;
use yang::{Element, Module, Node, read_xml};

use crate::models::SCHEMA;
use crate::programs::Programs;

const STARTUP: &str = "\
hostname R1
username admin privilege 15 password admin
netconf-yang
restconf
ip http secure-server
interface GigabitEthernet1
 description to the core
 ip address 10.0.1.1 255.255.255.0
 ip address 10.0.2.1 255.255.255.0 secondary
 ipv6 address 2001:DB8:1::1/64
vrf definition V
 address-family ipv4
interface GigabitEthernet2
 vrf forwarding V
 mtu 2000
 shutdown
interface Loopback0
 ip address 192.0.2.1 255.255.255.255
ip route 198.51.100.0 255.255.255.0 10.0.1.2
logging host 192.0.2.7
event manager applet A
 event timer watchdog time 60
 action 1.0 syslog msg \"a\"
";

/// Modules with features, and those that are on.
const FEATURES: [&str; 2] = [
    "ietf-interfaces:arbitrary-names,if-mib,pre-provisioning",
    "ietf-ip:ipv4-non-contiguous-netmasks",
];

/// Whether the tool is here. Elsewhere than in continuous integration a test does without.
fn has_yanglint(test: &str) -> bool {
    let mut command = Command::new("yanglint");
    command.arg("--version").stdout(Stdio::null()).stderr(Stdio::null());
    let is_there = command.status().is_ok_and(|status| status.success());
    let is_ci = std::env::var("CI").as_deref() == Ok("true");
    assert!(is_there || !is_ci, "{test} needs yanglint, and CI=true");
    if !is_there {
        eprintln!("skipped: {test} needs yanglint (libyang2-tools)");
    }
    is_there
}

/// A folder with the text of each module, as `get-schema` gives it.
fn texts(programs: &mut Programs, name: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    let _ = std::fs::remove_dir_all(&folder);
    std::fs::create_dir_all(&folder).expect("a folder");
    for module in &SCHEMA.modules {
        let reply = programs.rpc(
            1,
            &format!(
                "<get-schema xmlns=\"urn:ietf:params:xml:ns:yang:ietf-netconf-monitoring\">\
                 <identifier>{}</identifier></get-schema>",
                module.name
            ),
        );
        let document = Document::parse(&reply).expect("XML");
        let data = document.descendants().find(|node| node.tag_name().name() == "data");
        let text = data.and_then(|data| data.text()).unwrap_or_else(|| panic!("{reply}"));
        let file = folder.join(format!("{}@{}.yang", module.name, module.revision));
        std::fs::write(file, text).expect("a file");
    }
    folder
}

/// What `yanglint` has to say.
fn lint(folder: &Path, args: &[&str]) -> String {
    let mut command = Command::new("yanglint");
    command.current_dir(folder).arg("-p").arg(folder).args(args);
    let output = command.output().expect("yanglint");
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    // RFC 6470 itself: an erratum of its `when`.
    let lines = said.lines().filter(|line| !line.contains("\"confirm-event\" for parent"));
    let said: String = lines.map(|line| format!("{line}\n")).collect();
    if output.status.success() { said } else { format!("{said}\n{}", output.status) }
}

/// Goal: every module that a router names has a text, and it is YANG. Method: `get-schema` of each,
/// read by `yanglint`.
#[test]
fn schemas_are_yang() {
    if !has_yanglint("schemas_are_yang") {
        return;
    }
    let mut programs = Programs::new(STARTUP);
    programs.open(1);
    let folder = texts(&mut programs, "schemas");
    for module in &SCHEMA.modules {
        let file = format!("{}@{}.yang", module.name, module.revision);
        assert_eq!(lint(&folder, &[&file]), "", "{file}");
    }
}

/// Goal: what a router sends is data of its models, by another's judgement. Method: `get-config`
/// and `get` of each node of the top, each against the texts from `get-schema`, by `yanglint`.
#[test]
fn data_is_of_its_models() {
    if !has_yanglint("data_is_of_its_models") {
        return;
    }
    let mut programs = Programs::new(STARTUP);
    programs.open(1);
    let folder = texts(&mut programs, "data");
    for node in &SCHEMA.top {
        let filter = format!(
            "<filter><{} xmlns=\"{}\"/></filter>",
            node.name,
            SCHEMA.module(node).namespace
        );
        for (kind, request) in [
            ("config", format!("<get-config><source><running/></source>{filter}</get-config>")),
            ("data", format!("<get>{filter}</get>")),
        ] {
            if kind == "config" && !node.is_config {
                continue;
            }
            let reply = programs.rpc(1, &request);
            let start = reply.find("<data").and_then(|at| Some(at + reply[at..].find('>')? + 1));
            let inner = start.zip(reply.rfind("</data>")).and_then(|(a, b)| reply.get(a..b));
            let inner = inner.unwrap_or_else(|| panic!("{reply}"));
            let file = format!("{}-{}.xml", node.name, kind);
            std::fs::write(folder.join(&file), inner).expect("a file");
            let mut args = vec!["-t", kind];
            FEATURES.iter().for_each(|features| args.extend(["-F", features]));
            // The library wants its data wherever it is.
            let is_library = |module: &&Module| module.name == "ietf-yang-library";
            let is_wanted =
                |module: &&Module| !is_library(module) || is_library(&SCHEMA.module(node));
            let modules = SCHEMA.modules.iter().filter(is_wanted);
            let modules: Vec<String> =
                modules.map(|m| format!("{}@{}.yang", m.name, m.revision)).collect();
            args.extend(modules.iter().map(String::as_str));
            args.push(&file);
            let said = lint(&folder, &args);
            assert_eq!(said, "", "{kind} of {}\n{inner}", node.name);
        }
    }
}

/// Goal: no state is promised that no router ever has. Method: `get` of all from a router with a
/// bit of everything; no leaf of state is missing in it.
#[test]
fn state_is_filled() {
    let mut programs = Programs::new(STARTUP);
    programs.open(1);
    programs.rpc(1, "<lock><target><running/></target></lock>");
    let reply = programs.rpc(1, "<get/>");
    let start = reply.find("<data").expect("data");
    let end = reply.rfind("</data>").expect("data") + "</data>".len();
    let document = Document::parse(&reply[start..end]).expect("XML");
    let data = read_xml(&SCHEMA, document.root_element()).expect("data");
    let mut filled: Vec<*const Node> = Vec::new();
    let mut open: Vec<&Element> = data.iter().collect();
    while let Some(element) = open.pop() {
        filled.push(std::ptr::from_ref(element.node));
        open.extend(element.elements());
    }
    let walked = SCHEMA.walk();
    let empty = walked.iter().filter(|(_, node)| {
        !node.is_config
            && node.leaf_type().is_some()
            && !filled.contains(&std::ptr::from_ref(*node))
    });
    let paths: Vec<String> = empty
        .map(|(above, node)| {
            above.iter().chain([node]).map(|step| format!("/{}", step.name)).collect()
        })
        .collect();
    assert_eq!(paths, [""; 0]);
}
