//! Messages on their way: stamps, datagrams, the buffer, terminals that monitor.

use expect_test::{Expect, expect};
use iosxe::SessionKind;

use crate::driver::Router;

/// The datagram that one `shutdown` gives, under this configuration.
fn check_wire(config: &str, want: Expect) {
    let mut router = Router::new(&format!("logging host 192.0.2.9\n{config}\n"));
    router.wait_ms(734);
    router.configure(&["interface GigabitEthernet2", "shutdown"]);
    let datagrams = router.datagrams();
    want.assert_eq(datagrams.first().expect("one datagram for each message"));
}

/// Goal: the wire form is Cisco's under each option that touches it. Method: one row of the
/// reference's table each.
#[test]
fn datagrams_follow_their_options() {
    check_wire(
        "",
        expect![
            "192.0.2.9:514 <189>1: *Jan  1 00:00:00.734: %LINK-5-CHANGED: Interface GigabitEthernet2, changed state to administratively down"
        ],
    );
    check_wire(
        "logging origin-id hostname\nhostname router1",
        expect![
            "192.0.2.9:514 <189>1: router1: *Jan  1 00:00:00.734: %LINK-5-CHANGED: Interface GigabitEthernet2, changed state to administratively down"
        ],
    );
    check_wire(
        "no logging message-counter syslog\nlogging origin-id string sw01\nservice timestamps log datetime msec year",
        expect![
            "192.0.2.9:514 <189>: sw01: *Jan  1 2026 00:00:00.734: %LINK-5-CHANGED: Interface GigabitEthernet2, changed state to administratively down"
        ],
    );
    check_wire(
        "logging facility local4\nservice sequence-numbers\nservice timestamps log uptime",
        expect![
            "192.0.2.9:514 <165>1: 000011: 00:00:00: %LINK-5-CHANGED: Interface GigabitEthernet2, changed state to administratively down"
        ],
    );
    check_wire(
        "clock timezone CET 1\nservice timestamps log datetime localtime show-timezone",
        expect![
            "192.0.2.9:514 <189>1: *Jan  1 01:00:00 CET: %LINK-5-CHANGED: Interface GigabitEthernet2, changed state to administratively down"
        ],
    );
    check_wire(
        "no service timestamps log\nlogging origin-id ip\ninterface gi1\n ip address 10.0.0.1 255.255.255.0",
        expect![
            "192.0.2.9:514 <189>1: 10.0.0.1: %LINK-5-CHANGED: Interface GigabitEthernet2, changed state to administratively down"
        ],
    );
}

/// Goal: the trap level holds back what is less severe. Method: errors only, one link that goes
/// down by hand (5) and one by its wire (3).
#[test]
fn the_trap_level_filters() {
    let mut router =
        Router::new("logging host 192.0.2.9 transport udp port 5514\nlogging trap errors");
    router.configure(&["interface GigabitEthernet2", "shutdown"]);
    router.carrier("GigabitEthernet1", false, None);
    router.wait_ms(2_000);
    expect!["192.0.2.9:5514 <187>1: *Jan  1 00:00:01.000: %LINK-3-UPDOWN: Interface GigabitEthernet1, changed state to down"]
        .assert_eq(&router.datagrams().join("\n"));
    router.configure(&["no logging trap"]);
    router.carrier("GigabitEthernet1", true, None);
    router.wait_ms(2_000);
    assert_eq!(router.datagrams(), [""; 0]);
}

