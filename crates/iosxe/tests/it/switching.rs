//! Bundles and VLANs: what carries them, what is said of it, and the tables that show them.

use expect_test::expect;
use iosxe::SessionKind;

use crate::driver::{Router, bodies};

const STARTUP: &str = "\
vlan 10
 name USERS
interface Port-channel1
 switchport mode trunk
interface GigabitEthernet1/0/1
 switchport mode trunk
 channel-group 1 mode active
interface GigabitEthernet1/0/2
 switchport mode trunk
 channel-group 1 mode active
interface GigabitEthernet1/0/3
 switchport access vlan 20
interface Vlan10
 ip address 10.10.0.1 255.255.255.0
";

/// Goal: a bundle lives while one of its ports does, and a VLAN's interface while a port carries
/// the VLAN; the log says so in IOS's order. Method: both wires are cut, and one comes back.
#[test]
fn ports_carry_bundles_and_vlans() {
    let mut switch = Router::on("cat9k", STARTUP);
    switch.messages();
    for (name, up) in [("GigabitEthernet1/0/1", false), ("GigabitEthernet1/0/2", false)] {
        switch.carrier(name, up, None);
        switch.wait_ms(2_000);
    }
    switch.carrier("GigabitEthernet1/0/1", true, None);
    switch.wait_ms(2_000);
    expect![[r#"
        0 %LINEPROTO-5-UPDOWN: Line protocol on Interface GigabitEthernet1/0/1, down
        0 %EC-5-UNBUNDLE: Interface Gi1/0/1 left the port-channel Po1
        1000 %LINK-3-UPDOWN: Interface GigabitEthernet1/0/1, down
        2000 %LINEPROTO-5-UPDOWN: Line protocol on Interface GigabitEthernet1/0/2, down
        2000 %EC-5-UNBUNDLE: Interface Gi1/0/2 left the port-channel Po1
        2000 %LINEPROTO-5-UPDOWN: Line protocol on Interface Port-channel1, down
        2000 %LINK-3-UPDOWN: Interface Port-channel1, down
        2000 %LINEPROTO-5-UPDOWN: Line protocol on Interface Vlan10, down
        2000 %LINK-3-UPDOWN: Interface Vlan10, down
        3000 %LINK-3-UPDOWN: Interface GigabitEthernet1/0/2, down
        4000 %LINK-3-UPDOWN: Interface GigabitEthernet1/0/1, up
        5000 %LINEPROTO-5-UPDOWN: Line protocol on Interface GigabitEthernet1/0/1, up
        5000 %EC-5-BUNDLE: Interface Gi1/0/1 joined port-channel Po1
        5000 %LINEPROTO-5-UPDOWN: Line protocol on Interface Port-channel1, up
        5000 %LINK-3-UPDOWN: Interface Port-channel1, up
        5000 %LINEPROTO-5-UPDOWN: Line protocol on Interface Vlan10, up
        5000 %LINK-3-UPDOWN: Interface Vlan10, up
    "#]]
    .assert_eq(&(switch.messages().join("\n").replace(" changed state to", "") + "\n"));
    expect![[r#"
        Number of channel-groups in use: 1
        Number of aggregators:           1

        Group  Port-channel  Protocol    Ports
        ------+-------------+-----------+-----------------------------------------------
        1      Po1(SU)         LACP        Gi1/0/1(P)      Gi1/0/2(D)      

    "#]]
    .assert_eq(&switch.exec("show etherchannel summary | begin Number"));
    expect![[r#"
        Port-channel1          unassigned      YES unset  up                    up      
        Vlan1                  unassigned      YES unset  administratively down down    
        Vlan10                 10.10.0.1       YES NVRAM  up                    up      
    "#]]
    .assert_eq(&switch.exec("show ip interface brief | include Vlan|Port-ch"));
    expect![[r#"
        C        10.10.0.0/24 is directly connected, Vlan10
        L        10.10.0.1/32 is directly connected, Vlan10
    "#]]
    .assert_eq(&switch.exec("show ip route connected | include Vlan"));
    expect![[r#"
        Port-channel1 is up, line protocol is up 
          Hardware is GEChannel
          Members in this channel: Gi1/0/1 
             0 output errors, 0 collisions, 0 interface resets
    "#]]
    .assert_eq(&switch.exec("show interfaces Po1 | include is|Members"));
}

/// Goal: lines of ports and VLANs move what they carry at once. Method: typed lines, tables after.
#[test]
fn lines_move_what_they_carry() {
    let mut switch = Router::on("cat9k", STARTUP);
    switch.configure(&["interface Vlan20", "ip address 10.20.0.1 255.255.255.0"]);
    let vlan20 = |switch: &mut Router| switch.exec("show ip interface brief | include Vlan20");
    assert!(vlan20(&mut switch).contains("down                  down"));
    switch.configure(&["vlan 20"]);
    assert!(vlan20(&mut switch).contains("up                    up"));
    switch.configure(&["interface GigabitEthernet1/0/3", "switchport access vlan 10"]);
    switch.configure(&["no interface Port-channel1"]);
    tables_of_vlans(&mut switch);
    let shown = switch.exec("show running-config");
    let mut again = Router::on("cat9k", &bodies(&shown).join("\n"));
    assert_eq!(bodies(&again.exec("show running-config")), bodies(&shown));
}

fn tables_of_vlans(switch: &mut Router) {
    let session = switch.open(SessionKind::Shell);
    let shown = switch.typed(
        session,
        "enable\nconfigure terminal\ninterface GigabitEthernet1/0/1\nno switchport\n\
         channel-group 7\ninterface Loopback1\nchannel-group 7 mode on\nend\n",
    );
    expect![[r#"
        enable
        R1#configure terminal
        Enter configuration commands, one per line.  End with CNTL/Z.
        R1(config)#interface GigabitEthernet1/0/1
        R1(config-if)#no switchport
        R1(config-if)#channel-group 7
        Creating a port-channel interface Port-channel 7

        R1(config-if)#interface Loopback1
        R1(config-if)#channel-group 7 mode on
                      ^
        % Invalid input detected at '^' marker.

        R1(config-if)#end
        R1#"#]]
    .assert_eq(&shown);
    expect![[r#"

        VLAN Name                             Status    Ports
        ---- -------------------------------- --------- -------------------------------
        1    default                          active    Gi1/0/4, Gi1/0/5, Gi1/0/6, Gi1/0/7
                                                        Gi1/0/8, Gi1/0/9, Gi1/0/10, Gi1/0/11
                                                        Gi1/0/12, Gi1/0/13, Gi1/0/14, Gi1/0/15
                                                        Gi1/0/16, Gi1/0/17, Gi1/0/18, Gi1/0/19
                                                        Gi1/0/20, Gi1/0/21, Gi1/0/22, Gi1/0/23
                                                        Gi1/0/24, Te1/1/1, Te1/1/2, Te1/1/3
                                                        Te1/1/4, Te1/1/5, Te1/1/6, Te1/1/7
                                                        Te1/1/8, Ap1/0/1
        10   USERS                            active    Gi1/0/3
        20   VLAN0020                         active    
        1002 fddi-default                     act/unsup 
        1003 token-ring-default               act/unsup 
        1004 fddinet-default                  act/unsup 
        1005 trnet-default                    act/unsup 
    "#]]
    .assert_eq(&switch.exec("show vlan brief"));
    one_vlan(switch);
}

fn one_vlan(switch: &mut Router) {
    expect![[r#"

        VLAN Name                             Status    Ports
        ---- -------------------------------- --------- -------------------------------
        10   USERS                            active    Gi1/0/3

        VLAN Type  SAID       MTU   Parent RingNo BridgeNo Stp  BrdgMode Trans1 Trans2
        ---- ----- ---------- ----- ------ ------ -------- ---- -------- ------ ------
        10   enet  100010     1500  -      -      -        -    -        0      0   

        Remote SPAN VLANs
        ------------------------------------------------------------------------------


        Primary Secondary Type              Ports
        ------- --------- ----------------- ------------------------------------------

    "#]]
    .assert_eq(&switch.exec("show vlan id 10"));
    expect![[r#"
        interface GigabitEthernet1/0/1
         no ip address
         channel-group 7 mode on
         no switchport
        interface AppGigabitEthernet1/0/1
    "#]]
    .assert_eq(&switch.exec("show running-config | section 1/0/1$"));
}
