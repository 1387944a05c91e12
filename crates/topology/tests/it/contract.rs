//! Files that must load, and what they then say.

use topology::{Dialect, HostKey, NodeKind, SecretRef, Topology};

use crate::{World, load};

fn good(text: &str, world: World) -> Topology {
    let (topology, sink) = load(text, world);
    assert!(sink.is_empty(), "{}", diagnostic::render(&sink, false));
    topology.expect("no diagnostic")
}

/// Goal: the shipped file loads and is the triangle of the contract. Method: the file itself, with
/// its startup-configs.
#[test]
fn the_shipped_lab_is_the_triangle() {
    let files = [
        ("configs/R1.cfg", include_str!("../../../../configs/R1.cfg")),
        ("configs/R2.cfg", include_str!("../../../../configs/R2.cfg")),
        ("configs/R3.cfg", include_str!("../../../../configs/R3.cfg")),
    ];
    let world = World { files: files.into(), ..World::default() };
    let mut lab = good(include_str!("../../../../topology.toml"), world);
    assert_eq!((lab.name.as_str(), lab.seed), ("triangle", 7));
    let nodes: Vec<&str> = lab.nodes.keys().map(String::as_str).collect();
    assert_eq!(nodes, ["R1", "R2", "R3"]);
    let r1 = lab.nodes["R1"].clone();
    assert_eq!((r1.kind, r1.dialect), (NodeKind::Virtual, Dialect::Course));
    let lengths = r1.token.iter().map(|token| token.value.expose().map(str::len));
    assert_eq!(lengths.collect::<Vec<_>>(), [Ok(13)]);
    assert_eq!(lab.nodes["R2"].dialect, Dialect::IosXe);
    assert!(lab.nodes["R2"].token.is_empty(), "a token is one node's");
    assert_eq!(lab.links.len(), 3);
    let ends = lab.links.iter().flat_map(|link| &link.endpoints);
    assert_eq!(ends.filter(|end| end.node == "R1").count(), 2);

    lab.set_var("webhook-server", "127.0.0.1:9");
    let startup = lab.startup_text(&lab.nodes["R1"]).expect("R1 has one");
    assert!(startup.contains("_WEBHOOK_URL http://127.0.0.1:9/events\""), "{startup}");
    let mut lines = startup.lines().filter(|line| line.contains("<webhook-server>"));
    assert!(lines.all(|line| line.starts_with('!')), "comments stay as they are: {startup}");
}

/// Goal: the course's applet stands in R1's configuration byte for byte. Method: its text, written
/// here a second time.
#[test]
fn the_applet_is_the_course_s() {
    let applet = concat!(
        "event manager applet INTERFACE_DOWN\n",
        " event syslog pattern \"Interface GigabitEthernet1, ",
        "changed state to administratively down\"\n",
        " action 1.0 info type routername\n",
        " action 2.0 cli command \"enable\"\n",
        " action 3.0 cli command \"event manager environment _WEBHOOK_URL ",
        "http://<webhook-server>/events\"\n",
        " action 4.0 cli command \"event manager action send-data uri $_WEBHOOK_URL ",
        r#"method post body {\"event\": \"InterfaceDown\", "#,
        r#"\"interface\": \"GigabitEthernet1\"}""#,
        "\n",
    );
    assert!(include_str!("../../../../configs/R1.cfg").contains(applet));
}

/// Goal: an inventory's node takes the first word of itself, its groups in order, the defaults.
/// Method: one node that takes something from each.
#[test]
fn an_inventory_goes_from_narrow_to_wide() {
    let text = r#"
        [defaults]
        username = "env:USER_OF_ALL"
        password = "env:PASSWORD_OF_ALL"
        [groups.core]
        password = "file:core.txt"
        host-key = "accept-new"
        [groups.lab]
        password = "env:NEVER"
        host-key = "insecure"
        [nodes.edge]
        ssh = "edge.example.com:22"
        groups = ["core", "lab"]
        aliases = ["Edge1"]
    "#;
    let world =
        World { files: [("core.txt", "of core\n")].into(), env: [("USER_OF_ALL", "robot")].into() };
    let inventory = good(text, world);
    let edge = &inventory.nodes["edge"];
    assert_eq!(edge.kind, NodeKind::Real);
    assert_eq!(edge.username.expose(), Ok("robot"));
    assert_eq!(edge.password.reference, SecretRef::File("core.txt".to_owned()));
    assert_eq!(edge.password.expose(), Ok("of core"));
    assert_eq!(edge.host_key, HostKey::AcceptNew);
    assert_eq!(edge.aliases, ["Edge1"]);
}

/// Goal: a reference that leads nowhere is an error only when used, and no `Debug` shows a value.
/// Method: one that is set, one that is not.
#[test]
fn a_secret_is_missed_when_used() {
    let text = "[nodes.a]\nusername = \"env:A\"\npassword = \"env:B\"\n";
    let world = World { env: [("A", "hunter2")].into(), ..World::default() };
    let inventory = good(text, world);
    let node = &inventory.nodes["a"];
    let missing = "environment variable `B` is not set".to_owned();
    assert_eq!(node.password.expose(), Err(missing));
    assert!(!format!("{inventory:?}").contains("hunter2"));
}