/// Goal: a new collector is announced after a second, a removed one at once. Method: a transcript.
#[test]
fn collectors_start_and_stop() {
    let mut router = Router::new("");
    router.configure(&["logging host 192.0.2.9 transport udp port 5514", "logging 192.0.2.8"]);
    router.wait_ms(2_000);
    router.configure(&["no logging host 192.0.2.9 transport udp port 5514"]);
    router.configure(&["no logging host 192.0.2.77"]);
    expect![[r#"
        0 %SYS-5-CONFIG_I: Configured from console by console
        1000 %SYS-6-LOGGINGHOST_STARTSTOP: Logging to host 192.0.2.9 port 5514 started - CLI initiated
        1000 %SYS-6-LOGGINGHOST_STARTSTOP: Logging to host 192.0.2.8 port 514 started - CLI initiated
        2000 %SYS-6-LOGGINGHOST_STARTSTOP: Logging to host 192.0.2.9 port 5514 stopped - CLI initiated
        2000 %SYS-5-CONFIG_I: Configured from console by console
        2000 %SYS-5-CONFIG_I: Configured from console by console"#]]
    .assert_eq(&router.messages().join("\n"));
}

/// Goal: `show logging` has the layout of the reference, boot messages included. Method: a
/// transcript.
#[test]
fn show_logging() {
    let mut router =
        Router::new("no logging console\nlogging host 192.0.2.9\ninterface gi4\n shutdown");
    router.configure(&["interface GigabitEthernet2", "shutdown"]);
    expect![[r#"
        Syslog logging: enabled (0 messages dropped, 0 messages rate-limited, 0 flushes, 0 overruns, xml disabled, filtering disabled)

        No Active Message Discriminator.



        No Inactive Message Discriminator.


            Console logging: disabled
            Monitor logging: level debugging, 0 messages logged, xml disabled,
                             filtering disabled
            Buffer logging:  level debugging, 11 messages logged, xml disabled,
                            filtering disabled
            Exception Logging: size (4096 bytes)
            Count and timestamp logging messages: disabled
            Persistent logging: disabled

        No active filter modules.

            Trap logging: level informational, 2 message lines logged
                Logging to 192.0.2.9  (udp port 514, audit disabled,
                      link up),
                      2 message lines logged, 
                      0 message lines rate-limited, 
                      0 message lines dropped-by-MD, 
                      xml disabled, sequence number disabled
                      filtering disabled
                Logging Source-Interface:       VRF Name:

        Log Buffer (4096 bytes):

        *Jan  1 00:00:00.000: %LINK-3-UPDOWN: Interface GigabitEthernet1, changed state to up
        *Jan  1 00:00:00.000: %LINEPROTO-5-UPDOWN: Line protocol on Interface GigabitEthernet1, changed state to up
        *Jan  1 00:00:00.000: %LINK-3-UPDOWN: Interface GigabitEthernet2, changed state to up
        *Jan  1 00:00:00.000: %LINEPROTO-5-UPDOWN: Line protocol on Interface GigabitEthernet2, changed state to up
        *Jan  1 00:00:00.000: %LINK-3-UPDOWN: Interface GigabitEthernet3, changed state to up
        *Jan  1 00:00:00.000: %LINEPROTO-5-UPDOWN: Line protocol on Interface GigabitEthernet3, changed state to up
        *Jan  1 00:00:00.000: %LINK-5-CHANGED: Interface GigabitEthernet4, changed state to administratively down
        *Jan  1 00:00:00.000: %SYS-5-CONFIG_I: Configured from memory by console
        *Jan  1 00:00:00.000: %SYS-5-RESTART: System restarted --
        Cisco IOS Software [Dublin], Virtual XE Software (X86_64_LINUX_IOSD-UNIVERSALK9-M), Version 17.12.4, RELEASE SOFTWARE (fc3)
        Technical Support: http://www.cisco.com/techsupport
        Copyright (c) 1986-2024 by Cisco Systems, Inc.
        Compiled Tue 23-Jul-24 09:39 by mcpre
        *Jan  1 00:00:00.000: %LINK-5-CHANGED: Interface GigabitEthernet2, changed state to administratively down
        *Jan  1 00:00:00.000: %SYS-5-CONFIG_I: Configured from console by console
    "#]].assert_eq(&router.exec("show logging"));
    expect![[r#"
        Log Buffer (4096 bytes):
        Showing last 1 lines

        *Jan  1 00:00:00.000: %SYS-5-CONFIG_I: Configured from console by console
    "#]]
    .assert_eq(&router.exec("show logging last 1 | begin Log Buffer"));
}

/// Goal: a terminal gets messages after `terminal monitor`, and none before or after. Method: three
/// shutdowns.
#[test]
fn terminals_monitor_when_asked() {
    let mut router = Router::new("");
    let session = router.open(SessionKind::Shell);
    let printed = |router: &mut Router, command: &str, change: &str| {
        router.typed(session, command);
        let before = router.seen.len();
        router.configure(&["interface GigabitEthernet2", change]);
        router.bytes_since(before).contains("%LINK-")
    };
    assert!(!printed(&mut router, "\n", "shutdown"));
    assert!(printed(&mut router, "terminal monitor\n", "no shutdown"));
    assert!(!printed(&mut router, "terminal no monitor\n", "shutdown"));
}
