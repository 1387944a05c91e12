//! Ping between routers, typed at a terminal.

use lab::{Input, Lab, NodeId, Outbox, Output, SessionId, SessionKind, Step};
use simtime::{Duration, Time};

use crate::shipped;

const PEER: std::net::IpAddr = std::net::IpAddr::V4(std::net::Ipv4Addr::LOCALHOST);
const SESSION: SessionId = SessionId(1);

/// What a terminal of `node` shows from `at` on, after one line was typed.
fn type_line(lab: &mut Lab, node: NodeId, at: Time, line: &str) -> String {
    let mut out = Outbox::default();
    let (user, password) = ("admin", "admin");
    let session = SESSION;
    lab.handle(at, Input::LoginAsked { node, session, user, password, peer: PEER }, &mut out);
    lab.handle(at, Input::SessionOpened { node, session, kind: SessionKind::Shell }, &mut out);
    let bytes = format!("{line}\r").into_bytes();
    lab.handle(at, Input::SessionBytes { node, session, bytes: &bytes }, &mut out);
    let end = at + Duration::from_secs(15);
    while let Some(now) = lab.next_deadline().filter(|&now| now <= end) {
        lab.handle(now, Input::Deadline, &mut out);
    }
    lab.handle(end, Input::SessionClosed { node, session }, &mut out);
    let bytes = out.0.into_iter().filter_map(|output| match output {
        Output::SessionBytes { bytes, .. } => Some(bytes),
        _ => None,
    });
    String::from_utf8(bytes.flatten().collect()).expect("terminals speak ASCII")
}

/// Goal: an address answers when it is the router's own or at the other end of a living cable, and
/// knows the way back. Method: a table of pings in the triangle.
#[test]
fn neighbours_answer() {
    let table = [
        ("ping 10.0.12.2", "!!!!!"),
        ("ping 10.0.12.1", "!!!!!"),
        ("ping 10.0.0.1", "!!!!!"),
        ("ping 10.0.12.3", "....."),
        ("ping 10.0.23.2", "....."),
        ("ping 10.0.12.2 source Loopback0", "....."),
    ];
    for (line, marks) in table {
        let mut lab = shipped(1);
        let r1 = lab.node("R1").expect("R1 is in the triangle");
        let shown = type_line(&mut lab, r1, Time::VIRTUAL_START + Duration::from_secs(5), line);
        assert!(shown.contains(marks), "{line}: {shown}");
    }
}

/// Goal: a shutdown at the far end is felt. Method: R2's interface goes down first.
#[test]
fn a_neighbour_that_is_down_does_not_answer() {
    let mut lab = shipped(1);
    let words = ["shutdown".to_owned(), "Gi1".to_owned()];
    let step = Step::from_words("R2", &words, &lab).expect("R2 has it");
    let start = Time::VIRTUAL_START + Duration::from_secs(1);
    lab.handle(start, Input::Inject(&step), &mut Outbox::default());
    let r1 = lab.node("R1").expect("R1 is in the triangle");
    let shown = type_line(&mut lab, r1, start + Duration::from_secs(5), "ping 10.0.12.2");
    assert!(shown.contains("....."), "{shown}");
}

/// Goal: a packet goes over several routers by their routes, and its reply needs its own.
/// Method: R1 pings R3's loopback by way of R2, before and after R3 knows the way back.
#[test]
fn packets_are_routed_over_several_hops() {
    let mut lab = shipped(1);
    let node = |lab: &Lab, name: &str| lab.node(name).expect("it is in the triangle");
    let (r1, r2, r3) = (node(&lab, "R1"), node(&lab, "R2"), node(&lab, "R3"));
    let mut at = Time::VIRTUAL_START;
    let mut next = |lab: &mut Lab, node, line: &str| {
        at += Duration::from_secs(20);
        type_line(lab, node, at, line)
    };
    let route = |line: &str| format!("configure terminal\rip route {line}\rend");
    next(&mut lab, r1, &route("10.0.0.3 255.255.255.255 10.0.12.2"));
    let lost = next(&mut lab, r1, "ping 10.0.0.3");
    assert!(lost.contains("....."), "R2 has no route: {lost}");
    next(&mut lab, r2, &route("10.0.0.3 255.255.255.255 10.0.23.3"));
    let lost = next(&mut lab, r1, "ping 10.0.0.3");
    assert!(lost.contains("....."), "R3 has no way back: {lost}");
    next(&mut lab, r3, &route("10.0.12.0 255.255.255.0 10.0.23.2"));
    let found = next(&mut lab, r1, "ping 10.0.0.3");
    assert!(found.contains("(5/5), round-trip min/avg/max = 2/2/2 ms"), "{found}");
    let traced = next(&mut lab, r1, "traceroute 10.0.0.3");
    assert!(traced.contains("  1 10.0.12.2 1 msec 1 msec 1 msec"), "{traced}");
    assert!(traced.contains("  2 10.0.0.3 2 msec 2 msec 2 msec"), "{traced}");
    let lost = next(&mut lab, r1, "traceroute 10.0.77.1 ttl 1 2 timeout 1");
    assert!(lost.contains("  1  *  *  *") && lost.contains("  2  *  *  *"), "{lost}");
    let vlan = |address: &str| {
        format!(
            "configure terminal\rinterface gi1.20\rencapsulation dot1q 20\r\
                 ip address {address} 255.255.255.0\rend"
        )
    };
    next(&mut lab, r1, &vlan("10.20.0.1"));
    next(&mut lab, r2, &vlan("10.20.0.2"));
    let tagged = next(&mut lab, r1, "ping 10.20.0.2");
    assert!(tagged.contains("!!!!!"), "{tagged}");
    // Two routers that point at each other do not keep a packet for ever.
    next(&mut lab, r1, &route("10.8.0.0 255.255.0.0 10.0.12.2"));
    next(&mut lab, r2, &route("10.8.0.0 255.255.0.0 10.0.12.1"));
    assert!(next(&mut lab, r1, "ping 10.8.0.1").contains("....."));
}

