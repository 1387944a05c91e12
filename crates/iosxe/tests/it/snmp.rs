//! `snmp-server`: what is configured prints, is shown, and decides what is told.

use expect_test::{Expect, expect};
use iosxe::SessionKind;

use crate::driver::Router;

const STARTUP: &str = "\
hostname R1
snmp-server community public ro 10
snmp-server community secret view ALL rw
snmp-server location rack 5, row 2
snmp-server contact noc@example.org
snmp-server host 10.0.0.9 version 2c public bgp config
snmp-server host 10.0.0.8 vrf Mgmt-intf informs version 3 auth bob udp-port 1162
snmp-server host 10.0.0.7 traps public
snmp-server enable traps ospf
snmp-server enable traps snmp linkup linkdown
snmp-server enable traps event-manager
snmp-server view ALL iso included
snmp-server group ADMINS v3 priv read ALL write ALL
snmp-server user bob ADMINS v3 auth sha topsecret1 priv aes 128 topsecret2
snmp-server user old ADMINS v2c
snmp-server trap-source lo0
snmp-server chassis-id box-1
";

/// Goal: lines print in the form and order of IOS, without the users of version 3, and read again.
/// Method: the running-config, and that of a router that starts with it.
#[test]
fn lines_print_back() {
    let mut router = Router::new(STARTUP);
    let shown = router.exec("show running-config | include ^snmp");
    expect![[r#"
        snmp-server group ADMINS v3 priv read ALL write ALL
        snmp-server user old ADMINS v2c
        snmp-server view ALL iso included
        snmp-server community public RO 10
        snmp-server community secret view ALL RW
        snmp-server trap-source Loopback0
        snmp-server location rack 5, row 2
        snmp-server contact noc@example.org
        snmp-server chassis-id box-1
        snmp-server enable traps snmp linkdown linkup
        snmp-server enable traps ospf state-change
        snmp-server enable traps ospf errors
        snmp-server enable traps ospf retransmit
        snmp-server enable traps ospf lsa
        snmp-server enable traps ospf cisco-specific state-change nssa-trans-change
        snmp-server enable traps ospf cisco-specific state-change shamlink interface neighbor
        snmp-server enable traps ospf cisco-specific errors
        snmp-server enable traps ospf cisco-specific retransmit
        snmp-server enable traps ospf cisco-specific lsa
        snmp-server enable traps event-manager
        snmp-server host 10.0.0.9 version 2c public  bgp config
        snmp-server host 10.0.0.8 vrf Mgmt-intf informs version 3 auth bob udp-port 1162
        snmp-server host 10.0.0.7 public
    "#]]
    .assert_eq(&shown);
    let mut again = Router::new(&shown);
    assert_eq!(again.exec("show running-config | include ^snmp"), shown);
    router.configure(&[
        "no snmp-server enable traps ospf cisco-specific",
        "no snmp-server enable traps snmp linkup",
        "no snmp-server host 10.0.0.7",
        "no snmp-server community secret",
        "default snmp-server location",
        "no snmp-server group ADMINS v3 priv",
        "no snmp-server user old ADMINS v2c",
    ]);
    expect![[r#"
        snmp-server view ALL iso included
        snmp-server community public RO 10
        snmp-server trap-source Loopback0
        snmp-server contact noc@example.org
        snmp-server chassis-id box-1
        snmp-server enable traps snmp linkdown
        snmp-server enable traps ospf state-change
        snmp-server enable traps ospf errors
        snmp-server enable traps ospf retransmit
        snmp-server enable traps ospf lsa
        snmp-server enable traps event-manager
        snmp-server host 10.0.0.9 version 2c public  bgp config
        snmp-server host 10.0.0.8 vrf Mgmt-intf informs version 3 auth bob udp-port 1162
    "#]]
    .assert_eq(&router.exec("show running-config | include ^snmp"));
    router.configure(&["snmp-server enable traps"]);
    let all = router.exec("show running-config | include ^snmp-server enable traps");
    assert!(all.lines().count() > 60 && !all.contains("vlancreate"), "{all}");
    router.configure(&["no snmp-server"]);
    assert_eq!(router.exec("show running-config | include ^snmp"), "");
    assert_eq!(router.exec("show snmp"), "%SNMP agent not enabled\n");
}

/// Goal: the tables are those that clients read. Method: transcripts.
#[test]
fn tables_are_shown() {
    let mut router = Router::new(STARTUP);
    let mut check = |line: &str, want: Expect| want.assert_eq(&router.exec(line));
    check(
        "show snmp | exclude ^    0",
        expect![[r#"
        Chassis: box-1
        Contact: noc@example.org
        Location: rack 5, row 2
        0 SNMP packets input
        0 SNMP packets output
        Packets currently in SNMP process input queue: 0
        SNMP global trap: enabled

        SNMP logging: enabled
            Logging to 10.0.0.9.162, 0/10, 0 sent, 0 dropped.
            Logging to 10.0.0.8.1162, 0/10, 0 sent, 0 dropped.
            Logging to 10.0.0.7.162, 0/10, 0 sent, 0 dropped.
        SNMP agent enabled
    "#]],
    );
    check(
        "show snmp community",
        expect![[r#"

        Community name: public
        Community Index: public
        Community SecurityName: public
        storage-type: nonvolatile	 active	access-list: 10

        Community name: secret
        Community Index: secret
        Community SecurityName: secret
        storage-type: nonvolatile	 active

    "#]],
    );
    check(
        "show snmp host",
        expect![[r#"
        Notification host: 10.0.0.9	udp-port: 162	type: trap
        user: public	security model: v2c

        Notification host: 10.0.0.8	udp-port: 1162	type: inform
        user: bob	security model: v3 auth

        Notification host: 10.0.0.7	udp-port: 162	type: trap
        user: public	security model: v1

    "#]],
    );
}

/// Goal: so are those of version 3. Method: transcripts.
#[test]
fn tables_of_version_3_are_shown() {
    let mut router = Router::new(STARTUP);
    let mut check = |line: &str, want: Expect| want.assert_eq(&router.exec(line));
    check(
        "show snmp user",
        expect![[r#"

        User name: bob
        Engine ID: 800000090300525400C9CC00
        storage-type: nonvolatile	 active
        Authentication Protocol: SHA
        Privacy Protocol: AES128
        Group-name: ADMINS

    "#]],
    );
    check(
        "show snmp group | begin ADMINS",
        expect![[r#"
            groupname: ADMINS                           security model:v3 priv 
            contextname: <no context specified>         storage-type: nonvolatile
            readview : ALL                              writeview: ALL                             
            notifyview: <no notifyview specified>       
            row status: active

        "#]],
    );
    check(
        "show snmp view | include ALL",
        expect![[r#"
        ALL iso - included nonvolatile active
    "#]],
    );
    check(
        "show snmp chassis",
        expect![[r#"
        box-1
    "#]],
    );
    check(
        "show snmp location",
        expect![[r#"
        rack 5, row 2
    "#]],
    );
    check(
        "show snmp engineID",
        expect![[r#"
        Local SNMP engineID: 800000090300525400C9CC00
        Remote Engine ID          IP-addr    Port
    "#]],
    );
}

/// Goal: an agent says that it starts, and keeps the users that no configuration has. Method: a
/// reload of a router that has saved its configuration.
#[test]
fn users_outlive_a_reload() {
    let mut router = Router::new(STARTUP);
    assert!(
        router
            .exec("show logging")
            .contains("%SNMP-5-COLDSTART: SNMP agent on host R1 is undergoing a cold start")
    );
    router.exec("write memory");
    router.tell(iosxe::Input::Reload { reason: "", boot: None, trace: None });
    router.wait_ms(100_000);
    assert!(router.exec("show snmp user").contains("User name: bob"));
    let started = router.messages().join("\n");
    assert!(started.contains("%SNMP-5-COLDSTART"), "{started}");
}

/// Goal: what IOS does not know is refused. Method: a table of lines, and where the caret stands.
#[test]
fn mistakes_are_refused() {
    let mut router = Router::new("");
    let session = router.open(SessionKind::Shell);
    router.typed(session, "configure terminal\n");
    let mut typed = |line: &str| router.typed(session, &format!("{line}\n"));
    expect![[r#"
        snmp-server enable traps nonsense
                                             ^
        % Invalid input detected at '^' marker.

        R1(config)#"#]]
    .assert_eq(&typed("snmp-server enable traps nonsense"));
    expect![[r#"
        snmp-server host 10.0.0.9 version 2c public config nonsense
                                                                      ^
        % Invalid input detected at '^' marker.

        R1(config)#"#]]
    .assert_eq(&typed("snmp-server host 10.0.0.9 version 2c public config nonsense"));
    expect![[r#"
        snmp-server engineID local 12xz
                                              ^
        % Invalid input detected at '^' marker.

        R1(config)#"#]]
    .assert_eq(&typed("snmp-server engineID local 12xz"));
    expect![[r#"
        snmp-server
        % Incomplete command.

        R1(config)#"#]]
    .assert_eq(&typed("snmp-server"));
}
