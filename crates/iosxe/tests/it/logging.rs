//! Messages on their way: stamps, datagrams, the buffer, terminals that monitor.

use expect_test::expect_file;
use iosxe::SessionKind;

use crate::driver::Router;

/// What stands before the message in the datagram of one `shutdown`, under this configuration.
fn check_header(config: &str, want: &str) {
    let mut router = Router::new(&format!("logging host 192.0.2.9\n{config}\n"));
    router.wait_ms(734);
    router.configure(&["interface GigabitEthernet2", "shutdown"]);
    let datagrams = router.datagrams();
    let first = datagrams.first().expect("one datagram for each message");
    let header = first.split_once("%LINK-5-CHANGED: ").expect("the message").0;
    assert_eq!(header, format!("192.0.2.9:514 {want}"), "{config}");
}

/// Goal: the wire form is Cisco's under each option that touches it. Method: one row of the
/// reference's table each.
#[test]
fn datagrams_follow_their_options() {
    let table = [
        ("", "<189>1: *Jan  1 00:00:00.734: "),
        ("logging origin-id hostname\nhostname router1", "<189>1: router1: *Jan  1 00:00:00.734: "),
        (
            "no logging message-counter syslog\nlogging origin-id string sw01\n\
             service timestamps log datetime msec year",
            "<189>: sw01: *Jan  1 2026 00:00:00.734: ",
        ),
        (
            "logging facility local4\nservice sequence-numbers\nservice timestamps log uptime",
            "<165>1: 000011: 00:00:00: ",
        ),
        (
            "clock timezone CET 1\nservice timestamps log datetime localtime show-timezone",
            "<189>1: *Jan  1 01:00:00 CET: ",
        ),
        (
            "no service timestamps log\nlogging origin-id ip\n\
             interface gi1\n ip address 10.0.0.1 255.255.255.0",
            "<189>1: 10.0.0.1: ",
        ),
    ];
    for (config, want) in table {
        check_header(config, want);
    }
}

/// Goal: the trap level holds back what is less severe. Method: errors only, one link that goes
/// down by hand (5) and one by its wire (3).
#[test]
fn the_trap_level_filters() {
    let config = "logging host 192.0.2.9 transport udp port 5514\nlogging trap errors";
    let mut router = Router::new(config);
    router.configure(&["interface GigabitEthernet2", "shutdown"]);
    router.carrier("GigabitEthernet1", false, None);
    router.wait_ms(2_000);
    let datagrams = router.datagrams();
    let wanted = "192.0.2.9:5514 <187>1: *Jan  1 00:00:01.000: %LINK-3-UPDOWN: Interface ";
    assert_eq!(datagrams.len(), 1, "{datagrams:?}");
    assert!(datagrams[0].starts_with(wanted), "{datagrams:?}");
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
    expect_file!["../expected/messages-of-collectors.txt"]
        .assert_eq(&(router.messages().join("\n") + "\n"));
}

/// Goal: `show logging` has the layout of the reference, boot messages included. Method: a
/// transcript.
#[test]
fn show_logging() {
    let mut router =
        Router::new("no logging console\nlogging host 192.0.2.9\ninterface gi4\n shutdown");
    router.configure(&["interface GigabitEthernet2", "shutdown"]);
    expect_file!["../expected/show-logging.txt"].assert_eq(&router.exec("show logging"));
    expect_file!["../expected/show-logging-last.txt"]
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

/// Goal: no configuration names an interface that is gone. Method: remove the source interface.
#[test]
fn the_source_interface_goes_with_its_interface() {
    let mut router = Router::new("interface Loopback1\nlogging source-interface Loopback1\n");
    let shown = "show running-config | include source-interface|^interface Loop";
    assert_eq!(router.exec(shown), "interface Loopback1\nlogging source-interface Loopback1\n");
    router.configure(&["no interface Loopback1"]);
    assert_eq!(router.exec(shown), "");
}
