//! IP SLA: operations that ask, and what follows them.

use expect_test::{Expect, expect};
use iosxe::{Input, Output};
use simtime::Time;

use crate::driver::{Router, bodies};

const STARTUP: &str = "\
track 10 ip sla 1 reachability
 delay down 10
track 11 ip sla 1
interface GigabitEthernet1
 ip address 10.0.12.1 255.255.255.0
ip route 0.0.0.0 0.0.0.0 10.0.12.2 track 10
ip sla 1
 icmp-echo 10.0.12.2 source-interface GigabitEthernet1
  tag the way out
  threshold 100
  timeout 1000
  frequency 5
ip sla schedule 1 life forever start-time now
ip sla 2
 udp-jitter 10.0.12.2 5000 codec g711alaw
  frequency 30
  tos 184
ip sla reaction-configuration 2 react timeout threshold-type immediate action-type trapOnly
ip sla 3
 icmp-echo 192.0.2.1
ip sla schedule 3 life 600 start-time pending
event manager applet AWAY
 event track 10 state down
 action 1 syslog msg \"$_track_number is $_track_state\"
";

/// Lets the seconds pass one by one; what is asked at each is answered after so many milliseconds,
/// or never.
fn live(router: &mut Router, secs: u64, answer_ms: Option<u64>) {
    for _ in 0..secs {
        let before = router.seen.len();
        let passed = router.now.since(Time::VIRTUAL_START).as_millis() % 1_000;
        router.wait_ms(1_000 - passed);
        let asked = router.seen[before..].iter().find_map(|(_, output)| match output {
            Output::Ping { ping, .. } => Some(*ping),
            _ => None,
        });
        let Some((ping, after)) = asked.zip(answer_ms) else { continue };
        router.wait_ms(after);
        router.tell(Input::PingAnswered { ping });
    }
}

fn about(router: &mut Router) -> String {
    let messages = router.messages().into_iter();
    let wanted = messages.filter(|line| line.contains("TRACK") || line.contains("HA_EM"));
    wanted.map(|line| line + "\n").collect()
}

