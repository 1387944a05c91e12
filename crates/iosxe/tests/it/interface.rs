//! Interfaces: messages with their order and gaps, and the three tables that show them.

use expect_test::{Expect, expect};
use fact::{Kind, TraceId};
use iosxe::Output;
use simtime::Rng;

use crate::driver::{Router, bodies};

/// Runs `steps`, each at its millisecond, waits, and compares all messages of the router.
fn check(startup: &str, steps: &[(u64, &[&str])], want: Expect) {
    let mut router = Router::new(startup);
    let mut at = 0;
    for (millis, step) in steps {
        router.wait_ms(millis - at);
        at = *millis;
        match *step {
            ["carrier", name, up] => router.carrier(name, *up == "up", None),
            lines => router.configure(lines),
        }
    }
    router.wait_ms(5_000);
    let messages = router.messages();
    let about = |m: &&String| !m.contains("CONFIG_I");
    let lines: Vec<&str> = messages.iter().filter(about).map(String::as_str).collect();
    want.assert_eq(&(lines.join("\n") + "\n"));
}

/// Goal: shutdown and no shutdown say what IOS says, a second apart. Method: a transcript.
#[test]
fn shutdown_and_no_shutdown() {
    let down: &[&str] = &["interface GigabitEthernet1", "shutdown"];
    let up: &[&str] = &["interface gi 1", "no shutdown"];
    check(
        "",
        &[(0, down), (3_000, up)],
        expect![[r#"
            0 %LINK-5-CHANGED: Interface GigabitEthernet1, changed state to administratively down
            1000 %LINEPROTO-5-UPDOWN: Line protocol on Interface GigabitEthernet1, changed state to down
            3000 %LINK-3-UPDOWN: Interface GigabitEthernet1, changed state to up
            4000 %LINEPROTO-5-UPDOWN: Line protocol on Interface GigabitEthernet1, changed state to up
        "#]],
    );
}

/// Goal: what is back within its second is not spoken of. Method: a flap of 400 ms, of both kinds.
#[test]
fn a_flap_within_the_second() {
    let down: &[&str] = &["interface GigabitEthernet1", "shutdown"];
    let up: &[&str] = &["interface GigabitEthernet1", "no shutdown"];
    check(
        "",
        &[
            (0, down),
            (400, up),
            (5_000, &["carrier", "GigabitEthernet2", "down"]),
            (5_400, &["carrier", "GigabitEthernet2", "up"]),
        ],
        expect![[r#"
            0 %LINK-5-CHANGED: Interface GigabitEthernet1, changed state to administratively down
            400 %LINK-3-UPDOWN: Interface GigabitEthernet1, changed state to up
            5000 %LINEPROTO-5-UPDOWN: Line protocol on Interface GigabitEthernet2, changed state to down
            6400 %LINEPROTO-5-UPDOWN: Line protocol on Interface GigabitEthernet2, changed state to up
        "#]],
    );
}

/// Goal: a cut wire speaks in the order of the reference, and a port that is shut down keeps quiet
/// about its wire. Method: a transcript.
#[test]
fn the_wire() {
    check(
        "interface GigabitEthernet2\n shutdown\n",
        &[
            (0, &["carrier", "GigabitEthernet1", "down"]),
            (0, &["carrier", "GigabitEthernet2", "down"]),
            (3_000, &["interface GigabitEthernet2", "no shutdown"]),
            (6_000, &["carrier", "GigabitEthernet1", "up"]),
            (6_000, &["carrier", "GigabitEthernet1", "up"]),
        ],
        expect![[r#"
            0 %LINEPROTO-5-UPDOWN: Line protocol on Interface GigabitEthernet1, changed state to down
            1000 %LINK-3-UPDOWN: Interface GigabitEthernet1, changed state to down
            3000 %LINK-3-UPDOWN: Interface GigabitEthernet2, changed state to down
            6000 %LINK-3-UPDOWN: Interface GigabitEthernet1, changed state to up
            7000 %LINEPROTO-5-UPDOWN: Line protocol on Interface GigabitEthernet1, changed state to up
        "#]],
    );
}

/// Goal: a loopback says both at once, from its creation to its removal. Method: a transcript.
#[test]
fn a_loopback() {
    check(
        "",
        &[
            (0, &["interface loopback 7"]),
            (1_000, &["interface Loopback7", "shutdown"]),
            (2_000, &["interface Lo7", "no shutdown"]),
            (3_000, &["carrier", "Loopback7", "down"]),
            (4_000, &["no interface Loopback7"]),
        ],
        expect![[r#"
            0 %LINEPROTO-5-UPDOWN: Line protocol on Interface Loopback7, changed state to up
            0 %LINK-3-UPDOWN: Interface Loopback7, changed state to up
            1000 %LINEPROTO-5-UPDOWN: Line protocol on Interface Loopback7, changed state to down
            1000 %LINK-5-CHANGED: Interface Loopback7, changed state to administratively down
            2000 %LINEPROTO-5-UPDOWN: Line protocol on Interface Loopback7, changed state to up
            2000 %LINK-3-UPDOWN: Interface Loopback7, changed state to up
            4000 %LINEPROTO-5-UPDOWN: Line protocol on Interface Loopback7, changed state to down
            4000 %LINK-5-CHANGED: Interface Loopback7, changed state to administratively down
        "#]],
    );
}

/// Goal: each change is a fact, and all that follows carries the fault's trace. Method: cut a wire
/// with a trace and look at every fact of the next seconds.
#[test]
fn facts_carry_the_trace_of_the_fault() {
    let mut router = Router::new("");
    let trace = TraceId::draw(&mut Rng::from_seed(1));
    router.carrier("GigabitEthernet1", false, Some(trace));
    router.wait_ms(3_000);
    let mut states = Vec::new();
    for (_, output) in &router.seen {
        let Output::Fact { kind, trace: of } = output else { continue };
        assert_eq!(*of, Some(trace), "{kind:?}");
        if let Kind::Interface { name, status, protocol } = kind {
            states.push(format!("{name} {status} {protocol}"));
        }
    }
    assert_eq!(states, ["GigabitEthernet1 down down"]);
}

const STARTUP: &str = "\
interface Loopback0
 ip address 192.0.2.1 255.255.255.255
interface GigabitEthernet1
 description to R2,  the left  one
 ip address 10.0.0.1 255.255.255.0
interface GigabitEthernet3
 mtu 9000
 bandwidth 500000
 shutdown
 duplex half
 speed 100
 no negotiation auto
";

/// Goal: the tables are IOS's to the column. Method: a transcript.
#[test]
fn show_ip_interface_brief_and_description() {
    let mut router = Router::new(STARTUP);
    router.carrier("GigabitEthernet2", false, None);
    router.configure(&["interface GigabitEthernet4", "ip address 10.0.4.1 255.255.255.0"]);
    expect![[r#"
        Interface              IP-Address      OK? Method Status                Protocol
        GigabitEthernet1       10.0.0.1        YES NVRAM  up                    up      
        GigabitEthernet2       unassigned      YES unset  down                  down    
        GigabitEthernet3       unassigned      YES unset  administratively down down    
        GigabitEthernet4       10.0.4.1        YES manual up                    up      
        Loopback0              192.0.2.1       YES NVRAM  up                    up      
    "#]]
    .assert_eq(&router.exec("show ip interface brief"));
    expect![[r#"
        Interface                      Status         Protocol Description
        Gi1                            up             up       to R2,  the left  one
        Gi2                            down           down     
        Gi3                            admin down     down     
        Gi4                            up             up       
        Lo0                            up             up       
    "#]]
    .assert_eq(&router.exec("show interfaces description"));
}

/// Goal: one block of `show interfaces` a medium. Method: a transcript.
#[test]
fn show_interfaces() {
    let mut router = Router::new(STARTUP);
    expect![[r#"
        GigabitEthernet3 is administratively down, line protocol is down 
          Hardware is vNIC, address is 5254.00c9.cc02 (bia 5254.00c9.cc02)
          MTU 9000 bytes, BW 500000 Kbit/sec, DLY 10 usec, 
             reliability 255/255, txload 1/255, rxload 1/255
          Encapsulation ARPA, loopback not set
          Keepalive set (10 sec)
          Half Duplex, 100Mbps, link type is force-up, media type is Virtual
          output flow-control is unsupported, input flow-control is unsupported
          ARP type: ARPA, ARP Timeout 04:00:00
          Last input never, output never, output hang never
          Last clearing of "show interface" counters never
          Input queue: 0/375/0/0 (size/max/drops/flushes); Total output drops: 0
          Queueing strategy: fifo
          Output queue: 0/40 (size/max)
          5 minute input rate 0 bits/sec, 0 packets/sec
          5 minute output rate 0 bits/sec, 0 packets/sec
             0 packets input, 0 bytes, 0 no buffer
             Received 0 broadcasts (0 IP multicasts)
             0 runts, 0 giants, 0 throttles 
             0 input errors, 0 CRC, 0 frame, 0 overrun, 0 ignored
             0 watchdog, 0 multicast, 0 pause input
             0 packets output, 0 bytes, 0 underruns
             Output 0 broadcasts (0 IP multicasts)
             0 output errors, 0 collisions, 0 interface resets
             0 unknown protocol drops
             0 babbles, 0 late collision, 0 deferred
             0 lost carrier, 0 no carrier, 0 pause output
             0 output buffer failures, 0 output buffers swapped out
    "#]]
    .assert_eq(&router.exec("show interfaces gi3"));
    expect![[r#"
        Loopback0 is up, line protocol is up 
          Hardware is Loopback
          Internet address is 192.0.2.1/32
          MTU 1514 bytes, BW 8000000 Kbit/sec, DLY 5000 usec, 
             reliability 255/255, txload 1/255, rxload 1/255
          Encapsulation LOOPBACK, loopback not set
          Keepalive set (10 sec)
          Last input never, output never, output hang never
          Last clearing of "show interface" counters never
          Input queue: 0/75/0/0 (size/max/drops/flushes); Total output drops: 0
          Queueing strategy: fifo
          Output queue: 0/0 (size/max)
          5 minute input rate 0 bits/sec, 0 packets/sec
          5 minute output rate 0 bits/sec, 0 packets/sec
             0 packets input, 0 bytes, 0 no buffer
             Received 0 broadcasts (0 IP multicasts)
             0 runts, 0 giants, 0 throttles 
             0 input errors, 0 CRC, 0 frame, 0 overrun, 0 ignored, 0 abort
             0 packets output, 0 bytes, 0 underruns
             Output 0 broadcasts (0 IP multicasts)
             0 output errors, 0 collisions, 0 interface resets
             0 unknown protocol drops
             0 output buffer failures, 0 output buffers swapped out
    "#]]
    .assert_eq(&router.exec("show interfaces Loopback0"));
}

/// Goal: what IOS refuses is refused, and changes nothing. Method: a table of lines and replies.
#[test]
fn refusals() {
    let mut router = Router::new(STARTUP);
    let before = router.exec("show running-config");
    let table = [
        ("interface GigabitEthernet9", "% Invalid input detected at '^' marker."),
        ("interface Vlan1", "% Invalid input detected at '^' marker."),
        ("interface Loopback0.5", "% Invalid input detected at '^' marker."),
        ("no interface GigabitEthernet1", "% Removal of physical interfaces is not permitted"),
        ("no interface Loopback9", "% Invalid input detected at '^' marker."),
        (
            "interface gi2\nip address 10.0.0.9 255.0.0.0",
            "% 10.0.0.0 overlaps with GigabitEthernet1",
        ),
        ("interface gi2\nip address 10.2.0.0 255.255.0.0", "Bad mask /16 for address 10.2.0.0"),
        ("interface gi1\nno ip address 10.0.0.1 255.255.0.0", ""),
        ("interface gi1\nno ip address 10.0.0.2 255.255.255.0", ""),
        ("interface Loopback0\nmtu 2000", "% Invalid input detected at '^' marker."),
    ];
    let session = router.open(iosxe::SessionKind::Shell);
    router.typed(session, "terminal length 0\nconfigure terminal\n");
    for (lines, want) in table {
        let said: String =
            lines.lines().map(|l| router.typed(session, &format!("{l}\n"))).collect();
        let refusal = said.lines().find(|l| l.starts_with(['%', 'B'])).unwrap_or_default();
        assert_eq!(refusal, want, "{lines}");
    }
    router.typed(session, "end\n");
    let after = router.exec("show running-config");
    assert_eq!(bodies(&after), bodies(&before));
}
