//! What a router says of the hardware that it claims.

use crate::driver::Router;

/// Goal: each platform is itself wherever its model, its image or its ports are shown. Method: a
/// few lines of several commands, which must be there.
#[test]
fn a_platform_is_itself_everywhere() {
    let table = [
        (
            "c8000v",
            "show version",
            "cisco C8000V (VXE) processor (revision VXE) with 2028465K/3075K bytes of memory.",
        ),
        ("c8000v", "show interfaces Gi4", "Hardware is vNIC, address is"),
        ("c8000v", "dir", "Directory of bootflash:/"),
        ("isr4k", "show version", "cisco ISR4331/K9 (1RU) processor with"),
        ("isr4k", "show version", "4 Gigabit Ethernet interfaces"),
        ("isr4k", "show version", "System image file is \"bootflash:isr4300-universalk9.17.12"),
        ("isr4k", "show inventory", "PID: ISR4331/K9        , VID: V05  , SN: FDO"),
        ("isr4k", "show platform", " 0/0      ISR4331-3x1GE       ok "),
        ("isr4k", "show ip interface brief", "GigabitEthernet0/0/2   unassigned "),
        ("isr4k", "show running-config interface gi0", " vrf forwarding Mgmt-intf"),
        ("cat9k", "show version", "Catalyst L3 Switch Software (CAT9K_IOSXE), Version 17.12.4"),
        ("cat9k", "show version", "*    1 33    C9300-24T          17.12.04          CAT9K_IOSXE"),
        ("cat9k", "show version", "8 Ten Gigabit Ethernet interfaces"),
        ("cat9k", "show platform", " 1       33      C9300-24T             FCW"),
        ("cat9k", "show ip interface brief", "GigabitEthernet1/0/24  unassigned "),
        ("cat9k", "show ip interface brief", "Vlan1                  unassigned "),
        ("cat9k", "show interfaces te1/1/8", "BW 10000000 Kbit/sec"),
        ("cat9k", "show inventory", "PID: C9300-24T         , VID: V02  , SN: FCW"),
        ("cat9k", "dir", "Directory of flash:/"),
        ("cat9k", "dir", "  packages.conf\n"),
        ("c8000v", "dir", "  packages.conf\n"),
        ("isr4k", "dir", "  isr4300-universalk9.17.12.04.SPA.bin\n"),
        ("isr4k", "show file systems", "*      3284139008 "),
        ("cat9k", "show boot", "Current Boot Variables:\nBOOT variable = flash:packages.conf;"),
        ("c8000v", "show redundancy", "Peer (slot: unavailable) information is not available"),
        ("c8000v", "show terminal", "Allowed input transports are "),
        ("cat9k", "show switch", "*1       Active   5254."),
        ("cat9k", "show interfaces status", "Gi1/0/24                        connected    1  "),
        ("cat9k", "show interfaces te1/1/1 switchport", "Access Mode VLAN: 1 (default)"),
        ("cat9k", "show spanning-tree", "Gi1/0/7             Desg FWD 4         128.7 "),
        ("c8000v", "show switch", "% Invalid input detected"),
        ("c8000v", "show interfaces status", "% Invalid input detected"),
        ("isr4k", "show license summary", "  appxk9                  (ISR_4331_Application) "),
        ("isr4k", "show install summary", "IMG   C    17.12.04.0.6"),
        ("c8000v", "show redundancy", "               Active Location = slot R0"),
        ("c8000v", "show netconf-yang datastores", "Datastore Name             : running"),
    ];
    for (platform, command, want) in table {
        let shown = Router::on(platform, "").exec(command);
        assert!(shown.contains(want), "{platform}: {command}: no `{want}` in\n{shown}");
    }
}

/// Goal: a switch's tables follow the lines of its ports. Method: an access port, a trunk, a routed
/// port and one that is shut.
#[test]
fn the_tables_of_a_switch_follow_its_ports() {
    let mut switch = Router::on(
        "cat9k",
        "vlan 10\n name USERS\ninterface gi1/0/1\n description to R1\n switchport access vlan 10\n \
         switchport mode access\ninterface gi1/0/2\n switchport mode trunk\n \
         switchport trunk allowed vlan 10,20-30\ninterface gi1/0/3\n no switchport\n \
         ip address 10.0.0.1 255.255.255.0\ninterface gi1/0/4\n shutdown\n",
    );
    let shown = switch.exec("show interfaces status | include ^Gi1/0/[1-4] .*1000");
    let want = "\
Gi1/0/1      to R1              connected    10         a-full a-1000 10/100/1000BaseTX
Gi1/0/2                         connected    trunk      a-full a-1000 10/100/1000BaseTX
Gi1/0/3                         connected    routed     a-full a-1000 10/100/1000BaseTX
Gi1/0/4                         disabled     1            auto   auto 10/100/1000BaseTX
";
    assert_eq!(shown, want);
    let shown = switch.exec("show interfaces gi1/0/1 switchport");
    assert!(shown.contains("Access Mode VLAN: 10 (USERS)"), "{shown}");
    let shown = switch.exec("show interfaces trunk");
    assert!(shown.contains("Gi1/0/2        10,20-30\n"), "{shown}");
    let shown = switch.exec("show spanning-tree vlan 10 | include Desg");
    assert_eq!(shown.lines().count(), 2, "{shown}");
}

/// Goal: what a platform has before any configuration survives its own running-config. Method:
/// start each with what it prints, and compare.
#[test]
fn the_running_config_of_each_is_a_fixed_point() {
    for platform in iosxe::Platform::names() {
        let before = Router::on(platform, "").device.running_config();
        let after = Router::on(platform, &before).device.running_config();
        assert_eq!(before, after, "{platform}");
    }
}
