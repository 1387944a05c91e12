//! Real devices: a second, separate simulator stands in for one, declared `kind = "real"`.

use std::process::Command;

use serde_json::Value;

use crate::support::{Project, Running, has, skip, stderr, stdout};

/// The fingerprint that a node offers for its key of a kind, as `ssh-keyscan` sees it.
fn fingerprint(up: &Running, node: &str, kind: &str) -> String {
    let (host, port) = up.ssh(node);
    let scan = Command::new("ssh-keyscan").args(["-t", kind, "-p", &port, &host]).output();
    let key = String::from_utf8(scan.unwrap().stdout).unwrap();
    let file = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(file.path(), key).unwrap();
    let print = Command::new("ssh-keygen").args(["-lf"]).arg(file.path()).output().unwrap();
    let line = String::from_utf8(print.stdout).unwrap();
    line.split(' ').find(|word| word.starts_with("SHA256:")).unwrap().to_owned()
}

fn with_twin(up: &Running, key: &str) -> Project {
    let project = Project::new();
    let (host, port) = up.ssh("R2");
    let text = std::fs::read_to_string(project.path("topology.toml")).unwrap();
    let twin = format!(
        "[nodes.twin]\nkind = \"real\"\nssh = \"{host}:{port}\"\nusername = \"env:TWIN_USER\"\n\
         password = \"env:TWIN_PASSWORD\"\nhost-key = \"{key}\"\n\n[[links]]"
    );
    project.write("topology.toml", &text.replacen("[[links]]", &twin, 1));
    project
}

fn run(project: &Project, args: &[&str]) -> std::process::Output {
    let mut command = project.command(args);
    command.args(["--topology", "topology.toml"]);
    command.env("TWIN_USER", "admin").env("TWIN_PASSWORD", "admin").output().unwrap()
}

/// Goal: the loop reaches a real device with a pinned key, and refuses a changed one. Method: a
/// second simulator, its true fingerprint, then another.
#[test]
fn the_loop_reaches_a_pinned_device_and_no_other() {
    if !has("ssh-keyscan", "-h") && !has("ssh-keygen", "-h") && !has("ssh", "-V") {
        return skip("the_loop_reaches_a_pinned_device_and_no_other", "OpenSSH's client");
    }
    let device = Project::new();
    let up = device.start(&["simulator", "up"]);
    let by_rsa = with_twin(&up, &fingerprint(&up, "R2", "rsa"));
    let check = run(&by_rsa, &["listener", "device", "check", "twin"]);
    assert!(check.status.success(), "a pin may name any of its keys: {}", stdout(&check));
    let project = with_twin(&up, &fingerprint(&up, "R2", "ed25519"));
    let output = run(&project, &["demo", "--react-on", "twin", "--json"]);
    assert!(output.status.success(), "{}", stderr(&output));
    let document: Value = serde_json::from_str(&stdout(&output)).unwrap();
    assert_eq!(document["loops"][0]["device"], "R1", "the event is R1's");
    let commands = document["loops"][0]["commands"].to_string();
    assert!(commands.contains("show ip interface brief"), "{commands}");
    assert!(commands.contains("10.0.12.2 "), "these are R2's addresses: {commands}");
    let check = run(&project, &["listener", "device", "check", "twin"]);
    assert!(check.status.success(), "{}{}", stdout(&check), stderr(&check));
    for word in ["host key", "SHA256:", "auth", "prompt", "privilege", "version"] {
        assert!(stdout(&check).to_lowercase().contains(&word.to_lowercase()), "{}", stdout(&check));
    }
    let changed = with_twin(&up, "SHA256:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA");
    let check = run(&changed, &["listener", "device", "check", "twin"]);
    assert_eq!(check.status.code(), Some(1), "{}", stdout(&check));
    let said = format!("{}{}", stdout(&check), stderr(&check));
    assert!(said.contains("SHA256:AAAA"), "names the expected key: {said}");
    let demo = run(&changed, &["demo", "--react-on", "twin"]);
    assert_eq!(demo.status.code(), Some(1), "{}", stdout(&demo));
    let said = format!("{}{}", stdout(&demo), stderr(&demo));
    assert!(said.contains("host key"), "{said}");
}

/// Goal: `--react-on` of an unknown node is a usage error. Method: a name that no node has.
#[test]
fn an_unknown_node_is_refused() {
    let output = Project::new().run(&["demo", "--react-on", "nobody"]);
    assert_eq!(output.status.code(), Some(2), "{}", stderr(&output));
    assert!(stderr(&output).contains("nobody"), "{}", stderr(&output));
}
