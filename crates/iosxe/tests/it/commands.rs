//! The commands that applets send most, and what a router says to them.

use expect_test::{ExpectFile, expect_file};
use iosxe::{Counter, Input, Ramp, SessionKind, Stimulus};
use simtime::Duration;

use crate::driver::Router;

const STARTUP: &str = "\
hostname R1
ip domain name example.net
interface GigabitEthernet1
 ip address 10.0.12.1 255.255.255.0
 ip access-group MANAGEMENT in
 ip helper-address 192.0.2.8
interface GigabitEthernet2
 ip address 10.0.13.1 255.255.255.0
interface GigabitEthernet3
 shutdown
interface GigabitEthernet4
 shutdown
ip route 0.0.0.0 0.0.0.0 10.0.12.2
ip access-list extended MANAGEMENT
 permit tcp any any eq 22
 deny ip any any
access-list 10 permit 192.0.2.0 0.0.0.255
route-map BALANCE permit 10
 match ip address ODD
 set ip next-hop 10.0.13.3
vrf definition CUSTOMER
 rd 65000:1
 address-family ipv4
ntp server 192.0.2.5
ip ssh version 2
";

/// What a terminal shows when these keys are typed, one after the other.
fn check(mut router: Router, keys: &[&str], want: ExpectFile) {
    let session = router.open(SessionKind::Shell);
    router.typed(session, "terminal length 0\n");
    let before = router.seen.len();
    for keys in keys {
        router.typed(session, keys);
        router.wait_ms(1_000);
    }
    want.assert_eq(&(router.bytes_since(before) + "\n"));
}

/// Goal: what a router is made of is shown in IOS's tables. Method: a transcript.
#[test]
fn tables() {
    let keys = [
        "show interfaces summary\n",
        "show interfaces gi1 stats\n",
        "show ip interface gi1\n",
        "show ip interface gi3\n",
        "show ip arp\n",
        "show protocols\n",
        "show ipv6 interface brief\n",
        "show ip traffic\n",
        "show access-lists\n",
        "show ip access-lists 10\n",
        "show route-map\n",
        "show vrf\n",
        "show ip ssh\n",
        "show ntp associations\n",
        "show ntp status\n",
        "show ip cef\n",
        "show ip cef 10.0.12.9\n",
        "show ip route summary\n",
        "show ip route vrf CUSTOMER\n",
        "show ip arp 10.0.13.1\n",
        "show memory summary | include Head\n",
        "show processes cpu sorted 1min | include CPU\n",
    ];
    check(Router::new(STARTUP), &keys, expect_file!["../expected/commands-tables.txt"]);
}

/// Goal: what does not run here is said not to run; what the hardware lacks is refused. Method: a
/// transcript.
#[test]
fn what_is_absent() {
    let keys = [
        "show ip bgp summary\n",
        "clear ip bgp *\n",
        "show ip ospf neighbor\n",
        "show crypto isakmp sa\n",
        "show crypto ipsec sa | include SA\n",
        "clear ip nat translation *\n",
        "show conf lock | include State\n",
        "tclsh flash:x.tcl\n",
        "show power inline\n",
        "show interfaces status\n",
    ];
    check(Router::new(STARTUP), &keys, expect_file!["../expected/commands-absent.txt"]);
}

/// Goal: what is cleared is gone, and what cannot be is said. Method: a transcript.
#[test]
fn clearing() {
    let mut router = Router::new(STARTUP);
    router.tell(Input::Stimulus {
        stimulus: Stimulus::Counter {
            interface: "GigabitEthernet1",
            counter: Counter::Crc,
            more: 7,
            over: Duration::ZERO,
        },
        trace: None,
    });
    let keys = [
        "show interfaces gi1 | include CRC|clearing\n",
        "clear counters gi1\nn",
        "clear counters gi1\n\n",
        "show interfaces gi1 | include CRC|clearing\n",
        "clear counters\n\n",
        "clear interface gi9\n",
        "clear interface gi1\n",
        "clear ip route *\n",
        "clear ip route 10.0.13.0\n",
        "clear arp-cache\n",
        "clear line vty 0\n",
        "clear line vty 1\n\n",
        "clear logging\n\n",
        "show logging | include %\n",
    ];
    check(router, &keys, expect_file!["../expected/commands-clear.txt"]);
}

