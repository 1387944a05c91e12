//! Which certificate of a router's HTTPS server the listener believes.

use crate::support::{Project, Running, stderr, stdout};

/// What `listener device check` says of RESTCONF, the node being a real one with this line.
fn restconf(project: &Project, lab: &Running, line: &str) -> String {
    let at = |service: &str| {
        let (host, port) = lab.server("R1", service);
        format!("{host}:{port}")
    };
    let (ssh, netconf, restconf) = (at("ssh"), at("netconf"), at("restconf"));
    let inventory = format!(
        "[nodes.R1]\nkind = \"real\"\nssh = \"{ssh}\"\nnetconf = \"{netconf}\"\n\
         restconf = \"{restconf}\"\nusername = \"env:ROUTER_USER\"\n\
         password = \"env:ROUTER_PASSWORD\"\nhost-key = \"accept-new\"\n{line}\n"
    );
    project.write("inventory.toml", &inventory);
    let mut check =
        project.command(&["listener", "device", "check", "R1", "--topology", "inventory.toml"]);
    check.env("ROUTER_USER", "admin").env("ROUTER_PASSWORD", "admin");
    let output = check.output().unwrap();
    let said = stdout(&output);
    let has_netconf = said.lines().any(|line| line.contains("netconf") && line.contains(" ok "));
    assert!(has_netconf, "{said}{}", stderr(&output));
    let of_restconf = said.lines().skip_while(|line| !line.trim_start().starts_with("restconf"));
    of_restconf.collect::<Vec<_>>().join("\n")
}

/// Goal: only what the inventory says is believed, and who is not believed is named, with the way
/// out. Method: `listener device check` at a live router, by a table of rules.
#[test]
fn certificates_are_believed_by_rule() {
    let project = Project::new();
    let lab = project.start(&["simulator", "up"]);
    let unknown = restconf(&project, &lab, "");
    let offered = unknown.split("SHA256:").nth(1).unwrap_or_default();
    let offered = format!("SHA256:{}", offered.split(' ').next().unwrap_or_default());
    let authority = project.path("state/ca.pem");
    let table = [
        (String::new(), "no authority that is known here has signed it"),
        (format!("restconf-ca = \"file:{}\"", authority.display()), " ok "),
        (format!("restconf-fingerprint = \"{offered}\""), " ok "),
        (format!("restconf-fingerprint = \"SHA256:{}\"", "ab".repeat(32)), "is not the pinned one"),
        ("restconf-insecure = true".to_owned(), " ok "),
    ];
    for (line, want) in table {
        let said = restconf(&project, &lab, &line);
        assert!(said.contains(want), "{line}: {said}");
        assert!(!said.contains("OtherError"), "{line}: {said}");
        let asks_for_the_print = said.contains("compare the fingerprint on the device itself");
        assert_eq!(asks_for_the_print, want != " ok ", "{line}: {said}");
    }
}
