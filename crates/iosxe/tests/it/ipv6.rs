//! IPv6: addresses of interfaces, their tables, and static routes.

use expect_test::{Expect, expect};
use iosxe::SessionKind;

use crate::driver::{Router, bodies};

const STARTUP: &str = "\
ipv6 unicast-routing
interface Loopback0
 ipv6 address 2001:db8::1/128
interface GigabitEthernet1
 description to R2
 ipv6 address fe80::1 link-local
 ipv6 address 2001:0db8:0012:0000::1/64
 ipv6 address 2001:db8:13::99/64 eui-64
interface GigabitEthernet2
 ipv6 enable
 ipv6 mtu 1400
 ipv6 nd ra suppress
interface GigabitEthernet3
 ipv6 address autoconfig
 shutdown
ipv6 route 2001:db8:9::7/48 2001:db8:12::2 5 tag 3 name nine
ipv6 route ::/0 gi1 fe80::2
";

/// Goal: what is configured prints in canonical form, and reads again. Method: the running-config,
/// and that of a router that starts with it.
#[test]
fn running_config() {
    let mut router = Router::new(STARTUP);
    let shown = router.exec("show running-config");
    expect![[r#"
        ipv6 unicast-routing
         ipv6 address 2001:DB8::1/128
         ipv6 address FE80::1 link-local
         ipv6 address 2001:DB8:12::1/64
         ipv6 address 2001:DB8:13::/64 eui-64
         ipv6 enable
         ipv6 mtu 1400
         ipv6 nd ra suppress
         ipv6 address autoconfig
        ipv6 route ::/0 GigabitEthernet1 FE80::2
        ipv6 route 2001:DB8:9::/48 2001:DB8:12::2 5 tag 3 name nine
    "#]]
    .assert_eq(&router.exec("show running-config | section ipv6"));
    let mut again = Router::new(&bodies(&shown).join("\n"));
    assert_eq!(bodies(&again.exec("show running-config")), bodies(&shown));
}

/// Goal: the tables show addresses that are configured and those that follow from the MAC address;
/// a shutdown shows. Method: transcripts.
#[test]
fn tables() {
    let mut router = Router::new(STARTUP);
    let mut check = |line: &str, want: Expect| want.assert_eq(&router.exec(line));
    check(
        "show ipv6 interface brief",
        expect![[r#"
            GigabitEthernet1       [up/up]
                FE80::1
                2001:DB8:12::1
                2001:DB8:13:0:5054:FF:FEC9:CC00
            GigabitEthernet2       [up/up]
                FE80::5054:FF:FEC9:CC01
            GigabitEthernet3       [administratively down/down]
                FE80::5054:FF:FEC9:CC02
            GigabitEthernet4       [up/up]
                unassigned
            Loopback0              [up/up]
                FE80::5054:FF:FEC9:CC00
                2001:DB8::1
        "#]],
    );
    check(
        "show ipv6 interface gi1",
        expect![[r#"
            GigabitEthernet1 is up, line protocol is up
              IPv6 is enabled, link-local address is FE80::1 
              No Virtual link-local address(es):
              Description: to R2
              Global unicast address(es):
                2001:DB8:12::1, subnet is 2001:DB8:12::/64 
                2001:DB8:13:0:5054:FF:FEC9:CC00, subnet is 2001:DB8:13::/64 [EUI]
              Joined group address(es):
                FF02::1
                FF02::2
                FF02::1:FF00:1
                FF02::1:FFC9:CC00
              MTU is 1500 bytes
              ICMP error messages limited to one every 100 milliseconds
              ICMP redirects are enabled
              ICMP unreachables are sent
              ND DAD is enabled, number of DAD attempts: 1
              ND reachable time is 30000 milliseconds (using 30000)
              ND advertised reachable time is 0 (unspecified)
              ND advertised retransmit interval is 0 (unspecified)
              ND router advertisements are sent every 200 seconds
              ND router advertisements live for 1800 seconds
              ND advertised default router preference is Medium
              Hosts use stateless autoconfig for addresses.
        "#]],
    );
    check(
        "show ipv6 interface | include line|MTU",
        expect![[r#"
        GigabitEthernet1 is up, line protocol is up
          MTU is 1500 bytes
        GigabitEthernet2 is up, line protocol is up
          MTU is 1400 bytes
        GigabitEthernet3 is administratively down, line protocol is down
          MTU is 1500 bytes
        Loopback0 is up, line protocol is up
          MTU is 1514 bytes
    "#]],
    );
    check("show ipv6 interface gi4", expect![""]);
}

/// Goal: the routing table holds what interfaces and static routes give, and follows a shutdown.
/// Method: transcripts.
#[test]
fn routes() {
    let mut router = Router::new(STARTUP);
    let mut check = |line: &str, want: Expect| want.assert_eq(&router.exec(line));
    check(
        "show ipv6 route | exclude -.*,|^Codes|OMP",
        expect![[r#"
            IPv6 Routing Table - default - 8 entries
            S   ::/0 [1/0]
                 via FE80::2, GigabitEthernet1
            LC  2001:DB8::1/128 [0/0]
                 via Loopback0, receive
            S   2001:DB8:9::/48 [5/0]
                 via 2001:DB8:12::2
            C   2001:DB8:12::/64 [0/0]
                 via GigabitEthernet1, directly connected
            L   2001:DB8:12::1/128 [0/0]
                 via GigabitEthernet1, receive
            C   2001:DB8:13::/64 [0/0]
                 via GigabitEthernet1, directly connected
            L   2001:DB8:13:0:5054:FF:FEC9:CC00/128 [0/0]
                 via GigabitEthernet1, receive
            L   FF00::/8 [0/0]
                 via Null0, receive
        "#]],
    );
    check(
        "show ipv6 route 2001:db8:9::1",
        expect![[r#"
        Routing entry for 2001:DB8:9::/48
          Known via "static", distance 5, metric 0
          Route count is 1/1, share count 0
          Routing paths:
            2001:DB8:12::2
              Recursive via interface GigabitEthernet1
    "#]],
    );
    check(
        "show ipv6 route vrf X",
        expect![[r#"
        % IPv6 routing table X does not exist
    "#]],
    );
    router.configure(&["interface gi1", "shutdown"]);
    let left = router.exec("show ipv6 route static | include ^S");
    assert_eq!(left, "");
    assert!(router.exec("show ipv6 interface gi1").contains("IPv6 is tentative"));
}

/// Goal: what IOS refuses is refused, with its text or the caret; `no` takes away what it names.
/// Method: a table of lines and replies.
#[test]
fn lines_and_refusals() {
    let mut router = Router::new(STARTUP);
    let session = router.open(SessionKind::Shell);
    router.typed(session, "terminal length 0\nconfigure terminal\ninterface gi2\n");
    let mut said = |line: &str| {
        let text = router.typed(session, &format!("{line}\n"));
        text.lines().filter(|line| line.starts_with('%')).collect::<Vec<_>>().join("\n")
    };
    let table = [
        (
            "ipv6 address 2001:db8:12::7/48",
            "%GigabitEthernet2: Error: 2001:DB8:12::/48 is overlapping with 2001:DB8:12::/64 on \
             GigabitEthernet1",
        ),
        ("ipv6 address 2001:db8::7 link-local", "% Invalid link-local address"),
        ("ipv6 address 2001:db8::7", "% Incomplete command."),
        ("ipv6 address ff02::1/64", "%GigabitEthernet2: Error: FF02::1/64 is invalid"),
        (
            "ipv6 address 2001:db8:7::/64",
            "%GigabitEthernet2: Warning: 2001:DB8:7::/64 is a Subnet Router Anycast",
        ),
        ("no ipv6 address 2001:db8:7::/64", ""),
        ("ipv6 address 2001:db8:7::1/64", ""),
        ("no ipv6 address 2001:db8:7::2/64", ""),
        ("do show ipv6 interface brief gi2", ""),
        (
            "ipv6 route 2001:db8::/32 fe80::9",
            "% Interface has to be specified for a link-local nexthop",
        ),
        ("ipv6 route 2001:db8::/32 2001:db8:7::1", "%Invalid next hop address (it's this router)"),
        ("no ipv6 route 2001:db8::/32", "%No matching route to delete"),
        ("no ipv6 route ::/0", ""),
    ];
    for (line, want) in table {
        assert_eq!(said(line), want, "{line}");
    }
    let block = |router: &mut Router| {
        router.exec("show running-config interface gi2 | include ipv6").replace('\n', "")
    };
    assert_eq!(
        block(&mut router),
        " ipv6 address 2001:DB8:7::1/64 ipv6 enable ipv6 mtu 1400 ipv6 nd ra suppress"
    );
    router.configure(&["interface gi2", "no ipv6 address", "no ipv6 enable", "no ipv6 mtu"]);
    assert_eq!(block(&mut router), " ipv6 nd ra suppress");
    assert_eq!(router.exec("show running-config | include ^ipv6 route ::"), "");
}

/// Goal: a ping of an IPv6 address says what IOS says, and one of a link asks for the link.
/// Method: transcripts; the lab does not answer.
#[test]
fn pings() {
    let mut router = Router::new(STARTUP);
    let session = router.open(SessionKind::Shell);
    let mut check = |line: &str, want: Expect| {
        let before = router.seen.len();
        router.typed(session, &format!("{line}\n"));
        router.wait_ms(4_000);
        want.assert_eq(&router.bytes_since(before));
    };
    check(
        "ping 2001:db8:12::2 repeat 1 source lo0",
        expect![[r#"
        ping 2001:db8:12::2 repeat 1 source lo0
        Type escape sequence to abort.
        Sending 1, 100-byte ICMP Echos to 2001:DB8:12::2, timeout is 2 seconds:
        Packet sent with a source address of 2001:DB8::1 
        .
        Success rate is 0 percent (0/1)
        R1#"#]],
    );
    check(
        "ping ipv6 10.0.0.1",
        expect![[r#"
            ping ipv6 10.0.0.1
            % Unrecognized host or address, or protocol not running.
            R1#"#]],
    );
    check(
        "ping fe80::2 repeat 1",
        expect![[r#"
        ping fe80::2 repeat 1
        Output Interface: "#]],
    );
    check(
        "gi1",
        expect![[r#"
        gi1
        Type escape sequence to abort.
        Sending 1, 100-byte ICMP Echos to FE80::2, timeout is 2 seconds:
        .
        Success rate is 0 percent (0/1)
        R1#"#]],
    );
}
