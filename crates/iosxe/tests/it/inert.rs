//! Lines that are kept in the configuration and change nothing, and the modes that they open.

use expect_test::expect;

use crate::driver::{Router, bodies};

const STARTUP: &str = "\
vlan 999
 name onboarding
interface GigabitEthernet1
 ip address dhcp
 switchport mode trunk
interface Tunnel7
 tunnel source GigabitEthernet1
interface Vlan10
 ip address 10.7.0.1 255.255.255.0
router bgp 65010
 bgp log-neighbor-changes
 neighbor 10.0.0.2 remote-as 65020
 address-family ipv4
  neighbor 10.0.0.2 activate
 exit-address-family
ip access-list extended MANAGEMENT
 10 deny ip any host 192.0.2.66
 20 permit ip any any
route-map BALANCE permit 10
 match ip address ODD
 set ip next-hop 10.0.13.3
";

/// Goal: modes are entered and keep their lines in order; what is configured prints back and reads
/// again. Method: a startup-config, and the running-config of a router that starts with that.
#[test]
fn blocks_print_back() {
    let mut router = Router::new(STARTUP);
    let shown = router.exec("show running-config");
    let blocks =
        router.exec("show running-config | section vlan|Tunnel|Vlan|router|list|route-map");
    expect![[r#"
        vlan 999
         name onboarding
        interface Tunnel7
         no ip address
         tunnel source GigabitEthernet1
        interface Vlan10
         ip address 10.7.0.1 255.255.255.0
        router bgp 65010
         bgp log-neighbor-changes
         neighbor 10.0.0.2 remote-as 65020
         !
         address-family ipv4
          neighbor 10.0.0.2 activate
         exit-address-family
        ip access-list extended MANAGEMENT
         10 deny   ip any host 192.0.2.66
         20 permit ip any any
        route-map BALANCE permit 10
         match ip address ODD
         set ip next-hop 10.0.13.3
    "#]]
    .assert_eq(&blocks);
    let mut again = Router::new(&bodies(&shown).join("\n"));
    assert_eq!(bodies(&again.exec("show running-config")), bodies(&shown));
}

/// Goal: prompts say the mode; a line there replaces another, `no` takes it away, and a line that
/// is not known is refused. Method: a transcript.
#[test]
fn modes_are_entered_and_left() {
    let mut router = Router::new(STARTUP);
    let session = router.open(iosxe::SessionKind::Shell);
    router.typed(session, "terminal length 0\nconfigure terminal\n");
    let mut typed = |line: &str| router.typed(session, &format!("{line}\n"));
    expect![[r#"
        router bgp 65010
        R1(config-router)#"#]]
    .assert_eq(&typed("router bgp 65010"));
    typed("neigh 10.0.0.2 shut");
    typed("neighbor 10.0.0.2 remote-as 65021");
    expect![[r#"
        addr ipv4
        R1(config-router-af)#"#]]
    .assert_eq(&typed("addr ipv4"));
    typed("exit-address-family");
    expect![[r#"
        neighbors
                                  ^
        % Invalid input detected at '^' marker.

        R1(config-router)#"#]]
    .assert_eq(&typed("neighbors"));
    expect![[r#"
        do show running-config | section bgp
        router bgp 65010
         bgp log-neighbor-changes
         neighbor 10.0.0.2 remote-as 65021
         neighbor 10.0.0.2 shutdown
         !
         address-family ipv4
          neighbor 10.0.0.2 activate
         exit-address-family
        R1(config-router)#"#]]
    .assert_eq(&typed("do show running-config | section bgp"));
    typed("no neighbor 10.0.0.2");
    expect![[r#"
        no vlan 999
        R1(config)#"#]]
    .assert_eq(&typed("no vlan 999"));
    typed("no route-map BALANCE");
    expect![[r#"
        do show running-config | section bgp|vlan|route-map
        router bgp 65010
         bgp log-neighbor-changes
         !
         address-family ipv4
         exit-address-family
        R1(config)#"#]]
    .assert_eq(&typed("do show running-config | section bgp|vlan|route-map"));
}

/// Goal: an interface that nothing here carries exists, and is down. Method: a table.
#[test]
fn software_interfaces() {
    let mut router = Router::new(STARTUP);
    expect![[r#"
        Tunnel7                unassigned      YES unset  down                  down    
        Vlan10                 10.7.0.1        YES NVRAM  down                  down    
    "#]]
    .assert_eq(&router.exec("show ip interface brief | include Tunnel|Vlan"));
    router.configure(&["interface Vlan10", "shutdown", "no interface Tunnel7"]);
    expect![[r#"
        Vlan10                 10.7.0.1        YES NVRAM  administratively down down    
    "#]]
    .assert_eq(&router.exec("show ip interface brief | include Tunnel|Vlan"));
}

/// Goal: a line typed under an interface goes to every interface of a range; what the interface
/// does not know is global, whatever it resembles. Method: transcripts.
#[test]
fn ranges_and_neighbours_of_modes() {
    let mut router = Router::new("hostname R1\n");
    let session = router.open(iosxe::SessionKind::Shell);
    router.typed(session, "terminal length 0\nconfigure terminal\n");
    let mut typed = |line: &str| router.typed(session, &format!("{line}\n"));
    expect![[r#"
        interface range gi2 - 3, gi4
        R1(config-if-range)#"#]]
    .assert_eq(&typed("interface range gi2 - 3, gi4"));
    typed("description spare");
    typed("shut");
    expect![[r#"
        interface range gi2 - 9
                                            ^
        % Invalid input detected at '^' marker.

        R1(config-if-range)#"#]]
    .assert_eq(&typed("interface range gi2 - 9"));
    typed("ip dhcp pool LAN");
    expect![[r#"
        network 10.0.0.0 255.255.255.0
        R1(dhcp-config)#"#]]
    .assert_eq(&typed("network 10.0.0.0 255.255.255.0"));
    typed("line vty 0 4");
    typed("access-class MANAGEMENT in");
    expect![[r#"
        do show running-config | section GigabitEthernet[23]|vty|dhcp
        ip dhcp pool LAN
         network 10.0.0.0 255.255.255.0
        interface GigabitEthernet2
         description spare
         no ip address
         shutdown
         negotiation auto
        interface GigabitEthernet3
         description spare
         no ip address
         shutdown
         negotiation auto
        line vty 0 4
         access-class MANAGEMENT in
         login
        R1(config-line)#"#]]
    .assert_eq(&typed("do show running-config | section GigabitEthernet[23]|vty|dhcp"));
}
