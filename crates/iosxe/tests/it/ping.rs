//! `ping`: answered by the lab, timed out by the router.

use expect_test::{Expect, expect};
use iosxe::{Input, SessionKind};

use crate::driver::Router;

/// Types `line`; the lab answers after 1.5 ms while `answers` says so, else not at all.
fn check(line: &str, answers: &[bool], want: Expect) {
    let mut router = Router::new("interface gi1\n ip address 10.0.0.1 255.255.255.0\n");
    let session = router.open(SessionKind::Shell);
    let before = router.seen.len();
    router.typed(session, &format!("{line}\n"));
    for answer in answers {
        let ping = router.echo_request().expect("an echo request");
        if *answer {
            router.advance(simtime::Duration::from_micros(1_500));
            router.tell(Input::PingAnswered { ping });
        } else {
            router.wait_ms(2_000);
        }
    }
    want.assert_eq(&router.bytes_since(before));
}

/// Goal: the report is IOS's, for answers, losses and both. Method: transcripts.
#[test]
fn reports() {
    check(
        "ping 10.0.0.2",
        &[false, true, true, true, true],
        expect![[r#"
            ping 10.0.0.2
            Type escape sequence to abort.
            Sending 5, 100-byte ICMP Echos to 10.0.0.2, timeout is 2 seconds:
            .!!!!
            Success rate is 80 percent (4/5), round-trip min/avg/max = 2/2/2 ms
            R1#"#]],
    );
    check(
        "ping ip 10.0.0.9 repeat 2 source gi1 size 1500",
        &[false, false],
        expect![[r#"
            ping ip 10.0.0.9 repeat 2 source gi1 size 1500
            Type escape sequence to abort.
            Sending 2, 1500-byte ICMP Echos to 10.0.0.9, timeout is 2 seconds:
            Packet sent with a source address of 10.0.0.1 
            ..
            Success rate is 0 percent (0/2)
            R1#"#]],
    );
    check(
        "ping R2",
        &[],
        expect![[r#"
            ping R2
            Translating "R2"...domain server (255.255.255.255)
            % Unrecognized host or address, or protocol not running.
            R1#"#]],
    );
}

/// Goal: without an address the router asks, and the answers count. Method: all by default, every
/// question, and answers that are none.
#[test]
fn the_dialogue() {
    check(
        "ping\n\n10.0.0.9\n1\n\n\n\n",
        &[false],
        expect![[r#"
        ping
        Protocol [ip]: 
        Target IP address: 10.0.0.9
        Repeat count [5]: 1
        Datagram size [100]: 
        Timeout in seconds [2]: 
        Extended commands [n]: 
        Sweep range of sizes [n]: 
        Type escape sequence to abort.
        Sending 1, 100-byte ICMP Echos to 10.0.0.9, timeout is 2 seconds:
        .
        Success rate is 0 percent (0/1)
        R1#"#]],
    );
    check(
        "ping\nip\n10.0.0.9\n0\n1\n36\n1\ny\n\n10.0.0.1\n0\n0\nno\nno\n0xABCD\n \nn",
        &[false],
        expect![[r#"
            ping
            Protocol [ip]: ip
            Target IP address: 10.0.0.9
            Repeat count [5]: 0
            % A decimal number between 1 and 10000.
            Repeat count [5]: 1
            Datagram size [100]: 36
            Timeout in seconds [2]: 1
            Extended commands [n]: y
            Ingress ping [n]: 
            Source address or interface: 10.0.0.1
            DSCP Value [0]: 0
            Type of service [0]: 0
            Set DF bit in IP header? [no]: no
            Validate reply data? [no]: no
            Data pattern [0x0000ABCD]: 0xABCD
            Loose, Strict, Record, Timestamp, Verbose[none]:  
            Sweep range of sizes [n]: n
            Type escape sequence to abort.
            Sending 1, 36-byte ICMP Echos to 10.0.0.9, timeout is 1 seconds:
            Packet sent with a source address of 10.0.0.1 
            .
            Success rate is 0 percent (0/1)
            R1#"#]],
    );
}

/// Goal: an answer that cannot be ends the dialogue. Method: what is wrong, and what is said.
#[test]
fn wrong_answers() {
    check(
        "ping\n\n10.0.0.9\n\n\n\ny\n\n10.0.0.7",
        &[],
        expect![[r#"
        ping
        Protocol [ip]: 
        Target IP address: 10.0.0.9
        Repeat count [5]: 
        Datagram size [100]: 
        Timeout in seconds [2]: 
        Extended commands [n]: y
        Ingress ping [n]: 
        Source address or interface: 10.0.0.7
        % Invalid source address- IP address not on any of our up interfaces
        R1#"#]],
    );
    check(
        "ping\nappletalk",
        &[],
        expect![[r#"
        ping
        Protocol [ip]: appletalk
        % Unknown protocol - "appletalk", type "ping ?" for help
        R1#"#]],
    );
    check(
        "ping 10.0.0.9 source 10.0.0.7",
        &[],
        expect![[r#"
        ping 10.0.0.9 source 10.0.0.7
        % Invalid source address- IP address not on any of our up interfaces
        R1#"#]],
    );
}
