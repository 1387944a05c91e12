//! Virtual nodes beyond loopback: the credentials that everybody knows are refused.

use expect_test::expect_file;
use lab::LabOptions;

use crate::mistakes::compare;
use crate::{SHIPPED, configs, lab_of, topology};

/// What stands in the way of opening the ports of a topology.
fn exposed(text: &str, change: &dyn Fn(&str) -> String) -> Vec<diagnostic::Diagnostic> {
    let mut files = configs();
    files.values_mut().for_each(|text| *text = change(text));
    let topology = topology(text, files);
    let (lab, sink) = lab_of(&topology, LabOptions::virtual_time(1));
    let lab = lab.unwrap_or_else(|| panic!("{}", diagnostic::render(&sink, false)));
    lab.exposed(&topology)
}

/// Goal: each credential has its place, its reason and what to do. Method: R1 on every address, as
/// shipped: its startup-config has the user and the enable secret.
#[test]
fn the_shipped_credentials_are_refused_beyond_loopback() {
    let text = SHIPPED.replace("127.0.0.1:2201", "0.0.0.0:2201");
    let found = exposed(&text, &str::to_owned);
    compare(&found, &expect_file!["snapshots/exposed.txt"]);
}

/// Goal: it matters where the node is and what lets somebody in, not how that was written. Method:
/// a table of node lines and of the startup-config's, each with the number of errors.
#[test]
fn every_way_to_admin_admin_is_found() {
    let user = |line: &str| {
        let line = line.to_owned();
        move |text: &str| -> String {
            let text = text.replace("enable secret admin\n", "");
            text.replace("username admin privilege 15 secret admin", &line)
        }
    };
    let hashed =
        "username admin secret 8 $8$dsYGNam3K1SIJO$7nv/35M/qr6t.dVc7UY9zrJDWRVqncHub1PE9UlMQFs";
    let table = [
        ("ssh = \"127.0.0.1:0\"", "", 0),
        ("ssh = \"[::1]:0\"", "", 0),
        ("ssh = \"localhost:0\"", "", 0),
        ("ssh = \"0.0.0.0:0\"", "", 1),
        ("ssh = \"[::]:0\"", "", 1),
        ("ssh = \"192.0.2.1:0\"", "", 1),
        ("ssh = \"127.0.0.1:0\"\nnetconf = \"0.0.0.0:830\"", "", 1),
        ("restconf = \"0.0.0.0:443\"", "", 1),
        ("restconf = \"0.0.0.0:443\"\npassword = \"other\"", "", 0),
        ("netconf = \"0.0.0.0:830\"\npassword = \"other\"", "enable secret admin", 1),
        ("ssh = \"0.0.0.0:0\"\npassword = \"other\"", "", 0),
        ("ssh = \"0.0.0.0:0\"\nusername = \"other\"", "", 0),
        ("ssh = \"0.0.0.0:0\"\npassword = \"file:configs/R2.cfg\"", "", 0),
        ("ssh = \"0.0.0.0:0\"\npassword = \"file:admin\"", "", 1),
        // The startup-config's user wins over the topology's.
        ("ssh = \"0.0.0.0:0\"", "username admin secret other", 0),
        ("ssh = \"0.0.0.0:0\"\npassword = \"other\"", "username admin secret admin", 1),
        ("ssh = \"0.0.0.0:0\"\npassword = \"other\"", "username admin password 0 admin", 1),
        ("ssh = \"0.0.0.0:0\"\npassword = \"other\"", "username admin password 7 020700560208", 1),
        ("ssh = \"0.0.0.0:0\"\nusername = \"other\"", "username admin password admin", 1),
        ("ssh = \"0.0.0.0:0\"\nusername = \"other\"", "username operator secret admin", 0),
        ("ssh = \"0.0.0.0:0\"\npassword = \"other\"", "enable secret admin", 1),
        ("ssh = \"0.0.0.0:0\"\npassword = \"other\"", "enable password admin", 1),
        ("ssh = \"0.0.0.0:0\"\npassword = \"other\"", "enable secret other", 0),
        ("ssh = \"0.0.0.0:0\"\npassword = \"other\"", hashed, 0),
    ];
    for (node, line, want) in table {
        let servers = "ssh = \"127.0.0.1:2202\"\nnetconf = \"127.0.0.1:8302\"\n\
                       restconf = \"127.0.0.1:8442\"";
        assert!(SHIPPED.contains(servers));
        let text = SHIPPED.replace(servers, node);
        let mut found = exposed(&text, &user(line));
        found.retain(|diagnostic| diagnostic.code == "TOP021");
        assert_eq!(found.len(), want, "{node} {line}: {}", diagnostic::render(&found, false));
    }
}
