//! Routing protocols: their configuration, and what a router says of them whose neighbors are
//! silent. Each test is a session, told in a file of `tests/expected`.

use expect_test::{ExpectFile, expect_file};
use iosxe::SessionKind;

use crate::driver::{Router, bodies};

const STARTUP: &str = "\
vrf definition BLUE
 address-family ipv4
interface loopback0
 ip address 10.0.0.1 255.255.255.255
interface gi1
 ip address 10.0.12.1 255.255.255.0
interface gi2
 ip address 10.0.13.1 255.255.255.0
interface gi3
 ip address 192.168.7.1 255.255.255.0
interface gi4
 vrf forwarding BLUE
 ip address 10.4.4.1 255.255.255.0
 ip hello-interval eigrp 100 10
ip route 203.0.113.0 255.255.255.0 10.0.12.2
";

const OSPF: &[&str] = &[
    "interface gi2",
    "ip ospf 1 area 7",
    "router ospf 1",
    "network 10.0.0.0 0.255.255.255 area 0",
    "passive-interface gi2",
];

const BGP: &[&str] = &[
    "router bgp 65000",
    "bgp router-id 1.1.1.1",
    "neighbor PEERS peer-group",
    "neighbor PEERS remote-as 65010",
    "neighbor PEERS timers 10 30",
    "neighbor 10.0.12.2 remote-as 65001",
    "neighbor 10.0.12.2 description to R2",
    "neighbor 10.0.12.2 password 0 hello",
    "neighbor 10.0.12.2 route-map IN in",
    "neighbor 10.0.12.2 send-community both",
    "neighbor 10.0.12.9 peer-group PEERS",
    "neighbor 172.16.9.9 remote-as 65000",
    "neighbor 172.16.9.9 update-source loopback0",
    "neighbor 10.0.13.3 remote-as 1.10",
    "neighbor 10.0.13.3 shutdown",
    "network 10.0.12.0 mask 255.255.255.0",
    "network 10.0.0.1 mask 255.255.255.255",
    "redistribute static",
    "aggregate-address 10.0.0.0 255.0.0.0 summary-only",
];

const EIGRP: &[&str] = &[
    "router eigrp 100",
    "network 10.9.9.9",
    "passive-interface gi2",
    "eigrp stub",
    "redistribute static",
    "address-family ipv4 vrf BLUE autonomous-system 100",
    "network 10.0.0.0",
    "exit-address-family",
    "router eigrp CORE",
    "address-family ipv4 unicast autonomous-system 200",
    "af-interface default",
    "passive-interface",
    "exit-af-interface",
    "af-interface gi1",
    "no passive-interface",
    "hello-interval 3",
    "exit-af-interface",
    "topology base",
    "variance 2",
    "exit-af-topology",
    "network 10.0.12.7 0.0.0.255",
    "eigrp router-id 9.9.9.9",
];

/// Types lines in configuration mode at a router with this configuration, and tells the session.
/// `@45` lets 45 seconds pass. What the router then prints of its configuration makes it again.
#[expect(clippy::needless_pass_by_value, reason = "one expectation, one check")]
fn check(configured: &[&[&str]], lines: &[&str], want: ExpectFile) {
    let mut router = Router::new(STARTUP);
    router.configure(&configured.concat());
    let session = router.open(SessionKind::Shell);
    router.typed(session, "terminal length 0\rconfigure terminal\r");
    let mut told = String::new();
    for line in lines {
        match line.strip_prefix('@').and_then(|secs| secs.parse::<u64>().ok()) {
            Some(secs) => router.wait_ms(secs * 1000),
            None => told += &router.typed(session, &format!("{line}\r")).replace('\r', ""),
        }
    }
    want.assert_eq(&(told + "\n"));
    let printed = router.exec("show running-config");
    let text = printed.split_once("bytes\n").expect("the header").1;
    assert_eq!(bodies(&Router::new(text).exec("show running-config")), bodies(&printed));
}

const OSPF_BLOCK: &str = "do show running-config | section ^router ospf";

/// Goal: lines of OSPF stand in the order and the form of IOS, replace each other by what they are
/// about, and `no` takes them away. Method: two blocks.
#[test]
fn the_block_of_ospf() {
    let lines = [
        "router ospf 1",
        "network 192.168.7.9 255.255.255.0 area 0.0.0.7",
        "network 10.1.2.3 0.0.0.255 area 0",
        "passive-interface loopback10",
        "passive-interface gi2",
        "no passive-interface gi3",
        "redistribute static subnets metric 9",
        "redistribute eigrp 7 metric-type 1 route-map M",
        "redistribute static metric 8 subnets",
        "router-id 1.1.1.1",
        "router-id 2.2.2.2",
        "auto-cost reference-bandwidth 40000",
        "timers throttle spf 50 200 5000",
        "timers throttle lsa 10 20 30",
        "no log-adjacency-changes",
        "maximum-paths 4",
        "area 10 stub no-summary",
        "area 9 range 10.9.9.9 255.255.0.0 advertise",
        "area 9 nssa no-summary default-information-originate metric 7",
        "default-information originate metric 5 always",
        "distance ospf external 180",
        "summary-address 10.2.0.0 255.255.0.0 tag 7",
        "mpls ldp sync",
        OSPF_BLOCK,
        "passive-interface default",
        "no passive-interface gi1",
        "passive-interface gi2",
        "no passive-interface gi3",
        "passive-interface gi3",
        "log-adjacency-changes detail",
        "no area 9",
        "area 1 stub",
        "area 1 default-cost 9",
        "network 10.1.2.0 0.0.0.255 area 1",
        "no network 192.168.7.0 0.0.0.255 area 0.0.0.7",
        "default timers throttle lsa",
        OSPF_BLOCK,
    ];
    check(&[], &lines, expect_file!["../expected/routing-ospf.txt"]);
}