/// Goal: access lists in front of ports filter what the lab carries, and count it. Method: pings
/// and a trace from R1 past lists of R2, then of R1 itself.
#[test]
fn access_lists_filter_packets() {
    let mut lab = shipped(1);
    let node = |lab: &Lab, name: &str| lab.node(name).expect("it is in the triangle");
    let (r1, r2) = (node(&lab, "R1"), node(&lab, "R2"));
    let mut at = Time::VIRTUAL_START;
    let mut next = |lab: &mut Lab, node, line: &str| {
        at += Duration::from_secs(20);
        type_line(lab, node, at, line)
    };
    let set = "configure terminal\rip access-list extended EDGE\rdeny icmp any any echo log\r\
               permit ip any any\rinterface gi1\rip access-group EDGE in\rend";
    next(&mut lab, r2, set);
    let shown = next(&mut lab, r1, "ping 10.0.12.2");
    assert!(shown.contains("....."), "{shown}");
    let traced = next(&mut lab, r1, "traceroute 10.0.12.2");
    assert!(traced.contains("  1 10.0.12.2 1 msec 1 msec 1 msec"), "{traced}");
    let shown = next(&mut lab, r2, "show access-lists EDGE\rshow logging | include ACCESS");
    assert!(shown.contains("10 deny icmp any any echo log (5 matches)"), "{shown}");
    assert!(shown.contains("20 permit ip any any (3 matches)"), "{shown}");
    let said = "list EDGE denied icmp 10.0.12.1 -> 10.0.12.2 (8/0), 1 packet";
    assert!(shown.contains(&format!("%SEC-6-IPACCESSLOGDP: {said}")), "{shown}");
    // Lists do not look at what a router sends itself, but at the answers.
    next(&mut lab, r2, "configure terminal\rno ip access-list extended EDGE\rend");
    let set = "configure terminal\raccess-list 5 deny any\rinterface gi1\r\
               ip access-group 5 out\rend";
    next(&mut lab, r1, set);
    let shown = next(&mut lab, r1, "ping 10.0.12.2");
    assert!(shown.contains("!!!!!"), "{shown}");
    next(&mut lab, r1, "configure terminal\rinterface gi1\rip access-group 5 in\rend");
    let shown = next(&mut lab, r1, "ping 10.0.12.2");
    assert!(shown.contains("....."), "{shown}");
}

/// Goal: IPv6 and VRFs are carried too: each packet stays in the table of the port that it came by.
/// Method: two routers with one address range in two tables, and IPv6 over the same cable.
#[test]
fn families_and_tables() {
    let mut lab = shipped(1);
    let node = |lab: &Lab, name: &str| lab.node(name).expect("it is in the triangle");
    let (r1, r2) = (node(&lab, "R1"), node(&lab, "R2"));
    let mut at = Time::VIRTUAL_START;
    let mut next = |lab: &mut Lab, node, line: &str| {
        at += Duration::from_secs(20);
        type_line(lab, node, at, line)
    };
    let configure = |host: u8| {
        format!(
            "configure terminal\rvrf definition RED\raddress-family ipv4\rexit\rexit\r\
             interface gi1\ripv6 address 2001:db8:12::{host}/64\ripv6 address fe80::{host} \
             link-local\rinterface gi1.7\rencapsulation dot1q 7\rvrf forwarding RED\r\
             ip address 10.0.12.{host} 255.255.255.0\rinterface lo7\r\
             ipv6 address 2001:db8::{host}/128\rend"
        )
    };
    next(&mut lab, r1, &configure(1));
    next(&mut lab, r2, &configure(2));
    next(&mut lab, r1, "configure terminal\ripv6 route 2001:db8::2/128 gi1 fe80::2\rend");
    let table = [
        ("ping vrf RED 10.0.12.2", "!!!!!"),
        ("ping 10.0.12.2", "!!!!!"),
        ("ping vrf RED 10.0.0.2", "....."),
        ("ping 2001:db8:12::2", "!!!!!"),
        ("ping ipv6 2001:db8::2", "!!!!!"),
        ("ping 2001:db8::2 source lo7", "....."),
        ("ping fe80::2\rgi1", "!!!!!"),
        ("ping fe80::2\rgi2", "....."),
        ("traceroute 2001:db8::2", "  1 2001:DB8::2 1 msec 1 msec 1 msec"),
    ];
    for (line, want) in table {
        let shown = next(&mut lab, r1, line);
        assert!(shown.contains(want), "{line}: {shown}");
    }
}
