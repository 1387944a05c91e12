//! Interfaces: messages with their order and gaps, and the three tables that show them.

use expect_test::{Expect, expect, expect_file};
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
    let lines: Vec<String> = messages.iter().filter(about).map(|m| short(m)).collect();
    want.assert_eq(&(lines.join("\n") + "\n"));
}

/// A message without the words that all of them have.
fn short(message: &str) -> String {
    let text = message.replace("Line protocol on Interface ", "").replace("Interface ", "");
    text.replace("changed state to ", "")
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
            0 %LINK-5-CHANGED: GigabitEthernet1, administratively down
            1000 %LINEPROTO-5-UPDOWN: GigabitEthernet1, down
            3000 %LINK-3-UPDOWN: GigabitEthernet1, up
            4000 %LINEPROTO-5-UPDOWN: GigabitEthernet1, up
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
            0 %LINK-5-CHANGED: GigabitEthernet1, administratively down
            400 %LINK-3-UPDOWN: GigabitEthernet1, up
            5000 %LINEPROTO-5-UPDOWN: GigabitEthernet2, down
            6400 %LINEPROTO-5-UPDOWN: GigabitEthernet2, up
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
            0 %LINEPROTO-5-UPDOWN: GigabitEthernet1, down
            1000 %LINK-3-UPDOWN: GigabitEthernet1, down
            3000 %LINK-3-UPDOWN: GigabitEthernet2, down
            6000 %LINK-3-UPDOWN: GigabitEthernet1, up
            7000 %LINEPROTO-5-UPDOWN: GigabitEthernet1, up
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
            0 %LINEPROTO-5-UPDOWN: Loopback7, up
            0 %LINK-3-UPDOWN: Loopback7, up
            1000 %LINEPROTO-5-UPDOWN: Loopback7, down
            1000 %LINK-5-CHANGED: Loopback7, administratively down
            2000 %LINEPROTO-5-UPDOWN: Loopback7, up
            2000 %LINK-3-UPDOWN: Loopback7, up
            4000 %LINEPROTO-5-UPDOWN: Loopback7, down
            4000 %LINK-5-CHANGED: Loopback7, administratively down
        "#]],
    );
}

/// Goal: the texts are IOS's to the letter. Method: the two messages of a shutdown in full.
#[test]
fn messages_in_full() {
    let mut router = Router::new("");
    router.configure(&["interface GigabitEthernet1", "shutdown"]);
    router.wait_ms(1_000);
    expect_file!["../expected/messages-of-a-shutdown.txt"]
        .assert_eq(&(router.messages().join("\n") + "\n"));
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
    expect_file!["../expected/show-ip-interface-brief.txt"]
        .assert_eq(&router.exec("show ip interface brief"));
    let one = router.exec("show ip interface brief loopback 0");
    assert_eq!(one.lines().map(|line| &line[..9]).collect::<Vec<_>>(), ["Interface", "Loopback0"]);
    expect_file!["../expected/show-interfaces-description.txt"]
        .assert_eq(&router.exec("show interfaces description"));
}

/// Goal: one block of `show interfaces` a medium. Method: a transcript.
#[test]
fn show_interfaces() {
    let mut router = Router::new(STARTUP);
    expect_file!["../expected/show-interfaces-port.txt"]
        .assert_eq(&router.exec("show interfaces gi3"));
    expect_file!["../expected/show-interfaces-loopback.txt"]
        .assert_eq(&router.exec("show interfaces Loopback0"));
}

/// Goal: what IOS refuses is refused, and changes nothing. Method: a table of lines and replies.
#[test]
fn refusals() {
    let mut router = Router::new(STARTUP);
    let before = router.exec("show running-config");
    let table = [
        ("interface GigabitEthernet9", "% Invalid input detected at '^' marker."),
        ("interface Serial0/0/0", "% Invalid input detected at '^' marker."),
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

/// Goal: an interface has further addresses, each with its route, and they go with its own.
/// Method: transcripts.
#[test]
fn secondary_addresses() {
    let startup = "interface gi1\n ip address 10.0.12.1 255.255.255.0\n \
                   ip address 10.7.0.1 255.255.0.0 secondary\n";
    let mut router = Router::new(startup);
    let shown = router.exec("show running-config interface gi1 | include address");
    assert_eq!(
        shown,
        " ip address 10.7.0.1 255.255.0.0 secondary\n ip address 10.0.12.1 255.255.255.0\n"
    );
    let routes = router.exec("show ip route | include 10.7");
    assert!(routes.contains("C        10.7.0.0/16 is directly connected"), "{routes}");
    router.configure(&["interface gi1", "no ip address 10.0.12.1 255.255.255.0"]);
    assert!(router.exec("show running-config interface gi1").contains("10.0.12.1"));
    router.configure(&["interface gi1", "no ip address 10.7.0.1 255.255.0.0 secondary"]);
    assert_eq!(router.exec("show ip route | include 10.7"), "");
    router.configure(&["interface gi1", "no ip address"]);
    assert!(router.exec("show running-config interface gi1").contains("no ip address"));
}

/// Goal: a subinterface is up while its port is, says nothing of it, and prints back. Method: a
/// port that goes down and comes back.
#[test]
fn subinterfaces() {
    let startup = "interface gi1\n ip address 10.0.12.1 255.255.255.0\ninterface gi1.20\n \
                   encapsulation dot1Q 20\n ip address 10.20.0.1 255.255.255.0\n";
    let mut router = Router::new(startup);
    let state = |router: &mut Router| router.exec("show ip interface brief | include 1.20");
    assert!(state(&mut router).contains("up                    up"), "{}", state(&mut router));
    router.configure(&["interface gi1", "shutdown"]);
    assert!(state(&mut router).contains("down                  down"), "{}", state(&mut router));
    router.configure(&["interface gi1", "no shutdown"]);
    router.wait_ms(2_000);
    assert!(state(&mut router).contains("up                    up"), "{}", state(&mut router));
    assert!(!router.messages().join("\n").contains("1.20"));
    expect_test::expect![[r#"
        interface GigabitEthernet1.20
         encapsulation dot1Q 20
         ip address 10.20.0.1 255.255.255.0
        !
        end

    "#]]
    .assert_eq(&router.exec("show running-config interface gi1.20 | begin ^inter"));
    router.configure(&["interface gi2.7", "description made here", "no interface gi1.20"]);
    assert_eq!(state(&mut router), "");
    assert!(
        router.exec("show ip interface brief | include 2.7").contains("up                    up")
    );
}
