//! Routes: the table follows interfaces and `ip route` lines.

use expect_test::{Expect, expect};

use crate::driver::Router;

const STARTUP: &str = "\
interface gi1
 ip address 10.0.12.1 255.255.255.0
interface gi2
 ip address 10.0.13.1 255.255.255.0
interface gi3
 ip address 192.168.7.1 255.255.255.0
interface loopback0
 ip address 10.0.0.1 255.255.255.255
ip route 0.0.0.0 0.0.0.0 10.0.12.2
ip route 10.9.0.0 255.255.0.0 10.0.13.3 5 name backup
ip route 10.9.0.0 255.255.0.0 10.0.12.2
ip route 172.16.0.0 255.255.0.0 10.9.0.9
ip route 10.66.0.0 255.255.0.0 Null0
ip route 203.0.113.0 255.255.255.0 gi2 10.0.13.3
";

/// What follows the legend.
fn routes(router: &mut Router, line: &str) -> String {
    let text = router.exec(line);
    text.split_once("connected\n\n").map_or(text.clone(), |(_, rest)| rest.to_owned())
}

/// Goal: connected, local and static routes stand as IOS prints them, a worse distance does not.
/// Method: a transcript.
#[test]
fn the_table() {
    let mut router = Router::new(STARTUP);
    let want = expect![[r#"
        Gateway of last resort is 10.0.12.2 to network 0.0.0.0

        S*    0.0.0.0/0 [1/0] via 10.0.12.2
              10.0.0.0/8 is variably subnetted, 7 subnets, 3 masks
        C        10.0.0.1/32 is directly connected, Loopback0
        C        10.0.12.0/24 is directly connected, GigabitEthernet1
        L        10.0.12.1/32 is directly connected, GigabitEthernet1
        C        10.0.13.0/24 is directly connected, GigabitEthernet2
        L        10.0.13.1/32 is directly connected, GigabitEthernet2
        S        10.9.0.0/16 [1/0] via 10.0.12.2
        S        10.66.0.0/16 is directly connected, Null0
        S     172.16.0.0/16 [1/0] via 10.9.0.9
              192.168.7.0/24 is variably subnetted, 2 subnets, 2 masks
        C        192.168.7.0/24 is directly connected, GigabitEthernet3
        L        192.168.7.1/32 is directly connected, GigabitEthernet3
        S     203.0.113.0/24 [1/0] via 10.0.13.3, GigabitEthernet2
    "#]];
    want.assert_eq(&routes(&mut router, "show ip route"));
}

/// Goal: a shutdown takes the connected and local routes away, and the static ones behind them; a
/// floating one takes over; `no shutdown` brings all back. Method: transcripts.
#[test]
fn routes_follow_interfaces() {
    let mut router = Router::new(STARTUP);
    let before = routes(&mut router, "show ip route");
    router.configure(&["interface gi1", "shutdown"]);
    let want = expect![[r#"
        Gateway of last resort is not set

              10.0.0.0/8 is variably subnetted, 5 subnets, 3 masks
        S        10.9.0.0/16 [5/0] via 10.0.13.3
        S        10.66.0.0/16 is directly connected, Null0
        S     172.16.0.0/16 [1/0] via 10.9.0.9
        S     203.0.113.0/24 [1/0] via 10.0.13.3, GigabitEthernet2
    "#]];
    want.assert_eq(&routes(&mut router, "show ip route static"));
    router.configure(&["interface gi1", "no shutdown"]);
    router.wait_ms(2_000);
    assert_eq!(routes(&mut router, "show ip route"), before);
}

/// Goal: one address is looked up, and mistakes are refused as IOS does. Method: transcripts.
#[test]
fn one_route_and_mistakes() {
    let mut router = Router::new(STARTUP);
    let mut check = |line: &str, want: Expect| want.assert_eq(&router.exec(line));
    check(
        "show ip route 10.9.1.1",
        expect![[r#"
            Routing entry for 10.9.0.0/16
              Known via "static", distance 1, metric 0
              Routing Descriptor Blocks:
              * 10.0.12.2
                  Route metric is 0, traffic share count is 1
        "#]],
    );
    check(
        "show ip route 10.0.12.7",
        expect![[r#"
            Routing entry for 10.0.12.0/24
              Known via "connected", distance 0, metric 0 (connected, via interface)
              Routing Descriptor Blocks:
              * directly connected, via GigabitEthernet1
                  Route metric is 0, traffic share count is 1
        "#]],
    );
    let mut router = Router::new("");
    assert_eq!(router.exec("show ip route 10.0.0.1"), "% Network not in table\n");
    let lines = [
        ("ip route 10.1.0.1 255.255.0.0 10.0.0.2", "%Inconsistent address and mask\n"),
        ("no ip route 10.1.0.0 255.255.0.0", "%No matching route to delete\n"),
        ("ip route 10.1.0.0 255.255.0.0 224.0.0.1", "%Invalid next hop address\n"),
    ];
    for (line, want) in lines {
        let session = router.open(iosxe::SessionKind::Shell);
        router.typed(session, "configure terminal\n");
        let said = router.typed(session, &format!("{line}\n"));
        assert!(said.contains(want), "{line}: {said}");
    }
}

/// Goal: a mask asks for one prefix alone. Method: a table with a prefix that is there, and one
/// that is only covered.
#[test]
fn one_prefix_alone() {
    let mut router = Router::new(STARTUP);
    let table = [
        ("show ip route 10.0.12.0 255.255.255.0", "Routing entry for 10.0.12.0/24\n"),
        ("show ip route 10.0.12.0 255.255.255.128", "% Subnet not in table\n"),
        ("show ip route 10.0.12.77", "Routing entry for 10.0.12.0/24\n"),
    ];
    for (line, want) in table {
        let shown = router.exec(line);
        assert!(shown.starts_with(want), "{line}: {shown}");
    }
}