/// Goal: objects follow an operation: an answer, a slow one, none; the delayed one later, and an
/// applet behind it. Method: messages while the far end answers, is slow, and falls silent.
#[test]
fn objects_follow_operations() {
    let mut router = Router::new(STARTUP);
    live(&mut router, 20, Some(1));
    live(&mut router, 10, Some(300));
    live(&mut router, 60, None);
    live(&mut router, 10, Some(1));
    expect![[r#"
        1001 %TRACK-6-STATE: 10 ip sla 1 reachability Down -> Up
        1001 %TRACK-6-STATE: 11 ip sla 1 state Down -> Up
        21300 %TRACK-6-STATE: 11 ip sla 1 state Up -> Down
        42000 %TRACK-6-STATE: 10 ip sla 1 reachability Up -> Down
        42003 %HA_EM-6-LOG: AWAY: 10 is down
        91001 %TRACK-6-STATE: 10 ip sla 1 reachability Down -> Up
        91001 %TRACK-6-STATE: 11 ip sla 1 state Down -> Up
    "#]]
    .assert_eq(&about(&mut router));
}

/// Goal: an operation asks as often as it is told, from where it is told, and only while it is
/// scheduled. Method: the requests of a minute, before and after it is stopped.
#[test]
fn requests_follow_the_schedule() {
    let mut router = Router::new(STARTUP);
    let mut asked = |line: &str| {
        router.configure(&[line]);
        router.seen.clear();
        live(&mut router, 60, Some(1));
        let requests = router.seen.iter().filter_map(|(_, output)| match output {
            Output::Ping { source, address, .. } => Some((*source, *address)),
            _ => None,
        });
        let requests: Vec<_> = requests.collect();
        (requests.len(), requests.first().copied())
    };
    let (from, to) = ([10, 0, 12, 1].into(), [10, 0, 12, 2].into());
    assert_eq!(asked("do show clock"), (12, Some((Some(from), to))));
    assert_eq!(asked("no ip sla schedule 1"), (0, None));
    assert_eq!(asked("ip sla schedule 3 start-time after 00:00:50 life 5").0, 1);
    assert_eq!(asked("ip sla schedule 2 start-time now life forever"), (0, None));
}

/// Goal: the tables are IOS's. Method: transcripts.
#[test]
fn operations_are_shown() {
    let mut router = Router::new(STARTUP);
    live(&mut router, 14, Some(7));
    let mut check = |line: &str, want: Expect| want.assert_eq(&router.exec(line));
    check(
        "show ip sla summary",
        expect![[r#"
            IPSLAs Latest Operation Summary
            Codes: * active, ^ inactive, ~ pending
            All Stats are in milliseconds. Stats with u are in microseconds

            ID           Type        Destination       Stats       Return      Last
                                                                   Code        Run 
            -----------------------------------------------------------------------
            *1           icmp-echo   10.0.12.2         RTT=7       OK          3 seconds ago
            ^2           udp-jitter  10.0.12.2         -           Unknown     -
            ~3           icmp-echo   192.0.2.1         -           Unknown     -

        "#]],
    );
    check(
        "show ip sla statistics 1",
        expect![[r#"
            IPSLAs Latest Operation Statistics

            IPSLA operation id: 1
                    Latest RTT: 7 milliseconds
            Latest operation start time: 00:00:11 UTC Thu Jan 1 2026
            Latest operation return code: OK
            Number of successes: 3
            Number of failures: 0
            Operation time to live: Forever



        "#]],
    );
    check(
        "show ip sla configuration 1",
        expect![[r#"
        IP SLAs Infrastructure Engine-III
        Entry number: 1
        Owner: 
        Tag: the way out
        Operation timeout (milliseconds): 1000
        Type of operation to perform: icmp-echo
        Target address/Source interface: 10.0.12.2/GigabitEthernet1
        Type Of Service parameter: 0x0
        Request size (ARR data portion): 28
        Data pattern: 0xABCDABCD
        Verify data: No
        Vrf Name: 
        Schedule:
           Operation frequency (seconds): 5  (not considered if randomly scheduled)
           Next Scheduled Start Time: Start Time already passed
           Group Scheduled : FALSE
           Randomly Scheduled : FALSE
           Life (seconds): Forever
           Entry Ageout (seconds): never
           Recurring (Starting Everyday): FALSE
           Status of entry (SNMP RowStatus): Active
        Threshold (milliseconds): 100

    "#]],
    );
}

/// Goal: an object that follows an operation tells of it. Method: transcripts.
#[test]
fn objects_tell_of_operations() {
    let mut router = Router::new(STARTUP);
    live(&mut router, 14, Some(7));
    let mut check = |line: &str, want: Expect| want.assert_eq(&router.exec(line));
    check(
        "show track 10",
        expect![[r#"
            Track 10
              IP SLA 1 reachability
              Reachability is Up
                1 change, last change 00:00:12
              Latest operation return code: OK
              Latest RTT (millisecs) 7
              Delay down 10 secs
              Tracked by:
                Static IP Routing 0
                EEM applet AWAY
        "#]],
    );
    check(
        "show track brief",
        expect![[r#"
            Track Type        Instance                   Parameter        State Last Change
            10    ip sla      1                          reachability     Up    00:00:12
            11    ip sla      1                          state            Up    00:00:12
        "#]],
    );
}

/// Goal: what is configured is printed. Method: the lines of the running-config.
#[test]
fn operations_are_configured() {
    let mut router = Router::new(STARTUP);
    let shown = router.exec("show running-config");
    let bodies = bodies(&shown);
    let lines = bodies.iter().skip_while(|line| !line.starts_with("ip sla"));
    let lines: Vec<&str> = lines.take_while(|line| line.starts_with([' ', 'i'])).copied().collect();
    expect![[r#"
        ip sla 1
         icmp-echo 10.0.12.2 source-interface GigabitEthernet1
          tag the way out
          threshold 100
          timeout 1000
          frequency 5
        ip sla schedule 1 life forever start-time now
        ip sla 2
         udp-jitter 10.0.12.2 5000 codec g711alaw
          frequency 30
          tos 184
        ip sla reaction-configuration 2 react timeout threshold-type immediate action-type trapOnly
        ip sla 3
         icmp-echo 192.0.2.1
        ip sla schedule 3 life 600
    "#]]
    .assert_eq(&(lines.join("\n") + "\n"));
}

/// Goal: mistakes are refused. Method: a transcript.
#[test]
fn mistakes_are_refused() {
    let mut router = Router::new(STARTUP);
    let session = router.open(iosxe::SessionKind::Shell);
    router.typed(session, "configure terminal\n");
    let mut check = |line: &str, want: Expect| {
        want.assert_eq(&router.typed(session, &format!("{line}\n")));
    };
    check(
        "ip sla 1",
        expect![[r#"
        ip sla 1
        Entry already running and cannot be modified
        	(only can delete (no) and start over)
        	(check to see if the probe has finished exiting)
        R1(config)#"#]],
    );
    check(
        "ip sla schedule 9 start-time now",
        expect![[r#"
        ip sla schedule 9 start-time now
        %Entry not configured
        R1(config)#"#]],
    );
    check(
        "ip sla 9",
        expect![[r#"
        ip sla 9
        R1(config-ip-sla)#"#]],
    );
    check(
        "icmp-echo 10.0.12.2",
        expect![[r#"
        icmp-echo 10.0.12.2
        R1(config-ip-sla-echo)#"#]],
    );
    check(
        "frequency 3",
        expect![[r#"
        frequency 3
        %Illegal Value: Cannot set Frequency to be less than Timeout
        R1(config-ip-sla-echo)#"#]],
    );
    check(
        "no ip sla 9",
        expect![[r#"
        no ip sla 9
        R1(config)#"#]],
    );
}
