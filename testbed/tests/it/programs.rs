//! Programs at the edge: ncclient, scrapli_netconf and httpx against NETCONF and RESTCONF, and what
//! neither should ever send.

use std::process::Command;

use serde_json::{Value, json};

use crate::clients::{python, script};
use crate::support::{Project, Running, skip, stderr};

/// What a script of `tests/clients` prints about R1 of a lab of its own; none if Python is missing.
/// Its arguments are made from the project and the lab.
fn seen_by(
    name: &str,
    args: impl FnOnce(&Project, &Running) -> Vec<String>,
) -> Option<(Value, Project, Running)> {
    let python = match python() {
        Ok(python) => python,
        Err(missing) => {
            skip(name, missing);
            return None;
        }
    };
    let project = Project::new();
    let lab = project.start(&["simulator", "up"]);
    let args = args(&project, &lab);
    let output = Command::new(python).arg(script(name)).args(args).output().unwrap();
    assert!(output.status.success(), "{}", stderr(&output));
    let seen = serde_json::from_slice(&output.stdout).unwrap();
    Some((seen, project, lab))
}

fn at(lab: &Running, service: &str) -> Vec<String> {
    let (host, port) = lab.server("R1", service);
    vec![host, port]
}

/// The user of the shipped routers, and the password.
fn login() -> [String; 2] {
    ["admin".to_owned(), "admin".to_owned()]
}

/// Goal: NETCONF works for its clients in both framings, however the stream is cut; sessions and
/// locks are each other's as RFC 6241 has it; and what is none of NETCONF ends its own session
/// alone. Method: ncclient, and bytes over paramiko.
#[test]
fn netconf_serves_clients_and_outlives_the_others() {
    let seen = seen_by("netconf_sessions.py", |_, lab| {
        let (_, ssh) = lab.ssh("R1");
        [&at(lab, "netconf")[..], &[ssh], &login()].concat()
    });
    let Some((seen, _project, _lab)) = seen else { return };
    for name in ["wrong_password", "killed", "pipelined", "large", "idle", "unread"] {
        assert_eq!(seen[name], true, "{name}: {seen:#}");
    }
    let locks = &seen["locks"];
    assert_eq!(locks["lock"], json!(["lock-denied", locks["holder"]]), "{seen:#}");
    assert_eq!((&locks["edit"][0], &locks["after"]), (&"in-use".into(), &true.into()), "{seen:#}");
    let framings = json!({
        "1.0": ["1", "1", "2"], "1.1": ["3", "4"], "by byte": ["5"], "1.1 alone": ["6"]
    });
    assert_eq!(seen["framings"], framings);
    let garbage = seen["garbage"].as_object().unwrap();
    let lived_on: Vec<&String> =
        garbage.iter().filter(|(_, ended)| **ended != true).map(|(name, _)| name).collect();
    assert!(lived_on.is_empty() && garbage.len() == 8, "{seen:#}");
    // A message that is wrong in itself is answered, and the session goes on.
    let tags = ["malformed-message", "missing-attribute", "operation-not-supported"];
    let bad = seen["bad_messages"].as_array().unwrap();
    assert_eq!((&bad[..3], &bad[5]), (&tags.map(Value::from)[..], &"ok".into()), "{seen:#}");
    assert_eq!(bad[3], "unknown-element", "{seen:#}");
    let doors = json!({
        "subsystem": true, "shell": "refused", "command": "refused", "sftp": "refused",
        "exec netconf": true
    });
    assert_eq!(seen["doors"], doors);
}

/// Goal: scrapli_netconf reads, locks, changes and validates.
#[test]
fn scrapli_netconf_changes_r1() {
    let args = |_: &Project, lab: &Running| [&at(lab, "netconf")[..], &login()].concat();
    let Some((seen, ..)) = seen_by("scrapli_netconf_config.py", args) else { return };
    for name in ["locked", "edited", "unlocked", "refused", "validated"] {
        assert_eq!(seen[name], true, "{name}: {seen:#}");
    }
    assert_eq!(seen["version"], "VERSION_1_1");
    for (name, text) in [("hostname", "<hostname>R1</hostname>"), ("after", ">set by scrapli<")] {
        assert!(seen[name].as_str().unwrap().contains(text), "{name}: {seen:#}");
    }
}

