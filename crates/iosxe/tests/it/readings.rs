//! What applets read of their router: objects of SNMP, parameters of interfaces, processes.

use expect_test::expect;
use iosxe::{Counter, Input, Ramp, SessionKind, Stimulus};
use simtime::Duration;

use crate::driver::Router;

fn stimulus(router: &mut Router, stimulus: Stimulus<'_>) {
    router.tell(Input::Stimulus { stimulus, trace: None });
}

fn errors(router: &mut Router, more: u64) {
    let (interface, counter) = ("GigabitEthernet2", Counter::Crc);
    stimulus(router, Stimulus::Counter { interface, counter, more, over: Duration::ZERO });
}

fn load(router: &mut Router, percent: i64) {
    let ramp = Ramp { to_milli: percent * 1_000, over: Duration::ZERO, hold: None };
    stimulus(router, Stimulus::Cpu { ramp, process: Some("IP Input") });
}

/// What EEM has logged, with milliseconds; the rest of the messages is dropped.
fn said(router: &mut Router) -> String {
    let messages = router.messages();
    let ours = messages.iter().filter(|line| line.contains("HA_EM")).cloned();
    ours.collect::<Vec<_>>().join("\n") + "\n"
}

/// Objects that are asked for: which applet, and the name.
const WANTED: [&str; 17] = [
    "exact 1.3.6.1.2.1.1.5.0",
    "exact sysUpTime.0",
    "exact sysLocation.0",
    "exact ifDescr.2",
    "exact ifInErrors.2",
    "exact ifOperStatus.2",
    "exact ifAlias.2",
    "next ifAlias.1",
    "exact ipAdEntNetMask.192.0.2.1",
    "exact 1.3.6.1.4.1.9.9.109.1.1.1.1.3.1",
    "exact .1.3.6.1.4.1.9.2.1.56.0",
    "exact avgBusy5.0",
    "exact ciscoMemoryPoolFree.1",
    "next 1.3.6.1.4.1.9.9.13.1.3.1.3",
    "next 1.3.6.1.2.1.1",
    "next 1.3.6.1.2.1.1.7.0",
    "next 1.3.6.1.4.1.9.9.109.1.1.1.1.8",
];

