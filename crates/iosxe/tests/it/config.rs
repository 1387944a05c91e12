//! Configurations: running, startup, and what a boot makes of a file.

use expect_test::{expect, expect_file};
use iosxe::SessionKind;

use crate::driver::Router;

/// Lines of every place, in none of their orders.
const DISORDER: &str = "\
ntp server 192.0.2.5
interface Loopback0
 ip address 10.0.0.1 255.255.255.255
 cdp enable
no ip domain lookup
hostname edge
logging host 192.0.2.9
ip route 0.0.0.0 0.0.0.0 10.0.0.2
ip ssh ver 2
ip ssh version 1
ip http server
no ip http server
service timestamps log datetime
logging buffered 8192 warnings
interface GigabitEthernet1
 shutdown
 description a | b
 no mop enabled
ip domain-name example.net
banner motd #hello#
no aaa new-model
";

/// Goal: a running-config stands in IOS's order and form. Method: lines in disorder, a transcript.
#[test]
fn show_running_config() {
    let mut router = Router::new(DISORDER);
    expect_file!["../expected/running-config.txt"].assert_eq(&router.exec("show running-config"));
    expect_file!["../expected/running-config-interface.txt"]
        .assert_eq(&router.exec("show running-config interface gi 1"));
}

/// Goal: every way of saving saves; what is saved is shown. Method: dialogues.
#[test]
fn saving() {
    let mut router = Router::new("");
    assert_eq!(router.exec("show startup-config"), "startup-config is not present\n");
    router.configure(&["hostname first"]);
    assert_eq!(router.exec("write memory"), "Building configuration...\n[OK]\n");
    let saved = router.exec("show startup-config");
    assert!(saved.starts_with("Using ") && saved.contains("\nhostname first\n"), "{saved}");
    router.configure(&["hostname second"]);
    assert!(router.exec("show startup-config").contains("\nhostname first\n"));
    let session = router.open(SessionKind::Shell);
    expect![[r#"
        copy  running-config startup-config
        Destination filename [startup-config]? 
        Building configuration...
        [OK]
        second#"#]]
    .assert_eq(&router.typed(session, "copy  running-config startup-config\n\n"));
    let saved = router.exec("show startup-config | include last|hostname");
    expect![[r#"
        ! NVRAM config last updated at 00:00:00 UTC Thu Jan 1 2026 by admin
        hostname second
    "#]]
    .assert_eq(&saved);
}

/// Goal: what a router refuses of its startup-config is reported by line, and the rest holds.
/// Method: a file with mistakes.
#[test]
fn startup_problems() {
    let (mut router, problems) = Router::with_problems(
        "hostname A\nfrobnicate\ninterface GigabitEthernet9\ninterface gi1\n ip address 10.0.0.0 \
         255.255.255.0\n exit\nexit\nip domain name example.net\nend\nhostname B\n",
    );
    let told: Vec<String> =
        problems.iter().map(|p| format!("{}: {:?}: {}", p.line, p.text, p.reply)).collect();
    expect![[r#"
        2: "frobnicate": % Invalid input detected at '^' marker.
        3: "interface GigabitEthernet9": % Invalid input detected at '^' marker.
        5: " ip address 10.0.0.0 255.255.255.0": Bad mask /24 for address 10.0.0.0"#]]
    .assert_eq(&told.join("\n"));
    let kept = router.exec("show running-config | include ^hostname|^ip domain");
    assert_eq!(kept, "hostname A\nip domain name example.net\n");
}
