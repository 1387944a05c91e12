//! Configurations: running, startup, and what a boot makes of a file.

use expect_test::expect;
use iosxe::SessionKind;

use crate::driver::Router;

/// Goal: a running-config stands in IOS's order and form. Method: lines in disorder, a transcript.
#[test]
fn show_running_config() {
    let mut router = Router::new(
        "ntp server 192.0.2.5\ninterface Loopback0\nip address 10.0.0.1 255.255.255.255\n\
         cdp enable\nno ip domain lookup\nhostname edge\nlogging host 192.0.2.9\n\
         ip route 0.0.0.0 0.0.0.0 10.0.0.2\nip ssh ver 2\nip ssh version 1\nip http server\n\
         no ip http server\nservice timestamps log datetime\nlogging buffered 8192 warnings\n\
         interface GigabitEthernet1\nshutdown\ndescription a | b\nno mop enabled\n\
         ip domain-name example.net\nbanner motd #hello#\nno aaa new-model\n",
    );
    expect![[r#"
        Building configuration...

        Current configuration : 923 bytes
        !
        ! Last configuration change at 00:00:00 UTC Thu Jan 1 2026
        !
        version 17.12
        service timestamps debug datetime msec
        service timestamps log datetime
        !
        hostname edge
        !
        logging buffered 8192 warnings
        !
        no aaa new-model
        !
        no ip domain lookup
        ip domain name example.net
        !
        username admin privilege 15 secret 8 $8$Zt4CaT2x2n81Sx$PwLo93A0apKiMzLBsTVGTQ0C7EZyRUvnhVM6Aj1aNvg
        !
        interface GigabitEthernet1
         description a | b
         no ip address
         shutdown
         negotiation auto
         no mop enabled
        !
        interface GigabitEthernet2
         no ip address
         negotiation auto
        !
        interface GigabitEthernet3
         no ip address
         negotiation auto
        !
        interface GigabitEthernet4
         no ip address
         negotiation auto
        !
        interface Loopback0
         ip address 10.0.0.1 255.255.255.255
         cdp enable
        !
        no ip http server
        ip route 0.0.0.0 0.0.0.0 10.0.0.2
        ip ssh version 1
        !
        logging host 192.0.2.9
        !
        banner motd ^Chello^C
        !
        line con 0
        line aux 0
        line vty 0 4
         login
        !
        ntp server 192.0.2.5
        !
        end

    "#]].assert_eq(&router.exec("show running-config"));
    expect![[r#"
        Building configuration...

        Current configuration : 113 bytes
        !
        interface GigabitEthernet1
         description a | b
         no ip address
         shutdown
         negotiation auto
         no mop enabled
        !
        end

    "#]]
    .assert_eq(&router.exec("show running-config interface gi 1"));
}

/// Goal: every way of saving saves, asks what it asks, and what is saved is shown. Method: dialogues.
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
    assert_eq!(
        router.exec("show running-config | include ^hostname|^ip domain"),
        "hostname A\nip domain name example.net\n"
    );
}