/// Goal: RESTCONF works as HTTP and TLS allow it to be spoken, only who has the authority's
/// certificate believes a router, and what is none of it gets the answer that HTTP or RFC 8040
/// names while others are served. Method: httpx, and bytes over TLS.
#[test]
fn restconf_serves_clients_and_outlives_the_others() {
    let seen = seen_by("restconf_requests.py", |project, lab| {
        let ca = project.path("state/ca.pem").display().to_string();
        [&at(lab, "restconf")[..], &login(), &[ca]].concat()
    });
    let Some((seen, _project, _lab)) = seen else { return };
    let certificates = &seen["certificates"];
    for name in ["by address", "by name", "localhost"] {
        assert_eq!(certificates[name], "TLSv1.3", "{name}: {seen:#}");
    }
    assert_eq!((&certificates["1.2"], &certificates["1.1"]), (&"TLSv1.2".into(), &Value::Null));
    assert!(certificates["another name"].as_str().unwrap().contains("mismatch"), "{seen:#}");
    assert!(certificates["nobody's"].as_str().unwrap().contains("issuer"), "{seen:#}");
    let shapes = json!({
        "pipelined": [4, 4], "100-continue": [100, 204], "chunked": 204, "by byte": 204,
        "absolute": 200, "head": [2, 1], "etag": [304, 412, 204],
        "options": ["DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT"],
    });
    assert_eq!(seen["shapes"], shapes);
    let bad = json!({
        "garbage": 400, "large head": 431, "many headers": 431, "two lengths": 400,
        "broken escape": 400, "slash in a key": 404, "above the root": 404, "deep JSON": 400,
        "method": 405, "no login": 401, "no TLS": true,
    });
    assert_eq!(seen["bad"], bad);
    let large = &seen["large"];
    for name in ["chunked", "said"] {
        // Who sends on may find the connection reset before it reads the answer.
        let is_refused = large[name] == json!([413, "too-big"]) || large[name] == "closed";
        assert!(is_refused && large[format!("{name} in time")] == true, "{seen:#}");
    }
    assert_eq!((&large["expecting"], &large["after"]), (&json!([413, true]), &200.into()));
    assert_eq!((&seen["idle"], &seen["unread"]), (&json!([200, true]), &200.into()));
    assert_eq!(seen["parallel"], json!([]));
}

/// Goal: a router that does not serve programs refuses them at the door; the others are served.
/// Method: R2 without the three lines.
#[test]
fn a_router_without_the_lines_takes_no_programs() {
    let project = Project::new();
    let config = std::fs::read_to_string(project.path("configs/R2.cfg")).unwrap();
    let without = config.replace("ip http secure-server\nnetconf-yang\nrestconf\n", "");
    assert_ne!(config, without);
    project.write("configs/R2.cfg", &without);
    let lab = project.start(&["simulator", "up"]);
    let ends = |node: &str, service: &str| {
        use std::io::Read as _;
        let (host, port) = lab.server(node, service);
        let mut stream = std::net::TcpStream::connect(format!("{host}:{port}")).unwrap();
        stream.set_read_timeout(Some(std::time::Duration::from_millis(500))).unwrap();
        match stream.read(&mut [0; 8]) {
            Ok(length) => length == 0,
            Err(error) => error.kind() == std::io::ErrorKind::ConnectionReset,
        }
    };
    for (node, want) in [("R1", false), ("R2", true)] {
        for service in ["netconf", "restconf"] {
            assert_eq!(ends(node, service), want, "{node} {service}");
        }
    }
}