/// Goal: an object is read by its numbers and by its name, alone and in the order of the tree.
/// Method: an applet that reads what it is told, run by hand.
#[test]
fn objects() {
    let mut router = Router::new(
        "hostname R1
ip domain name example.net
snmp-server location rack 5
snmp-server contact noc
interface GigabitEthernet2
 description to the core
 ip address 192.0.2.1 255.255.255.0
event manager applet exact
 event none
 action 1 info type snmp oid $_none_arg1 get-type exact
 action 2 puts \"$_info_snmp_oid = $_info_snmp_value\"
event manager applet next
 event none
 action 1 info type snmp oid $_none_arg1 get-type next
 action 2 puts \"$_info_snmp_oid = $_info_snmp_value\"
",
    );
    errors(&mut router, 7);
    load(&mut router, 40);
    router.wait_ms(60_000);
    let session = router.open(SessionKind::Shell);
    let mut text = String::new();
    for wanted in WANTED {
        let before = router.seen.len();
        router.typed(session, &format!("event manager run {wanted}\n"));
        router.wait_ms(10);
        let printed = router.bytes_since(before);
        let line = printed.lines().nth(1).unwrap_or_default();
        text += &format!("{wanted}: {line}\n");
    }
    expect![[r#"
        exact 1.3.6.1.2.1.1.5.0: 1.3.6.1.2.1.1.5.0 = R1.example.net
        exact sysUpTime.0: 1.3.6.1.2.1.1.3.0 = 6001
        exact sysLocation.0: 1.3.6.1.2.1.1.6.0 = rack 5
        exact ifDescr.2: 1.3.6.1.2.1.2.2.1.2.2 = GigabitEthernet2
        exact ifInErrors.2: 1.3.6.1.2.1.2.2.1.14.2 = 7
        exact ifOperStatus.2: 1.3.6.1.2.1.2.2.1.8.2 = 1
        exact ifAlias.2: 1.3.6.1.2.1.31.1.1.1.18.2 = to the core
        next ifAlias.1: 1.3.6.1.2.1.31.1.1.1.18.2 = to the core
        exact ipAdEntNetMask.192.0.2.1: 1.3.6.1.2.1.4.20.1.3.192.0.2.1 = 255.255.255.0
        exact 1.3.6.1.4.1.9.9.109.1.1.1.1.3.1: 1.3.6.1.4.1.9.9.109.1.1.1.1.3.1 = 40
        exact .1.3.6.1.4.1.9.2.1.56.0: 1.3.6.1.4.1.9.2.1.56.0 = 40
        exact avgBusy5.0: 1.3.6.1.4.1.9.2.1.58.0 = 40
        exact ciscoMemoryPoolFree.1: 1.3.6.1.4.1.9.9.48.1.1.1.6.1 = 1744804455
        next 1.3.6.1.4.1.9.9.13.1.3.1.3: 1.3.6.1.4.1.9.9.13.1.3.1.3.1 = 32
        next 1.3.6.1.2.1.1: 1.3.6.1.2.1.1.1.0 = Cisco IOS XE Software, Version 17.12.04
        next 1.3.6.1.2.1.1.7.0: 1.3.6.1.2.1.2.1.0 = 4
        next 1.3.6.1.4.1.9.9.109.1.1.1.1.8: 1.3.6.1.4.1.9.9.109.1.1.1.1.8.1 = 40
    "#]]
    .assert_eq(&text);
    router.messages();
    router.typed(session, "event manager run next 1.3.6.1.4.1.9.9.109.1.1.1.1.8.1\n");
    router.typed(session, "event manager run exact ifNonsense.1\n");
    router.wait_ms(10);
    expect![[r#"
        60173 %HA_EM-3-FMPD_SNMP_VAR_NOTFOUND: no such SNMP object: 1.3.6.1.4.1.9.9.109.1.1.1.1.8.1
        60173 %HA_EM-3-FMPD_ERROR: Error executing applet next statement 1
        60176 %HA_EM-3-FMPD_SNMP_VAR_NOTFOUND: no such SNMP object: ifNonsense.1
        60176 %HA_EM-3-FMPD_ERROR: Error executing applet exact statement 1
    "#]]
    .assert_eq(&said(&mut router));
}

/// Goal: a counter of an interface raises its event when it grows, and the load of the processor
/// raises those that watch it as an object and as a process. Method: stimuli, and applets that say.
#[test]
fn what_is_polled_raises_events() {
    let mut router = Router::new(
        "event manager applet ERRORS
 event interface name GigabitEthernet2 parameter input_errors entry-op ge entry-val 5 \
         entry-type increment poll-interval 10
 action 1 syslog msg \"$_interface_name $_interface_parameter $_interface_value\"
event manager applet BUSY
 event snmp oid 1.3.6.1.4.1.9.9.109.1.1.1.1.3.1 get-type exact entry-op ge entry-val 80 \
         exit-op le exit-val 20 poll-interval 10
 action 1 syslog msg \"$_snmp_oid $_snmp_oid_val\"
event manager applet PROCESS
 event ioswdsysmon sub1 cpu-proc taskname \"IP Input\" op gt val 50 period 10
 action 1 syslog msg \"$_ioswd_sub1_taskname $_ioswd_sub1_value\"
event manager applet MEMORY
 event ioswdsysmon sub1 mem-proc taskname \"*Init*\" op gt val 60 is-percent true period 10
 action 1 syslog msg \"$_ioswd_sub1_taskname $_ioswd_sub1_value\"
",
    );
    router.wait_ms(25_000);
    assert_eq!(said(&mut router), "\n");
    errors(&mut router, 7);
    load(&mut router, 95);
    let ramp = Ramp { to_milli: 80_000, over: Duration::ZERO, hold: None };
    stimulus(&mut router, Stimulus::Memory { ramp });
    router.wait_ms(60_000);
    expect![[r#"
        30003 %HA_EM-6-LOG: ERRORS: GigabitEthernet2 input_errors 7
        30003 %HA_EM-6-LOG: BUSY: 1.3.6.1.4.1.9.9.109.1.1.1.1.3.1 95
        30003 %HA_EM-6-LOG: MEMORY: *Init* 78
        40003 %HA_EM-6-LOG: PROCESS: IP Input 94
    "#]]
    .assert_eq(&said(&mut router));
    load(&mut router, 5);
    router.wait_ms(60_000);
    load(&mut router, 95);
    router.wait_ms(30_000);
    expect![[r#"
        150003 %HA_EM-6-LOG: BUSY: 1.3.6.1.4.1.9.9.109.1.1.1.1.3.1 95
        160003 %HA_EM-6-LOG: PROCESS: IP Input 94
    "#]]
    .assert_eq(&said(&mut router));
}

/// Goal: what nothing on a router raises can be raised from outside. Method: each once, and an
/// applet that says what it sees.
#[test]
fn what_comes_from_outside() {
    let mut router = Router::new(
        "event manager applet PUBLISHED
 event application sub-system 798 type 7
 action 1 syslog msg \"$_application_type $_application_data1\"
event manager applet ASKED
 event snmp-object oid 1.3.6.1.4.1.9.9.999 type int sync no skip no
 action 1 syslog msg \"$_snmp_request $_snmp_oid\"
event manager applet SHORT
 event resource policy P
 action 1 syslog msg \"$_resource_policy_name $_resource_current_value\"
event manager applet DRAWN
 event oir
 action 1 syslog msg \"$_oir_slot $_oir_event\"
",
    );
    let data = ["from outside".to_owned()];
    stimulus(&mut router, Stimulus::Published { subsystem: 798, kind: 7, data: &data });
    stimulus(&mut router, Stimulus::Published { subsystem: 798, kind: 8, data: &data });
    let oid = "1.3.6.1.4.1.9.9.999.1.0";
    stimulus(&mut router, Stimulus::ObjectAsked { oid, request: "get", value: "" });
    let (policy, owner, level) = ("P", "cpu", "major");
    let short = Stimulus::ResourceShort { policy, owner, level, value: 90, rising: true };
    stimulus(&mut router, short);
    stimulus(&mut router, Stimulus::Module { is_in: false });
    router.wait_ms(100);
    expect![[r#"
        3 %HA_EM-6-LOG: PUBLISHED: 7 from outside
        3 %HA_EM-6-LOG: ASKED: get 1.3.6.1.4.1.9.9.999.1.0
        3 %HA_EM-6-LOG: SHORT: P 90
        3 %HA_EM-6-LOG: DRAWN: 0/0 removal
    "#]]
    .assert_eq(&said(&mut router));
}

/// Goal: interfaces have the numbers that their objects have. Method: the table, and one of it.
#[test]
fn interfaces_are_numbered() {
    let mut router = Router::new("interface Loopback0\n");
    expect![[r#"
        GigabitEthernet1: Ifindex = 1
        GigabitEthernet2: Ifindex = 2
        GigabitEthernet3: Ifindex = 3
        GigabitEthernet4: Ifindex = 4
        Loopback0: Ifindex = 5
    "#]]
    .assert_eq(&router.exec("show snmp mib ifmib ifindex"));
    let one = router.exec("show snmp mib ifmib ifindex gi2");
    assert_eq!(one, "GigabitEthernet2: Ifindex = 2\n");
}