/// Goal: key pairs are made, shown, replaced and removed. Method: a transcript.
#[test]
fn key_pairs() {
    let keys = [
        "configure terminal\n",
        "crypto key generate rsa modulus 2048\n",
        "crypto key gen rsa\nyes\n1024\n",
        "crypto key generate rsa mod 2048 label SPARE exportable\n",
        "do show crypto key mypubkey rsa\n",
        "crypto key zeroize rsa SPARE\nyes\n",
        "do show crypto key mypubkey rsa | include name\n",
        "no ip domain name\n",
        "crypto key generate rsa\n",
    ];
    check(Router::new(STARTUP), &keys, expect_file!["../expected/commands-keys.txt"]);
}

/// Goal: everything at once, and into a file. Method: count its parts.
#[test]
fn technical_support() {
    let keys = [
        "show tech-support | include ^-----\n",
        "show tech-support | redirect flash:tech.txt\n",
        "dir flash: | count tech.txt\n",
    ];
    check(Router::new(STARTUP), &keys, expect_file!["../expected/commands-tech.txt"]);
}

/// Goal: configurations are compared, replaced and archived. Method: a transcript.
#[test]
fn replacing() {
    let keys = [
        "show archive\n",
        "configure terminal\narchive\npath flash:$h\nmaximum 2\nend\n",
        "copy running-config flash:good.cfg\n\n",
        "configure terminal\nhostname BAD\ninterface gi3\nno shutdown\ndescription x\nend\n",
        "configure terminal\nno ip route 0.0.0.0 0.0.0.0 10.0.12.2\nend\n",
        "show archive config differences flash:good.cfg\n",
        "configure replace flash:none force\n",
        "configure replace flash:good.cfg\ny\n",
        "show archive config differences flash:good.cfg\n",
        "show running-config | include hostname|ip route\n",
        "archive config\narchive config\narchive config\n",
        "show archive\n",
        "dir\n",
    ];
    check(Router::new(STARTUP), &keys, expect_file!["../expected/commands-replace.txt"]);
}

/// Goal: the load of the last minute is drawn. Method: a load of 80 per cent, ten seconds long.
#[test]
fn load_over_time() {
    let mut router = Router::new(STARTUP);
    router.wait_ms(60_000);
    let ramp = Ramp { to_milli: 80_000, over: Duration::ZERO, hold: Some(Duration::from_secs(10)) };
    let stimulus = Stimulus::Cpu { ramp, process: None };
    router.tell(Input::Stimulus { stimulus, trace: None });
    router.wait_ms(20_000);
    let keys = ["show processes cpu history\n"];
    check(router, &keys, expect_file!["../expected/commands-history.txt"]);
}

/// Goal: what does not run can be debugged, in silence. Method: a transcript.
#[test]
fn debugging_of_what_is_absent() {
    let keys = [
        "debug ip ospf adj\n",
        "deb crypto isakmp\n",
        "debug arp\n",
        "show debugging\n",
        "undebug all\n",
    ];
    check(Router::new(STARTUP), &keys, expect_file!["../expected/commands-debug.txt"]);
}

/// Goal: who is there, over what, and what the router is made of. Method: a transcript.
#[test]
fn lines_and_parts() {
    let keys = [
        "show line\n",
        "show ssh\n",
        "show tcp brief\n",
        "who\n",
        "where\n",
        "show terminal\n",
        "show aliases | include s \n",
        "show platform\n",
        "show redundancy states | include state\n",
        "show bootvar | include register\n",
        "show hosts\n",
        "telnet 10.0.0.9\n",
        "ping vrf NONE 10.0.0.9\n",
        "show configuration | include hostname\n",
        "show running-config brief | include hostname\n",
    ];
    check(Router::new(STARTUP), &keys, expect_file!["../expected/commands-parts.txt"]);
}

/// Goal: a capture is defined, runs, stops, and is exported, empty. Method: a transcript.
#[test]
fn captures() {
    let keys = [
        "monitor capture CAP interface gi1 both\n",
        "monitor capture CAP start\n",
        "monitor capture CAP match ipv4 any any\n",
        "monitor capture CAP buffer size 5\n",
        "monitor capture CAP start\n",
        "show monitor capture CAP | include Status\n",
        "monitor capture CAP stop\n",
        "show monitor capture CAP parameter\n",
        "show monitor capture CAP buffer brief\n",
        "monitor capture CAP export flash:cap.pcap\n",
        "dir flash: | include cap\n",
        "no monitor capture CAP\n",
        "monitor capture CAP start\n",
    ];
    check(Router::new(STARTUP), &keys, expect_file!["../expected/commands-capture.txt"]);
}
