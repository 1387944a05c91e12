//! VRFs: what is typed, printed and shown of them, and what an interface loses that enters one.

use expect_test::{Expect, expect};
use iosxe::SessionKind;

use crate::driver::{Router, bodies};

const STARTUP: &str = "\
vrf definition RED
 rd 65000:1
 description the red one
 route-target both 65000:1
 address-family ipv4 unicast
  route-target import 65000:9
 address-family ipv6
 exit-address-family
vrf definition EMPTY
ip vrf OLD
 rd 65000:2
interface GigabitEthernet1
 ip address 10.0.12.1 255.255.255.0
interface GigabitEthernet2
 vrf forwarding RED
 ip address 10.0.12.2 255.255.255.0
 ipv6 address 2001:db8:12::2/64
interface GigabitEthernet3
 ip vrf forwarding OLD
 ip address 10.0.12.3 255.255.255.0
ip route vrf RED 0.0.0.0 0.0.0.0 10.0.12.9 name out
ip route 10.9.0.0 255.255.0.0 10.0.12.9
ipv6 route vrf RED ::/0 2001:db8:12::9
";

/// Goal: what is configured prints in the form and order of IOS, and reads again. Method: the
/// running-config, and that of a router that starts with it.
#[test]
fn running_config() {
    let mut router = Router::new(STARTUP);
    let shown = router.exec("show running-config");
    expect![[r#"
        vrf definition EMPTY
        ip vrf OLD
         rd 65000:2
        vrf definition RED
         description the red one
         rd 65000:1
         route-target export 65000:1
         route-target import 65000:1
         !
         address-family ipv4
          route-target import 65000:9
         exit-address-family
         !
         address-family ipv6
         exit-address-family
        interface GigabitEthernet2
         vrf forwarding RED
         ip address 10.0.12.2 255.255.255.0
         negotiation auto
         ipv6 address 2001:DB8:12::2/64
        interface GigabitEthernet3
         ip vrf forwarding OLD
         ip address 10.0.12.3 255.255.255.0
         negotiation auto
        ip route vrf RED 0.0.0.0 0.0.0.0 10.0.12.9 name out
        ipv6 route vrf RED ::/0 2001:DB8:12::9
    "#]]
    .assert_eq(&router.exec("show running-config | section vrf|net[23]|ipv6 route"));
    let mut again = Router::new(&bodies(&shown).join("\n"));
    assert_eq!(bodies(&again.exec("show running-config")), bodies(&shown));
}

/// Goal: every table of VRFs shows the model. Method: transcripts.
#[test]
fn tables() {
    let mut router = Router::new(STARTUP);
    let mut check = |line: &str, want: Expect| {
        want.assert_eq(&format!("R1#{line}\n{}", router.exec(line)));
    };
    check(
        "show vrf",
        expect![[r#"
            R1#show vrf
              Name                             Default RD            Protocols   Interfaces
              EMPTY                            <not set>                         
              OLD                              65000:2               ipv4        Gi3
              RED                              65000:1               ipv4,ipv6   Gi2
        "#]],
    );
    check(
        "show ip vrf RED",
        expect![[r#"
            R1#show ip vrf RED
              Name                             Default RD            Interfaces
              RED                              65000:1               Gi2
        "#]],
    );
    check(
        "show vrf BLUE",
        expect![[r#"
            R1#show vrf BLUE
            % VRF BLUE does not exist
        "#]],
    );
    check(
        "show vrf detail RED",
        expect![[r#"
            R1#show vrf detail RED
            VRF RED (VRF Id = 1); default RD 65000:1; default VPNID <not set>
              Description: the red one
              New CLI format, supports multiple address-families
              Flags: 0x180C
              Interfaces:
                Gi2                     
            Address family ipv4 unicast (Table ID = 0x1):
              Flags: 0x0
              No Export VPN route-target communities
              Import VPN route-target communities
                RT:65000:9              
              No import route-map
              No global export route-map
              No export route-map
              VRF label distribution protocol: not configured
              VRF label allocation mode: per-prefix
            Address family ipv6 unicast (Table ID = 0x1E000001):
              Flags: 0x0
              Export VPN route-target communities
                RT:65000:1              
              Import VPN route-target communities
                RT:65000:1              
              No import route-map
              No global export route-map
              No export route-map
              VRF label distribution protocol: not configured
              VRF label allocation mode: per-prefix
            Address family ipv4 multicast not active
            Address family ipv6 multicast not active

        "#]],
    );
}

/// Goal: each table has its own routes and addresses. Method: transcripts.
#[test]
fn routes_of_tables() {
    let mut router = Router::new(STARTUP);
    let mut check = |line: &str, want: Expect| {
        want.assert_eq(&format!("R1#{line}\n{}", router.exec(line)));
    };
    check(
        "show ip route vrf RED | begin Gateway",
        expect![[r#"
            R1#show ip route vrf RED | begin Gateway
            Gateway of last resort is 10.0.12.9 to network 0.0.0.0

            S*    0.0.0.0/0 [1/0] via 10.0.12.9
                  10.0.0.0/8 is variably subnetted, 2 subnets, 2 masks
            C        10.0.12.0/24 is directly connected, GigabitEthernet2
            L        10.0.12.2/32 is directly connected, GigabitEthernet2
        "#]],
    );
    check(
        "show ip route | include GigabitEthernet|via",
        expect![[r#"
            R1#show ip route | include GigabitEthernet|via
            C        10.0.12.0/24 is directly connected, GigabitEthernet1
            L        10.0.12.1/32 is directly connected, GigabitEthernet1
            S        10.9.0.0/16 [1/0] via 10.0.12.9
        "#]],
    );
    check(
        "show ip route vrf BLUE",
        expect![[r#"
            R1#show ip route vrf BLUE
            % IP routing table BLUE does not exist
        "#]],
    );
    check(
        "show ip arp vrf RED | include Internet",
        expect![[r#"
            R1#show ip arp vrf RED | include Internet
            Internet  10.0.12.2               -   5254.00c9.cc01  ARPA   GigabitEthernet2
        "#]],
    );
    check(
        "show ip interface gi2 | include VPN",
        expect![[r#"
            R1#show ip interface gi2 | include VPN
              VPN Routing/Forwarding "RED"
        "#]],
    );
    check(
        "ping vrf BLUE 10.0.12.1",
        expect![[r#"
            R1#ping vrf BLUE 10.0.12.1
            % VRF BLUE does not exist
        "#]],
    );
}

/// Goal: an interface that changes its table loses its addresses, is told so, and takes none of a
/// family that the table has not; what IOS refuses is refused. Method: a transcript of replies.
#[test]
fn interfaces_change_tables() {
    let mut router = Router::new(STARTUP);
    let session = router.open(SessionKind::Shell);
    router.typed(session, "terminal length 0\nconfigure terminal\n");
    let mut said = |line: &str| {
        let text = router.typed(session, &format!("{line}\n"));
        text.lines().filter(|line| line.starts_with('%')).collect::<Vec<_>>().join("\n")
    };
    let table = [
        ("interface gi1", ""),
        ("vrf forwarding BLUE", "% VRF BLUE does not exist. Create first."),
        ("vrf forwarding OLD", "% Use 'ip vrf forwarding' command for VRF OLD"),
        ("ip vrf forwarding RED", "% Use 'vrf forwarding' command for VRF RED"),
        (
            "vrf forwarding EMPTY",
            "% Interface GigabitEthernet1 IPv4 disabled and address(es) removed due to enabling \
             VRF EMPTY",
        ),
        (
            "ip address 10.0.12.1 255.255.255.0",
            "% GigabitEthernet1 is linked to a VRF. Enable IPv4 on that VRF first.",
        ),
        ("ipv6 enable", "% GigabitEthernet1 is linked to a VRF. Enable IPv6 on that VRF first."),
        ("vrf forwarding RED", ""),
        ("ip address 10.0.12.1 255.255.255.0", "% 10.0.12.0 overlaps with GigabitEthernet2"),
        ("no vrf forwarding", ""),
        ("ip address 10.0.12.1 255.255.255.0", ""),
        ("vrf definition RED", ""),
        ("rd 65000:2", "% Cannot set RD, check if it's unique"),
        ("rd 65000:7", "% Do \"no rd\" before configuring a new rd"),
        ("rd x", "% Invalid input detected at '^' marker."),
        (
            "no address-family ipv6",
            "% IPv6 addresses from all interfaces in VRF RED have been removed",
        ),
        (
            "no vrf definition RED",
            "% IPv4 and IPv6 addresses from all interfaces in VRF RED have been removed",
        ),
        ("no vrf definition RED", "% VRF RED does not exist"),
        ("no ip vrf OLD", "% IPv4 addresses from all interfaces in VRF OLD have been removed"),
        ("ip route vrf RED 10.0.0.0 255.0.0.0 Null0", "% VRF RED does not exist"),
    ];
    for (line, want) in table {
        assert_eq!(said(line), want, "{line}");
    }
    router.typed(session, "end\n");
    assert_eq!(router.exec("show running-config | include RED|OLD"), "");
    let brief = router.exec("show ip interface brief | include t[23] ");
    assert_eq!(brief.matches("unassigned").count(), 2, "{brief}");
}
