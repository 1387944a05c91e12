//! CDP and LLDP: what a router prints of its neighbours.

use std::sync::Arc;

use expect_test::{Expect, expect};
use iosxe::{Beat, Hello, Input};
use simtime::Duration;

use crate::driver::Router;

const STARTUP: &str = "\
hostname R1
cdp run
lldp run
interface gi1
 ip address 10.0.12.1 255.255.255.0
";

fn hello(device: &str) -> Arc<Hello> {
    let beat = |every, hold| {
        let (every, hold) = (Duration::from_secs(every), Duration::from_secs(hold));
        Some(Beat { every, hold })
    };
    Arc::new(Hello {
        device: device.to_owned(),
        port: "GigabitEthernet2".to_owned(),
        description: Some("to R1".to_owned()),
        address: Some([10, 0, 12, 2].into()),
        mac: "5254.0012.3401".to_owned(),
        platform: "C8000V",
        version: "Cisco IOS Software [Dublin]",
        cdp: beat(60, 180),
        lldp: beat(30, 120),
    })
}

/// A router that has heard R2 for 75 seconds, and a neighbour with a long name for a moment.
fn router() -> Router {
    let mut router = Router::new(STARTUP);
    router.tell(Input::Heard { interface: "GigabitEthernet1", hello: Some(hello("R2")) });
    router.wait_ms(75_000);
    let long = hello("distribution-2.example.net");
    router.tell(Input::Heard { interface: "GigabitEthernet3", hello: Some(long) });
    router
}

/// Goal: the tables are IOS's; hold times are those of the last frame. Method: transcripts.
#[test]
fn tables() {
    let mut router = router();
    let mut check = |line: &str, want: Expect| want.assert_eq(&router.exec(line));
    check(
        "show cdp neighbors",
        expect![[r#"
        Capability Codes: R - Router, T - Trans Bridge, B - Source Route Bridge
                          S - Switch, H - Host, I - IGMP, r - Repeater, P - Phone, 
                          D - Remote, C - CVTA, M - Two-port Mac Relay 

        Device ID        Local Intrfce     Holdtme    Capability  Platform  Port ID
        R2               Gig 1             165               R I  C8000V    Gig 2
        distribution-2.example.net
                         Gig 3             180               R I  C8000V    Gig 2

        Total cdp entries displayed : 2
    "#]],
    );
    check(
        "show cdp neighbors gi1 detail",
        expect![[r#"
        -------------------------
        Device ID: R2
        Entry address(es): 
          IP address: 10.0.12.2
        Platform: cisco C8000V,  Capabilities: Router IGMP 
        Interface: GigabitEthernet1,  Port ID (outgoing port): GigabitEthernet2
        Holdtime : 165 sec

        Version :
        Cisco IOS Software [Dublin]

        advertisement version: 2
        Duplex: full
        Management address(es): 
          IP address: 10.0.12.2


        Total cdp entries displayed : 1
    "#]],
    );
    check(
        "show cdp",
        expect![[r#"
        Global CDP information:
        	Sending CDP packets every 60 seconds
        	Sending a holdtime value of 180 seconds
        	Sending CDPv2 advertisements is  enabled
    "#]],
    );
}

/// Goal: the same for LLDP. Method: transcripts.
#[test]
fn tables_of_lldp() {
    let mut router = router();
    let mut check = |line: &str, want: Expect| want.assert_eq(&router.exec(line));
    check(
        "show lldp neighbors",
        expect![[r#"

        Capability codes:
            (R) Router, (B) Bridge, (T) Telephone, (C) DOCSIS Cable Device
            (W) WLAN Access Point, (P) Repeater, (S) Station, (O) Other

        Device ID           Local Intf     Hold-time  Capability      Port ID
        R2                  Gi1            120        R               Gi2
        distribution-2.exampGi3            120        R               Gi2

        Total entries displayed: 2

    "#]],
    );
    check(
        "show lldp neighbors gi1 detail",
        expect![[r#"
        ------------------------------------------------
        Local Intf: Gi1
        Chassis id: 5254.0012.3401
        Port id: Gi2
        Port Description: to R1
        System Name: R2

        System Description: 
        Cisco IOS Software [Dublin]

        Time remaining: 105 seconds
        System Capabilities: B,R
        Enabled Capabilities: R
        Management Addresses:
            IP: 10.0.12.2
        Auto Negotiation - not supported
        Physical media capabilities - not advertised
        Media Attachment Unit type - not advertised
        Vlan ID: - not advertised


        Total entries displayed: 1

    "#]],
    );
}

/// Goal: what does not run shows nothing, and the lines stand where IOS has them. Method: configure
/// and print.
#[test]
fn configuration() {
    let mut router = router();
    router.configure(&["no cdp run", "lldp timer 10", "interface gi1", "no lldp receive"]);
    assert_eq!(router.exec("show cdp neighbors"), "% CDP is not enabled\n");
    let shown = router.exec("show lldp neighbors");
    assert!(shown.contains("distribution-2.exampGi3"), "{shown}");
    assert!(shown.contains("Total entries displayed: 1"), "{shown}");
    let running = router.exec("show running-config");
    assert!(running.contains("\n!\nlldp timer 10\nlldp run\n!\n"), "{running}");
    assert!(running.contains(" negotiation auto\n no lldp receive\n"), "{running}");
    assert!(!running.contains("cdp"), "{running}");
}