/// Goal: what IOS refuses of OSPF is refused, in its words. Method: a session.
#[test]
fn what_ospf_refuses() {
    let lines = [
        "router ospf 0",
        "router ospf 65536",
        "router ospf",
        "router ospf 2 vrf RED",
        "router ospf 2",
        "router-id 0.0.0.0",
        "router-id 10.0.0.1",
        "area 0 stub",
        "area 0.0.0.0 nssa",
        "area 1 stub",
        "area 1 nssa",
        "area 2 default-cost 7",
        "area 0 virtual-link 1.1.1.1",
        "maximum-paths 33",
        "network 10.0.0.0",
        "no network",
        "no bogus",
        "passive-interface",
        "passive-interface gi10",
        "interface gi1",
        "ip ospf cost 0",
        "ip ospf priority 256",
    ];
    check(&[OSPF], &lines, expect_file!["../expected/routing-ospf-refusals.txt"]);
}

/// Goal: the tables of OSPF agree with the configuration and with each other. Method: all of them.
#[test]
fn the_tables_of_ospf() {
    let lines = [
        "end",
        "show ip ospf interface brief",
        "@45",
        "show ip ospf interface brief",
        "show ip ospf interface gi2",
        "show ip ospf",
        "show ip ospf database",
        "show ip ospf database router",
        "show ip ospf neighbor",
        "show ip ospf interface gi3",
        "show ip ospf 9",
    ];
    check(&[OSPF], &lines, expect_file!["../expected/routing-ospf-tables.txt"]);
}

/// Goal: an interface that is shut, moved to another VRF, renumbered or made point-to-point changes
/// the table. Method: one step after the other.
#[test]
fn interfaces_change_ospf() {
    const BRIEF: &str = "do show ip ospf interface brief";
    let lines = [
        "@45",
        "interface gi1",
        "shutdown",
        BRIEF,
        "no shutdown",
        "ip ospf cost 77",
        "ip ospf priority 0",
        "@2",
        BRIEF,
        "@40",
        BRIEF,
        "ip address 172.16.0.1 255.255.0.0",
        BRIEF,
        "interface gi2",
        "ip ospf network point-to-point",
        BRIEF,
        "interface gi3",
        "bandwidth 1000",
        "ip ospf 1 area 0.0.0.9",
        BRIEF,
        "vrf forwarding BLUE",
        BRIEF,
        "router ospf 1",
        "shutdown",
        BRIEF,
    ];
    check(&[OSPF], &lines, expect_file!["../expected/routing-ospf-interfaces.txt"]);
}

/// Goal: the id is the one that is configured, else the highest loopback, and stays until the
/// process begins anew; no two processes share one. Method: what `show ip ospf` says.
#[test]
fn router_ids_of_ospf() {
    const IDS: &str = "do show ip ospf | include with ID|not running";
    let lines = [
        "interface loopback9",
        "ip address 10.9.9.9 255.255.255.255",
        IDS,
        "router ospf 2",
        "router ospf 3",
        "router ospf 4",
        "router ospf 5",
        "router ospf 6",
        IDS,
        "do show logging | include NORTRID",
        "no router ospf 2",
        "no router ospf 3",
        "no router ospf 4",
        "no router ospf 5",
        IDS,
        "no router ospf 6",
        "no interface loopback0",
        IDS,
        "router ospf 1",
        "router-id 7.7.7.7",
        IDS,
        "no router-id",
        IDS,
        "do clear ip ospf process",
        "yes",
        IDS,
    ];
    check(&[OSPF], &lines, expect_file!["../expected/routing-ospf-ids.txt"]);
}

const BGP_BLOCK: &str = "do show running-config | section ^router bgp";

