//! Files that are wrong: each mistake has its code, its place and its advice.

use expect_test::{ExpectFile, expect_file};

use crate::{World, load};

const DOCUMENTED: &str = include_str!("../../../../docs/diagnostics.md");
const LOGIN: &str = "[defaults.node]\nusername = \"a\"\npassword = \"b\"\n";

fn check(text: &str, want: &ExpectFile) {
    let files = [("a.cfg", "! <not-read>\nbanner <webhok-server> and <Other> and <a b>\n")];
    let (topology, sink) = load(text, World { files: files.into(), ..World::default() });
    assert_eq!(topology.is_none(), diagnostic::has_errors(&sink));
    for diagnostic in &sink {
        let entry = format!("`{}`", diagnostic.code);
        assert!(DOCUMENTED.contains(&entry), "{entry} is not in docs/diagnostics.md");
    }
    want.assert_eq(&diagnostic::render(&sink, false));
}

/// Goal: certificates that cannot be had are told where they are named. Method: one file that is
/// not there, one that is no certificate, and no key.
#[test]
fn mistakes_of_syslog() {
    let text = "[lab]\nname = \"x\"\n[syslog]\nca = \"none.pem\"\ncertificate = \"a.cfg\"\n";
    check(text, &expect_file!["snapshots/syslog.txt"]);
}

/// Goal: every code of a node's own mistakes, at once. Method: nodes with one mistake each.
#[test]
fn mistakes_of_nodes() {
    let text = format!(
        "[lab]\nname = \"x\"\n{LOGIN}\
        [nodes.\"-a\"]\n\
        [nodes.b]\nssh = \"127.0.0.1\"\n\
        [nodes.c]\nssh = \"device.example.com:22\"\n\
        [nodes.d]\nssh = \"127.0.0.1:2201\"\nnetconf = \"localhost:2201\"\n\
        [nodes.e]\nkind = \"real\"\nssh = \"10.0.0.1:0\"\n\
        [nodes.f]\nhost-key = \"SHA256:short\"\npassword = \"env:\"\n\
        [nodes.g]\nplatform = \"c8000\"\ndialect = \"ios\"\nstartup-confg = \"x\"\n\
        [nodes.h]\nstartup-config = \"h.cfg\"\ngroups = [\"core\"]\n\
        [nodes.i]\ntoken-for = \"127.0.0.1:8000\"\naliases = [\"B\", \"I\"]\n\
        [nodes.j]\nkind = \"real\"\ntoken = [\"new-token\", \"env:OLD\"]\nsecret = []\n\
        basic = 7\nhmac-secret = [\"1\", \"2\", \"3\", \"4\", \"5\"]\n"
    );
    check(&text, &expect_file!["snapshots/nodes.txt"]);
}

/// Goal: mistakes between parts of a file. Method: links, variables, URLs, a missing login.
#[test]
fn mistakes_of_the_whole() {
    let text = "[lab]\nsed = 7\n\
        [vars]\nwebhook-server = \"a\\nb\"\nBAD = \"x\"\n\
        [webhook]\nallow = [\"http://127.0.0.1@evil/\"]\n\
        [nodes.R1]\nusername = \"a\"\n\
        [nodes.R2]\nkind = \"real\"\nusername = \"a\"\npassword = \"literal\"\n\
        startup-config = \"a.cfg\"\n\
        [nodes.r2]\nusername = \"a\"\npassword = \"b\"\n\
        [[links]]\nendpoints = [\"R2:Gi1\", \"R9:Gi1\"]\n\
        [[links]]\nendpoints = [\"r2\", \"R1:Gi2\"]\n\
        [[links]]\nendpoints = [\"r2:Gi3\"]\n\
        [[links]]\nends = []\n";
    check(text, &expect_file!["snapshots/whole.txt"]);
}