/// Goal: BGP is one list of lines until a family is named, and a block for each family from then
/// on; numbers, masks and hops are printed as IOS does. Method: blocks.
#[test]
fn the_block_of_bgp() {
    let lines = [
        BGP_BLOCK,
        "router bgp 65000",
        "address-family ipv6 unicast",
        "neighbor 2001:db8::2 remote-as 65002",
        "address-family ipv6",
        "neighbor 2001:db8::2 activate",
        "network 2001:db8:1::7/48",
        "address-family vpnv4",
        "neighbor 172.16.9.9 activate",
        "neighbor 172.16.9.9 send-community extended",
        "exit-address-family",
        "address-family ipv4",
        "no neighbor 10.0.13.3 activate",
        "neighbor 10.0.12.2 additional-paths send",
        "address-family ipv4 vrf BLUE",
        "neighbor 10.4.4.4 remote-as 65004",
        "neighbor 10.4.4.4 ebgp-multihop",
        "redistribute connected",
        BGP_BLOCK,
    ];
    check(&[BGP], &lines, expect_file!["../expected/routing-bgp.txt"]);
    let lines = [
        "router bgp 65000",
        "no neighbor 10.0.12.2",
        "no neighbor PEERS peer-group",
        "no neighbor 10.0.13.3 remote-as",
        "no bgp default ipv4-unicast",
        "neighbor 10.0.13.4 remote-as 7",
        "no network 10.0.12.0 mask 255.255.255.0",
        "no aggregate-address 10.0.0.0 255.0.0.0",
        "no bgp log-neighbor-changes",
        BGP_BLOCK,
        "address-family ipv4",
        BGP_BLOCK,
        "no router bgp 65000",
        "router bgp 1.10",
        "neighbor 10.0.12.2 remote-as 65537",
        BGP_BLOCK,
        "bgp asnotation dot",
        BGP_BLOCK,
    ];
    check(&[BGP], &lines, expect_file!["../expected/routing-bgp-removed.txt"]);
}

/// Goal: what IOS refuses of BGP and EIGRP is refused, in its words. Method: a session.
#[test]
fn what_bgp_and_eigrp_refuse() {
    let lines = [
        "do show ip bgp summary",
        "router bgp",
        "router bgp 0",
        "router bgp 65000",
        "neighbor 10.0.12.2 description x",
        "neighbor 10.0.12.1 remote-as 7",
        "neighbor 10.0.12.2 remote-as 65536.1",
        "neighbor G remote-as 7",
        "neighbor 10.0.12.2 peer-group G",
        "neighbor G peer-group",
        "neighbor 10.0.12.2 peer-group G",
        "neighbor 10.0.12.2 remote-as 7",
        "neighbor 10.0.12.2 ttl-security hops 2",
        "neighbor 10.0.12.2 ebgp-multihop 2",
        "neighbor 10.0.12.2 update-source gi7",
        "neighbor 10.0.12.2 timers 1 2",
        "neighbor 224.0.0.1 remote-as 7",
        "aggregate-address 10.0.0.1 255.0.0.0",
        "address-family ipv4 vrf RED",
        "no network",
        "router bgp 65001",
        "router eigrp 0",
        "router eigrp 1",
        "eigrp router-id 0.0.0.0",
        "eigrp stub receive-only static",
    ];
    check(&[], &lines, expect_file!["../expected/routing-refusals.txt"]);
}

/// Goal: neighbors are idle or active by what the router can reach, and the table holds what it
/// originates. Method: tables, before and after a port is shut.
#[test]
fn the_tables_of_bgp() {
    let lines = [
        "do show bgp all summary",
        "do show ip bgp",
        "do show ip bgp 203.0.113.9",
        "do show bgp ipv4 unicast neighbors 10.0.12.9",
        "do show ip bgp neighbors 10.0.12.2 routes",
        "interface gi1",
        "shutdown",
        "do show ip bgp summary | begin Neighbor",
        "do show ip bgp | begin Network",
        "do show ip bgp neighbors 10.0.12.2 | include state|RIB d|directly",
        "no shutdown",
        "router bgp 65000",
        "neighbor 10.0.13.3 shutdown",
        "neighbor 172.16.9.9 update-source loopback9",
        "do clear ip bgp *",
        "do clear ip bgp 10.9.9.9",
        "do show ip bgp summary | begin Neighbor",
    ];
    check(&[BGP], &lines, expect_file!["../expected/routing-bgp-tables.txt"]);
}

/// Goal: both modes of EIGRP are printed as IOS does, and their tables follow the interfaces.
/// Method: a session.
#[test]
fn eigrp() {
    let lines = [
        "do show running-config | section ^router eigrp",
        "do show ip eigrp neighbors",
        "do show ip eigrp interfaces",
        "do show ip eigrp topology",
        "do show ip eigrp vrf BLUE interfaces detail",
        "interface gi1",
        "shutdown",
        "interface gi2",
        "delay 100",
        "do show ip eigrp topology",
    ];
    check(&[EIGRP], &lines, expect_file!["../expected/routing-eigrp.txt"]);
}

/// Goal: every protocol is listed with its networks, filters and passive interfaces. Method: the
/// whole table.
#[test]
fn protocols() {
    let lines = [
        "router ospf 1",
        "redistribute static subnets metric 20",
        "passive-interface default",
        "no passive-interface gi1",
        "do show ip protocols",
        "do show ip protocols vrf BLUE",
        "do show ip protocols summary",
        "do show ip route summary",
        "do show ip route ospf 1 | begin Gateway",
        "no router ospf 1",
        "do show running-config | include ip ospf",
    ];
    check(&[EIGRP, OSPF, BGP], &lines, expect_file!["../expected/routing-protocols.txt"]);
}
